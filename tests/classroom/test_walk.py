from functools import partial

from metaxai_lab.classroom import claim
from metaxai_lab.core import Episode, initialised_with, seeded
from metaxai_lab.evaluation import mass_in_mask
from metaxai_lab.explainers import occlusion
from metaxai_lab.figures import bars_against_chance
from metaxai_lab.learners import ProtoNet
from metaxai_lab.tasks import draw_episodes, glyphs
from metaxai_lab.widgets import FramePlayer


def test_a_walk_up_the_stair(capsys):
    g = seeded(0)

    # tasks: four tasks, each with 5 letters, 3 pictures of each to learn from, 2 to be judged on
    drawn = draw_episodes(glyphs("test"), n_way=5, k_shot=3, n_query=2, n_tasks=4, generator=g)
    episode = Episode(drawn.support, drawn.query, truth=drawn.query.x > 0.5)  # the ink
    assert episode.support.x.shape == (4, 15, 784)
    assert episode.support.y.shape == (4, 15)
    assert episode.query.x.shape == (4, 10, 784)

    # learners: adapt turns support rows into a model of each task
    with initialised_with(g):
        learner = ProtoNet().eval()
    model = learner.adapt(episode.support)
    assert model(episode.query.x).shape == (4, 10, 5)

    # explainers: one task's model and rows; how much of class 0 does each pixel carry?
    task = episode.task(0)
    explain = partial(occlusion, window=4)
    attribution = explain(learner.adapt(task.support), task.query.x, target=0)
    assert attribution.values.shape == (10, 784)
    assert attribution.output.shape == attribution.reference.shape == (10,)

    # evaluation: how much of it lies on squares with ink? A mark for each row, and chance beside it
    score = mass_in_mask(attribution, task.truth, cell=4)
    assert score.values.shape == score.chance.shape == (10,)

    # figures, widgets: rows become bars and frames
    ax = bars_against_chance({"occlusion": score.mean}, chance=score.mean_chance, what=score.name)
    player = FramePlayer({"query": task.query.x.view(10, 28, 28)}, captions=["a letter"] * 10)
    assert (len(ax.patches), len(player.captions)) == (1, 10)

    # classroom: what was seen, with its bound and its control
    chance = {"chance": score.mean_chance}
    claim("A8.walk", score.mean, what="mass on squares with ink", at_least=0.5, control=chance)
    assert "A8.walk holds: mass on squares with ink ≈ 0." in capsys.readouterr().out
