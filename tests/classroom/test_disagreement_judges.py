"""The bench for stacks: the marks of `judge_bench`, model by model, and the gate."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.classroom.disagreement_judges import blanks_of, examined, judges_of
from metaxai_lab.classroom.disagreement_tasks import kind_of
from metaxai_lab.classroom.judge_bench import judge_bench
from metaxai_lab.core import Attribution, seeded

KIND = kind_of("networks", n_tasks=2, n_rows=4, n_background=8)
SHARED = (
    "deletion, rows",
    "deletion, mean",
    "deletion, minimum",
    "insertion, rows",
    "comprehensiveness",
    "sufficiency",
    "PGI",
    "PGU",
    "entropy",
)


def of_task(index):
    """Return the model of one task and its exact values, for judges that know one model."""

    def model(x):
        both = torch.zeros(2, *x.shape[-2:]).index_copy(0, torch.tensor([index]), x[None])
        return KIND.model(both)[index]

    a = KIND.exact
    one = Attribution(a.values[index], a.inputs[index], a.output[index], a.reference[index])
    return model, one


@pytest.mark.parametrize("name", SHARED)
def test_a_judge_of_stacks_gives_the_marks_of_the_bench(name):
    found = judges_of(KIND)[name](KIND.exact)
    for index in range(2):
        model, one = of_task(index)
        wanted = judge_bench(model, KIND.background[index])[name](one)
        torch.testing.assert_close(found.values[index], wanted.values, atol=1e-4, rtol=1e-4)
        assert found.higher_is_better == wanted.higher_is_better


def test_infidelity_that_stretches_gives_the_reverse_the_same_mark_and_unscaled_does_not():
    judges, turned = judges_of(KIND), replace(KIND.exact, values=-KIND.exact.values)
    ask = judges["infidelity"]
    torch.testing.assert_close(ask(KIND.exact).values, ask(turned).values, atol=1e-4, rtol=1e-3)
    unscaled = judges["infidelity, unscaled"]
    assert (unscaled(turned).values > unscaled(KIND.exact).values).all()


def test_a_judge_says_the_same_twice():
    for name, judge in judges_of(KIND).items():
        assert torch.equal(judge(KIND.exact).values, judge(KIND.exact).values), name


def test_fills_are_rows_of_each_background_or_its_mean_or_ends():
    rows = blanks_of(KIND, "rows")
    assert rows.shape == (2, 4, 8)
    assert torch.equal(rows, KIND.background[:, ::2])
    torch.testing.assert_close(blanks_of(KIND, "mean"), torch.zeros(2, 1, 8), atol=1e-5, rtol=0)
    assert torch.equal(blanks_of(KIND, "minimum")[:, 0], KIND.background.amin(1))
    assert torch.equal(blanks_of(KIND, "maximum")[:, 0], KIND.background.amax(1))


def test_an_unknown_fill_is_refused():
    with pytest.raises(ValueError, match="found 'blur'"):
        blanks_of(KIND, "blur")


def test_the_gate_lets_in_deletion_by_rows_and_refuses_entropy():
    kind = kind_of("additive", n_tasks=3, n_rows=8, n_background=8)
    noise = torch.randn(kind.rows.shape, generator=seeded(0))
    rivals = {"noise": replace(kind.exact, values=noise)}
    assert examined(kind, "deletion, rows", rivals).admitted
    assert not examined(kind, "entropy", rivals).admitted


def test_infidelity_is_held_against_values_in_random_places():
    found = examined(KIND, "infidelity", {})
    assert abs(found.shares["random"]) < 0.3
