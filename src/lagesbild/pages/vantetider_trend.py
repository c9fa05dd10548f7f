"""Figure 5 of the wait page: every region's three years as small multiples."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final, Literal

from lagesbild.components.html import el, hidden
from lagesbild.components.judgement import JUDGEMENT_WORDS, arrow
from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.components.multiple import all_lines, line_panel, plain
from lagesbild.domain.swedish import capital, decimal, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_page
from lagesbild.pages.partial_text import waits_partial
from lagesbild.pages.phrases import month_range, small
from lagesbild.pages.place_parts import region_link
from lagesbild.pages.waits_text import NB, group_words, how_many, share_cell, share_number, source_line, within
from lagesbild.views.healthcare_regions import Group
from lagesbild.views.wait_trend import Line, Trend, trend_of
from lagesbild.views.waits import Waits

Emphasis = Literal["", "country", "chosen"]
_ACROSS: Final = 7  # panels in a row on a desk


def trend_card(
    waits: Waits,
    area: int,
    trend: Trend,
    target: float,
    context: PageContext,
    country: str,
    group: Group | None = None,
) -> FigureCard:
    """A panel per region, grouped by healthcare region, the country first; of a `group` its sum and its regions, on the
    grey lines of all the country's."""
    whole, trend = trend, trend_of(trend, group.name) if group else trend
    series = [plain(x.signal.line[-len(trend.months) :]) for x in whole.regions]
    blocks = [_drawn_block(*block, trend, target, context, country) for block in _blocks(trend, context, group)]
    how = _how_to(trend, target)
    graphic = el("Div", [*blocks, how], className="mul", style={"--all": all_lines(series, trend.low, trend.high)})
    reasons = dict.fromkeys(
        f"{x.region.short_name}: {small(x.reason)}" for x in trend.regions if x.region and x.reason and x.state
    )
    return FigureCard(
        id="trend",
        title=_title(trend, group),
        summary=(
            f"Andel som väntat {within(waits.usual_days(area))}, säsongen borträknad. "
            f"Talet är utfallet i {waits.end.sv}, procent.{_about_sum(trend, group)}"
        ),
        table=_table(waits, trend, context, country),
        source=" ".join(
            t for t in (source_line(waits, area=area, group=group), waits_partial(waits, area, len(trend.months))) if t
        ),
        graphic=graphic,
        footnotes=tuple(reasons),
    )


def _about_sum(trend: Trend, group: Group | None) -> str:
    """What is judged of the healthcare region itself; its regions are in the title."""
    mine = next((x for x in trend.groups if group is not None and x.group == group.name), None)
    if mine is None or mine.state or mine.signal.judgement not in JUDGEMENT_WORDS:
        return ""
    return f" Summan: {small(JUDGEMENT_WORDS[mine.signal.judgement])}."


def _title(trend: Trend, group: Group | None) -> str:
    t, where = trend.tally, f" i {group_words(group.name)}" if group else ""
    if not t.judged:
        return f"Förändringen{where} kan inte bedömas ännu"
    if not t.worse and not t.better:
        one = len(trend.lines) == 1
        return "Ingen säkerställd förändring" if one else f"Ingen region{where} har en säkerställd förändring"
    if t.worse and t.better:
        better = how_many(t.better, "region", "regioner")
        both = f"en säkerställd försämring och {better} en säkerställd förbättring"
        return f"{_regions(t.worse, where)} {both}"
    kind = "försämring" if t.worse else "förbättring"
    return f"{_regions(t.worse or t.better, where)} en säkerställd {kind}"


def _regions(n: int, where: str) -> str:
    return f"{capital(how_many(n, 'region', 'regioner'))}{where} har"


_Block = tuple[str, str, list[Line]]  # heading, where it leads ("" = nowhere), lines


