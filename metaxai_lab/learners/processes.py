"""Several processes, one run: each measures its share of the tasks, and all make the same step.

`torchrun --nproc_per_node=2 script.py` starts them and Lightning Fabric joins them: by gloo on the
CPU, by NCCL on CUDA. Loss and gradients of a step travel in one message, which is what small
networks want. Source: Li et al. (2020), "PyTorch Distributed", section 3, for averaged gradients.
Chapter: book/appendix/running_it.md.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeVar

import torch
import torch.distributed as dist
from lightning_fabric import Fabric
from torch import Tensor, nn

from metaxai_lab.core import Episode, initialised_with, seeded, share

# Lightning sets this when it is imported, and every step of an optimiser then looks for a GPU's
# driver anew: four fifths of a step of AdamW on a small net. Whoever forks sets it again.
os.environ.pop("PYTORCH_NVML_BASED_CUDA_CHECK", None)

T = TypeVar("T")
Precision = Literal["32-true", "bf16-mixed"]


@dataclass(frozen=True)
class Crew:
    """The processes of a run, seen from one of them; alone, it does nothing and costs nothing.

    Args:
        fabric: joins the processes, and knows device and precision.
        device: where this process computes.
    """

    fabric: Fabric
    device: torch.device
    rank: int = 0
    n_ranks: int = 1

    @property
    def first(self) -> bool:
        """Whether this is the process that shows progress, logs and writes."""
        return self.rank == 0

    def share(self, episode: Episode) -> Episode:
        """Return the tasks of a step that this process works on."""
        return episode if self.n_ranks == 1 else share(episode, self.rank, self.n_ranks)

    def from_first(self, act: Callable[[], T]) -> T:
        """Let the first process act; all get what it got, or raise what stopped it."""
        if self.n_ranks == 1:
            return act()
        got = _outcome(act) if self.first else None
        got = self.fabric.broadcast(got)
        if isinstance(got, Exception):
            raise got
        return got  # pyright: ignore[reportReturnType]

    @contextmanager
    def noise(self) -> Iterator[None]:
        """For one step, let what torch draws by itself differ from process to process.

        The noise of each is a child of the common one, so a checkpoint of the first holds it all.
        """
        if self.n_ranks == 1:
            yield
            return
        with initialised_with(seeded(int(torch.randint(2**62, ())) + self.rank)):
            yield

    def agree(self, loss: Tensor, learner: nn.Module) -> Tensor:
        """Average loss and gradients over the processes, in place; return the loss.

        Buffers, such as running statistics, become those of the first process.
        """
        if self.n_ranks == 1:
            return loss
        weights = [weight for weight in learner.parameters() if weight.requires_grad]
        grads = [_gradient(weight) for weight in weights]
        has_one = loss.new_tensor([float(weight.grad is not None) for weight in weights])
        buffers = [b for b in learner.buffers() if b.is_floating_point()]
        told = buffers if self.first else [torch.zeros_like(b) for b in buffers]
        parts = _summed([loss / self.n_ranks, has_one, *(g / self.n_ranks for g in grads), *told])
        for weight, grad, mean, holders in zip(
            weights, grads, parts[2 : 2 + len(grads)], parts[1].tolist(), strict=True
        ):
            weight.grad = grad.copy_(mean) if holders else None
        with torch.no_grad():
            for buffer, of_first in zip(buffers, parts[2 + len(grads) :], strict=True):
                buffer.copy_(of_first)
        return parts[0]


def muster(device: torch.device, precision: Precision) -> Crew:
    """Return the processes that `torchrun` started, joined, or this one alone.

    Args:
        device: alone, where to compute; with others, which kind of device each has one of.

    Raises:
        ValueError: if several processes are to compute on one named GPU.
    """
    n_ranks = int(os.environ["WORLD_SIZE"]) if _started_by_torchrun() else 1
    if n_ranks == 1:
        places = [device.index or 0] if device.type == "cuda" else 1
        return Crew(Fabric(accelerator=device.type, devices=places, precision=precision), device)
    if device.index is not None:
        raise ValueError(
            f"each of {n_ranks} processes computes on a device of its own; found {str(device)!r}. "
            f"Ask for {device.type!r}."
        )
    here = int(os.environ["LOCAL_WORLD_SIZE"])
    fabric = Fabric(
        accelerator=device.type,
        devices=here,
        num_nodes=n_ranks // here,
        strategy="ddp",
        precision=precision,
    )
    fabric.launch()  # they run already: this joins them
    return Crew(fabric, fabric.device, fabric.global_rank, n_ranks)


def _started_by_torchrun() -> bool:
    return dist.is_available() and dist.is_torchelastic_launched()


def _outcome(act: Callable[[], T]) -> T | Exception:
    try:
        return act()
    except Exception as error:
        return error


def _gradient(weight: Tensor) -> Tensor:
    """Return the gradient, or zeros that lie in memory as the weight does."""
    return torch.zeros_like(weight) if weight.grad is None else weight.grad


def _summed(parts: list[Tensor]) -> list[Tensor]:
    """Return the sum of each part over all processes."""
    message = torch.cat([part.detach().reshape(-1) for part in parts])
    dist.all_reduce(message)
    pieces = message.split([part.numel() for part in parts])
    return [piece.view(part.shape) for piece, part in zip(pieces, parts, strict=True)]
