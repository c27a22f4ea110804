"""The inner loop: the weights of every task descend its own support loss, all side by side.

Tasks are independent, so the gradient of the sum of their losses holds the gradient of each.
Whatever turns a gradient into a step is a function `move`, so a rule that is learned fits here too.
Source: Finn, Abbeel & Levine (2017), section 2.2; first order: their section 5.2.
Chapter: book/concepts/learning_to_learn.ipynb.
"""

from collections.abc import Callable, Collection
from math import inf, prod
from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float, Num
from torch import Tensor, nn

from metaxai_lab.core import Episode, Examples, MetaLearner
from metaxai_lab.learners.base_nets import AdaptedModel, Weights, answers, stacked
from metaxai_lab.learners.stepping import DivergedError

Move = Callable[[int, Weights, Weights], Weights]  # step, weights, gradients -> weights that moved
Order = Literal["second", "first"]


def task_losses(
    outputs: Float[Tensor, "*tasks row output"],
    y: Num[Tensor, "*tasks row"],
    row_weights: Float[Tensor, "*tasks row"] | None = None,
) -> Float[Tensor, "*tasks"]:
    """Return the mean loss of the rows of each task.

    Whole numbers are classes: cross entropy, in nats. Others are targets: the squared error of the
    first output column.

    Args:
        row_weights: how much each row counts in the mean; all alike if None.
    """
    if y.is_floating_point():
        losses = (outputs[..., 0] - y).square()
    else:
        losses = F.cross_entropy(outputs.flatten(0, -2), y.flatten().long(), reduction="none")
        losses = losses.view(y.shape)
    if row_weights is None:
        return losses.mean(-1)
    return (row_weights * losses).sum(-1) / row_weights.sum(-1)


def task_loss(learner: MetaLearner, episode: Episode) -> Float[Tensor, ""]:
    """Return the loss of the query rows once the support rows were learned, mean over the tasks.

    Raises:
        ValueError: if a label is not one of the model's classes.
    """
    outputs = learner.adapt(episode.support)(episode.query.x)
    refuse_labels(episode.query.y, outputs.shape[-1])
    return task_losses(outputs, episode.query.y).mean()


def adapted(
    net: nn.Module,
    support: Examples,
    move: Move,
    *,
    steps: int,
    order: Order,
    advice: str,
    only: Collection[str] | None = None,
    row_weights: Float[Tensor, "*tasks row"] | None = None,
) -> AdaptedModel:
    """Return `net` as `steps` moves on the support rows leave it, for one task or a stack of them.

    Where gradients are enabled they flow from the model back to the weights of `net` and to the
    support rows: through the moves ("second"), or as if each move were a constant ("first"). Where
    they are not, the loop runs all the same, and the weights that it leaves are constants.

    Args:
        only: the names of the weights that move; all of them if None.
        row_weights: how much each support row counts in the loss; all alike if None. Gradients
            flow to them through the moves, whatever the order.

    Raises:
        DivergedError: if a loss or a weight is not finite; `advice` is the end of what it says.
        ValueError: if a label is not one of the net's classes, or `steps` is negative.
    """
    if steps < 0:
        raise ValueError(f"an inner loop makes 0 steps or more; found {steps}.")
    live = torch.is_grad_enabled()
    with torch.inference_mode(False), torch.enable_grad():
        rows = one_stack(support)
        counting = None if row_weights is None else row_weights.reshape(rows.y.shape)
        weights = stacked(dict(net.named_parameters()), len(rows.y))
        moving = list(weights) if only is None else only
        losses = []
        for step in range(steps):
            held = {name: _movable(weights[name], live) for name in moving}
            outputs = answers(net, weights | held, rows.x)
            if step == 0:
                refuse_labels(rows.y, outputs.shape[-1])
            losses.append(task_losses(outputs, rows.y, counting))
            through = live and (order == "second" or counting is not None)
            gradients = _gradients(losses[-1], held, through=through)
            weights = weights | move(step, held, gradients)
    tasks = tuple(support.y.shape[:-1])
    refuse_divergence(losses, weights, tasks, advice)
    return AdaptedModel(net, weights if live else constants(weights), tasks)


def refuse_labels(y: Num[Tensor, "*tasks row"], n_classes: int) -> None:
    """Let through targets, and labels that are numbers of classes.

    Raises:
        ValueError: if a label is negative, or `n_classes` or more.
    """
    if y.is_floating_point():
        return
    least, most = (int(end) for end in y.aminmax())
    if least < 0 or most >= n_classes:
        raise ValueError(
            f"a net of {n_classes} outputs knows the classes 0 to {n_classes - 1}; found labels "
            f"from {least} to {most}. Number the classes anew, make the net with "
            f"n_out={most + 1}, or make targets of regression floats."
        )


def refuse_loop(*, inner_lr: float, inner_steps: int, order: str = "second") -> None:
    """Let through the settings of an inner loop that can be run.

    Raises:
        ValueError: if one is out of range.
    """
    if not 0 < inner_lr < inf:
        raise ValueError(f"inner_lr is positive and finite; found {inner_lr}.")
    if inner_steps < 0:
        raise ValueError(f"inner_steps counts steps and is 0 or more; found {inner_steps}.")
    if order not in ("second", "first"):
        raise ValueError(f"order is 'second' or 'first'; found {order!r}.")


def constants(weights: Weights) -> Weights:
    """Return the same weights, cut off from what they came from."""
    return {name: weight.detach() for name, weight in weights.items()}


def one_stack(support: Examples) -> Examples:
    """Return the rows with one axis of tasks, as tensors that gradients can be taken through."""
    x, y = (t.clone() if t.is_inference() else t for t in (support.x, support.y))
    n_tasks, n_rows = prod(y.shape[:-1]), y.shape[-1]
    return Examples(x.reshape(n_tasks, n_rows, x.shape[-1]), y.reshape(n_tasks, n_rows))


def _movable(weight: Tensor, live: bool) -> Tensor:
    """Return the weight as something that a gradient can be taken by."""
    if live and weight.requires_grad:
        return weight
    return weight.detach().requires_grad_()


def _gradients(losses: Float[Tensor, " task"], held: Weights, *, through: bool) -> Weights:
    found = torch.autograd.grad(
        losses.sum(), list(held.values()), create_graph=through, materialize_grads=True
    )
    return dict(zip(held, found, strict=True))


def refuse_divergence(
    losses: list[Tensor], weights: Weights, tasks: tuple[int, ...], advice: str
) -> None:
    """Look once, at the end, at what each step measured: looking waits for the device.

    Raises:
        DivergedError: if a loss or a weight is not finite.
    """
    with torch.no_grad():
        sums = [weight.reshape(len(weight), -1).sum(1) for weight in weights.values()]
        last = torch.stack(sums).sum(0)
        fine = torch.stack([*losses, last]).isfinite()
    if fine.all():
        return
    step = int(fine.all(1).int().argmin())
    gone = (~fine[step]).nonzero().flatten().tolist()
    places = [str(tuple(int(i) for i in torch.unravel_index(torch.tensor(g), tasks))) for g in gone]
    raise DivergedError(
        f"the inner loop left the finite numbers after {step} of {len(losses)} steps, in "
        f"{len(gone)} of {prod(tasks)} tasks ({', '.join(places[:5])}). {advice}"
    )
