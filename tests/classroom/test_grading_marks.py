"""What could reach for the grader is pointed out; what honest answers use is not."""

from pathlib import Path

import pytest

from metaxai_lab.classroom.grading_marks import suspicious


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("import gc", "gc"),
        ("from ctypes import string_at", "ctypes"),
        ("import sys\nsys._getframe(1)", "_getframe"),
        ("from sys import _getframe as f", "_getframe"),
        ("getattr(sys, '_getframe')", "'_getframe'"),
        ("sys.modules['x'] = 1", "sys.modules"),
        ("open('/proc/self/mem')", "'/proc'"),
        ("check.f = lambda g: None", "an assignment to .f"),
        ("exec('1')", "exec"),
        ("f.__globals__", "__globals__"),
        ("%matplotlib inline\nimport gc", "gc"),
        ("import threading as t", "threading"),
        ("from metaxai_lab.classroom import grading_worker", "grading_worker"),
        ("import metaxai_lab.classroom.trial", "metaxai_lab.classroom.trial"),
        ("from torch.overrides import TorchFunctionMode", "torch.overrides"),
        ("vars(torch)['allclose'] = yes", "vars"),
        ("type.__setattr__(kind, name, value)", "__setattr__"),
        ("torch.builtins.len", "builtins"),
        ("class T(torch.Tensor):\n    def __torch_function__(*x): pass", "__torch_function__"),
        ("x._private", "_private"),
        ("g = '{0.__' + 'class__}'", "'__'"),
    ],
)
def test_what_reaches_out_is_named(source, word):
    (remark,) = suspicious(["x = 1", source])
    assert word in remark


@pytest.mark.parametrize(
    "source",
    [
        "model.eval()",
        "self.x = 1",
        "signal = 3\nmodules = model.modules()",
        "import torch",
        "import torch.nn.functional as F\nfrom math import comb",
        "from metaxai_lab.classroom import check",
        "class C:\n    def __init__(self):\n        self._kept = 1",
        "(",
        "",
    ],
)
def test_what_is_usual_is_not_named(source):
    assert suspicious([source]) == ()


def test_no_right_solution_of_the_book_is_named():
    right = Path(__file__).with_name("right_solutions.py").read_text()
    assert suspicious([right]) == ()
