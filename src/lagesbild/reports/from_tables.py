"""Charts from the tables of figures: what is drawn on paper is what the table says, protected cells and all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from lagesbild.components.model import Row, Special, Table
from lagesbild.components.table import cell_text
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import NB, percent
from lagesbild.reports.charts import (
    BarRow,
    Breach,
    Columns,
    Fan,
    Judgement,
    Limit,
    Line,
    RankedBars,
    StackedBars,
    StackRow,
    TimeLines,
)
from lagesbild.reports.from_card import number, value

_JUDGED: Final[Mapping[str, Judgement]] = {"förbättring": "better", "försämring": "worse"}
_LEVELS: Final = (95, 80, 50)  # widest first
_STEP: Final = 0.05  # of a share's axis


def cells(table: Table, name: str) -> list[object]:
    """A column's cells as they are, in row order. Raises KeyError."""
    at = _place(table, name)
    return [value(r.cells[at], table.columns[at]) for r in table.rows]


def numbers(table: Table, name: str) -> tuple[float | None, ...]:
    """A column's numbers, None where there is none to show. Raises KeyError."""
    at = _place(table, name)
    return tuple(number(r.cells[at]) for r in table.rows)


def absences(table: Table, name: str) -> tuple[str, ...]:
    """Why a column has no number, in the table's own word; empty beside a number, and where none was reported.
    Raises KeyError.

    >>> from lagesbild.components.model import Column
    >>> rows = tuple(Row((c,)) for c in (0.9, Special("secondary"), Special("missing")))
    >>> absences(Table("", (Column("share", "Andel", "share"),), rows), "share")
    ('', '..', '')
    """
    at = _place(table, name)
    column = table.columns[at]
    found = (value(r.cells[at], column) for r in table.rows)
    return tuple(cell_text(c, column) if isinstance(c, Special) and c.state != "missing" else "" for c in found)


def last_text(table: Table, name: str) -> str:
    """The last number of a column as the table shows it: in whole per cent where that is all that may be told. Empty
    when there is none. Raises KeyError."""
    at = _place(table, name)
    shown = (value(r.cells[at], table.columns[at]) for r in reversed(table.rows))
    cell = next((c for c in shown if number(c) is not None), None)
    return "" if cell is None else cell_text(cell, table.columns[at])


def has(table: Table, name: str) -> bool:
    return any(c.name == name for c in table.columns)


def _place(table: Table, name: str) -> int:
    for i, column in enumerate(table.columns):
        if column.name == name:
            return i
    raise KeyError(name)


def judgement_of(words: object) -> Judgement:
    """`Säkerställd försämring` is worse; anything that is not said to be certain is no judgement."""
    text = str(words).lower()
    if not text.startswith("säkerställd"):
        return ""
    return next((j for word, j in _JUDGED.items() if word in text), "")


def ranked_shares(table: Table, target: float, judged: Mapping[str, Judgement], *, chosen: str = "") -> RankedBars:
    """Regions by their share, with the country among them; `chosen` by name is strong, else those under the target."""
    at = _place(table, "within_limit_share")
    shown, gone = [], []
    for row in table.rows:
        name, share = str(value(row.cells[0], table.columns[0])), number(row.cells[at])
        if share is None:
            gone.append(BarRow(name, None, absent=_why(row, at, table)))
            continue
        strong = name == chosen if chosen else share < target and row.emphasis != "country"
        text = cell_text(value(row.cells[at], table.columns[at]), table.columns[at]).removesuffix("%").rstrip()
        shown.append((share, BarRow(name, share, text, strong, judged.get(name, ""))))
    shown.sort(key=lambda pair: -pair[0])
    rows = (*(bar for _, bar in shown), *gone)
    told = [f"{bar.label} {bar.text}{NB}%" for _, bar in shown]
    alt = f"Liggande staplar, andel inom vårdgarantin. Gräns för gap {percent(target, 0)}. " + ", ".join(told) + "."
    return RankedBars(alt, rows, "share", 1.0, Limit(target, f"gräns för gap, {percent(target, 0)}"))


