"""The accent study, judged by learners whose attention is known to the cell."""

from dataclasses import dataclass, replace

import pytest
import torch
from torch.nn.functional import avg_pool2d, max_pool2d

from metaxai_lab.classroom import accent_study
from metaxai_lab.classroom.accent_study import (
    Plan,
    attention_of,
    judge,
    planted,
    share_that_moves,
    train,
    training_letters,
    training_tasks,
    with_focus,
)
from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners import AttentiveLearner, AttentiveModel, class_means
from metaxai_lab.tasks import AccentTable, accents, draw_accent_episodes

TINY = Plan(steps=4, n_tasks=2, outer_lr=1e-2, n_judged=2)
CELLS = {"mark": 1, "base": 2}  # of the 49, as `letters` draws them
KINDS = ["mark", "base"]


def letters():
    """Eight marks of one cell in the upper three rows, on eight letters of two cells below.

    The ink fills a quarter of its cells.
    """
    cells = torch.zeros(2, 8, 7, 7)  # of marks, of letters
    for i in range(8):
        cells[0, i, i // 4, i % 4] = 1
        cells[1, i, 3 + i // 3, 2 * (i % 3) : 2 * (i % 3) + 2] = 1
    quarter = torch.zeros(4, 4)
    quarter[:2, 1:3] = 1
    marks, bases = torch.kron(cells, quarter).flatten(-2) > 0
    both = bases[:, None, None] | marks[None, :, None]
    of_mark = marks[None, :, None].expand_as(both).clone()
    names = tuple("abcdefgh")
    return AccentTable(both.to(torch.uint8) * 255, of_mark, names, names, 28)


def parts(x):
    """Return the picture of the mark and that of the letter."""
    upper = torch.arange(784) < 12 * 28
    return x * upper, x * ~upper


def even(x):
    """Return an even map over 7 x 7 cells for each picture."""
    return torch.full((*x.shape[:-1], 7, 7), 1 / 49)


def on(x):
    """Return a map that is shared evenly among the cells with ink."""
    ink = avg_pool2d(x.reshape(-1, 1, 28, 28), 4).view(*x.shape[:-1], 7, 7)
    return ink / ink.sum((-1, -2), keepdim=True)


class Known(AttentiveLearner):
    """Knows from the support which part matters, classifies by it, and looks as it is told to.

    Args:
        look: from pictures, the right part of them and the other part, to a map.
    """

    def __init__(self, look):
        super().__init__(dim=1)
        self.look_at, self.asked, self.graphs = look, [], []

    def adapt(self, support):
        self.asked.append(support)
        self.graphs.append(torch.is_grad_enabled())
        of_mark = parts(support.x)[0].unflatten(-2, (5, -1))
        same_mark = (of_mark == of_mark[..., :1, :]).flatten(-3).all(-1, keepdim=True)
        means = class_means(right_part(support.x, same_mark), support.y)
        return KnownModel(self, same_mark.float(), means)


@dataclass(frozen=True)
class KnownModel(AttentiveModel):
    """The state is 1 in a mark task and 0 in a base task."""

    def __call__(self, x):
        return -torch.cdist(right_part(x, self.state > 0), self.prototypes)

    def attention(self, x):
        is_mark = self.state > 0
        return self.learner.look_at(x, right_part(x, is_mark), right_part(x, ~is_mark))


class FirstClass(Known):
    """Answers class 0, whatever is asked."""

    def adapt(self, support):
        model = super().adapt(support)
        return replace(model, prototypes=model.prototypes + 1e3 * (torch.arange(5)[:, None] > 0))


def right_part(x, is_mark):
    of_mark, of_letter = parts(x)
    return torch.where(is_mark[..., None], of_mark, of_letter)


LOOKS = {
    "right": lambda x, right, other: on(right),
    "wrong": lambda x, right, other: on(other),
    "even": lambda x, right, other: even(x),
    "at all ink": lambda x, right, other: on(x),
    "at the mark": lambda x, right, other: on(parts(x)[0]),
    "at half of each": lambda x, right, other: (on(right) + on(other)) / 2,
}


def judged(look, kind, learner=Known, n_tasks=6):
    return judge(learner(LOOKS[look]), letters(), kind, n_tasks=n_tasks, generator=seeded(0))


def moves(look):
    return share_that_moves(Known(look), letters(), n_tasks=6, generator=seeded(0))


def made(**settings):
    with initialised_with(seeded(0)):
        return AttentiveLearner(**settings)


def an_episode(kinds=KINDS, n_query=2):
    sizes = {"n_way": 5, "k_shot": 3, "n_query": n_query}
    return draw_accent_episodes(letters(), kinds=kinds, **sizes, generator=seeded(1))


def same(one, other):
    """Say whether two learners have the same weights to the last bit."""
    weights = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(*pair) for pair in weights)


@pytest.fixture(autouse=True, scope="module")
def on_tiny_letters():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accent_study, "training_letters", letters)
        patch.setenv("METAXAI_DEVICE", "cpu")
        yield


