"""The built book, a small book that shows every widget, and a browser to open them in.

The real book is built as `make book` builds it; what ran before is taken from the cache. Where
pytest has several workers, one builds and the others wait for it. An open page records every
console message, page error and request, for tests to judge.
"""

import base64
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "book" / "_ext"))
CHROMIUM = os.environ.get("METAXAI_CHROMIUM") or shutil.which("chromium") or ""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Opened:
    """A page in the browser, and what went wrong while it was open."""

    page: Page
    html: Path
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def note_console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def pixels(self, selector: str) -> list[bytes]:
        """Return the red, green and blue bytes of each canvas that is shown."""
        script = """canvases => canvases.filter(c => c.checkVisibility()).map(c => {
            const rgba = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
            let text = "";
            rgba.forEach((byte, i) => { if (i % 4 !== 3) text += String.fromCharCode(byte); });
            return btoa(text);
        })"""
        shown = self.page.locator(f"{selector} canvas").evaluate_all(script)
        return [base64.b64decode(text) for text in shown]


def run_build(source: Path, into: Path) -> subprocess.CompletedProcess:
    """Build a book strictly, with the configuration of the real one."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(source)]
    options = ["--config", str(ROOT / "_config.yml"), "--path-output", str(into)]
    strict = ["-W", "-n", "--keep-going"]
    return subprocess.run([*command, *options, *strict], cwd=ROOT, capture_output=True, text=True)


def once(note: Path, make: Callable[[], str]) -> str:
    """Return what `make` says; of all who ask with the same note, one makes and the others wait."""
    with note.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_text(make(), "utf8")
        return note.read_text("utf8")


def build(source: Path, into: Path, note: Path) -> Path:
    """Build a book that must succeed, once for all workers; return the folder of its pages."""

    def fault() -> str:
        ran = run_build(source, into)
        said = f"status {ran.returncode}\n{ran.stdout[-4000:]}{ran.stderr[-4000:]}"
        return said if ran.returncode else ""

    found = once(note, fault)
    assert not found, f"{source} did not build:\n{found}"
    return into / "_build" / "html"


@pytest.fixture(scope="session")
def builder():
    return run_build


@pytest.fixture
def by_one():
    return once


@pytest.fixture(scope="session")
def shared(tmp_path_factory) -> Path:
    """Return a folder of this run that all its workers see."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def book(shared) -> Path:
    return build(ROOT / "book", ROOT, shared / "book.txt")


@pytest.fixture(scope="session")
def small_book(shared) -> Path:
    into = shared / "small_book"
    into.mkdir(exist_ok=True)
    return build(Path(__file__).parent / "fixture_book", into, shared / "small_book.txt")


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.skip("no chromium here: install Debian's `chromium`, or set METAXAI_CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser):
    """Open a page from disk, as a reader does, and wait until its widgets stand."""
    contexts = []

    def open_page(html: Path, **settings) -> Opened:
        context = browser.new_context(**settings)
        contexts.append(context)
        opened = Opened(context.new_page(), html)
        opened.page.on("console", opened.note_console)
        opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.on("requestfailed", lambda request: opened.errors.append(request.url))
        opened.page.goto(html.resolve().as_uri())
        scripts = settings.get("java_script_enabled", True)
        if scripts and "widget-view+json" in html.read_text("utf8"):
            opened.page.wait_for_selector("html[data-widgets=ready]")
        return opened

    yield open_page
    for context in contexts:
        context.close()


def names(entries: list[dict]) -> list[str]:
    """Return the pages of a table of contents, and those that stand below another one."""
    below = [[entry["file"], *names(entry.get("sections", []))] for entry in entries]
    return [name for each in below for name in each]


TOC = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text())
PAGES = [TOC["root"], *(name for part in TOC["parts"] for name in names(part["chapters"]))]


@pytest.fixture(params=["small book", "its first page", *PAGES])
def html(request) -> Path:
    small = {"small book": "players.html", "its first page": "index.html"}
    if request.param in small:
        return request.getfixturevalue("small_book") / small[request.param]
    return request.getfixturevalue("book") / f"{request.param}.html"


@pytest.fixture
def grave(visit):
    """Return what axe finds serious or critical on a page, on a wide screen or a telephone.

    Colours are dear to judge and do not hang on the width: on a telephone, on a few pages alone.
    """

    def ask(html: Path, mode: str, *, wide: bool) -> list:
        viewport = {"width": 1280, "height": 900} if wide else {"width": 390, "height": 844}
        colours = wide or html.stem in ("players", "index", "intro")
        opened = visit(html, color_scheme=mode, viewport=viewport)
        opened.page.wait_for_load_state("networkidle")
        assert opened.page.locator("html").get_attribute("data-theme") == mode
        asked = {
            "resultTypes": ["violations"],  # it names no elements of rules that are kept
            "rules": {"color-contrast": {"enabled": colours}},
        }
        found = Axe().run(opened.page, options=asked).response["violations"]
        worst = [each for each in found if each["impact"] in ("serious", "critical")]
        return [(each["id"], [node["html"] for node in each["nodes"]]) for each in worst]

    return ask
