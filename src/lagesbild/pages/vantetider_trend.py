"""Figure 5 of the wait page: every region's three years as small multiples; figure 6: published national shares."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pandas as pd

from lagesbild.components.html import el, hidden
from lagesbild.components.judgement import JUDGEMENT_WORDS, arrow
from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.components.multiple import all_lines, line_panel, plain
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import capital, decimal, join_and, percent
from lagesbild.figures.published import HEIGHT, published_lines
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.links import to_region
from lagesbild.pages.partial_text import waits_partial
from lagesbild.pages.phrases import month_range, small, source_text
from lagesbild.pages.waits_text import NB, how_many, share_cell, share_number, source_line, within
from lagesbild.views.published_shares import PublishedShares
from lagesbild.views.wait_trend import Line, Trend
from lagesbild.views.waits import Waits

_ACROSS = 7  # panels in a row on a desk


def trend_card(waits: Waits, area: int, trend: Trend, target: float, context: PageContext, country: str) -> FigureCard:
    """A panel per region, grouped by healthcare region, the country first."""
    series = [plain(x.signal.line[-len(trend.months) :]) for x in trend.lines if x.region is not None]
    blocks = [_block(name, lines, trend, target, context, country) for name, lines in _groups(trend)]
    how = _how_to(trend, target)
    graphic = el("Div", [*blocks, how], className="mul", style={"--all": all_lines(series, trend.low, trend.high)})
    reasons = dict.fromkeys(
        f"{x.region.short_name}: {small(x.reason)}" for x in trend.lines if x.region and x.reason and x.state
    )
    return FigureCard(
        id="trend",
        title=_title(trend),
        summary=(
            f"Andel som väntat {within(waits.usual_days(area))}, säsongen borträknad. "
            f"Talet är utfallet i {waits.end.sv}, procent."
        ),
        table=_table(waits, trend, context, country),
        source=" ".join(t for t in (source_line(waits, area=area), waits_partial(waits, area, len(trend.months))) if t),
        graphic=graphic,
        footnotes=tuple(reasons),
    )


def _title(trend: Trend) -> str:
    t = trend.tally
    if not t.judged:
        return "Förändringen kan inte bedömas ännu"
    if not t.worse and not t.better:
        return "Ingen region har en säkerställd förändring" if len(trend.lines) > 1 else "Ingen säkerställd förändring"
    if t.worse and t.better:
        better = how_many(t.better, "region", "regioner")
        return f"{_regions(t.worse)} en säkerställd försämring och {better} en säkerställd förbättring"
    return (
        f"{_regions(t.worse)} en säkerställd försämring"
        if t.worse
        else f"{_regions(t.better)} en säkerställd förbättring"
    )


def _regions(n: int) -> str:
    return f"{capital(how_many(n, 'region', 'regioner'))} har"


def _groups(trend: Trend) -> list[tuple[str, list[Line]]]:
    country = [x for x in trend.lines if x.region is None]
    rest = [x for x in trend.lines if x.region is not None]
    groups = [
        (name, list(xs)) for name, xs in groupby(rest, key=lambda x: x.region.healthcare_region if x.region else "")
    ]
    if len(groups) < 2 or len(groups) == len(rest):
        groups = [("Regioner", rest)]
    return ([("Hela landet", country)] if country else []) + groups


def _block(
    name: str, lines: list[Line], trend: Trend, target: float, context: PageContext, country: str
) -> dict[str, Any]:
    wide = min(_ACROSS, len(lines))
    return el(
        "Div",
        [
            el("P", name, className="sub"),
            el("Ul", [_panel(x, trend, target, context, country) for x in lines], style={"--n": wide}),
        ],
        className="sr",
        style={"gridColumn": f"span {wide}"},
    )


def _panel(x: Line, trend: Trend, target: float, context: PageContext, country: str) -> dict[str, Any]:
    name = x.region.short_name if x.region else country
    judgement = "short" if x.state else x.signal.judgement
    if x.state:
        words = {"empty": "ingen väntar", "suppressed": "skyddat", "excluded": "utesluten"}.get(x.state, "saknas")
        value = el("Span", words, className="st")
    else:
        shown: list[Any] = [*arrow(judgement), " ", share_number(x.signal.share, coarse=x.coarse)]
        if x.provisional:
            shown.append(el("Span", " prel.", className="prel"))
        value = el("Span", shown)
    chosen = x.region is not None and x.region.code == context.selection.region
    to = to_region(x.region.code, context.selection.with_(compare="")) if x.region else ""
    link: Any = el("A", name, href=to) if to else name
    head = el("H3", [el("Span", [link, hidden(" (valt)") if chosen else None]), el("B", value)])
    line = plain(x.signal.line[-len(trend.months) :])
    return el(
        "Li",
        [head, line_panel(line, trend.low, trend.high, limit=target, judgement=judgement)],
        className="me" if chosen else "",
    )


def _how_to(trend: Trend, target: float) -> dict[str, Any]:
    inside = trend.low <= target <= trend.high
    limit = f" Vågrät linje: gräns för gap, {percent(target, 0)}." if inside else ""
    text = (
        f"Tjock linje: regionen. Tunna linjer: de övriga.{limit} "
        f"Axeln går från {decimal(trend.low * 100, 0)} till {decimal(trend.high * 100, 0)}{NB}%, "
        f"{month_range(trend.months[0], trend.months[-1])}. Pil och färg bara vid säkerställd förändring."
    )
    return el(
        "Div",
        [
            el("P", "Så läser du", className="sub"),
            el("Div", [line_panel([], trend.low, trend.high, limit=target), el("P", text)]),
        ],
        className="sr howto",
        style={"gridColumn": "span 4"},
    )


def _table(waits: Waits, trend: Trend, context: PageContext, country: str) -> Table:
    columns = (
        Column("region", "Region"),
        Column("within_limit_share", "Andel", "share"),
        Column("within_limit_share_adjusted", "Säsongen borträknad", "share"),
        Column("year_change", "På ett år", "points"),
        Column("judgement", "Bedömning"),
    )
    rows = []
    for x in trend.lines:
        name = x.region.short_name if x.region else country
        if x.state:
            rows.append(Row((name, share_cell(0.0, x.state, coarse=x.coarse, reason=x.reason), "–", "–", "–")))
            continue
        flat = float(x.signal.line[-1])
        change = x.signal.year_change
        year: Any = "–"  # noise is not stated as change, in a table either
        if change is not None and x.signal.judgement in ("better", "worse"):
            year = decimal(change * 100, 0) if x.signal.change_coarse else change * 100
        chosen = x.region is not None and x.region.code == context.selection.region
        rows.append(
            Row(
                (
                    name,
                    share_cell(x.signal.share, "", coarse=x.coarse),
                    f"{decimal(flat * 100, 0)}{NB}%" if x.coarse else flat,
                    year,
                    JUDGEMENT_WORDS[x.signal.judgement],
                ),
                emphasis="country" if x.region is None else "chosen" if chosen else "",
                note="prel." if x.provisional else "",
            )
        )
    return Table(
        f"Andel inom gränsen och bedömd förändring, {waits.end.sv}", columns, tuple(rows), period=str(waits.end)
    )


def published_card(found: PublishedShares, context: PageContext) -> FigureCard:
    """The country's own published shares: real figures of an earlier period, never in one curve with others."""
    names = [a.short for a in found.areas]
    wide = pd.DataFrame({a.short: found.of(a) for a in found.areas})
    frame = wide.rename_axis("period").reset_index()
    first, last = Month.of(frame["period"].iloc[0]), Month.of(frame["period"].iloc[-1])
    ends = [f"{percent(float(wide[n].dropna().iloc[-1]), 0)} för {small(n)}" for n in names]
    where = found.region.short_name
    riket = "riket" if where == "Riket" else where
    columns = (Column("period", "Månad", "month"), *(Column(a.code, a.name, "share", 0) for a in found.areas))
    rows = tuple(Row((Month.of(r["period"]), *(r[n] for n in names))) for r in frame.to_dict("records"))
    return FigureCard(
        id="publicerade-andelar",
        title=f"Publicerade andelar för {riket}, {month_range(first, last)}",
        summary=f"Andel som väntat inom vårdgarantin. De sista publicerade talen är {join_and(ends)}.",
        table=Table(f"Publicerad andel inom vårdgarantin, {where}", columns, rows),
        source=(
            "Talen är publicerade för sin tid och med dåtidens definition. De går inte att jämföra med nivåerna ovan. "
            + source_text(found.sources, found.recorded_at, synthetic=found.synthetic)
        ),
        graphic=drawn(
            published_lines, frame, names=names, measure="Andel som väntat inom vårdgarantin", theme=context.theme
        ),
        graphic_height=HEIGHT,
        graphic_label=f"Publicerade andelar för {riket} per månad",
        mark="" if found.synthetic else "real",
        mark_text="" if found.synthetic else f"Verkliga tal, {join_and(list(found.sources))}",
    )