def _why(row: Row, at: int, table: Table) -> str:
    cell = row.cells[at]
    reason = f": {cell.reason}" if isinstance(cell, Special) and cell.reason else ""
    return f"{cell_text(cell, table.columns[at])}{reason}"


def stacked_bands(table: Table) -> StackedBars:
    """How long those who wait have waited, one bar a place; from a table with a row a band and a share a place."""
    parts = tuple(str(c) for c in cells(table, "wait_band"))
    rows = []
    for column in table.columns:
        if column.name.endswith("_share"):
            shares = numbers(table, column.name)
            why = absences(table, column.name)
            rows.append(StackRow(column.group, shares, strong=column.name != "country_share", words=why))
    told = "; ".join(
        f"{r.label}: " + ", ".join(f"{p} {percent(v)}" for p, v in zip(parts, r.values, strict=True) if v is not None)
        for r in rows
    )
    return StackedBars(f"Staplar av andelen väntande efter väntetid. {told}.", parts, tuple(rows), "share")


def months_of(table: Table) -> tuple[Month, ...]:
    """The months of the rows, in the rows' order."""
    return tuple(m for m in cells(table, "period") if isinstance(m, Month))


def in_order(table: Table) -> Table:
    """With the oldest month first, as a line is drawn."""
    at = _place(table, "period")
    rows = sorted(table.rows, key=lambda r: str(value(r.cells[at], table.columns[at])))
    return Table(table.caption, table.columns, tuple(rows), footnotes=table.footnotes)


def control_chart(table: Table, what: str) -> TimeLines:
    """A seasonally adjusted line on its band of normal variation; months that break a rule are marked."""
    made = in_order(table)
    months = months_of(made)
    name = next(n for n in ("adjusted", "performed_adjusted") if has(made, n))
    line = numbers(made, name)
    low, high, mean = (numbers(made, n) for n in ("lower_limit", "upper_limit", "mean"))
    unit = "share" if name == "adjusted" else "count"
    steady = len(set(low)) == 1 and low[0] is not None and high[0] is not None
    end = last_text(made, name) if line and line[-1] is not None else ""
    lines = [Line(what, line, end_text=end, words=absences(made, name))]
    lines.append(Line("medel", mean, "reference"))
    if not steady:
        lines += [Line("nedre gräns", low, "reference"), Line("övre gräns", high, "reference")]
    breaches = tuple(
        Breach(m, "worse" if "sämre" in str(rule) else "better" if "bättre" in str(rule) else "")
        for m, rule in zip(months, cells(made, "rule"), strict=True)
        if rule
    )
    known = [v for v in (*line, *low, *high) if v is not None]
    return TimeLines(
        alt=f"Linje, {what}, {_span(months)}. {len(breaches)} månader bryter mot en regel.",
        months=months,
        lines=tuple(lines),
        unit="share" if unit == "share" else "count",
        floor=_floor(known) if unit == "share" else None,
        normal=(float(low[0] or 0), float(high[0] or 0)) if steady else None,
        breaches=breaches,
        provisional=_provisional(made),
    )


def share_lines(table: Table, own: str, country: str, target: float, names: tuple[str, str]) -> TimeLines:
    """A region's share with what it is held against."""
    made = in_order(table)
    months = months_of(made)
    mine, theirs = numbers(made, own), numbers(made, country)
    known = [v for v in (*mine, *theirs) if v is not None]
    lines = (
        Line(names[0], mine, end_text=last_text(made, own), words=absences(made, own)),
        Line(names[1], theirs, "reference", end_text=last_text(made, country), words=absences(made, country)),
    )
    return TimeLines(
        alt=f"Linjer, andel inom vårdgarantin i {names[0]} och {names[1]}, {_span(months)}.",
        months=months,
        lines=lines,
        unit="share",
        floor=_floor([*known, target]),
        limit=Limit(target, "gräns för gap"),
        provisional=_provisional(made),
    )


