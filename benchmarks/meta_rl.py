"""Train each kind of policy of outlook/meta_reinforcement with five seeds, and judge them.

It makes the record of outlook/meta_reinforcement.

    python benchmarks/meta_rl.py --store

Without --store it prints. With --only, kinds that are not asked for keep their stored numbers.
"""

from pathlib import Path

import torch

from metaxai_lab.classroom import meta_rl_record as record
from metaxai_lab.classroom.record import remake

ROOMS = Path(record.__file__).parents[1]


def main() -> None:
    """Train and judge the kinds that are asked for."""
    torch.set_num_threads(1)
    files = [ROOMS / f"classroom/meta_rl_{name}.py" for name in ("study", "judges", "record")]
    files += [ROOMS / f"learners/{name}.py" for name in ("recurrent_policy", "rollouts", "ppo")]
    worlds = ("rl_worlds", "rl_trials", "rl_gymnasium", "control", "physics")
    files += [ROOMS / f"tasks/{name}.py" for name in worlds]
    remake(record.PARTS, record.PLACE, record.COMMAND, files)


if __name__ == "__main__":
    main()
