"""Records: the published counts, the rules of AI4I row by row, and columns read by position."""

import math

import pytest

from metaxai_lab.tasks.archives import DamagedFileError, read_parts
from metaxai_lab.tasks.record_tables import ai4i, ai4i_modes, german_credit, taiwan_credit
from metaxai_lab.tasks.sources import find_set, is_here


def needs(name):
    return pytest.mark.skipif(not is_here(name), reason=f"needs the set {name}; see running_it.md")


def column(whole, name):
    return whole.x[:, whole.feature_names.index(name)].double()


def tenths(values):
    """Give values of one decimal the digits that float32 took from them."""
    return (values * 10).round() / 10


def asked(whole, name):
    """Return the rows of one task: a function from a column's name to its values, and y."""
    rows = whole.task == whole.task_names.index(name)
    return lambda feature: column(whole, feature)[rows], whole.y[rows].bool()


@needs("ai4i2020")
def test_heat_fails_by_its_rule_exactly():
    value, failed = asked(ai4i_modes(), "HDF")
    warmer = tenths(value("process")) - tenths(value("air"))  # as the set was made, unrounded
    assert failed.equal((warmer < 8.6) & (value("rpm") < 1380))


@needs("ai4i2020")
def test_power_fails_by_its_rule_exactly():
    value, failed = asked(ai4i_modes(), "PWF")
    power = tenths(value("torque")) * value("rpm") * 2 * math.pi / 60
    assert failed.equal((power < 3500) | (power > 9000))


@needs("ai4i2020")
def test_overstrain_fails_by_its_rule_exactly():
    value, failed = asked(ai4i_modes(), "OSF")
    bound = 11000 * value("grade=L") + 12000 * value("grade=M") + 13000 * value("grade=H")
    strain = value("wear") * tenths(value("torque"))
    assert failed.equal(strain > bound)


@needs("ai4i2020")
def test_a_worn_tool_fails_only_within_a_range_of_wear():
    value, failed = asked(ai4i_modes(), "TWF")
    assert value("wear")[failed].min() >= 198
    assert not failed[value("wear") < 198].any()


@needs("ai4i2020")
def test_the_columns_that_decide_are_those_of_the_rules():
    whole = ai4i_modes()
    decide = {
        mode: {whole.feature_names[place] for place in row.nonzero()[:, 0].tolist()}
        for mode, row in zip(whole.task_names, whole.responsible, strict=True)
    }
    assert decide["TWF"] == {"wear"}
    assert decide["HDF"] == {"air", "process", "rpm"}
    assert decide["PWF"] == {"rpm", "torque"}
    assert decide["OSF"] == {"wear", "torque", "grade=H", "grade=L", "grade=M"}


@needs("ai4i2020")
def test_failures_are_counted_as_published():
    modes, whole = ai4i_modes(), ai4i()
    assert [int(modes.y[modes.task == mode].sum()) for mode in range(4)] == [46, 115, 95, 98]
    assert int(whole.y.sum()) == 339
    assert dict(zip(whole.task_names, whole.counts.tolist(), strict=True)) == {
        "H": 1003,
        "L": 6000,
        "M": 2997,
    }


@needs("south_german_credit")
def test_german_credit_is_cut_by_purpose():
    whole = german_credit()
    assert int(whole.y.sum()) == 700
    sizes = dict(zip(whole.task_names, whole.counts.tolist(), strict=True))
    assert sizes["furniture"] == 280
    assert sizes["vacation"] == 9
    assert sum(sizes.values()) == 1000


@needs("south_german_credit")
def test_the_german_header_is_read_by_position(tmp_path):
    (text,) = read_parts(find_set("south_german_credit"), "*.asc").values()
    header, _, rows = text.partition(b"\n")
    german = b" ".join(b"spalte%d" % number for number in range(21))
    assert len(header.split()) == 21
    (tmp_path / "SouthGermanCredit.asc").write_bytes(german + b"\n" + rows)
    assert german_credit(tmp_path).x.equal(german_credit().x)


@needs("taiwan_credit_default")
def test_taiwan_credit_is_cut_by_education_marriage_and_age():
    whole = taiwan_credit()
    assert len(whole.y) == 30_000
    assert int(whole.y.sum()) == 6636
    assert len(whole.task_names) == 36
    rows = whole.task == whole.task_names.index("university, married, age 30 to 40")
    assert 30 <= column(whole, "AGE")[rows].min() <= column(whole, "AGE")[rows].max() < 40


@needs("taiwan_credit_default")
def test_other_column_names_are_read_by_position(tmp_path):
    (text,) = read_parts(find_set("taiwan_credit_default"), "*.csv").values()
    _, _, rows = text.partition(b"\n")
    other = b"ID," + b",".join(b"X%d" % number for number in range(1, 24)) + b",Y"
    (tmp_path / "taiwan_uci.csv").write_bytes(other + b"\n" + rows)
    assert taiwan_credit(tmp_path).x.equal(taiwan_credit().x)


@needs("taiwan_credit_default")
def test_a_file_cut_short_is_refused(tmp_path):
    (text,) = read_parts(find_set("taiwan_credit_default"), "*.csv").values()
    (tmp_path / "taiwan_uci.csv").write_bytes(b"\n".join(text.splitlines()[:100]))
    with pytest.raises(DamagedFileError, match="rows: found 99, expected 30000"):
        taiwan_credit(tmp_path)


@pytest.mark.parametrize("read", [german_credit, taiwan_credit, ai4i])
def test_another_table_is_refused(tmp_path, read):
    for name in ("SouthGermanCredit.asc", "taiwan_uci.csv", "ai4i2020.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    for twin in tmp_path.glob("*.csv"):
        if read is taiwan_credit and twin.name != "taiwan_uci.csv":
            twin.unlink()
    with pytest.raises(DamagedFileError, match="do not hold the published content"):
        read(tmp_path)
