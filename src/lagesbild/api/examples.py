"""Examples for the OpenAPI description: one answer of each kind, invented and said to be. A test checks each against
the type that describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lagesbild.api.fields import flag, whole
from lagesbild.api.problems import TYPE
from lagesbild.views.published_tables import Column

_TEXTS: Final[Mapping[str, str]] = {
    "level": "region",
    "region": "01",
    "home_region": "01",
    "treating_region": "03",
    "care_area": "katarakt",
    "code": "01",
    "name": "Region Stockholm",
    "short_name": "Stockholm",
    "region_name": "Region Stockholm",
    "healthcare_region": "Stockholm",
    "register": "Väntetider",
    "dataset": "waits",
    "column": "waiting",
    "status": "none",
    "measure": "waiting",
    "synthetic": "true",
    "data_edition": "2026-11-15.42",
    "as_of": "2026-11-16T05:10:00+00:00",
    "role": "public",
    "sha256": 64 * "0",
    "address": "/ogonblicksbilder/fil/exempel.zip",
    "kind": "count",
}
# bands, parts and sums that add up, as they do in an answer
_NAMED: Final[Mapping[str, float]] = {
    "waiting": 520, "within_limit": 421, "over_limit": 99, "within_limit_share": 0.81,
    "waiting_0_30": 180, "waiting_31_60": 140, "waiting_61_90": 101,
    "waiting_91_120": 40, "waiting_121_180": 32, "waiting_181_365": 22, "waiting_366_": 5,
    "waited_days_p50": 46, "waited_days_p90": 118, "limit_days": 90, "guarantee_days": 90, "days": 90,
    "excluded_patient_choice": 12, "excluded_medical": 8, "excluded": 20, "excluded_share": 0.037,
    "regions_counted": 1, "regions_total": 1, "regions_counted_bands": 1, "regions_counted_excluded": 1,
    "target_share": 0.8, "free_per_month": 6, "distance_km": 240, "horizon": 1, "run_id": 2, "year": 2025,
    "lat": 59.33, "lon": 18.07, "population": 2_480_000, "sort_order": 1,
    "mean": 520, "p50": 520, "lo50": 510, "hi50": 530, "lo80": 500, "hi80": 540, "lo95": 485, "hi95": 555,
}  # fmt: skip
_NUMBERS: Final[Mapping[str, float]] = {"count": 120, "signed": -3, "share": 0.812, "days": 45, "probability": 0.35}
_MONTH: Final = "2026-10"
_MOMENT: Final = "2026-11-15T06:10:00+00:00"
_SOURCE: Final = "Påhittat exempel"
_MADE_OF: Final[Mapping[str, Any]] = {  # what every answer says of the data behind it
    "data_version": 51, "data_edition": _TEXTS["data_edition"], "as_of": None, "recorded_at": _MOMENT,
    "synthetic": True, "sources": [_SOURCE],
}  # fmt: skip
_PROBLEMS: Final[Mapping[str, tuple[str, str, str]]] = {
    "400": (
        f"{TYPE}parameter",
        "Fel i frågan",
        "Frågan kan inte besvaras: ”region”. Se errors för vad som är tillåtet.",
    ),
    "401": ("about:blank", "Inte inloggad", "Du är inte inloggad. Logga in och försök igen."),
    "403": ("about:blank", "Nekad", "Din roll får inte göra det här. Fråga den som driver tjänsten om du behöver det."),
    "503": (f"{TYPE}database", "Databasen svarar inte", "Databasen svarar inte just nu. Försök igen om en stund."),
}


def row_example(columns: tuple[Column, ...]) -> dict[str, Any]:
    """One row of a table, every number shown."""
    row: dict[str, Any] = {}
    for c in columns:
        row[c.name] = _value(c)
        if c.role == "measure":
            row[c.state_column] = ""
    return row


def page_example(name: str, title: str, columns: tuple[Column, ...]) -> dict[str, Any]:
    """A table's answer of one row."""
    return {
        "dataset": name,
        "title": title,
        **_MADE_OF,
        "viewer": "public",
        "notes": [],
        "count": 1,
        "next": None,
        "data": [row_example(columns)],
    }


