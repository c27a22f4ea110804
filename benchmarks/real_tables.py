"""Leave each group of each real table out: the record that book/importance/on_real_tables shows.

    METAXAI_DATA=... python benchmarks/real_tables.py --store

Without --store it prints. Tables whose files are not on this machine keep their stored marks.
"""

import argparse

import torch

from metaxai_lab.classroom import tables_record, tables_study
from metaxai_lab.tasks import is_here
from metaxai_lab.tasks.tables import BUNDLED

NAMES = (
    "heart_disease",
    "beijing_air",
    "beijing_stations",
    "radon",
    "radon_untold",
    "bike_sharing",
    "bike_sharing_months",
    "diabetes",
    "breast_cancer",
)
FILES = {  # whose name is not that of the cut
    "beijing_stations": "beijing_air",
    "radon_untold": "radon",
    "bike_sharing_months": "bike_sharing",
}
SEEDS = (0,)  # each fold has a seed of its own besides


def main() -> None:
    """Run every table that is here."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--store", action="store_true")
    asked.add_argument("--only", nargs="*", default=NAMES)
    told = asked.parse_args()
    torch.set_num_threads(1)
    for name in told.only:
        if name not in BUNDLED and not is_here(str(FILES.get(name, name))):
            print(name, "is not on this machine")
            continue
        whole = tables_study.cut(name)
        marks = tables_record.study(whole, seeds=SEEDS)
        for k in marks.rows:
            if marks.groups[str(k)]:
                means = {m: round(float(marks.of(m, k).mean()), 4) for m in marks.errors[str(k)]}
                print(name, k, len(marks.groups[str(k)]), means, flush=True)
        if told.store:
            kept = tables_record.read(tables_record.PLACE) if tables_record.PLACE.exists() else {}
            kept[name] = marks
            tables_record.write(tables_record.PLACE, {n: kept[n] for n in NAMES if n in kept})


if __name__ == "__main__":
    main()
