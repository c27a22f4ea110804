"""Two letters with a stamp: what is drawn, who is trained, and how reasons are counted."""

import pytest
import torch
from torch import nn

from metaxai_lab.classroom import reasons_study
from metaxai_lab.classroom.reasons_study import (
    Plan,
    SeenAnywhere,
    accuracy,
    corner,
    difference,
    habit,
    ink,
    letters,
    right,
    shares,
    stamped,
    tells_apart,
    train,
    turned,
    untrained,
)
from metaxai_lab.core import Examples, seeded
from metaxai_lab.explainers import integrated_gradients, uniform

TINY = Plan(n_pictures=64, steps=3, n_judged=8, n_explained=4)


def sum_of(pixels):
    """Return a model whose log-odds are the sum of these pixels, less 5."""
    return lambda x: (x * pixels).sum(-1, keepdim=True) - 5


def by_number(x):
    """Answer with the only column there is."""
    return x[..., :1]


# What is drawn


def test_letters_come_in_turn_in_ink_between_nothing_and_full():
    drawn = letters(6, generator=seeded(0))
    assert drawn.y.tolist() == [0, 1, 0, 1, 0, 1]
    assert drawn.x.shape == (6, 784)
    assert 0 <= drawn.x.min() < drawn.x.max() <= 1


def test_no_two_letters_are_drawn_alike():
    assert len(letters(40, generator=seeded(0)).x.unique(dim=0)) == 40


def test_each_letter_comes_in_twelve_typefaces(monkeypatch):
    monkeypatch.setattr(reasons_study, "JITTER", dict.fromkeys(reasons_study.JITTER, 0.0))
    assert len(letters(400, generator=seeded(0)).x.unique(dim=0)) == 2 * 12


def test_a_u_is_an_n_that_stands_on_its_head():
    drawn = reasons_study._drawn()
    heads = drawn.flip(-1, -2)[0].flatten(1)
    gap = (heads[:, None] - drawn.flatten(2)[:, 0]).abs().sum(-1)
    assert (gap[:, 1] < gap[:, 0]).float().mean() > 0.5


def test_a_ring_and_a_cross_have_as_much_ink():
    assert reasons_study._stamps().sum((1, 2)).tolist() == [12, 9]


def test_a_stamp_touches_the_corner_and_nothing_else():
    bare = letters(4, generator=seeded(0))
    before = bare.x.clone()
    moved = stamped(bare, 1 - bare.y)
    assert (moved.x[:, ~corner()] == bare.x[:, ~corner()]).all()
    assert (moved.x[:, corner()].sum(1) == torch.tensor([9.0, 12, 9, 12])).all()
    assert bare.x.equal(before)


def test_a_corner_is_five_by_five_one_pixel_from_the_edge():
    square = corner().view(28, 28)
    assert square.sum() == 25
    assert square[1:6, 1:6].all()


@pytest.mark.parametrize(("agreement", "wanted"), [(1.0, [0, 1, 1, 0]), (0.0, [1, 0, 0, 1])])
def test_a_strict_habit_follows_the_class_or_its_opposite(agreement, wanted):
    y = torch.tensor([0, 1, 1, 0])
    assert habit(y, agreement=agreement, generator=seeded(0)).tolist() == wanted


def test_a_habit_agrees_as_often_as_it_says():
    y = torch.arange(10_000) % 2
    agrees = (habit(y, agreement=0.8, generator=seeded(0)) == y).float().mean()
    assert float(agrees) == pytest.approx(0.8, abs=0.02)


# Who is trained


def test_the_network_sees_a_pattern_wherever_it_stands():
    net = untrained(0)
    for each in net.filters:
        each.bias.data.zero_()  # else an empty edge says something
    pictures = torch.zeros(3, 28, 28)
    pictures[0, 8:12, 8:12] = pictures[1, 16:20, 16:20] = 1
    with torch.no_grad():
        here, there, nowhere = net(pictures.flatten(1)).flatten().tolist()
    assert here == pytest.approx(there, abs=1e-6)
    assert abs(here - nowhere) > 1e-4


def test_the_network_serves_stacked_tasks():
    x = letters(6, generator=seeded(0)).x
    with torch.no_grad():
        assert untrained(0)(x.view(2, 3, 784)).flatten().allclose(untrained(0)(x).flatten())


