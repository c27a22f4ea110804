"""A network on top of the closed form: it reads the answers of a model and corrects the values.

Coalitions and columns tell each other what they know: a coalition hears from the columns in it and
from those outside, a column from the coalitions that know it and from those that do not, and from
the same column in other rows. No column has a name, so any order gives the same. Its last layer
begins at 0, so that before training it is the closed form; what it adds is centred, so that values
add up. It learns from games of random models, and takes no step on the model in hand.
Chapter: book/local/travelling_explainer.ipynb.
"""

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor, nn

from metaxai_lab.core import initialised_with
from metaxai_lab.explainers.coalition_prior import Prior
from metaxai_lab.explainers.played_games import PlayedGames
from metaxai_lab.explainers.process_training import error_share
from metaxai_lab.learners.stepping import one_cycle

ROUNDS = 2
SMALL = 0.1  # of a game's size: the unit of a correction


def _layers(n_in: int, width: int, n_out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(n_in, width), nn.SiLU(), nn.Linear(width, n_out))


class InContext(nn.Module):
    """Corrects Shapley values of the closed form by a few rounds of messages.

    Args:
        width: of what columns and coalitions remember.
    """

    def __init__(self, *, width: int = 32, generator: Generator) -> None:
        super().__init__()
        with initialised_with(generator):
            self.first = _layers(4, width, width)
            self.to_coalitions = nn.ModuleList(
                _layers(3 + 2 * width, width, width) for _ in range(ROUNDS)
            )
            self.to_columns = nn.ModuleList(
                _layers(5 * width, 2 * width, width) for _ in range(ROUNDS)
            )
            self.last = nn.Linear(width, 1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(
        self,
        answers: Float[Tensor, "task row query"],
        masks: Bool[Tensor, "query feature"],
        pilot: Float[Tensor, "task row feature"],
    ) -> Float[Tensor, "task row feature"]:
        """Return corrected values; they add up to what `pilot` adds up to.

        Args:
            answers: v(S) - v(no column) of each coalition asked.
            pilot: Shapley values by the closed form.
        """
        size = answers.square().mean(-1, keepdim=True).sqrt().clamp(min=1e-9)
        u, b, known = (answers / size).float(), (pilot / size).float(), masks.float()
        left = u - b @ known.T
        inside = known / known.sum(1, keepdim=True)
        outside = (1 - known) / (1 - known).sum(1, keepdim=True).clamp(min=1)
        often = b.square().mean(1, keepdim=True).sqrt().expand_as(b)
        column = self.first(torch.stack([b, b.abs(), often, (often + 1e-3).log() / 3], -1))
        share = known.mean(1).expand_as(u)
        told = torch.stack([u, 5 * left, share], -1)
        for ask, answer in zip(self.to_coalitions, self.to_columns, strict=True):
            heard = ask(torch.cat([told, inside @ column, outside @ column], -1))
            into = known.T @ heard / len(known)
            away = (1 - known).T @ heard / len(known)
            rows = column.mean(1, keepdim=True).expand_as(column)
            columns = column.mean(2, keepdim=True).expand_as(column)
            column = column + answer(torch.cat([column, into, away, rows, columns], -1))
        extra = SMALL * self.last(column)[..., 0].double()
        return pilot + size * (extra - extra.mean(-1, keepdim=True))


def train_in_context(
    net: InContext,
    games: PlayedGames,
    prior: Prior,
    *,
    queries: tuple[int, ...],
    steps: int = 3000,
    n_models: int = 12,
    outer_lr: float = 2e-3,
    generator: Generator,
) -> list[float]:
    """Train in place on games that are played to the end; return the error of each step.

    Args:
        queries: numbers of questions, taken in turn.
        n_models: in a step; each step gives the columns another order.
    """
    optimiser = torch.optim.AdamW(net.parameters(), outer_lr, fused=True)
    exact, losses = games.exact, []
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = outer_lr * one_cycle(step, steps)
        chosen = torch.randint(len(exact), (n_models,), generator=generator)
        order = torch.randperm(games.n_features, generator=generator)
        masks = prior.design(queries[step % len(queries)])
        turned = masks[:, order]
        answers = games.asked(turned, chosen)
        pilot = prior.joint(turned).shapley(answers)[0]
        loss = error_share(net(answers, turned, pilot), exact[chosen])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        losses.append(float(loss.detach()))
    return losses
