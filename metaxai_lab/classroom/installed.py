"""What is installed, against the tested set (constraints.txt) and the bounds (pyproject.toml).

Chapter: book/appendix/troubleshooting.md.
"""

from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from metaxai_lab.classroom.checkup import INSTALL, Finding

CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"
EXTRAS = ("book", "test", "track")


def packages(lab: str = "metaxai-lab", tested: Path = CONSTRAINTS) -> Iterator[Finding]:
    """Look at the packages that the lab names, against the tested set and the bounds.

    Args:
        lab: the installed distribution whose requirements are looked at.
        tested: a file with a line `name==version` for each package.
    """
    try:
        from packaging.requirements import Requirement

        needs = [Requirement(line) for line in requirements(lab)]
    except (ImportError, metadata.PackageNotFoundError):
        yield Finding("packages", "problem", f"{lab} is not installed here", INSTALL)
        return
    versions = tested_versions(tested)
    for need in needs:
        if need.marker is None:
            yield look_at(need, versions, "problem")
        elif any(need.marker.evaluate({"extra": extra}) for extra in EXTRAS):
            yield look_at(need, versions, "note")


def requirements(lab: str) -> list[str]:
    """Return what an installed distribution asks for.

    A build leaves `metaxai_lab.egg-info` in the folder of the repository, and any Python that is
    started there finds it as a distribution. Only what an installer put in place has a RECORD.

    Raises:
        PackageNotFoundError: if no installer put `lab` in place.
    """
    for found in metadata.distributions(name=lab):
        if found.read_text("RECORD") is not None:
            return found.requires or []
    raise metadata.PackageNotFoundError(lab)


def look_at(need: Any, versions: Mapping[str, str], level: str) -> Finding:
    """Look at one requirement.

    Args:
        need: a `packaging.requirements.Requirement`.
        versions: the tested version of each package, by its normalised name.
        level: how bad it is if the package is missing, or outside its bounds.
    """
    from packaging.utils import canonicalize_name
    from packaging.version import Version

    tested = versions.get(canonicalize_name(need.name), "")
    wanted = f"tested with {tested}" if tested else f"wanted {need.specifier}"
    try:
        found = metadata.version(need.name)
    except metadata.PackageNotFoundError:
        return Finding(need.name, level, f"missing, {wanted}", INSTALL)
    said = f"{found}, {wanted}"
    if not need.specifier.contains(found, prereleases=True):
        return Finding(need.name, level, f"{said}; the lab needs {need.specifier}", INSTALL)
    if tested and Version(found).public != tested:
        advice = "Should something fail, install the tested version: it may be this."
        return Finding(need.name, "note", said, advice)
    return Finding(need.name, "good", said)


def tested_versions(path: Path) -> dict[str, str]:
    """Return the version of each package in a constraints file, by its normalised name.

    Where there is no such file, nothing is returned: an installed lab comes without it.
    """
    from packaging.utils import canonicalize_name

    lines = path.read_text("utf8").splitlines() if path.exists() else []
    pins = [line.partition("==") for line in lines if "==" in line and not line.startswith("#")]
    return {canonicalize_name(name): version.strip() for name, _, version in pins}
