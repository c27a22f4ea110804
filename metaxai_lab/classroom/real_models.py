"""Twelve models of real tables that no meta-explainer has seen: trees, forests, networks, kernels.

Each of three bundled tables, cut to 10 columns, is learned by four models of scikit-learn. Their
outputs are probabilities, or for diabetes the progression in deviations.
Chapter: book/local/travelling_explainer.ipynb.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from metaxai_lab.classroom.local_models import separation
from metaxai_lab.core import Model, seeded
from metaxai_lab.tasks import bundled_tables as bundled

N_COLUMNS = 10
REAL_TABLES = ("diabetes", "breast_cancer", "wine")


@dataclass(frozen=True)
class RealModel:
    """A model of a real table, with rows to explain and a background.

    Args:
        name: the table and the kind of model, as "wine, forest".
        family: the kind of model.
        model: rows to one output, in `unit`.
        rows: rows it has not seen.
        background: some of the rows it was trained on.
        data: all of them, with their `labels`.
    """

    name: str
    table: str
    family: str
    model: Model
    rows: Float[Tensor, "row feature"]
    background: Float[Tensor, "background feature"]
    unit: str
    data: Float[Tensor, "seen feature"]
    labels: Shaped[Tensor, " seen"]


def network_again(one: RealModel, *, seed: int) -> RealModel:
    """Return a model's network trained once more, on the same rows but from another seed."""
    make = _kinds(one.table, seed)["network"]
    model = output_of(make().fit(one.data.double().numpy(), one.labels.numpy()))
    return replace(one, name=f"{one.name}, seed {seed}", model=model)


def real_models(*, n_rows: int = 32, n_background: int = 16, seed: int = 0) -> Iterator[RealModel]:
    """Train the twelve models, one after the other; all take two or three seconds.

    Args:
        n_rows: rows held back from training, to be explained.
    """
    for name in REAL_TABLES:
        x, y = _ten_columns(name)
        order = torch.randperm(len(x), generator=seeded(seed))
        held, seen = order[:n_rows], order[n_rows:]
        unit = "deviations" if name == "diabetes" else "probability"
        for family, make in _kinds(name, seed).items():
            model = output_of(make().fit(x[seen].double().numpy(), y[seen].numpy()))
            background = x[seen[:n_background]]
            yield RealModel(
                f"{name}, {family}",
                name,
                family,
                model,
                x[held],
                background,
                unit,
                x[seen],
                y[seen],
            )


def output_of(estimator: Any) -> Model:
    """Return a fitted estimator of scikit-learn as a model of tensors with one output.

    That is the probability of its last class, or what it predicts if it knows no classes.
    """

    def model(x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row output"]:
        rows = x.detach().flatten(0, -2).cpu().double().numpy()
        classes = hasattr(estimator, "predict_proba")
        found = estimator.predict_proba(rows)[:, -1] if classes else estimator.predict(rows)
        return torch.from_numpy(np.asarray(found)).to(x).reshape(*x.shape[:-1], 1)

    return model


def _ten_columns(name: str) -> tuple[Float[Tensor, "row feature"], Tensor]:
    """Return a standardised table of 10 columns, with a number or a class to predict."""
    table = getattr(bundled, name)()
    x, y = table.x, table.y
    if name == "wine":  # asked once per cultivar: here whether it is the second
        asked = table.task == 1
        x, y = x[asked], y[asked]
    if name == "diabetes":  # its tasks are cut by sex, which is a column again here
        sex = torch.tensor([task.startswith("sex 2") for task in table.task_names])
        x = torch.cat([x, sex[table.task][:, None].to(x)], 1)
    x = (x - x.mean(0)) / x.std(0)
    if y.is_floating_point():
        return x, (y - y.mean()) / y.std()
    best = separation(x, y.bool()).argsort(descending=True)[:N_COLUMNS]
    return x[:, best], y


def _kinds(name: str, seed: int) -> dict[str, Callable[[], Any]]:
    from sklearn import ensemble, linear_model, neural_network, svm  # here: they load slowly

    forest: dict[str, Any] = {"n_estimators": 50, "min_samples_leaf": 3, "random_state": seed}
    network: dict[str, Any] = {"hidden_layer_sizes": (64, 64), "alpha": 0.01, "random_state": seed}
    network |= {"max_iter": 1000}
    if name == "diabetes":
        return {
            "boosted trees": lambda: ensemble.GradientBoostingRegressor(random_state=seed),
            "forest": lambda: ensemble.RandomForestRegressor(**forest),
            "network": lambda: neural_network.MLPRegressor(**network),
            "support vectors": svm.SVR,
        }
    return {
        "boosted trees": lambda: ensemble.GradientBoostingClassifier(random_state=seed),
        "forest": lambda: ensemble.RandomForestClassifier(**forest),
        "network": lambda: neural_network.MLPClassifier(**network),
        "logistic": lambda: linear_model.LogisticRegression(max_iter=1000),
    }
