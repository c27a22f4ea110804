"""Each look finds what is there, how bad it is, and what to do."""

import builtins

import pytest

from metaxai_lab.classroom import checkup
from metaxai_lab.classroom.checkup import Finding


def only(findings):
    (finding,) = findings
    return finding


@pytest.fixture
def without(monkeypatch):
    """Make a module fail to import."""

    def without(missing):
        real = builtins.__import__

        def refuse(name, *args, **kwargs):
            if name == missing or name.startswith(f"{missing}."):
                raise ImportError(f"No module named {missing!r}")
            return real(name, *args, **kwargs)

        monkeypatch.setattr(builtins, "__import__", refuse)

    return without


def test_a_python_beside_the_book_s_own_is_sent_there_first(tmp_path):
    own = tmp_path / ".venv" / "bin"
    own.mkdir(parents=True)
    (own / "python").touch()
    finding = only(checkup.environment(tmp_path))
    assert (finding.level, finding.topic) == ("note", "python")
    assert finding.found == "not the book's Python; use .venv/bin/python"


def test_the_book_s_own_python_is_passed_over(monkeypatch, tmp_path):
    own = tmp_path / ".venv" / "bin"
    own.mkdir(parents=True)
    (own / "python").touch()
    monkeypatch.setattr("sys.executable", str(own / "python3"))
    assert list(checkup.environment(tmp_path)) == []


def test_where_make_set_up_no_python_none_is_named(tmp_path):
    assert list(checkup.environment(tmp_path)) == []


def test_an_untested_python_is_a_problem(monkeypatch):
    monkeypatch.setattr(checkup, "PYTHONS", ((3, 98), (3, 99)))
    assert only(checkup.python()).level == "problem"


def test_this_python_is_good():
    assert only(checkup.python()).level == "good"


def test_cuda_that_is_asked_for_and_missing_is_a_problem(monkeypatch):
    monkeypatch.setenv("METAXAI_DEVICE", "cuda")
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    finding = only(checkup.device())
    assert finding.level == "problem"
    assert finding.found.startswith("METAXAI_DEVICE=cuda, and torch ")
    assert finding.advice.startswith("Unset METAXAI_DEVICE")


def test_a_device_that_is_not_there_is_a_problem(monkeypatch):
    def refuse(place):
        raise AssertionError("Invalid device id")  # what torch raises

    monkeypatch.setenv("METAXAI_DEVICE", "cuda:99")
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.get_device_name", refuse)
    assert only(checkup.device()).found.startswith("METAXAI_DEVICE=cuda:99, and torch ")


def test_an_unknown_scale_is_a_problem(monkeypatch):
    monkeypatch.setenv("METAXAI_DEVICE", "cpu")
    monkeypatch.setenv("METAXAI_SCALE", "huge")
    assert "found 'huge'" in only(checkup.device()).found


def test_the_device_is_named_with_the_scale(monkeypatch):
    monkeypatch.setenv("METAXAI_DEVICE", "cpu")
    monkeypatch.setenv("METAXAI_SCALE", "full")
    finding = only(checkup.device())
    assert finding.level == "good"
    assert finding.found.endswith("cores, scale full")


def test_torch_that_does_not_load_is_a_problem(without):
    without("torch")
    assert only(checkup.device()).found == "torch does not load (No module named 'torch')"


def test_no_real_data_is_a_note(monkeypatch):
    monkeypatch.delenv("METAXAI_DATA", raising=False)
    assert only(checkup.data()).level == "note"


def test_data_sets_are_listed(monkeypatch, tmp_path):
    for file in ("radon/radon.csv", "gtsrb/gtsrb_32.npz", "other/notes.csv"):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).touch()
    (tmp_path / "omniglot").mkdir()  # a folder without the files is no set
    monkeypatch.setenv("METAXAI_DATA", str(tmp_path))
    assert only(checkup.data()).found == f"2 sets in {tmp_path}: gtsrb, radon"


def test_a_data_folder_that_does_not_exist_is_a_problem(monkeypatch, tmp_path):
    monkeypatch.setenv("METAXAI_DATA", str(tmp_path / "gone"))
    assert only(checkup.data()).level == "problem"


def test_the_cache_is_found_before_it_is_made(monkeypatch, tmp_path):
    monkeypatch.setenv("METAXAI_CACHE", str(tmp_path / "new" / "cache"))
    finding = only(checkup.cache())
    assert (finding.level, finding.found) == ("good", f"{tmp_path}/new/cache, 0 MB")


def test_a_cache_that_cannot_be_written_is_a_note(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("METAXAI_CACHE", str(tmp_path / "file"))
    assert only(checkup.cache()).level == "note"


def test_a_full_disk_is_a_problem():
    finding = only(checkup.disk(need_gb=1e12))
    assert finding.level == "problem"
    assert "rm -rf _build" in finding.advice


def test_no_browser_is_a_note(monkeypatch):
    monkeypatch.setattr(checkup, "BROWSERS", ("no-such-browser",))
    assert only(checkup.browser()).level == "note"


def test_long_findings_are_wrapped_below_their_topic():
    lines = str(Finding("x", "note", "word " * 40, "Do this.")).splitlines()
    assert max(map(len, lines)) <= 88
    assert lines[1].startswith(" " * 9 + "word")
    assert lines[-1] == " " * 9 + "Do this."
