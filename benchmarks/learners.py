"""How many tasks a second MAML learns: side by side, against a plain loop, vmap and torchopt.

All ways start from the same weights and tasks and are first made to agree on the gradient; then
they take turns in one process, and the ratio to the loop is taken turn by turn, so that a noisy
machine moves both. Run `python benchmarks/learners.py`; side by side is wanted at 10 times the loop
or more on the small net. The Conv-4 is there to show where this stops: it is bound by arithmetic.
"""

import argparse
import copy
import statistics
import time
import warnings
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import NamedTuple

import torch
import torch.nn.functional as F
import torchopt
from torch import Tensor, nn
from torch.func import functional_call, grad, vmap

from metaxai_lab.classroom.costs import Result, store, this_machine
from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.learners import ConvNet, Maml, Mlp, task_loss
from metaxai_lab.learners.inner_loop import Order

INNER_LR, STEPS = 0.1, 5
COLUMNS = ["network", "order", "way", "tasks a second", "times the loop", "lowest", "highest"]
NOTE = (
    "Forwards and backwards, 5 inner steps. *Times the loop* is the median over turns of the "
    "ratio within a turn, *lowest* and *highest* its range. The Conv-4 is bound by arithmetic on "
    "a CPU: nothing is claimed for it."
)
Gradient = tuple[Tensor, ...]
Way = Callable[[], Gradient]


class Case(NamedTuple):
    """A net, the tasks it learns, and whether the outer gradient goes through the steps."""

    title: str
    net: nn.Module
    episode: Episode
    order: Order


def small_net(order: Order, n_tasks: int) -> Case:
    """Return 32 tasks of two classes over 20 columns, 10 support and 50 query rows."""
    with initialised_with(seeded(0)):
        net = Mlp(20, (40, 40), 2)
    return Case("MLP 40-40", net, tasks(n_tasks, 20, 2, n_support=10, n_query=50), order)


def conv_4(order: Order, n_tasks: int) -> Case:
    """Return tasks of five classes over pictures of 28 x 28, 5 support and 25 query rows."""
    with initialised_with(seeded(0)):
        net = ConvNet(28, width=32, n_out=5)
    return Case("Conv-4, width 32", net, tasks(n_tasks, 784, 5, n_support=5, n_query=25), order)


def tasks(n_tasks: int, n_columns: int, n_way: int, *, n_support: int, n_query: int) -> Episode:
    """Return a stack of tasks whose rows and labels are noise: what is learned costs the same."""
    generator = seeded(1)
    x = torch.rand(n_tasks, n_support + n_query, n_columns, generator=generator)
    y = torch.randint(n_way, x.shape[:2], generator=generator)
    support = Examples(x[:, :n_support].contiguous(), y[:, :n_support].contiguous())
    return Episode(support, Examples(x[:, n_support:].contiguous(), y[:, n_support:].contiguous()))


# The ways


def plain_loop(case: Case) -> Gradient:
    """Adapt to one task after another."""
    start: dict[str, Tensor] = dict(case.net.named_parameters())
    through = case.order == "second"
    total = torch.zeros(())
    for task in each(case.episode):
        weights = start
        for _ in range(STEPS):
            loss = loss_of(case.net, weights, task.support)
            grads = torch.autograd.grad(loss, list(weights.values()), create_graph=through)
            moved = (w - INNER_LR * g for w, g in zip(weights.values(), grads, strict=True))
            weights = dict(zip(weights, moved, strict=True))
        total = total + loss_of(case.net, weights, task.query) / len(case.episode.query.y)
    return torch.autograd.grad(total, list(start.values()))


def by_vmap(case: Case) -> Gradient:
    """Let `torch.func` turn the adaptation to one task into that to all."""
    start: dict[str, Tensor] = dict(case.net.named_parameters())

    def one_task(sx: Tensor, sy: Tensor, qx: Tensor, qy: Tensor) -> Tensor:
        weights = start
        for _ in range(STEPS):
            grads = grad(lambda own: F.cross_entropy(functional_call(case.net, own, sx), sy))(
                weights
            )
            weights = {k: w - INNER_LR * cut(grads[k], case.order) for k, w in weights.items()}
        return F.cross_entropy(functional_call(case.net, weights, qx), qy)

    support, query = case.episode.support, case.episode.query
    losses = vmap(one_task)(support.x, support.y, query.x, query.y)
    return torch.autograd.grad(losses.mean(), list(start.values()))


