"""`/api/v1/fhir/MeasureReport`: what hospitals performed, as the FHIR R4 message of SKR's Vårddatahubben has it.

The reports are those that `lagesbild import fhir` reads, so that what goes out comes in as the same numbers. They are
made of the published table of production: how many were performed and the median of how long they had waited. Beside
it they tell how many of those were within the guarantee, and their share, which no table has
(`views/within_limit.py`). A hidden number is absent with the reason `masked`.

The message names no care area: it is of cataract surgery, the care area whose KVÅ prefixes include it.
"""

from __future__ import annotations

import calendar
import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlencode

import numpy as np
import orjson
import pandas as pd
from flask import request
from pydantic import BaseModel, ConfigDict, Field

from lagesbild.api.answering import Counter
from lagesbild.api.cursors import cursor_at, place_of
from lagesbild.api.parameters import EVERY, ReportParameters
from lagesbild.api.reading import Codes, codes_of_tables, last_known, read_question
from lagesbild.api.tables import Ask, asked
from lagesbild.domain.care import CareArea, Provider
from lagesbild.domain.earlier import source_at
from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables import published_table
from lagesbild.views.within_limit import WithinLimit, within_limit

MEDIA: Final = "application/fhir+json"
FORMS: Final = (MEDIA, "application/json")
CATARACT_KVA: Final = ("CJC", "CJD", "CJE")
PART: Final = "performed_within_limit"
ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_LONGEST_ID: Final = 64
_REPORTS: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:lagesbild:fhir:MeasureReport")
_HSA: Final = "urn:oid:1.2.752.129.2.1.4.1"
_MEASURE: Final = "https://kchd.se/fhir/Measure/"
_POPULATION: Final = "http://terminology.hl7.org/CodeSystem/measure-population"
_UCUM: Final = "http://unitsofmeasure.org"
# why a number is not there, as FHIR words it
_REASONS: Final[Mapping[str, str]] = {
    "suppressed": "masked",
    "secondary": "masked",
    "excluded": "not-permitted",
    "missing": "unknown",
}


class BundleLink(BaseModel):
    """Where the bundle, and the next one, are fetched."""

    model_config = ConfigDict(extra="forbid")

    relation: Literal["self", "next"] = Field(description="self = den här sidan, next = nästa.")
    url: str = Field(description="Adressen, utan värdnamn.")


class MeasureReport(BaseModel):
    """The parts that every report has; FHIR R4 has the rest."""

    model_config = ConfigDict(extra="allow")

    resource_type: Literal["MeasureReport"] = Field(alias="resourceType", description="Resursens namn i FHIR.")
    status: Literal["complete"] = Field(description="Alltid complete: rapporten är färdig.")
    type: Literal["summary"] = Field(description="Alltid summary: ett tal för alla patienter tillsammans.")
    measure: str = Field(description="Måttet: vantetid-vardgaranti eller vantetid-median, som kanonisk adress.")
    reporter: dict[str, Any] = Field(description="Sjukhuset, med HSA-id och namn.")
    period: dict[str, str] = Field(description="Månadens första och sista dag, start och end.")
    group: list[dict[str, Any]] = Field(
        description="Talen: population har antalet genomförda, och hur många av dem som väntat inom gränsen; "
        "measureScore har andelen (%) eller mediantiden (d). Ett tal som inte finns har tillägget data-absent-reason, "
        "som säger varför."
    )


class BundleEntry(BaseModel):
    """One report."""

    model_config = ConfigDict(extra="forbid")

    full_url: str = Field(
        alias="fullUrl",
        pattern="^urn:uuid:[0-9a-f-]{36}$",
        description="Rapportens namn, detsamma varje gång den hämtas. En rapport har ingen egen adress.",
    )
    resource: MeasureReport = Field(description="Rapporten.")


