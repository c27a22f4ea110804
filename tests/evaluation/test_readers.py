"""The two readers: what explanations teach them, whom they trust, and one task as in a stack."""

import jaxtyping
import pytest
import torch

from metaxai_lab.core import Examples, seeded
from metaxai_lab.evaluation.readers import adding_reader, remembering_reader

READERS = [adding_reader, remembering_reader]
every_reader = pytest.mark.parametrize("read", READERS)
X = torch.randn(40, 16, 6, generator=seeded(0))
NEW = torch.randn(40, 200, 6, generator=seeded(1))
WEIGHTS = torch.tensor([2.0, -1.0, 1.0, 0.0, 0.0, 0.0])
SEEN = Examples(X, ((X @ WEIGHTS) > 0).float())


def right(reader):
    return float((((reader(NEW)[..., 0]) > 0) == ((NEW @ WEIGHTS) > 0)).float().mean())


@every_reader
def test_the_shares_of_a_sum_teach_it_the_sum(read):
    assert right(read(SEEN, X * WEIGHTS)) > right(read(SEEN)) + 0.05


@every_reader
def test_shares_of_noise_are_hardly_worse_than_none(read):
    noise = torch.randn(X.shape, generator=seeded(2))
    assert abs(right(read(SEEN, noise)) - right(read(SEEN))) < 0.03


def test_right_shares_are_trusted_and_noise_is_not():
    noise = torch.randn(X.shape, generator=seeded(2))
    trust = [adding_reader(SEEN, shares).trust.mean() for shares in (X * WEIGHTS, noise)]
    assert trust[0] > 3 * trust[1]
    assert adding_reader(SEEN).trust.abs().max() == 0


def test_two_columns_that_are_one_in_what_is_seen_are_told_apart_by_shares_alone():
    x = X[0].clone()
    x[:, 1] = x[:, 0]
    seen = Examples(x, (x[:, 0] > 0).float())
    shares = torch.zeros_like(x)
    shares[:, 0] = x[:, 0]
    asked = torch.zeros(1, 6)
    asked[0, 0], asked[0, 1] = 1.0, -1.0
    told, untold = (float(adding_reader(seen, given)(asked)) for given in (shares, None))
    assert told > 0.5
    assert abs(untold) < 0.2


@every_reader
def test_the_unit_of_the_shares_does_not_matter(read):
    one, other = (read(SEEN, scale * X * WEIGHTS)(NEW) for scale in (1.0, 100.0))
    torch.testing.assert_close(one, other, atol=1e-3, rtol=1e-3)


def test_remembering_reads_no_signs():
    one, other = (remembering_reader(SEEN, s * X * WEIGHTS)(NEW) for s in (1.0, -1.0))
    assert torch.equal(one, other)


@every_reader
def test_a_task_of_a_stack_is_read_as_alone(read):
    alone = read(Examples(X[3], SEEN.y[3]), X[3] * WEIGHTS)(NEW[3])
    torch.testing.assert_close(read(SEEN, X * WEIGHTS)(NEW)[3], alone, atol=1e-3, rtol=1e-3)


@every_reader
def test_a_black_box_that_says_one_thing_only_is_guessed(read):
    always = read(Examples(X, torch.ones(X.shape[:2])), X)
    assert (always(X) > 0).all()


@every_reader
def test_shares_of_zero_are_no_shares(read):
    torch.testing.assert_close(read(SEEN, torch.zeros_like(X))(NEW), read(SEEN)(NEW))


@every_reader
@pytest.mark.parametrize(
    ("seen", "shares", "sentence"),
    [
        (Examples(X[:, :7], SEEN.y[:, :7]), None, "8 rows or more; found 7"),
        (Examples(X, SEEN.y / 0), None, "some are none"),
        (SEEN, X[..., :5], "a finite share for each column"),
        (SEEN, X / 0, "of them not finite"),
    ],
)
def test_what_cannot_be_read_is_refused(read, seen, shares, sentence, monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=sentence):
        read(seen, shares)
