"""`/produktion`: does the queue grow, is production normal, is capacity used, is the plan kept?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lagesbild.components.model import Aside, FigureCard, Page, PageContent
from lagesbild.domain.swedish import count, join_and
from lagesbild.domain.xmr import Judgement
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import country_name
from lagesbild.pages.phrases import counted_text, empty, month_range, months_back, persons, place, small, treated
from lagesbild.pages.place_parts import way_back
from lagesbild.pages.produktion_balance import balance_card, national_card
from lagesbild.pages.produktion_capacity import capacity_and_plan
from lagesbild.pages.produktion_chart import chart_card, rules_aside
from lagesbild.pages.produktion_parts import parts_card
from lagesbild.pages.waits_text import group_words
from lagesbild.views.balance import Balance, balance
from lagesbild.views.capacity_use import capacity_use
from lagesbild.views.control_chart import ProductionChart, production_chart
from lagesbild.views.flow_parts import flow_parts
from lagesbild.views.flows import Flows, flows
from lagesbild.views.national_balance import national_balance
from lagesbild.views.plan_outcome import plan_outcome
from lagesbild.views.queue_change import queue_judgement

FILTERS: Final = ("one_produced_care_area", "healthcare_region", "region", "provider", "month", "as_of")


def build(context: PageContext) -> PageContent:
    """Balance, control chart with the rules that fired, capacity, plan, the parts of a sum, and the published national
    table; of the country, a healthcare region, a region or a provider."""
    source, selection, viewer = context.source, context.selection, context.viewer
    found = flows(source, selection, group=selection.healthcare_region)
    national = national_balance(source, selection)
    last = [national_card(national)] if national else []
    if found is None:
        return _without_balance(context, last)
    told = balance(found, viewer)
    chart = production_chart(found, source, viewer)
    where, title = _where(found, context)
    return PageContent(
        kicker=f"{where}, {month_range(found.end - (len(told.frame) - 1), found.end)}",
        sentences=(*_ended(found), *_sentences(found, told, chart, queue_judgement(found, source))),
        more=_more(found, told),
        coverage=counted_text(found) if found.group else "",
        sections=(
            balance_card(found, told, context),
            *_performed(found, chart, context),
            *_parts(found, context),
            *last,
        ),
        title=title,
        crumbs=way_back("/produktion", context.regions, context),
    )


def _parts(found: Flows, context: PageContext) -> list[FigureCard]:
    """The way down: what a sum is made of."""
    parts = flow_parts(found, context.source, context.viewer)
    return [parts_card(found, parts, context)] if parts else []


def _without_balance(context: PageContext, last: Sequence[FigureCard | Aside]) -> PageContent:
    """What can be told where inflow or waiting is not published: control chart, capacity and plan."""
    group = context.selection.healthcare_region
    found = flows(context.source, context.selection, need=("performed",), group=group)
    crumbs = way_back("/produktion", context.regions, context)
    if found is None:
        title = "Inga uppgifter om produktion för urvalet"
        why = "Ingen region har rapporterat genomförda för urvalet."
        section = empty("inga-uppgifter", title, why, crumbs[0][1] if crumbs else "/produktion", "Visa hela riket")
        return PageContent("Produktion", (f"{title}.",), sections=(section, *last), crumbs=crumbs)
    chart = production_chart(found, context.source, context.viewer)
    where, title = _where(found, context)
    why = "Balansen kräver väntande, nytillkomna och genomförda, och alla tre är inte rapporterade för urvalet."
    return PageContent(
        kicker=f"{where}, {found.end.sv}",
        sentences=(
            *_ended(found),
            _about_production(chart) or "Produktionen kan inte bedömas.",
            "Balansen kan inte räknas.",
        ),
        sections=(*_performed(found, chart, context), empty("balans", "Balansen kan inte räknas", why), *last),
        title=title,
        crumbs=crumbs,
    )


def _performed(found: Flows, chart: ProductionChart | None, context: PageContext) -> tuple[FigureCard | Aside, ...]:
    """Control chart with its rules, capacity and plan."""
    viewer = context.viewer
    if chart is not None:
        judged: tuple[FigureCard | Aside, ...] = (chart_card(found, chart, context), rules_aside(found, chart))
    else:
        why = f"Tal från 1 till {viewer.threshold - 1} är skyddade, och gränserna skulle avslöja dem."
        judged = (empty("styrdiagram", "Styrdiagrammet visas inte", why),)
    return (*judged, *capacity_and_plan(found, capacity_use(found, viewer), plan_outcome(found, viewer), context))


def _where(found: Flows, context: PageContext) -> tuple[str, str]:
    """What and where, for the heading (`Produktion: kataraktoperation i riket`) and for the browser's title."""
    where = place(None if found.published else found.region, country_name(context.source))
    if found.group:
        where = group_words(found.group)
    name = found.provider.name if found.provider else where
    joined = "vid" if found.provider else "i"
    return (
        f"Produktion: {small(found.care_area.name)} {joined} {name}",
        f"Produktion: {found.care_area.short.lower()}, {name}",
    )


