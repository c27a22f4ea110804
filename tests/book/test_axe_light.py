"""Axe finds no barrier on any page in light mode; each mode has a file, for two workers."""


def test_axe_finds_nothing_serious_on_a_wide_screen(html, grave):
    assert grave(html, "light", wide=True) == []


def test_axe_finds_nothing_serious_on_a_telephone(html, grave):
    assert grave(html, "light", wide=False) == []
