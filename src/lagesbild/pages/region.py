"""`/region/<code>`: everything about one region on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lagesbild.components.html import el
from lagesbild.components.model import Aside, FigureCard, Page, PageContent
from lagesbild.domain.care import CareArea, Region, aggregate_regions
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import capital, count, join_and, number_word
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import country_name
from lagesbild.pages.links import to_page
from lagesbild.pages.overview_flags import flags_sentence
from lagesbild.pages.phone_line import area_words, phone_line, region_words
from lagesbild.pages.phrases import small
from lagesbild.pages.place_parts import (
    inhabitants,
    kept_counts,
    kept_travel,
    names_of,
    needed,
    region_crumbs,
)
from lagesbild.pages.produktion_balance import national_card
from lagesbild.pages.published_area import WHOLE, nothing_reported
from lagesbild.pages.published_figure import published_card, published_of
from lagesbild.pages.region_figures import key_figures
from lagesbild.pages.region_numbers import numbers_card, providers_card
from lagesbild.pages.region_reporting import reporting_card
from lagesbild.pages.region_standing import standing_card
from lagesbild.pages.region_travel import travel_card
from lagesbild.pages.region_waits import beside, compared_words, lines_card
from lagesbild.pages.share_figure import untold
from lagesbild.pages.side_by_side import side_by_side
from lagesbild.pages.waits_text import share_text
from lagesbild.views.flags import Flag, Flags
from lagesbild.views.national_balance import national_balance
from lagesbild.views.out_of_region import FlowMatrix
from lagesbild.views.pair_gaps import pair_gaps
from lagesbild.views.population import Population, population
from lagesbild.views.provider_work import provider_work
from lagesbild.views.region_flows import region_flows
from lagesbild.views.region_lines import WINDOW_MONTHS, Compared, RegionLines, comparison, region_lines
from lagesbild.views.region_numbers import AreaNumbers, group_numbers, region_numbers
from lagesbild.views.region_standing import Standing, standings
from lagesbild.views.reporting_matrix import reporting_matrix
from lagesbild.views.status_matrix import StatusMatrix, status_matrix
from lagesbild.views.waits import Waits

FILTERS: Final = ("region", "care_area", "compare", "month", "window", "per", "target")
_NOT_COMPARED: Final = (
    "Andelar, antal och resor jämförs. Bedömningar i nyckeltalen, rapportering och vårdgivare är regionens egna."
)


def build(context: PageContext) -> PageContent:
    """Lines, place, numbers, flows, providers and reporting of the region in the address."""
    region = next(r for r in context.source.regions() if r.code == context.selection.region)
    country = country_name(context.source)
    if region in aggregate_regions(context.source.regions()):
        return _aggregate(region, context)
    shown = side_by_side(context, region.code, most_flags_in=region.code)
    waits, selection, flagged = shown.waits, context.selection, shown.flags
    if waits is None:
        first = f"Inga väntande är rapporterade för {region.name}."
        return nothing_reported(context, region.name, first, title=region.short_name)
    source, viewer = context.source, context.viewer
    mine = flagged.found if flagged else None
    indices, left_out = tuple(range(len(waits.areas))), shown.left_out
    gaps = pair_gaps(source, selection, waits, viewer)
    matrix = status_matrix(waits, indices, viewer, flagged.by_cell if flagged else {})
    counts = {a: kept_counts(waits, a, context) for a in indices}
    numbers = region_numbers(source, waits, counts, region.code, selection, viewer, gaps, context.keep)
    compared = comparison(waits, region.code, selection.compare)
    lines = region_lines(waits, indices, region.code, compared, viewer, selection.window or WINDOW_MONTHS)
    places = standings(waits, indices, region.code)
    people = inhabitants(source, selection, waits.end)
    notes = (_NOT_COMPARED,) if compared else ()

    def sections() -> tuple[FigureCard | Aside, ...]:
        providers = [
            work
            for a in indices
            for work in provider_work(source, waits.areas[a], [region], waits.end, counts[a], selection, viewer)
        ]
        travel, moved = kept_travel(context)
        against = None if compared is None or moved is None else (compared_words(compared), _elsewhere(moved, compared))
        beside_it: tuple[AreaNumbers, ...] = ()
        if compared is not None and compared.region is not None:
            beside_it = region_numbers(source, waits, counts, compared.region.code, selection, viewer, gaps)
        elif compared is not None:
            beside_it = group_numbers(waits, counts, compared.name)
        own_place = standing_card(waits, places, lines, region, compared, context, country)
        standing = [own_place] if len(waits.regions) > 1 else []
        in_figures = numbers_card(waits, numbers, region, people, context, compared, beside_it)
        reported = reporting_card(
            reporting_matrix(source, _reporting(selection, region)), region, waits.breaks, context
        )
        # with what it is compared with the table needs the whole width
        pair = (*standing, in_figures) if compared is None else (in_figures, *standing)
        return (
            lines_card(waits, lines, region, compared, context, country),
            *pair,
            travel_card(region_flows(moved, region.code) if moved else None, travel, region, context, against),
            reported if compared is None else replace(reported, span=12),
            providers_card(waits, providers, region, people, context),
        )

    areas = {a.code: a for a in waits.all_areas}
    one = areas.get(selection.care_area)
    return PageContent(
        kicker=_kicker(region, waits, population(source, waits.end)),
        sentences=_sentences(matrix, region, mine, areas, waits),
        more=_more(matrix, region, places, _beside(places, lines, compared, country), left_out),
        key_figures=key_figures(matrix, region, country, numbers, mine, people, areas, context),
        sections=() if context.lead else sections(),
        notes=notes,
        title=region.name,
        crumbs=region_crumbs(region, one or waits.areas[indices[0]], selection, country),
    )


def _elsewhere(moved: FlowMatrix, compared: Compared) -> float | None:
    """The share treated elsewhere of what the region is held against, as it may be shown."""
    if compared.region is None:
        return moved.group_share(compared.name)
    return moved.share(compared.region.code) if compared.region.code in moved.travel.place else None


def _reporting(selection: Selection, region: Region) -> Selection:
    """A year of every register, whatever else is chosen on the page."""
    return Selection(region=region.code, month=selection.month, as_of=selection.as_of)


def _kicker(region: Region, waits: Waits, people: Population | None) -> str:
    """`Region Gävleborg, januari 2024. 285 642 invånare (2023), sjukvårdsregion Mellansverige`"""
    told = []
    n = people.of([region.code]) if people else None
    if people is not None and n is not None:
        told.append(f"{count(n)} invånare ({people.year})")
    if region.healthcare_region:
        both = [x for x in (region.healthcare_region, region.healthcare_region_secondary) if x]
        told.append(f"{'sjukvårdsregion' if len(both) == 1 else 'sjukvårdsregionerna'} {join_and(both)}")
    return f"{region.name}, {waits.end.sv}" + (f". {capital(', '.join(told))}" if told else "")


def _sentences(
    matrix: StatusMatrix, region: Region, found: Flags | None, areas: dict[str, CareArea], waits: Waits
) -> tuple[str, ...]:
    """An open gap first, with what closes it; else what is judged of the change, then the flags."""
    worst = next((f for f in found.flags if f.status == "open" and f.care_area in areas), None) if found else None
    if worst is not None and found is not None:
        return _open(worst, matrix, areas[worst.care_area], found.target), needed(
            worst, areas[worst.care_area], found.target, waits.end
        )
    second = flags_sentence(found, waits.end, f" i {region.short_name}")
    return (_judged(matrix, region), second) if second else (_judged(matrix, region),)


def _open(f: Flag, matrix: StatusMatrix, area: CareArea, target: float) -> str:
    cell = matrix.cells.get(f.care_area, {}).get(f.region)
    since = f" sedan {f.opens.sv}" if f.opens else ""
    if cell is None or cell.state:
        return f"{area.short} har ett öppet kapacitetsgap{since}."
    now = share_text(cell.signal.share, coarse=cell.coarse)
    if round(cell.signal.share, 3) < target:
        return f"{area.short} ligger under gränsen{since}, nu {now}."
    return f"{area.short} har ett öppet kapacitetsgap{since}, andelen är nu {now}."


def _judged(matrix: StatusMatrix, region: Region) -> str:
    by: dict[str, list[CareArea]] = {}
    for area in matrix.areas:
        cell = matrix.cells[area.code][region.code]
        by.setdefault("gone" if cell.state else cell.signal.judgement, []).append(area)
    worse, better = by.get("worse", []), by.get("better", [])
    where = f"i {region.name}"
    if worse and better:
        good = join_and([small(a.short) for a in better])
        return f"{join_and(names_of(worse))} blir sämre och {good} bättre {where}."
    if worse or better:
        return f"{join_and(names_of(worse or better))} blir {'sämre' if worse else 'bättre'} {where}."
    if by.get("noise"):
        if len(matrix.areas) == 1:
            return f"{by['noise'][0].short} har ingen säkerställd förändring {where}."
        return f"Inget vårdområde har någon säkerställd förändring {where}."
    return untold(matrix, region) or f"Förändringen {where} kan inte bedömas ännu: det krävs 24 månader."


@dataclass(frozen=True)
class _Beside:
    """What the region's shares are held against: how it is named, and for each care area its share (NaN = none) and
    whether that is in whole per cent."""

    where: str
    shares: tuple[tuple[float, bool], ...]


def _beside(
    places: Sequence[Standing], lines: Sequence[RegionLines], compared: Compared | None, country: str
) -> _Beside:
    if compared is not None:
        return _Beside(compared_words(compared), tuple(beside(one) for one in lines))
    return _Beside("riket" if country == "Riket" else country, tuple((s.country, s.country_coarse) for s in places))


def _more(matrix: StatusMatrix, region: Region, places: Sequence[Standing], held: _Beside, left_out: int) -> str:
    where = held.where
    parts = []
    calm = [a for a in matrix.areas if _calm(matrix, a, region)]
    if calm and len(calm) < len(matrix.areas):
        parts.append(f"{join_and(names_of(calm))} visar ingen säkerställd förändring.")
    told = [
        # to whole per cent when either is: 81 % may be less than 80,9 %
        (s, round(s.own.share - share, 2 if coarse or s.own.coarse else 3))
        for s, (share, coarse) in zip(places, held.shares, strict=True)
        if s.own is not None and np.isfinite(share)
    ]
    above = [s.area for s, d in told if d > 0]
    below = [s.area for s, d in told if d < 0]
    if above:
        parts.append(f"Andelen är högre än i {where} för {join_and([small(a.short) for a in above])}.")
    if below:
        start = "Den är lägre" if above else f"Andelen är lägre än i {where}"
        parts.append(f"{start} för {join_and([small(a.short) for a in below])}.")
    gone = matrix.waits.reasons.get(region.code, "")
    if gone and any(matrix.cells[a.code][region.code].state for a in matrix.areas):
        parts.append(gone)
    if left_out:
        shown = len(matrix.areas)
        parts.append(
            f"{capital(number_word(shown))} vårdområden visas, de med flest flaggor först. "
            f"{capital(number_word(left_out))} till finns i urvalet."
        )
    return " ".join(parts)


def _calm(matrix: StatusMatrix, area: CareArea, region: Region) -> bool:
    cell = matrix.cells[area.code][region.code]
    return not cell.state and cell.signal.judgement == "noise"


def _aggregate(region: Region, context: PageContext) -> PageContent:
    """A whole has no place among its parts: the overview is its page. What is published for it stands here too."""
    to = to_page("/", context.selection.with_(region="", compare=""))
    why = "Lägesbilden visar regionerna tillsammans, med karta, kapacitetsgap och förändring."
    body = [el("P", why), el("P", el("A", f"Visa lägesbilden för {small(region.short_name)}", href=to))]
    sections: list[FigureCard | Aside] = [Aside("hela", f"{region.short_name} har ingen egen regionsida", "", body, 12)]
    national = national_balance(context.source, context.selection)
    if national is not None and national.region.code == region.code:
        sections.append(national_card(national))
    published = published_of(context)
    if published is not None and published.region.code == region.code:
        sections.append(published_card(published, context))
    shown = len(sections) > 1
    return PageContent(
        kicker=region.name,
        sentences=(f"{region.short_name} är en summa av regionerna.",),
        more=WHOLE if shown else "",
        sections=tuple(sections),
        title=region.short_name,
    )


def _phone_line(context: PageContext) -> str:
    """`Gävleborg, alla vårdområden, oktober 2026`"""
    return phone_line(context, region_words(context), area_words(context, "alla vårdområden"))


PAGE: Final = Page(
    path="/region/<code>",
    name="Region",
    filters=FILTERS,
    build=build,
    order=15,
    phone_selection=_phone_line,
    parameter="region",
    in_menu=False,
    own="rows",
)
