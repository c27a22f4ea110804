"""One road of `road` as a Gymnasium environment: what is seen and felt, and two actions.

The same steps, in the same words as every other control task. Source: Towers et al. (2024).
Chapter: book/applications/driving.ipynb.
"""

from typing import Any, ClassVar

import gymnasium
import numpy as np
import torch
from torch import Generator

from metaxai_lab.core import seeded
from metaxai_lab.tasks.road import FASTEST, FRICTIONS, End, Roads, Trip, draw_roads

FARTHEST = 10_000.0  # metres; no gap and no bend is farther
LOW = (-FARTHEST, 0.0, 0.0, -FARTHEST, 0.0, 0.0, -50.0)
HIGH = (FARTHEST, FASTEST, FASTEST, FARTHEST, FARTHEST, 1.0, 50.0)


class RoadEnv(gymnasium.Env):
    """Drive on (0) or brake (1); observed is `SEEN`, whether the last step braked, what was felt.

    A step that ends without harm gives the metres driven as a reward, in tens; harm costs 100. A
    trip is over by a collision or beside the road, and is cut off at the horizon.

    Args:
        roads: of which the first world is driven; a new world at each reset if None.
        frictions: between which the friction of a new world is drawn.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": []}

    def __init__(
        self, roads: Roads | None = None, *, frictions: tuple[float, float] = FRICTIONS
    ) -> None:
        self.observation_space = gymnasium.spaces.Box(
            np.array(LOW, np.float32), np.array(HIGH, np.float32), dtype=np.float32
        )
        self.action_space = gymnasium.spaces.Discrete(2)
        self._roads, self._frictions = roads, frictions
        self._trip: Trip | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Begin a trip; the friction stands in the information, not in what is observed."""
        super().reset(seed=seed)
        roads = self._roads
        if roads is None:
            roads = draw_roads(1, frictions=self._frictions, generator=self._generator())
        self._trip = roads.begin()
        return self._observed(self._trip), {"friction": float(roads.friction[0, 0])}

    def step(self, action: Any) -> tuple[np.ndarray, float, bool, bool, dict[str, Any]]:
        """Brake or drive on for half a second.

        Raises:
            RuntimeError: if the trip is over, or was never begun.
        """
        if self._trip is None or not bool(self._trip.going[0]):
            raise RuntimeError("this trip is over; begin a new one with env.reset().")
        before = self._trip
        brake = torch.full_like(before.braked, bool(int(action) == 1))
        self._trip = trip = before.after(brake)
        end = End(int(trip.end[0]))
        harmed = end in (End.COLLIDED, End.LEFT_ROAD)
        driven = float(before.seen[0, 1] + trip.seen[0, 1]) / 4
        reward = -100.0 if harmed else driven / 10
        told = {"end": end.name}
        return self._observed(trip), reward, harmed, end == End.ARRIVED, told

    def _generator(self) -> Generator:
        return seeded(int(self.np_random.integers(2**31)))

    def _observed(self, trip: Trip) -> np.ndarray:
        felt = torch.stack([trip.braked[0].to(trip.felt), trip.felt[0]])
        row = torch.cat([trip.seen[0], felt]).cpu().numpy().astype(np.float32)
        return np.clip(row, np.array(LOW, np.float32), np.array(HIGH, np.float32))
