"""Tables whose tasks are places: a hospital, a station, a county; and hours, for the bicycles.

Each reader checks that it has read the published content, whichever packing the files are in.
Sets: Detrano et al. (1989); Zhang et al. (2017); Gelman & Hill (2007); Fanaee-T & Gama (2014).
Chapter: book/appendix/running_it.md.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from metaxai_lab.tasks.archives import read_parts
from metaxai_lab.tasks.sources import find_set
from metaxai_lab.tasks.table_columns import Frame, cut_into_tasks, expect, read_frame
from metaxai_lab.tasks.task_table import TaskTable

Folder = Path | str | None
HOSPITALS = {"cleveland": "Cleveland", "hungarian": "Hungary"}
HOSPITALS |= {"switzerland": "Switzerland", "va": "VA Long Beach"}
HEART = ("age", "male", "chest_pain", "blood_pressure", "cholesterol", "fasting_sugar_high")
HEART += ("resting_ecg", "heart_rate", "exercise_angina", "st_depression", "st_slope")
HEART += ("vessels", "thallium", "num")
HEART_CHOICES = ("chest_pain", "resting_ecg", "st_slope", "thallium")
AIR = ("PM10", "SO2", "NO2", "CO", "O3", "TEMP", "PRES", "DEWP", "RAIN", "WSPM", "month", "hour")
BLANK = {"na_values": [" "]}  # one cell of SO2 is a blank
WEATHER = ("temp", "atemp", "hum", "windspeed", "holiday", "workingday")


def heart_disease(folder: Folder = None) -> TaskTable:
    """Return "narrowed arteries?" of 920 patients; a task is a hospital.

    A blood pressure or cholesterol of 0 was not measured (all Swiss cholesterol is 0): it counts as
    missing.
    """
    files = read_parts(find_set("heart_disease", folder=folder), "processed.*.data")
    how = {"names": list(HEART), "na_values": "?"}
    tables = {
        path.split(".")[-2]: read_frame("heart_disease", {path: text}, **how)
        for path, text in files.items()
    }
    ill = {name: int((table["num"] > 0).sum()) for name, table in sorted(tables.items())}
    published = {"cleveland": 139, "hungarian": 106, "switzerland": 115, "va": 149}
    n_rows = {name: len(table) for name, table in sorted(tables.items())}
    sizes = {"cleveland": 303, "hungarian": 294, "switzerland": 123, "va": 200}
    expect("heart_disease", rows=(n_rows, sizes), ill=(ill, published))
    frame: Frame = pd.concat([tables[key].assign(hospital=name) for key, name in HOSPITALS.items()])
    frame["heart disease"] = (frame["num"] > 0).astype(int)
    measured = frame[["blood_pressure", "cholesterol"]].replace(0, np.nan)
    frame[["blood_pressure", "cholesterol"]] = measured
    return cut_into_tasks(
        frame,
        task="hospital",
        target="heart disease",
        numbers=[name for name in HEART[:-1] if name not in HEART_CHOICES],
        choices=HEART_CHOICES,
        class_names=("absent", "present"),
        task_names=list(HOSPITALS.values()),
    )


def beijing_air(folder: Folder = None) -> TaskTable:
    """Return hourly PM2.5, in µg/m³, from weather and the other pollutants; a task is a station."""
    files = read_parts(find_set("beijing_air", folder=folder), "PRSA_Data_*.csv")
    stations = [read_frame("beijing_air", {path: text}, **BLANK) for path, text in files.items()]
    frame: Frame = pd.concat(stations, ignore_index=True)
    sizes = sorted(frame["station"].value_counts().tolist())
    n_empty = int(frame["PM2.5"].isna().sum())
    expect("beijing_air", rows=(sizes, [35064] * 12), empty_targets=(n_empty, 8739))
    frame = frame.rename(columns={"wd": "wind"})
    return cut_into_tasks(frame, task="station", target="PM2.5", numbers=AIR, choices=["wind"])


def radon(folder: Folder = None) -> TaskTable:
    """Return the logarithm of radon in 919 homes, in pCi/L plus 0.1; a task is a county.

    Columns: whether it was measured on the first floor, not in the basement, and the logarithm of
    the county's uranium, which is the same for all homes of a county.
    """
    where = find_set("radon", folder=folder)
    ready = read_parts(where, "radon.csv")
    frame = read_frame("radon", ready) if ready else _survey(where)
    total = round(float(frame["log_radon"].sum()), 2)
    n_first = int(frame["floor"].sum())
    expect(
        "radon",
        homes=(len(frame), 919),
        counties=(frame["county"].nunique(), 85),
        sums=((n_first, total), (153, 1162.33)),
    )
    frame = frame.rename(columns={"floor": "first_floor"})
    numbers = ["first_floor", "log_uranium"]
    return cut_into_tasks(frame, task="county", target="log_radon", numbers=numbers)


def bike_sharing(folder: Folder = None, *, by: str = "hour") -> TaskTable:
    """Return how many bicycles are rented in an hour, from weather and calendar.

    Args:
        by: "hour", 24 tasks, or "month", 24 tasks of two years.
    """
    files = read_parts(find_set("bike_sharing", folder=folder), "hour.csv")
    frame = read_frame("bike_sharing", files)
    expect("bike_sharing", rows=(len(frame), 17379), rides=(int(frame["cnt"].sum()), 3292679))
    month = (2011 + frame["yr"]).astype(str) + "-" + frame["mnth"].map("{:02d}".format)
    hour = frame["hr"].map("{:02d}:00".format)
    frame = frame.assign(group=hour if by == "hour" else month)
    frame = frame.rename(columns={"cnt": "rides", "yr": "second_year", "hr": "hour"})
    other = ["second_year"] if by == "hour" else ["hour"]
    choices = ["season", "weathersit", "weekday"]
    numbers = [*WEATHER, *other]
    return cut_into_tasks(frame, task="group", target="rides", numbers=numbers, choices=choices)


def _survey(where: Path) -> Frame:
    """Cut the homes of Minnesota out of the published survey, and look up the counties' uranium."""
    homes, counties = (
        read_frame("radon", read_parts(where, name), skipinitialspace=True)
        for name in ("srrs2.dat", "cty.dat")
    )
    homes, counties = homes[homes["state"] == "MN"], counties[counties["st"] == "MN"]
    uranium = counties.drop_duplicates("ctfips").set_index("ctfips")["Uppm"]
    return pd.DataFrame(
        {
            "floor": homes["floor"],
            "county": homes["county"].str.replace(" ", ""),
            "log_radon": np.log(homes["activity"] + 0.1),
            "log_uranium": np.log(homes["cntyfips"].map(uranium)),
        }
    )
