"""Scottish health boards as regions: diagnostics, operations and psychological therapies of Public Health Scotland.

    python -m examples.scotland DIRECTORY_WITH_THE_PUBLIC_FILES OUT

What maps and what does not is told in docs/foreign-data.md. Nothing is estimated: what Scotland does not publish
(new patients added, bands of the Swedish widths) is left empty.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from examples.contract_files import Origin, write_dataset

ORIGIN = Origin(
    producer="Public Health Scotland",
    source="Public Health Scotland, open data",
    licence="Open Government Licence v3.0",
    url="https://www.opendata.nhs.scot",
    notes="Boards that changed code keep one code. The row for all Scotland is left out: it is the sum of the boards.",
)
ALL_SCOTLAND = "S92000003"
TESTS = {"Colonoscopy": "COLONOSCOPY", "Cystoscopy": "CYSTOSCOPY", "MRI": "MRI"}
# guarantee_days are the Scottish standards: 6 weeks (tests), 12 weeks (operations), 18 weeks (therapies)
CARE_AREAS = pd.DataFrame(
    [
        ("COLONOSCOPY", "Colonoscopy", "other", 42, 1),
        ("CYSTOSCOPY", "Cystoscopy", "other", 42, 2),
        ("MRI", "MRI", "other", 42, 3),
        ("THERAPIES", "Psychological therapies", "other", 126, 4),
        ("OPERATIONS", "All operations", "operation", 84, 5),
    ],
    columns=["code", "name", "kind", "guarantee_days", "sort_order"],
)


def convert(source: Path, out: Path) -> list[Path]:
    """Contract files for regions, care areas, waits and production, in the order they must be imported."""
    tests = _read(source, "diagnostics_wait_bands_monthly")
    therapies = _read(source, "psychological_therapies_monthly")
    operations = _read(source, "operations_board_monthly")
    waits = pd.concat([_test_waits(tests), _therapy_waits(therapies)], ignore_index=True)
    production = pd.concat([_operations(operations), _therapies_done(therapies)], ignore_index=True)
    regions = _regions(tests, operations, therapies)
    kept = CARE_AREAS[CARE_AREAS["code"].isin({*waits["care_area"], *production["care_area"]})]
    return [
        write_dataset(regions, "regions", out, ORIGIN),
        write_dataset(kept, "care-areas", out, ORIGIN),
        write_dataset(waits, "waits", out, ORIGIN),
        write_dataset(production, "production", out, ORIGIN),
    ]


def _read(source: Path, name: str) -> pd.DataFrame:
    """One public file (plain or gzip) without the national row, `board` = the code a board has today."""
    path = next(p for p in (source / f"{name}.csv", source / f"{name}.csv.gz") if p.exists())
    frame = pd.read_csv(path, dtype={"unit_code": str, "unit_code_stable": str})
    frame["board"] = frame["unit_code_stable"] if "unit_code_stable" in frame else frame["unit_code"]
    return frame[frame["board"] != ALL_SCOTLAND]


def _regions(*frames: pd.DataFrame) -> pd.DataFrame:
    boards = pd.concat([f[["board", "unit_name"]] for f in frames]).drop_duplicates("board").sort_values("unit_name")
    return pd.DataFrame(
        {
            "code": boards["board"],
            "name": boards["unit_name"],
            "short_name": boards["unit_name"].str.removeprefix("NHS "),
            "healthcare_region": "Scotland",
            "sort_order": range(1, len(boards) + 1),
        }
    )


def _test_waits(tests: pd.DataFrame) -> pd.DataFrame:
    """Tests: the six-week standard gives `within_limit`; seven-day bands do not fit 0-30, 31-60 and so on."""
    chosen = tests[tests["treatment"].isin(TESTS)]
    return pd.DataFrame(
        {
            "period": chosen["period"],
            "region": chosen["board"],
            "care_area": chosen["treatment"].map(TESTS),
            "waiting": chosen["waiting_total"],
            "within_limit": chosen["waiting_total"] - chosen["waiting_over_6_weeks"],
        }
    )


def _therapy_waits(therapies: pd.DataFrame) -> pd.DataFrame:
    reported = therapies.dropna(subset=["waiting_total"])
    return pd.DataFrame(
        {
            "period": reported["period"],
            "region": reported["board"],
            "care_area": "THERAPIES",
            "waiting": reported["waiting_total"],
            "within_limit": reported["waiting_0_18w"],
        }
    )


def _therapies_done(therapies: pd.DataFrame) -> pd.DataFrame:
    """Those who started therapy in the month; weeks become days. Referrals are not in the file: `added` stays empty."""
    seen = therapies.dropna(subset=["seen_total"])
    return pd.DataFrame(
        {
            "period": seen["period"],
            "region": seen["board"],
            "care_area": "THERAPIES",
            "added": pd.NA,
            "performed": seen["seen_total"],
            "performed_within_limit": seen["seen_0_18w"],
            "wait_days_median": seen["seen_wait_weeks_p50"] * 7,
            "wait_days_p90": seen["seen_wait_weeks_p90"] * 7,
        }
    )


def _operations(operations: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": operations["period"],
            "region": operations["board"],
            "care_area": "OPERATIONS",
            "added": pd.NA,
            "performed": operations["operations_performed"],
            "planned": operations["operations_planned"],
            "cancelled": operations["cancelled_total"],
        }
    )


if __name__ == "__main__":
    for written in convert(Path(sys.argv[1]), Path(sys.argv[2])):
        print(written)
