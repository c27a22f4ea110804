"""A network that was trained to explain one model, ready to serve items one at a time.

Whether the model is still the one that it was trained for is asked once, when the service opens or
the model is replaced, and not with every item. Chapter: book/outlook/in_real_time.ipynb.
"""

from dataclasses import dataclass

import torch

from metaxai_lab.classroom.real_time_explainers import Mill, Rows
from metaxai_lab.core import Model, at_scale, seeded
from metaxai_lab.explainers import AmortizedExplainer, Training, amortize
from metaxai_lab.explainers.amortized_net import add_up


@dataclass(frozen=True, eq=False)
class Trained:
    """An amortised explainer in service."""

    explainer: AmortizedExplainer
    model: Model

    @torch.no_grad()
    def __call__(self, rows: Rows) -> Rows:
        """Explain rows of its model: one query and the network."""
        totals = self.model(rows)[..., 0] - self.explainer.reference
        return add_up(self.explainer.net(rows[None])[0], totals)

    def opened_for(self, model: Model, rows: Rows) -> None:
        """Ask whether a model is the one that it was trained for.

        Raises:
            ValueError: if it is another.
        """
        self.explainer(model, rows, target=0)


def amortized(one: Mill, *, seed: int = 0) -> Trained:
    """Train a network for this one model, in a few seconds."""
    n_rows, steps = at_scale(quick=(3000, 700), full=(12_000, 3000))
    found = amortize(
        one.game, one.seen, n_rows=n_rows, training=Training(steps=steps), generator=seeded(seed)
    )
    return Trained(found, one.model)
