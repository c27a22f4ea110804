"""Learners turn a task into a model of it; one loop trains them all."""

from metaxai_lab.learners.checkpoint import ForeignCheckpointError as ForeignCheckpointError
from metaxai_lab.learners.outer_loop import History as History
from metaxai_lab.learners.outer_loop import classification_loss as classification_loss
from metaxai_lab.learners.outer_loop import meta_train as meta_train
from metaxai_lab.learners.pictures import ConvEncoder as ConvEncoder
from metaxai_lab.learners.pictures import picture_side as picture_side
from metaxai_lab.learners.protonet import ProtoNet as ProtoNet
from metaxai_lab.learners.stepping import DivergedError as DivergedError
