"""The methods behind one door: from a name to an explainer, so that a judge can ask them all.

Each takes `(model, x, target=...)` and keeps its defaults; bind a knob with `functools.partial`.
Attention can be read of a model that attends only; Grad-CAM needs a map of contents, or a `layer`.
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from collections.abc import Mapping
from types import MappingProxyType

from metaxai_lab.core import Explainer
from metaxai_lab.explainers.attention_reading import read_attention
from metaxai_lab.explainers.grad_cam import grad_cam
from metaxai_lab.explainers.gradient import gradient, gradient_times_input
from metaxai_lab.explainers.integrated_gradients import integrated_gradients
from metaxai_lab.explainers.occlusion import occlusion

EXPLAINERS: Mapping[str, Explainer] = MappingProxyType(
    {
        "attention": read_attention,
        "Grad-CAM": grad_cam,
        "gradient": gradient,
        "gradient x input": gradient_times_input,
        "integrated gradients": integrated_gradients,
        "occlusion": occlusion,
    }
)
