"""The converters in `examples/`, against the public files read a second time, row by row."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from examples import ireland, scotland
from lagesbild.domain.datasets import DATASETS

FILES = Path(__file__).parent / "data_files"
CONVERTERS = {"scotland": scotland.convert, "ireland": ireland.convert}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(params=sorted(CONVERTERS))
def written(request, tmp_path) -> dict[str, Path]:
    return {path.stem: path for path in CONVERTERS[request.param](FILES / request.param, tmp_path)}


def test_headings_are_the_contracts_and_keys_are_whole(written):
    for name, path in written.items():
        spec, rows = DATASETS[name], _rows(path)
        assert set(rows[0]) <= {c.name for c in spec.columns}
        assert {c.name for c in spec.columns if c.required} <= set(rows[0])
        keys = [tuple(r.get(c.name, "") for c in spec.keys) for r in rows]
        assert len(set(keys)) == len(keys)


def test_every_code_used_is_defined(written):
    regions = {r["code"] for r in _rows(written["regions"])}
    areas = {r["code"] for r in _rows(written["care-areas"])}
    for name in written.keys() & {"waits", "production"}:
        rows = _rows(written[name])
        assert {r["region"] for r in rows} <= regions
        assert {r["care_area"] for r in rows} <= areas
    assert {r.get("parent", "") for r in _rows(written["regions"])} <= regions | {""}


def test_nobody_waits_longer_than_everybody(written):
    for row in _rows(written["waits"]):
        parts = [int(row.get(c) or 0) for c in ("within_limit", "waiting_181_365", "waiting_366_")]
        assert sum(parts) <= int(row["waiting"])


def test_the_sidecar_says_real_whose_and_which_file(written):
    for path in written.values():
        meta = json.loads(path.with_name(path.name + ".meta.json").read_text(encoding="utf-8"))
        assert meta["synthetic"] is False
        assert meta["producer"]
        assert meta["licence"]
        assert meta["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_scottish_waits_per_board_are_those_published(tmp_path):
    files = {p.stem: p for p in scotland.convert(FILES / "scotland", tmp_path)}
    published: Counter[str] = Counter()
    for row in _rows(FILES / "scotland" / "diagnostics_wait_bands_monthly.csv"):
        if row["treatment"] == "Colonoscopy" and row["unit_name"] != "Scotland":
            published[row["unit_code"]] += int(row["waiting_total"]) - int(row["waiting_over_6_weeks"])
    converted: Counter[str] = Counter()
    for row in _rows(files["waits"]):
        if row["care_area"] == "COLONOSCOPY":
            converted[row["region"]] += int(row["within_limit"])
    assert converted == published


def test_a_board_that_changed_code_is_one_unbroken_series(tmp_path):
    files = {p.stem: p for p in scotland.convert(FILES / "scotland", tmp_path)}
    public = _rows(FILES / "scotland" / "operations_board_monthly.csv")
    changed = {r["unit_code_stable"] for r in public if r["unit_code"] != r["unit_code_stable"]}
    months: dict[str, set[str]] = defaultdict(set)
    for row in _rows(files["production"]):
        if row["care_area"] == "OPERATIONS":
            months[row["region"]].add(row["period"])
    assert changed
    assert all(len(months[code]) == len({r["period"] for r in public}) for code in changed)
    assert not changed & {r["unit_code"] for r in public if r["unit_code"] != r["unit_code_stable"]}


def test_what_scotland_does_not_publish_is_empty_not_zero(tmp_path):
    files = {p.stem: p for p in scotland.convert(FILES / "scotland", tmp_path)}
    assert {r["added"] for r in _rows(files["production"])} == {""}


def test_weeks_become_days(tmp_path):
    files = {p.stem: p for p in scotland.convert(FILES / "scotland", tmp_path)}
    converted = {
        (r["period"], r["region"]): r["wait_days_p90"]
        for r in _rows(files["production"])
        if r["care_area"] == "THERAPIES"
    }
    for row in _rows(FILES / "scotland" / "psychological_therapies_monthly.csv"):
        if row["seen_total"] and row["unit_name"] != "Scotland":
            days = converted[row["period"], row["unit_code_stable"]]
            assert (float(days) if days else None) == (
                float(row["seen_wait_weeks_p90"]) * 7 if row["seen_wait_weeks_p90"] else None
            )


def test_irish_totals_are_those_published_and_a_gap_inside_a_series_is_nobody(tmp_path):
    files = {p.stem: p for p in ireland.convert(FILES / "ireland", tmp_path)}
    public = _rows(FILES / "ireland" / "gi_endoscopy_hospital_monthly.csv")
    rows = [r for r in _rows(files["waits"]) if r["care_area"] == "GI-ENDOSCOPY"]
    assert sum(int(r["waiting"]) for r in rows) == sum(int(r["waiting_total"]) for r in public)
    added = {(r["period"], r["region"]) for r in rows} - {(r["period"], r["unit_code"]) for r in public}
    assert added
    assert all(r["waiting"] == "0" for r in rows if (r["period"], r["region"]) in added)
    assert "0101" in {r["region"] for r in rows}, "the leading zero stays"


def test_irish_specialties_belong_to_the_country_and_add_up_over_kinds_of_care(tmp_path):
    files = {p.stem: p for p in ireland.convert(FILES / "ireland", tmp_path)}
    published: Counter[str] = Counter()
    for row in _rows(FILES / "ireland" / "inpatient_daycase_specialty_monthly.csv"):
        if row["specialty"] == "Ophthalmology":
            published[row["period"]] += int(row["waiting_total"])
    rows = [r for r in _rows(files["waits"]) if r["care_area"] == "OPHTHALMOLOGY"]
    assert {r["region"] for r in rows} == {"IE"}
    assert {r["period"]: int(r["waiting"]) for r in rows} == published
