"""Random models answer in stacks, and differ as their families do."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.random_models import FAMILIES, random_models, random_tables

every_family = pytest.mark.parametrize("family", FAMILIES)


@every_family
def test_scores_have_mean_0_and_deviation_1_over_the_table(family):
    drawn = random_models(family, n_models=20, generator=seeded(0))
    scores = drawn(drawn.rows)[..., 0][drawn.gain == 0]
    assert torch.allclose(scores.mean(1), torch.zeros(()), atol=1e-4)
    assert torch.allclose(scores.std(1), torch.ones(()), atol=1e-3)


@every_family
def test_about_half_of_the_models_answer_with_probabilities(family):
    drawn = random_models(family, n_models=200, generator=seeded(1))
    bent = drawn.gain > 0
    assert 70 < int(bent.sum()) < 130
    outputs = drawn(drawn.rows)[bent]
    assert float(outputs.min()) >= 0
    assert float(outputs.max()) <= 1


@every_family
def test_a_model_of_a_stack_answers_its_own_rows_whatever_the_others_are_asked(family):
    drawn = random_models(family, n_models=4, n_features=6, generator=seeded(2))
    other = drawn.rows.clone()
    other[1:] = 0.0
    assert torch.allclose(drawn(drawn.rows)[0], drawn(other)[0], atol=1e-5)
    assert not torch.allclose(drawn(drawn.rows)[1], drawn(other)[1], atol=1e-2)


def test_the_same_seed_draws_the_same_models():
    one, two = (random_models("trees", n_models=3, generator=seeded(3)) for _ in range(2))
    assert torch.equal(one(one.rows), two(two.rows))


def test_only_linear_models_are_the_sum_of_their_parts():
    gaps = {}
    for family in FAMILIES:
        drawn = random_models(family, n_models=20, generator=seeded(4))
        raw = drawn.scores
        a, b = drawn.rows[:, :40], drawn.rows[:, 40:80]
        zero = torch.zeros_like(a)
        gap = raw(a + b) - raw(a) - raw(b) + raw(zero)
        gaps[family] = float(gap.abs().mean() / raw(a).std())
    assert gaps.pop("linear") < 1e-4
    assert min(gaps.values()) > 0.1


def test_an_oblivious_tree_asks_one_question_a_level():
    """So along one column a sum of T trees of depth D takes no more than T D + 1 values."""
    drawn = random_models("trees", n_models=5, n_features=1, generator=seeded(5))
    line = torch.linspace(-4, 4, 4000)[None, :, None].expand(5, -1, -1)
    steps = (drawn.scores(line).diff(dim=1).abs() > 1e-5).sum(1)
    assert int(steps.max()) <= 35 * 4
    assert int(steps.min()) >= 3


def test_tables_have_binary_and_skewed_columns_and_correlations():
    x = random_tables(200, 10, n_rows=400, generator=seeded(6))
    n_values = torch.tensor([[len(col.unique()) for col in t.T] for t in x])
    assert 0.1 < float((n_values == 2).float().mean()) < 0.2
    skew = x.pow(3).mean(1)[n_values > 2]
    assert 0.1 < float((skew > 1).float().mean()) < 0.25
    among = torch.stack([torch.corrcoef(t.T) for t in x])
    off = among[:, ~torch.eye(10, dtype=torch.bool)].abs()
    assert 0.1 < float(off.mean()) < 0.5


def test_an_unknown_family_is_named_beside_those_there_are():
    with pytest.raises(ValueError, match=r"linear, networks, products, trees.*'forest'"):
        random_models("forest", n_models=2, generator=seeded(0))
