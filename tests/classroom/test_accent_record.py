"""The record of longer runs: kept whole, read by the chapter, or missed with a way out."""

import json

import pytest

from metaxai_lab.classroom.accent_record import (
    COLUMNS,
    GOALS,
    PLACE,
    Record,
    said,
    store,
    stored_record,
)


def a_run(scale="full", focus="task", seed=0, value=0.5, **changed):
    """Return a run whose marks are all `value`, but for those `changed`, named kind_what."""
    marks = {kind: {} for kind in ("mark", "base", "both")}
    for kind, what in GOALS:
        marks[kind][what] = changed.get(f"{kind}_{what}", value)
    return {"scale": scale, "focus": focus, "seed": seed, "seconds": 9, "marks": marks}


def a_record(*runs):
    return Record({"command": "python study.py", "torch": "2.x"}, list(runs))


def table(record):
    """Return the cells of a markdown table, line by line."""
    lines = record.markdown().splitlines()
    assert all(line.startswith("|") and line.endswith("|") for line in lines)
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def row(record, name):
    (found,) = [cells for cells in table(record) if cells[0] == name]
    return found[1:]


# Numbers


def test_a_number_comes_once_for_each_seed_in_the_order_of_the_runs():
    runs = [a_run(seed=seed, mark_lift=lift) for seed, lift in ((2, 7.0), (0, 5.0), (1, 6.0))]
    assert a_record(*runs).numbers("full", "task", "mark", "lift") == [7, 5, 6]


def test_runs_of_another_scale_or_focus_do_not_count():
    runs = [a_run(), a_run("quick", value=1), a_run(focus="blind", value=2)]
    assert a_record(*runs).numbers("full", "task", "mark", "lift") == [0.5]


def test_where_no_run_is_stored_there_is_no_number():
    assert a_record(a_run()).numbers("quick", "task", "mark", "lift") == []


def test_several_seeds_are_said_as_their_mean_and_range():
    assert said([0.7, 0.5, 0.9]) == "0.70 (0.50 to 0.90)"


def test_no_seed_is_said_to_be_not_run():
    assert said([]) == "not run"


def test_an_accuracy_by_shots_comes_once_for_each_seed_that_tells_it():
    twins = [
        a_run("quick", "uniform", seed) | {"shots": {"3": {"mark": at, "base": at + 0.5}}}
        for seed, at in enumerate((0.2, 0.3))
    ]
    record = a_record(*twins, a_run("quick", "uniform", 2), a_run("full", "uniform"))
    assert record.by_shots("quick", "uniform", "mark", 3) == [0.2, 0.3]
    assert record.by_shots("quick", "uniform", "base", 3) == [0.7, 0.8]
    assert record.by_shots("full", "uniform", "mark", 3) == []


def test_what_is_told_by_shots_is_stored_and_read_as_it_was(tmp_path):
    record = a_record(a_run("quick", "uniform") | {"shots": {"3": {"mark": 0.25}}})
    store(record, tmp_path / "record.json")
    assert stored_record(tmp_path / "record.json").by_shots("quick", "uniform", "mark", 3) == [0.25]


# The table


def test_the_table_has_a_line_for_each_goal_and_begins_with_it():
    _, _, *body = table(a_record(a_run()))
    assert [line[1] for line in body] == [f"{least:g}" for least in GOALS.values()]
    assert len({line[0] for line in body}) == len(GOALS)


def test_a_cell_of_the_table_says_what_the_seeds_of_its_column_got():
    record = a_record(
        a_run(seed=0, mark_accuracy=0.8),
        a_run(seed=1, mark_accuracy=0.9),
        a_run(focus="blind", mark_accuracy=0.2),
    )
    found = row(record, "accuracy, mark tasks")
    assert found == ["0.85", "0.85 (0.80 to 0.90)", "0.20 (0.20 to 0.20)"]


@pytest.mark.parametrize("kind", ["mark", "base"])
def test_a_line_is_about_the_kind_it_names(kind):
    record = a_record(a_run(**{f"{kind}_lift": 6.0}))
    found = row(record, f"lift, {kind} tasks")
    assert found[1] == "6.00 (6.00 to 6.00)"


def test_what_moves_is_about_both_kinds():
    found = row(a_record(a_run(both_moves=0.9)), "attention moves with the task")
    assert found[1] == "0.90 (0.90 to 0.90)"


def test_columns_stand_in_one_order_whatever_was_run_first():
    runs = [a_run(*column) for column in COLUMNS]
    names = ["", "goal", *COLUMNS.values()]
    assert table(a_record(*runs))[0] == table(a_record(*runs[::-1]))[0] == names


def test_what_was_not_run_has_no_column():
    runs = [a_run("quick"), a_run(focus="uniform")]
    assert table(a_record(*runs))[0] == ["", "goal", "quick", "full, even weights"]


@pytest.mark.parametrize("n_columns", [1, 2, 4])
def test_all_lines_of_the_table_have_the_same_cells(n_columns):
    lines = table(a_record(*(a_run(*column) for column in list(COLUMNS)[:n_columns])))
    assert {len(line) for line in lines} == {n_columns + 2}
    assert set(lines[1]) == {"---"}


# The outcome


def test_a_goal_is_reached_by_the_mean_and_missed_by_the_lowest_seed():
    runs = [a_run(value=9.0, mark_peak=peak, base_lift=2.0) for peak in (0.95, 0.7)]
    assert a_record(*runs).outcome("full") == (
        "The means of *full* reach 6 of the 7 goals. Its lowest seeds miss 2 of them: "
        "lift, base tasks (2.00); peak, mark tasks (0.70)."
    )


def test_where_no_seed_misses_none_is_named():
    assert a_record(a_run(value=9.0)).outcome("full").endswith("miss 0 of them.")


def test_the_outcome_looks_at_its_own_scale_and_at_no_twin():
    runs = [a_run("quick", value=0.0), a_run(value=9.0), a_run("quick", "blind", value=9.0)]
    assert "reach 0 of the 7 goals" in a_record(*runs).outcome("quick")
    assert "reach 7 of the 7 goals" in a_record(*runs).outcome("full")


# Stored and read


def test_a_stored_record_is_read_as_it_was(tmp_path):
    record = a_record(a_run(seed=0), a_run(seed=1, value=1 / 3), a_run("quick"))
    store(record, tmp_path / "record.json")
    assert stored_record(tmp_path / "record.json") == record


def test_a_run_more_is_a_line_more(tmp_path):
    runs = [a_run(seed=seed) for seed in range(3)]
    texts = []
    for n in (2, 3):
        store(a_record(*runs[:n]), tmp_path / "record.json")
        texts.append((tmp_path / "record.json").read_text().splitlines())
    assert len(texts[1]) == len(texts[0]) + 1
    assert [json.loads(line.rstrip(",")) for line in texts[1] if '"seed"' in line] == runs


def test_the_same_record_is_stored_in_the_same_bytes(tmp_path):
    run = a_run()
    turned = dict(reversed(run.items()))
    store(a_record(run), tmp_path / "one.json")
    store(a_record(turned), tmp_path / "other.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "other.json").read_bytes()


def test_where_no_record_lies_the_command_that_makes_it_is_named(tmp_path):
    place = tmp_path / "record.json"
    with pytest.raises(FileNotFoundError) as refused:
        stored_record(place)
    assert str(place) in str(refused.value)
    assert "python benchmarks/accent_study.py --store" in str(refused.value)


def test_the_record_lies_beside_its_chapter():
    assert (PLACE.parent / "from_equations.ipynb").is_file()