def _blocks(trend: Trend, context: PageContext, group: Group | None) -> list[_Block]:
    """The country, and its healthcare regions, whose headings lead into them; or the chosen one's sum and regions."""
    country = [x for x in trend.lines if x.region is None]
    rest = list(trend.regions)
    whole: list[_Block] = [("Hela landet", "", country)] if country else []
    if group is not None:
        back = _to_group("", context)
        return [(n, back, x) for n, _, x in whole] + [(capital(group_words(group.name)), "", [*trend.groups, *rest])]
    groups = [
        (name, list(xs)) for name, xs in groupby(rest, key=lambda x: x.region.healthcare_region if x.region else "")
    ]
    if not _grouped(trend):
        return [*whole, ("Regioner", "", rest)]
    return [*whole, *((name, _to_group(name, context) if name else "", lines) for name, lines in groups)]


def _grouped(trend: Trend) -> bool:
    """Whether healthcare regions are a level of their own: several, and not one for each region."""
    return 1 < len(trend.groups) < len(trend.regions)


def _to_group(name: str, context: PageContext) -> str:
    """This page for a healthcare region; for the country when `name` is empty."""
    return to_page("/vantetider", context.selection.with_(region="", provider="", healthcare_region=name))


def _drawn_block(
    name: str, to: str, lines: list[Line], trend: Trend, target: float, context: PageContext, country: str
) -> dict[str, Any]:
    wide = min(_ACROSS, len(lines))
    return el(
        "Div",
        [
            el("P", el("A", name, href=to) if to else name, className="sub"),
            el("Ul", [_panel(x, trend, target, context, country) for x in lines], style={"--n": wide}),
        ],
        className="sr",
        style={"gridColumn": f"span {wide}"},
    )


def _panel(x: Line, trend: Trend, target: float, context: PageContext, country: str) -> dict[str, Any]:
    name = x.region.short_name if x.region else "Summan" if x.group else country
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
    to = region_link(x.region, context.selection) if x.region else ""
    link: Any = el("A", name, href=to) if to else name
    head = el("H3", [el("Span", [link, hidden(" (valt)") if chosen else None]), el("B", value)])
    line = plain(x.signal.line[-len(trend.months) :])
    return el(
        "Li",
        [head, line_panel(line, trend.low, trend.high, limit=target, judgement=judgement)],
        className="me" if chosen or x.group else "",
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
        Column("year_change", "Mot samma månad i fjol", "points"),
        Column("judgement", "Mot det normala"),
    )
    rows = []
    for x in _table_lines(trend, context):
        name, to, emphasis = _row_of(x, context, country)
        if x.state:
            gone = share_cell(0.0, x.state, coarse=x.coarse, reason=x.reason)
            rows.append(Row((name, gone, "–", "–", "–"), emphasis, href=to))
            continue
        flat = float(x.signal.line[-1])
        change = x.signal.year_change
        year: Any = "–"  # noise is not stated as change, in a table either
        if change is not None and x.signal.judgement in ("better", "worse"):
            year = decimal(change * 100, 0) if x.signal.change_coarse else change * 100
        rows.append(
            Row(
                (
                    name,
                    share_cell(x.signal.share, "", coarse=x.coarse),
                    f"{decimal(flat * 100, 0)}{NB}%" if x.coarse else flat,
                    year,
                    JUDGEMENT_WORDS[x.signal.judgement],
                ),
                emphasis,
                note="prel." if x.provisional else "",
                href=to,
            )
        )
    return Table(
        f"Andel inom gränsen och bedömd förändring, {waits.end.sv}", columns, tuple(rows), period=str(waits.end)
    )


def _table_lines(trend: Trend, context: PageContext) -> list[Line]:
    """The country, the healthcare regions, the regions."""
    country = [x for x in trend.lines if x.region is None]
    sums = trend.groups if context.selection.healthcare_region or _grouped(trend) else ()
    return [*country, *sums, *trend.regions]


def _row_of(x: Line, context: PageContext, country: str) -> tuple[str, str, Emphasis]:
    """What a row is called, where it leads and how it is marked."""
    selection = context.selection
    if x.region is not None:
        chosen = x.region.code == selection.region
        return x.region.short_name, region_link(x.region, selection), "chosen" if chosen else ""
    mine = x.group == selection.healthcare_region
    if x.group:
        return capital(group_words(x.group)), "" if mine else _to_group(x.group, context), "chosen" if mine else ""
    return country, "" if mine else _to_group("", context), "country"
