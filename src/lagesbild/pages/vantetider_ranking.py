"""Figure 1 of the wait page: regions in order of the share within the limit, as stacked bars in a table."""

from __future__ import annotations

from typing import Any

from lagesbild.components.html import el, grid_row, hidden
from lagesbild.components.model import FigureCard
from lagesbild.components.spark import bar
from lagesbild.domain.swedish import capital, count, decimal, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.place_parts import PER_TEXT, inhabitants
from lagesbild.pages.vantetider_ranking_table import inhabited_by, leads_to, ranking_table, sum_name
from lagesbild.pages.waits_text import (
    NB,
    group_words,
    how_many,
    other_limits,
    share_number,
    source_line,
)
from lagesbild.views.healthcare_regions import Group
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
    waits: Waits,
    area: int,
    ranking: Ranking,
    excluded: float | None,
    context: PageContext,
    country: str,
    group: Group | None = None,
) -> FigureCard:
    """The table behind has the same rows, with limits and judgement of absence in words. With a `group` the ranking is
    of its regions, its sum and the country."""
    threshold = context.viewer.threshold
    target = percent(ranking.target, 0)
    people = inhabitants(context.source, context.selection, waits.end)
    graphic = [
        el(
            "Div",
            _table(ranking, context, country, target, people, group),
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
        title=_title(ranking, target, group),
        summary=(
            "Väntande efter hur länge de har väntat, regionerna i ordning efter andelen"
            + (f", med plats bland landets {count(ranking.of)} regioner. " if group and ranking.of else ". ")
            + f"Starkast ton: under gränsen {target}."
            + (f" Antal {PER_TEXT}, folkmängd {people.year}." if people else "")
        ),
        table=ranking_table(ranking, context, country, waits, people, group),
        source=source_line(waits, excluded=excluded, area=area, group=group),
        graphic=graphic,
        span=7,
        footnotes=tuple(t for t in (_signs(ranking, threshold), other_limits(waits, [area], group)) if t),
    )


def _title(ranking: Ranking, target: str, group: Group | None) -> str:
    n, where = len(ranking.under), f" i {group_words(group.name)}" if group else ""
    if not ranking.regions:
        protected = any(x.state == "suppressed" for x in ranking.left_out)
        return (
            f"Ingen andel{where} kan visas" if protected and group else f"Ingen region{where} har rapporterat en andel"
        )
    if len(ranking.regions) == 1 and not ranking.left_out:
        only = ranking.regions[0]
        assert only.region is not None  # regions have one
        return f"{only.region.short_name} ligger {'under' if n else 'inte under'} gränsen {target}"
    if n == 0:
        return f"Ingen region{where} ligger under gränsen {target}"
    return f"{capital(how_many(n, 'region', 'regioner'))}{where} ligger under gränsen {target}"


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
    ranking: Ranking,
    context: PageContext,
    country: str,
    target: str,
    people: Population | None,
    group: Group | None,
) -> dict[str, Any]:
    unit = "antal" if people is None else f"per 100{NB}000"
    # where some count from a limit of their own, no number of days is true of every row
    days = f"0–{ranking.days}{NB}dagar"
    inside, over = ("inom gränsen", "över gränsen") if ranking.other_days else (days, f"över {ranking.days}")
    head = grid_row(
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
    body = [_row(r, ranking, context, country, people, inhabited_by(r, ranking, group)) for r in ranking.rows]
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


def _row(
    r: Ranked,
    ranking: Ranking,
    context: PageContext,
    country: str,
    people: Population | None,
    where: tuple[str, ...],
) -> dict[str, Any]:
    to, text = leads_to(r, context), r.region.short_name if r.region else sum_name(r, country)
    name: list[Any] = [el("A", text, href=to) if to else text]
    if r.place is not None and context.selection.healthcare_region:
        name.append(el("Span", f" plats {count(r.place)}", className="prel"))
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
    return grid_row(cells, "rowheader", _look(r, chosen=chosen))


def _look(r: Ranked, *, chosen: bool) -> str:
    if r.region is None:
        return "me" if r.group else "nat"
    return "me" if chosen else ""


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
        # hidden here: also regions of more than a few, so that another's small count cannot be worked out
        words = "skyddat" if r.state == "suppressed" and r.coarse else _STATE_TEXT[r.state]
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
