"""The tools that the two documents name, and two that take the place of one: a table of them.

Licences are stated here, and a test holds them against what each package says of itself.
Chapter: book/appendix/tools.ipynb.
"""

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from metaxai_lab.classroom.installed import CONSTRAINTS, tested_versions

HEADS = ("tool", "for what", "licence")


@dataclass(frozen=True)
class Tool:
    """One tool of the book.

    Args:
        name: as its makers write it.
        package: as it is installed.
        use: what it is for here, in a few words.
        licence: of its code; wheels may carry other code under licences of its own.
    """

    name: str
    package: str
    use: str
    licence: str

    @property
    def version(self) -> str:
        """The version that is installed here, without what a maker of wheels added; "" if none."""
        try:
            return metadata.version(self.package).partition("+")[0]
        except metadata.PackageNotFoundError:
            return ""

    def row(self, tested: Path = CONSTRAINTS) -> list[str]:
        """Return name and version, use and licence; ≈ stands before what differs by machine.

        A tool that is not in the tested set is said to be so, whether or not it is here.
        """
        known = self.package in tested_versions(tested)
        mark = f"≈ {self.version}" if known else "(not in the tested set)"
        return [f"{self.name} {mark}", self.use, self.licence]


TOOLS = (
    Tool("PyTorch", "torch", "every model, every gradient", "BSD-3-Clause"),
    Tool("Lightning Fabric", "lightning-fabric", "several processes, precision", "Apache-2.0"),
    Tool("Captum", "captum", "attributions from gradients", "BSD-3-Clause"),
    Tool("SHAP", "shap", "Shapley values, a judge of ours", "MIT"),
    Tool("LIME", "lime", "a plane near one row, a rival", "BSD-2-Clause"),
    Tool("Weights & Biases", "wandb", "curves of a run, offline", "MIT"),
    Tool("TensorBoard", "tensorboard", "curves of a run", "Apache-2.0"),
    Tool("Keras", "keras", "document B's classes, on PyTorch", "Apache-2.0"),
    Tool("TensorFlow", "tensorflow", "another engine for Keras", "Apache-2.0"),
    Tool("Gymnasium", "gymnasium", "worlds to act in; was OpenAI Gym", "MIT"),
)


def tool_rows(tested: Path = CONSTRAINTS) -> list[list[str]]:
    """Return the rows of the table, in the order of `TOOLS`."""
    return [tool.row(tested) for tool in TOOLS]
