"""The nouns everything speaks of: episodes, attributions, scores, and the joints between floors."""

from metaxai_lab.core.attribution import Attribution as Attribution
from metaxai_lab.core.device import at_scale as at_scale
from metaxai_lab.core.device import pick_device as pick_device
from metaxai_lab.core.device import scale as scale
from metaxai_lab.core.episode import Episode as Episode
from metaxai_lab.core.episode import Examples as Examples
from metaxai_lab.core.episode import joined as joined
from metaxai_lab.core.episode import joined_examples as joined_examples
from metaxai_lab.core.protocols import AttendingModel as AttendingModel
from metaxai_lab.core.protocols import Explainer as Explainer
from metaxai_lab.core.protocols import MetaLearner as MetaLearner
from metaxai_lab.core.protocols import Model as Model
from metaxai_lab.core.score import Score as Score
from metaxai_lab.core.seeding import fork as fork
from metaxai_lab.core.seeding import initialised_with as initialised_with
from metaxai_lab.core.seeding import numpy_seeded as numpy_seeded
from metaxai_lab.core.seeding import seeded as seeded
from metaxai_lab.core.sharing import share as share
