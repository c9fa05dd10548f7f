"""What one cell means. The only place that decides it; `columns` uses it on the distinct texts of a whole column."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lagesbild.data.importers.headers import plain
from lagesbild.domain.dataset_spec import Column
from lagesbild.domain.periods import Month

OPEN_END: Final = date.max  # a break that has not ended; stored as infinity
_SPACES: Final = re.compile(r"[ \u00a0\u202f\u2009]")
_GROUPED: Final = re.compile(r"[+\-−]?\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?:[.,]\d+)?")
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,18})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_SUPPRESSED: Final = re.compile(r"<\s?(\d{1,6})", re.ASCII)
_MONTH: Final = re.compile(r"(\d{4})[-M](\d{1,2})", re.ASCII)
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_SERIAL: Final = re.compile(r"\d{5}(?:\.0)?", re.ASCII)
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(32_874, 73_051)  # 1990-01-01 to 2099-12-31
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_QUOTED_FORMULA: Final = re.compile(r"'[=+\-@]")  # how our exports (and Excel) keep a text from being a formula
MAX_COUNT: Final = 9_000_000_000_000_000  # whole numbers are exact in a float up to here
_NAMES: Final = frozenset({"name"})  # a person must be able to tell what the row is

Value = str | int | float | date


@dataclass(frozen=True)
class Suppressed:
    """A count given as `<n`: at least 0 and less than `below`."""

    below: int


@dataclass(frozen=True)
class Unreadable:
    """A cell that cannot be used: what was expected and what to do, in Swedish."""

    expected: str
    remedy: str


def parse_cell(column: Column, text: str, today: date) -> Value | Suppressed | Unreadable | None:
    """The value of a cell. None = empty (not reported); an empty text key is "", an open end is OPEN_END.

    Counts and years are int, months and dates `date` (months the first day), other numbers float.
    """
    text = text.strip()
    if not text:
        return _empty(column)
    match column.kind:
        case "text" | "codes":
            return _text(column, text)
        case "choice":
            return _choice(column, text)
        case "count":
            return _count(text)
        case "year":
            return _year(text)
        case "month":
            return _month(column, text, today)
        case "date":
            return _date(text)
        case _:
            return _number(column, text)


def _empty(column: Column) -> Value | Unreadable | None:
    if column.empty_means:
        return OPEN_END if column.kind in ("month", "date") else ""
    if column.key or (column.required and column.kind == "choice") or column.name in _NAMES:
        return Unreadable(f"ett värde i kolumnen {column.name}", "Fyll i cellen.")
    return None


def _text(column: Column, text: str) -> str | Unreadable:
    if len(text) > column.max_length:
        return Unreadable(f"högst {column.max_length} tecken", "Korta texten.")
    if _CONTROL.search(text) or (column.key and "\n" in text):
        return Unreadable("text utan styrtecken", "Skriv om texten; den innehåller osynliga tecken.")
    return text[1:] if _QUOTED_FORMULA.match(text) else text


def _choice(column: Column, text: str) -> str | Unreadable:
    wanted = plain(text)
    for stored, swedish in column.choices:
        if wanted in (plain(stored), plain(swedish)):
            return stored
    allowed = ", ".join(f"{stored} ({swedish})" for stored, swedish in column.choices)
    return Unreadable(f"något av: {allowed}", "Välj ett av värdena.")


def to_number(text: str) -> float | None:
    """A number as people write it, or None.

    >>> to_number("1 234,5"), to_number("1\\u00a0234"), to_number("-0.5"), to_number("1,234.5")
    (1234.5, 1234.0, -0.5, None)
    """
    if _GROUPED.fullmatch(text):
        text = _SPACES.sub("", text)
    text = text.replace("−", "-")
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    return value if math.isfinite(value) else None


def _count(text: str) -> int | Suppressed | Unreadable:
    if found := _SUPPRESSED.fullmatch(text):
        below = int(found[1])
        if below < 1:
            return Unreadable("ett dolt antal som <5, med ett tal större än noll", "Skriv <n med n minst 1.")
        return Suppressed(below)
    value = to_number(text)
    if value is None:
        return Unreadable(
            "ett heltal som 1234 eller 1 234, <5 för ett dolt antal, eller tomt",
            "Skriv ett tal, eller lämna cellen tom om värdet inte är rapporterat.",
        )
    if value != int(value):
        return Unreadable("ett heltal", "Antal är hela; ta bort decimalerna eller tusentalsavgränsaren.")
    if value < 0:
        return Unreadable("ett antal som är noll eller större", "Ett antal kan inte vara negativt.")
    if value > MAX_COUNT:
        return Unreadable("ett rimligt antal", "Talet är för stort för att lagras exakt; kontrollera det.")
    return int(value)


def _number(column: Column, text: str) -> float | Unreadable:
    value = to_number(text)
    if value is None:
        return Unreadable("ett tal som 12,5 eller 12.5", "Skriv ett tal, eller lämna cellen tom.")
    if column.kind == "percent" and not 0 <= value <= 100:
        return Unreadable("en procentsats från 0 till 100", "Skriv andelen i procent, till exempel 81,4.")
    if column.kind in ("days", "amount") and value < 0:
        what = "dagar" if column.kind == "days" else "ett belopp"
        return Unreadable(f"{what} från noll och uppåt", "Värdet kan inte vara negativt.")
    return value


def _year(text: str) -> int | Unreadable:
    value = to_number(text)
    if value is None or value != int(value) or not 1749 <= value <= 2200:
        return Unreadable("ett årtal som 2024", "Skriv året med fyra siffror.")
    return int(value)


def to_date(text: str) -> date | None:
    """An ISO date, the text of an Excel date cell, or an Excel serial number; None for anything else.

    >>> to_date("2024-02-29"), to_date("45292"), to_date("2023-02-29")
    (datetime.date(2024, 2, 29), datetime.date(2024, 1, 1), None)
    """
    if found := _DAY.fullmatch(text):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return None
    if _SERIAL.fullmatch(text) and (serial := int(float(text))) in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=serial)
    return None


def _date(text: str) -> date | Unreadable:
    value = to_date(text)
    return value if value is not None else Unreadable("ett datum som 2024-01-31", "Skriv år, månad och dag så.")


def _month(column: Column, text: str, today: date) -> date | Unreadable:
    expected = Unreadable("en månad som 2024-01 eller 2024M01", "Skriv år och månad så.")
    if found := _MONTH.fullmatch(text):
        if not (1 <= int(found[2]) <= 12 and int(found[1]) >= 1):
            return expected
        first = date(int(found[1]), int(found[2]), 1)
    elif (day := to_date(text)) is not None:
        first = Month.of(day).first_day
        if day not in (first, (Month.of(day) + 1).first_day - timedelta(days=1)):
            return Unreadable(
                "en månad; ett datum får bara vara månadens första eller sista dag", "Skriv månaden som 2024-01."
            )
    else:
        return expected
    if first.year < 1900:
        return Unreadable("en månad från 1900 och framåt", "Kontrollera årtalet.")
    # a break may be planned ahead; a fact about a month that has not begun cannot exist
    if column.name == "period" and first > today:
        return Unreadable(f"en månad som inte ligger i framtiden (senast {Month.of(today)})", "Kontrollera årtalet.")
    return first
