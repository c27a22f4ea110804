"""A run is all that moves while a learner is trained; a checkpoint copies it between two steps.

Weights, the optimiser's memory, the generator, the noise of dropout, the losses so far, what
validation found: all are tensors, and put back, the run goes on as if it had never stopped.
Chapter: book/appendix/running_it.md.
"""

import hashlib
from dataclasses import dataclass, field, replace

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn
from torch.optim import Optimizer

from metaxai_lab.learners.early_stopping import Watch


@dataclass(frozen=True)
class Checkpoint:
    """A run between two steps.

    Args:
        step: how many steps were made.
        start: the `place` of the run before its first step.
        tensors: copies of all that moves, under names that begin with "learner.", "optimizer.",
            "generator", "noise", "losses" or "watch.".
    """

    step: int
    start: str
    tensors: dict[str, Tensor]

    def part(self, name: str) -> dict[str, Tensor]:
        """Return the tensors whose names begin with `name` and a dot, without that beginning."""
        prefix = f"{name}."
        return {k.removeprefix(prefix): t for k, t in self.tensors.items() if k.startswith(prefix)}

    def cpu(self) -> "Checkpoint":
        """Return the same on the CPU."""
        return replace(self, tensors={name: t.cpu() for name, t in self.tensors.items()})

    @property
    def place(self) -> str:
        """A digest of weights and generator: where in which run this is."""
        return digest(self.part("learner") | {"generator": self.tensors["generator"]})


@dataclass
class Run:
    """All that moves while a learner is trained.

    Args:
        losses: one place for each step; what was not yet made is not read.
        watch: what validation found.
        start: the `place` of the run before its first step.
    """

    learner: nn.Module
    optimizer: Optimizer
    generator: Generator
    device: torch.device
    losses: Float[Tensor, " step"]
    watch: Watch = field(default_factory=Watch)
    start: str = ""

    def __post_init__(self) -> None:
        self.start = self.start or self.snapshot(0).place

    def snapshot(self, step: int) -> Checkpoint:
        """Return a copy of the run as it is after `step` steps."""
        tensors = {f"learner.{name}": t for name, t in self.learner.state_dict().items()}
        for i, parameter in enumerate(_parameters(self.optimizer)):
            memory = self.optimizer.state.get(parameter, {})
            tensors |= {f"optimizer.{i}.{key}": t for key, t in memory.items()}
        tensors = {name: t.clone() for name, t in tensors.items()}  # none of them has a gradient
        tensors |= {"generator": self.generator.get_state(), "losses": self.losses[:step]}
        tensors |= self.watch.tensors() | _noise(self.device)
        return Checkpoint(step, self.start, tensors)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Make the run what it was when `checkpoint` was taken."""
        self.start = checkpoint.start
        self.learner.load_state_dict(checkpoint.part("learner"))
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": _memory(checkpoint), "param_groups": groups})
        self.generator.set_state(checkpoint.tensors["generator"])
        self.losses[: checkpoint.step] = checkpoint.tensors["losses"]
        self.watch.restore(checkpoint.part("watch"))
        torch.set_rng_state(checkpoint.tensors["noise"])
        if self.device.type == "cuda":
            torch.cuda.set_rng_state(checkpoint.tensors["noise_on_device"], self.device)


def digest(tensors: dict[str, Tensor]) -> str:
    """Return a SHA-256 over the names, types, shapes and bytes of `tensors`."""
    seen = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].detach().cpu()
        seen.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        seen.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return seen.hexdigest()


def _parameters(optimizer: Optimizer) -> list[Tensor]:
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def _memory(checkpoint: Checkpoint) -> dict[int, dict[str, Tensor]]:
    """Return the optimiser's memory by parameter, as copies: the optimiser writes into its own."""
    memory: dict[int, dict[str, Tensor]] = {}
    for name, tensor in checkpoint.part("optimizer").items():
        parameter, key = name.split(".", 1)
        memory.setdefault(int(parameter), {})[key] = tensor.clone()
    return memory


def _noise(device: torch.device) -> dict[str, Tensor]:
    """Return the state of torch's own generators, which dropout draws from."""
    noise = {"noise": torch.get_rng_state()}
    if device.type == "cuda":
        noise["noise_on_device"] = torch.cuda.get_rng_state(device)
    return noise
