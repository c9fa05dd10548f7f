"""`/vardomrade/<code>`: everything about one care area on one page, for the country or one healthcare region."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lagesbild.components.model import Aside, FigureCard, Page, PageContent
from lagesbild.domain.care import CareArea
from lagesbild.domain.swedish import capital, join_and, number_word
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import country_name
from lagesbild.pages.links import everything
from lagesbild.pages.overview_flags import flags_aside, flags_sentence
from lagesbild.pages.phone_line import area_words, phone_line, region_words
from lagesbild.pages.phrases import empty, month_range
from lagesbild.pages.place_parts import area_crumbs, inhabitants, kept_counts, kept_travel
from lagesbild.pages.produktion_balance import balance_card
from lagesbild.pages.published_area import WHOLE, published_flows, published_sections
from lagesbild.pages.vardomrade_facts import LARGEST, chart_card, definition_aside, largest_card, travel_aside
from lagesbild.pages.vardomrade_figures import key_figures, signal_of
from lagesbild.pages.vardomrade_regions import groups_card, map_card, regions_card
from lagesbild.pages.waits_text import group_words, how_many, share_text, who_is_in
from lagesbild.views.area_regions import AreaRegions, area_regions, flags_of_group, within_group
from lagesbild.views.balance import balance
from lagesbild.views.excluded import excluded
from lagesbild.views.flag_changes import flag_changes
from lagesbild.views.flags import Flags, flags
from lagesbild.views.flows import flows
from lagesbild.views.guarantee_limits import area_limits
from lagesbild.views.healthcare_regions import Group, healthcare_regions
from lagesbild.views.pair_gaps import pair_gaps
from lagesbild.views.provider_work import largest, provider_work
from lagesbild.views.share_chart import country_chart, group_chart
from lagesbild.views.signals import Signal
from lagesbild.views.wait_reading import read_waits
from lagesbild.views.waits import Waits

FILTERS: Final = ("any_care_area", "healthcare_region", "region", "month", "per", "target")


def build(context: PageContext) -> PageContent:
    """Regions, gaps, map, healthcare regions, trend, balance, providers and definition of the care area."""
    source, viewer, selection = context.source, context.viewer, context.selection
    area = next(a for a in source.care_areas() if a.code == selection.care_area)
    country = country_name(source)
    waits = read_waits(source, selection, viewer)
    if waits is None:
        return _unreported(area, context, country)
    k = waits.area_index(area.code)
    group = selection.healthcare_region
    counts = kept_counts(waits, k, context)
    order = {r.code: i for i, r in enumerate(waits.regions)}
    everywhere = flags(source, selection, waits.end, order, viewer, waits.hidden_pairs)
    found = _of_group(everywhere, waits, group)
    within = {r.code for r in waits.regions if not group or r.healthcare_region == group}
    changes = flag_changes(source, selection, everywhere.run, order, viewer, within) if everywhere else None
    regions = area_regions(waits, k, counts, pair_gaps(source, selection, waits, viewer), viewer)
    groups = healthcare_regions(waits, k, counts)
    mine = next((g for g in groups if g.name == group), None)
    shown = within_group(regions, group)
    people = inhabitants(source, selection, waits.end)
    left_out = excluded(waits, counts)
    # Stockholm is a region too
    where = group_words(group) if group else "riket" if country == "Riket" else country
    sections: list[FigureCard | Aside] = [
        regions_card(
            waits, k, shown, people, left_out.total if left_out and not group else None, context, country, mine
        ),
        flags_aside(
            found,
            _share_texts(shown, area),
            {area.code: area},
            {r.code: r for r in waits.regions},
            selection.with_(region=""),
            waits.end,
            changes,
        ),
    ]
    drawn = map_card(waits, k, shown, context, country, mine)
    if groups:
        whole = next((r for r in regions.rows if r.region is None), None)
        card = groups_card(waits, k, groups, people, context, country, whole)
        sections.append(card if drawn else replace(card, span=12))
    if drawn:
        sections.append(drawn if groups else replace(drawn, span=12))
    chart = group_chart(waits, k, group) if mine else country_chart(waits, k)
    moved = travel_aside(kept_travel(context)[1], area, country, context)
    sections.append(replace(chart_card(waits, k, chart, where, context, mine), span=8 if moved else 12))
    if moved:
        sections.append(moved)
    balanced = flows(source, selection.with_(region="", provider="", healthcare_region=""), group=group)
    made = (balanced, balance(balanced, viewer)) if balanced else None
    if made is not None:
        sections.append(balance_card(*made, context))
    if not context.lead:
        everybody = context.keep(
            ("providers", area.code, waits.end),
            lambda: provider_work(source, area, waits.regions, waits.end, counts, selection, viewer),
        )
        work = tuple(w for w in everybody if group in ("", w.region.healthcare_region))
        end = max((w.end for w in work), default=None)
        sections.append(largest_card(waits, area, largest(work, LARGEST), end, people, where, context, mine))
    sections.append(definition_aside(area, area_limits(source, area, waits.regions, waits.end), waits.end))
    return PageContent(
        kicker=f"{area.name} i {where}, {waits.end.sv}, jämfört med normal variation de senaste två åren",
        sentences=_sentences(area, signal_of(waits, k, mine), found, waits, where),
        more=_more(waits, k, shown, mine),
        coverage=_coverage(waits, k, mine),
        key_figures=key_figures(waits, k, area, counts, mine, shown, made, found, people, where, context),
        sections=tuple(sections),
        title=f"{area.name}, {group}" if group else area.name,
        crumbs=area_crumbs(area, selection, country),
    )


def _of_group(found: Flags | None, waits: Waits, group: str) -> Flags | None:
    if found is None or not group:
        return found
    codes = {r.code for r in waits.regions if r.healthcare_region == group}
    return replace(found.in_regions(codes), flags=flags_of_group(found.flags, waits.regions, group))


def _share_texts(found: AreaRegions, area: CareArea) -> dict[tuple[str, str], str]:
    return {
        (r.region.code, area.code): share_text(r.signal.share, coarse=r.coarse)
        for r in found.regions
        if r.region and not r.state
    }


def _sentences(area: CareArea, found: Signal, gaps: Flags | None, waits: Waits, where: str) -> tuple[str, ...]:
    gone = "små tal är skyddade" if found.coarse else f"den är inte rapporterad för {waits.end.sv}"
    match found.judgement:
        # what is hidden or not there is not judged in words beside it
        case _ if found.share != found.share:
            first = f"Andelen i {where} visas inte: {gone}."
        case "worse" | "better":
            first = f"{area.short} blir {'sämre' if found.judgement == 'worse' else 'bättre'} i {where}."
        case "noise":
            first = f"{area.short} har ingen säkerställd förändring i {where}."
        case _:
            first = f"Förändringen i {where} kan inte bedömas ännu: det krävs 24 månader."
    second = flags_sentence(gaps, waits.end, "")
    return (first, second) if second else (first,)


def _more(waits: Waits, area: int, found: AreaRegions, group: Group | None) -> str:
    t = found.tally
    parts = []
    if t.judged > 1 and not t.worse and not t.better:
        parts.append(f"Ingen av {how_many(t.judged, 'region', 'regioner')} visar en säkerställd förändring.")
    elif t.judged > 1 and not t.worse:
        parts.append(
            f"{capital(number_word(t.better))} av {how_many(t.judged, 'region', 'regioner')} visar "
            "säkerställd förbättring, ingen försämring."
        )
    elif t.judged > 1:
        better = f" och {number_word(t.better)} säkerställd förbättring" if t.better else ", ingen förbättring"
        parts.append(
            f"{capital(number_word(t.worse))} av {how_many(t.judged, 'region', 'regioner')} visar säkerställd "
            f"försämring{better}."
        )
    parts.append(_coverage(waits, area, group))
    return " ".join(p for p in parts if p)


def _coverage(waits: Waits, area: int, group: Group | None) -> str:
    if group is None:
        return who_is_in(waits, area)
    names = join_and([r.short_name for r in group.left_out])
    return f"{names} ingår inte i summan för {group.name}." if names else ""


def _unreported(area: CareArea, context: PageContext, country: str) -> PageContent:
    """A care area that no region reports: what is published for the whole, and what is counted."""
    source, selection = context.source, context.selection
    found = published_flows(area, context)
    sections = published_sections(area, found, context)
    shown = bool(sections)
    if not shown:
        why = f"{area.name} är inte rapporterad för urvalet."
        sections.append(
            empty(
                "inga-uppgifter",
                "Inga uppgifter för urvalet",
                why,
                everything("/", context.selection),
                "Visa hela lägesbilden",
            )
        )
    end = found.end if found else selection.month or source.latest_month()
    if end is not None:
        sections.append(definition_aside(area, area_limits(source, area, (), end), end))
    when = f", {month_range(found.end - (len(found.months(24)) - 1), found.end)}" if found else ""
    where = "riket" if country == "Riket" else country
    return PageContent(
        kicker=f"{area.name} i {where}{when}",
        sentences=(f"{area.name} rapporteras inte per region.",),
        more=WHOLE if shown else "",
        sections=tuple(sections),
        title=area.name,
        crumbs=area_crumbs(area, selection.with_(healthcare_region=""), country),
    )


def _phone_line(context: PageContext) -> str:
    """`Knäprotes, Mellansverige, oktober 2026`"""
    return phone_line(context, area_words(context, ""), region_words(context, groups=True))


PAGE: Final = Page(
    path="/vardomrade/<code>",
    name="Vårdområde",
    filters=FILTERS,
    build=build,
    order=16,
    phone_selection=_phone_line,
    parameter="care_area",
    in_menu=False,
    own="rows",
)
