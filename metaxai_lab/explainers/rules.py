"""A rule list is a Model that can be read: if this, then that; else if ...; else that.

A rule fires where all its conditions hold. The first that fires answers, so rules may overlap, and
a rule may never be the first: what it says then stands on the page and in no answer. The list knows
both. Source: Rivest (1987). Chapter: book/global/trees_and_rules.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from metaxai_lab.explainers.classes import classes_of, classes_said
from metaxai_lab.explainers.seen import Seen, column_names, counted

NONE = -1


@dataclass(frozen=True)
class RuleList:
    """Rules in order, and an answer for the rows that none of them catches.

    Args:
        column: what each condition of each rule is about; `NONE` where a rule has fewer.
        threshold: the value that parts yes from no.
        above: the condition is "more than the threshold", else "at most".
        value: the outputs of each rule, and last of the rest.
        n_rows: how many of the rows it was fitted on each of them answers.
        fitted_on: those rows.
    """

    column: Int[Tensor, "rule condition"]
    threshold: Float[Tensor, "rule condition"]
    above: Bool[Tensor, "rule condition"]
    value: Float[Tensor, "answer output"]
    n_rows: Int[Tensor, " answer"]
    fitted_on: Seen

    def __call__(
        self, x: Float[Tensor, "*batch row feature"]
    ) -> Float[Tensor, "*batch row output"]:
        """Return the outputs of the rule that answers each row.

        Raises:
            ValueError: if the rows have other columns, or hold NaN.
        """
        return self.value.to(x)[self.answers(x)]

    def fires(self, x: Float[Tensor, "*batch row feature"]) -> Bool[Tensor, "*batch row rule"]:
        """Mark the rules whose conditions a row meets, whether or not one came before.

        Raises:
            ValueError: as a call does.
        """
        self.fitted_on.refuse(x, "these rules read")
        column = self.column.to(x.device)
        above = x[..., column.clamp(min=0)] > self.threshold.to(x)
        return ((above == self.above.to(x.device)) | (column == NONE)).all(-1)

    def answers(self, x: Float[Tensor, "*batch row feature"]) -> Int[Tensor, "*batch row"]:
        """Return the first rule that fires; the number of rules where none does.

        Raises:
            ValueError: as a call does.
        """
        fires = self.fires(x)
        rest = fires.new_ones((*fires.shape[:-1], 1))
        return torch.cat([fires, rest], -1).long().argmax(-1)

    def outside(self, x: Float[Tensor, "*batch row feature"]) -> Bool[Tensor, "*batch row"]:
        """Mark the rows beyond the ranges of those it was fitted on: there it only guesses."""
        return self.fitted_on.outside(x)

    def overlap(self, x: Float[Tensor, "*batch row feature"]) -> Bool[Tensor, "*batch row"]:
        """Mark the rows that two rules or more would answer: there the order decides."""
        return self.fires(x).sum(-1) > 1

    def idle(self, x: Float[Tensor, "row feature"]) -> Bool[Tensor, " rule"]:
        """Mark the rules that answer none of the rows, because none fires or one came before."""
        n_rules = len(self.column)
        return self.answers(x).bincount(minlength=n_rules + 1)[:n_rules] == 0

    def without_idle(self, x: Float[Tensor, "row feature"]) -> "RuleList":
        """Return the list without the rules that answer none of the rows: these notice nothing."""
        kept = ~self.idle(x)
        also_rest = torch.cat([kept, kept.new_ones(1)])
        return replace(
            self,
            column=self.column[kept],
            threshold=self.threshold[kept],
            above=self.above[kept],
            value=self.value[also_rest],
            n_rows=self.n_rows[also_rest],
        )

    @property
    def depth(self) -> int:
        """The most conditions that are read before a row has its answer."""
        return int(self._n_conditions.sum())

    @property
    def n_leaves(self) -> int:
        """How many answers there are, that for the rest included."""
        return len(self.value)

    @property
    def n_columns_used(self) -> int:
        """How many different columns the conditions are about."""
        return len(self.column[self.column != NONE].unique())

    @property
    def rule_length(self) -> float:
        """The mean number of conditions that are read for a row it was fitted on."""
        read = self._n_conditions.cumsum(0)
        read = torch.cat([read, read[-1:] if len(read) else read.new_zeros(1)]).double()
        return float(self.n_rows.double() @ read / self.n_rows.sum())

    def rows(
        self, feature_names: Sequence[str] = (), class_names: Sequence[str] = (), *, digits: int = 2
    ) -> list[tuple[str, str, str]]:
        """Return the table of the rules: if, then, and how many rows each answers.

        Raises:
            ValueError: if the names do not count the columns or the classes.
        """
        names = column_names(feature_names, len(self.fitted_on.low))
        said = classes_said(class_names, self.value.shape[-1])
        classes = classes_of(self.value).tolist()
        written = [
            " and ".join(
                f"{names[column]} {'above' if above else 'at most'} {threshold:.{digits}f}"
                for column, threshold, above in zip(*rule, strict=True)
                if column != NONE
            )
            or "always"
            for rule in zip(
                self.column.tolist(), self.threshold.tolist(), self.above.tolist(), strict=True
            )
        ]
        answers = zip([*written, "else"], classes, self.n_rows.tolist(), strict=True)
        return [(rule, said[answer], str(rows)) for rule, answer, rows in answers]

    def text(
        self, feature_names: Sequence[str] = (), class_names: Sequence[str] = (), *, digits: int = 2
    ) -> str:
        """Write the rules, a line for each.

        Raises:
            ValueError: as `rows` does.
        """
        *rules, rest = self.rows(feature_names, class_names, digits=digits)
        lines = [
            f"{'else if' if i else 'if'} {rule}: {then} ({counted(int(rows))})"
            for i, (rule, then, rows) in enumerate(rules)
        ]
        return "\n".join([*lines, f"{rest[0]}: {rest[1]} ({counted(int(rest[2]))})"])

    @property
    def _n_conditions(self) -> Tensor:
        return (self.column != NONE).sum(-1)
