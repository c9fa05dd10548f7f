"""Charts for paper, as values: what is drawn, not how. One value is drawn as vector graphics in a PDF and in HTML, and
becomes a native, editable chart in a presentation; so a chart says the same wherever it is met.

Numbers are as they may be shown: a protected number is None here too, and the row says why in `absent`. Where one of
many values is None, `words` says why as the table does (`..`, `<5`, `utesluten`): one text a value, empty beside a
number and where none was reported; no texts at all are as if all were empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lagesbild.domain.periods import Month

Unit = Literal["share", "count", "days", "number"]  # a share is a fraction 0-1, drawn as per cent
Judgement = Literal["", "better", "worse"]


@dataclass(frozen=True)
class Limit:
    """A line that is drawn across: the target for gaps, the guarantee. `text` stands where the line does."""

    value: float
    text: str


@dataclass(frozen=True)
class BarRow:
    """`value` None: nothing is drawn but `absent`, in words ("rapport saknas")."""

    label: str
    value: float | None
    text: str = ""  # the value as it is written beside the bar
    strong: bool = False
    judgement: Judgement = ""
    absent: str = ""


@dataclass(frozen=True)
class RankedBars:
    """Horizontal bars from zero in the order given. `most`: the axis' end."""

    alt: str
    rows: tuple[BarRow, ...]
    unit: Unit
    most: float
    limit: Limit | None = None


@dataclass(frozen=True)
class StackRow:
    """`values`: one per part; None when that part may not be shown, and `words` says why."""

    label: str
    values: tuple[float | None, ...]
    strong: bool = False
    absent: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class StackedBars:
    """Horizontal bars of parts that make a whole, in the parts' own order (short to long waits), later ones darker."""

    alt: str
    parts: tuple[str, ...]
    rows: tuple[StackRow, ...]
    unit: Unit


@dataclass(frozen=True)
class Line:
    """One value a month of the chart's months, None where there is none. `kind`: observed is drawn whole, forecast
    dashed, reference thin and grey."""

    name: str
    values: tuple[float | None, ...]
    kind: Literal["observed", "forecast", "reference"] = "observed"
    end_text: str = ""  # at the line's last value
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fan:
    """An interval of a forecast. `level`: per cent of the outcomes that it is to hold."""

    level: int
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True)
class Breach:
    """A month where a control-chart rule fired."""

    month: Month
    judgement: Judgement


@dataclass(frozen=True)
class TimeLines:
    """Lines over months: a trend, a control chart (`normal`: the band of normal variation), a forecast (`fans`, widest
    first). `floor`: where the axis starts, None is zero; one that starts elsewhere says so in `alt` and the figure."""

    alt: str
    months: tuple[Month, ...]
    lines: tuple[Line, ...]
    unit: Unit
    floor: float | None = None
    limit: Limit | None = None
    fans: tuple[Fan, ...] = ()
    normal: tuple[float, float] | None = None
    breaches: tuple[Breach, ...] = ()
    breaks: tuple[tuple[Month, str], ...] = ()  # new limits from this month, and why
    provisional: frozenset[Month] = frozenset()


@dataclass(frozen=True)
class Columns:
    """A column and a tick a month: outflow as bars, inflow as ticks, on one axis from zero."""

    alt: str
    months: tuple[Month, ...]
    name: str
    values: tuple[float | None, ...]
    tick_name: str
    ticks: tuple[float | None, ...]
    unit: Unit = "count"
    provisional: frozenset[Month] = frozenset()
    words: tuple[str, ...] = ()  # of the values
    tick_words: tuple[str, ...] = ()


Chart = RankedBars | StackedBars | TimeLines | Columns
