"""Places: the published counts, both packings of radon, and damaged files refused."""

import zipfile
from io import BytesIO

import numpy as np
import pandas as pd
import pytest

from metaxai_lab.tasks.archives import DamagedFileError
from metaxai_lab.tasks.place_tables import bike_sharing, heart_disease, radon
from metaxai_lab.tasks.sources import find_set, is_here
from metaxai_lab.tasks.tables import table


def needs(name):
    return pytest.mark.skipif(not is_here(name), reason=f"needs the set {name}; see running_it.md")


def column(whole, name):
    return whole.x[:, whole.feature_names.index(name)]


@needs("heart_disease")
def test_heart_disease_has_four_hospitals_as_published():
    whole = heart_disease()
    assert whole.task_names == ("Cleveland", "Hungary", "Switzerland", "VA Long Beach")
    assert whole.counts.tolist() == [303, 294, 123, 200]
    assert [int(whole.y[whole.task == place].sum()) for place in range(4)] == [139, 106, 115, 149]


@needs("heart_disease")
def test_a_cholesterol_of_zero_counts_as_missing():
    whole = heart_disease()
    assert whole.missing["cholesterol"] == 30 + 172  # 30 marked "?", 172 zeros
    assert whole.missing["blood_pressure"] == 59 + 1
    assert column(whole, "cholesterol")[whole.task == 2].isnan().all()
    assert column(whole, "cholesterol missing").sum() == 202


@needs("heart_disease")
def test_choices_of_a_patient_are_one_or_missing():
    whole = heart_disease()
    named = [name for name in whole.feature_names if name.startswith("thallium")]
    assert len(named) == 4
    assert sum(column(whole, name) for name in named).eq(1).all()


@needs("heart_disease")
def test_a_hospital_with_other_patients_is_refused(tmp_path):
    with zipfile.ZipFile(find_set("heart_disease") / "heart_disease.zip") as archive:
        for name in archive.namelist():
            (tmp_path / name).write_bytes(archive.read(name))
    assert heart_disease(tmp_path).counts.sum() == 920  # unpacked is as good as packed
    path = tmp_path / "processed.va.data"
    path.write_bytes(b"\n".join(path.read_bytes().splitlines()[:-1]))
    with pytest.raises(DamagedFileError, match=r"rows: found .*'va': 199.*'va': 200"):
        heart_disease(tmp_path)


@needs("beijing_air")
def test_beijing_air_has_twelve_stations_and_says_what_was_empty():
    whole = table("beijing_air", every=7)
    assert len(whole.task_names) == 12
    assert whole.n_left_out == 8739
    assert whole.missing["CO"] == 15162
    assert abs(whole.counts.sum().item() - (420768 - 8739) / 7) < 12


@needs("radon")
def test_radon_has_85_counties_and_919_homes():
    whole = radon()
    assert len(whole.task_names) == 85
    assert whole.counts.sum() == 919
    assert (whole.counts.min(), whole.counts.max()) == (1, 116)
    assert whole.y.sum().item() == pytest.approx(1162.33, abs=0.01)


@needs("radon")
def test_the_published_survey_gives_the_same_homes(tmp_path):
    """The survey's files are made here from the small copy, in the layout of the published ones."""
    ready = pd.read_csv(find_set("radon") / "radon.csv")
    code = {name: number for number, name in enumerate(sorted(ready["county"].unique()), start=1)}
    homes = pd.DataFrame({"idnum": range(len(ready)), "state": "MN", "floor": ready["floor"]})
    homes["activity"] = np.exp(ready["log_radon"]) - 0.1
    homes["cntyfips"] = ready["county"].map(code)
    homes["county"] = ready["county"].str[:2] + " " + ready["county"].str[2:] + "   "
    elsewhere = homes.head(3).assign(state="WI")
    pd.concat([elsewhere, homes]).to_csv(tmp_path / "srrs2.dat", index=False)
    counties = ready.drop_duplicates("county")
    cty = pd.DataFrame({"ctfips": counties["county"].map(code), "st": "MN"})
    cty["Uppm"] = np.exp(counties["log_uranium"])
    pd.concat([cty.assign(st="WI", Uppm=99.0), cty]).to_csv(tmp_path / "cty.dat", index=False)
    one, other = radon(), radon(tmp_path)
    assert one.task_names == other.task_names
    assert one.y.sub(other.y).abs().max() < 1e-5
    assert one.x.sub(other.x).abs().max() < 1e-5


@needs("radon")
def test_one_changed_number_is_noticed(tmp_path):
    text = (find_set("radon") / "radon.csv").read_text()
    (tmp_path / "radon.csv").write_text(text.replace("0.8329091229351041", "1.8329091229351041", 1))
    with pytest.raises(DamagedFileError, match="sums: found"):
        radon(tmp_path)


@needs("bike_sharing")
def test_bike_sharing_is_cut_by_hour_or_by_month():
    by_hour, by_month = bike_sharing(), table("bike_sharing_months")
    assert len(by_hour.task_names) == len(by_month.task_names) == 24
    assert by_hour.y.double().sum() == by_month.y.double().sum() == 3_292_679
    assert len(by_hour.y) == 17_379
    assert "hour" in by_month.feature_names
    assert "hour" not in by_hour.feature_names
    assert by_month.task_names[0] == "2011-01"


@needs("bike_sharing")
def test_the_counts_of_which_rides_are_the_sum_are_no_columns():
    assert not {"casual", "registered", "instant"} & set(bike_sharing().feature_names)


def test_a_table_of_the_right_name_and_other_content_is_refused(tmp_path):
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("hour.csv", "cnt,yr,mnth,hr\n5,0,1,0\n")
    (tmp_path / "bike.zip").write_bytes(whole.getvalue())
    with pytest.raises(DamagedFileError, match="rows: found 1, expected 17379"):
        bike_sharing(tmp_path)
