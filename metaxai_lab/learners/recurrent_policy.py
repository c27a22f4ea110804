"""A policy with a memory of its own trial: a state that is carried on, and attention over the past.

Each past step is a row: what was seen, the push, what changed, whether the pole fell. A carried
state asks, together with what is seen now; past steps answer by their keys; the weighted sum of
what they hold says, with what is seen now, how to push. Nothing is trained while it acts: what it
learns of a world lies in its memory. Sources: Duan et al. (2016) and Wang et al. (2016), policies
that learn by their memory; Mishra et al. (2018), attention over the past of a trial.
Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

Reads = Literal["past", "alone", "evenly", "state", "nothing"]
CARRYING = ("past", "state")
SEEN_SCALES = (2.4, 2.0, 0.21, 2.0)  # of place, speed, angle, turning speed
CHANGE_SCALES = (0.04, 0.4, 0.04, 0.6)  # of their changes in one step
N_EXTRA = 2  # of a past step, besides what was seen and what changed: the push, and the fall


@dataclass(frozen=True)
class Memory:
    """What is kept of the steps so far: a key and a content of each, and the carried state."""

    keys: Float[Tensor, "world step dim"]
    contents: Float[Tensor, "world step dim"]
    state: Float[Tensor, "world width"]


@dataclass(frozen=True)
class Decision:
    """What a policy says.

    Args:
        log_odds: of pushing right (1) and not left (0).
        value: the discounted return that it expects, in the unit of the training.
        weights: of each past step; what is missing to 1 lies on "nothing".
    """

    log_odds: Float[Tensor, "*batch"]
    value: Float[Tensor, "*batch"]
    weights: Float[Tensor, "*batch step"]


class RecurrentPolicy(nn.Module):
    """Decides on a push from what is seen now and what happened before in the trial.

    Args:
        n_seen: columns that are seen; those after the fourth are passed on as they are.
        reads: "past" weighs the past steps, asking with the carried state; "alone" does so without
            a carried state; "evenly" gives all the same weight; "state" reads the
            carried state in their place, as RL squared does; "nothing" forgets everything.
    """

    scales: Tensor
    changes: Tensor

    def __init__(
        self, *, n_seen: int = 4, dim: int = 16, width: int = 32, reads: Reads = "past"
    ) -> None:
        super().__init__()
        self.reads, self.dim, self.width = reads, dim, width
        self.row = nn.Sequential(
            nn.Linear(2 * n_seen + N_EXTRA, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh()
        )
        self.carried = nn.GRUCell(width, width)
        self.key, self.content = nn.Linear(width, dim), nn.Linear(width, dim)
        self.query = nn.Sequential(
            nn.Linear(n_seen + width, width), nn.Tanh(), nn.Linear(width, dim)
        )
        self.nothing = nn.Parameter(torch.zeros(1))
        self.from_state = nn.Linear(width, dim)
        self.head = nn.Sequential(
            nn.Linear(n_seen + dim, 2 * width),
            nn.Tanh(),
            nn.Linear(2 * width, 2 * width),
            nn.Tanh(),
            nn.Linear(2 * width, 2),
        )
        more = (1.0,) * (n_seen - len(SEEN_SCALES))
        self.register_buffer("scales", torch.tensor((*SEEN_SCALES, *more)))
        self.register_buffer("changes", torch.tensor((*CHANGE_SCALES, *more)))

    def past_step(
        self,
        seen: Float[Tensor, "*batch seen"],
        action: Float[Tensor, "*batch"],
        after: Float[Tensor, "*batch seen"],
        fell: Bool[Tensor, "*batch"],
    ) -> Float[Tensor, "*batch row"]:
        """Return the row of a step: what was seen, what changed, the push (-1 or 1), the fall."""
        changed = ((after - seen) / self.changes).clamp(-3, 3)
        extra = torch.stack([2 * action - 1, fell.to(seen)], -1)
        return torch.cat([seen / self.scales, changed, extra], -1)

    def start(self, n_worlds: int) -> Memory:
        """Return a memory that holds nothing."""
        new = self.scales.new_zeros
        return Memory(
            new(n_worlds, 0, self.dim), new(n_worlds, 0, self.dim), new(n_worlds, self.width)
        )

    def remember(self, memory: Memory, past: Float[Tensor, "world row"]) -> Memory:
        """Return the memory with one more step."""
        row = self.row(past)
        keys = torch.cat([memory.keys, self.key(row)[:, None]], 1)
        contents = torch.cat([memory.contents, self.content(row)[:, None]], 1)
        state = memory.state
        if self.reads in CARRYING:
            state = self.carried(row, state)
        return Memory(keys, contents, state)

    def decide(self, memory: Memory, seen: Float[Tensor, "world seen"]) -> Decision:
        """Return what the policy says now."""
        every = torch.ones(1, memory.keys.shape[1], dtype=torch.bool, device=seen.device)
        said = self._say(seen[:, None], memory.state[:, None], memory.keys, memory.contents, every)
        return Decision(said.log_odds[:, 0], said.value[:, 0], said.weights[:, 0])

    def forward(
        self,
        seen: Float[Tensor, "world step seen"],
        past: Float[Tensor, "world step row"],
        kept: Bool[Tensor, "#world step"] | None = None,
    ) -> Decision:
        """Return what the policy says at each step of whole trials; each reads what lies before it.

        Args:
            kept: marks the steps that may be remembered; without it, all.
        """
        n_steps = past.shape[1]
        if kept is None:
            kept = torch.ones(1, n_steps, dtype=torch.bool, device=past.device)
        rows = self.row(past)
        before = torch.ones(n_steps, n_steps, dtype=torch.bool, device=past.device).tril(-1)
        states = self._carry(rows, kept)
        return self._say(seen, states, self.key(rows), self.content(rows), before & kept[:, None])

    def _carry(
        self, rows: Float[Tensor, "world step width"], kept: Bool[Tensor, "#world step"]
    ) -> Float[Tensor, "world step width"]:
        """Return the state before each step."""
        state = torch.zeros_like(rows[:, 0])
        if self.reads not in CARRYING:
            return state[:, None].expand_as(rows)
        states = [state]
        for step in range(rows.shape[1] - 1):
            state = torch.where(kept[:, step, None], self.carried(rows[:, step], state), state)
            states.append(state)
        return torch.stack(states, 1)

    def _say(
        self, seen: Tensor, state: Tensor, keys: Tensor, contents: Tensor, known: Tensor
    ) -> Decision:
        seen = seen / self.scales
        weights = self._weigh(torch.cat([seen, state], -1), keys, known)
        if self.reads == "nothing":
            read = seen.new_zeros(*seen.shape[:-1], self.dim)
        elif self.reads == "state":
            read = self.from_state(state)
        else:
            read = weights @ contents
        log_odds, value = self.head(torch.cat([seen, read], -1)).unbind(-1)
        return Decision(log_odds, value, weights)

    def _weigh(self, asks: Tensor, keys: Tensor, known: Tensor) -> Tensor:
        """Return the weight of each known step; one more place, "nothing", is left out."""
        scores = self.query(asks) @ keys.mT / self.dim**0.5
        if self.reads == "evenly":
            scores = torch.zeros_like(scores)
        scores = scores.masked_fill(~known, -1e9)
        nothing = self.nothing.expand(*scores.shape[:-1], 1)
        return torch.cat([scores, nothing], -1).softmax(-1)[..., :-1]
