"""Figure 1 of the wait page: regions in order of the share within the limit, as stacked bars in a table."""

from __future__ import annotations

from typing import Any

from lagesbild.components.html import el, hidden
from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.components.spark import bar
from lagesbild.domain.swedish import capital, count, decimal, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_region
from lagesbild.pages.place_parts import PER_TEXT, count_column, count_value, inhabitants
from lagesbild.pages.waits_text import (
    NB,
    how_many,
    other_limits,
    share_number,
    share_text,
    source_line,
    special,
)
from lagesbild.views.cell_count import CellCount
from lagesbild.views.population import Population
from lagesbild.views.wait_ranking import LeftOut, Ranked, Ranking
from lagesbild.views.waits import Waits

_STATE_TEXT = {
    "missing": "saknas",
    "excluded": "utesluten",
    "suppressed": "skyddat, färre än 5",
    "empty": "ingen väntar",
}


def ranking_card(
    waits: Waits, area: int, ranking: Ranking, excluded: float | None, context: PageContext, country: str
) -> FigureCard:
    """The table behind has the same rows, with limits and judgement of absence in words."""
    threshold = context.viewer.threshold
    target = percent(ranking.target, 0)
    people = inhabitants(context.source, context.selection, waits.end)
    graphic = [
        el(
            "Div",
            _table(ranking, context, country, target, people),
            className="scroll",
            role="region",
            aria_label="Regioner i ordning",
            tabIndex=0,
        )
    ]
    if ranking.left_out:
        graphic.append(_left_out(ranking.left_out))
    return FigureCard(
        id="rangordning",
        title=_title(ranking, target),
        summary=(
            "Väntande efter hur länge de har väntat, regionerna i ordning efter andelen. "
            f"Starkast ton: under gränsen {target}."
            + (f" Antal {PER_TEXT}, folkmängd {people.year}." if people else "")
        ),
        table=_as_table(ranking, context, country, waits, people),
        source=source_line(waits, excluded=excluded, area=area),
        graphic=graphic,
        span=7,
        footnotes=tuple(t for t in (_signs(ranking, threshold), other_limits(waits, [area])) if t),
    )


def _title(ranking: Ranking, target: str) -> str:
    n = len(ranking.under)
    if not ranking.regions:
        return "Ingen region har rapporterat en andel"
    if len(ranking.regions) == 1 and not ranking.left_out:
        only = ranking.regions[0]
        assert only.region is not None  # regions have one
        return f"{only.region.short_name} ligger {'under' if n else 'inte under'} gränsen {target}"
    if n == 0:
        return f"Ingen region ligger under gränsen {target}"
    return f"{capital(how_many(n, 'region', 'regioner'))} ligger under gränsen {target}"


def _signs(ranking: Ranking, threshold: int) -> str:
    parts = []
    if any(r.over_state == "suppressed" for r in ranking.rows):
        parts.append(f"<{threshold}: skyddat, färre än {threshold}.")
    if any("secondary" in (r.over_state, r.waiting_state) for r in ranking.rows):
        parts.append("..: skyddat, så att inget annat tal kan räknas ut; andelen visas då i hela procent.")
    if any(r.provisional for r in ranking.regions):
        parts.append("prel.: preliminärt.")
    return " ".join(parts)


def _table(
    ranking: Ranking, context: PageContext, country: str, target: str, people: Population | None
) -> dict[str, Any]:
    unit = "antal" if people is None else f"per 100{NB}000"
    # where some count from a limit of their own, no number of days is true of every row
    days = f"0–{ranking.days}{NB}dagar"
    inside, over = ("inom gränsen", "över gränsen") if ranking.other_days else (days, f"över {ranking.days}")
    head = _tr(
        [
            el("Th", hidden("Region"), scope="col"),
            el(
                "Th",
                [
                    el("Span", el("Span", f"Gräns för gap, {target}"), className="lim"),
                    el(
                        "Span",
                        [el("Span", f"har väntat {inside}"), el("Span", over)],
                        className="ends",
                    ),
                ],
                scope="col",
                className="b",
            ),
            el("Th", ["Andel", el("Br"), f"{inside}, %"], scope="col", className="num"),
            el("Th", [f"{capital(over)},", el("Br"), unit], scope="col", className="num"),
            el("Th", ["Väntar,", el("Br"), unit], scope="col", className="num"),
        ],
        "columnheader",
    )
    caption = "Regionerna i ordning efter andelen som har väntat inom vårdgarantin"
    codes = _codes(ranking)
    body = [_row(r, ranking, context, country, people, codes) for r in ranking.rows]
    return el(
        "Table",
        [
            el("Caption", caption, className="vh"),
            el("Thead", head, role="rowgroup"),
            el("Tbody", body, role="rowgroup"),
        ],
        className="rank",
        role="table",
        style={"--t": f"{ranking.target:.0%}"},
    )


