"""Boxes become masks; one that leaves the picture is refused; signs keep the order of the table."""

import numpy as np
import pytest
import torch

from metaxai_lab.tasks import pictures
from metaxai_lab.tasks.boxes import box_masks, sign_boxes


def test_a_box_marks_its_pixels_and_leaves_out_its_end():
    mask = box_masks(torch.tensor([[1, 0, 3, 2]]), 4).view(4, 4)
    assert mask.nonzero().tolist() == [[0, 1], [0, 2], [1, 1], [1, 2]]


@pytest.mark.parametrize(
    "box", [[-1, 0, 2, 2], [0, -1, 2, 2], [0, 0, 5, 2], [0, 0, 2, 5], [2, 0, 2, 2], [0, 3, 2, 1]]
)
def test_a_box_outside_the_picture_or_without_pixels_is_refused(box):
    with pytest.raises(ValueError, match=r"right <= 4 .* found \["):
        box_masks(torch.tensor([[0, 0, 1, 1], box]), 4)


def test_the_boxes_of_signs_stand_in_the_order_of_the_pictures(tmp_path):
    """Each picture is painted with its box's number, so that the two can be matched."""
    whole = 3870
    labels = np.repeat(np.arange(43), 90)[::-1].copy()
    tracks, frames = np.tile(np.repeat(np.arange(9), 10), 43), np.tile(np.arange(10), 387)
    number = np.arange(whole)
    boxes = np.stack([number % 7, number % 5, number % 7 + 9, number % 5 + 11], 1)
    images = np.zeros((whole, 32, 32, 3), np.uint8)
    images[:, 0, 0] = np.stack([number // 256, number % 256, number % 7], 1)
    np.savez(
        tmp_path / "gtsrb_32.npz",
        images=images,
        labels=labels,
        track=tracks,
        frame=frames,
        roi_xyxy=boxes,
    )
    table, found = pictures("gtsrb", "all", folder=tmp_path), sign_boxes(tmp_path)
    pixels = table.pixels.view(-1, 3, 1024)[:, :, 0].long()
    painted = pixels[:, 0] * 256 + pixels[:, 1]
    assert torch.equal(found, torch.from_numpy(boxes)[painted])
