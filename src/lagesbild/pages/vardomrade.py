"""`/vardomrade/<code>`: everything about one care area on one page, for the country or one healthcare region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from lagesbild.components.model import Aside, FigureCard, KeyFigure, Page, PageContent
from lagesbild.domain.care import CareArea
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import COUNTRY
from lagesbild.domain.swedish import capital, count, decimal, join_and, number_word
from lagesbild.domain.xmr import WINDOW
from lagesbild.pages.context import PageContext
from lagesbild.pages.options import country_name
from lagesbild.pages.overview_flags import flags_aside, flags_sentence
from lagesbild.pages.phrases import empty, month_range, persons
from lagesbild.pages.place_parts import PER_TEXT, area_crumbs, inhabitants
from lagesbild.pages.produktion_balance import balance_card
from lagesbild.pages.share_figure import signal_change, signal_span
from lagesbild.pages.vantetider_trend import published_card
from lagesbild.pages.vardomrade_facts import LARGEST, chart_card, definition_aside, largest_card, travel_aside
from lagesbild.pages.vardomrade_regions import groups_card, map_card, regions_card
from lagesbild.pages.waits_text import how_many, share_number, share_text, who_is_in, within
from lagesbild.views.area_regions import AreaRegions, area_regions, flags_of_group, within_group
from lagesbild.views.balance import Balance, balance
from lagesbild.views.cell_count import CellCount, cell_count
from lagesbild.views.excluded import excluded
from lagesbild.views.flag_changes import FlagChanges, flag_changes
from lagesbild.views.flags import Flags, flags
from lagesbild.views.flows import Flows, flows
from lagesbild.views.guarantee_limits import area_limits
from lagesbild.views.healthcare_regions import Group, healthcare_regions
from lagesbild.views.out_of_region import flow_matrix
from lagesbild.views.pair_gaps import pair_gaps
from lagesbild.views.population import Population
from lagesbild.views.provider_work import largest, provider_work
from lagesbild.views.published_shares import published_shares
from lagesbild.views.share_chart import country_chart, group_chart
from lagesbild.views.signals import Signal, country_signal
from lagesbild.views.travel import read_travel
from lagesbild.views.wait_counts import Counts, wait_counts
from lagesbild.views.waits import Waits, read_waits

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
    counts = wait_counts(waits, k, viewer)
    order = {r.code: i for i, r in enumerate(waits.regions)}
    everywhere = flags(source, selection, waits.end, order)
    found = _of_group(everywhere, waits, group)
    changes = _changes_of_group(
        flag_changes(source, selection, everywhere, order) if everywhere else None, waits, group
    )
    regions = area_regions(waits, k, counts, pair_gaps(source, selection, waits.end), viewer)
    groups = healthcare_regions(waits, k, counts, viewer)
    mine = next((g for g in groups if g.name == group), None)
    shown = within_group(regions, group)
    people = inhabitants(source, selection, waits.end)
    left_out = excluded(waits, counts)
    where = group or ("riket" if country == "Riket" else country)
    sections: list[FigureCard | Aside] = [
        regions_card(waits, k, shown, people, left_out.total if left_out and not group else None, context, country),
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
    drawn = map_card(waits, k, shown, context, country)
    if groups:
        whole = next((r for r in regions.rows if r.region is None), None)
        card = groups_card(waits, k, groups, people, context, country, whole)
        sections.append(card if drawn else replace(card, span=12))
    if drawn:
        sections.append(drawn if groups else replace(drawn, span=12))
    chart = group_chart(waits, k, group, viewer) if mine else country_chart(waits, k)
    travel = read_travel(source, selection)
    moved = travel_aside(flow_matrix(travel, viewer) if travel else None, area, country, context)
    sections.append(replace(chart_card(waits, k, chart, where, context), span=8 if moved else 12))
    if moved:
        sections.append(moved)
    balanced = flows(source, selection.with_(region="", provider="", healthcare_region=""))
    made = (balanced, balance(balanced, viewer)) if balanced else None
    if made is not None and not group:
        sections.append(balance_card(*made, context))
    work = provider_work(source, area, waits.regions, waits.end, counts, selection, viewer)
    work = tuple(w for w in work if group in ("", w.region.healthcare_region))
    end = max((w.end for w in work), default=None)
    sections.append(largest_card(waits, area, largest(work, LARGEST), end, people, where, context))
    sections.append(definition_aside(area, area_limits(source, area, waits.regions, waits.end), waits.end))
    return PageContent(
        kicker=f"{area.name} i {where}, {waits.end.sv}, jämfört med normal variation de senaste två åren",
        sentences=_sentences(area, _signal(waits, k, mine), found, waits, where),
        more=_more(waits, k, shown, mine),
        key_figures=_key_figures(waits, k, area, counts, mine, shown, made, found, people, where, context),
        sections=tuple(sections),
        title=f"{area.name}, {group}" if group else area.name,
        crumbs=area_crumbs(area, selection, country),
    )


def _signal(waits: Waits, area: int, group: Group | None) -> Signal:
    return country_signal(waits, area) if group is None else group.signal


def _of_group(found: Flags | None, waits: Waits, group: str) -> Flags | None:
    if found is None or not group:
        return found
    codes = {r.code for r in waits.regions if r.healthcare_region == group}
    judged = frozenset(s for s in found.judged_series if s[0] in codes)
    return replace(found, flags=flags_of_group(found.flags, waits.regions, group), judged_series=judged)


def _changes_of_group(found: FlagChanges | None, waits: Waits, group: str) -> FlagChanges | None:
    if found is None or not group:
        return found
    codes = {r.code for r in waits.regions if r.healthcare_region == group}
    return replace(found, changes=tuple(c for c in found.changes if c.region in codes))


def _share_texts(found: AreaRegions, area: CareArea) -> dict[tuple[str, str], str]:
    return {
        (r.region.code, area.code): share_text(r.signal.share, coarse=r.coarse)
        for r in found.regions
        if r.region and not r.state
    }


def _sentences(area: CareArea, found: Signal, gaps: Flags | None, waits: Waits, where: str) -> tuple[str, ...]:
    match found.judgement:
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
    if t.judged:
        some = ["ingen" if n == 0 else number_word(n) for n in (t.worse, t.better)]
        parts.append(
            f"{capital(some[0])} av {how_many(t.judged, 'region', 'regioner')} visar säkerställd försämring och "
            f"{some[1]} säkerställd förbättring."
        )
    if group is None:
        parts.append(who_is_in(waits, area))
    elif group.left_out:
        names = join_and([r.short_name for r in group.left_out])
        parts.append(f"{names} ingår inte i summan för {group.name}.")
    return " ".join(p for p in parts if p)


def _key_figures(
    waits: Waits,
    k: int,
    area: CareArea,
    counts: Counts,
    group: Group | None,
    shown: AreaRegions,
    made: tuple[Flows, Balance] | None,
    found: Flags | None,
    people: Population | None,
    where: str,
    context: PageContext,
) -> tuple[KeyFigure, ...]:
    codes = [
        r.code for r in (group.counted if group else waits.regions) if counts.values[r.code, "waiting"] is not None
    ]
    waiting, over = (
        (group.waiting, group.over)
        if group
        else tuple(cell_count(counts.values[COUNTRY, c], counts.states[COUNTRY, c]) for c in ("waiting", "over"))
    )
    out = [
        _share(waits, k, group, where),
        _count(
            "Väntande",
            f"{where}, {waits.end.sv}",
            waiting,
            people,
            codes,
            _over(over, waits.usual_days(k), people, codes),
        ),
    ]
    if made is not None and group is None and made[1].performed is not None:
        balanced, told = made
        what = f"{where}, {month_range(balanced.end - (told.year_months - 1), balanced.end)}"
        mine = [r.code for r in balanced.counted]
        out.append(_count("Genomförda", what, CellCount(told.performed, ""), people, mine, ""))
    out.append(_wait(shown))
    if found is not None:
        urgent = found.of("open", "expected")
        n = len(urgent)
        out.append(
            KeyFigure(
                name="Kapacitetsgap",
                what="regioner där ett är öppet eller väntas",
                value=count(n) if found.judged else "–",
                unit=f"av {count(found.judged)}" if found.judged else "",
                change=_gap_words(found) if found.judged else "Kan inte bedömas.",
                href=f"/kapacitetsgap?vardomrade={area.code}",
            )
        )
    return tuple(out)


def _gap_words(found: Flags) -> str:
    words = (("open", "öppet", "öppna"), ("expected", "väntas", "väntas"), ("watch", "bevakas", "bevakas"))
    told = []
    for status, one, many in words:
        n = len(found.of(status))
        if n:
            told.append(f"{'ett' if n == 1 else number_word(n)} {one if n == 1 else many}")
    return capital(join_and(told)) if told else "Inga flaggor"


def _share(waits: Waits, k: int, group: Group | None, where: str) -> KeyFigure:
    found = _signal(waits, k, group)
    share = group.share if group else (float(found.share) if np.isfinite(found.share) else None)
    coarse = group is not None and group.coarse
    first = waits.end - (min(WINDOW, len(waits.months)) - 1)
    gone = "skyddat" if coarse else "saknas"
    return KeyFigure(
        name="Andel inom gränsen",
        what=f"har väntat {within(waits.usual_days(k))}, {where}",
        value=gone if share is None else share_number(share, coarse=coarse),
        unit="" if share is None else "%",
        judgement="short" if share is None else found.judgement,
        change="" if share is None else signal_change(found),
        spark=found.spark,
        band=found.band,
        span=signal_span(found),
        first_label=first.sv_short,
        last_label=waits.end.sv_short,
    )


def _over(over: CellCount, days: int, people: Population | None, codes: Sequence[str]) -> str:
    if over.value is None:
        return ""
    rate = people.per_100_000(over.value, *codes) if people else None
    return f"{persons(over.value) if rate is None else decimal(rate)} har väntat över {count(days)} dagar"


def _count(
    name: str, what: str, cell: CellCount, people: Population | None, codes: Sequence[str], change: str
) -> KeyFigure:
    value, unit = count(cell.value) if cell.value is not None else "", ""
    if cell.value is None:
        value = "skyddat" if cell.state in ("suppressed", "secondary") else "saknas"
    elif people is not None:
        rate = people.per_100_000(cell.value, *codes)
        value, what = ("saknas" if rate is None else decimal(rate)), f"{what}, {PER_TEXT}"
    return KeyFigure(name, what, value, unit, change=change)


def _wait(found: AreaRegions) -> KeyFigure:
    """The span over regions: a middle of middles would be nobody's wait."""
    days = [(r.expected_wait_days, r.region.short_name) for r in found.regions if r.expected_wait_days and r.region]
    if not days:
        return KeyFigure("Förväntad väntetid", "för den som ställs i kö nu", "saknas")
    low, high = min(days), max(days)
    text = decimal(low[0], 0) if len(days) == 1 else f"{decimal(low[0], 0)}–{decimal(high[0], 0)}"
    change = low[1] if len(days) == 1 else f"Kortast i {low[1]}, längst i {high[1]}"
    return KeyFigure("Förväntad väntetid", "för den som ställs i kö nu, per region", text, "dagar", change=change)