class MeasureReportBundle(BaseModel):
    """FHIR R4 Bundle, type searchset. `total` counts reports on all pages."""

    model_config = ConfigDict(extra="forbid")

    resource_type: Literal["Bundle"] = Field(alias="resourceType", description="Resursens namn i FHIR.")
    type: Literal["searchset"] = Field(description="Alltid searchset: svaret på en sökning.")
    total: int = Field(ge=0, description="Antal rapporter på alla sidor.")
    link: list[BundleLink] = Field(description="Adressen till den här sidan, och till nästa när det finns en.")
    entry: list[BundleEntry] = Field(description="Rapporterna på den här sidan.")


@dataclass(frozen=True)
class _Reports:
    """Rows of the published table that have a report: provider, month and what may be told."""

    rows: list[dict[str, Any]]
    synthetic: bool

    @property
    def weight(self) -> int:
        """Bytes, for whoever keeps it: a dict of some thirty values a row."""
        return 3_000 * len(self.rows)


def reports_maker(counter: Counter) -> Callable[[str, Ask], tuple[bytes, Mapping[str, str]]]:
    """What makes the body: a page of reports, two for each hospital and month."""

    def make(form: str, ask: Ask) -> tuple[bytes, Mapping[str, str]]:
        question = read_question(ReportParameters, request.args, _codes(ask.source), lambda: last_known(ask.source))
        about = ("fhir", repr(question.model_copy(update={"limit": 0, "cursor": None})), ask.viewer)
        version = ask.source.version()
        first = place_of(question.cursor, version.version, about)
        found: _Reports = counter.tables((version, "table", about), lambda: _found(ask, question))
        reports = [r for row in found.rows for r in _both(row, found.synthetic)]
        last = min(first + question.limit, len(reports))
        links = [{"relation": "self", "url": request.full_path.rstrip("?")}]
        if last < len(reports):
            pairs = [(n, v) for n, vs in request.args.lists() if n != "cursor" for v in vs]
            pairs.append(("cursor", cursor_at(last, version.version, about)))
            links.append({"relation": "next", "url": f"{request.path}?{urlencode(pairs)}"})
        bundle = {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": len(reports),
            "link": links,
            "entry": [{"fullUrl": _name(r["id"]), "resource": r} for r in reports[first:last]],
        }
        told = {"Lagesbild-Data-Version": str(version.version), "Lagesbild-Synthetic": str(found.synthetic).lower()}
        return orjson.dumps(bundle), told

    return make


def _name(id_: str) -> str:
    """FHIR R4 wants an absolute address, or a UUID for what cannot be fetched by itself. The same for the same report,
    whatever the service is called.

    >>> _name("vantetid-median-2026-10-X")
    'urn:uuid:996e9183-d397-5a9c-b8e7-74b3bd4a0e80'
    """
    return uuid.uuid5(_REPORTS, id_).urn


def cataract_area(areas: Iterable[CareArea]) -> CareArea | None:
    """The care area that the message is of, as the importer finds it."""
    for area in sorted(areas, key=lambda a: a.code):
        if any(p.upper().startswith(CATARACT_KVA) for p in re.split(r"[\s,]+", area.kva_prefixes) if p):
            return area
    return None


def _codes(source: Source) -> Codes:
    """The message is of one care area alone."""

    def areas() -> set[str]:
        area = cataract_area(source.care_areas())
        return set() if area is None else {area.code}

    return {**codes_of_tables(source), "care_area": areas}


def _found(ask: Ask, question: ReportParameters) -> _Reports:
    area = cataract_area(ask.source.care_areas())
    if area is None:
        return _Reports([], False)
    whole = question.model_copy(update={"care_area": (area.code,), "provider": question.provider or (EVERY,)})
    table = published_table("production", ask.source, asked("production", ask.source, whole), ask.viewer)
    hospitals = {p.code: p for p in ask.source.providers() if p.hsa_id}
    rows = table.frame[(table.frame["level"] == "provider") & table.frame["provider"].isin(list(hospitals))]
    rows = rows.sort_values(["period", "provider"], kind="stable")
    within = _within(source_at(ask.source, question.as_of), area, ask.viewer)
    told = [
        {str(k): v for k, v in row.items()} | {"who": hospitals[row["provider"]], "within": within(row)}
        for row in rows.to_dict("records")
    ]
    return _Reports(told, table.synthetic)


