"""Where rule lists come from: read off a tree, leaf by leaf, or grown rule by rule.

A list read off a tree is the same model: its rules do not overlap, so their order says nothing. A
greedy list (imodels) looks for one question at a time, lets the side with more of class 1 go with
an answer, and asks the next question of the rest. Source: Singh et al. (2021) for imodels.
Chapter: book/global/trees_and_rules.ipynb.
"""

from dataclasses import replace
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from metaxai_lab.core import Model
from metaxai_lab.explainers.classes import asked_classes, one_hot, outputs_of
from metaxai_lab.explainers.fitted_trees import rounded_down
from metaxai_lab.explainers.imodels_bridge import undisturbed
from metaxai_lab.explainers.rules import NONE, RuleList
from metaxai_lab.explainers.seen import seen_in
from metaxai_lab.explainers.trees import LEAF, Tree

Condition = tuple[int, float, bool]  # column, threshold, above


def rules_of(tree: Tree) -> RuleList:
    """Return the leaves of a tree as rules, the one with most rows first; the last is the rest.

    Of two conditions "at most" on one column only the stricter stays, and so for "above".
    """
    found: dict[int, list[Condition]] = {}

    def walk(node: int, path: dict[tuple[int, bool], float]) -> None:
        column, threshold = int(tree.column[node]), float(tree.threshold[node])
        if column == LEAF:
            found[node] = [(c, t, above) for (c, above), t in path.items()]
            return
        walk(int(tree.left[node]), {**path, (column, False): threshold})
        walk(int(tree.right[node]), {**path, (column, True): threshold})

    walk(0, {})
    leaves = sorted(found, key=lambda leaf: -int(tree.n_rows[leaf]))
    places = torch.tensor(leaves, device=tree.column.device)
    column, threshold, above = _padded([found[leaf] for leaf in leaves[:-1]], tree.threshold)
    return RuleList(
        column, threshold, above, tree.value[places], tree.n_rows[places], tree.fitted_on
    )


def grow_rules(
    x: Float[Tensor, "row feature"], labels: Int[Tensor, " row"], *, n_rules: int
) -> RuleList:
    """Grow a greedy list of up to `n_rules` rules for two classes; it answers with log-odds.

    Raises:
        ValueError: if `n_rules` is below 0, a cell is NaN or infinite, or a label is no class.
    """
    if n_rules < 0:
        raise ValueError(f"a list needs n_rules of 0 or more; found {n_rules}.")
    seen_in(x)
    one_hot(labels, 1)
    found: list[list[Condition]] = []
    if n_rules and len(labels.unique()) == 2:
        for rule in _grown(x, labels, n_rules):
            cut = torch.tensor([rule["cutoff"]], dtype=torch.float64)
            below = torch.nextafter(cut, torch.full_like(cut, -torch.inf))
            edge = float(rounded_down(below, x.cpu()))  # the largest value below the cutoff
            found.append([(int(rule["index_col"]), edge, not rule["flip"])])
    return fitted_rules(*_padded(found, x), x=x, labels=labels)


def distil_rules(teacher: Model, x: Float[Tensor, "row feature"], *, n_rules: int) -> RuleList:
    """Ask the teacher for the class of each row, and grow a greedy list from what it says.

    Raises:
        ModelFailedError: if the teacher raises an error.
        ValueError: if it has more than one output, answers NaN or infinity, or as `grow_rules`.
    """
    seen_in(x)
    labels, n_outputs = asked_classes(teacher, x)
    if n_outputs != 1:
        raise ValueError(
            f"a greedy list tells two classes apart, from one output; the teacher has {n_outputs}. "
            "Ask about one of them, or read a list off a tree with rules_of."
        )
    return grow_rules(x, labels, n_rules=n_rules)


def fitted_rules(
    column: Int[Tensor, "rule condition"],
    threshold: Float[Tensor, "rule condition"],
    above: Bool[Tensor, "rule condition"],
    *,
    x: Float[Tensor, "row feature"],
    labels: Int[Tensor, " row"],
    n_outputs: int = 1,
) -> RuleList:
    """Return the list of these rules, its answers taken from labelled rows.

    Raises:
        ValueError: if a cell is NaN or infinite, or a label is no class.
    """
    shares, n_answers = one_hot(labels, n_outputs), len(column) + 1
    blank = shares.new_zeros(n_answers, n_outputs)
    no_rows = torch.zeros(n_answers, dtype=torch.long, device=x.device)
    rules = RuleList(column, threshold, above, blank, no_rows, seen_in(x))
    counts = shares.new_zeros(n_answers, shares.shape[1])
    counts.index_add_(0, rules.answers(x), shares)
    return replace(rules, value=outputs_of(counts, n_outputs), n_rows=counts.sum(1).long())


def _grown(x: Tensor, labels: Tensor, n_rules: int) -> list[dict[str, Any]]:
    """Return the rules that imodels finds; what comes last in its list is the rest."""
    with undisturbed():
        from imodels import GreedyRuleListClassifier  # here, since it takes seconds to load

        table = x.detach().float().cpu().numpy()
        grown: Any = GreedyRuleListClassifier(max_depth=n_rules).fit(table, labels.cpu().numpy())
    return grown.rules_[:-1]


def _padded(rules: list[list[Condition]], like: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the conditions as three tables, a row for each rule."""
    widest = max(map(len, rules), default=0)
    whole = [rule + [(NONE, 0.0, False)] * (widest - len(rule)) for rule in rules]
    parts = torch.tensor(whole, dtype=torch.float64).reshape(len(rules), widest, 3)
    column, threshold, above = parts.to(like.device).unbind(-1)
    return column.long(), threshold.to(like.dtype), above.bool()
