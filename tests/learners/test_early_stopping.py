"""Early stopping: the best weights are kept, patience ends, and both go on as if never stopped."""

import pytest
import torch
from torch import nn

from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.learners import ForeignCheckpointError, meta_train
from metaxai_lab.learners.early_stopping import Watch, validated

STEPS = 12


def note(watch, values, *, every=1):
    """Tell a watch values, each by a learner whose weight is its number."""
    for number, value in enumerate(values, 1):
        learner = nn.Linear(1, 1)
        nn.init.constant_(learner.weight, number)
        watch.note(number * every, value, learner)
    return watch


# What it watches


def test_the_lowest_value_names_the_best_step_and_its_weights_are_kept():
    watch = note(Watch(every=10), [3.0, 1.0, 2.0], every=10)
    assert watch.best_step == 20
    assert watch.best["weight"].item() == 2.0


def test_of_two_equal_values_the_first_is_best():
    watch = note(Watch(every=1), [2.0, 1.0, 1.0])
    assert (watch.best_step, watch.best["weight"].item()) == (2, 2.0)


def test_the_best_weights_do_not_move_with_the_learner():
    learner, watch = nn.Linear(1, 1), Watch(every=1)
    watch.note(1, 0.5, learner)
    kept = watch.best["weight"].item()
    with torch.no_grad():
        learner.weight.add_(1)
    watch.choose(learner)
    assert learner.weight.item() == kept


@pytest.mark.parametrize(
    ("values", "out"),
    [
        ([], False),
        ([1.0], False),
        ([1.0, 2.0], False),
        ([1.0, 2.0, 3.0], True),
        ([1.0, 2.0, 0.5], False),
        ([1.0, 1.0, 1.0], True),
        ([3.0, 2.5, 2.9, 2.4, 2.6, 2.5], True),
    ],
)
def test_patience_of_two_ends_with_two_values_in_a_row_above_the_best(values, out):
    assert note(Watch(every=1, patience=2), values).out_of_patience is out


def test_without_patience_nothing_ends():
    assert not note(Watch(every=1), [1.0] + [2.0] * 99).out_of_patience


def test_validation_is_due_every_so_many_steps_and_after_the_last():
    watch = Watch(every=4)
    assert [step for step in range(1, 11) if watch.due(step, 10)] == [4, 8, 10]
    assert not any(Watch().due(step, 10) for step in range(1, 11))


def test_restored_from_its_tensors_a_watch_is_what_it_was():
    watch = note(Watch(every=3, patience=2), [0.1 + 0.2, 0.1, 0.7], every=3)
    part = {name.removeprefix("watch."): t for name, t in watch.tensors().items()}
    other = note(Watch(every=3, patience=2), [9.0])
    other.restore(part)
    assert other.values == watch.values
    assert list(other.values) == list(watch.values)
    assert torch.equal(other.best["weight"], watch.best["weight"])
    other.restore({})
    assert (other.values, other.best, other.best_step) == ({}, {}, None)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_not_finite_is_refused(value):
    with pytest.raises(ValueError, match=f"validate returned {value} after step 1"):
        note(Watch(every=1), [value])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"every": 0}, "validate_every is at least 1; found 0"),
        ({"every": 1, "patience": 0}, "patience is at least 1; found 0"),
        ({"patience": 2}, r"patience \(2\) waits for validation: give validate too"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(asked, said):
    with pytest.raises(ValueError, match=said):
        Watch(**asked)


def test_a_learner_is_judged_in_evaluation_mode_and_trained_on_after():
    learner = nn.Dropout()
    assert validated(learner, lambda learner: float(learner.training)) == 0.0
    assert learner.training


def test_what_judging_draws_by_itself_is_the_same_each_time_and_moves_nothing():
    before = torch.get_rng_state()
    first, second = (validated(nn.Dropout(), lambda _: torch.rand(()).item()) for _ in range(2))
    assert first == second
    assert torch.equal(torch.get_rng_state(), before)


# In a run


def draw(generator):
    rows = Examples(torch.randn(8, 3, generator=generator), torch.zeros(8))
    return Episode(rows, rows)


def make():
    generator = seeded(0)
    with initialised_with(generator):
        layers = [nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.3), nn.Linear(4, 1)]
    return nn.Sequential(*layers), generator


def loss(learner, episode):
    return (learner(episode.query.x) - 1).square().mean()


def never(learner, episode):
    raise AssertionError("a finished run makes no step")


def valley(learner):
    """A value that falls for some steps and then rises, as the weights go on."""
    return (learner[3].bias.item() - make()[0][3].bias.item() - 0.2) ** 2


