"""The network is judged by hand-made weights, by sums, and by members trained apart."""

import torch

from metaxai_lab.core import Episode, Examples, MetaLearner, seeded
from metaxai_lab.explainers.amortized_net import AmortizedNet, add_up, additive, coalition_loss

ROWS = torch.randn(40, 3, generator=seeded(0)) * 2 + 1


def fresh(**knobs):
    return AmortizedNet(ROWS, width=8, generator=seeded(1), **knobs)


def episode():
    masks = torch.tensor([[1.0, 0, 0], [0, 1, 1]]).expand(1, 40, 2, 3)
    support = Examples(ROWS[None, :, None], ROWS.sum(-1)[None, :, None])
    return Episode(support, Examples(masks, (masks * ROWS[None, :, None]).sum(-1)))


def test_it_is_a_learner_that_adapts_to_a_row():
    assert isinstance(fresh(), MetaLearner)


def test_what_lacks_is_shared_alike():
    found = add_up(torch.tensor([[1.0, 2, 3]]), torch.tensor([9.0]))
    torch.testing.assert_close(found, torch.tensor([[2.0, 3, 4]]))


def test_the_additive_model_sums_the_shares_of_a_coalition():
    answer = additive(torch.tensor([[1.0, 10, 100]]))
    masks = torch.tensor([[[1.0, 0, 1], [0, 0, 0]]])
    assert answer(masks).tolist() == [[[101.0], [0.0]]]


def test_adapted_to_a_row_it_gives_the_total_to_all_columns():
    support = episode().support
    answer = fresh().adapt(support)(torch.ones(1, 40, 1, 3))
    torch.testing.assert_close(answer[..., 0], support.y)


def test_slopes_alone_make_shares_that_grow_with_the_distance_from_the_mean():
    net = fresh()
    with torch.no_grad():
        net.weights[-1].zero_()
        net.biases[-1].copy_(torch.tensor([2.0, 0, -1, 0, 0, 5]))
        found = net(ROWS[None])[0]
    away = (ROWS - ROWS.mean(0)) / ROWS.std(0, correction=0)
    wanted = away * torch.tensor([2.0, 0, -1]) + torch.tensor([0, 0, 5.0])
    torch.testing.assert_close(found, wanted)


def test_a_column_that_does_not_vary_gives_numbers():
    rows = ROWS.clone()
    rows[:, 1] = 4
    assert AmortizedNet(rows, generator=seeded(0))(rows[None]).isfinite().all()


def test_members_differ_and_each_answers_its_own_rows():
    net = fresh(n_members=3)
    rows = torch.stack([ROWS[:5], ROWS[5:10], ROWS[10:15]])
    found = net(rows)
    assert not torch.allclose(found[0], net(ROWS[:5].expand(3, 5, 3))[1])
    torch.testing.assert_close(found[2], net(ROWS[10:15].expand(3, 5, 3))[2])


def test_the_loss_is_nought_for_shares_that_are_right_and_add_up():
    class Right(AmortizedNet):
        def forward(self, rows):
            return rows

    right = Right(ROWS, generator=seeded(0))
    assert float(coalition_loss(right, episode())) < 1e-10


def test_the_loss_sees_a_gap_that_adding_up_hides():
    class Shifted(AmortizedNet):
        def forward(self, rows):
            return rows + 1

    shifted = Shifted(ROWS, generator=seeded(0))
    torch.testing.assert_close(coalition_loss(shifted, episode()), torch.tensor(1.0))
