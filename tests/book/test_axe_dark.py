"""Axe finds no barrier on any page in dark mode; each mode has a file, for two workers."""

WIDE, TELEPHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def test_axe_finds_nothing_serious_on_a_wide_screen(html, grave):
    assert grave(html, "dark", WIDE, colours=True) == []


def test_axe_finds_nothing_serious_on_a_telephone(html, grave):
    colours = html.stem in ("players", "index", "intro")  # dear, and the same as on a wide screen
    assert grave(html, "dark", TELEPHONE, colours=colours) == []
