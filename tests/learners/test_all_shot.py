"""Every picture serves once as the only one of its class that is known."""

from math import exp, log

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.learners import ProtoNet, all_shot_loss, classification_loss
from metaxai_lab.learners.all_shot import by_class, mean_one_shot_loss


def episode_of(x, n_way, k_shot):
    """Stand pictures (class, picture, column) as an episode, class by class."""
    y = torch.arange(n_way)
    parts = (x[:, :k_shot], x[:, k_shot:])
    support, query = (
        Examples(part.flatten(0, 1), y.repeat_interleave(part.shape[1])) for part in parts
    )
    return Episode(support, query)


def plain_loop(z, sharpness):
    """Ask one question at a time: which class is picture i of class a, given picture j of each."""
    n_classes, n_pictures, _ = z.shape
    losses = []
    for j in range(n_pictures):
        for a in range(n_classes):
            for i in range(n_pictures):
                if i != j:
                    distances = torch.stack(
                        [(z[a, i] - z[c, j]).square().sum() for c in range(n_classes)]
                    )
                    losses.append(F.cross_entropy(-sharpness * distances, torch.tensor(a)))
    return torch.stack(losses).mean()


def test_two_classes_of_two_numbers_agree_with_the_hand():
    """Classes {0, 1} and {3, 2}: all four questions stand at 1 against 4."""
    z = torch.tensor([[[0.0], [1.0]], [[3.0], [2.0]]])
    assert mean_one_shot_loss(z).item() == pytest.approx(log(1 + exp(-3)), abs=1e-6)


def test_questions_of_unlike_hardness_are_averaged_as_by_hand():
    """Classes {0, 2} and {5, 6}: squared distances to the right and the wrong class."""
    z = torch.tensor([[[0.0], [2.0]], [[5.0], [6.0]]])
    margins = [9 - 4, 36 - 1]  # 2 and 6, given 0 and 5
    margins += [36 - 4, 9 - 1]  # 0 and 5, given 2 and 6
    wanted = sum(log(1 + exp(-margin / 10)) for margin in margins) / 4
    assert mean_one_shot_loss(z, 0.1).item() == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize(("n_classes", "n_pictures", "sharpness"), [(2, 2, 1.0), (5, 4, 0.3)])
def test_loss_and_gradient_agree_with_a_plain_loop(n_classes, n_pictures, sharpness):
    z = torch.randn(n_classes, n_pictures, 6, generator=seeded(0)).requires_grad_()
    ours, plain = mean_one_shot_loss(z, sharpness), plain_loop(z, sharpness)
    torch.testing.assert_close(ours, plain)
    torch.testing.assert_close(*(torch.autograd.grad(loss, z)[0] for loss in (ours, plain)))


def test_stacked_tasks_give_the_mean_of_their_losses():
    z = torch.randn(3, 4, 2, 5, generator=seeded(0))
    torch.testing.assert_close(
        mean_one_shot_loss(z), torch.stack([mean_one_shot_loss(one) for one in z]).mean()
    )


def test_it_is_the_mean_of_the_losses_of_all_one_shot_episodes():
    x = torch.randn(3, 4, 5, generator=seeded(0))
    with initialised_with(seeded(1)):
        learner = ProtoNet(nn.Linear(5, 2), sharpness=0.5)
    turns = [x.roll(-j, 1) for j in range(4)]
    alone = [classification_loss(learner, episode_of(turn, 3, 1)) for turn in turns]
    ours = all_shot_loss(learner, episode_of(x, 3, 1))
    torch.testing.assert_close(ours, torch.stack(alone).mean())


def test_what_was_support_and_what_was_query_does_not_matter():
    x = torch.randn(3, 4, 5, generator=seeded(0))
    learner = ProtoNet(nn.Identity())
    one, other = (all_shot_loss(learner, episode_of(x, 3, k)) for k in (1, 2))
    torch.testing.assert_close(one, other)


def test_rows_of_a_class_are_found_wherever_they_stand():
    z = torch.arange(6.0).view(6, 1)
    stood = by_class(z, torch.tensor([2, 0, 1, 1, 0, 2]))
    assert stood.squeeze(-1).tolist() == [[1, 4], [2, 3], [0, 5]]


def test_each_task_stands_its_own_rows_class_by_class():
    z = torch.arange(8.0).view(2, 4, 1)
    stood = by_class(z, torch.tensor([[0, 1, 0, 1], [1, 1, 0, 0]]))
    assert stood.squeeze(-1).tolist() == [[[0, 2], [1, 3]], [[6, 7], [4, 5]]]


@pytest.mark.parametrize("y", [[0, 0, 0, 1], [0, 1], [0, 0, 2, 2], [0, 0, 1, 1, 1]])
def test_classes_of_unlike_size_and_single_pictures_are_refused(y):
    with pytest.raises(ValueError, match=f"found {len(y)} rows that do not fall so"):
        by_class(torch.zeros(len(y), 2), torch.tensor(y))


def test_the_sharpness_is_learned_too():
    learner = ProtoNet(nn.Identity(), sharpness=0.5)
    all_shot_loss(learner, episode_of(torch.randn(3, 2, 4, generator=seeded(0)), 3, 1)).backward()
    assert learner.log_sharpness.grad != 0


def test_under_bf16_distances_keep_32_bits():
    z = 100 + torch.randn(4, 3, 8, generator=seeded(0))
    with torch.autocast("cpu", torch.bfloat16):
        loss = mean_one_shot_loss(z)
    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss, plain_loop(z, 1.0), rtol=1e-4, atol=1e-4)


def test_double_precision_is_kept():
    z = torch.randn(3, 2, 4, generator=seeded(0), dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(mean_one_shot_loss, (z,))
