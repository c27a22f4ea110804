"""Judges say how good an explanation is, beside what chance would get."""

from metaxai_lab.evaluation.agreement import rank_agreement as rank_agreement
from metaxai_lab.evaluation.blanking_curves import Curve as Curve
from metaxai_lab.evaluation.blanking_curves import curve as curve
from metaxai_lab.evaluation.calibration import coverage as coverage
from metaxai_lab.evaluation.exact_agreement import ExactAgreement as ExactAgreement
from metaxai_lab.evaluation.exact_agreement import exact_agreement as exact_agreement
from metaxai_lab.evaluation.faithfulness import comprehensiveness as comprehensiveness
from metaxai_lab.evaluation.faithfulness import deletion as deletion
from metaxai_lab.evaluation.faithfulness import insertion as insertion
from metaxai_lab.evaluation.faithfulness import sufficiency as sufficiency
from metaxai_lab.evaluation.infidelity import infidelity as infidelity
from metaxai_lab.evaluation.intervals import Interval as Interval
from metaxai_lab.evaluation.intervals import interval as interval
from metaxai_lab.evaluation.intervals import lead as lead
from metaxai_lab.evaluation.intervals import t_interval as t_interval
from metaxai_lab.evaluation.localisation import mass_in_mask as mass_in_mask
from metaxai_lab.evaluation.localisation import pointing_game as pointing_game
from metaxai_lab.evaluation.quantus_bridge import ask_quantus as ask_quantus
from metaxai_lab.evaluation.rank_stability import rank_stability as rank_stability
from metaxai_lab.evaluation.recovery import precision_at as precision_at
from metaxai_lab.evaluation.recovery import recovery as recovery
from metaxai_lab.evaluation.sanity import cascade as cascade
from metaxai_lab.evaluation.sanity import likeness as likeness
from metaxai_lab.evaluation.sanity import randomised as randomised
from metaxai_lab.evaluation.sanity import shuffled_labels as shuffled_labels
from metaxai_lab.evaluation.stability import stability as stability