def csv_example(columns: tuple[Column, ...]) -> str:
    """The heading and the same row."""
    row = row_example(columns)
    told = {True: "true", False: "false", None: ""}
    cells = (told[v] if isinstance(v, bool) or v is None else str(v) for v in row.values())
    return f"{','.join(row)}\n{','.join(cells)}\n"


def problem_example(status: str, path: str) -> dict[str, Any] | None:
    """Of the problems that a caller meets most; None of others."""
    if status not in _PROBLEMS:
        return None
    kind, title, detail = _PROBLEMS[status]
    told = {"type": kind, "title": title, "status": int(status), "detail": detail, "instance": path}
    fault = {"parameter": "region", "value": "99", "allowed": "01, 03, 04"}
    return told | ({"errors": [fault]} if status == "400" else {})


def index_example(path: str) -> dict[str, Any]:
    """The list, with one address of it."""
    one = {
        "path": path,
        "title": "Väntande",
        "summary": "Vilka som väntar.",
        "forms": ["application/json", "text/csv"],
        "parameters": ["region"],
    }
    edition = _TEXTS["data_edition"]
    return {
        "title": "Lägesbilds API",
        "version": "0.1.0",
        "data_version": 51,
        "data_edition": edition,
        "addresses": [one],
    }


def bundle_example() -> dict[str, Any]:
    """A report of how many a hospital performed, with the proportion that no table has."""
    absent = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unsupported"}]
    }
    report = {
        "resourceType": "MeasureReport",
        "id": "vantetid-vardgaranti-2026-10-SE0000000000-0000",
        "status": "complete",
        "type": "summary",
        "measure": "https://kchd.se/fhir/Measure/vantetid-vardgaranti",
        "reporter": {"identifier": {"system": "urn:oid:1.2.752.129.2.1.4.1", "value": "SE0000000000-0000"}},
        "period": {"start": "2026-10-01", "end": "2026-10-31"},
        "group": [{"population": [{"count": 120}], "measureScore": {"_value": absent, "unit": "%"}}],
    }
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": 1,
        "link": [{"relation": "self", "url": "/api/v1/fhir/MeasureReport"}],
        "entry": [{"fullUrl": "urn:uuid:00000000-0000-5000-8000-000000000000", "resource": report}],
    }


def quality_example() -> dict[str, Any]:
    """A declaration of one register, with one known fault."""
    register = {
        "register": "waits", "fields": 252, "reported": 0.96, "late": 0.1, "missing": 0.03, "excluded": 0.01,
        "late_days_median": 6.0, "undated": 0,
    }  # fmt: skip
    fault = {
        "grade": "stop", "rule": "balance", "title": "Kön går inte ihop", "dataset": "production", "region": "01",
        "care_areas": ["katarakt"], "months": [_MONTH], "said": "Nytillkomna och avslutade förklarar inte kön.",
        "affects": "Väntande i riket.", "known": "",
    }  # fmt: skip
    covered = {"figure": "waiting", "care_areas": ["katarakt"], "regions": 20, "regions_total": 21}
    moved = {"care_area": "katarakt", "months": 11, "median_points": 0.2, "largest_points": 1.1}
    return {
        **_MADE_OF,
        "first": "2025-11",
        "last": _MONTH,
        "registers": [register],
        "coverage": [covered | {"population_share": 0.994}],
        "revisions": [moved],
        "fault_counts": {"stop": 1, "review": 0, "info": 0},
        "faults_withheld": 0,
        "faults": [fault],
    }


def catalogue_example() -> str:
    """One dataset in Turtle, of the many lines there are of it."""
    return (
        "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dcterms: <http://purl.org/dc/terms/> .\n\n"
        "</api/v1/catalogue#regions>\n    a dcat:Dataset ;\n"
        '    dcterms:title "Regioner"@sv ;\n    dcterms:identifier "regions" .\n'
    )


def _value(column: Column) -> Any:
    if flag(column):
        return False
    if column.kind == "month":
        return _MONTH
    if column.kind == "text":
        return 1 if whole(column) else _TEXTS.get(column.name, "")
    return _NAMED.get(column.name, _NUMBERS.get(column.kind, 1.5))
