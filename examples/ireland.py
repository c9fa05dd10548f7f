"""Irish hospitals as regions: waiting lists for endoscopy, and two specialties for the whole country (NTPF).

    python -m examples.ireland DIRECTORY_WITH_THE_PUBLIC_FILES OUT

Only people waiting are published, no flows. What maps and what does not is told in docs/foreign-data.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from examples.contract_files import Origin, write_dataset

ORIGIN = Origin(
    producer="National Treatment Purchase Fund (NTPF)",
    source="National Treatment Purchase Fund, Ireland",
    licence="Creative Commons Attribution 4.0",
    url="https://www.ntpf.ie",
    notes="0-3 months is used as within 90 days. Inpatient and day case, adult and child are added up.",
)
IRELAND = "IE"
ENDOSCOPY = "GI-ENDOSCOPY"
SPECIALTIES = {"Ophthalmology": "OPHTHALMOLOGY", "Orthopaedics": "ORTHOPAEDICS"}
CARE_AREAS = pd.DataFrame(
    [
        (ENDOSCOPY, "GI endoscopy", "operation", 90, 1),
        ("OPHTHALMOLOGY", "Ophthalmology", "operation", 90, 2),
        ("ORTHOPAEDICS", "Orthopaedics", "operation", 90, 3),
    ],
    columns=["code", "name", "kind", "guarantee_days", "sort_order"],
)
_BANDS = ["wait_0_3m", "wait_3_6m", "wait_6_9m", "wait_9_12m", "wait_12_15m", "wait_15_18m", "wait_18m_plus"]


def convert(source: Path, out: Path) -> list[Path]:
    """Contract files for regions, care areas and waits, in the order they must be imported."""
    hospitals = _read(source / "gi_endoscopy_hospital_monthly.csv")
    country = _read(source / "inpatient_daycase_specialty_monthly.csv")
    endoscopy = _waits(_fill(hospitals), region="unit_code", care_area=ENDOSCOPY)
    chosen = country[country["specialty"].isin(SPECIALTIES)].assign(unit_code=IRELAND)
    added_up = chosen.groupby(["period", "unit_code", "specialty"], as_index=False)[[*_BANDS, "waiting_total"]].sum()
    specialties = _waits(added_up, region="unit_code", care_area=added_up["specialty"].map(SPECIALTIES))
    waits = pd.concat([endoscopy, specialties], ignore_index=True)
    return [
        write_dataset(_regions(hospitals), "regions", out, ORIGIN),
        write_dataset(CARE_AREAS[CARE_AREAS["code"].isin(waits["care_area"])], "care-areas", out, ORIGIN),
        write_dataset(waits, "waits", out, ORIGIN),
    ]


def _read(path: Path) -> pd.DataFrame:
    counts = dict.fromkeys([*_BANDS, "waiting_total"], "float")
    return pd.read_csv(path, dtype={"unit_code": str, "specialty_code": str, **counts})


def _regions(hospitals: pd.DataFrame) -> pd.DataFrame:
    """Each hospital a region, and the country as their parent, for what is published for the whole only."""
    names = hospitals[["unit_code", "unit_name"]].drop_duplicates("unit_code").sort_values("unit_name")
    leaves = pd.DataFrame(
        {
            "code": names["unit_code"],
            "name": names["unit_name"],
            "short_name": names["unit_name"].str.replace("University Hospital", "UH"),
            "healthcare_region": "Ireland",
            "sort_order": range(1, len(names) + 1),
            "parent": IRELAND,
        }
    )
    country = pd.DataFrame([(IRELAND, "Ireland", "Ireland", "Ireland", 0, "")], columns=leaves.columns)
    return pd.concat([country, leaves], ignore_index=True)


def _fill(hospitals: pd.DataFrame) -> pd.DataFrame:
    """A month without a row between a hospital's first and last means nobody waiting, says the publisher: zero."""
    filled = []
    for (code, name), rows in hospitals.groupby(["unit_code", "unit_name"]):
        months = pd.period_range(rows["period"].min(), rows["period"].max(), freq="M").astype(str)
        whole = rows.set_index("period")[[*_BANDS, "waiting_total"]].reindex(months, fill_value=0)
        filled.append(whole.rename_axis("period").reset_index().assign(unit_code=code, unit_name=name))
    return pd.concat(filled, ignore_index=True)


def _waits(rows: pd.DataFrame, *, region: str, care_area: str | pd.Series) -> pd.DataFrame:
    """Quarters of a year fit three things only: within 90 days, 181-365 days, and over a year."""
    return pd.DataFrame(
        {
            "period": rows["period"],
            "region": rows[region],
            "care_area": care_area,
            "waiting": rows["waiting_total"],
            "within_limit": rows["wait_0_3m"],
            "waiting_181_365": rows["wait_6_9m"] + rows["wait_9_12m"],
            "waiting_366_": rows["wait_12_15m"] + rows["wait_15_18m"] + rows["wait_18m_plus"],
        }
    )


if __name__ == "__main__":
    for written in convert(Path(sys.argv[1]), Path(sys.argv[2])):
        print(written)