def fan(table: Table, measure: str, name: str, limit: Limit | None) -> TimeLines:
    """Outcome, forecast and its intervals, from a table with a row a month and `lo80`, `hi80`... beside the measure."""
    months, kinds, all_ = months_of(table), cells(table, "kind"), numbers(table, measure)
    observed = tuple(v if k == "utfall" else None for v, k in zip(all_, kinds, strict=True))
    why = tuple(w if k == "utfall" else "" for w, k in zip(absences(table, measure), kinds, strict=True))
    at = max((i for i, v in enumerate(observed) if v is not None), default=-1)
    forecast = tuple(None if i < at else v for i, v in enumerate(all_))
    fans = tuple(
        Fan(level, _joined(numbers(table, f"lo{level}"), all_, at), _joined(numbers(table, f"hi{level}"), all_, at))
        for level in _LEVELS
        if has(table, f"lo{level}")
    )
    unit = "share" if measure.endswith("share") else "count"
    lines = [
        Line(name, observed, end_text=last_text(replace(table, rows=table.rows[: at + 1]), measure), words=why),
        Line("prognos", forecast, "forecast", f"troligast {last_text(table, measure)}"),
    ]
    known = [v for v in (*all_, *(x for f in fans for x in (*f.low, *f.high))) if v is not None]
    if limit is not None:
        known.append(limit.value)
    return TimeLines(
        alt=f"{name}: utfall och prognos med intervall för 50, 80 och 95 procent av utfallen, {_span(months)}.",
        months=months,
        lines=tuple(lines),
        unit="share" if unit == "share" else "count",
        floor=_floor(known) if unit == "share" else None,
        limit=limit,
        fans=fans,
        provisional=_provisional(table),
    )


def _joined(bound: Sequence[float | None], values: Sequence[float | None], at: int) -> tuple[float | None, ...]:
    """An interval begins in the last outcome, where nothing is uncertain."""
    return tuple(values[i] if i == at else b for i, b in enumerate(bound))


def balance(table: Table) -> Columns:
    """What left the queue as columns, what came to it as ticks."""
    made = in_order(table)
    performed = numbers(made, "performed")
    removed = numbers(made, "removed_other") if has(made, "removed_other") else (0.0,) * len(performed)
    out = tuple(None if p is None or r is None else p + r for p, r in zip(performed, removed, strict=True))
    gone = absences(made, "removed_other") if has(made, "removed_other") else ("",) * len(performed)
    why = tuple(a or b for a, b in zip(absences(made, "performed"), gone, strict=True))
    months, added = months_of(made), numbers(made, "added")
    return Columns(
        alt=f"Staplar, de som lämnat kön, och streck, nytillkomna, {_span(months)}.",
        months=months,
        name="Lämnade kön: genomförda och övriga avslut",
        values=out,
        tick_name="Nytillkomna",
        ticks=added,
        provisional=_provisional(made),
        words=why,
        tick_words=absences(made, "added"),
    )


def use_of_capacity(table: Table) -> Columns:
    """What was performed as columns, capacity as ticks."""
    made = in_order(table)
    months = months_of(made)
    return Columns(
        alt=f"Staplar, genomförda, och streck, kapacitet, {_span(months)}.",
        months=months,
        name="Genomförda",
        values=numbers(made, "performed"),
        tick_name="Kapacitet",
        ticks=numbers(made, "capacity"),
        provisional=_provisional(made),
        words=absences(made, "performed"),
        tick_words=absences(made, "capacity"),
    )


def _provisional(table: Table) -> frozenset[Month]:
    at = _place(table, "period")
    found = (value(r.cells[at], table.columns[at]) for r in table.rows if r.note == "prel.")
    return frozenset(m for m in found if isinstance(m, Month))


def _span(months: Sequence[Month]) -> str:
    return f"{months[0].sv} till {months[-1].sv}" if months else "inga månader"


def _floor(known: Sequence[float]) -> float | None:
    """Where a share's axis starts: a step below the lowest value; zero when that is near."""
    if not known:
        return None
    low = math.floor(min(known) / _STEP - 0.5) * _STEP
    return round(low, 2) if low >= 0.2 else None