def by_torchopt(case: Case) -> Gradient:
    """Adapt to one task after another with torchopt's differentiable optimiser."""
    net = copy.deepcopy(case.net)
    inner = torchopt.MetaSGD(net, lr=INNER_LR)
    start = [torchopt.extract_state_dict(part, by="reference") for part in (net, inner)]
    weights, total = list(net.parameters()), torch.zeros(())
    for task in each(case.episode):
        for _ in range(STEPS):
            inner.step(F.cross_entropy(net(task.support.x), task.support.y))
        loss = F.cross_entropy(net(task.query.x), task.query.y)
        total = total + loss / len(case.episode.query.y)
        for part, state in zip((net, inner), start, strict=True):
            torchopt.recover_state_dict(part, state)
    return torch.autograd.grad(total, weights)


def side_by_side(case: Case) -> Gradient:
    """Adapt to all tasks with the lab's learner."""
    learner = Maml(case.net, inner_lr=INNER_LR, inner_steps=STEPS, order=case.order)
    return torch.autograd.grad(task_loss(learner, case.episode), list(case.net.parameters()))


def each(episode: Episode) -> Iterable[Episode]:
    """Go through the tasks of a stack."""
    return (episode.task(task) for task in range(len(episode.query.y)))


def loss_of(net: nn.Module, weights: dict[str, Tensor], rows: Examples) -> Tensor:
    """Return the loss of one task."""
    return F.cross_entropy(functional_call(net, weights, (rows.x,)), rows.y)


def cut(gradient: Tensor, order: Order) -> Tensor:
    """Make a constant of a gradient in first order."""
    return gradient if order == "second" else gradient.detach()


# The clock


def measured(case: Case, repeats: int, seconds: float) -> list[list[str | float]]:
    """Return a row of the table for each way, the loop first."""
    ways = {
        "plain loop": plain_loop,
        "torchopt, plain loop": by_torchopt,
        "vmap": by_vmap,
        "side by side": side_by_side,
    }
    if case.order == "first":
        del ways["torchopt, plain loop"]  # its MetaSGD is of second order
    refuse_disagreement(case, ways)
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            rates[name].append(rate(lambda way=way: way(case), case, seconds))
    rows = []
    for name, turns in rates.items():
        ratios = [own / loop for own, loop in zip(turns, rates["plain loop"], strict=True)]
        middle = [statistics.median(turns), statistics.median(ratios)]
        rows.append([case.title, case.order, name, *middle, min(ratios), max(ratios)])
    return rows


def rate(way: Way, case: Case, seconds: float) -> float:
    """Return how many tasks a second are learned, measured for that long at least."""
    begun, made = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        way()
        made += len(case.episode.query.y)
    return made / (time.perf_counter() - begun)


def refuse_disagreement(case: Case, ways: dict[str, Callable[[Case], Gradient]]) -> None:
    """Stop if a way has another gradient than the loop; this warms all of them up, too."""
    flat = {name: torch.cat([g.flatten() for g in way(case)]) for name, way in ways.items()}
    for name, found in flat.items():
        if torch.cosine_similarity(found, flat["plain loop"], 0) < 0.99999:
            raise SystemExit(f"{case.title}: {name} has another gradient than the plain loop.")


def tell(row: list[str | float]) -> None:
    """Print a row."""
    network, order, name, speed, ratio, lowest, highest = row
    print(
        f"  {network:17s} {order:7s} {name:21s} {speed:9.1f} tasks/s  "
        f"x {ratio:5.1f}  ({lowest:.1f} to {highest:.1f})",
        flush=True,
    )


def main() -> None:
    """Print the table; with --store, keep it for the page of costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=32)
    parser.add_argument("--conv-tasks", type=int, default=8, help="0 leaves the Conv-4 out")
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.5, help="of each turn")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--store", action="store_true", help="write benchmarks/results")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, {asked.tasks} tasks")
    cases = [small_net("second", asked.tasks), small_net("first", asked.tasks)]
    if asked.conv_tasks:
        cases += [conv_4("second", asked.conv_tasks), conv_4("first", asked.conv_tasks)]
    rows = []
    for case in cases:
        for row in measured(case, asked.repeats, asked.seconds):
            tell(row)
            rows.append(row)
    if asked.store:
        command = "python benchmarks/learners.py --store"
        title = f"MAML, {asked.tasks} tasks at once (Conv-4: {asked.conv_tasks})"
        versions = {"torchopt": version("torchopt")}
        store("learners", [Result(title, command, this_machine() | versions, COLUMNS, rows, NOTE)])


if __name__ == "__main__":
    warnings.filterwarnings("ignore", module="torchopt")
    main()
