"""Train the attentive learner on real pictures, three seeds a set, and judge it on new classes.

With `--store` the marks go to the page that shows them: METAXAI_DATA=... python
benchmarks/attentive_pictures.py --store. Sets that are not on this machine are left out, and the
record says which were there. With `--sets` too, the runs of the others stay as they were. Each set
is one class split of `tasks.pictures`, 5-way 5-shot. Blood cells are 3-way: there the learner is
trained on squares from other pictures, or on traffic signs alone, and has then never seen blood.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from time import process_time

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.pictures_marks import lifts
from metaxai_lab.classroom.pictures_record import PLACE
from metaxai_lab.classroom.pictures_study import fresh
from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.evaluation.agreement import rank_correlation
from metaxai_lab.evaluation.energies import by_cell, centre_prior, edge_energy
from metaxai_lab.explainers import integrated_gradients, occlusion
from metaxai_lab.explainers.grad_cam import grad_cam
from metaxai_lab.learners import AttentiveLearner, classification_loss, meta_train
from metaxai_lab.tasks import PictureTable, draw_episodes, glyphs, is_here, pictures
from metaxai_lab.tasks.blood_cells import KINDS, blood_cells
from metaxai_lab.tasks.boxes import box_masks, sign_boxes
from metaxai_lab.tasks.cell_crops import CellCrops, cell_crops, draw_cell_episodes

K_SHOT = 5
UNSEEN = "bccd, never seen"  # trained on signs
METHODS = {
    "Grad-CAM": partial(grad_cam, channels=3),
    "integrated gradients": partial(integrated_gradients, n_steps=16),
    "occlusion": partial(occlusion, at_once=8, channels=3),
}
Draw = Callable[[int, int, Generator], Episode]  # (n_query, n_tasks, generator)
Cells = Float[Tensor, "task row cell"]


@dataclass(frozen=True)
class Set:
    """How a set is looked at; `needs` names the sets of the catalogue that it is made from."""

    side: int
    cell: int
    channels: int
    needs: tuple[str, ...] = ()
    n_way: int = 5
    steps: int = 500

    def fresh(self, seed: int) -> AttentiveLearner:
        """Return an untrained learner for such pictures."""
        size = {"side": self.side, "cell": self.cell, "channels": self.channels}
        return fresh(seed, **size, n_way=self.n_way)


SETS = {
    "glyphs": Set(28, 4, 1),
    "omniglot": Set(28, 4, 1, ("omniglot",)),
    "gtsrb": Set(32, 4, 3, ("gtsrb",)),
    "caltech101": Set(84, 12, 3, ("caltech101",)),
    "bccd": Set(32, 4, 3, ("bccd",), 3),
    UNSEEN: Set(32, 4, 3, ("bccd", "gtsrb"), 3),
}


def table_of(name: str, split: str) -> PictureTable:
    """Return the classes of a split."""
    return glyphs(split) if name == "glyphs" else pictures(name, split)


@cache
def crops(split: str) -> CellCrops:
    """Return squares of blood cells of a split."""
    return cell_crops(blood_cells(), split, generator=seeded(0))


def draw(
    table: PictureTable, n_way: int, n_query: int, n_tasks: int, generator: Generator
) -> Episode:
    """Draw tasks; colours are read from -1 to 1, so that a middle grey is 0."""
    size = {"n_way": n_way, "k_shot": K_SHOT, "n_query": n_query, "n_tasks": n_tasks}
    episode = draw_episodes(table, **size, generator=generator)
    if table.channels == 1:
        return episode
    support, query = (Examples(2 * p.x - 1, p.y) for p in (episode.support, episode.query))
    return Episode(support, query)


def draw_blood(split: str, n_query: int, n_tasks: int, generator: Generator) -> Episode:
    """Draw tasks of blood cells."""
    size = {"k_shot": K_SHOT, "n_query": n_query, "n_tasks": n_tasks}
    return draw_cell_episodes(crops(split), **size, generator=generator)[0]


def drawing(name: str, looked: Set, split: str) -> Draw:
    """Return what draws tasks of a split of a set."""
    if name == "bccd" or (name, split) == (UNSEEN, "test"):
        return partial(draw_blood, split)
    return partial(draw, table_of("gtsrb" if name == UNSEEN else name, split), looked.n_way)


def trained(name: str, looked: Set, seed: int) -> AttentiveLearner:
    """Train a learner of its own for one set."""
    learner, draw_tasks = looked.fresh(seed), drawing(name, looked, "train")
    meta_train(
        learner,
        lambda generator: draw_tasks(2, 8, generator),
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


def sign_cover(seed: int, n_tasks: int) -> tuple[Episode, Cells]:
    """Return tasks of signs, and how much of each cell of a query lies in the box of the sign.

    The boxes ride along as a further picture: a table whose pixels are the masks is drawn from by
    the same seed, so that it gives the masks of the same pictures.
    """
    test, whole = pictures("gtsrb", "test"), pictures("gtsrb", "all")
    masks = box_masks(sign_boxes(), 32).to(torch.uint8) * 255
    boxed = PictureTable(masks, whole.counts, whole.names, 32)
    boxed = boxed.classes([whole.names.index(name) for name in test.names])
    episode = draw(test, 5, 2, n_tasks, seeded(seed))
    drawn = draw(boxed, 5, 2, n_tasks, seeded(seed))
    return episode, by_cell(drawn.query.x.round(), 4)


def maps_of(
    learner: AttentiveLearner, bare: AttentiveLearner, episode: Episode, *, with_methods: bool
) -> dict[str, Cells]:
    """Return how much each of many maps gives to each cell; "" is the attention itself.

    The methods of Captum take longer than the training, so they are asked where they are shown.
    """
    x, model = episode.query.x, learner.adapt(episode.support)
    red, _, blue = x.unflatten(-1, (3, -1)).unbind(-2)
    with torch.no_grad():
        answers, seen = model(x).argmax(-1), model.attention(x).flatten(-2)
        untrained = bare.adapt(episode.support).attention(x).flatten(-2)
    maps = {
        "": seen,
        " of untrained": untrained,
        " of edges": edge_energy(x, cell=4, channels=3),
        " of centre": centre_prior(32, 4).expand_as(seen),
        " of blue": by_cell((blue - red).clamp(min=0), 4),
    }
    for name, explain in METHODS.items() if with_methods else ():
        values = explain(model, x, target=answers).values.abs().unflatten(-1, (3, -1)).sum(-2)
        maps[f" of {name}"] = by_cell(values, 4)
    return maps


def box_marks(maps: dict[str, Cells], cover: Cells) -> dict[str, float]:
    """Return the lift of each map in boxes, and how much of its heaviest cell lies in them.

    The second is the pointing game for cells that a box covers in part; the share of all boxes is
    what a map that knows nothing gets.
    """
    marks = {}
    for name, map_ in maps.items():
        heaviest = (map_ == map_.amax(-1, keepdim=True)).float()
        pointed = (heaviest * cover).sum(-1) / heaviest.sum(-1)
        marks |= {f"lift{name}": lifts(map_, cover).mean(), f"pointing{name}": pointed.mean()}
    return {name: float(mark) for name, mark in marks.items()} | {"box share": float(cover.mean())}


def blood_marks(
    learner: AttentiveLearner, bare: AttentiveLearner, seed: int, *, with_methods: bool
) -> dict[str, float]:
    """Return the marks in boxes of all squares, and of those of each kind of cell by themselves."""
    size = {"k_shot": K_SHOT, "n_query": 5, "n_tasks": 100}
    episode, kinds = draw_cell_episodes(crops("test"), **size, generator=seeded(seed))
    assert episode.truth is not None
    maps = maps_of(learner, bare, episode, with_methods=with_methods)
    cover = by_cell(episode.truth[..., : 32**2].float(), 4)
    marks = box_marks(maps, cover)
    for number, kind in enumerate(KINDS):
        mine = kinds == number
        found = box_marks({name: map_[mine] for name, map_ in maps.items()}, cover[mine])
        marks |= {f"{name}, {kind}": mark for name, mark in found.items()}
    return marks


def run_of(name: str, looked: Set, seed: int) -> dict:
    """Train and judge one learner on classes, or pictures of blood, it has never seen."""
    begun = process_time()
    learner, bare = trained(name, looked, seed), looked.fresh(seed).eval()
    seconds = process_time() - begun
    n_query = 5 if "bccd" in looked.needs else min(5, int(table_of(name, "test").counts.min()) - 5)
    episode = drawing(name, looked, "test")(n_query, 100, seeded(1000 + seed))
    marks = marks_of(learner, looked, episode)
    untrained = marks_of(bare, looked, episode)
    if name == "gtsrb":
        boxed, cover = sign_cover(2000 + seed, 100)
        marks |= box_marks(maps_of(learner, bare, boxed, with_methods=False), cover)
    elif "bccd" in looked.needs:
        marks |= blood_marks(learner, bare, 2000 + seed, with_methods=name == "bccd")
    print(
        name, seed, f"{seconds:.0f} s", marks, f"untrained {untrained['accuracy']:.2f}", flush=True
    )
    return {"set": name, "seed": seed, "marks": marks, "untrained": untrained}


def main() -> int:
    """Run every set that is here, three seeds each; print the marks, and store them where asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", action="store_true")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    asked = parser.parse_args()
    torch.set_num_threads(1)
    found = [name for name in asked.sets if all(map(is_here, SETS[name].needs))]
    runs = [run_of(name, SETS[name], seed) for name in found for seed in range(3)]
    if asked.store:
        kept = [] if asked.sets == list(SETS) else json.loads(PLACE.read_text("utf8"))["runs"]
        runs += [run for run in kept if run["set"] not in found]
        runs.sort(key=lambda run: list(SETS).index(run["set"]))
        made = {
            "command": "python benchmarks/attentive_pictures.py --store",
            "plan": f"{SETS['glyphs'].steps} steps of 8 tasks, 5-shot; 100 test tasks a seed",
            "torch": torch.__version__.partition("+")[0],
        }
        PLACE.write_text(json.dumps({"made": made, "runs": runs}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