def test_the_network_refuses_pictures_of_another_side():
    with pytest.raises(ValueError, match="28"):
        SeenAnywhere()(torch.zeros(1, 100))


def test_both_clinics_begin_with_the_same_weights_and_letters(monkeypatch):
    seen = []
    monkeypatch.setattr(
        reasons_study, "stamped", lambda bare, which: (seen.append((bare.x, which)), bare)[1]
    )
    nets = [train(share, seed=1, plan=TINY) for share in (1.0, 0.5)]
    (one, own), (other, mixed) = seen
    assert one.equal(other)
    assert not own.equal(mixed)
    for a, b in zip(*(net.parameters() for net in nets), strict=True):
        assert a.equal(b)  # for their stamps were taken away


def test_sixty_steps_are_enough_for_a_stamp():
    net = train(1.0, seed=0, plan=Plan(500, 60, 8, 4))
    rows = letters(200, generator=seeded(9))
    assert not net.training
    assert accuracy(net, stamped(rows, rows.y)) > 0.9


def test_two_seeds_begin_apart():
    assert not untrained(0).answer.weight.equal(untrained(1).answer.weight)


# How reasons are counted


def test_an_answer_above_nought_says_class_1():
    rows = Examples(torch.tensor([[2.0], [-1.0], [3.0], [-4.0]]), torch.tensor([1, 1, 0, 0]))
    assert right(by_number, rows).tolist() == [True, False, False, True]
    assert accuracy(by_number, rows) == 0.5


def test_a_difference_is_that_of_pairs_with_the_interval_of_their_mean():
    rows = Examples(torch.tensor([[2.0], [-1.0], [3.0], [-4.0]]), torch.tensor([1, 1, 0, 0]))
    gap, half = difference(by_number, lambda x: -by_number(x), rows)
    assert gap == 0  # right: 1 0 0 1 against 0 1 1 0; gaps 1 -1 -1 1
    assert half == pytest.approx(1.96 * (4 / 3) ** 0.5 / 2)
    assert difference(by_number, by_number, rows) == (0, 0)


def test_answers_turn_where_the_model_reads_the_stamp_and_only_there():
    bare = letters(8, generator=seeded(0))
    ring = torch.zeros(784)
    ring[corner()] = reasons_study._stamps()[0].flatten()  # a cross shares four dots with it
    assert turned(sum_of(ring), bare) == 1
    assert turned(sum_of((~corner()).float()), bare) == 0


def test_the_share_of_the_corner_is_1_for_a_model_of_the_stamp_and_0_without_it():
    rows = stamped(letters(4, generator=seeded(0)), torch.tensor([0, 1, 0, 1]))
    of_stamp = shares(integrated_gradients, sum_of(corner().float()), rows)
    of_rest = shares(integrated_gradients, sum_of((~corner()).float()), rows)
    assert of_stamp.tolist() == pytest.approx([1, 1, 1, 1])
    assert of_rest.tolist() == pytest.approx([0, 0, 0, 0], abs=1e-6)


def test_ink_hands_out_the_same_sum_in_proportion_to_the_ink():
    x = letters(2, generator=seeded(0)).x
    model = sum_of(torch.ones(784))
    found, even = (explain(model, x, target=0) for explain in (ink, uniform))
    assert found.values.sum(1).tolist() == pytest.approx(even.values.sum(1).tolist(), rel=1e-4)
    for values, picture in zip(found.values, x, strict=True):
        assert values.allclose(values.sum() * picture / picture.sum(), rtol=1e-3)


def test_ink_knows_no_model_but_its_output():
    x = letters(1, generator=seeded(0)).x
    weights = nn.functional.normalize(torch.rand(784, generator=seeded(1)), dim=0)
    shown = [ink(sum_of(w), x, target=0).values[0] for w in (weights, weights.flip(0))]
    assert shown[0].div(shown[0].sum()).allclose(shown[1].div(shown[1].sum()), atol=1e-6)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ([2.0, 3.0], [0.0, 1.0], 1.0),
        ([0.0], [1.0, 2.0], 0.0),
        ([1.0, 3.0], [2.0, 3.0], 0.375),  # below, below, above, a tie
        ([1.0], [1.0 + 1e-7], 0.5),  # equal but for rounding
    ],
)
def test_telling_apart_counts_pairs_and_halves_ties(one, other, wanted):
    assert tells_apart(torch.tensor(one), torch.tensor(other)) == pytest.approx(wanted)
