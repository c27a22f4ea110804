"""Learners turn a task into a model of it; one loop trains them all."""

from metaxai_lab.learners.attentive import AttentiveLearner as AttentiveLearner
from metaxai_lab.learners.attentive import AttentiveModel as AttentiveModel
from metaxai_lab.learners.checkpoint import ForeignCheckpointError as ForeignCheckpointError
from metaxai_lab.learners.local_views import LocalViews as LocalViews
from metaxai_lab.learners.outer_loop import History as History
from metaxai_lab.learners.outer_loop import classification_loss as classification_loss
from metaxai_lab.learners.outer_loop import meta_train as meta_train
from metaxai_lab.learners.pictures import ConvEncoder as ConvEncoder
from metaxai_lab.learners.pictures import picture_side as picture_side
from metaxai_lab.learners.printed_attention import PrintedAttention as PrintedAttention
from metaxai_lab.learners.printed_attention import causal_softmax as causal_softmax
from metaxai_lab.learners.protonet import ProtoNet as ProtoNet
from metaxai_lab.learners.prototypes import class_means as class_means
from metaxai_lab.learners.stepping import DivergedError as DivergedError
