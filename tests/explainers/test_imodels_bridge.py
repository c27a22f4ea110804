"""The bridge is judged by the draws of NumPy before, inside and after it."""

import warnings

import numpy as np
import pytest

from metaxai_lab.explainers.imodels_bridge import undisturbed


def test_draws_after_it_go_on_as_if_it_had_not_been():
    np.random.seed(3)  # noqa: NPY002
    wanted = np.random.rand(2)  # noqa: NPY002
    np.random.seed(3)  # noqa: NPY002
    with undisturbed():
        np.random.rand(7)  # noqa: NPY002
    assert (np.random.rand(2) == wanted).all()  # noqa: NPY002


def test_draws_inside_it_are_the_same_every_time():
    drawn = []
    for _ in range(2):
        with undisturbed():
            drawn.append(np.random.rand())  # noqa: NPY002
    assert drawn[0] == drawn[1]


def test_an_error_inside_it_still_puts_the_draws_back():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    with pytest.raises(KeyError), undisturbed():
        raise KeyError
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_warnings_inside_it_are_not_shown():
    with undisturbed():
        warnings.warn("old", FutureWarning, stacklevel=1)
