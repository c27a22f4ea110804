"""Make the record of the repair page: few boxes, from the seeds that the page does not repair.

`python benchmarks/repair.py --store` writes book/attention/repair_study.json, in about a minute.
"""

from pathlib import Path

from metaxai_lab.classroom import repair_record, repair_study
from metaxai_lab.classroom.record import remake
from metaxai_lab.learners import repair

FILES = [Path(str(room.__file__)) for room in (repair_record, repair_study, repair)]

if __name__ == "__main__":
    remake(
        {"fewer boxes": repair_record.fewer_boxes},
        repair_record.PLACE,
        repair_record.COMMAND,
        FILES,
    )
