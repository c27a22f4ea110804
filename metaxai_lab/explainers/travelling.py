"""An explainer for models it has never seen: few questions, chosen beforehand.

Its questions and the way it combines the answers were learned from games of other models. With
`steps`, it first adapts to the model in hand, by the answers it has. Either way the values add up
to the output, and each comes with its spread. Chapter: book/local/travelling_explainer.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Attribution
from metaxai_lab.explainers.coalition_prior import Prior
from metaxai_lab.explainers.coalition_process import CoalitionProcess
from metaxai_lab.explainers.game import Game


def travelling(
    game: Game,
    rows: Float[Tensor, "*tasks row feature"],
    *,
    prior: Prior,
    n_queries: int,
    process: CoalitionProcess | None = None,
    steps: int = 0,
) -> Attribution:
    """Explain rows of a model by what other models had in common.

    Args:
        n_queries: values asked for each row, both ends included; an odd one is not spent.
        process: what adapts to the model; all rows of a model adapt it together.
        steps: of adaptation.

    Raises:
        ModelFailedError: if the model fails; what is paid for is kept, as by `Game.values`.
        ValueError: if the prior is of games of another number of columns, the number of queries is
            out of range, or steps are asked for without a process.
    """
    if prior.n_features != game.n_features:
        raise ValueError(
            f"this prior was learned from games of {prior.n_features} columns; the game has "
            f"{game.n_features}. Learn one from games of {game.n_features}, or use kernel_shap."
        )
    if steps and process is None:
        raise ValueError(f"{steps} steps of adaptation need a process; pass process=.")
    masks = prior.design(n_queries).to(rows.device)
    values = game.values(rows, torch.cat([masks.new_zeros(1, masks.shape[1]), masks]))
    answers = (values[..., 1:] - values[..., :1]).double().cpu()
    found, spread = prior.joint(masks.cpu()).shapley(answers)
    if process is not None:
        stack = (-1, *answers.shape[-2:])
        pilot = found.reshape(-1, *found.shape[-2:])
        with torch.no_grad():
            found, spread = process.shapley(answers.reshape(stack), masks.cpu(), pilot, steps)
    found, spread = (x.reshape(rows.shape).to(rows) for x in (found, spread))
    return game.shares(rows, found, (values[..., 0], values[..., 1]), spread)
