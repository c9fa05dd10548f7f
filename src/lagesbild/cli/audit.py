"""`lagesbild audit`: who has done what. The log is written by the web, imports and snapshots, and never changed."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lagesbild.cli.console import output
from lagesbild.data.engine import open_database
from lagesbild.data.people import PgAudit
from lagesbild.domain.errors import InputError
from lagesbild.domain.people import WHAT_SV, Event
from lagesbild.domain.person import ROLE_SV
from lagesbild.domain.swedish import swedish_time
from lagesbild.settings import load_settings

_COLUMNS = ("at", "who", "role", "what", "object", "choices", "address", "detail")
_HEADS = ("Svensk tid", "Vem", "Roll", "Vad", "Var", "Val", "Adress", "Mer")
_WIDTH_WITHOUT_TERMINAL = 240


class AuditFormat(StrEnum):
    """How the log is written."""

    table = "table"
    csv = "csv"


def audit(
    first: Annotated[str | None, typer.Option("--from", metavar="DATUM", help="Från och med den dagen.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATUM", help="Till och med den dagen.")] = None,
    who: Annotated[str, typer.Option(metavar="NAMN", help="Bara den personen, som inloggningen kallar den.")] = "",
    form: Annotated[AuditFormat, typer.Option("--format", help="table eller csv.")] = AuditFormat.table,
    most: Annotated[int, typer.Option(min=0, help="Högst så många rader; 0 visar alla.")] = 200,
) -> None:
    """Visa loggen över inloggningar, uttag, ögonblicksbilder och importer, det senaste först."""
    start, end = _day("--from", first), _day("--to", last)
    before = None if end is None else _midnight(end + timedelta(days=1))
    with open_database(load_settings(), role="people") as database:
        found = PgAudit(database).events(None if start is None else _midnight(start), before, who, most or None)
    if form is AuditFormat.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows([_safe(cell) for cell in (_moment(e), *_cells(e))] for e in found)
    elif not found:
        output.say("Loggen har inga sådana rader.")
    else:
        _print(found)
        if most and len(found) == most:
            output.say(f"Bara de {most} senaste raderna visas; --most 0 visar alla.")


def _print(found: Sequence[Event]) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDTH_WITHOUT_TERMINAL)
    table = Table(expand=False)
    for head in _HEADS:
        table.add_column(head, overflow="fold")
    for event in found:
        role = ROLE_SV.get(event.role, event.role)  # type: ignore[call-overload]
        cells = (_time(event), event.who or "okänd", role, WHAT_SV.get(event.what, event.what), *_cells(event)[3:])
        table.add_row(*(Text(_visible(cell)) for cell in cells))
    console.print(table)


def _cells(event: Event) -> tuple[str, ...]:
    return tuple(str(getattr(event, name)) for name in _COLUMNS[1:])


def _time(event: Event) -> str:
    return "" if event.at is None else swedish_time(event.at).isoformat(sep=" ", timespec="seconds")


def _moment(event: Event) -> str:
    """The same time with its zone, for programs."""
    if event.at is None:
        return ""
    shown, utc = swedish_time(event.at), event.at.astimezone(UTC).replace(tzinfo=None)
    return shown.replace(tzinfo=timezone(shown - utc)).isoformat(timespec="seconds")


def _safe(cell: str) -> str:
    """What a spreadsheet would take for a formula is text: addresses and names come from outside."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _visible(cell: str) -> str:
    return "".join(c if c.isprintable() else "·" for c in cell)


def _midnight(day: date) -> datetime:
    """When a day begins in Sweden: an hour or two before it does in UTC."""
    begins = datetime.combine(day, time())
    winter = begins.replace(tzinfo=UTC) - timedelta(hours=1)
    return winter if swedish_time(winter) == begins else winter - timedelta(hours=1)


def _day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"”{text}” är ingen dag.", f"Skriv {option} som 2026-11-26.") from None
