"""Any cart of Gymnasium among our worlds: the same loop plays it, and says what is wrong with it.

Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import gymnasium
import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.tasks.rl_worlds import Step

N_SEEN = 4  # place, speed, angle, turning speed


class BrokenWorldError(ValueError):
    """An environment gave something that is no observation."""


@dataclass(frozen=True)
class GymWorlds:
    """Environments of Gymnasium side by side; one that has ended is reset at once.

    Raises:
        ValueError: if there is none, or one does not show four numbers and take one of two pushes.
    """

    envs: Sequence[gymnasium.Env]

    def __post_init__(self) -> None:
        if not self.envs:
            raise ValueError("a trial needs at least one environment; found none.")
        for index, env in enumerate(self.envs):
            shape, pushes = env.observation_space.shape, getattr(env.action_space, "n", None)
            if shape != (N_SEEN,) or pushes != 2:
                raise ValueError(
                    f"environment {index} should show {N_SEEN} numbers and take one of 2 actions; "
                    f"found {shape} and {env.action_space}."
                )

    @property
    def n_worlds(self) -> int:
        """How many environments there are."""
        return len(self.envs)

    def begin(self, *, generator: Generator) -> Float[Tensor, "world 4"]:
        """Reset all, each with a seed from `generator`."""
        every = [self._reset(index, generator) for index in range(self.n_worlds)]
        return _checked(np.stack(every), "the reset")

    def step(
        self,
        seen: Float[Tensor, "world 4"],
        action: Float[Tensor, " world"],
        *,
        now: int,
        generator: Generator,
    ) -> Step:
        """Push in each environment, and reset those that have ended.

        Raises:
            BrokenWorldError: if one shows a number that is not finite; the message names it.
        """
        said = [env.step(int(push)) for env, push in zip(self.envs, action, strict=True)]
        after = _checked(np.stack([one[0] for one in said]), f"step {now}")
        fell = torch.tensor([one[2] for one in said])
        later = after.clone()
        for index, (_, _, terminated, truncated, _) in enumerate(said):
            if terminated or truncated:
                later[index] = torch.as_tensor(self._reset(index, generator))
        return Step(after, later, fell)

    def _reset(self, index: int, generator: Generator) -> np.ndarray:
        seed = int(torch.randint(2**31, (), generator=generator))
        return np.asarray(self.envs[index].reset(seed=seed)[0], dtype=np.float32)


def how_it_ended(fell: Bool[Tensor, " step"]) -> str:
    """Say at which step the first fall came, or that the step limit stopped the trial."""
    if bool(fell.any()):
        return f"fell at step {int(fell.int().argmax())}"
    return f"stopped at the limit of {len(fell)} steps: it did not end by itself"


def _checked(seen: np.ndarray, moment: str) -> Float[Tensor, "world 4"]:
    found = torch.as_tensor(seen.astype(np.float32))
    bad = (~found.isfinite()).nonzero()
    if len(bad):
        index, column = bad[0].tolist()
        raise BrokenWorldError(
            f"environment {index} gave {float(found[index, column])} in column {column} at "
            f"{moment}. Nothing after it can be trusted; mend the environment and play anew."
        )
    return found
