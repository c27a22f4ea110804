"""Made once, kept: tensors that take seconds to make lie in the user's cache, and are checked.

A file is named by what it should hold, so that a changed definition never meets an old file; it
carries a digest of what it does hold, so that a damaged one is noticed. It is written aside and
moved into place, so that an interruption leaves no half of it. The format is safetensors
(huggingface.co/docs/safetensors), which can hold no code.
Chapter: book/appendix/running_it.md.
"""

import hashlib
import json
import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from platformdirs import user_cache_path
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor


class CacheWarning(UserWarning):
    """The cache could not serve; what was asked for is made again."""


def cache_folder() -> Path:
    """Return the folder of kept files: `METAXAI_CACHE`, else the user's cache of the system."""
    return Path(os.environ.get("METAXAI_CACHE") or user_cache_path("metaxai_lab"))


def cached(
    name: str, definition: Mapping[str, object], make: Callable[[], dict[str, Tensor]]
) -> dict[str, Tensor]:
    """Return what `make` makes, from the cache where it lies there whole.

    A damaged file is named in a `CacheWarning`, removed and made again. Where the folder cannot be
    written, that is said in a `CacheWarning` too, and the tensors are returned all the same.

    Args:
        definition: all that the content depends on, as JSON can hold it; change it with the recipe.
        make: the recipe; it is called where there is no whole file.
    """
    path = cache_folder() / f"{name}-{_definition_hash(definition)}.safetensors"
    kept = _read(path)
    if kept is None:
        kept = make()
        _write(path, kept)
    return kept


def _read(path: Path) -> dict[str, Tensor] | None:
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
            digest = (file.metadata() or {}).get("digest")
        if digest == _digest(tensors):
            return tensors
        fault = "its content is not what was written"
    except (SafetensorError, OSError) as error:
        fault = str(error)
    _complain(f"the kept file {path} is damaged ({fault}); it is removed and made again.")
    path.unlink(missing_ok=True)
    return None


def _write(path: Path, tensors: dict[str, Tensor]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
            aside = Path(part.name)
        try:
            save_file(tensors, aside, {"digest": _digest(tensors)})
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except (SafetensorError, OSError) as error:
        _complain(
            f"{path} could not be kept ({error}); it will be made again next time. "
            "Set METAXAI_CACHE to a folder that can be written."
        )


def _definition_hash(definition: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()[:16]


def _digest(tensors: dict[str, Tensor]) -> str:
    total = hashlib.sha256()
    for key, tensor in sorted(tensors.items()):
        total.update(f"{key} {tensor.dtype} {tuple(tensor.shape)};".encode())
        total.update(tensor.contiguous().numpy().data)
    return total.hexdigest()


def _complain(message: str) -> None:
    warnings.warn(message, CacheWarning, stacklevel=4)
