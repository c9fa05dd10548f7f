"""`/vantetider`: who waits, and how long?"""

from __future__ import annotations

from typing import Final

from lagesbild.components.model import Aside, FigureCard, Page, PageContent
from lagesbild.domain.source import COUNTRY
from lagesbild.domain.swedish import capital, count
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import areas_with_regions, country_name
from lagesbild.pages.phone_line import area_words, phone_line, region_words
from lagesbild.pages.phrases import empty, persons, small
from lagesbild.pages.side_by_side import only_first
from lagesbild.pages.vantetider_bands import bands_card, excluded_card
from lagesbild.pages.vantetider_funnel import funnel_card
from lagesbild.pages.vantetider_ranking import ranking_card
from lagesbild.pages.vantetider_trend import published_card, trend_card
from lagesbild.pages.waits_text import over_whole, readable_waits, share_text, who_is_in, within, within_whole
from lagesbild.views.excluded import excluded
from lagesbild.views.published_shares import published_shares
from lagesbild.views.wait_bands import Bands, wait_bands
from lagesbild.views.wait_counts import Counts, wait_counts
from lagesbild.views.wait_funnel import wait_funnel
from lagesbild.views.wait_ranking import Ranked, Ranking, wait_ranking
from lagesbild.views.wait_trend import wait_trend
from lagesbild.views.waits import Waits

FILTERS: Final = ("one_care_area", "region", "provider", "month", "per", "as_of")


def build(context: PageContext) -> PageContent:
    """Ranking, bands, funnel, who is left out, trend, and the published national shares."""
    source, viewer = context.source, context.viewer
    waits, selection, notes = readable_waits(context, only_first(context))
    published = published_shares(source, selection)
    last = [published_card(published, context)] if published else []
    if waits is None:
        why = "Ingen region har rapporterat väntande för urvalet."
        section = empty("inga-uppgifter", "Inga uppgifter för urvalet", why, "/vantetider", "Visa hela landet")
        return PageContent("Väntetider", ("Inga väntande är rapporterade för urvalet.",), sections=(section, *last))
    country = country_name(source)
    area = waits.area_index(selection.care_area)
    here = (waits.areas[area].code, waits.end)  # what is the same whichever region is chosen
    counts = context.keep(("counts", *here), lambda: wait_counts(waits, area, viewer))
    ranking = wait_ranking(waits, area, counts, selection.target / 100)
    bands = wait_bands(source, waits, counts, selection, viewer, country)
    funnel = wait_funnel(ranking)
    left_out = excluded(waits, counts)
    trend = context.keep(("trend", *here), lambda: wait_trend(waits, area))
    sections: list[FigureCard | Aside] = [
        ranking_card(waits, area, ranking, left_out.total if left_out else None, context, country)
    ]
    if bands:
        limit = _limit(waits, area, ranking, selection.region)
        sections.append(bands_card(waits, area, bands, limit, context, country))
    if funnel is not None:
        sections.append(funnel_card(waits, area, funnel, context, country))
    if left_out is not None:
        sections.append(excluded_card(waits, area, left_out, context, country))
    sections.append(trend_card(waits, area, trend, ranking.target, context, country))
    name = waits.areas[area].name
    return PageContent(
        kicker=f"Väntetider för {small(name)}, {waits.end.sv}",
        sentences=_sentences(waits, area, ranking, bands, selection.region, country),
        more=_more(waits, area, counts),
        coverage=who_is_in(waits, area),
        sections=(*sections, *last),
        notes=notes,
        title=f"Väntetider: {small(waits.areas[area].short)}",
    )


def _limit(waits: Waits, area: int, ranking: Ranking, region: str) -> int:
    """The limit drawn among the bands: the chosen region's own, else the usual one."""
    index = waits.region_index(region)
    return ranking.days if index is None else int(waits.days[area, index])


def _sentences(
    waits: Waits, area: int, ranking: Ranking, bands: tuple[Bands, ...], region: str, country: str
) -> tuple[str, ...]:
    where = "riket" if country == "Riket" else country
    whole = ranking.country
    out = []
    chosen = next((r for r in ranking.regions if r.region and r.region.code == region), None)
    if whole is not None:
        out.append(f"{_share(whole)} av de väntande i {where} har väntat {within_whole(waits, area)}.")
    elif len(ranking.regions) == 1:
        only = ranking.regions[0]
        name = only.region.short_name if only.region else where
        out.append(f"{_share(only)} av de väntande i {name} har väntat {within(only.days)}.")
    if chosen is not None and chosen.region is not None and chosen.region != _lowest(ranking):
        own = "" if chosen.days == ranking.days else f" inom sin egen gräns, {count(chosen.days)} dagar"
        out.append(f"I {chosen.region.short_name} är andelen {_share(chosen)}{own}.")
    elif len(ranking.regions) > 1:
        low = ranking.regions[-1]
        assert low.region is not None  # regions have one
        out.append(f"{low.region.short_name} har lägst andel, {_share(low)}.")
    if not out:
        out.append(f"Andelen inom vårdgarantin i {where} kan inte räknas ut.")
    provider = next((b for b in bands if b.provider is not None), None)
    if provider is not None and provider.provider is not None and provider.total is not None:
        out.append(f"{provider.provider.name} har {persons(provider.total)} i kö.")
    return tuple(capital(s) for s in out)


def _lowest(ranking: Ranking) -> object:
    return ranking.regions[-1].region if ranking.regions else None


def _share(r: Ranked) -> str:
    return share_text(r.share, coarse=r.coarse)


def _more(waits: Waits, area: int, counts: Counts) -> str:
    over, all_ = counts.shown(COUNTRY, "over"), counts.shown(COUNTRY, "waiting")
    parts = []
    if over is not None and all_ is not None and len(waits.regions) > 1:
        parts.append(f"{count(over)} av {persons(all_)} har väntat {over_whole(waits, area)}.")
    parts.append(who_is_in(waits, area))
    return " ".join(p for p in parts if p)


def _phone_line(context: PageContext) -> str:
    """`Knäprotes, Gävleborg, oktober 2026`"""
    first = areas_with_regions(context.source)[:1]
    return phone_line(context, area_words(context, first[0].short if first else ""), region_words(context))


PAGE: Final = Page(
    path="/vantetider",
    name="Väntetider",
    filters=FILTERS,
    build=build,
    order=10,
    phone_selection=_phone_line,
    also=("target",),
)
