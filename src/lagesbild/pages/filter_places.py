"""Fields of the filter bar about what and where: care area, region, healthcare region, provider; and what places are
called."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lagesbild.components.filters import ALL
from lagesbild.components.model import Filter, Option
from lagesbild.domain.care import CareArea, Region, aggregate_regions, leaf_regions
from lagesbild.domain.selection import OWN_HEALTHCARE_REGION
from lagesbild.domain.source import Query, Source
from lagesbild.domain.swedish import number_word, sort_key
from lagesbild.pages.context import PageContext

OTHER: Final = "Övriga"
AREA_SEARCH: Final = "/val/vardomraden"


def areas_with_regions(source: Source, dataset: str = "waits") -> list[CareArea]:
    """Care areas that regions of their own report in a dataset, in order; all of them when none does."""
    areas = sorted(source.care_areas(), key=lambda a: (a.sort_order, a.code))
    latest = source.latest_month()
    if latest is None:
        return areas
    leaves = tuple(r.code for r in leaf_regions(source.regions()))
    # a year, so that an area whose last month is late still counts
    codes = source.distinct(dataset, "care_area", Query(regions=leaves, first=latest - 11, last=latest))
    return [a for a in areas if a.code in codes] or areas


def area_search(name: str) -> str:
    """Where the care areas of a list are searched: see `pages.finding`."""
    return f"{AREA_SEARCH}?lista={name}"


def all_areas_label(n: int) -> str:
    """`Alla tre`; `Båda` for two."""
    return "Båda" if n == 2 else f"Alla {number_word(n)}" if n <= 12 else "Alla"


def country_name(source: Source) -> str:
    """What the sum over all regions is called: the aggregate region's short name, the only region's, or Riket."""
    parents, leaves = aggregate_regions(source.regions()), leaf_regions(source.regions())
    if len(parents) == 1:
        return parents[0].short_name
    return leaves[0].short_name if len(leaves) == 1 else "Riket"


def region_options(regions: list[Region], whole: str) -> tuple[Option, ...]:
    """The whole first, then the leaf regions by healthcare region, in the order of the data."""
    leaves = leaf_regions(regions)
    groups = list(dict.fromkeys(r.healthcare_region for r in leaves))
    many = len(groups) > 1
    ordered = [r for g in groups for r in leaves if r.healthcare_region == g] if many else leaves
    return (
        Option("", whole),
        *(Option(r.code, r.short_name, (r.healthcare_region or OTHER) if many else "") for r in ordered),
    )


def care_area(context: PageContext) -> Filter | None:
    areas = areas_with_regions(context.source)
    if len(areas) < 2:
        return None
    chosen = context.selection.care_area
    options = [Option("", all_areas_label(len(areas)), short="Alla vårdområden")]
    options += [Option(a.code, a.name, short=a.short) for a in areas]
    changed = context.selection.differs("care_area")
    return Filter("care_area", "Vårdområde", tuple(options), chosen, changed, search=area_search("alla"))


def any_care_area(context: PageContext) -> Filter | None:
    """For the page about one care area: those that only a whole has figures for are places too."""
    found = care_area(context)
    offered = {o.value for o in found.options} if found else set()
    rest = tuple(
        Option(a.code, a.name, "Rapporteras inte per region", short=a.short)
        for a in context.care_areas
        if a.code not in offered
    )
    return found and replace(found, options=(*found.options, *rest), search=area_search("platser"))


def one_care_area(context: PageContext, dataset: str = "waits") -> Filter | None:
    """For pages that show one care area at a time: the first is the default, so there is no "all"."""
    areas = areas_with_regions(context.source, dataset)
    if len(areas) < 2:
        return None
    chosen = context.selection.care_area
    # an area chosen in the address or on another page is shown as chosen, even if it is not offered here
    areas += [a for a in context.care_areas if a.code == chosen and a not in areas]
    options = [Option("" if k == 0 else a.code, a.name, short=a.short) for k, a in enumerate(areas)]
    value = "" if chosen == areas[0].code else chosen
    return Filter("care_area", "Vårdområde", tuple(options), value, value != "", search=area_search(dataset))


def one_produced_care_area(context: PageContext) -> Filter | None:
    """The same for production, which other care areas may be reported for than waiting."""
    return one_care_area(context, "production")


def one_travelled_care_area(context: PageContext) -> Filter | None:
    """The same for care in another region."""
    return one_care_area(context, "out-of-region")


def region(context: PageContext) -> Filter | None:
    if len(context.regions) < 2:
        return None
    options = region_options(context.source.regions(), _whole(context.source))
    return Filter("region", "Region", options, context.selection.region, context.selection.differs("region"))


def home_region(context: PageContext) -> Filter | None:
    """The same field on a page about where patients come from."""
    found = region(context)
    return found and replace(found, label="Hemregion")


def compare(context: PageContext) -> Filter | None:
    """What a chosen region is held against; there is nothing to choose without one."""
    chosen, selection = (
        next((r for r in context.regions if r.code == context.selection.region), None),
        context.selection,
    )
    if chosen is None or len(context.regions) < 2:
        return None
    country = country_name(context.source)
    options = [Option("", "riket" if country == "Riket" else country)]
    if chosen.healthcare_region and len(healthcare_regions(context.source)) > 1:
        options.append(Option(OWN_HEALTHCARE_REGION, f"sjukvårdsregion {chosen.healthcare_region}"))
    others = region_options([r for r in context.regions if r != chosen], "")[1:]
    return Filter("compare", "Jämför med", (*options, *others), selection.compare, selection.differs("compare"))


def healthcare_regions(source: Source) -> list[str]:
    """The healthcare regions of the leaf regions, in the order of the data."""
    return list(dict.fromkeys(r.healthcare_region for r in leaf_regions(source.regions()) if r.healthcare_region))


def healthcare_region(context: PageContext) -> Filter | None:
    names = healthcare_regions(context.source)
    if len(names) < 2:
        return None
    options = [Option("", ALL)] + [Option(name, name) for name in names]
    selection = context.selection
    changed = selection.differs("healthcare_region")
    return Filter("healthcare_region", "Sjukvårdsregion", tuple(options), selection.healthcare_region, changed)


def _whole(source: Source) -> str:
    name = country_name(source)
    return "Hela riket" if name == "Riket" else name


def provider(context: PageContext) -> Filter | None:
    """Providers of the chosen region that report waits of their own; none without a region."""
    selection = context.selection
    if not selection.region and not selection.provider:
        return None
    providers = {p.code: p for p in context.source.providers()}
    region = selection.region or (providers[selection.provider].region if selection.provider in providers else "")
    mine = [p for p in providers.values() if p.region == region]
    if not mine:
        return None
    latest = context.source.latest_month()
    query = Query(regions=(region,), provider=None, first=latest - 11 if latest else None, last=latest)
    reporting = context.source.distinct("waits", "provider", query)
    mine = sorted((p for p in mine if p.code in reporting), key=lambda p: (p.kind != "public", sort_key(p.name)))
    if not mine:
        return None
    groups = {"public": "Offentliga", "private": "Privata"}
    options = [Option("", ALL)] + [Option(p.code, p.name, groups.get(p.kind, OTHER)) for p in mine]
    return Filter("provider", "Vårdgivare", tuple(options), selection.provider, selection.differs("provider"))
