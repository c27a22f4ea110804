"""No test hangs on which tests ran before it: what torch draws unasked begins anew each time."""

import pytest
import torch


@pytest.fixture(autouse=True, scope="module")
def chance_of_a_file():
    torch.default_generator.manual_seed(0)


@pytest.fixture(autouse=True)
def chance_of_a_test(chance_of_a_file):
    torch.default_generator.manual_seed(0)