def train(learner, generator, **settings):
    settings = {"validate": valley, "validate_every": 2, "keep_every": 1, **settings}
    return meta_train(
        learner,
        draw,
        settings.pop("loss", loss),
        steps=STEPS,
        outer_lr=0.05,
        schedule="constant",
        generator=generator,
        device="cpu",
        progress=False,
        **settings,
    )


def states_of(learner, into):
    """Return an on_step that keeps a copy of the learner after each step."""

    def keep(step, value):
        into[step] = {name: t.clone() for name, t in learner.state_dict().items()}

    return keep


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[k], other[k]) for k in one)


def test_a_run_ends_with_the_weights_that_did_best():
    learner, generator = make()
    states = {}
    history = train(learner, generator, on_step=states_of(learner, states))
    assert list(history.validation) == [2, 4, 6, 8, 10, 12]
    assert history.best_step == min(history.validation, key=history.validation.get)
    assert 2 < history.best_step < 12
    assert same(learner.state_dict(), states[history.best_step])


def test_out_of_patience_a_run_stops_and_its_losses_end_there():
    learner, generator = make()
    whole = train(*make())
    history = train(learner, generator, patience=1)
    made = history.best_step + 2
    assert list(history.validation) == list(range(2, made + 1, 2))
    assert made < STEPS
    assert torch.equal(history.losses, whole.losses[:made])


def test_watching_a_run_does_not_move_it():
    learner, generator = make()
    states = {}
    watched = train(learner, generator, on_step=states_of(learner, states))
    other, generator = make()
    alone = train(other, generator, validate=None)
    assert torch.equal(alone.losses, watched.losses)
    assert same(other.state_dict(), states[STEPS])
    assert (alone.validation, alone.best_step) == ({}, None)


def test_each_value_is_told_once_after_its_step():
    told = []
    history = train(
        *make(),
        on_step=lambda step, value: told.append(step),
        on_validation=lambda step, value: told.append((step, value)),
        validate_every=5,
    )
    values = history.validation
    marks = [(5, values[5]), (10, values[10]), (12, values[12])]
    assert told == [1, 2, 3, 4, 5, marks[0], 6, 7, 8, 9, 10, marks[1], 11, 12, marks[2]]


@pytest.mark.parametrize("patience", [None, 1])
@pytest.mark.parametrize("at", range(1, STEPS + 1))
@pytest.mark.parametrize("place", ["on_step", "validate"])
def test_interrupted_anywhere_and_begun_anew_it_ends_the_same(
    place, at, patience, tmp_path, uninterrupted
):
    whole, weights, state = uninterrupted[patience]
    interrupt(place, at, tmp_path, patience)
    learner, generator = make()
    history = train(learner, generator, patience=patience, folder=tmp_path)
    assert torch.equal(history.losses, whole.losses)
    assert (history.validation, history.best_step) == (whole.validation, whole.best_step)
    assert same(learner.state_dict(), weights)
    assert torch.equal(generator.get_state(), state)


@pytest.fixture(scope="module")
def uninterrupted():
    """Return history, weights and generator's state of the run without and with patience."""
    ends = {}
    for patience in (None, 1):
        learner, generator = make()
        history = train(learner, generator, patience=patience)
        ends[patience] = history, learner.state_dict(), generator.get_state()
    return ends


def interrupt(place, at, folder, patience):
    """Train until a Ctrl-C falls after step `at` or at the validation that follows.

    A run that is out of patience before ends by itself.
    """
    steps = []

    def stop(step, value):
        steps.append(step)
        if place == "on_step" and step == at:
            raise KeyboardInterrupt

    def validate(learner):
        if place == "validate" and steps[-1] >= at:
            raise KeyboardInterrupt
        return valley(learner)

    try:
        train(*make(), validate=validate, on_step=stop, patience=patience, folder=folder)
    except KeyboardInterrupt:
        return
    assert patience is not None


@pytest.mark.parametrize("patience", [None, 1])
def test_a_finished_run_is_given_back_to_the_learner_that_it_left(patience, tmp_path):
    learner, generator = make()
    history = train(learner, generator, patience=patience, folder=tmp_path)
    left = {name: t.clone() for name, t in learner.state_dict().items()}
    again = train(learner, generator, patience=patience, folder=tmp_path, loss=never)
    assert same(learner.state_dict(), left)
    assert torch.equal(again.losses, history.losses)
    assert again.validation == history.validation


def test_a_run_with_another_patience_is_another_run(tmp_path):
    train(*make(), patience=5, folder=tmp_path)
    with pytest.raises(ForeignCheckpointError, match="patience is 5 there and 6 here"):
        train(*make(), patience=6, folder=tmp_path)
