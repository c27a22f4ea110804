"""The doctor looks at this machine and says what is missing and what to do about it.

`python -m metaxai_lab.classroom.doctor` ends with code 0 if the chapters can run, 1 if not.
Chapter: book/appendix/troubleshooting.md.
"""

import sys
from collections.abc import Sequence

from metaxai_lab.classroom.checkup import (
    Finding,
    browser,
    cache,
    data,
    device,
    disk,
    environment,
    python,
)
from metaxai_lab.classroom.installed import packages

LOOKS = (environment, python, packages, device, data, cache, disk, browser)


def diagnose() -> list[Finding]:
    """Return everything the doctor found, topic by topic."""
    return [finding for look in LOOKS for finding in look()]


def report(findings: Sequence[Finding]) -> str:
    """Return the findings as lines, and a last line that says what to do next."""
    ill = sum(finding.level == "problem" for finding in findings)
    last = "The chapters can run." if not ill else f"{ill} to mend before the chapters can run."
    return "\n".join([*map(str, findings), "", last])


def main() -> int:
    """Print the report; return 1 if there is a problem, else 0."""
    findings = diagnose()
    print(report(findings))
    return int(any(finding.level == "problem" for finding in findings))


if __name__ == "__main__":
    sys.exit(main())
