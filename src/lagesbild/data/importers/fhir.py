"""FHIR R4 Bundle of MeasureReport: the wait-time message of SKR's Vårddatahubben (kchd-se/vantetid-katarakt-fhir).

What the message counts, read from its published serialiser and SQL views (checked 2026-11):
- one report per measure, month and hospital; the reporter is the hospital's HSA-id, which is our `providers.hsa_id`,
  and the region follows from the provider;
- everything is about operations *performed* in the month, so it belongs to `production` and never to `waits` or
  `published-shares`, which are about those waiting:
  initial-population = all performed, denominator = under the guarantee and not patient-chosen waiting,
  numerator = those of them within 90 days, `median_vantetid` = median of the waits they had;
- the proportion is written 0-100 with UCUM `%`, days with UCUM `d`.
The counts become `performed` and `performed_within_limit`, the proportion `performed_within_limit_pct`, all on the
hospital's own row. The proportion is of the denominator, which the dataset does not hold, so it is kept beside counts
too; where it contradicts them the counts are believed. Stratifiers, means and the measure `vantetid-patientresa` have
no place among the datasets and are left out. The message names no care area: it is the one whose KVÅ prefixes include
cataract surgery.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from lagesbild.data.importers.blocks import Block, block_from_rows
from lagesbild.data.importers.cells import MAX_COUNT
from lagesbild.data.importers.codes import Codes
from lagesbild.data.importers.faults import Faults
from lagesbild.data.importers.fhir_bundle import measure_reports
from lagesbild.data.importers.files import InputFile
from lagesbild.data.importers.headers import Header

_VALUES: Final = ("performed", "performed_within_limit", "performed_within_limit_pct", "wait_days_median")
_COLUMNS: Final = ("period", "region", "care_area", "provider", *_VALUES)
CATARACT_KVA: Final = ("CJC", "CJD", "CJE")
_SHARE, _MEDIAN = "vantetid-vardgaranti", "vantetid-median"
_IGNORED: Final = frozenset({"vantetid-patientresa"})
_GROUPS: Final = {_SHARE: "andel_inom_90", _MEDIAN: "median_vantetid"}
_UNITS: Final = {_SHARE: "%", _MEDIAN: "d"}
_SCORE_TOLERANCE: Final = 1.0  # per cent units between the proportion and its counts before it is told


@dataclass
class _Row:
    """What one hospital says about one month, over all its reports."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)


def production_rows(file: InputFile, codes: Codes, faults: Faults) -> tuple[Header, Block] | None:
    """What the bundle adds to `production`, one row per month and hospital; None when it adds nothing.

    Faults name the line where the report begins. Raises InputError when the file is not such a bundle at all.
    """
    reports = measure_reports(file)
    area = _care_area(codes)
    if not area:
        faults.add(
            0,
            "care_area",
            "",
            f"ett vårdområde med KVÅ-prefix {', '.join(CATARACT_KVA)}, som meddelandet handlar om",
            "Ange kva_prefixes för kataraktoperation i datamängden care-areas.",
        )
        return None
    rows: dict[tuple[str, str], _Row] = {}
    for number, (line, report) in enumerate(reports):
        _read_report(_Reader(report, line, f"entry[{number}]", faults), codes, rows)
    found = [
        (row.line, [month, codes.providers[provider], area, provider, *(row.cells.get(c, "") for c in _VALUES)])
        for (month, provider), row in rows.items()
        if row.cells
    ]
    if not found:
        return None
    header = Header({c: i for i, c in enumerate(_COLUMNS)}, (), len(_COLUMNS))
    return header, block_from_rows(found, header, file.size, faults)


def _care_area(codes: Codes) -> str:
    """The care area of cataract surgery, by its KVÅ prefixes."""
    for code, prefixes in sorted(codes.kva_prefixes.items()):
        if any(p.upper().startswith(CATARACT_KVA) for p in re.split(r"[\s,]+", prefixes) if p):
            return code
    return ""


@dataclass(frozen=True)
class _Reader:
    """One report, and where to tell what is wrong with it."""

    report: dict[str, Any]
    line: int
    path: str
    faults: Faults

    def fault(self, where: str, value: object, expected: str, remedy: str, *, warning: bool = False) -> None:
        self.faults.add(self.line, f"{self.path}.{where}", str(value or ""), expected, remedy, warning=warning)

    def at(self, *names: str) -> Any:
        """A nested value, or None where the path ends early."""
        value: Any = self.report
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value


