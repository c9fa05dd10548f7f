"""Months and moments as options of commands."""

from __future__ import annotations

from datetime import UTC, datetime

from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month
from lagesbild.domain.provenance import last_import
from lagesbild.domain.selection import last_moment, not_yet, parse_as_of
from lagesbild.domain.source import Source


def month_option(option: str, text: str | None) -> Month | None:
    """Raises InputError, naming the option."""
    try:
        return Month.parse(text) if text else None
    except ValueError:
        raise InputError(f"”{text}” är ingen månad.", f"Skriv {option} som 2024-01.") from None


def as_of_option(text: str | None) -> datetime | None:
    """Raises InputError."""
    try:
        return parse_as_of(text) if text else None
    except ValueError:
        raise InputError(
            f"”{text}” är ingen tidpunkt.", "Skriv --as-of som 2024-02-26 eller 2024-02-26T05:10Z."
        ) from None


def check_has_been(as_of: datetime | None, source: Source) -> None:
    """Nobody who opens a file would learn that it shows today. Raises InputError for a moment after today."""
    if as_of is None:
        return
    if as_of > last_moment(datetime.now(UTC), last_import(source.batches())):
        raise InputError(not_yet(as_of), "Ange en tidigare tidpunkt med --as-of, eller ingen.")
