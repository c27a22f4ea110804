"""An explainer that is trained once for one model, and then answers a row in microseconds.

It pays for its questions before the first explanation and asks the model once for each row
afterwards. It is a model itself: on rows unlike those it was trained on it errs in silence, but for
`gap_before`. Source: Jethani et al. (2022). Chapter: book/local/amortized.ipynb.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Attribution, Model
from metaxai_lab.explainers.amortized_net import AmortizedNet, add_up, coalition_loss
from metaxai_lab.explainers.game import Game
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import explained
from metaxai_lab.explainers.stored_values import StoredValues, more_rows, store_coalitions
from metaxai_lab.learners.outer_loop import meta_train

N_PROBES = 8  # rows of the background by which a model is known again


@dataclass(frozen=True)
class Training:
    """How the network of an amortised explainer is trained.

    Args:
        width: of its two hidden layers.
        n_members: of the ensemble; with two or more, explanations have a spread.
        batch: rows in a step, shared out among the members.
    """

    width: int = 128
    n_members: int = 1
    steps: int = 1000
    batch: int = 384
    outer_lr: float = 0.012
    weight_decay: float = 0.01


@dataclass(frozen=True, eq=False)
class AmortizedExplainer:
    """Explains the one model and output that it was trained for.

    Args:
        net: writes the shares.
        game: the model, the background and the output that it learned from.
        reference: v(no column) of that game.
        probes: what the model says of some rows of the background.
        n_queries: values of the game that it was trained on.
        widen: what the disagreement of the members is multiplied by to give the spread.
    """

    net: AmortizedNet
    game: Game
    reference: float
    probes: Float[Tensor, " probe"]
    n_queries: int
    widen: float = 1.0

    @torch.no_grad()
    def __call__(
        self, model: Model, x: Float[Tensor, "*tasks row feature"], *, target: Target
    ) -> Attribution:
        """Return the shares of each row; the mean of an ensemble, and how far its members disagree.

        Raises:
            ValueError: if rows have other columns, or model or target are not those it was trained
                for.
        """
        output, shares = self._asked(model, x, target)
        members = add_up(shares, (output - self.reference).expand(shares.shape[:-1]))
        spread = self.widen * members.std(0) if len(members) > 1 else None
        start = torch.full_like(output, self.reference)
        return Attribution(members.mean(0), x, output, start, unit=self.game.unit, spread=spread)

    @torch.no_grad()
    def gap_before(
        self, model: Model, x: Float[Tensor, "*tasks row feature"], *, target: Target
    ) -> Float[Tensor, "*tasks row"]:
        """Return what the shares of each row lack before they are made to add up: a warning sign.

        Raises:
            ValueError: as when it explains.
        """
        output, shares = self._asked(model, x, target)
        return output - self.reference - shares.mean(0).sum(-1)

    def _asked(self, model: Model, x: Tensor, target: Target) -> tuple[Tensor, Tensor]:
        """Return the output of each row, and the shares as each member writes them."""
        self._refuse_others(model, x, target)
        rows = x.reshape(-1, x.shape[-1])
        shares = self.net(rows.expand(self.net.n_members, *rows.shape))
        return explained(model, target)(x), shares.reshape(-1, *x.shape)

    def _refuse_others(self, model: Model, x: Tensor, target: Target) -> None:
        n = self.net.n_features
        if x.shape[-1] != n:
            raise ValueError(
                f"this explainer was trained for a model of {n} columns; found rows of "
                f"{x.shape[-1]}. Train one for this model, or use an explainer that travels."
            )
        if not bool((torch.as_tensor(target) == self.game.target).all()):
            raise ValueError(
                f"this explainer was trained for output {self.game.target}; asked for {target}."
            )
        found = explained(model, self.game.target)(self.game.background[:N_PROBES])
        if not torch.allclose(found, self.probes, rtol=1e-2, atol=1e-3):
            raise ValueError(
                "this explainer was trained for another model: on rows of the background it said "
                f"{_short(self.probes)}, and this one says {_short(found)}. Train one for this "
                "model, or use an explainer that travels."
            )


def amortize(
    game: Game,
    rows: Float[Tensor, "row feature"],
    *,
    n_rows: int = 12_000,
    n_coalitions: int = 16,
    training: Training | None = None,
    generator: Generator,
) -> AmortizedExplainer:
    """Ask a game for `n_coalitions` of each of `n_rows` rows, and learn to explain it from that.

    Args:
        rows: such as will be explained; drawn again, and moved a little, until there are enough.

    Raises:
        ModelFailedError: if the model fails.
        ValueError: as `learned` and `store_coalitions` do.
    """
    more = more_rows(rows, n_rows, generator=generator)
    stored = store_coalitions(game, more, n_coalitions=n_coalitions, generator=generator)
    return learned(game, stored, training=training, generator=generator)


def learned(
    game: Game,
    stored: StoredValues,
    *,
    training: Training | None = None,
    start: AmortizedNet | None = None,
    on_step: Callable[[int, AmortizedNet], None] | None = None,
    generator: Generator,
) -> AmortizedExplainer:
    """Learn to explain a game from values that are stored already: nothing more is asked.

    Args:
        on_step: called after each step with the number of steps made and the network.
        start: a network to begin with, which stays as it is; a new one of `training` if None.

    Raises:
        ValueError: if the game is played by a stack of tasks, or has an output for each row.
    """
    if game.background.ndim != 2 or isinstance(game.target, Tensor):
        raise ValueError(
            "an amortised explainer serves one model and one output; found a background "
            f"{tuple(game.background.shape)} and the target {game.target}."
        )
    how = training or Training()
    net = deepcopy(start) or AmortizedNet(
        stored.rows, width=how.width, n_members=how.n_members, generator=generator
    )
    meta_train(
        net,
        stored.replay(net.n_members, how.batch // net.n_members),
        coalition_loss,
        steps=how.steps,
        outer_lr=how.outer_lr,
        weight_decay=how.weight_decay,
        generator=generator,
        device=stored.rows.device,
        on_step=None if on_step is None else lambda step, loss: on_step(step, net),
        progress=False,
    )
    return serving(net, game, stored)


@torch.no_grad()
def serving(net: AmortizedNet, game: Game, stored: StoredValues) -> AmortizedExplainer:
    """Return a network, as it is, as the explainer of a game."""
    probes = explained(game.model, game.target)(game.background[:N_PROBES])
    return AmortizedExplainer(net, game, stored.reference, probes, stored.n_queries)


def _short(values: Tensor) -> str:
    return str([round(value, 2) for value in values[:3].tolist()])
