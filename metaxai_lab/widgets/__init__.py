"""Widgets that answer without a kernel: every frame was computed in Python before the page."""

from metaxai_lab.widgets.box_drawing import BoxDrawing as BoxDrawing
from metaxai_lab.widgets.colours import amount_frames as amount_frames
from metaxai_lab.widgets.colours import attention_frames as attention_frames
from metaxai_lab.widgets.colours import ink_frames as ink_frames
from metaxai_lab.widgets.colours import signed_frames as signed_frames
from metaxai_lab.widgets.frame_player import FramePlayer as FramePlayer
from metaxai_lab.widgets.predict_then_reveal import PredictThenReveal as PredictThenReveal
