"""Which judges are let in: good ones are, and each kind of bad one is refused with its reason."""

import pytest
import torch

from metaxai_lab.core import Attribution, Score, seeded
from metaxai_lab.evaluation import JudgeRefused, admit, exact_agreement

EXACT = torch.randn(30, 6, generator=seeded(0))


def explanation(values):
    return Attribution(values, values, values.sum(-1), torch.zeros(len(values)))


def error(attribution):
    return exact_agreement(attribution.values, EXACT).error


def overlap(attribution):
    return exact_agreement(attribution.values, EXACT).top_k


def asked(judge, rivals=None, **knobs):
    rivals = {name: explanation(values) for name, values in (rivals or {}).items()}
    return admit(judge, explanation(EXACT), rivals, generator=seeded(1), **knobs)


@pytest.mark.parametrize("judge", [error, overlap])
def test_a_judge_that_compares_with_the_exact_values_is_admitted(judge):
    noisy = EXACT + 0.3 * torch.randn(EXACT.shape, generator=seeded(2))
    found = asked(judge, {"noisy": noisy})
    assert found.admitted
    assert found.shares["random"] == pytest.approx(0, abs=0.1)
    assert 0.3 < found.shares["noisy"] < 1


def test_a_judge_that_likes_a_rival_better_is_refused():
    liked = EXACT.flip(-1)

    def partial_to(attribution):
        return exact_agreement(attribution.values, EXACT + 1.2 * liked).error

    with pytest.raises(JudgeRefused, match="'liked' scores"):
        asked(partial_to, {"liked": liked})


def test_a_judge_that_likes_what_says_the_same_everywhere_is_refused():
    def smooth(attribution):
        values = -attribution.values.std(-1)
        return Score("smoothness", values, values - 1)

    with pytest.raises(JudgeRefused, match="'flat' scores"):
        asked(smooth)


def test_a_judge_whose_chance_is_too_low_is_refused():
    def kind(attribution):
        score = overlap(attribution)
        return Score("kind", score.values, torch.zeros_like(score.values))

    with pytest.raises(JudgeRefused, match=r"random values score 0\.\d+, where chance is 0"):
        asked(kind)


def test_a_judge_that_cannot_tell_exact_values_from_chance_is_refused():
    def blind(attribution):
        return exact_agreement(attribution.values, EXACT.flip(0)).top_k

    with pytest.raises(JudgeRefused, match="no better than chance"):
        asked(blind)


def test_a_judge_without_a_chance_level_is_refused():
    with pytest.raises(JudgeRefused, match="it has no chance level"):
        asked(lambda attribution: Score("bare", attribution.values.norm(dim=-1)))


def test_a_judge_that_gives_no_number_is_refused():
    def broken(attribution):
        score = overlap(attribution)
        wrong = score.values if torch.equal(attribution.values, EXACT) else score.values * torch.nan
        return Score("broken", wrong, score.chance)

    with pytest.raises(JudgeRefused, match="random values score nan"):
        asked(broken)


def test_a_refusal_can_be_reported_instead():
    found = asked(lambda a: exact_agreement(a.values, EXACT.flip(0)).top_k, strict=False)
    assert not found.admitted
    assert found.exact == pytest.approx(found.chance, abs=0.15)


def test_the_tolerance_says_how_far_a_rival_may_be_above():
    def partial_to(attribution):
        return exact_agreement(attribution.values, 0.9 * EXACT).error

    better = {"better": 0.9 * EXACT}
    share = asked(partial_to, better, tolerance=0.2).shares["better"]
    assert 1.0 < share < 1.2
    with pytest.raises(JudgeRefused, match="'better' scores"):
        asked(partial_to, better, tolerance=(share - 1) / 2)


def test_a_single_row_is_refused():
    with pytest.raises(ValueError, match="two rows or more; found one"):
        admit(overlap, explanation(EXACT[:1]), {}, generator=seeded(0))
