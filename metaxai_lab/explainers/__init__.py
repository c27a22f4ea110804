"""Explainers say why a model gave its output, each in a stated unit: one question, many answers."""

from metaxai_lab.explainers.attention_reading import read_attention as read_attention
from metaxai_lab.explainers.attention_reading import spread as spread
from metaxai_lab.explainers.controls import of_another_row as of_another_row
from metaxai_lab.explainers.controls import shuffled as shuffled
from metaxai_lab.explainers.controls import uniform as uniform
from metaxai_lab.explainers.integrated_gradients import integrated_gradients as integrated_gradients
from metaxai_lab.explainers.occlusion import occlusion as occlusion
