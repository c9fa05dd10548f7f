"""What stands in the cells of the list of gaps: lines, ranges, bars and the words beside them."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el, hidden
from lagesbild.components.spark import bar, range_mark, spark
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import count, decimal, percent
from lagesbild.pages.links import to_page
from lagesbild.views.gap_list import GapList
from lagesbild.views.gap_series import Series

HORIZON: Final = 12
_LOAD_NEAR: Final = 0.1  # the load axis reaches at least this far from 1,00
_LINE_SPAN: Final = 0.15  # lines in the column span 15 points, or all as much as the widest needs up to 30
_LINE_SPAN_MOST: Final = 0.30
NEAR_TEXT: Final = "50 mil"


def forecast_address(s: Series, selection: Selection) -> str:
    """The series' own forecast page, for the month, target and run of the list."""
    mine = selection.with_(care_area=s.care_area.code, region=s.region.code, healthcare_region="", provider="")
    return to_page("/prognos", mine)


def absent_word(s: Series) -> str:
    return "skyddat" if s.hidden else "saknas"


def line_cell(s: Series, span: float) -> Any:
    words = {"better": "säkerställd förbättring", "worse": "säkerställd försämring"}.get(s.judgement, "")
    drawn = spark(s.line, band=s.band, judgement=s.judgement, span=span, width=92, height=28)
    return [drawn, hidden(words)] if words else drawn


def timeline(s: Series, found: GapList) -> Any:
    gap, until = s.gap, found.run.until
    ticks = el("Span", className="tl-grid", aria_hidden="true")
    if gap.status == "open":
        since = f"öppet sedan {gap.opens.sv}" if gap.opens else "öppet"
        return el("Span", [ticks, el("Span", since, className="tl-open")], className="tl")
    if gap.opens is None:
        return el("Span", ticks, className="tl")
    lo, hi = gap.opens_lo or gap.opens, gap.opens_hi or gap.opens
    kind = "worse" if gap.status == "expected" else "noise"
    drawn = range_mark(
        _place(lo, until, 0.15),
        _place(gap.opens, until, 0.5),
        _place(hi, until, 0.85),
        kind=kind,
        filled=kind == "worse",
    )
    spread = f", 80\u00a0% av gapen {lo.sv}–{hi.sv}" if hi > lo else ""
    return el("Span", [ticks, drawn, hidden(f"{gap.opens.sv}{spread}")], className="tl")


def _place(month: Month, until: Month, within: float) -> float:
    """A month as a fraction of the twelve ahead; `within` the month from its start to its end."""
    return (month - until - 1 + within) / HORIZON


def probability_cell(s: Series) -> Any:
    if s.gap.status == "open":
        return el("Span", "öppet", className="muted")
    p = s.gap.probability_12m
    if p is None:
        return el("Span", "saknas", className="st")
    kind = "worse" if s.gap.status == "expected" else "noise"
    return el("Span", [el("Span", percent(p, 0), className="pn"), bar([(p, kind)], tick=0.5, width=78)], className="gp")


def line_span(found: GapList) -> float:
    """One span for all lines, so that they can be compared."""
    ranges = [max(known) - min(known) for s in found.listed if (known := [v for v in s.line if v is not None])]
    return min(_LINE_SPAN_MOST, max(_LINE_SPAN, *ranges, 0.0))


def load_cell(s: Series, found: GapList) -> Any:
    """The load from 1,00; the axis is one for the view and reaches as far as the load furthest from 1,00."""
    if s.gap.load is None:
        return _missing(hidden_=not s.guard.load)
    loads = [t.gap.load for t in found.flagged if t.gap.load is not None]
    low, high = min(1 - _LOAD_NEAR, *loads), max(1 + _LOAD_NEAR / 2, *loads)

    def x(v: float) -> float:
        return 0.05 + 0.9 * (v - low) / (high - low)

    one, now = x(1.0), x(s.gap.load)
    drawn = el(
        "Span",
        [
            el("Span", className="ld-axis"),
            el("Span", className="ld-one", style={"left": f"{one:.1%}"}),
            el("Span", className="ld-bar", style={"left": f"{min(one, now):.1%}", "width": f"{abs(now - one):.1%}"}),
            el("Span", className="ld-dot", style={"left": f"{now:.1%}"}),
        ],
        className="ld",
        aria_hidden="true",
    )
    return el("Span", [drawn, el("Span", decimal(s.gap.load, 2))], className="gp")


def need_cell(s: Series, unit: str, most: int) -> Any:
    n, part = s.amount(unit), s.brokerable(unit)
    if n is None:
        return (
            el("Span", "når inte gränsen", className="st")
            if s.gap.extra_per_week is not None
            else _missing(hidden_=not s.guard.amounts)
        )
    if s.under_one(unit):  # no bar: it would be thinner than its own edge, and of one operation a part is none
        share = s.gap.brokerable_share
        told = "" if share is None else f", {percent(share, 0)} kan förmedlas"
        return el("Span", [el("B", "under 1"), hidden(told)])
    can = n if part is None else part
    pieces = [(can / most if most else 0.0, "series"), ((n - can) / most if most else 0.0, "hatch")]
    told = "" if part is None or not n else f", varav {count(part)} kan förmedlas"
    drawn = bar([p for p in pieces if p[0]], width=96)
    return el("Span", [el("B", count(n), className="nn"), hidden(told), drawn], className="gp")


def _missing(*, hidden_: bool = False) -> Any:
    return el("Span", "skyddat" if hidden_ else "saknas", className="st")


def near_text(s: Series) -> str:
    if not s.near:
        return f"ingen inom {NEAR_TEXT}" if s.region.lat is not None else "ingen känd"
    return ", ".join(f"{n.region.short_name} {count(n.per_month)}".replace(" ", "\u00a0") for n in s.near)
