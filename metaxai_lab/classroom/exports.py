"""A module in two formats that leave the lab: PyTorch's `.pt2` archive, and ONNX.

Both are made from one exported program, carry the same stamp, and are known by their fingerprints.
Source: onnx.ai for the format. Chapter: book/attention/repair_and_deploy.ipynb.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


def write_formats(
    module: nn.Module,
    example: tuple[Tensor, ...],
    folder: Path,
    files: Mapping[str, str],
    *,
    shapes: Sequence[Any],
    names: tuple[Sequence[str], Sequence[str]],
    stamp: Mapping[str, object],
    family: str,
) -> dict[str, str]:
    """Write both formats, and return the fingerprint of each file.

    Args:
        example: what the module is asked, on the CPU.
        files: the names of the files "pt2" and "onnx".
        shapes: which sizes of each input may vary; None for an input that keeps its own.
        names: of the inputs, and of the outputs.
        stamp: what each file says of itself, its version among them.
        family: stands before each name of the stamp in the ONNX file, with a point.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        program = torch.export.export(module, example, dynamic_shapes=tuple(shapes))
    torch.export.save(program, folder / files["pt2"], extra_files={"stamp": json.dumps(stamp)})
    made = torch.onnx.export(
        program,
        input_names=list(names[0]),
        output_names=list(names[1]),
        dynamo=True,
        verbose=False,
    )
    assert made is not None
    made.model.metadata_props.update({f"{family}.{k}": str(v) for k, v in stamp.items()})
    made.save(folder / files["onnx"])
    return {name: sha256((folder / name).read_bytes()).hexdigest() for name in files.values()}
