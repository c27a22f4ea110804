"""Train the attentive learner on real pictures, three seeds a set, and judge it on new classes.

With `--store` the marks go to the page that shows them: METAXAI_DATA=... python
benchmarks/attentive_pictures.py --store. Sets that are not on this machine are left out, and the
record says which were there. Each set is one class split of `tasks.pictures`, 5-way 5-shot.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from functools import partial
from time import process_time

import torch
from torch import Generator

from metaxai_lab.classroom.pictures_marks import lifts
from metaxai_lab.classroom.pictures_record import PLACE
from metaxai_lab.classroom.pictures_study import fresh
from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.evaluation.agreement import rank_correlation
from metaxai_lab.evaluation.energies import by_cell, centre_prior, edge_energy
from metaxai_lab.learners import AttentiveLearner, classification_loss, meta_train
from metaxai_lab.tasks import PictureTable, draw_episodes, glyphs, is_here, pictures
from metaxai_lab.tasks.boxes import box_masks, sign_boxes

SIZE = {"n_way": 5, "k_shot": 5}


@dataclass(frozen=True)
class Set:
    """How a set is looked at."""

    side: int
    cell: int
    channels: int
    steps: int = 500


SETS = {
    "glyphs": Set(28, 4, 1),
    "omniglot": Set(28, 4, 1),
    "gtsrb": Set(32, 4, 3),
    "caltech101": Set(84, 12, 3),
}


def table_of(name: str, split: str) -> PictureTable:
    """Return the classes of a split."""
    return glyphs(split) if name == "glyphs" else pictures(name, split)


def draw(table: PictureTable, n_query: int, n_tasks: int, generator: Generator) -> Episode:
    """Draw tasks; colours are read from -1 to 1, so that a middle grey is 0."""
    episode = draw_episodes(table, **SIZE, n_query=n_query, n_tasks=n_tasks, generator=generator)
    if table.channels == 1:
        return episode
    support, query = (Examples(2 * p.x - 1, p.y) for p in (episode.support, episode.query))
    return Episode(support, query)


def trained(name: str, looked: Set, seed: int) -> AttentiveLearner:
    """Train a learner of its own for one set."""
    learner = fresh(seed, side=looked.side, cell=looked.cell, channels=looked.channels)
    table = table_of(name, "train")
    meta_train(
        learner,
        partial(draw, table, 2, 8),
        classification_loss,
        steps=looked.steps,
        outer_lr=4e-3,
        clip=1.0,
        weight_decay=1e-4,
        generator=seeded(seed),
        progress=False,
    )
    return learner.cpu().eval()


def marks_of(learner: AttentiveLearner, looked: Set, episode: Episode) -> dict[str, float]:
    """Return accuracy, and the rank correlation of the attention with edges."""
    with torch.no_grad():
        model = learner.adapt(episode.support)
        right = model(episode.query.x).argmax(-1) == episode.query.y
        seen = model.attention(episode.query.x).flatten(-2)
    edges = edge_energy(episode.query.x, cell=looked.cell, channels=looked.channels)
    centre = centre_prior(looked.side, looked.cell).expand_as(seen)
    by_task = right.float().mean(-1)
    return {
        "accuracy": float(by_task.mean()),
        "half": float(1.96 * by_task.std() / len(by_task) ** 0.5),
        "edges": float(rank_correlation(seen, edges).mean()),
        "centre with edges": float(rank_correlation(centre, edges).mean()),
    }


def box_marks(learner: AttentiveLearner, seed: int, n_tasks: int = 100) -> dict[str, float]:
    """Return the lift of the attention, and of what knows nothing, in the boxes of signs.

    The boxes ride along as a further picture: a table whose pixels are the masks is drawn from by
    the same seed, so that it gives the masks of the same pictures.
    """
    test, whole = pictures("gtsrb", "test"), pictures("gtsrb", "all")
    masks = box_masks(sign_boxes(), 32).to(torch.uint8) * 255
    boxed = PictureTable(masks, whole.counts, whole.names, 32)
    boxed = boxed.classes([whole.names.index(name) for name in test.names])
    episode = draw(test, 2, n_tasks, seeded(seed))
    plain = {**SIZE, "n_query": 2, "n_tasks": n_tasks}
    cover = by_cell(draw_episodes(boxed, **plain, generator=seeded(seed)).query.x.round(), 4)
    with torch.no_grad():
        seen = learner.adapt(episode.support).attention(episode.query.x).flatten(-2)
    edges = edge_energy(episode.query.x, cell=4, channels=3)
    centre = centre_prior(32, 4).expand_as(seen)
    maps = {"lift": seen, "lift of edges": edges, "lift of centre": centre}
    marks = {what: float(lifts(map_, cover).mean()) for what, map_ in maps.items()}
    return marks | {"box share": float(cover.mean())}


def run_of(name: str, looked: Set, seed: int) -> dict:
    """Train and judge one learner on classes it has never seen."""
    begun = process_time()
    learner = trained(name, looked, seed)
    seconds = process_time() - begun
    test = table_of(name, "test")
    episode = draw(test, min(5, int(test.counts.min()) - 5), 100, seeded(1000 + seed))
    bare = fresh(seed, side=looked.side, cell=looked.cell, channels=looked.channels)
    marks = marks_of(learner, looked, episode)
    untrained = marks_of(bare, looked, episode)
    if name == "gtsrb":
        marks |= box_marks(learner, 2000 + seed)
    print(
        name, seed, f"{seconds:.0f} s", marks, f"untrained {untrained['accuracy']:.2f}", flush=True
    )
    return {"set": name, "seed": seed, "marks": marks, "untrained": untrained}


def main() -> int:
    """Run every set that is here, three seeds each; print the marks, and store them where asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", action="store_true")
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    asked = parser.parse_args()
    torch.set_num_threads(1)
    found = [name for name in asked.sets if name == "glyphs" or is_here(name)]
    runs = [run_of(name, SETS[name], seed) for name in found for seed in range(3)]
    if asked.store:
        made = {
            "command": "python benchmarks/attentive_pictures.py --store",
            "plan": f"{SETS['glyphs'].steps} steps of 8 tasks, 5-way 5-shot; 100 test tasks a seed",
            "torch": torch.__version__.partition("+")[0],
        }
        PLACE.write_text(json.dumps({"made": made, "runs": runs}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