def _unreported(area: CareArea, context: PageContext, country: str) -> PageContent:
    """A care area that no region reports: what is published for the whole, and what is counted."""
    source, selection = context.source, context.selection
    sections: list[FigureCard | Aside] = []
    found = flows(source, Selection(care_area=area.code, month=selection.month, as_of=selection.as_of))
    if found is not None and found.published:
        sections.append(balance_card(found, balance(found, context.viewer), context))
    published = published_shares(source, selection)
    if published is not None and area.code in {a.code for a in published.areas}:
        sections.append(published_card(published, context))
    if not sections:
        why = f"{area.name} är inte rapporterad för urvalet."
        sections.append(empty("inga-uppgifter", "Inga uppgifter för urvalet", why, "/", "Visa hela lägesbilden"))
    end = found.end if found else selection.month or source.latest_month()
    if end is not None:
        sections.append(definition_aside(area, area_limits(source, area, (), end), end))
    when = f", {month_range(found.end - (len(found.months(24)) - 1), found.end)}" if found else ""
    where = "riket" if country == "Riket" else country
    return PageContent(
        kicker=f"{area.name} i {where}{when}",
        sentences=(f"{area.name} rapporteras inte per region.",),
        more="Talen nedan är publicerade för helheten." if found is not None or published is not None else "",
        sections=tuple(sections),
        title=area.name,
        crumbs=area_crumbs(area, selection.with_(healthcare_region=""), country),
    )


def _phone_line(context: PageContext) -> str:
    """`Knäprotes, Mellansverige, oktober 2026`"""
    selection = context.selection
    area = next((a.short for a in context.care_areas if a.code == selection.care_area), "")
    country = country_name(context.source)
    where = selection.healthcare_region or ("hela riket" if country == "Riket" else country)
    month = selection.month or context.source.latest_month()
    return ", ".join(x for x in (area, where, month.sv if month else "") if x)


PAGE: Final = Page(
    path="/vardomrade/<code>",
    name="Vårdområde",
    filters=FILTERS,
    build=build,
    order=16,
    phone_selection=_phone_line,
    parameter="care_area",
    in_menu=False,
)
