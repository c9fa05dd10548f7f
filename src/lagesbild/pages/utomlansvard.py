"""`/utomlansvard`: who is treated where?"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lagesbild.components.model import Aside, FigureCard, Page, PageContent
from lagesbild.domain.care import Region
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import capital, count, percent, signed
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import country_name
from lagesbild.pages.links import everything, to_page
from lagesbild.pages.options import TRAVEL_ORDERS, with_known_order
from lagesbild.pages.phrases import empty, month_range, persons, small, treated
from lagesbild.pages.travel_text import chosen, chosen_group, unit_of, window
from lagesbild.pages.utomlansvard_brokering import brokering_card
from lagesbild.pages.utomlansvard_group import group_card, group_more, group_sentence, members_of
from lagesbild.pages.utomlansvard_groups import PATH, groups_card, region_card
from lagesbild.pages.utomlansvard_matrix import matrix_card
from lagesbild.pages.utomlansvard_share import share_card, share_sentence
from lagesbild.pages.utomlansvard_waits import waits_card
from lagesbild.pages.waits_text import group_words
from lagesbild.views.brokering import Brokering, brokering
from lagesbild.views.out_of_region import ALL, FlowMatrix, flow_matrices
from lagesbild.views.region_flows import region_flows
from lagesbild.views.travel import Travel, read_travel
from lagesbild.views.travel_share import SHOWN, ShareTrend, travel_share
from lagesbild.views.waits_at_both_ends import waits_at_both_ends

FILTERS: Final = ("one_travelled_care_area", "home_region", "healthcare_region", "month", "travel_per", "travel_order")
_ABOUT: Final = "Utomlänsvård är bästa måttet på förmedlad vård, men rymmer även eget val och akut vård."
Read = tuple[Travel | None, list[FlowMatrix], ShareTrend | None, Brokering | None]


def build(context: PageContext) -> PageContent:
    """Matrix, share over time, waits at both ends, flows of the chosen region or healthcare region, healthcare regions,
    brokering cases."""
    context, unordered = with_known_order(context, TRAVEL_ORDERS)
    selection = context.selection
    # nothing here hangs on region, unit or order, so that another choice of them costs no reading
    read = Selection(care_area=selection.care_area, month=selection.month, as_of=selection.as_of)
    travel, matrices, trend, cases = context.keep(("travel", read), lambda: _read(context, read))
    if travel is None or not matrices:
        return _nothing(context, travel, cases)
    matrix, country = matrices[-1], country_name(context.source)
    unit, notes = unit_of(matrix, context)
    region, group = chosen(matrix, context), chosen_group(matrix, context)
    focus = [region] if region else members_of(matrix, group)
    sections: list[FigureCard | Aside] = [matrix_card(matrix, unit, context, country)]
    own = region_flows(matrix, region.code) if region else None
    if own is not None:
        sections.append(region_card(matrix, own, context))
    elif group:
        sections.append(group_card(matrix, group, context))
    if trend is not None:
        sections.append(share_card(travel, trend, context, country, group))
    ends = waits_at_both_ends(matrix, context.source, [r.code for r in focus])
    if ends is not None:
        sections.append(waits_card(matrix, ends, context))
    if len(travel.groups) > 1:
        sections.append(groups_card(matrix, context, country))
    if cases is not None:
        sections.append(brokering_card(cases, region, context, country, group))
    name, where = travel.area.name, f" för {group_words(group)}" if group else ""
    of_group = group_more(matrix, group) if group else ""
    return PageContent(
        kicker=f"{name} utanför hemregionen{where}, {window(matrix)}",
        sentences=_sentences(matrix, context),
        more=" ".join(t for t in (of_group, _partly(matrix), _about(trend, country, group), _ABOUT) if t),
        sections=tuple(_paired(sections)),
        notes=(*unordered, *notes, *_month_note(travel, context)),
        title=f"Utomlänsvård: {small(travel.area.short)}" + (f", {group}" if group else ""),
        crumbs=_way_back(region, group, context, country) if len(travel.groups) > 1 else (),
    )


def _way_back(region: Region | None, group: str, context: PageContext, country: str) -> tuple[tuple[str, str], ...]:
    """Country, healthcare region and region, as far as they are chosen; none for the country."""
    name = region.healthcare_region if region else group
    whole = context.selection.with_(region="", provider="", healthcare_region="")
    way = [(country, to_page(PATH, whole))]
    if name:
        way.append((capital(group_words(name)), to_page(PATH, whole.with_(healthcare_region=name)) if region else ""))
    if region is not None:
        way.append((region.short_name, ""))
    return tuple(way) if len(way) > 1 else ()


def _read(context: PageContext, read: Selection) -> Read:
    travel = read_travel(context.source, read)
    if travel is None:
        return None, [], None, None
    matrices = flow_matrices(travel, context.viewer, SHOWN)
    return travel, matrices, travel_share(matrices), brokering(context.source, travel.area, read, context.viewer)


def _nothing(context: PageContext, travel: Travel | None, cases: Brokering | None) -> PageContent:
    if travel is None:
        title, why = "Inga uppgifter om utomlänsvård för urvalet", "Inga flöden mellan regioner är rapporterade."
    else:
        months = month_range(travel.months[0], travel.end)
        title, why = "Det finns för få månader", f"Tolv månader summeras. Det finns uppgifter för {months}."
    sections: list[FigureCard | Aside] = [
        empty("inga-uppgifter", title, why, everything(PATH, context.selection), "Visa det första vårdområdet")
    ]
    if cases is not None:
        region = next((r for r in cases.regions if r.code == context.selection.region), None)
        sections.append(brokering_card(cases, region, context, country_name(context.source)))
    return PageContent("Utomlänsvård", (f"{title}.",), sections=tuple(sections))


def _paired(sections: list[FigureCard | Aside]) -> list[FigureCard | Aside]:
    """Half-wide sections stand two and two; the last one alone takes the whole width."""
    halves = sum(s.span == 6 for s in sections)
    if halves % 2 and sections[-1].span == 6:
        sections[-1] = replace(sections[-1], span=12)
    return sections


def _sentences(matrix: FlowMatrix, context: PageContext) -> tuple[str, ...]:
    done, region = treated(matrix.travel.area), chosen(matrix, context)
    whole, share = matrix.shown(*ALL), matrix.country_share
    if whole is None:
        first = f"Hur många som {done} i en annan region än sin egen kan inte visas."
    else:
        # a share of fewer regions does not belong to this number: see `_partly`
        part = f", {percent(share)}," if share is not None and len(matrix.with_share) == len(matrix.regions) else ""
        first = f"{persons(whole)}{part} {done} i en annan region än sin egen."
    if region is None:
        group = chosen_group(matrix, context)
        return (first, group_sentence(matrix, group)) if group else tuple(s for s in (first, _most(matrix)) if s)
    own = region_flows(matrix, region.code)
    assert own is not None  # it is one of the matrix's
    name = region.short_name
    if own.out is None:
        why = "små tal är skyddade" if own.out_state != "missing" else "den har inte rapporterat alla månader"
        return (first, f"För {name} kan antalet inte visas: {why}.")
    told = f"{count(own.out)} av dem kom från {name}" if whole is not None else f"{persons(own.out)} kom från {name}"
    if own.share is not None:
        told += f", {percent(own.share)} av regionens egna"
    if own.to and not own.hidden_to:
        told += f", och flest reste till {own.to[0].treating.short_name}"
    out = [first, f"{told}."]
    if own.into is not None and own.net is not None:
        came = f"tog emot {persons(own.into)}" if own.into else "tog inte emot någon"
        out.append(f"{name} {came}, netto {signed(own.net)}.")
    return tuple(out)


def _about(trend: ShareTrend | None, country: str, group: str) -> str:
    return share_sentence(trend, country, group) if trend else ""


def _partly(matrix: FlowMatrix) -> str:
    """The share of the regions that have one, when not all do."""
    n, every = len(matrix.with_share), len(matrix.regions)
    if matrix.country_share is None or n == every:
        return ""
    return f"I de {count(n)} av {count(every)} regioner där andelen kan räknas är den {percent(matrix.country_share)}."


def _most(matrix: FlowMatrix) -> str:
    """Who received and who sent most, net; only when every region's net is shown."""
    nets = {r.short_name: n for r in matrix.regions if (n := matrix.net(r.code)) is not None}
    if len(nets) < 2 or max(nets.values()) <= 0 or len(nets) < len(matrix.regions) - len(matrix.travel.gone):
        return ""
    most, least = max(nets, key=lambda k: nets[k]), min(nets, key=lambda k: nets[k])
    return f"Netto tog {most} emot flest, och {least} skickade flest."


def _month_note(travel: Travel, context: PageContext) -> tuple[str, ...]:
    """Said when the register ends before the chosen month, so that the period is not taken for another."""
    asked = context.selection.month
    if asked is None or asked <= travel.end:
        return ()
    return (f"Patientregistret når till {travel.end.sv}. Tolv månader till och med den visas.",)


PAGE: Final = Page(path=PATH, name="Utomlänsvård", filters=FILTERS, build=build, order=40, own="rows")