def _ended(found: Flows) -> tuple[str, ...]:
    """Said first where nothing is reported for the last months: what follows is told of the month before them."""
    return (f"Uppgifter efter {found.end.sv} saknas: talen är från den månaden.",) if found.ended else ()


def _sentences(found: Flows, told: Balance, chart: ProductionChart | None, queue: Judgement) -> tuple[str, ...]:
    if chart is not None and chart.judgement == "noise" and not chart.untold and queue == "noise":
        now = told.frame["waiting"].iloc[-1]
        both = "Produktionen och kön ligger inom den normala variationen."
        return (both, f"{persons(now)} väntar.") if now == now else (_about_production(chart),)
    return tuple(s for s in (_about_production(chart), _about_queue(told, queue)) if s)


def _about_production(chart: ProductionChart | None) -> str:
    if chart is None:
        return ""
    if chart.untold:
        return "Den senaste månadens produktion är skyddad och bedöms inte."
    if chart.judgement == "short":
        return f"Produktionen kan inte bedömas ännu: det finns {count(chart.observed)} månader, bedömning kräver 24."
    if chart.judgement == "noise" or chart.since is None:
        return "Produktionen ligger inom den normala variationen."
    level = "högre" if chart.judgement == "better" else "lägre"
    return f"Produktionen är {level} än normalt sedan {chart.since.sv}."


def _about_queue(told: Balance, queue: Judgement) -> str:
    """The number waiting; against a year ago only where the rules call it a change, and only the way they say."""
    now = told.frame["waiting"].iloc[-1]
    if now != now:
        return ""
    text = f"{persons(now)} väntar"
    if queue == "short":
        return f"{text}."
    if queue == "noise":
        return f"{text}, inom den normala variationen."
    way = "fler" if queue == "worse" else "färre"
    change = None if told.waiting_year_ago is None else now - told.waiting_year_ago
    if change and (change > 0) == (queue == "worse"):
        return f"{text}, {count(abs(change))} {way} än för ett år sedan."
    return f"{text}, {way} än normalt."


def _more(found: Flows, told: Balance) -> str:
    parts = []
    if told.added is not None:
        parts.append(f"tillkom {persons(told.added)}")
    if told.performed is not None:
        done = treated(found.care_area)
        parts.append(f"{count(told.performed)} {done}" if parts else f"{done} {persons(told.performed)}")
    if told.removed_other is not None and parts:
        parts.append(f"{count(told.removed_other)} lämnade kön av andra skäl")
    if not parts:
        return ""
    return f"På {'tolv månader' if told.year_months == 12 else months_back(told.year_months)} {join_and(parts)}."


PAGE: Final = Page(path="/produktion", name="Produktion", filters=FILTERS, build=build, order=30, own="rows")
