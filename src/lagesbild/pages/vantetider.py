"""`/vantetider`: who waits, and how long?"""

from __future__ import annotations

from typing import Final

from lagesbild.components.model import Aside, FigureCard, Page, PageContent
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import areas_with_regions, country_name
from lagesbild.pages.phone_line import area_words, phone_line, region_words
from lagesbild.pages.phrases import small
from lagesbild.pages.place_parts import way_back
from lagesbild.pages.published_area import nothing_reported
from lagesbild.pages.published_figure import published_card, published_of
from lagesbild.pages.side_by_side import only_first
from lagesbild.pages.vantetider_bands import bands_card, excluded_card
from lagesbild.pages.vantetider_funnel import funnel_card
from lagesbild.pages.vantetider_ranking import ranking_card
from lagesbild.pages.vantetider_text import more, sentences
from lagesbild.pages.vantetider_trend import trend_card
from lagesbild.pages.waits_text import group_words, readable_waits, who_is_in
from lagesbild.views.excluded import excluded
from lagesbild.views.healthcare_regions import Group, healthcare_region
from lagesbild.views.wait_bands import wait_bands
from lagesbild.views.wait_counts import told_counts
from lagesbild.views.wait_funnel import wait_funnel
from lagesbild.views.wait_ranking import Ranking, wait_ranking, within_group
from lagesbild.views.wait_trend import wait_trend
from lagesbild.views.waits import Waits

FILTERS: Final = ("one_care_area", "healthcare_region", "region", "provider", "month", "per", "as_of")


def build(context: PageContext) -> PageContent:
    """Ranking, bands, funnel, who is left out, trend, and the published national shares; of the country or one of its
    healthcare regions."""
    source, viewer = context.source, context.viewer
    selection = context.selection
    waits = readable_waits(context, only_first(context))
    if waits is None:
        first = "Inga väntande är rapporterade för urvalet."
        return nothing_reported(context, "Väntetider", first, href="/vantetider")
    published = published_of(context)
    last = [published_card(published, context)] if published else []
    country = country_name(source)
    area = waits.area_index(selection.care_area)
    here = (waits.areas[area].code, waits.end)  # what is the same whichever region is chosen
    counts = context.keep(("counts", *here), lambda: told_counts(waits, area, viewer))
    group = healthcare_region(waits, area, counts, selection.healthcare_region)
    whole = wait_ranking(waits, area, counts, selection.target / 100)
    ranking = within_group(whole, group) if group else whole
    bands = wait_bands(source, waits, counts, selection, viewer, country, group)
    funnel = wait_funnel(whole)
    left_out = excluded(waits, counts, group)
    trend = context.keep(("trend", *here), lambda: wait_trend(waits, area))
    gone = (left_out.group or left_out.country) if left_out else None
    sections: list[FigureCard | Aside] = [
        ranking_card(waits, area, ranking, gone.counts[2] if gone else None, context, country, group)
    ]
    if bands:
        limit = _limit(waits, area, ranking, selection.region, group)
        sections.append(bands_card(waits, area, bands, limit, context, country))
    if funnel is not None:
        sections.append(funnel_card(waits, area, funnel, context, country, group))
    if left_out is not None:
        sections.append(excluded_card(waits, area, left_out, context, country, group))
    sections.append(trend_card(waits, area, trend, ranking.target, context, country, group))
    name, where = waits.areas[area].name, f" i {group_words(group.name)}" if group else ""
    return PageContent(
        kicker=f"Väntetider för {small(name)}{where}, {waits.end.sv}",
        sentences=sentences(waits, area, ranking, bands, selection.region, country, group),
        more=more(waits, area, counts, group),
        coverage=who_is_in(waits, area, group),
        sections=(*sections, *last),
        title=f"Väntetider: {small(waits.areas[area].short)}" + (f", {group.name}" if group else ""),
        crumbs=way_back("/vantetider", waits.regions, context),
    )


def _limit(waits: Waits, area: int, ranking: Ranking, region: str, group: Group | None) -> int:
    """The limit drawn among the bands: the chosen region's or healthcare region's own, else the usual one."""
    index = waits.region_index(region)
    if index is not None:
        return int(waits.days[area, index])
    own = {int(waits.days[area, k]) for k, r in enumerate(waits.regions) if group is not None and r in group.regions}
    return own.pop() if len(own) == 1 else ranking.days


def _phone_line(context: PageContext) -> str:
    """`Knäprotes, Gävleborg, oktober 2026`"""
    first = areas_with_regions(context.source)[:1]
    return phone_line(context, area_words(context, first[0].short if first else ""), region_words(context, groups=True))


PAGE: Final = Page(
    path="/vantetider",
    name="Väntetider",
    filters=FILTERS,
    build=build,
    order=10,
    phone_selection=_phone_line,
    also=("target",),
    own="rows",
)