@pytest.fixture(scope="module")
def uninterrupted():
    return train("task", seed=3, plan=TINY)


# The marks


@pytest.mark.parametrize("kind", KINDS)
def test_who_looks_exactly_at_the_truth_has_one_over_chance_as_lift_and_never_misses(kind):
    marks = judged("right", kind)
    assert marks.lift == pytest.approx(49 / CELLS[kind])
    assert marks.peak == 1


@pytest.mark.parametrize("kind", KINDS)
def test_even_attention_has_a_lift_of_1_and_its_peak_is_right_by_chance(kind):
    marks = judged("even", kind)
    assert marks.lift == pytest.approx(1)
    assert marks.peak == pytest.approx(marks.peak_chance)


@pytest.mark.parametrize("kind", KINDS)
def test_who_looks_only_at_the_other_part_has_neither_lift_nor_peak(kind):
    marks = judged("wrong", kind)
    assert (marks.lift, marks.peak) == (0, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_chance_of_a_peak_is_the_share_of_the_cells_of_the_right_part(kind):
    assert judged("wrong", kind).peak_chance == pytest.approx(CELLS[kind] / 49)


def test_the_lift_weighs_the_mass_and_the_peak_the_heaviest_cell():
    marks = {kind: judged("at half of each", kind) for kind in KINDS}
    assert marks["mark"].lift == pytest.approx(0.5 * 49)
    assert marks["base"].lift == pytest.approx(0.5 * 49 / 2)
    assert (marks["mark"].peak, marks["base"].peak) == (1, 0)  # the mark's cell holds one half


@pytest.mark.parametrize("kind", KINDS)
def test_who_sees_the_right_part_alone_is_always_right(kind):
    assert judged("even", kind).accuracy == 1


@pytest.mark.parametrize("kind", KINDS)
def test_who_always_gives_one_answer_is_right_once_in_five_times(kind):
    assert judged("right", kind, FirstClass).accuracy == pytest.approx(0.2)


def test_who_is_right_need_not_have_looked_there():
    marks = judged("wrong", "mark")
    assert (marks.accuracy, marks.lift) == (1, 0)


@pytest.mark.parametrize("k_shot", [1, 3])
def test_a_learner_is_judged_on_as_many_tasks_and_shots_as_asked(k_shot):
    learner = Known(LOOKS["right"])
    judge(learner, letters(), "mark", n_tasks=7, k_shot=k_shot, generator=seeded(0))
    assert [support.x.shape for support in learner.asked] == [(7, 5 * k_shot, 784)]


def test_the_same_generator_judges_by_the_same_tasks():
    asked = []
    for seed in (0, 0, 1):
        learner = Known(LOOKS["right"])
        judge(learner, letters(), "base", n_tasks=3, generator=seeded(seed))
        asked.append(learner.asked[0].x)
    assert torch.equal(asked[0], asked[1])
    assert not torch.equal(asked[0], asked[2])


def test_judging_keeps_no_graph():
    learner = Known(LOOKS["right"])
    judge(learner, letters(), "mark", n_tasks=2, generator=seeded(0))
    share_that_moves(learner, letters(), n_tasks=2, generator=seeded(0))
    assert learner.graphs == [False] * 3


def test_an_episode_without_truth_is_refused():
    with pytest.raises(ValueError, match="needs an episode with planted truth; found none"):
        planted(replace(an_episode(), truth=None))


# Attention as an attribution


def test_the_attention_of_each_picture_adds_up_to_one_whole():
    episode = an_episode()
    seen = attention_of(made().adapt(episode.support), episode.query.x)
    torch.testing.assert_close(seen.values.sum(-1), torch.ones(2, 10))


def test_the_weight_of_a_cell_is_spread_over_its_own_pixels():
    episode = an_episode(["base"])
    seen = attention_of(Known(LOOKS["right"]).adapt(episode.support), episode.query.x)
    cells = max_pool2d(episode.truth.float().view(1, 10, 28, 28), 4)
    wanted = torch.kron(cells, torch.ones(4, 4)).flatten(-2) / 32  # two cells of 16 pixels
    torch.testing.assert_close(seen.values, wanted)


def test_the_attention_explains_the_output_of_the_predicted_class():
    episode = an_episode()
    model = made().adapt(episode.support)
    seen = attention_of(model, episode.query.x)
    predicted = model(episode.query.x).argmax(-1, keepdim=True)
    assert torch.equal(seen.output, model(episode.query.x).gather(-1, predicted).squeeze(-1))
    assert torch.equal(seen.inputs, episode.query.x)


def test_no_attention_at_all_would_explain_an_output_of_0():
    episode = an_episode()
    seen = attention_of(made().adapt(episode.support), episode.query.x)
    assert torch.equal(seen.reference, torch.zeros(2, 10))


def test_the_attention_says_its_unit():
    episode = an_episode()
    seen = attention_of(made().adapt(episode.support), episode.query.x)
    assert seen.unit == "share of attention"


# What moves with the task


def test_who_looks_at_the_right_part_always_moves():
    assert moves(LOOKS["right"]) == 1


@pytest.mark.parametrize("look", ["at the mark", "at all ink", "even"])
def test_who_is_blind_to_the_task_never_moves(look):
    assert moves(LOOKS[look]) == 0


def test_who_moves_the_wrong_way_does_not_count():
    assert moves(LOOKS["wrong"]) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_right_in_one_kind_and_looks_nowhere_in_the_other_does_not_count(kind):
    """In the other kind it looks at the lower right corner, which no letter reaches."""

    def look(x, right, other):
        corner = torch.zeros(7, 7)
        corner[6, 6] = 1
        is_mark = (right == parts(x)[0]).all(-1)[..., None, None]
        return torch.where(is_mark == (kind == "mark"), on(right), corner)

    assert moves(look) == 0


def test_the_share_counts_pictures():
    def look(x, right, other):
        """Look at the right part of the first two pictures of a task, of five."""
        return torch.where(torch.arange(5)[:, None, None] < 2, on(right), on(x))

    assert moves(look) == pytest.approx(0.4)


def test_a_trained_network_without_its_state_never_moves():
    blind = with_focus(made(), "blind")
    assert share_that_moves(blind, letters(), n_tasks=3, generator=seeded(0)) == 0


# Another focus


@pytest.mark.parametrize("focus", ["task", "blind", "uniform"])
def test_a_copy_with_another_focus_has_the_same_weights(focus):
    learner = made()
    twin = with_focus(learner, focus)
    assert same(learner, twin)
    assert twin.focus == focus


def test_what_befalls_the_copy_leaves_the_learner_as_it_was():
    learner = made()
    twin = with_focus(learner, "uniform")
    with torch.no_grad():
        for weight in twin.parameters():
            weight.zero_()
    assert learner.focus == "task"
    assert same(learner, made())


def test_a_copy_for_tasks_of_seven_classes_reads_seven():
    assert with_focus(made(n_way=7), "blind").n_way == 7


def test_a_copy_is_ready_to_be_judged():
    assert not with_focus(made().train(), "blind").training


# Training


def test_the_same_seed_makes_the_same_learner(uninterrupted):
    learner, losses = train("task", seed=3, plan=TINY)
    assert same(learner, uninterrupted[0])
    assert torch.equal(losses, uninterrupted[1])


def test_another_seed_makes_another_learner(uninterrupted):
    assert not same(train("task", seed=4, plan=TINY)[0], uninterrupted[0])


def test_training_leaves_the_global_generator_as_it_was():
    before = torch.get_rng_state()
    train("task", seed=3, plan=replace(TINY, steps=1))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("focus", ["task", "blind", "uniform"])
def test_the_learner_has_the_focus_it_was_trained_with(focus):
    learner, _ = train(focus, seed=3, plan=replace(TINY, steps=1))
    assert learner.focus == focus
    assert not learner.training


def test_there_is_a_loss_for_each_step_of_the_plan(uninterrupted):
    assert len(uninterrupted[1]) == TINY.steps


def test_each_step_draws_as_many_tasks_as_the_plan_says(monkeypatch):
    asked = []

    def drawing(generator, *, n_tasks):
        asked.append(n_tasks)
        return training_tasks(generator, n_tasks=n_tasks)

    monkeypatch.setattr(accent_study, "training_tasks", drawing)
    train("task", seed=3, plan=replace(TINY, steps=2, n_tasks=4))
    assert asked == [4, 4]


def test_the_plan_sets_how_fast_it_learns(uninterrupted):
    faster, _ = train("task", seed=3, plan=replace(TINY, outer_lr=2 * TINY.outer_lr))
    assert not same(faster, uninterrupted[0])


def test_each_step_is_told_with_its_number_and_the_learner_that_comes_back():
    told = []
    learner, _ = train("task", seed=3, plan=TINY, on_step=lambda *step: told.append(step))
    assert [number for _, number in told] == [1, 2, 3, 4]
    assert all(teller is learner for teller, _ in told)


def test_a_run_that_was_stopped_goes_on_from_its_folder_to_the_same_end(tmp_path, uninterrupted):
    def stop(learner, step):
        if step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train("task", seed=3, plan=TINY, folder=tmp_path, on_step=stop)
    told = []
    learner, losses = train(
        "task", seed=3, plan=TINY, folder=tmp_path, on_step=lambda _, step: told.append(step)
    )
    assert told == [3, 4]
    assert same(learner, uninterrupted[0])
    assert torch.equal(losses, uninterrupted[1])


def test_half_of_the_tasks_of_a_step_ask_for_the_mark_and_half_for_the_letter():
    tasks = training_tasks(seeded(0), n_tasks=6)
    cells = tasks.truth.sum(-1) / 4
    assert tasks.support.x.shape == (6, 5 * accent_study.K_SHOT, 784)
    assert cells.unique(dim=-1).flatten().tolist() == [1, 2, 1, 2, 1, 2]


@pytest.mark.parametrize("split", ["validation", "test"])
def test_no_letter_of_the_training_is_kept_for_judging(split):
    assert not set(training_letters().bases) & set(accents(split).bases)


# Two scales


def test_a_full_plan_is_larger_than_a_quick_one(monkeypatch):
    plans = {}
    for scale in ("quick", "full"):
        monkeypatch.setenv("METAXAI_SCALE", scale)
        plans[scale] = accent_study.plan()
    quick, full = plans["quick"], plans["full"]
    assert quick.steps < full.steps
    assert quick.n_tasks <= full.n_tasks
    assert quick.n_judged < full.n_judged


def test_without_a_scale_the_plan_is_the_quick_one(monkeypatch):
    monkeypatch.setenv("METAXAI_SCALE", "quick")
    quick = accent_study.plan()
    monkeypatch.delenv("METAXAI_SCALE")
    assert accent_study.plan() == quick


@pytest.mark.parametrize("scale", ["quick", "full"])
def test_a_step_of_a_plan_can_hold_as_many_tasks_of_each_kind(scale, monkeypatch):
    monkeypatch.setenv("METAXAI_SCALE", scale)
    assert accent_study.plan().n_tasks % 2 == 0
