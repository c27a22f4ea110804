"""The first thing that a reader may move: how a network was trained, and what it then looks at.

A few networks tell n from u. They differ in one number: how many of the pictures that they learned
from came from a second clinic, which stamps the other way round. At home all are right; elsewhere,
and in their reasons, they part. The experiment is that of `reasons_study`, in small.
Source: Zech et al. (2018). Chapter: book/intro.md.

    python -m metaxai_lab.classroom.first_minute book/first_minute.png    # the picture of README.md
"""

import sys
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from metaxai_lab.classroom import reasons_study
from metaxai_lab.classroom.reasons_study import Plan
from metaxai_lab.core import Examples, seeded
from metaxai_lab.explainers import integrated_gradients
from metaxai_lab.figures.palette import DOWN, UP, plain_spines
from metaxai_lab.widgets import FramePlayer, ink_frames, signed_frames

ELSEWHERE = (0, 10, 20, 50, 100, 250, 500)  # of a thousand pictures, those of the second clinic
SMALL = Plan(n_pictures=1000, steps=300, n_judged=500, n_explained=50)
NEW = 1000  # the seed of the pictures to judge by
FULL = 0.35  # of the strongest reason: from there on a pixel has the full colour
SHOWN = 1  # a u, with the stamp that the first clinic prints on n


@dataclass(frozen=True)
class Seen:
    """What is seen of one network.

    Args:
        elsewhere: about how many of a thousand pictures came from the second clinic.
        home: the share of right answers on new pictures of the first clinic.
        away: the same in the second clinic.
        stamp: the share of its reasons, in the second clinic, that lie on the stamp.
        reasons: what each pixel of the picture shown adds to the log-odds of u.
    """

    elsewhere: int
    home: float
    away: float
    stamp: float
    reasons: Float[Tensor, "height width"]

    @property
    def caption(self) -> str:
        """Say it in words."""
        few = f"About {self.elsewhere}" if self.elsewhere else "None"
        return (
            f"{few} of 1000 pictures came from the second clinic. The network is right "
            f"on ≈ {self.home:.0%} of new pictures at home and on ≈ {self.away:.0%} in the second "
            f"clinic, and ≈ {self.stamp:.0%} of its reasons lie on the stamp."
        )


def look(elsewhere: int, *, seed: int, plan: Plan = SMALL) -> Seen:
    """Train one network, judge it in both clinics, and explain one of its answers."""
    net = reasons_study.train(1 - elsewhere / 1000, seed=seed, plan=plan)
    home, away = clinics(plan)
    reasons = integrated_gradients(net, away.x[SHOWN : SHOWN + 1], target=0).values
    some = Examples(away.x[: plan.n_explained], away.y[: plan.n_explained])
    return Seen(
        elsewhere,
        reasons_study.accuracy(net, home),
        reasons_study.accuracy(net, away),
        reasons_study.shares(integrated_gradients, net, some).mean().item(),
        reasons.view(reasons_study.SIDE, reasons_study.SIDE).detach(),
    )


def clinics(plan: Plan = SMALL) -> tuple[Examples, Examples]:
    """Return new pictures as each clinic stamps them."""
    bare = reasons_study.letters(plan.n_judged, generator=seeded(NEW))
    return reasons_study.stamped(bare, bare.y), reasons_study.stamped(bare, 1 - bare.y)


def player(found: list[Seen]) -> FramePlayer:
    """Return a player with a frame for each network: its picture, its reasons, and its marks."""
    return FramePlayer(
        {
            "a picture": asked(),
            "why u (blue), why n (orange)": tinted(found),
            "in per cent": [bars(one) for one in found],
        },
        captions=[one.caption for one in found],
        slider="pictures from elsewhere",
        labels=[one.elsewhere for one in found],
    )


def asked() -> Float[Tensor, "1 height width"]:
    """Return the picture that all are asked about."""
    return clinics()[1].x[SHOWN].view(1, reasons_study.SIDE, reasons_study.SIDE)


def tinted(found: list[Seen]) -> UInt8[np.ndarray, "network height width 3"]:
    """Draw the reasons of each network over the picture, which shines through."""
    reasons = torch.stack([one.reasons / one.reasons.abs().max() for one in found])
    return np.minimum(signed_frames(reasons, highest=FULL), ink_frames(0.15 * asked()))


def bars(one: Seen) -> Figure:
    """Draw the three numbers of a network."""
    figure = Figure(figsize=(3.4, 1.92), layout="constrained")
    _bars(figure.subplots(), one)
    return figure


def picture(found: list[Seen]) -> Figure:
    """Draw some networks side by side, each with its reasons and its three numbers."""
    figure = Figure(figsize=(8.0, 4.0), layout="constrained")
    above, below = figure.subplots(2, len(found), height_ratios=(3, 2), squeeze=False)
    for ax, one in zip(above, found, strict=True):
        ax.imshow(tinted([one])[0])
        ax.set_title(f"{one.elsewhere} of 1000 pictures\nfrom the second clinic", fontsize=10)
        ax.set_axis_off()
    for ax, one in zip(below, found, strict=True):
        _bars(ax, one)
        if one is not found[0]:
            ax.set_yticks([])
    return figure


def _bars(ax: Axes, one: Seen) -> None:
    names = ["on the stamp", "right elsewhere", "right at home"]
    numbers = [100 * share for share in (one.stamp, one.away, one.home)]
    drawn = ax.barh(names, numbers, color=[DOWN, UP, UP])
    ax.bar_label(drawn, fmt="%.0f", padding=3)
    ax.set_xlim(0, 115)
    ax.set_xticks([0, 50, 100])
    plain_spines(ax)


if __name__ == "__main__":
    shown = [look(elsewhere, seed=0) for elsewhere in (0, 50, 500)]
    picture(shown).savefig(sys.argv[1], dpi=110, metadata={"Software": None})
    print("\n".join(one.caption for one in shown))
