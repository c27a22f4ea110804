"""The judges of attention across domains: planted models whose answers hang on known cells."""

import pytest
import torch

from metaxai_lab.classroom import domains_judges as judges
from metaxai_lab.classroom import domains_study as study
from metaxai_lab.core import Attribution, Episode, Examples

CELLS = torch.arange(28 * 28).view(28, 28)[:4, :4].flatten()  # the first cell


def reads_first_cell(x):
    """Class 1 where the first cell has ink, else class 0."""
    ink = x[..., CELLS].sum(-1)
    return torch.stack([torch.full_like(ink, 0.5), ink], -1)


def shown(where):
    x = torch.rand(6, 28 * 28, generator=torch.Generator().manual_seed(0)) + 0.1
    values = torch.zeros_like(x)
    values[:, where] = 1.0
    nothing = torch.zeros(6)
    return Attribution(values, x, nothing, nothing)


def test_the_cell_that_decides_leads_and_another_does_not():
    right = judges.stands(reads_first_cell, shown(CELLS), seed=0)
    wrong = judges.stands(reads_first_cell, shown(CELLS + 100), seed=0)
    assert float(right.mean()) > 0.3
    assert abs(float(wrong.mean())) < 0.2


def test_a_map_that_says_the_same_of_all_cells_scores_nothing():
    x = shown(CELLS)
    even = Attribution(torch.ones_like(x.values), x.inputs, x.output, x.reference)
    assert float(judges.stands(reads_first_cell, even, seed=0).abs().max()) < 1e-6


def test_sureness_does_not_count():
    calm, sure = (
        judges.stands(f, shown(CELLS), seed=0)
        for f in (reads_first_cell, lambda x: 9 * reads_first_cell(x))
    )
    assert calm.equal(sure)


def test_firmly_gives_all_to_the_likeliest():
    said = judges.firmly(reads_first_cell)(torch.ones(2, 28 * 28)).softmax(-1)
    assert said.tolist() == [[0.0, 1.0], [0.0, 1.0]]


def test_a_learner_gets_a_mark_for_each_task_and_masks_where_they_are():
    learner = study.fresh(0)
    signs, digits = (study.kept(name, 2, seed=0, most=4) for name in ("signs", "digits"))
    marks = judges.judged(learner, signs, seed=0)
    assert marks.right.shape == marks.faithful.shape == marks.inside.shape == (2,)
    ways = [len(task.support.y.unique()) for task in signs]
    assert marks.guessing.tolist() == pytest.approx([1 / n for n in ways])
    assert judges.judged(learner, digits, seed=0).inside.shape == (0,)


def test_another_map_explains_the_same_rows_and_ink_stands_beside():
    learner, other = study.fresh(0), study.fresh(1)
    tasks = study.kept("digits", 2, seed=0, most=8)
    found = judges.by_others(learner, {"itself": learner, "other": other}, tasks, seed=0, most=4)
    assert list(found) == ["itself", "other", "ink"]
    own = judges.judged(learner, tasks, seed=0, most=4).faithful
    assert found["itself"].equal(own)
    assert not found["other"].equal(own)


def test_pixels_name_the_class_whose_mean_is_nearest():
    corner, middle = torch.zeros(784), torch.zeros(784)
    corner[0], middle[400] = 1, 1
    shown = Examples(torch.stack([corner, middle]), torch.tensor([0, 1]))
    asked = Examples(torch.stack([corner, 3 * middle, corner]), torch.tensor([0, 1, 1]))
    assert judges.by_pixels([Episode(shown, asked)]).tolist() == pytest.approx([2 / 3])
