"""`lagesbild quality`: what has been reported and what the rules find, the same as `/datakvalitet` shows."""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from lagesbild.cli.codes import care_area_codes, region_codes
from lagesbild.cli.quality_table import quality_table
from lagesbild.data.engine import open_database
from lagesbild.data.source import PgSource
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month
from lagesbild.domain.provenance import SYNTHETIC
from lagesbild.domain.selection import WINDOWS, Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.settings import load_settings
from lagesbild.views.finding import Finding
from lagesbild.views.findings import findings
from lagesbild.views.reporting_matrix import DEFAULT_WINDOW, Matrix, reporting_matrix

COLUMNS: Final = (
    "kind", "grade", "rule", "register", "region", "care_area", "first_period", "last_period", "status", "evidence",
    "explanation", "affects", "file", "source", "recorded_at",
)  # fmt: skip


class QualityFormat(StrEnum):
    """Forms in which the findings are printed."""

    table = "table"
    csv = "csv"
    json = "json"


def quality(
    form: Annotated[QualityFormat, typer.Option("--format", help="table, csv eller json.")] = QualityFormat.table,
    region: Annotated[str, typer.Option(help="Regionens kod; utan värde alla.")] = "",
    care_area: Annotated[str, typer.Option(help="Vårdområdets kod; utan värde alla.")] = "",
    month: Annotated[str | None, typer.Option(help="Sista månad, ÅÅÅÅ-MM; utan värde den senaste.")] = None,
    months: Annotated[int, typer.Option(help="Antal månader: 12, 24, 36 eller 60.")] = DEFAULT_WINDOW,
) -> None:
    """Visa vad regionerna har rapporterat och vad reglerna för datakvalitet hittar."""
    settings = load_settings()
    with open_database(settings, role="read") as database:
        source = PgSource(database)
        selection = _selection(source, region, care_area, month, months)
        matrix = reporting_matrix(source, selection)
        if matrix is None:
            raise InputError("Ingen region i urvalet har rapporterat något.", "Importera uppgifter, eller välj annat.")
        found = findings(source, selection, matrix, Viewer(settings.viewer_role, settings.small_count_threshold))
    if form is QualityFormat.table:
        typer.echo(quality_table(matrix, found))
        if matrix.synthetic:
            typer.echo(f"\n{SYNTHETIC}: talen är påhittade.")
        return
    rows = [*_holes(matrix), *(_row(f) for f in found.found)]
    if form is QualityFormat.json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _selection(source: Source, region: str, care_area: str, month: str | None, months: int) -> Selection:
    if region and region not in {r.code for r in leaf_regions(source.regions())}:
        raise InputError(f"Ingen region med koden ”{region}” rapporterar.", f"Välj en kod: {region_codes(source)}.")
    if care_area and care_area not in {a.code for a in source.care_areas()}:
        raise InputError(f"Det finns inget vårdområde ”{care_area}”.", f"Välj en kod: {care_area_codes(source)}.")
    if months not in WINDOWS:
        raise InputError(f"Perioden {months} månader kan inte väljas.", "Välj 12, 24, 36 eller 60.")
    try:
        last = None if month is None else Month.parse(month)
    except ValueError:
        raise InputError(f"”{month}” är ingen månad.", "Skriv månaden som 2026-10.") from None
    return Selection(region=region, care_area=care_area, month=last, window=months)


def _holes(matrix: Matrix) -> list[dict[str, Any]]:
    """Every field that is not plainly reported."""
    out = []
    for (register, code, month), field in matrix.fields.items():
        if field.status == "reported":
            continue
        batch = matrix.batches.get(field.batch) if field.batch is not None else None
        out.append(
            dict.fromkeys(COLUMNS, "")
            | {
                "kind": "reporting",
                "register": register,
                "region": code,
                "care_area": " ".join(field.lacking),
                "first_period": str(month),
                "last_period": str(month),
                "status": field.status,
                "explanation": field.reason,
                "file": batch.file_name if batch else "",
                "source": batch.source if batch else "",
                "recorded_at": batch.recorded_at.isoformat() if batch else "",
            }
        )
    return out


def _row(f: Finding) -> dict[str, Any]:
    return {
        "kind": "finding",
        "grade": f.grade,
        "rule": f.rule,
        "register": f.dataset,
        "region": f.region.code,
        "care_area": " ".join(a.code for a in f.care_areas),
        "first_period": str(f.months[0]),
        "last_period": str(f.months[-1]),
        "status": f.known,
        "evidence": f.evidence,
        "explanation": f.said,
        "affects": f.affects,
        "file": f.batch.file_name if f.batch else "",
        "source": f.batch.source if f.batch else "",
        "recorded_at": f.batch.recorded_at.isoformat() if f.batch else "",
    }