def _within(source: Source, area: CareArea, viewer: Viewer) -> Callable[[Mapping[Any, Any]], WithinLimit]:
    """What is told of a row of the published table beside it."""
    facts = source.facts("production", Query(care_areas=(area.code,), provider=None))
    known = {(r["period"], r["provider"]): r for r in facts[facts["provider"] != ""].to_dict("records")}

    def told(row: Mapping[Any, Any]) -> WithinLimit:
        fact = known[row["period"], row["provider"]]
        return within_limit(
            row["performed"],
            row["performed_state"],
            fact[PART],
            fact["performed_within_limit_pct"],
            viewer.of(row["region"]),
            withheld=PART in (fact["suppressed"] or ()),
        )

    return told


def _both(row: dict[str, Any], synthetic: bool) -> list[dict[str, Any]]:
    performed = _count(row["performed"], row["performed_state"])
    within: WithinLimit = row["within"]
    numerator = _count(within.count, within.count_state)
    share = {
        "code": _coded("andel_inom_90"),
        "population": [
            {"code": _coded("initial-population", _POPULATION), **performed},
            {"code": _coded("numerator", _POPULATION), **numerator},
        ],
        "measureScore": _quantity(round(within.share, 1), within.share_state, "%", "%"),
    }
    median = {
        "code": _coded("median_vantetid"),
        "measureScore": _quantity(row["wait_days_median"], row["wait_days_median_state"], "dagar", "d"),
    }
    return [
        _report("vantetid-vardgaranti", row, share, synthetic=synthetic),
        _report("vantetid-median", row, median, synthetic=synthetic),
    ]


def _report(measure: str, row: dict[str, Any], group: dict[str, Any], *, synthetic: bool) -> dict[str, Any]:
    who: Provider = row["who"]
    month = pd.Timestamp(row["period"])
    last = calendar.monthrange(month.year, month.month)[1]
    marked = {"meta": {"tag": [_TEST]}} if synthetic else {}
    return {
        "resourceType": "MeasureReport",
        "id": report_id(f"{measure}-{month:%Y-%m}", who.hsa_id),
        **marked,
        "status": "complete",
        "type": "summary",
        "measure": f"{_MEASURE}{measure}",
        "reporter": {"identifier": {"system": _HSA, "value": who.hsa_id}, "display": who.name},
        "period": {"start": f"{month:%Y-%m}-01", "end": f"{month:%Y-%m}-{last}"},
        "group": [group],
    }


def report_id(about: str, hsa_id: str) -> str:
    """R4 allows 64 letters, digits, `-` and `.`. Where the HSA-id has others, or is too long, a digest of it stands for
    what was lost: two hospitals never share a report.

    >>> report_id("vantetid-median-2026-10", "SE2321000016-39KJ")
    'vantetid-median-2026-10-SE2321000016-39KJ'
    >>> report_id("vantetid-median-2026-10", "SE2321000016-Ö")
    'vantetid-median-2026-10-SE2321000016---5c3a3951274a'
    """
    plain = re.sub("[^A-Za-z0-9.-]", "-", hsa_id)
    whole = f"{about}-{plain}"
    if plain == hsa_id and len(whole) <= _LONGEST_ID:
        return whole
    digest = hashlib.sha256(hsa_id.encode()).hexdigest()[:12]
    return f"{whole[: _LONGEST_ID - len(digest) - 1]}-{digest}"


# invented data, said as FHIR says it
_TEST: Final = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}


def _coded(code: str, system: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code} if system else {"code": code}]}


def _why(state: str) -> dict[str, Any]:
    return {"extension": [{"url": ABSENT, "valueCode": _REASONS[state]}]}


def _count(value: float, state: str) -> dict[str, Any]:
    """`count`, or why there is none. What is not whole is no count."""
    if state == "" and float(value).is_integer():
        return {"count": int(value)}
    return {"_count": _why(state or "missing")}


def _quantity(value: float, state: str, unit: str, code: str) -> dict[str, Any]:
    measured = {"unit": unit, "system": _UCUM, "code": code}
    if state == "" and np.isfinite(value):
        return {"value": float(value), **measured}
    return {"_value": _why(state or "missing"), **measured}
