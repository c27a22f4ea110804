"""The doctor tells all that was found, and ends with 1 if something has to be mended."""

import subprocess
import sys
from pathlib import Path

from metaxai_lab.classroom import doctor
from metaxai_lab.classroom.checkup import Finding, environment

ROOT = Path(__file__).parents[2]


def test_the_doctor_says_how_it_ends(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "LOOKS", (lambda: [Finding("x", "problem", "broken", "Mend it.")],))
    assert doctor.main() == 1
    assert capsys.readouterr().out == (
        "problem  x: broken\n         Mend it.\n\n1 to mend before the chapters can run.\n"
    )


def test_a_note_alone_is_no_illness(monkeypatch):
    monkeypatch.setattr(doctor, "LOOKS", (lambda: [Finding("x", "note", "odd", "Never mind.")],))
    assert doctor.main() == 0


def test_with_notes_alone_the_chapters_can_run():
    said = doctor.report([Finding("x", "note", "odd", "Never mind.")])
    assert said.endswith("\nThe chapters can run.")


def test_the_first_thing_said_is_which_python_is_the_book_s():
    assert doctor.LOOKS[0] is environment


def test_the_doctor_opens_on_a_machine_without_any_package():
    command = [sys.executable, "-S", "-m", "metaxai_lab.classroom.doctor"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "problem  packages: metaxai-lab is not installed here" in ended.stdout
    assert "problem  device: torch does not load" in ended.stdout
    assert ended.stderr == ""
