"""Judges say how good an explanation is, beside what chance would get."""

from metaxai_lab.evaluation.agreement import rank_agreement as rank_agreement
from metaxai_lab.evaluation.localisation import mass_in_mask as mass_in_mask
from metaxai_lab.evaluation.localisation import pointing_game as pointing_game
