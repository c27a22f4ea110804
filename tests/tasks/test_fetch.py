"""A download arrives whole or not at all; what is wrong is kept aside, nothing overwritten."""

import hashlib
import subprocess
import sys
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
import torchvision

from metaxai_lab.tasks import catalogue, fetch
from metaxai_lab.tasks.archives import DamagedFileError
from metaxai_lab.tasks.catalogue import Part, SetCard, UnknownSetError
from metaxai_lab.tasks.fetch import faults, fetch_set, main
from metaxai_lab.tasks.sources import MissingSetError, find_set

ROWS = b"a,b\n1,2\n3,4\n"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def served(tmp_path):
    """A folder and its address on this machine."""
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def cards(monkeypatch, tmp_path, served):
    """One set, `tiny`, to be downloaded from this machine."""
    known = dict.fromkeys(["title", "licence", "citation", "page", "instead"], "words")
    tiny = SetCard(
        name="tiny",
        megabytes=0.1,
        layouts=(("tiny.zip",),),
        holds=(Part("rows.csv", lines=3, contains="a,b"),),
        downloads={"tiny.zip": f"{served[1]}/tiny.zip"},
        **known,
    )
    monkeypatch.setattr(catalogue, "cards", lambda: {"tiny": tiny})
    monkeypatch.setattr(fetch, "cards", lambda: {"tiny": tiny})
    monkeypatch.setenv("METAXAI_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("METAXAI_DATA", raising=False)
    return tiny


def zipped(**members):
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return whole.getvalue()


def serve(served, **members):
    (served[0] / "tiny.zip").write_bytes(zipped(**members))


@pytest.mark.usefixtures("cards")
def test_a_download_is_found_from_then_on(served):
    serve(served, **{"folder/rows.csv": ROWS})
    place = fetch_set("tiny")
    assert find_set("tiny") == place
    assert [path.name for path in place.parent.iterdir()] == ["tiny"]


@pytest.mark.usefixtures("cards")
def test_a_whole_set_is_not_downloaded_again(served):
    serve(served, **{"rows.csv": ROWS})
    place = fetch_set("tiny")
    (served[0] / "tiny.zip").unlink()
    assert fetch_set("tiny") == place


WRONG = {
    "too few lines": ({"rows.csv": b"a,b\n1,2\n"}, "rows.csv has 2 lines, expected 3"),
    "another file": ({"other.csv": ROWS}, "rows.csv: 1 files were expected, 0 are there"),
    "another table": ({"rows.csv": ROWS.replace(b"a", b"x")}, "does not contain 'a,b'"),
    "a climbing path": ({"rows.csv": ROWS, "../evil": b""}, "leads out of its folder"),
}


@pytest.mark.parametrize(("members", "said"), WRONG.values(), ids=WRONG)
@pytest.mark.usefixtures("cards")
def test_what_is_not_the_set_is_kept_aside_and_said(served, tmp_path, members, said):
    serve(served, **members)
    with pytest.raises(DamagedFileError, match=said):
        fetch_set("tiny")
    aside = tmp_path / "cache" / "data" / "tiny.damaged-1"
    assert [path.name for path in aside.parent.iterdir()] == [aside.name]
    assert (aside / "tiny.zip").read_bytes() == (served[0] / "tiny.zip").read_bytes()
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.usefixtures("cards")
def test_two_wrong_downloads_are_both_kept(served, tmp_path):
    serve(served, **{"other.csv": ROWS})
    for _ in range(2):
        with pytest.raises(DamagedFileError):
            fetch_set("tiny")
    kept = sorted(path.name for path in (tmp_path / "cache" / "data").iterdir())
    assert kept == ["tiny.damaged-1", "tiny.damaged-2"]


@pytest.mark.usefixtures("cards")
def test_a_kept_set_that_was_damaged_is_put_aside_and_fetched_again(served):
    serve(served, **{"rows.csv": ROWS})
    place = fetch_set("tiny")
    (place / "tiny.zip").write_bytes(b"not a zip")
    assert fetch_set("tiny") == place
    assert (place.parent / "tiny.damaged-1" / "tiny.zip").read_bytes() == b"not a zip"
    assert (place / "tiny.zip").read_bytes() == (served[0] / "tiny.zip").read_bytes()


@pytest.mark.usefixtures("cards", "served")
def test_an_address_without_an_answer_leaves_nothing_behind(tmp_path):
    with pytest.raises(MissingSetError, match=r"could not be downloaded \(404.*Nothing was chan"):
        fetch_set("tiny")
    assert list((tmp_path / "cache" / "data").iterdir()) == []


def test_offline_is_said_with_what_else_would_do(monkeypatch, cards):
    def refuse(*_, **__):
        raise OSError("Network is unreachable")

    monkeypatch.setattr("requests.get", refuse)
    with pytest.raises(MissingSetError, match=r"Network is unreachable.*this would do: words"):
        fetch_set("tiny")


def test_an_interruption_leaves_no_half_of_a_set(monkeypatch, cards, tmp_path):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("requests.get", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fetch_set("tiny")
    assert list((tmp_path / "cache" / "data").iterdir()) == []


@pytest.mark.usefixtures("cards")
def test_of_two_that_fetch_at_once_the_second_takes_what_the_first_brought(served, monkeypatch):
    serve(served, **{"rows.csv": ROWS})
    real, first = fetch._into_place, []

    def late(stage, goal, wanted):
        if not first:
            first.append(goal)
            fetch_set("tiny")
        return real(stage, goal, wanted)

    monkeypatch.setattr(fetch, "_into_place", late)
    place = fetch_set("tiny")
    assert [path.name for path in place.parent.iterdir()] == ["tiny"]
    assert [path.name for path in place.iterdir()] == ["tiny.zip"]


def test_a_copy_with_the_known_checksum_is_whole_whatever_it_holds(cards, tmp_path):
    content = zipped(**{"other.csv": b""})
    (tmp_path / "tiny.zip").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    known = SetCard(**{**vars(cards), "files": {"tiny.zip": digest}})
    assert faults(known, tmp_path) == []
    assert faults(SetCard(**{**vars(cards), "files": {"tiny.zip": "0" * 64}}), tmp_path)


def test_torchvision_is_asked_for_every_part(monkeypatch, tmp_path):
    asked = []

    def fake(root, *, download, background):
        asked.append((download, background))
        (root / "omniglot-py" / f"images_{'background' if background else 'evaluation'}").mkdir(
            parents=True
        )

    monkeypatch.setattr(torchvision.datasets, "Omniglot", fake)
    monkeypatch.setenv("METAXAI_CACHE", str(tmp_path))
    assert fetch_set("omniglot") == tmp_path / "data" / "omniglot"
    assert asked == [(True, True), (True, False)]


def test_what_torchvision_refuses_is_said(monkeypatch, tmp_path):
    def refuse(*_, **__):
        raise RuntimeError("File not found or corrupted.")

    monkeypatch.setattr(torchvision.datasets, "Omniglot", refuse)
    monkeypatch.setenv("METAXAI_CACHE", str(tmp_path))
    with pytest.raises(MissingSetError, match="corrupted"):
        fetch_set("omniglot")


def test_an_unknown_set_is_refused():
    with pytest.raises(UnknownSetError, match="found 'tinny'"):
        fetch_set("tinny")


@pytest.mark.usefixtures("cards")
def test_the_command_fetches_and_says_where(served, capsys):
    serve(served, **{"rows.csv": ROWS})
    assert main(["tiny"]) == 0
    assert capsys.readouterr().out.startswith("tiny: ")


@pytest.mark.usefixtures("cards")
def test_the_command_repairs_what_is_damaged_in_the_cache(served):
    serve(served, **{"rows.csv": ROWS})
    fetch_set("tiny").joinpath("tiny.zip").write_bytes(b"")
    assert main(["tiny"]) == 0
    assert find_set("tiny").joinpath("tiny.zip").read_bytes()


@pytest.mark.usefixtures("cards")
def test_the_command_ends_with_1_and_a_sentence_where_it_fails(capsys):
    assert main(["tinny"]) == 1
    assert "Did you mean 'tiny'" in capsys.readouterr().err


@pytest.mark.usefixtures("cards")
def test_the_command_alone_lists_the_sets(capsys):
    assert main([]) == 0
    assert capsys.readouterr().out.split()[:3] == ["tiny", "0.1", "MB"]


def test_the_command_starts_without_a_warning():
    asked = [sys.executable, "-W", "error", "-m", "metaxai_lab.tasks.fetch", "tinny"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert "found 'tinny'" in answer.stderr.splitlines()[0]
