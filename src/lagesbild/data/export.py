"""Export of a dataset, the forecasts, the capacity gaps or the backtest, as one file in one of four forms.

This is the stored data as it is, for whoever may read the database; small counts are protected where figures are
shown to others (pages, API, briefings), not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import IO, Any, Final, Literal

import psycopg

from lagesbild.data.engine import Database, speaking_swedish
from lagesbild.data.exports.parquet import write_parquet
from lagesbild.data.exports.rows import Choice, open_rows
from lagesbild.data.exports.shape import shape_of
from lagesbild.data.exports.text import write_csv, write_csv_sv
from lagesbild.data.exports.workbook import write_xlsx
from lagesbild.data.known_codes import known_codes
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import UnknownCodeError
from lagesbild.domain.swedish import date_time

Form = Literal["csv", "csv-sv", "xlsx", "parquet"]
FORMS: Final[tuple[Form, ...]] = ("csv", "csv-sv", "xlsx", "parquet")
EXPORTABLE: Final = (*DATASETS, "forecasts", "gaps", "backtest")
_TITLES: Final = {"forecasts": "prognoser", "gaps": "kapacitetsgap", "backtest": "utvärdering av prognoserna"}


@dataclass(frozen=True)
class ExportResult:
    """What was written."""

    rows: int


def export(
    database: Database, name: str, out: IO[bytes], *, form: Form = "csv", choice: Choice | None = None
) -> ExportResult:
    """Write the current rows (or those at `choice.as_of`) to a binary stream, from one state of the database.

    Raises UnknownCodeError for an unknown name, region or care area, InputError for a choice that the data have no
    column for or when nothing is stored yet, DatabaseUnavailableError.
    """
    check_exportable(name)
    chosen = choice or Choice()
    columns = shape_of(name)
    with speaking_swedish(), database.raw() as connection, connection.transaction():
        _check_codes(connection, chosen)
        with open_rows(connection, name, chosen) as chunks:
            if form == "csv":
                return ExportResult(write_csv(out, columns, chunks))
            if form == "csv-sv":
                return ExportResult(write_csv_sv(out, columns, chunks))
            if form == "xlsx":
                return ExportResult(write_xlsx(out, columns, chunks, _title(name), _about(name, chosen)))
            return ExportResult(write_parquet(out, columns, chunks, _about(name, chosen)))


def check_exportable(name: str) -> None:
    """Raises UnknownCodeError when there is nothing of that name to export."""
    if name not in EXPORTABLE:
        near = get_close_matches(name.lower().replace("_", "-"), EXPORTABLE, n=1)
        hint = f"Menade du ”{near[0]}”? " if near else ""
        raise UnknownCodeError(
            f"Det finns ingen datamängd ”{name}” att exportera.", f"{hint}Välj en av: {', '.join(EXPORTABLE)}."
        )


def _check_codes(connection: psycopg.Connection[Any], choice: Choice) -> None:
    """A mistyped code would give an empty file, which reads as "nothing is reported". "" is the whole country."""
    if not choice.regions and not choice.care_areas:
        return
    known = known_codes(connection)
    for what, wanted, codes in (
        ("Regionen", choice.regions, known.regions),
        ("Vårdområdet", choice.care_areas, known.care_areas),
    ):
        for code in (c for c in wanted if c and c not in codes):
            near = get_close_matches(code.casefold().zfill(2), sorted(codes), n=1)
            hint = f"Menade du ”{near[0]}”? " if near else ""
            dataset = "regions" if what == "Regionen" else "care-areas"
            raise UnknownCodeError(
                f"{what} ”{code}” finns inte i databasen.", f"{hint}Koderna finns i `lagesbild export {dataset}`."
            )


def _title(name: str) -> str:
    return _TITLES[name] if name in _TITLES else DATASETS[name].sv


def _about(name: str, choice: Choice) -> dict[str, str]:
    """What a reader of the file must know about it."""
    first, last = (m.sv if m else "" for m in (choice.first, choice.last))
    return {
        "Innehåll": f"{_title(name)} ({name})",
        "Uttaget": date_time(datetime.now(UTC)),
        "Uppgifter per": date_time(choice.as_of) if choice.as_of else "senaste",
        "Regioner": ", ".join(choice.regions) or "alla",
        "Vårdområden": ", ".join(choice.care_areas) or "alla",
        "Månader": f"{first or 'första'} till {last or 'senaste'}" if first or last else "alla",
    }
