"""The cataract message of Vårddatahubben: made here in the form its published serialiser gives it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lagesbild.data.importers.codes import Codes
from lagesbild.data.importers.faults import Faults
from lagesbild.data.importers.fhir import production_rows
from lagesbild.data.importers.files import inspect_file
from lagesbild.domain.errors import InputError

CODES = Codes(
    regions=frozenset({"14"}),
    care_areas=frozenset({"kna", "gra"}),
    providers={"SU": "14", "NAL": "14", "KUN": "13"},
    hsa={"SE2321000131-E1": "SU", "SE2321000131-E2": "NAL", "SE2321000115-E1": "KUN"},
    kva_prefixes={"kna": "NGB", "gra": "CJC CJD CJE"},
)
POPULATION = "http://terminology.hl7.org/CodeSystem/measure-population"


def group(code: str, value: float | None, unit: str, **counts: int) -> dict[str, Any]:
    made: dict[str, Any] = {"code": {"coding": [{"code": code}]}}
    made["population"] = [
        {"code": {"coding": [{"system": POPULATION, "code": name.replace("_", "-")}]}, "count": number}
        for name, number in counts.items()
    ]
    if value is not None:
        names = {"%": "%", "d": "dagar"}
        made["measureScore"] = {
            "value": value,
            "unit": names.get(unit, unit),
            "system": "http://unitsofmeasure.org",
            "code": unit,
        }
    made["stratifier"] = [{"code": [{"coding": [{"code": "kon"}]}], "stratum": []}]
    return made


def report(measure: str, *groups: dict[str, Any], hsa: str = "SE2321000131-E1", **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "MeasureReport",
        "status": "complete",
        "type": "summary",
        "measure": f"https://kchd.se/fhir/Measure/{measure}",
        "subject": {"identifier": {"system": "urn:oid:1.2.752.129.2.1.4.1", "value": "SE2321000131"}},
        "date": "2026-03-26",
        "reporter": {"identifier": {"system": "urn:oid:1.2.752.129.2.1.4.1", "value": hsa}, "display": "Sjukhuset"},
        "period": {"start": "2026-02-01", "end": "2026-02-28"},
        "group": list(groups),
        **changes,
    }


def share(value: float | None = 80.0, **counts: int) -> dict[str, Any]:
    return group("andel_inom_90", value, "%", **counts)


HOSPITAL = {"period": "2026-02", "region": "14", "care_area": "gra", "provider": "SU"}
COUNTS = {"initial_population": 120, "denominator": 100, "numerator": 80}


def bundle(*reports: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in reports]}


def read(tmp_path: Path, content: Any, codes: Codes = CODES) -> tuple[list[dict[str, str]], Faults]:
    """The rows for `production`, without their empty cells."""
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(content, indent=2), "utf-8")
    faults = Faults("bundle.json")
    found = production_rows(inspect_file(path), codes, faults)
    if found is None:
        return [], faults
    header, block = found
    cells = {name: block.cells[place].to_pylist() for name, place in header.places.items()}
    return [{n: texts[i] for n, texts in cells.items() if texts[i]} for i in range(len(block.lines))], faults


def test_counts_and_median_become_what_the_hospital_performed(tmp_path: Path) -> None:
    median = report("vantetid-median", group("medel_vantetid", 60, "d"), group("median_vantetid", 47.5, "d"))
    rows, faults = read(tmp_path, bundle(report("vantetid-vardgaranti", share(**COUNTS)), median))
    assert (faults.errors, faults.warnings) == (0, 0)
    assert rows == [
        {
            **HOSPITAL,
            "performed": "120",
            "performed_within_limit": "80",
            "performed_within_limit_pct": "80.0",
            "wait_days_median": "47.5",
        }
    ]


def test_the_envelope_sent_to_the_hub_is_opened(tmp_path: Path) -> None:
    sent = {"bundle": bundle(report("vantetid-vardgaranti", share(**COUNTS))), "source_region": "VGR"}
    assert len(read(tmp_path, sent)[0]) == 1


def test_shares_alone_are_of_what_each_hospital_performed(tmp_path: Path) -> None:
    reports = [
        report("vantetid-vardgaranti", share(value), hsa=hsa)
        for value, hsa in ((81.4, "SE2321000131-E1"), (60, "SE2321000131-E2"))
    ]
    rows, faults = read(tmp_path, bundle(*reports))
    assert (faults.errors, faults.warnings) == (0, 0)
    assert rows == [
        {**HOSPITAL, "performed_within_limit_pct": "81.4"},
        {**HOSPITAL, "provider": "NAL", "performed_within_limit_pct": "60"},
    ]


@pytest.mark.parametrize(
    ("sent", "kept", "warnings"),
    [(80.0, "80.0", 0), (80.9, "80.9", 0), (81.1, "80.0", 1), (78.0, "80.0", 1), (0.8, "80.0", 1), (None, "80.0", 0)],
)
def test_the_counts_are_believed_before_the_share(tmp_path: Path, sent: float | None, kept: str, warnings: int) -> None:
    rows, faults = read(tmp_path, bundle(report("vantetid-vardgaranti", share(sent, **COUNTS))))
    assert rows[0]["performed_within_limit_pct"] == kept
    assert (faults.errors, faults.warnings) == (0, warnings)
    assert [(f.column, f.expected[:4]) for f in faults.shown_warnings] == [
        ("entry[0].measureScore.value", "80,0")
    ] * warnings


def test_a_report_without_any_figure_adds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, bundle(report("vantetid-vardgaranti", share(None))))[0] == []


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (report("vantetid-vardgaranti", share(101.0)), "measureScore.value"),
        (report("vantetid-vardgaranti", group("andel_inom_90", 80.0, "d", **COUNTS)), "measureScore.code"),
        (report("vantetid-median", group("median_vantetid", 6.5, "wk")), "measureScore.code"),
        (report("vantetid-median", group("median_vantetid", -1, "d")), "measureScore.value"),
        (report("vantetid-median", group("medel_vantetid", 60, "d"), group("annat", 1, "d")), "group"),
        (report("vantetid-vardgaranti", share(**COUNTS), hsa="SE0"), "reporter.identifier.value"),
        (report("vantetid-vardgaranti", share(**COUNTS), status="pending"), "status"),
        (
            report("vantetid-vardgaranti", share(**COUNTS), period={"start": "2026-01-01", "end": "2026-03-31"}),
            "period",
        ),
        (
            report("vantetid-vardgaranti", share(None, initial_population=1, denominator=2, numerator=1)),
            "population.denominator",
        ),
        (report("vantetid-vardgaranti", share(None, initial_population=-1)), "population.count"),
    ],
)
def test_what_does_not_hold_is_told_at_its_line(tmp_path: Path, wrong: dict[str, Any], where: str) -> None:
    _, faults = read(tmp_path, bundle(report("vantetid-median", group("median_vantetid", 40, "d")), wrong))
    fault = faults.shown_errors[0]
    assert fault.column == f"entry[1].{where}"
    text = (tmp_path / "bundle.json").read_text().split("\n")
    assert '"resource"' in text[fault.line]  # the entry begins on the line before
    assert fault.line > 10


def test_the_same_report_twice_is_a_fault(tmp_path: Path) -> None:
    again = report("vantetid-vardgaranti", share(**COUNTS))
    assert read(tmp_path, bundle(again, again))[1].errors > 0


def test_other_measures_are_left_out_with_a_word(tmp_path: Path) -> None:
    known = report("vantetid-patientresa", group("median_total_patientresa", 90, "d"))
    rows, faults = read(tmp_path, bundle(known, report("nytt-matt"), report("vantetid-vardgaranti", share(**COUNTS))))
    assert len(rows) == 1
    assert (faults.errors, faults.warnings) == (0, 1)


def test_without_a_cataract_care_area_there_is_nowhere_to_put_it(tmp_path: Path) -> None:
    codes = Codes(providers=CODES.providers, hsa=CODES.hsa, kva_prefixes={"kna": "NGB"})
    rows, faults = read(tmp_path, bundle(report("vantetid-vardgaranti", share(**COUNTS))), codes)
    assert not rows
    assert "kva_prefixes" in faults.shown_errors[0].remedy


@pytest.mark.parametrize("content", [[], {}, {"resourceType": "Patient"}, bundle(), {"resourceType": "Bundle"}, 7])
def test_what_is_no_bundle(tmp_path: Path, content: Any) -> None:
    with pytest.raises(InputError, match="Bundle"):
        read(tmp_path, content)


def test_what_is_no_json(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text("[" * 100_000)
    with pytest.raises(InputError, match="Bundle"):
        production_rows(inspect_file(path), CODES, Faults("b.json"))
