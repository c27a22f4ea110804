"""A plan says which exercises an assignment has; what is wrong in it is named."""

import re

import pytest

from metaxai_lab.classroom.assignment_plans import PLANS, plans, read_plan
from metaxai_lab.classroom.exercise_texts import told_by, told_in
from metaxai_lab.classroom.exercises import EXERCISES

ALL = plans()
PARTS = ["concepts", "attention", "importance", "local", "global", "judging", "applications"]
TOLD = told_in(PLANS.parent)
every_plan = pytest.mark.parametrize("plan", ALL, ids=lambda plan: plan.name)


def test_each_of_the_seven_parts_has_one_in_the_order_of_the_book():
    assert [plan.name for plan in ALL] == PARTS


@every_plan
def test_a_plan_takes_four_to_seven_exercises_of_every_chapter_of_its_part(plan):
    folder = PLANS.parent / plan.name
    chapters = {path.stem: set(told_by(path)) for path in folder.glob("*.ipynb")}
    named = {item.name for item in plan.items[:-1]}
    assert 4 <= len(plan.items) <= 7
    assert named <= set().union(*chapters.values())
    assert all(named & own for own in chapters.values())


@every_plan
def test_the_open_task_is_new_and_joins_at_least_two_exercises_of_the_assignment(plan):
    task = plan.items[-1]
    assert task.name == plan.own.name
    assert task.name not in TOLD
    assert len(task.uses) >= 2
    assert set(task.uses) <= {item.name for item in plan.items}
    assert all(
        f"{name}(" in plan.own.solution and f"`{name}`" in plan.own.text for name in task.uses
    )
    assert len(plan.own.hints) == 2


@every_plan
def test_points_and_minutes_add_up(plan):
    assert plan.autograded == sum(item.check + item.more for item in plan.items)
    assert plan.points == plan.autograded + plan.written.points
    minutes = sum(EXERCISES[item.name].minutes for item in plan.items)
    assert plan.minutes == minutes + plan.written.minutes
    assert all(item.check > 0 and item.more > 0 for item in plan.items)


@every_plan
def test_the_answer_in_words_has_a_rubric_for_all_its_points_and_keeps_its_length(plan):
    asked = plan.written
    wanted = int(re.search(r"(\d+) words at most", asked.question)[1])
    assert len(asked.answer.split()) <= 1.1 * wanted
    assert len(asked.rubric) >= 3
    assert asked.points == 6


def test_a_plan_that_lacks_something_or_names_no_exercise_is_refused(tmp_path):
    text = (PLANS / "judging.toml").read_text("utf8")
    path = tmp_path / "judging.toml"
    path.write_text(text.replace("check = 2", "", 1), "utf8")
    with pytest.raises(ValueError, match=r"judging.toml: a plan needs .*'check'"):
        read_plan(path)
    path.write_text(text.replace("place = 6", "", 1), "utf8")
    with pytest.raises(ValueError, match=r"judging.toml: a plan needs 'place'"):
        read_plan(path)
    path.write_text(text.replace('"gini"', '"genie"', 1), "utf8")
    with pytest.raises(ValueError, match=r"judging.toml: there is no exercise 'genie'"):
        read_plan(path)
