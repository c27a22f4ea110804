"""An attribution keeps its books: what the values leave unexplained is its gap."""

import jaxtyping
import pytest
import torch

from metaxai_lab.core import Attribution


def attribution(names: tuple[str, ...] = ()) -> Attribution:
    return Attribution(
        values=torch.tensor([[1.0, 2.0], [0.5, -0.5]]),
        inputs=torch.zeros(2, 2),
        output=torch.tensor([4.0, 3.0]),
        reference=torch.tensor([1.0, 1.0]),
        feature_names=names,
    )


def test_the_gap_is_what_the_values_leave_unexplained() -> None:
    assert attribution().gap.tolist() == [0.0, 2.0]


def test_the_names_must_count_the_columns() -> None:
    with pytest.raises(ValueError, match="2 columns needs 2 feature names or none; found 3"):
        attribution(("age", "height", "weight"))


def test_columns_may_go_without_names() -> None:
    assert attribution(()).feature_names == ()


def test_a_spread_needs_the_shape_of_the_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    parts = {"inputs": torch.zeros(2, 2), "output": torch.zeros(2), "reference": torch.zeros(2)}
    with pytest.raises(ValueError, match=r"shape of values, \(2, 2\); found \(2, 3\)"):
        Attribution(values=torch.zeros(2, 2), spread=torch.zeros(2, 3), **parts)


def test_a_method_that_says_nothing_of_its_doubt_has_no_spread() -> None:
    assert attribution().spread is None
