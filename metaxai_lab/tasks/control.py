"""Things that move under physics of their own: each task is a world with its gravity and masses.

A few steps are seen, and the next change is asked; which columns act is known from the equations.
The same worlds come as Gymnasium environments, to be steered. Varied physics as tasks: Packer et
al. (2018), section 3. Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import gymnasium
import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.physics import SYSTEMS, System
from metaxai_lab.tasks.sampling import check_sizes


@dataclass(frozen=True)
class ControlTasks:
    """A stack of worlds, with the physics that `ControlFamily.tasks` drew for each.

    Args:
        physics: the truth: each physical number by Gymnasium's name, one for each world.
        target: the column whose change is asked.
    """

    name: Literal["cartpole", "pendulum"]
    physics: Mapping[str, Float[Tensor, "*tasks"]]
    target: int

    @property
    def system(self) -> System:
        """Return what all these worlds share."""
        return SYSTEMS[self.name]

    def step(
        self, state: Float[Tensor, "*tasks row state"], action: Float[Tensor, "*tasks row"]
    ) -> Float[Tensor, "*tasks row state"]:
        """Return the states one step later, as Gymnasium's own step gives them."""
        numbers = {name: one.to(state)[..., None] for name, one in self.physics.items()}
        return self.system.step(state, action, **numbers)

    def draw(self, *, k_support: int, n_query: int, generator: Generator) -> Episode:
        """Draw rows of what is seen and the action, with the change of the target in a step.

        States and actions are drawn evenly over the reach of the system, so rows do not follow one
        another. The truth marks the columns on which the change depends.

        Raises:
            ValueError: if a number is below 1.
        """
        check_sizes(k_support=k_support, n_query=n_query)
        first = next(iter(self.physics.values()))
        shape = (*first.shape, k_support + n_query)
        reach = torch.tensor(self.system.reach)
        chance = torch.rand((*shape, len(reach)), generator=generator)
        state = (reach * (2 * chance - 1)).to(first)
        action = self._actions(shape, generator).to(first)
        seen, later = self.system.see(state), self.system.see(self.step(state, action))
        x = torch.cat([seen, action[..., None]], -1)
        y = (later - seen)[..., self.target]
        support = Examples(x[..., :k_support, :], y[..., :k_support])
        query = Examples(x[..., k_support:, :], y[..., k_support:])
        acts = torch.zeros(x.shape[-1], dtype=torch.bool, device=x.device)
        acts[list(self.system.acts[self.target])] = True
        return Episode(support, query, acts.expand(query.x.shape).clone())

    def env(self, index: int, *, generator: Generator) -> gymnasium.Env:
        """Return one world as a Gymnasium environment, reset and seeded from `generator`.

        Its physics can be read from `env.unwrapped`, by the names of `physics`.
        """
        env = gymnasium.make(self.system.env_id)
        world: Any = env.unwrapped
        for name, values in self.physics.items():
            setattr(world, name, float(values[index]))
        if self.name == "cartpole":
            world.total_mass = world.masscart + world.masspole
            world.polemass_length = world.masspole * world.length
        env.reset(seed=int(torch.randint(2**31, (), generator=generator)))
        return env

    def to(self, device: torch.device | str) -> "ControlTasks":
        """Return the same worlds on `device`; what they draw lies there too."""
        return replace(self, physics={name: one.to(device) for name, one in self.physics.items()})

    def _actions(self, shape: tuple[int, ...], generator: Generator) -> Float[Tensor, "..."]:
        chance = torch.rand(shape, generator=generator)
        if self.system.forces is None:
            return (chance < 0.5).float()
        low, high = self.system.forces
        return low + (high - low) * chance


@dataclass(frozen=True)
class ControlFamily:
    """Worlds of one kind, their physics drawn evenly from ranges.

    Args:
        ranges: those to be changed, by the names of `SYSTEMS[name].ranges`; equal ends hold a
            number fixed.
        target: the column whose change is asked; the turning speed where it is None.

    Raises:
        ValueError: if the name, a physical number, a range or the target is unknown or unfit.
    """

    name: Literal["cartpole", "pendulum"] = "cartpole"
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    target: int | None = None

    def __post_init__(self) -> None:
        if self.name not in SYSTEMS:
            raise ValueError(f"name needs one of {', '.join(SYSTEMS)}; found {self.name!r}.")
        system = SYSTEMS[self.name]
        _refuse_unfit_ranges(self.name, self.ranges)
        seen = system.columns[:-1]
        if self.target is not None and not 0 <= self.target < len(seen):
            raise ValueError(
                f"target needs a column from 0 to {len(seen) - 1} ({', '.join(seen)}); found "
                f"{self.target}."
            )

    def tasks(self, n_tasks: int, *, generator: Generator) -> ControlTasks:
        """Draw worlds with their physics; rows and environments come from them.

        Raises:
            ValueError: if `n_tasks` is below 1.
        """
        check_sizes(n_tasks=n_tasks)
        system = SYSTEMS[self.name]
        physics = {}
        for name, usual in system.ranges.items():
            low, high = self.ranges.get(name, usual)
            physics[name] = low + (high - low) * torch.rand(n_tasks, generator=generator)
        turning = system.columns.index("turning speed")
        return ControlTasks(self.name, physics, turning if self.target is None else self.target)

    def draw(self, *, k_support: int, n_query: int, n_tasks: int, generator: Generator) -> Episode:
        """Draw new worlds and rows of each, stacked; `ControlTasks.draw` says what they hold."""
        tasks = self.tasks(n_tasks, generator=generator)
        return tasks.draw(k_support=k_support, n_query=n_query, generator=generator)


def _refuse_unfit_ranges(name: str, ranges: Mapping[str, tuple[float, float]]) -> None:
    known = SYSTEMS[name].ranges
    for number, (low, high) in ranges.items():
        if number not in known:
            raise ValueError(f"a {name} has {', '.join(known)}; found a range of {number!r}.")
        if not 0 < low <= high < float("inf"):
            raise ValueError(
                f"the range of {number} needs two numbers above 0, the lower first; found "
                f"({low}, {high})."
            )
