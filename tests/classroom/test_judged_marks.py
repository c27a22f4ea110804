"""Marks of two attentions: worked out on tasks whose answers are known."""

import torch

from metaxai_lab.classroom.judged_marks import interval, looked, of_own_class, right, support_marks
from metaxai_lab.core import Attribution, Episode, Examples, Score, initialised_with, seeded
from metaxai_lab.learners.attended_maps import AttendedMaps


class Pointer:
    """Answers class 0; its weights are its column, and what they add up are labels."""

    def adapt(self, support):
        return PointerModel(support)


class PointerModel:
    def __init__(self, support):
        self.support = support

    def support_weights(self, x):
        w = self.support.x[..., 0] / self.support.x[..., 0].sum(-1, keepdim=True)
        return w.unsqueeze(-2).expand(*x.shape[:-1], -1)

    def __call__(self, x):
        w, y = self.support_weights(x), self.support.y.unsqueeze(-2)
        return torch.stack([(w * (y == c)).sum(-1) for c in (0, 1)], -1).clamp_min(1e-9).log()


SUPPORT = Examples(torch.tensor([[[0.4], [0.3], [0.2], [0.1]]]), torch.tensor([[0, 0, 1, 1]]))
TASKS = Episode(SUPPORT, Examples(torch.zeros(1, 2, 1), torch.tensor([[0, 1]])))


def test_mass_and_accuracy_of_weights_by_hand():
    marks = support_marks(Pointer(), TASKS)
    assert marks.accuracy == 0.5
    assert abs(marks.mass - (0.7 + 0.3) / 2) < 1e-6
    assert abs(marks.of_answer - 0.7) < 1e-6
    assert marks.peak == 0.5


def test_order_compares_weights_with_sizes_of_what_leaving_out_does():
    # ln .7 - ln .5 = .34, ln .7 - ln 4/7 = .20; ln .7 - ln .875 = -.22, ln .7 - ln 7/9 = -.11
    # by weight 1 2 3 4, by size 1 3 2 4: Spearman's 1 - 6 * 2 / 60
    assert abs(support_marks(Pointer(), TASKS).order - 0.8) < 1e-6


def test_right_counts_answers():
    assert right(Pointer(), TASKS) == 0.5


def test_the_interval_is_over_tasks_and_of_differences_where_two_are_given():
    one = Score("deletion", torch.tensor([[0.0, 2.0], [3.0, 3.0]]))
    two = Score("deletion", torch.tensor([[1.0, 1.0], [1.0, 1.0]]))
    assert interval(one)[0] == 2.0
    assert interval(one, two)[0] == 1.0


def test_the_interval_of_six_tasks_is_that_of_the_t_distribution():
    six = Score("deletion", torch.arange(6.0).unsqueeze(-1))
    assert abs(interval(six)[1] - 2.5706 * (3.5 / 6) ** 0.5) < 1e-4


def test_each_row_is_explained_for_its_own_class():
    def explain(model, x, *, target):
        column = torch.full((len(x), 1), float(target))
        return Attribution(column, x, column[:, 0], column[:, 0])

    query = Examples(torch.zeros(2, 4, 1), torch.tensor([[0, 0, 1, 1], [0, 0, 1, 1]]))
    episode = Episode(query, query)
    found = of_own_class(explain, episode, [lambda x: x, lambda x: x])
    assert found.values.squeeze(-1).tolist() == [[0, 0, 1, 1], [0, 0, 1, 1]]


def test_looked_gives_the_weights_of_the_cells():
    with initialised_with(seeded(0)):
        learner = AttendedMaps(channels=1, grid=2, dim=2)
    x = torch.rand(1, 4, 4, generator=seeded(0))
    episode = Episode(Examples(x, torch.tensor([[0, 1, 0, 1]])), Examples(x, torch.zeros(1, 4)))
    found = looked(learner, episode)
    assert torch.allclose(found.values, learner.weigh(learner.cells(x)))
