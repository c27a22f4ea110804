"""What else was tried on trees from few questions: split priors, soft trees, other teachers.

Each function gives numbers by name for one seed, the fidelity in percent as a mean over unseen
teachers. Chapter: book/global/meta_learned_surrogates.ipynb.
"""

from typing import Any
from warnings import catch_warnings, simplefilter

import torch
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from torch import Tensor

from metaxai_lab.classroom import surrogate_study as study
from metaxai_lab.classroom.surrogate_study import Bench
from metaxai_lab.core import Examples, fork, initialised_with, seeded
from metaxai_lab.evaluation.recovery import recovery
from metaxai_lab.explainers.soft_trees import Weights, hardened, reptile, soft_start, train_soft
from metaxai_lab.explainers.split_prior import grow_stack
from metaxai_lab.learners.feature_gates import FeatureGates
from metaxai_lab.learners.gated_training import meta_train_gates
from metaxai_lab.learners.guided import Guided
from metaxai_lab.tasks.teachers import SIZES

STRENGTH = 0.5  # of a split prior, fixed beforehand
SOFT_STEPS = (0, 20, 100, 300)
N_MATTER = 4  # columns with a relevance of 1 or more
N_MANY = 1000  # answers, where they are plenty


def learned_gates(on: Bench, *, rounds: int = 100) -> Guided:
    """Meta-train a linear learner with gates on the teachers that were met (part Importance)."""
    g = seeded(on.seed)
    with initialised_with(g):
        learner = Guided(FeatureGates(n_features=len(SIZES)))
    meta_train_gates(
        learner,
        lambda g: on.met.episode(n_asked=30, n_query=40, n_teachers=12, generator=g),
        steps=rounds,
        generator=fork(g),
    )
    return learner


def split_prior(seed: int) -> dict[str, float]:
    """Compare CART with CART whose gains are weighted by learned gates, on the same answers."""
    on, found = study.bench(seed), {}
    learner = learned_gates(on)
    for n_asked in (30, 120):
        asked = on.asked(n_asked)
        weights = learner.gates(asked).weights.detach()
        found[f"CART {n_asked}"] = _percent(study.cart(on, n_asked))
        found[f"guided {n_asked}"] = _guided(on, n_asked, weights)
        if n_asked == 30:
            found["others' gates 30"] = _guided(on, n_asked, weights.roll(1, dims=1))
            found |= _recovered(on, weights)
            order = torch.randperm(n_asked, generator=seeded(seed))
            shuffled = learner.gates(Examples(asked.x, asked.y[:, order])).weights.detach()
            found["found by gates, shuffled"] = _recovered(on, shuffled)["found by gates"]
            found["guided, shuffled 30"] = _guided(on, n_asked, shuffled)
    return found


def fitted_processes(seed: int) -> dict[str, float]:
    """Let a Gaussian process be fitted to each teacher's answers alone, by scikit-learn."""
    on = study.bench(seed)
    return {f"fitted {n}": _fitted(on, n) for n in (10, 30)}


def soft_trees(seed: int) -> dict[str, float]:
    """Compare soft trees from a random and from a learned start with CART, on the same answers."""
    on, g = study.bench(seed), seeded(seed)

    def draw() -> tuple[Tensor, Tensor]:
        support = on.met.episode(n_asked=150, n_query=1, n_teachers=12, generator=g).support
        return support.x, support.y > 0

    random = soft_start(len(SIZES), generator=g)
    starts = {"random": random, "learned": reptile(random, draw, rounds=60, steps=20)}
    found = {}
    for n_asked in (30, N_MANY):
        x = on.unseen.rows[:, :n_asked]
        y = on.unseen.answers[:, :n_asked] > 0
        plain = [on.marks(grow_stack(x, y, n_cuts=study.N_CUTS, least_rows=n)) for n in (1, 5)]
        found[f"soft, CART {n_asked}"] = max(map(_percent, plain))
        for name, start in starts.items():
            for steps in SOFT_STEPS:
                found[f"{name} {n_asked}, {steps}"] = _soft(on, start, x, y, steps)
    return found


def other_teachers(seed: int) -> dict[str, float]:
    """Ask ensembles of trees, which jump; and teachers that say their class and nothing else."""
    jumpy, on = study.bench(seed, kinds=("trees",)), study.bench(seed)
    found = {f"trees, CART {n}": _percent(study.cart(jumpy, n)) for n in (30, 120)}
    said = study.labels(study.learn(jumpy, seed=seed), jumpy, 30)
    found["trees, labeller"] = _percent(jumpy.marks(study.tree_from(jumpy, said)))
    found |= {f"classes, CART {n}": _percent(study.cart(on, n)) for n in (30, 120)}
    labeller = study.learn(on, classes=True, seed=seed)
    said = study.labels(labeller, on, 30, classes=True)
    return found | {"classes, labeller": _percent(on.marks(study.tree_from(on, said)))}


def teachers_met(seed: int, counts: tuple[int, ...] = (1, 3, 10, 30, 100)) -> dict[str, float]:
    """Learn from more and more teachers, and be judged by the same unseen ones."""
    found = {}
    for n_met in counts:
        on = study.bench(seed, n_met=n_met)
        labeller = study.learn(on, seed=seed)
        for steps in (0, study.STEPS):
            said = study.labels(labeller, on, 30, steps=steps)
            found[f"met {n_met}, {steps} steps"] = _percent(on.marks(study.tree_from(on, said)))
    return found


def _percent(marks: Tensor) -> float:
    return float(marks.mean())


def _fitted(on: Bench, n_asked: int) -> float:
    asked, said = on.asked(n_asked), []
    for x, y, free in zip(asked.x.double(), asked.y.double(), on.unlabelled.double(), strict=True):
        by_column: Any = [3.0] * len(SIZES)  # scikit-learn's types know one length alone
        kernel = ConstantKernel() * RBF(by_column, (0.1, 1e3)) + WhiteKernel(0.01)
        with catch_warnings():
            simplefilter("ignore")  # a relevance at its bound: a column that does not matter
            process = GaussianProcessRegressor(kernel, random_state=0)
            process.fit(x.numpy(), (y / y.std()).numpy())
        said.append(torch.as_tensor(process.predict(free.numpy())) > 0)
    return _percent(on.marks(study.tree_from(on, torch.stack(said))))


def _guided(on: Bench, n_asked: int, weights: Tensor) -> float:
    asked = on.asked(n_asked)
    return max(
        _percent(
            on.marks(grow_stack(asked.x, asked.y > 0, weights, strength=STRENGTH, least_rows=n))
        )
        for n in (1, 3, 5)
    )


def _recovered(on: Bench, weights: Tensor) -> dict[str, float]:
    """Say how well gates find the columns that matter, and how well a correlation does."""
    matter = torch.zeros(weights.shape, dtype=torch.bool)
    matter[:, list(on.family.order[:N_MATTER])] = True
    asked = on.asked(30)
    x, y = asked.x - asked.x.mean(1, keepdim=True), asked.y - asked.y.mean(1, keepdim=True)
    alone = torch.nn.functional.cosine_similarity(x, y[..., None], dim=1).abs()
    marks = {"gates": weights, "correlation": alone}
    return {f"found by {n}": float(recovery(w, matter).values.mean()) for n, w in marks.items()}


def _soft(on: Bench, start: Weights, x: Tensor, y: Tensor, steps: int) -> float:
    return _percent(on.marks(hardened(train_soft(start, x, y, steps=steps), x, y)))
