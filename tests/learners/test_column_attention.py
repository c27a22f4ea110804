"""How columns hear of each other: those that vary are heard, and names bind them to their order."""

import pytest
import torch

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners.column_attention import ColumnAttention, KnownColumns

ORDER = torch.tensor([3, 4, 0, 1, 2])


def made(kind, *arguments):
    with initialised_with(seeded(0)):
        return kind(*arguments).double()


@pytest.fixture
def tokens():
    return torch.randn(3, 5, 8, generator=seeded(1), dtype=torch.float64)


@pytest.fixture
def varies():
    return torch.ones(3, 5, dtype=torch.bool)


def test_attention_is_that_of_torch(tokens, varies):
    layer = made(ColumnAttention, 8, 2)
    judge = torch.nn.MultiheadAttention(8, 2, batch_first=True).double()
    judge.in_proj_weight.data, judge.in_proj_bias.data = layer.ask.weight, layer.ask.bias
    judge.out_proj = layer.out
    seen = layer.norms[0](tokens)
    wanted = tokens + judge(seen, seen, seen, need_weights=False)[0]
    wanted = wanted + layer.think(layer.norms[1](wanted))
    torch.testing.assert_close(layer(tokens, varies), wanted)


def test_columns_that_do_not_vary_are_left_out_in_16_bits_too(tokens, varies):
    layer, varies[:, 4] = made(ColumnAttention, 8, 2).float(), False
    with torch.autocast("cpu", torch.float16):
        found = layer(tokens.float(), varies)
    torch.testing.assert_close(found, layer(tokens.float(), varies), atol=0.02, rtol=0)


def test_attention_does_not_know_the_order(tokens, varies):
    layer = made(ColumnAttention, 8, 2)
    torch.testing.assert_close(layer(tokens[:, ORDER], varies), layer(tokens, varies)[:, ORDER])


@pytest.mark.parametrize("kind", [(ColumnAttention, 8, 2), (KnownColumns, 5, 8)])
def test_a_column_that_does_not_vary_is_not_heard(tokens, varies, kind):
    layer, other = made(*kind), tokens.clone()
    if isinstance(layer, KnownColumns):
        layer.speaks_for.data.normal_(generator=seeded(2))
    other[:, 4], varies[:, 4] = 7.0, False
    moved = layer(other, varies) - layer(tokens, varies)
    assert not moved[:, :4].any()
    assert moved[:, 4].any()


def test_at_first_a_known_column_is_its_token_and_its_vector(tokens, varies):
    known = made(KnownColumns, 5, 8)
    torch.testing.assert_close(known(tokens, varies), tokens + known.identity)


def test_a_pair_lets_one_column_speak_for_the_other(tokens, varies):
    known = made(KnownColumns, 5, 8)
    before = known(tokens, varies)
    known.speaks_for.data[2, 4] = 0.5
    moved = known(tokens, varies) - before
    torch.testing.assert_close(moved[:, 2], 0.5 * known.hear(tokens[:, 4]))
    assert not moved[:, [0, 1, 3, 4]].any()
