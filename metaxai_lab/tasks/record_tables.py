"""Tables of records: loans by purpose, credit cards by kind of client, runs of a milling machine.

Each reader checks that it has read the published content, whichever packing the files are in.
Sets: Groemping (2019); Yeh & Lien (2009); Matzka (2020).
Chapter: book/applications/finance.ipynb.
"""

from pathlib import Path

import pandas as pd

from metaxai_lab.tasks.archives import read_parts
from metaxai_lab.tasks.bundled_tables import bands_of
from metaxai_lab.tasks.sources import find_set
from metaxai_lab.tasks.table_columns import Frame, cut_into_tasks, expect, read_frame
from metaxai_lab.tasks.task_table import TaskTable

Folder = Path | str | None
LOAN_NUMBERS = ("duration", "amount", "installment_rate", "present_residence", "age")
LOAN_NUMBERS += ("number_credits", "people_liable", "telephone", "foreign_worker")
LOAN = ("status", "duration", "credit_history", "purpose", "amount", "savings", "employment")
LOAN += ("installment_rate", "personal_status_sex", "other_debtors", "present_residence")
LOAN += ("property", "age", "other_plans", "housing", "number_credits", "job", "people_liable")
LOAN += ("telephone", "foreign_worker", "credit_risk")
PURPOSES = {0: "others", 1: "new car", 2: "used car", 3: "furniture", 4: "radio or television"}
PURPOSES |= {5: "appliances", 6: "repairs", 8: "vacation", 9: "retraining", 10: "business"}
PAID = ("PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6")
CARD = ("ID", "LIMIT_BAL", "SEX", "EDUCATION", "MARRIAGE", "AGE", *PAID)
CARD += (*(f"BILL_AMT{month}" for month in range(1, 7)),)
CARD += (*(f"PAY_AMT{month}" for month in range(1, 7)), "default")
EDUCATION = {1: "graduate school", 2: "university", 3: "high school"}
MARRIAGE = {1: "married", 2: "single"}
MODES = ("TWF", "HDF", "PWF", "OSF")  # tool wear, heat dissipation, power, overstrain
MACHINE = {"Air temperature [K]": "air", "Process temperature [K]": "process"}
MACHINE |= {"Rotational speed [rpm]": "rpm", "Torque [Nm]": "torque", "Tool wear [min]": "wear"}
GRADES = tuple(f"grade={grade}" for grade in "HLM")
DECIDED_BY = {"TWF": ("wear",), "HDF": ("air", "process", "rpm"), "PWF": ("rpm", "torque")}
DECIDED_BY |= {"OSF": ("wear", "torque", *GRADES)}


def german_credit(folder: Folder = None) -> TaskTable:
    """Return "was the loan paid back?" of 1,000 loans; a task is a purpose, from 9 to 280 loans.

    Values of the choices are the published codes; the columns are read by position, since the
    published header is German.
    """
    frame = _only("south_german_credit", "SouthGermanCredit.asc", folder, sep=r"\s+")
    expect("south_german_credit", columns=(frame.shape[1], 21))
    frame.columns = LOAN
    good = int(frame["credit_risk"].sum())
    expect("south_german_credit", rows=(len(frame), 1000), good=(good, 700))
    frame["purpose"] = frame["purpose"].map(PURPOSES)
    other = [name for name in LOAN[:-1] if name not in (*LOAN_NUMBERS, "purpose")]
    return cut_into_tasks(
        frame.rename(columns={"credit_risk": "paid back"}),
        task="purpose",
        target="paid back",
        numbers=LOAN_NUMBERS,
        choices=other,
        class_names=("no", "yes"),
        task_names=list(PURPOSES.values()),
    )


def taiwan_credit(folder: Folder = None) -> TaskTable:
    """Return "default next month?" of 30,000 clients; a task is education, marriage and age band.

    Codes of education and marriage that stand for "other" or have no meaning make tasks of "other".
    The columns are read by position, since packings name them differently.
    """
    frame = _only("taiwan_credit_default", "*.csv", folder)
    expect("taiwan_credit_default", columns=(frame.shape[1], 25))
    frame.columns = CARD
    defaults = int(frame["default"].sum())
    expect("taiwan_credit_default", rows=(len(frame), 30000), defaults=(defaults, 6636))
    school = frame["EDUCATION"].map(EDUCATION).fillna("other")
    married = frame["MARRIAGE"].map(MARRIAGE).fillna("other")
    group = school + ", " + married + ", " + bands_of(frame["AGE"], (0, 30, 40, 200), "age")
    frame = frame.assign(group=group, female=frame["SEX"] - 1)
    ordered = frame.sort_values(["EDUCATION", "MARRIAGE", "AGE"])["group"]
    return cut_into_tasks(
        frame,
        task="group",
        target="default",
        numbers=["LIMIT_BAL", "female", "AGE", *CARD[6:-1]],
        class_names=("no", "yes"),
        task_names=list(dict.fromkeys(ordered)),
    )


def ai4i(folder: Folder = None) -> TaskTable:
    """Return "did the machine fail?" of 10,000 runs; a task is a grade of product, H, L or M."""
    frame = _machine(folder)
    grades = frame.assign(product=frame["grade"])
    return cut_into_tasks(
        grades,
        task="product",
        target="Machine failure",
        numbers=tuple(MACHINE.values()),
        class_names=("no", "yes"),
    )


def ai4i_modes(folder: Folder = None) -> TaskTable:
    """Return "did it fail in this way?" of the same 10,000 runs, asked once per mode of failure.

    The columns that decide each mode are known: `responsible` marks them. A worn tool (TWF) fails
    by chance within a range of wear; the other three follow from the columns exactly.
    """
    frame = _machine(folder)
    asked = [frame.assign(mode=mode, failed=frame[mode]) for mode in MODES]
    return cut_into_tasks(
        pd.concat(asked, ignore_index=True),
        task="mode",
        target="failed",
        numbers=tuple(MACHINE.values()),
        choices=["grade"],
        class_names=("no", "yes"),
        task_names=MODES,
        decided_by=DECIDED_BY,
    )


def _machine(folder: Folder) -> Frame:
    frame = _only("ai4i2020", "ai4i2020.csv", folder, encoding="utf-8-sig")
    names = [*MACHINE, "Type", "Machine failure", *MODES]
    expect("ai4i2020", absent=(sorted(set(names) - set(frame.columns)), []))
    failures = frame[["Machine failure", *MODES]].sum().tolist()
    expect("ai4i2020", rows=(len(frame), 10000), failures=(failures, [339, 46, 115, 95, 98]))
    return frame.rename(columns={**MACHINE, "Type": "grade"})


def _only(name: str, pattern: str, folder: Folder, **how: str) -> Frame:
    return read_frame(name, read_parts(find_set(name, folder=folder), pattern), **how)
