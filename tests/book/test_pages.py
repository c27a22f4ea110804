"""Every page opens from disk without a network, on a telephone, in the dark, for every reader."""

from bs4 import BeautifulSoup

from metaxai_book.accessible import named

TELEPHONE = {"width": 390, "height": 844}


def test_a_page_opens_without_an_error_and_asks_the_network_for_nothing(html, visit):
    opened = visit(html)
    opened.page.wait_for_load_state("networkidle")
    assert opened.errors == []
    local = ("file:", "data:", "blob:")
    assert [url for url in opened.requests if not url.startswith(local)] == []


def test_a_page_does_not_scroll_sideways_on_a_telephone(html, visit):
    opened = visit(html, viewport=TELEPHONE)
    opened.page.wait_for_load_state("networkidle")
    widths = opened.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]


def test_a_switch_of_the_sidebar_says_which_pages_it_unfolds():
    def draw():
        item = '<li><a href="x"> The lab</a><details><summary><i></i></summary></details></li>'
        return BeautifulSoup(f"<ul>{item}</ul>", "html.parser")

    assert named(draw)().find("summary")["aria-label"] == "Pages below The lab"


def test_a_page_without_javascript_says_what_is_missing(small_book, visit):
    opened = visit(small_book / "players.html", java_script_enabled=False)
    shown = opened.page.locator("body").inner_text()
    n_widgets = opened.html.read_text("utf8").count("widget-view+json")
    assert n_widgets > 0
    assert shown.count("This widget needs JavaScript.") == n_widgets


def test_mathematics_is_drawn_and_can_be_read_aloud(small_book, visit):
    opened = visit(small_book / "players.html")
    formula = opened.page.locator("mjx-container")
    formula.first.wait_for()
    assert formula.locator("svg").count() == 2
    assert formula.locator("mjx-assistive-mml math").count() == 2


def test_a_hint_unfolds_from_the_keyboard(small_book, visit):
    opened = visit(small_book / "players.html")
    hint = opened.page.get_by_text("Count on your fingers.")
    assert not hint.is_visible()
    opened.page.locator(".admonition.dropdown button").first.press("Enter")
    hint.wait_for(state="visible")


def test_search_finds_a_page_without_a_network(small_book, visit):
    opened = visit(small_book / "search.html")
    opened.page.goto(f"{opened.page.url}?q=markup")
    opened.page.locator("#search-results li a").first.wait_for()
    assert "Players" in opened.page.locator("#search-results").inner_text()
    assert opened.errors == []
    assert not [url for url in opened.requests if url.startswith("http")]
