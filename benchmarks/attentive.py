"""How many episodes a second: the batched attention learners beside plain loops, equal weights.

Both learners of the chapter are timed against code that takes one step of one episode (and one
query) at a time, in the same process, turn by turn, forwards and backwards. Run
`python benchmarks/attentive.py`; the printed form is wanted at 30 times or more.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from metaxai_lab.classroom.costs import Result, store, this_machine
from metaxai_lab.core import Episode, initialised_with, seeded
from metaxai_lab.learners import AttentiveLearner, PrintedAttention, class_means
from metaxai_lab.learners.prototypes import squared_distances
from metaxai_lab.tasks import accents, draw_accent_episodes

Step = Callable[[], Tensor]


def loop_over_steps(learner: PrintedAttention, x: Tensor) -> tuple[Tensor, Tensor]:
    """Answer like `PrintedAttention`, one step of one sequence at a time."""
    answers, maps = zip(*(_one_sequence(learner, sequence) for sequence in x), strict=True)
    return torch.stack(answers), torch.stack(maps)


def _one_sequence(learner: PrintedAttention, x: Tensor) -> tuple[Tensor, Tensor]:
    lstm, n_hidden = learner.lstm, learner.lstm.hidden_size
    h, c = x.new_zeros(n_hidden), x.new_zeros(n_hidden)
    answers, maps = [], []
    for t in range(len(x)):
        h, c = _lstm_step(lstm, x[t], h, c)
        weights = torch.softmax(learner.score(h)[: t + 1], -1)
        context = sum(weights[i] * x[i] for i in range(t + 1))
        answers.append(learner.answer(torch.cat([context, h])))
        maps.append(F.pad(weights, (0, len(x) - t - 1)))
    return torch.stack(answers), torch.stack(maps)


def _lstm_step(lstm: torch.nn.LSTM, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    gates = lstm.weight_ih_l0 @ x + lstm.bias_ih_l0 + lstm.weight_hh_l0 @ h + lstm.bias_hh_l0
    i, f, g, o = gates.chunk(4)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def loop_over_queries(learner: AttentiveLearner, episode: Episode) -> Tensor:
    """Classify like `AttentiveLearner`, one query of one episode at a time, support read anew."""
    n_tasks, n_rows = episode.query.y.shape
    outputs = [
        _one_query(learner, episode.task(task), row)
        for task in range(n_tasks)
        for row in range(n_rows)
    ]
    return torch.stack(outputs).view(n_tasks, n_rows, -1)


def _one_query(learner: AttentiveLearner, task: Episode, row: int) -> Tensor:
    reader, y = learner.reader, task.support.y
    content, clue = learner.look(task.support.x)
    seen = clue.mean(-2)
    steps = torch.cat([F.relu(reader.step(reader.compared(seen, y))), F.one_hot(y)], -1)
    h = c = steps.new_zeros(reader.lstm.hidden_size)
    for step in steps:
        h, c = _lstm_step(reader.lstm, step, h, c)
    support = [
        learner.embed(content[i, None], learner.weigh(clue[i, None], h)) for i in range(len(y))
    ]
    content, clue = learner.look(task.query.x[row, None])
    embedding = learner.embed(content, learner.weigh(clue, h))
    distances = squared_distances(embedding, class_means(torch.cat(support), y))
    return -learner.log_sharpness.exp() * distances[0]


def episodes_per_second(n_episodes: int, steps: dict[str, Step], repeats: int) -> dict[str, float]:
    """Return the median over repeats, each way taking its turn."""
    rates: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(repeats):
        for name, step in steps.items():
            begun, made = time.perf_counter(), 0
            while time.perf_counter() - begun < 0.5 or made < 1:
                step().backward()
                made += n_episodes
            rates[name].append(made / (time.perf_counter() - begun))
    return {name: statistics.median(values) for name, values in rates.items()}


def table(title: str, rates: dict[str, float]) -> Result:
    """Return a table whose last column is the ratio to the first row."""
    base = next(iter(rates.values()))
    rows = [(name, rate, rate / base) for name, rate in rates.items()]
    command = "python benchmarks/attentive.py --store"
    return Result(title, command, this_machine(), ("way", "episodes/s", "ratio"), rows)


def printed_form(n_episodes: int, repeats: int) -> Result:
    """Time the form of the equations: sequences of 26 inputs of 64 columns."""
    generator = seeded(0)
    with initialised_with(generator):
        learner = PrintedAttention(64, 64, 5, n_steps=26)
    x = torch.randn(n_episodes, 26, 64, generator=generator)
    plain, fused = loop_over_steps(learner, x)[0], learner(x)[0]
    torch.testing.assert_close(plain, fused, atol=1e-5, rtol=1e-4)
    steps = {
        "one step of one episode at a time": lambda: loop_over_steps(learner, x)[0].mean(),
        "PrintedAttention, one batch": lambda: learner(x)[0].mean(),
    }
    return table(
        f"The printed form, {n_episodes} episodes of 26 steps",
        episodes_per_second(n_episodes, steps, repeats),
    )


def content_form(n_tasks: int, repeats: int) -> Result:
    """Time the form of the chapter: 5-way 3-shot tasks over pictures, 5 queries a class."""
    generator = seeded(0)
    with initialised_with(generator):
        learner = AttentiveLearner()
    kinds = ["mark", "base"] * (n_tasks // 2)
    episode = draw_accent_episodes(
        accents("train"), kinds=kinds, n_way=5, k_shot=3, n_query=5, generator=generator
    )

    def batched() -> Tensor:
        return learner.adapt(episode.support)(episode.query.x)

    torch.testing.assert_close(loop_over_queries(learner, episode), batched(), atol=1e-4, rtol=1e-3)
    steps = {
        "one query at a time, support read anew": lambda: loop_over_queries(
            learner, episode
        ).mean(),
        "AttentiveLearner, one batch": lambda: batched().mean(),
    }
    return table(
        f"The content form, {n_tasks} tasks with 15 support and 25 query pictures",
        episodes_per_second(n_tasks, steps, repeats),
    )


def main() -> None:
    """Print both tables; with --store keep them for the page of costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=64)
    parser.add_argument("--tasks", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--store", action="store_true", help="write benchmarks/results/")
    asked = parser.parse_args()
    results = [
        printed_form(asked.episodes, asked.repeats),
        content_form(asked.tasks, asked.repeats),
    ]
    print("\n\n".join(result.markdown() for result in results))
    if asked.store:
        store("attentive", results)


if __name__ == "__main__":
    main()
