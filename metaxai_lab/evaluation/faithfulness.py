"""Is what ranks high what the model needs? Take parts away in that order, and see what is left.

All judges look at the probability of the target, or at its output where `unit` says so, while
parts are replaced by `fill`; `chance` is the mark of random orders. Parts with equal values come in
those random orders, too, so an explanation that says the same of all parts scores chance;
`sensitive_to` says how many rows had ties. Source: Petsiuk, Das & Saenko (2018) for the areas;
DeYoung et al. (2020), section 4.2, for the shares. Chapter:
book/attention/is_attention_an_explanation.ipynb.
"""

from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Attribution, Model, Score
from metaxai_lab.evaluation.blanking_curves import Kind, Unit, curve, said_after, score_of
from metaxai_lab.evaluation.ranked_parts import RankedParts, rank_parts
from metaxai_lab.explainers.influence import Target


def deletion(
    model: Model,
    attribution: Attribution,
    *,
    target: Target,
    fill: Float[Tensor, " feature"] | None = None,
    cell: int = 1,
    n_steps: int = 20,
    n_draws: int = 5,
    unit: Unit = "probability",
    generator: Generator,
) -> Score:
    """Score the area under `curve` while the highest parts go first; lower is better.

    Args and errors are those of `curve`.
    """
    return curve(
        model,
        attribution,
        kind="deletion",
        target=target,
        fill=fill,
        cell=cell,
        n_steps=n_steps,
        n_draws=n_draws,
        unit=unit,
        generator=generator,
    ).area


def insertion(
    model: Model,
    attribution: Attribution,
    *,
    target: Target,
    fill: Float[Tensor, " feature"] | None = None,
    cell: int = 1,
    n_steps: int = 20,
    n_draws: int = 5,
    unit: Unit = "probability",
    generator: Generator,
) -> Score:
    """Score the area under `curve` while the highest parts come back first; higher is better.

    Args and errors are those of `curve`.
    """
    return curve(
        model,
        attribution,
        kind="insertion",
        target=target,
        fill=fill,
        cell=cell,
        n_steps=n_steps,
        n_draws=n_draws,
        unit=unit,
        generator=generator,
    ).area


def comprehensiveness(
    model: Model,
    attribution: Attribution,
    *,
    target: Target,
    share: float = 0.2,
    fill: Float[Tensor, " feature"] | None = None,
    cell: int = 1,
    n_draws: int = 5,
    unit: Unit = "probability",
    generator: Generator,
) -> Score:
    """Score what the probability loses without the highest `share` of parts; higher is better.

    Args:
        share: above 0, up to 1; a part at least goes.

    Raises:
        ValueError: as `curve` does, and if the share is none.
    """
    ranked = rank_parts(attribution, fill=fill, cell=cell, n_draws=n_draws, generator=generator)
    return _loss("comprehensiveness", model, ranked, share, "deletion", target, unit)


def sufficiency(
    model: Model,
    attribution: Attribution,
    *,
    target: Target,
    share: float = 0.2,
    fill: Float[Tensor, " feature"] | None = None,
    cell: int = 1,
    n_draws: int = 5,
    unit: Unit = "probability",
    generator: Generator,
) -> Score:
    """Score what the probability loses where only the highest `share` stays; lower is better.

    Args and errors are those of `comprehensiveness`.
    """
    ranked = rank_parts(attribution, fill=fill, cell=cell, n_draws=n_draws, generator=generator)
    return _loss("sufficiency", model, ranked, share, "insertion", target, unit)


def _loss(
    name: str,
    model: Model,
    ranked: RankedParts,
    share: float,
    kind: Kind,
    target: Target,
    unit: Unit,
) -> Score:
    if not 0 < share <= 1:
        raise ValueError(f"a share of the parts is above 0, up to 1; found {share}.")
    whole, _ = said_after(model, ranked, ranked.n_parts, "insertion", target, unit)
    count = max(1, round(share * ranked.n_parts))
    after = said_after(model, ranked, count, kind, target, unit)
    found, chance = (whole - left for left in after)
    n_tied = int(ranked.tied.sum())
    return score_of(name, found, chance, n_tied, "share", higher=kind == "deletion")
