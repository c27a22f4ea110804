"""Does the explanation name the columns that made a machine fail? Halls of machines that judge it.

A hall is a model of three modes of failure, a background of runs without failure, and failures of
other machines by exactly one rule. What is explained is the log-odds of the mode that the model
finds likeliest. An account names a rule if the columns with the largest values, by size, as many as
the rule has, are the rule's columns. Chapter: book/applications/manufacturing.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import comb

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.classroom.mode_nets import RULES, Lessons, ModeNets, train_modes
from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game, exact_shapley
from metaxai_lab.explainers.coalition_prior import Prior, fit_prior
from metaxai_lab.explainers.played_games import play_random_models
from metaxai_lab.explainers.travelling import travelling
from metaxai_lab.tasks import TaskTable
from metaxai_lab.tasks.machines import COLUMNS, MODES, Runs, draw_runs, responsible

N_BACKGROUND = 16
N_EACH = 25  # failures of each mode that are explained
FEW_SHRINK = 6e-3  # of columns, where runs are few
N_TRAINED, N_JUDGED = 20_000, 10_000  # runs of a hall, and of the machines that judge it


@dataclass(frozen=True, eq=False)
class Hall:
    """A model of failures, and failures of other machines whose reasons are known.

    Args:
        seen: the runs it learned from.
        runs: those it is judged on.
        rows: failures by exactly one rule, of `runs`.
        rule: which rule, by its place in `MODES`.
        truth: the columns of that rule.
        background: runs of `seen` without failure.
    """

    nets: ModeNets
    seen: Runs
    runs: Runs
    rows: Float[Tensor, "row column"]
    rule: Int[Tensor, " row"]
    truth: Bool[Tensor, "row column"]
    background: Float[Tensor, "background column"]

    @property
    def mode(self) -> tuple[str, ...]:
        """The name of the rule of each failure."""
        return tuple(MODES[one] for one in self.rule.tolist())

    @property
    def said(self) -> Int[Tensor, " row"]:
        """The mode that the model finds likeliest for each failure."""
        with torch.no_grad():
            return self.nets(self.rows).argmax(-1)

    def game(self, background: Tensor | None = None, *, chance: bool = False) -> Game:
        """Return the game of the likeliest mode, in log-odds or as a chance."""
        rows = self.background if background is None else background
        model = (lambda x: self.nets(x).sigmoid()) if chance else self.nets
        return Game(model, rows, target=self.said)

    def exact(self, background: Tensor | None = None, *, chance: bool = False) -> Tensor:
        """Return exact Shapley values of all failures."""
        return exact_shapley(self.game(background, chance=chance), self.rows).values

    def travelled(self, prior: Prior, n_queries: int) -> Tensor:
        """Return what the explainer that travels says after so many questions a row."""
        return travelling(self.game(), self.rows, prior=prior, n_queries=n_queries).values

    def caught(self) -> list[tuple[float, float]]:
        """Return of each rule the share of its failures found, and of alarms that are right."""
        with torch.no_grad():
            alarm, there = self.nets(self.runs.x) > 0, self.runs.modes[:, :RULES]
        both = (alarm & there).sum(0)
        return list(
            zip((both / there.sum(0)).tolist(), (both / alarm.sum(0)).tolist(), strict=True)
        )


def hall(seed: int, spoil: Callable[[Runs], Tensor] | None = None) -> Hall:
    """Draw runs, train the nets and keep failures that judge them.

    Args:
        spoil: what the log of the training runs says in their place.
    """
    g = seeded(seed)
    seen, runs = draw_runs(N_TRAINED, generator=g), draw_runs(N_JUDGED, generator=g)
    logged = seen if spoil is None else replace(seen, x=spoil(seen))
    return judged_by(logged, runs, generator=g)


def judged_by(
    seen: Runs, runs: Runs, *, lessons: Lessons | None = None, generator: Generator
) -> Hall:
    """Train the nets on some runs, and keep failures of others that judge them."""
    nets = train_modes(seen.x, seen.modes[:, :RULES], lessons=lessons, generator=generator)
    single = runs.single.nonzero()[:, 0]
    rule = runs.modes[single, :RULES].float().argmax(1)
    kept = torch.cat([single[rule == one][:N_EACH] for one in range(RULES)])
    sound = seen.x[~seen.failed]
    background = sound[torch.randperm(len(sound), generator=generator)[:N_BACKGROUND]]
    n_columns = seen.x.shape[1]
    truth = responsible(runs.modes[kept])[:, :n_columns]
    rule = runs.modes[kept, :RULES].float().argmax(1)
    return Hall(nets, seen, runs, runs.x[kept], rule, truth, background)


def untrained(one: Hall, seed: int) -> Hall:
    """Return the same hall with nets that have learned nothing."""
    return replace(one, nets=ModeNets(one.seen.x, generator=seeded(seed)).eval())


def halved(whole: Runs, seed: int) -> Hall:
    """Train on the runs of one half, drawn by lot, and judge by the failures of the other.

    There are few runs, so columns shrink twice as fast; that was tried on halves of other seeds.
    """
    g = seeded(seed)
    order = torch.randperm(len(whole.x), generator=g)
    one, other = (Runs(whole.x[rows], whole.modes[rows]) for rows in order.chunk(2))
    return judged_by(one, other, lessons=Lessons(shrink=FEW_SHRINK), generator=g)


def prior_of(n_columns: int, n_models: int = 140) -> Prior:
    """Learn from games of random models what games of so many columns have in common."""
    return fit_prior(play_random_models(n_models, n_features=n_columns, generator=seeded(1)))


def near(one: Hall, n: int = N_BACKGROUND) -> Float[Tensor, "row background column"]:
    """Return for each failure the runs without failure that are most like it."""
    sound = one.seen.x[~one.seen.failed]
    middle, size = one.nets.middle, one.nets.size
    rows, others = (one.rows - middle) / size, (sound - middle) / size
    exact = "donot_use_mm_for_euclid_dist"
    far = torch.cdist(rows, others, compute_mode=exact)
    return sound[far.topk(n, largest=False).indices]


def exact_near(one: Hall) -> Tensor:
    """Return exact Shapley values where each failure has a background of its own."""
    game = Game(one.nets, near(one), target=one.said[:, None])
    return exact_shapley(game, one.rows[:, None]).values[:, 0]


def named(
    values: Float[Tensor, "row column"], truth: Bool[Tensor, "row column"]
) -> Bool[Tensor, " row"]:
    """Return for which rows the largest values, by size, are those of the columns in `truth`."""
    place = values.abs().argsort(-1, descending=True).argsort(-1)
    return ((place < truth.sum(-1, keepdim=True)) == truth).all(-1)


def by_chance(truth: Bool[Tensor, "row column"]) -> float:
    """Return how often columns in a random order would name the rule."""
    n = truth.shape[-1]
    return sum(1 / comb(n, int(k)) for k in truth.sum(-1)) / len(truth)


def real_runs(table: TaskTable) -> Runs:
    """Return the published file, from the table "ai4i_modes", with the first six of `COLUMNS`."""
    asked = {name: table.task == table.task_names.index(name) for name in MODES}
    place = table.feature_names.index
    x = table.x[asked["HDF"]]
    columns = [x[:, place(name)] for name in COLUMNS[:5]]
    columns.append(x[:, place("grade=M")] + 2 * x[:, place("grade=H")])
    modes = torch.stack([table.y[asked[name]] == 1 for name in MODES], 1)
    return Runs(torch.stack(columns, 1), modes)
