"""Both formats of a module carry the stamp, and are known by their fingerprints."""

import json
from hashlib import sha256

import onnxruntime
import torch
from torch import nn

from metaxai_lab.classroom.exports import write_formats

FILES = {"pt2": "half.pt2", "onnx": "half.onnx"}


class Half(nn.Module):
    def forward(self, x):
        return x / 2


def test_both_formats_answer_any_number_of_rows_and_carry_the_stamp(tmp_path):
    prints = write_formats(
        Half(),
        (torch.zeros(2, 3),),
        tmp_path,
        FILES,
        shapes=({0: torch.export.Dim("row", min=1)},),
        names=(["x"], ["half"]),
        stamp={"version": 7},
        family="half",
    )
    x, stamp = torch.ones(5, 3), {"stamp": ""}
    program = torch.export.load(tmp_path / "half.pt2", extra_files=stamp)
    session = onnxruntime.InferenceSession(tmp_path / "half.onnx")
    assert torch.equal(program.module()(x), x / 2)
    assert (session.run(None, {"x": x.numpy()})[0] == 0.5).all()
    assert json.loads(stamp["stamp"]) == {"version": 7}
    assert session.get_modelmeta().custom_metadata_map["half.version"] == "7"
    assert prints == {
        name: sha256((tmp_path / name).read_bytes()).hexdigest() for name in FILES.values()
    }
