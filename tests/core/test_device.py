"""The device and the scale come from the environment, and a wrong name is said."""

import pytest
import torch

from metaxai_lab.core import at_scale, pick_device, scale


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("METAXAI_DEVICE", raising=False)
    monkeypatch.delenv("METAXAI_SCALE", raising=False)


def cuda(monkeypatch: pytest.MonkeyPatch, *, there: bool) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: there)


def test_without_cuda_the_cpu_is_picked(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda(monkeypatch, there=False)
    assert pick_device() == torch.device("cpu")


def test_where_there_is_cuda_it_is_picked(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda(monkeypatch, there=True)
    assert pick_device() == torch.device("cuda")


def test_one_cuda_device_of_several_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda(monkeypatch, there=True)
    assert pick_device("cuda:1") == torch.device("cuda:1")


def test_the_environment_names_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda(monkeypatch, there=True)
    monkeypatch.setenv("METAXAI_DEVICE", "cpu")
    assert pick_device() == torch.device("cpu")


def test_an_argument_counts_more_than_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda(monkeypatch, there=False)
    monkeypatch.setenv("METAXAI_DEVICE", "cuda")
    assert pick_device("cpu") == torch.device("cpu")


def test_cuda_asked_for_and_missing_is_said_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cuda(monkeypatch, there=False)
    monkeypatch.setenv("METAXAI_DEVICE", "cuda")
    with pytest.raises(RuntimeError, match=r"'cuda' was asked for.*Unset METAXAI_DEVICE"):
        pick_device()


def test_an_unknown_device_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'auto', 'cpu' or 'cuda'; found 'abacus'"):
        pick_device("abacus")


def test_the_scale_is_quick_unless_said_otherwise() -> None:
    assert scale() == "quick"


def test_an_unknown_scale_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METAXAI_SCALE", "huge")
    with pytest.raises(ValueError, match="'quick' or 'full'; found 'huge'"):
        scale()


@pytest.mark.parametrize(("name", "steps"), [("quick", 10), ("full", 1000)])
def test_a_setting_follows_the_scale(
    name: str, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METAXAI_SCALE", name)
    assert at_scale(quick=10, full=1000) == steps
