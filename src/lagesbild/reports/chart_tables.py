"""A chart as a table of words and numbers, for what cannot draw: e-mail and plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lagesbild.domain.swedish import MISSING, NB
from lagesbild.reports.charts import Chart, Columns, RankedBars, StackedBars, TimeLines, Unit
from lagesbild.reports.legend import JUDGED
from lagesbild.reports.rounding import UNIT_WORDS, told, written

_BACK: Final = 13  # months with outcomes that are told: a year, and the same month of the year before


@dataclass(frozen=True)
class Line:
    """A row: its name, its cells as written, and what is drawn beside them: parts of the whole length, 0-1 each."""

    name: str
    cells: tuple[str, ...]
    bar: tuple[float, ...] = ()
    strong: bool = False
    judgement: str = ""


@dataclass(frozen=True)
class Plain:
    """The table. `heads`: of the cells, not of the names. `said`: what stands under it."""

    heads: tuple[str, ...]
    rows: tuple[Line, ...]
    said: tuple[str, ...] = ()
    first: str = ""

    @property
    def drawn(self) -> bool:
        """Whether any row has a bar."""
        return any(r.bar for r in self.rows)


def plain(chart: Chart, *, exact: bool) -> Plain:
    """The chart's table."""
    match chart:
        case RankedBars():
            return _ranked(chart, exact)
        case StackedBars():
            return _stacked(chart, exact)
        case TimeLines():
            return _time(chart, exact)
        case Columns():
            return _columns(chart, exact)


def _ranked(chart: RankedBars, exact: bool) -> Plain:
    most = max([chart.most, *(r.value for r in chart.rows if r.value is not None)]) or 1.0
    judged = any(r.judgement for r in chart.rows)
    rows = []
    for r in chart.rows:
        value = told(r.value, chart.unit, r.text, exact=exact)
        said = r.absent or MISSING if value is None else written(value, chart.unit, r.text)
        cells = (said, JUDGED.get(r.judgement, "")) if judged else (said,)
        bar = (max(0.0, value / most),) if value is not None else ()
        rows.append(Line(r.label, cells, bar, r.strong, r.judgement))
    heads = (UNIT_WORDS[chart.unit], "Bedömning") if judged else (UNIT_WORDS[chart.unit],)
    return Plain(heads, tuple(rows), _limit(chart))


def _stacked(chart: StackedBars, exact: bool) -> Plain:
    longest = max((sum(v or 0.0 for v in r.values) for r in chart.rows), default=1.0) or 1.0
    rows = []
    for r in chart.rows:
        values = [told(v, chart.unit, exact=exact) for v in r.values]
        said = tuple(
            r.absent or why or MISSING if v is None else written(v, chart.unit)
            for v, why in zip(values, _words(r.words, values), strict=True)
        )
        bar = tuple(max(0.0, (v or 0.0) / longest) for v in values) if any(v is not None for v in values) else ()
        rows.append(Line(r.label, said, bar, r.strong))
    return Plain(chart.parts, tuple(rows))


def _time(chart: TimeLines, exact: bool) -> Plain:
    shown = [k for k, _ in enumerate(chart.months)]
    seen = [k for line in chart.lines if line.kind == "observed" for k, v in enumerate(line.values) if v is not None]
    start = max(0, max(seen, default=len(shown) - 1) - _BACK + 1)
    fired = {b.month: JUDGED.get(b.judgement, "utanför normal variation") for b in chart.breaches}
    changed = dict(chart.breaks)
    rows = []
    for k in shown[start:]:
        month = chart.months[k]
        cells = []
        for line in chart.lines:
            value = told(line.values[k], chart.unit, exact=exact)
            absent = MISSING if line.kind == "observed" and k <= max(seen, default=-1) else ""
            why = _words(line.words, line.values)[k] or absent
            cells.append(why if value is None else written(value, chart.unit))
        for fan in chart.fans:
            low, high = (told(edge[k], chart.unit, exact=exact) for edge in (fan.low, fan.high))
            both = low is not None and high is not None
            cells.append(_between(low, high, chart.unit) if both else "")
        notes = (
            "preliminär" if month in chart.provisional else "",
            fired.get(month, ""),
            f"nya gränser: {changed[month]}" if month in changed else "",
        )
        rows.append(Line(month.sv, (*cells, "; ".join(n for n in notes if n))))
    heads = (*(line.name for line in chart.lines), *(f"{f.level}\u00a0% av utfallen" for f in chart.fans), "Anmärkning")
    if not any(r.cells[-1] for r in rows):
        heads, rows = heads[:-1], [Line(r.name, r.cells[:-1]) for r in rows]
    said = list(_limit(chart))
    if chart.normal:
        edges = [told(v, chart.unit, exact=exact) for v in chart.normal]
        said.append(f"Normal variation: {_between(edges[0], edges[1], chart.unit)}.")
    if start:
        said.append(f"Från {chart.months[start].sv}; tidigare månader finns i arbetsboken.")
    return Plain(heads, tuple(rows), tuple(said), "Månad")


def _words(words: tuple[str, ...], values: Sequence[float | None]) -> tuple[str, ...]:
    """Why each value is not there, empty where nothing is told of why."""
    return words or ("",) * len(values)


def _between(low: float | None, high: float | None, unit: Unit) -> str:
    """`83,1 till 91,1 %`"""
    return f"{written(low, unit).removesuffix(f'{NB}%')} till {written(high, unit)}"


def _columns(chart: Columns, exact: bool) -> Plain:
    start = max(0, len(chart.months) - _BACK)
    known = [v for v in (*chart.values, *chart.ticks) if v is not None]
    most = max(known, default=1.0) or 1.0
    rows = []
    for k in range(start, len(chart.months)):
        a, b = (told(v[k], chart.unit, exact=exact) for v in (chart.values, chart.ticks))
        name = chart.months[k].sv + (" (preliminär)" if chart.months[k] in chart.provisional else "")
        bar = (max(0.0, a / most),) if a is not None else ()
        cells = tuple(
            why if v is None and why else written(v, chart.unit)
            for v, why in (
                (a, _words(chart.words, chart.values)[k]),
                (b, _words(chart.tick_words, chart.ticks)[k]),
            )
        )
        rows.append(Line(name, cells, bar))
    said = (f"Från {chart.months[start].sv}; tidigare månader finns i arbetsboken.",) if start else ()
    return Plain((chart.name, chart.tick_name), tuple(rows), said, "Månad")


def _limit(chart: RankedBars | TimeLines) -> tuple[str, ...]:
    """The limit's own words, with its value when they do not say it."""
    if chart.limit is None:
        return ()
    value = written(chart.limit.value, chart.unit).replace(",0", "")
    words = chart.limit.text[:1].upper() + chart.limit.text[1:]
    said = value.replace("\u00a0", " ") in words.replace("\u00a0", " ")
    return (f"{words}." if said else f"{words}: {value}.",)
