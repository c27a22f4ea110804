"""Further values find out a function that knows the questions of its check alone."""

import pytest
import torch

from metaxai_lab.classroom.more_values import more_values
from metaxai_lab.classroom.trial import NotYet


def right(p, q):
    return (p - q).abs().sum() / 2


def draw(g):
    return tuple(torch.rand(2, 5, generator=g).softmax(1))


def test_a_right_function_is_told_so(capsys):
    more_values("total_variation", right, right, draw, seeds=(5, 6))
    assert capsys.readouterr().out == "total_variation is right for 2 drawn cases, too.\n"


def test_another_order_of_sums_is_no_mistake():
    def doubled(p, q):
        return ((p.double() - q.double()).abs() / 2).flip(0).sum()

    more_values("total_variation", doubled, right, draw)


def test_a_function_that_is_right_for_short_rows_only_is_found_out():
    def short(p, q):
        return right(p, q) if len(p) < 5 else right(p[:4], q[:4])

    with pytest.raises(NotYet, match=r"for drawn values it gives 0.* and should give 0"):
        more_values("total_variation", short, right, draw)


def test_another_shape_is_found_out():
    def longer(p, q):
        return right(p, q) if len(p) < 5 else right(p, q)[None]

    with pytest.raises(NotYet, match=r"gives \[0"):
        more_values("total_variation", longer, right, draw)


def test_what_fails_its_check_gets_nothing_here():
    def of_the_draws(p, q):
        return right(p, q) if len(p) == 5 else torch.tensor(0.0)

    with pytest.raises(NotYet, match="not yet"):
        more_values("total_variation", of_the_draws, right, draw)
