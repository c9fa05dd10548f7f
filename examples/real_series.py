"""The real series that forecasts are measured on: public statistics of four countries in one small file.

    python -m examples.real_series DIRECTORY_WITH_THE_PUBLIC_FILES [OUT]

DIRECTORY holds `scotland-planned-care`, `ireland-ntpf-2014-2021`, `england-production-2018-2022` and
`vantetider-se-2016-2019`. OUT (default `data/real`) gets `series.csv.gz` and fresh sidecars for it and for the
hand-kept `sets.csv` and `breaks.csv`. Written twice, the bytes are the same. What is kept: data/real/README.md.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from pathlib import Path
from typing import Final

import pandas as pd

OUT: Final = Path(__file__).resolve().parents[1] / "data" / "real"
RETRIEVED: Final = "2026-11-22"
UNIT: Final = ("unit", "care_area")
KEY: Final = ("data_set", "unit", "care_area", "period")
VALUES: Final = ("waiting", "within_limit", "waiting_0_30", "waiting_31_60", "waiting_61_90", "performed")
SCOTLAND: Final = "S92000003"  # the whole country: never beside its boards
SMALLEST: Final = 20  # median under which a series is rounding noise
ALL_WITHIN: Final = 0.985  # mean share from which there is nothing to forecast


def series_of(source: Path) -> pd.DataFrame:
    """One row per key, sorted, columns KEY and VALUES; NaN where a value is missing or the series is not used."""
    scotland, ireland = source / "scotland-planned-care", source / "ireland-ntpf-2014-2021"
    england, sweden = source / "england-production-2018-2022", source / "vantetider-se-2016-2019"
    parts = {
        "scotland-diagnostics": _diagnostics(scotland / "diagnostics_wait_bands_monthly.csv.gz"),
        "scotland-operations-board": _operations(scotland / "operations_board_monthly.csv"),
        "scotland-operations-hospital": _operations(scotland / "operations_hospital_monthly.csv"),
        "scotland-therapies": _therapies(scotland / "psychological_therapies_monthly.csv"),
        "ireland-endoscopy": _endoscopy(ireland / "gi_endoscopy_hospital_monthly.csv"),
        "ireland-specialties": _specialties(ireland / "inpatient_daycase_specialty_monthly.csv"),
        "england-regions": _regions(england / "region_specialty_sector_monthly.csv"),
        "england-procedures": _procedures(england / "national_procedure_sector_monthly.csv"),
        "sweden-vantetider": _shares(sweden / "share_within_90d_monthly.csv"),
    }
    every = pd.concat([rows.assign(data_set=name) for name, rows in parts.items()], ignore_index=True)
    every = every.reindex(columns=[*KEY, *VALUES])
    every = every[every[list(VALUES)].notna().any(axis=1)]
    return every.sort_values(list(KEY), ignore_index=True).astype(dict.fromkeys(VALUES, float)).round(3)


def _diagnostics(path: Path) -> pd.DataFrame:
    """Board x test. The list is given in weeks: 13 of them are 91 days; days 30 and 61 lie inside the 5th and 9th."""
    rows = _without_country(_read(path))
    weeks = [f"wait_{7 * k + (k > 0)}_{7 * k + 7}d" for k in range(13)]
    so_far = rows[weeks].cumsum(axis=1)
    to_30 = so_far[weeks[3]] + rows[weeks[4]] * 2 / 7
    to_61 = so_far[weeks[7]] + rows[weeks[8]] * 5 / 7
    rows = rows.assign(
        unit=rows["unit_code"],
        care_area=rows["treatment"],
        waiting=rows["waiting_total"],
        within_limit=so_far[weeks[12]],
        waiting_0_30=to_30,
        waiting_31_60=(to_61 - to_30).clip(lower=0),
        waiting_61_90=(so_far[weeks[12]] - to_61).clip(lower=0),
    )
    rows = _large(rows, "waiting", at_least=40)
    share = (rows["within_limit"] / rows["waiting"].where(rows["waiting"] > 0)).groupby([rows[u] for u in UNIT])
    return rows.assign(within_limit=rows["within_limit"].where(share.transform("mean") < ALL_WITHIN))


def _operations(path: Path) -> pd.DataFrame:
    """Operations performed by hospital, or by board under the code it has now."""
    rows = _without_country(_read(path))
    unit = "unit_code_stable" if "unit_code_stable" in rows else "unit_code"
    rows = rows.assign(unit=rows[unit], care_area="operation", performed=rows["operations_performed"])
    return _large(_summed(rows, "performed"), "performed")


def _therapies(path: Path) -> pd.DataFrame:
    """Boards; the limit is 18 weeks. The treated are used where they are many enough."""
    rows = _without_country(_read(path))
    names = {"waiting_total": "waiting", "waiting_0_18w": "within_limit", "seen_total": "performed"}
    rows = rows.rename(columns=names).assign(unit=rows["unit_code_stable"], care_area="therapy")
    rows = _large(_summed(rows, *names.values()), "waiting")
    many = rows.groupby("unit")["performed"].transform("median") >= SMALLEST
    within = rows["within_limit"].clip(upper=rows["waiting"])
    return rows.assign(within_limit=within, performed=rows["performed"].where(many))


def _endoscopy(path: Path) -> pd.DataFrame:
    """Hospitals; within three months of waiting is the nearest thing to a limit of 90 days."""
    rows = _read(path).rename(columns={"waiting_total": "waiting", "wait_0_3m": "within_limit"})
    rows = rows.assign(unit=rows["unit_code"], care_area="endoscopy")
    return _large(_summed(rows, "waiting", "within_limit"), "waiting", at_least=40)


def _specialties(path: Path) -> pd.DataFrame:
    """The whole country: specialty x case type x adult or child."""
    rows = _read(path).rename(columns={"waiting_total": "waiting", "wait_0_3m": "within_limit"})
    rows = rows.assign(unit="IE", care_area=_joined(rows, "specialty", "case_type", "adult_child"))
    return _large(_summed(rows, "waiting", "within_limit"), "waiting", at_least=39)


def _regions(path: Path) -> pd.DataFrame:
    rows = _read(path).rename(columns={"unit_name": "unit", "activity": "performed"})
    return _large(rows.assign(care_area=_joined(rows, "specialty", "setting", "sector")), "performed")


def _procedures(path: Path) -> pd.DataFrame:
    """The whole country: procedure x sector, inpatients and day cases."""
    rows = _read(path).rename(columns={"unit_name": "unit", "inpatient_daycase": "performed"})
    return _large(rows.assign(care_area=_joined(rows, "specialty", "treatment", "sector")), "performed")


def _shares(path: Path) -> pd.DataFrame:
    """Only per cent are published: so many of a hundred. The single region has a year, too little to learn from."""
    rows = _read(path)
    rows = rows[rows.groupby(["care_type", "unit_code"])["period"].transform("size") > 30]
    return rows.assign(
        unit=rows["unit_code"], care_area=rows["care_type"], waiting=100, within_limit=rows["share_within_90d_pct"]
    )


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype={"unit_code": str, "unit_code_stable": str, "period": str})


def _without_country(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["unit_code"] != SCOTLAND]


def _joined(rows: pd.DataFrame, *columns: str) -> pd.Series:
    return rows[list(columns)].agg("|".join, axis=1)


def _summed(rows: pd.DataFrame, *values: str) -> pd.DataFrame:
    """Rows of one unit, care area and month added up; missing stays missing."""
    return rows.groupby([*UNIT, "period"], as_index=False)[list(values)].sum(min_count=1)


def _large(rows: pd.DataFrame, value: str, at_least: int = 0) -> pd.DataFrame:
    """Series with at least so many months and a median of SMALLEST or more."""
    each = rows.groupby(list(UNIT))[value]
    return rows[(each.transform("size") >= at_least) & (each.transform("median") >= SMALLEST)]


def packed(rows: pd.DataFrame) -> bytes:
    """The rows as gzip CSV, whole numbers without decimals; no time or name inside, so that the same is the same."""
    whole = [c for c in VALUES if (rows[c].dropna() % 1 == 0).all()]
    text = rows.astype(dict.fromkeys(whole, "Int64")).to_csv(index=False, lineterminator="\n")
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def sidecar(path: Path, **told: str) -> None:
    """`<file>.meta.json` with the checksum of the file as it is."""
    meta = {
        **told,
        "retrieved": RETRIEVED,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "synthetic": False,
        "provisional": False,
    }
    text = json.dumps(meta, ensure_ascii=False, indent=1) + "\n"
    path.with_name(f"{path.name}.meta.json").write_text(text, encoding="utf-8")


def main(source: Path, out: Path) -> None:
    """Write the series and the three sidecars."""
    rows = series_of(source)
    series = out / "series.csv.gz"
    series.write_bytes(packed(rows))
    sets = pd.read_csv(out / "sets.csv")
    sidecar(
        series,
        producer="; ".join(dict.fromkeys(sets["producer"])),
        source="Offentlig statistik ur Skottland, Irland, England och Sverige; per datamängd i sets.csv",
        licence="; ".join(dict.fromkeys(sets["licence"])),
        period=f"{rows['period'].min()}–{rows['period'].max()}",
        notes="Ett urval av serier, oförändrade tal utom 30 och 61 dagar ur veckor. Se README.md.",
    )
    own = {"producer": "Lägesbild", "licence": "CC0"}
    sidecar(out / "sets.csv", source="Källornas egna uppgifter", notes="Vad datamängderna är och varifrån.", **own)
    sidecar(
        out / "breaks.csv",
        source="Projektets metodunderlag",
        notes="Pandemimasken för produktion, som i data/seed/real/breaks.csv.",
        period="2020-03–2021-06",
        **own,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else OUT)