def _codes(ranking: Ranking) -> tuple[str, ...]:
    """The regions that the country's figure counts."""
    protected = (x.region.code for x in ranking.left_out if x.state == "suppressed")
    return (*(r.region.code for r in ranking.regions if r.region), *protected)


def _row(
    r: Ranked,
    ranking: Ranking,
    context: PageContext,
    country: str,
    people: Population | None,
    codes: tuple[str, ...],
) -> dict[str, Any]:
    where = (r.region.code,) if r.region else codes
    link = el("A", r.region.short_name, href=to_region(r.region.code, context.selection)) if r.region else country
    name: list[Any] = [link]
    if r.region and r.provisional:
        name.append(el("Span", " prel.", className="prel"))
    if r.region and r.days != ranking.days:
        name.append(el("Span", f" {r.days}{NB}dagar", className="prel"))
    chosen = r.region is not None and r.region.code == context.selection.region
    if chosen:
        name.append(hidden(" (valt)"))
    strong = "level-5" if r.share < ranking.target else "level-4"
    boxes = [(r.share, "level-2")] + ([(1 - r.share, strong)] if r.share < 1 else [])
    cells = [
        el("Th", name, scope="row"),
        el("Td", bar(boxes), className="b"),
        el("Td", share_number(r.share, coarse=r.coarse), className="num"),
        el("Td", _count(r.over, r.over_state, context.viewer.threshold, people, where), className="num"),
        el("Td", _count(r.waiting, r.waiting_state, context.viewer.threshold, people, where), className="num"),
    ]
    return _tr(cells, "rowheader", "nat" if r.region is None else "me" if chosen else "")


def _tr(cells: list[dict[str, Any]], heading: str, look: str = "") -> dict[str, Any]:
    """A row whose cells say what they are: on a phone it is laid out as two lines, which takes a table's own meaning
    away in some browsers."""
    for cell in cells:
        cell["props"]["role"] = heading if cell["type"] == "Th" else "cell"
    return el("Tr", cells, className=look, role="row")


def _count(value: float | None, state: str, threshold: int, people: Population | None, where: tuple[str, ...]) -> Any:
    if value is not None:
        rate = people.per_100_000(value, *where) if people else None
        return count(value) if people is None else "saknas" if rate is None else decimal(rate, 1)
    words = {"suppressed": f"<{threshold}", "secondary": ".."}.get(state, "saknas")
    if words == "saknas":
        return words
    return [el("Span", words, aria_hidden="true"), hidden("skyddat")]


def _left_out(rows: tuple[LeftOut, ...]) -> dict[str, Any]:
    body = []
    for r in rows:
        kind = "short" if r.state == "empty" else r.state
        words = _STATE_TEXT[r.state]
        text = f"{words}: {r.reason[:1].lower()}{r.reason[1:].rstrip('.')}" if r.reason else words
        body.append(
            el(
                "Tr",
                [
                    el("Th", r.region.short_name, scope="row"),
                    el("Td", [el("Span", className="hole", aria_hidden="true"), text], className=f"st st-{kind}"),
                ],
            )
        )
    # a protected region is counted in the whole, it only has no place that may be shown
    protected = any(r.state == "suppressed" for r in rows)
    title = "Utan plats i ordningen" if protected else "Ingår inte"
    return el(
        "Div",
        [el("H3", title, className="sub"), el("Table", el("Tbody", body), className="left-out")],
    )


def _as_table(ranking: Ranking, context: PageContext, country: str, waits: Waits, people: Population | None) -> Table:
    unit = "antal" if people is None else PER_TEXT
    columns = (
        Column("region", "Region"),
        Column("within_limit_share", "Andel inom gränsen", "share"),
        count_column("over_limit", f"Över gränsen, {unit}", people),
        count_column("waiting", f"Väntar, {unit}", people),
        Column("limit_days", "Gräns, dagar", "days"),
    )
    threshold = context.viewer.threshold
    codes = _codes(ranking)
    rows = []
    whole = [r for r in ranking.rows if r.region is None]
    for r in [*whole, *(x for x in ranking.rows if x.region is not None)]:
        code = r.region.code if r.region else ""
        where = (code,) if code else codes
        rows.append(
            Row(
                (
                    r.region.short_name if r.region else country,
                    share_text(r.share, coarse=True) if r.coarse else r.share,
                    count_value(CellCount(r.over, r.over_state), threshold, people, *where),
                    count_value(CellCount(r.waiting, r.waiting_state), threshold, people, *where),
                    float(r.days),
                ),
                emphasis="country" if r.region is None else "chosen" if code == context.selection.region else "",
                note="prel." if r.provisional and r.region else "",
                href=to_region(code, context.selection) if code else "",
            )
        )
    for left in ranking.left_out:
        gone: Special = special(left.state, left.reason, coarse=left.coarse)
        rows.append(Row((left.region.short_name, gone, "–", "–", "–")))
    return Table(
        f"Väntande inom och över gränsen per region, {waits.end.sv}",
        columns,
        tuple(rows),
        sorted_by="within_limit_share",
        period=str(waits.end),
    )
