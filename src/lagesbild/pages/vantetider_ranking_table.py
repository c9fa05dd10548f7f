"""The table behind figure 1 of the wait page, and what its rows have in common with those that are drawn."""

from __future__ import annotations

from lagesbild.components.model import Column, Row, Special, Table
from lagesbild.domain.swedish import capital, count
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_page, to_region
from lagesbild.pages.place_parts import PER_TEXT, count_column, count_value
from lagesbild.pages.waits_text import group_words, share_text, special
from lagesbild.views.cell_count import CellCount
from lagesbild.views.healthcare_regions import Group
from lagesbild.views.population import Population
from lagesbild.views.wait_ranking import Ranked, Ranking
from lagesbild.views.waits import Waits


def ranking_table(
    ranking: Ranking,
    context: PageContext,
    country: str,
    waits: Waits,
    people: Population | None,
    group: Group | None,
) -> Table:
    """The sums first, then the regions in order, then those without a share."""
    unit = "antal" if people is None else PER_TEXT
    columns = (
        Column("region", "Region"),
        Column("within_limit_share", "Andel inom gränsen", "share"),
        count_column("over_limit", f"Över gränsen, {unit}", people),
        count_column("waiting", f"Väntar, {unit}", people),
        Column("limit_days", "Gräns, dagar", "days"),
        *((Column("place", f"Plats av {count(ranking.of)}", "number", 0),) if group else ()),
    )
    threshold = context.viewer.threshold
    rows = []
    whole = sorted((r for r in ranking.rows if r.region is None), key=lambda r: r.group != "")
    for r in [*whole, *(x for x in ranking.rows if x.region is not None)]:
        code, where = r.region.code if r.region else "", inhabited_by(r, ranking, group)
        chosen = bool(r.group) or (code != "" and code == context.selection.region)
        rows.append(
            Row(
                (
                    r.region.short_name if r.region else sum_name(r, country),
                    share_text(r.share, coarse=True) if r.coarse else r.share,
                    count_value(CellCount(r.over, r.over_state), threshold, people, *where),
                    count_value(CellCount(r.waiting, r.waiting_state), threshold, people, *where),
                    float(r.days),
                    *(("–" if r.place is None else float(r.place),) if group else ()),
                ),
                emphasis="chosen" if chosen else "" if code else "country",
                note="prel." if r.provisional and r.region else "",
                href=leads_to(r, context),
            )
        )
    for left in ranking.left_out:
        gone: Special = special(left.state, left.reason, coarse=left.coarse)
        rows.append(Row((left.region.short_name, gone, *("–",) * (len(columns) - 2))))
    return Table(
        f"Väntande inom och över gränsen per region{f', {group_words(group.name)}' if group else ''}, {waits.end.sv}",
        columns,
        tuple(rows),
        sorted_by="within_limit_share",
        period=str(waits.end),
    )


def inhabited_by(r: Ranked, ranking: Ranking, group: Group | None) -> tuple[str, ...]:
    """The regions whose inhabitants a rate is of: itself, or those that the sum counts."""
    if r.region is not None:
        return (r.region.code,)
    if r.group and group is not None:
        return tuple(x.code for x in group.counted)
    return ranking.counted


def sum_name(r: Ranked, country: str) -> str:
    """What a row that is no region's is called."""
    return capital(group_words(r.group)) if r.group else country


def leads_to(r: Ranked, context: PageContext) -> str:
    """A region's own page; from a healthcare region the way back to the country."""
    if r.region is not None:
        return to_region(r.region.code, context.selection)
    whole = context.selection.with_(region="", provider="", healthcare_region="")
    return to_page("/vantetider", whole) if context.selection.healthcare_region and not r.group else ""
