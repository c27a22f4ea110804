"""Figures: data and axes go in, axes come out; a `describe_` twin says the figure in words."""

from metaxai_lab.figures.contributions import describe_signed_bars as describe_signed_bars
from metaxai_lab.figures.contributions import signed_bars as signed_bars
from metaxai_lab.figures.curves import describe_errors as describe_errors
from metaxai_lab.figures.curves import error_curves as error_curves
from metaxai_lab.figures.paired_bars import describe_paired_bars as describe_paired_bars
from metaxai_lab.figures.paired_bars import paired_bars as paired_bars
from metaxai_lab.figures.pictures import as_picture as as_picture
from metaxai_lab.figures.pictures import attention_over as attention_over
from metaxai_lab.figures.pictures import describe_attention as describe_attention
from metaxai_lab.figures.pictures import describe_row as describe_row
from metaxai_lab.figures.pictures import picture_row as picture_row
from metaxai_lab.figures.rules import describe_tree as describe_tree
from metaxai_lab.figures.rules import indented_tree as indented_tree
from metaxai_lab.figures.rules import rule_lines as rule_lines
from metaxai_lab.figures.scores import bars_against_chance as bars_against_chance
from metaxai_lab.figures.scores import describe_bars as describe_bars
from metaxai_lab.figures.scores import describe_curve as describe_curve
from metaxai_lab.figures.scores import learning_curve as learning_curve
from metaxai_lab.figures.support_sets import describe_sheet as describe_sheet
from metaxai_lab.figures.support_sets import support_sheet as support_sheet
from metaxai_lab.figures.text import coloured_words as coloured_words
from metaxai_lab.figures.text import describe_words as describe_words
from metaxai_lab.figures.text import draw_words as draw_words
