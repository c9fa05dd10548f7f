"""Months and moments as options of commands."""

from __future__ import annotations

from datetime import datetime

from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import parse_as_of


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
