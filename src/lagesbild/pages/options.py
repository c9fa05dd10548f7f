"""What can be chosen on a page: the fields of the filter bar, and the values that exist at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Final

from lagesbild.components.filters import ALL
from lagesbild.components.model import Filter, Option
from lagesbild.domain.care import whole_region
from lagesbild.domain.provenance import last_import
from lagesbild.domain.selection import PER_INHABITANTS, SHARES, Known
from lagesbild.domain.source import Source
from lagesbild.domain.targets import DEFAULT_TARGET, TARGETS
from lagesbild.pages import filter_places as places
from lagesbild.pages import filter_times as times
from lagesbild.pages.context import PageContext
from lagesbild.pages.data_status import fact_batches
from lagesbild.views.gap_order import ALL_ORDERS, ORDERS

REGISTERS: Final = {
    "waits": "Väntetider",
    "production": "Produktion",
    "capacity": "Kapacitet",
    "out-of-region": "Patientregister",
}
FINDINGS: Final = {"stop": "Stopp", "review": "Granska", "info": "Upplysning"}
TRAVEL_ORDERS: Final = {"": "sjukvårdsregion", "netto": "netto", "namn": "namn"}
STATUSES: Final = {"open": "Öppna", "expected": "Väntas", "watch": "Bevakas"}


def known(source: Source) -> Known:
    """Every value a URL may name. Months run from the first fact to the last, so that a gap can be looked at too."""
    areas = source.care_areas()
    facts = [b.recorded_at for b in fact_batches(source)]
    whole = whole_region(source.regions())
    return Known(
        care_areas={a.code for a in areas},
        regions={r.code for r in source.regions()},
        healthcare_regions=set(places.healthcare_regions(source)),
        registers=set(REGISTERS),
        findings=set(FINDINGS),
        providers={p.code for p in source.providers()},
        months=set(times.known_months(source)),
        runs={r.run_id for r in source.runs()},
        statuses=set(STATUSES),
        orders={k for k in (*ALL_ORDERS, *TRAVEL_ORDERS) if k},
        whole=whole.code if whole else "",
        forecast_months={r.until + k for r in source.runs() for k in range(1, r.horizon + 1)},
        first_facts=min(facts, default=None),
        last_import=last_import(source.batches()),
    )


def filters(context: PageContext, names: tuple[str, ...]) -> tuple[Filter, ...]:
    """The named fields in order; a field without a choice to make is left out.

    Names are Selection fields. A page that shows one care area at a time asks for `one_care_area` (or
    `one_produced_care_area`) instead of `care_area`: the same field without "all". An earlier state of the data
    (`as_of`) is always offered to be left.
    """
    if context.selection.as_of is not None and "as_of" not in names:
        names = (*names, "as_of")
    made = (_MAKERS[name](context) for name in names if name in _MAKERS)
    return tuple(f for f in made if f is not None)


def with_known_order(context: PageContext, orders: Collection[str]) -> tuple[PageContext, tuple[str, ...]]:
    """The context without an order that only another page has, and a note saying so."""
    order = context.selection.order
    if not order or order in orders:
        return context, ()
    note = f"”{order}” är ingen ordning på den här sidan. Grundvalet visas i stället."
    return replace(context, selection=context.selection.with_(order="")), (note,)


def _per(context: PageContext) -> Filter | None:
    """Counts, or counts per 100 000 inhabitants when the population is known."""
    if context.source.reference("population").empty:
        return None
    options = (Option("", "antal"), Option(PER_INHABITANTS, "per 100\u00a0000 invånare"))
    value = context.selection.per if context.selection.per == PER_INHABITANTS else ""
    return Filter("per", "Visa", options, value, value != "")


def _travel_per(context: PageContext) -> Filter:
    """Persons, per inhabitants where they are known, or of the region's own treated."""
    plain = _per(context)
    options = (*(plain.options if plain else (Option("", "antal"),)), Option(SHARES, "andel av regionens egna"))
    return Filter("per", "Visa", options, context.selection.per, context.selection.differs("per"))


def _travel_order(context: PageContext) -> Filter:
    value = context.selection.order if context.selection.order in TRAVEL_ORDERS else ""
    options = tuple(Option(k, v) for k, v in TRAVEL_ORDERS.items())
    return Filter("order", "Ordning", options, value, value != "")


def _register(context: PageContext) -> Filter:
    return _one_of(context, "register", "Register", REGISTERS)


def _finding(context: PageContext) -> Filter:
    return _one_of(context, "finding", "Visa fynd", FINDINGS)


def _one_of(context: PageContext, name: str, label: str, values: Mapping[str, str]) -> Filter:
    options = (Option("", ALL), *(Option(k, v) for k, v in values.items()))
    return Filter(name, label, options, getattr(context.selection, name), context.selection.differs(name))


def _target(context: PageContext) -> Filter:
    options = [Option("" if t == DEFAULT_TARGET else str(t), f"{t}\u00a0%") for t in TARGETS]
    target = context.selection.target
    value = "" if target == DEFAULT_TARGET else str(target)
    return Filter("target", "Gräns för gap", tuple(options), value, value != "")


def _status(context: PageContext) -> Filter:
    return _one_of(context, "status", "Läge", STATUSES)


def _order(context: PageContext) -> Filter:
    selection = context.selection
    # the other way round is chosen in the headings; here it is offered when it is what is shown
    value = selection.order if selection.order in ALL_ORDERS else ""  # another page has orders of its own
    offered = [*ORDERS, *(o for o in (value,) if o not in ORDERS)]
    options = tuple(Option(o, ALL_ORDERS[o]) for o in offered)
    return Filter("order", "Ordning", options, value, value != "")


_MAKERS: Final[Mapping[str, Callable[[PageContext], Filter | None]]] = {
    "care_area": places.care_area,
    "any_care_area": places.any_care_area,
    "one_care_area": places.one_care_area,
    "one_produced_care_area": places.one_produced_care_area,
    "one_travelled_care_area": places.one_travelled_care_area,
    "travel_per": _travel_per,
    "travel_order": _travel_order,
    "region": places.region,
    "home_region": places.home_region,
    "compare": places.compare,
    "per": _per,
    "window": times.window,
    "reported_window": times.reported_window,
    "register": _register,
    "finding": _finding,
    "healthcare_region": places.healthcare_region,
    "provider": places.provider,
    "month": times.month,
    "first": times.first,
    "target": _target,
    "run": times.run,
    "status": _status,
    "order": _order,
    "as_of": times.as_of,
}