def _read_report(reader: _Reader, codes: Codes, rows: dict[tuple[str, str], _Row]) -> None:
    measure = str(reader.at("measure") or "").split("|")[0].rstrip("/").rsplit("/", 1)[-1]
    if measure not in _GROUPS:
        if measure not in _IGNORED:
            reader.fault("measure", measure, f"måttet {_SHARE} eller {_MEDIAN}", "Rapporten hoppas över.", warning=True)
        return
    if reader.at("status") != "complete":
        reader.fault("status", reader.at("status"), "complete", "Skicka rapporten när den är färdig.")
        return
    month, provider = _month(reader), _provider(reader, codes)
    if not month or not provider:
        return
    group = _group(reader, measure)
    if group is None:
        return
    row = rows.setdefault((month, provider), _Row(reader.line))
    score = _score(reader, group, _UNITS[measure])
    if measure == _MEDIAN:
        _set(reader, row.cells, "wait_days_median", score)
        return
    counts = _populations(reader, group)
    _set(reader, row.cells, "performed_within_limit_pct", _share(reader, counts, score))
    performed = counts.get("initial-population", counts.get("denominator"))
    if performed is not None:
        _set(reader, row.cells, "performed", str(performed))
        _set(reader, row.cells, "performed_within_limit", str(counts["numerator"]) if "numerator" in counts else "")


def _set(reader: _Reader, cells: dict[str, str], name: str, value: str) -> None:
    if cells.get(name):
        reader.fault("group", value, "ett värde per mått, månad och rapportör", "Ta bort dubbletten.")
    elif value:
        cells[name] = value


def _month(reader: _Reader) -> str:
    start, end = str(reader.at("period", "start") or "")[:7], str(reader.at("period", "end") or "")[:7]
    if not re.fullmatch(r"\d{4}-\d{2}", start) or (end and end != start):
        reader.fault("period", f"{start}–{end}", "en period som är en kalendermånad", "Skicka en rapport per månad.")
        return ""
    return start


def _provider(reader: _Reader, codes: Codes) -> str:
    hsa = str(reader.at("reporter", "identifier", "value") or "").strip()
    provider = codes.hsa.get(hsa.upper(), "")
    if not provider:
        reader.fault(
            "reporter.identifier.value",
            hsa,
            "ett HSA-id som finns i kolumnen hsa_id i datamängden providers",
            "Ange rapportörens hsa_id för vårdgivaren och importera providers först.",
        )
    return provider


def _group(reader: _Reader, measure: str) -> dict[str, Any] | None:
    """The group of the measure: by its code, or the only one when it has none."""
    groups = [g for g in _list(reader.at("group")) if isinstance(g, dict)]
    named = [g for g in groups if _code(g) == _GROUPS[measure]]
    bare = [g for g in groups if not _code(g)]
    if named:
        return named[0]
    if len(groups) == 1 and bare:
        return bare[0]
    reader.fault("group", measure, f"en grupp med koden {_GROUPS[measure]}", "Kontrollera rapportens grupper.")
    return None


def _list(value: Any) -> list[Any]:
    """What should be a list, and is empty when it is anything else."""
    return value if isinstance(value, list) else []


def _code(element: dict[str, Any]) -> str:
    code = element.get("code")
    codings = code.get("coding") if isinstance(code, dict) else None
    first = codings[0] if isinstance(codings, list) and codings else {}
    return str(first.get("code") or "") if isinstance(first, dict) else ""


def _score(reader: _Reader, group: dict[str, Any], unit: str) -> str:
    score = group.get("measureScore")
    if not isinstance(score, dict) or score.get("value") is None:
        return ""
    given = str(score.get("code") or score.get("unit") or "")
    value = score["value"]
    if given != unit:
        reader.fault("measureScore.code", given, f"UCUM-enheten {unit}", "Rätta enheten i rapporten.")
        return ""
    top = 100.0 if unit == "%" else float("inf")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= top:
        what = "en procentsats från 0 till 100" if unit == "%" else "ett antal dagar från noll och uppåt"
        reader.fault("measureScore.value", value, what, "Rätta värdet i rapporten.")
        return ""
    return repr(value)


def _populations(reader: _Reader, group: dict[str, Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for population in _list(group.get("population")):
        if isinstance(population, dict) and "count" in population:
            value = population["count"]
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_COUNT:
                reader.fault("population.count", value, "ett heltal från noll och uppåt", "Rätta antalet.")
                continue
            counts[_code(population)] = value
    names = ("numerator", "denominator", "initial-population")
    for part, whole in pairwise(names):
        if part in counts and whole in counts and counts[part] > counts[whole]:
            reader.fault(f"population.{part}", counts[part], f"högst {whole}: {counts[whole]}", "Rätta antalen.")
    return counts


def _share(reader: _Reader, counts: dict[str, int], score: str) -> str:
    """The proportion in per cent: as sent, or from its counts when it is not sent or they say something else.

    A proportion sent as 0-1 beside its counts is caught here.
    """
    if not counts.get("denominator") or "numerator" not in counts:
        return score
    share = 100 * counts["numerator"] / counts["denominator"]
    if score and abs(share - float(score)) <= _SCORE_TOLERANCE:
        return score
    if score:
        reader.fault(
            "measureScore.value",
            score,
            f"{share:.1f}, som är numerator delat med denominator i procent (0–100)".replace(".", ",", 1),
            "Antalen gäller. Kontrollera andelen hos avsändaren; den skrivs från 0 till 100.",
            warning=True,
        )
    return f"{share:.1f}"
