"""Put changes and reasons to the test: ask the model again, and compare with the planted rules.

A change is written with one decimal, as in a letter, read back, and asked about. Beside it stand a
change by lot, and an exact value that is rounded to the step of the file afterwards. Reasons after
ten files are compared with the planted ones, and with those after ten others.
Chapter: book/applications/finance.ipynb.
"""

from dataclasses import replace

import torch
from torch import Tensor

from metaxai_lab.classroom.finance_audit import (
    Lines,
    agreement,
    agreement_by_branch,
    known_lines,
    lines_of,
)
from metaxai_lab.classroom.finance_study import ALLOWED, Bank, reasons, yes
from metaxai_lab.classroom.tables_rivals import everyone, rivals
from metaxai_lab.core import Examples, seeded
from metaxai_lab.explainers.counterfactual import Allowed, linear_counterfactual
from metaxai_lab.explainers.counterfactual_search import random_change
from metaxai_lab.learners import LinearModel
from metaxai_lab.tasks.credit import CUT, MIDDLE

N_FILES = 10
FINER = 1000  # of the steps of a file, where no rounding is wanted


def as_written(rows: Tensor, digits: int = 1) -> Tensor:
    """Return what a reader of a letter with so many decimals would enter."""
    return torch.tensor([[float(f"{value:.{digits}f}") for value in row] for row in rows.tolist()])


def asked_again(bank: Bank) -> dict[str, float]:
    """Return for how many refusals of a region a change turns the answer of the model.

    "found" is the share for whom there is a change at all; the others are shares of these.
    """
    names = ("written", "by lot", "whole numbers", "rounded after", "found")
    said: dict[str, list[Tensor]] = {name: [] for name in names}
    for branch, line in lines_of(bank, N_FILES).items():
        x = bank.family.table.x[bank.files(branch, N_FILES)[1]]
        asked = (line.weights, float(line.intercept), x[~yes(line, x, CUT)])
        there = linear_counterfactual(*asked, ALLOWED, bound=CUT)
        exact = linear_counterfactual(*asked, _finer(), bound=CUT, most=1)
        lot = random_change(there, ALLOWED, generator=seeded(branch))
        after = (exact.changed / ALLOWED.step).round() * ALLOWED.step
        said["written"].append(yes(line, as_written(there.changed), CUT)[there.found])
        said["whole numbers"].append(yes(line, as_written(there.changed, 0), CUT)[there.found])
        said["by lot"].append(yes(line, lot, CUT)[there.found])
        said["rounded after"].append(yes(line, after, CUT)[exact.found])
        said["found"].append(there.found)
    return {name: float(torch.cat(parts).double().mean()) for name, parts in said.items()}


def everyones_lines(bank: Bank, *, draw: int = 0) -> dict[str, Lines]:
    """Return the lines of a region after ten files, of three models and two controls."""
    out, penalty = bank.fold.out, bank.own_penalty(N_FILES)
    others = list(known_lines(bank).values())[::-1]
    return {
        "meta-learned": lines_of(bank, N_FILES, draw=draw),
        "own": {t: bank.own(t, N_FILES, penalty, draw=draw) for t in out},
        "pooled": dict.fromkeys(out, bank.pooled()),
        "shuffled files": shuffled_lines(bank, draw=draw),
        "another branch": dict(zip(out, others, strict=True)),
    }


def rivals_lines(bank: Bank, k: int, *, draw: int = 0) -> dict[str, Lines]:
    """Return the lines of all rivals, own, pooled and partly pooled, after the same `k` files."""
    answer, table = everyone(rivals(bank.fold), k), bank.fold.table
    found: dict[str, dict[int, LinearModel]] = {}
    for branch in bank.fold.out:
        rows = bank.files(branch, k, draw=draw)[0]
        for name, line in answer(Examples(table.x[rows][None], table.y[rows][None])).items():
            model = LinearModel(line.weights[0], line.intercept[0])
            found.setdefault(name, {})[branch] = bank.line(model)
    return dict(found)


def top_leads(bank: Bank, *, n_draws: int = 4) -> dict[str, list[float]]:
    """Return by how much more often, branch by branch, the learner names the planted top column.

    Beside "pooled" and "one price"; a mean over draws of ten files.
    """
    pooled = dict.fromkeys(bank.fold.out, bank.pooled())
    leads: dict[str, list[Tensor]] = {"pooled": [], "one price": []}
    for draw in range(n_draws):
        one = rivals_lines(bank, N_FILES, draw=draw)["one price"]
        everybody = (lines_of(bank, N_FILES, draw=draw), pooled, one)
        ours, *others = (
            torch.tensor(agreement_by_branch(bank, lines, N_FILES, draw=draw)["top"])
            for lines in everybody
        )
        for name, other in zip(leads, others, strict=True):
            leads[name].append(ours - other)
    return {name: torch.stack(each).mean(0).tolist() for name, each in leads.items()}


def shuffled_lines(bank: Bank, *, draw: int = 0) -> Lines:
    """Return the lines of branches whose ten files got each other's points."""
    table, found = bank.fold.table, {}
    for branch in bank.fold.out:
        rows = bank.files(branch, N_FILES, draw=draw)[0]
        mixed = rows[torch.randperm(N_FILES, generator=seeded(branch))]
        support = Examples(table.x[rows], table.y[mixed])
        found[branch] = bank.line(bank.learner.adapt(support))
    return found


def judged(bank: Bank) -> dict[str, dict[str, float]]:
    """Return the marks of everybody's reasons; "stable" over two draws of ten files."""
    one, two = (everyones_lines(bank, draw=draw) for draw in (0, 1))
    marks = {name: agreement(bank, lines, N_FILES) for name, lines in one.items()}
    for name in marks:
        same = top_columns(bank, one[name]) == top_columns(bank, two[name])
        marks[name]["stable"] = float(same.double().mean())
    return marks


def top_columns(bank: Bank, lines: Lines) -> Tensor:
    """Return the column that takes most points from each applicant of a region."""
    middle, family = torch.tensor(MIDDLE), bank.family
    rows = {branch: family.table.x[bank.files(branch, N_FILES)[1]] for branch in lines}
    return torch.cat([reasons(lines[t], rows[t], middle).argmin(1) for t in lines])


def _finer() -> Allowed:
    reach = ALLOWED.reach
    return replace(
        ALLOWED,
        step=ALLOWED.step / FINER,
        price=ALLOWED.price / FINER,
        reach=None if reach is None else reach * FINER,
    )
