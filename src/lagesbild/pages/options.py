"""What can be chosen on a page: the fields of the filter bar, and the values that exist at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Final

from lagesbild.components.filters import ALL
from lagesbild.components.model import Filter, Option
from lagesbild.domain.care import CareArea, Region, aggregate_regions, leaf_regions
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.selection import (
    DEFAULT_TARGET,
    OWN_HEALTHCARE_REGION,
    PER_INHABITANTS,
    SHARES,
    TARGETS,
    WINDOWS,
    Known,
    end_of_day,
    moment_text,
)
from lagesbild.domain.source import Query, Run, Source
from lagesbild.domain.swedish import date_time, number_word, sort_key
from lagesbild.pages.context import PageContext
from lagesbild.pages.data_status import fact_batches, moment_label
from lagesbild.pages.earlier import now
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
MONTHS_BACK: Final = 36  # months offered in the filter; an older one can still be named in the address
RUNS_BACK: Final = 24
STATES_BACK: Final = 24
OTHER: Final = "Övriga"


def known(source: Source) -> Known:
    """Every value a URL may name. Months run from the first fact to the last, so that a gap can be looked at too."""
    areas = source.care_areas()
    return Known(
        care_areas={a.code for a in areas},
        regions={r.code for r in source.regions()},
        healthcare_regions=set(_healthcare_regions(source)),
        registers=set(REGISTERS),
        findings=set(FINDINGS),
        providers={p.code for p in source.providers()},
        months=set(_months(source)),
        runs={r.run_id for r in source.runs()},
        statuses=set(STATUSES),
        orders={k for k in (*ALL_ORDERS, *TRAVEL_ORDERS) if k},
        forecast_months={r.until + k for r in source.runs() for k in range(1, r.horizon + 1)},
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


def _care_area(context: PageContext) -> Filter | None:
    areas = areas_with_regions(context.source)
    if len(areas) < 2:
        return None
    chosen = context.selection.care_area
    options = [Option("", all_areas_label(len(areas)))] + [Option(a.code, a.name) for a in areas]
    return Filter("care_area", "Vårdområde", tuple(options), chosen, context.selection.differs("care_area"))


def _any_care_area(context: PageContext) -> Filter | None:
    """For the page about one care area: those that only a whole has figures for are places too."""
    found = _care_area(context)
    offered = {o.value for o in found.options} if found else set()
    rest = tuple(
        Option(a.code, a.name, "Rapporteras inte per region") for a in context.care_areas if a.code not in offered
    )
    return found and replace(found, options=(*found.options, *rest))


def _one_care_area(context: PageContext, dataset: str = "waits") -> Filter | None:
    """For pages that show one care area at a time: the first is the default, so there is no "all"."""
    areas = areas_with_regions(context.source, dataset)
    if len(areas) < 2:
        return None
    chosen = context.selection.care_area
    # an area chosen in the address or on another page is shown as chosen, even if it is not offered here
    areas += [a for a in context.care_areas if a.code == chosen and a not in areas]
    options = [Option("" if k == 0 else a.code, a.name) for k, a in enumerate(areas)]
    value = "" if chosen == areas[0].code else chosen
    return Filter("care_area", "Vårdområde", tuple(options), value, value != "")


def _one_produced_care_area(context: PageContext) -> Filter | None:
    """The same for production, which other care areas may be reported for than waiting."""
    return _one_care_area(context, "production")


def _one_travelled_care_area(context: PageContext) -> Filter | None:
    """The same for care in another region."""
    return _one_care_area(context, "out-of-region")


def _region(context: PageContext) -> Filter | None:
    if len(context.regions) < 2:
        return None
    options = region_options(context.source.regions(), _whole(context.source))
    return Filter("region", "Region", options, context.selection.region, context.selection.differs("region"))


def _home_region(context: PageContext) -> Filter | None:
    """The same field on a page about where patients come from."""
    found = _region(context)
    return found and replace(found, label="Hemregion")


def _compare(context: PageContext) -> Filter | None:
    """What a chosen region is held against; there is nothing to choose without one."""
    chosen, selection = (
        next((r for r in context.regions if r.code == context.selection.region), None),
        context.selection,
    )
    if chosen is None or len(context.regions) < 2:
        return None
    country = country_name(context.source)
    options = [Option("", "riket" if country == "Riket" else country)]
    if chosen.healthcare_region and len(_healthcare_regions(context.source)) > 1:
        options.append(Option(OWN_HEALTHCARE_REGION, f"sjukvårdsregion {chosen.healthcare_region}"))
    others = region_options([r for r in context.regions if r != chosen], "")[1:]
    return Filter("compare", "Jämför med", (*options, *others), selection.compare, selection.differs("compare"))


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


def _window(context: PageContext) -> Filter:
    selection = context.selection
    options = (Option("", "som vanligt"), *(Option(str(n), f"{n} månader") for n in WINDOWS))
    return Filter("window", "Period", options, str(selection.window or ""), selection.differs("window"))


def _register(context: PageContext) -> Filter:
    return _one_of(context, "register", "Register", REGISTERS)


def _finding(context: PageContext) -> Filter:
    return _one_of(context, "finding", "Visa fynd", FINDINGS)


def _one_of(context: PageContext, name: str, label: str, values: Mapping[str, str]) -> Filter:
    options = (Option("", ALL), *(Option(k, v) for k, v in values.items()))
    return Filter(name, label, options, getattr(context.selection, name), context.selection.differs(name))


def _healthcare_regions(source: Source) -> list[str]:
    """The healthcare regions of the leaf regions, in the order of the data."""
    return list(dict.fromkeys(r.healthcare_region for r in leaf_regions(source.regions()) if r.healthcare_region))


def _healthcare_region(context: PageContext) -> Filter | None:
    names = _healthcare_regions(context.source)
    if len(names) < 2:
        return None
    options = [Option("", ALL)] + [Option(name, name) for name in names]
    selection = context.selection
    changed = selection.differs("healthcare_region")
    return Filter("healthcare_region", "Sjukvårdsregion", tuple(options), selection.healthcare_region, changed)


def _whole(source: Source) -> str:
    name = country_name(source)
    return "Hela riket" if name == "Riket" else name


def _provider(context: PageContext) -> Filter | None:
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


def _month(context: PageContext) -> Filter | None:
    latest = context.source.latest_month()
    if latest is None:
        return None
    chosen = context.selection.month
    months = [m for m in reversed(_months(context.source)) if m <= latest][:MONTHS_BACK]
    if chosen is not None and chosen not in months:
        months.append(chosen)
    options = [Option("" if m == latest else str(m), m.sv) for m in months]
    value = "" if chosen is None or chosen == latest else str(chosen)
    return Filter("month", "Månad", tuple(options), value, value != "")


def _target(context: PageContext) -> Filter:
    options = [Option("" if t == DEFAULT_TARGET else str(t), f"{t}\u00a0%") for t in TARGETS]
    target = context.selection.target
    value = "" if target == DEFAULT_TARGET else str(target)
    return Filter("target", "Gräns för gap", tuple(options), value, value != "")


def _run(context: PageContext) -> Filter | None:
    runs = context.source.runs()[:RUNS_BACK]
    if not runs:
        return None
    options = [Option("" if k == 0 else str(r.run_id), _run_label(r, runs)) for k, r in enumerate(runs)]
    value = "" if context.selection.run in (None, runs[0].run_id) else str(context.selection.run)
    return Filter("run", "Prognos gjord", tuple(options), value, value != "")


def _run_label(run: Run, runs: list[Run]) -> str:
    """When it was made; with the last month it knew and the time of day when two were made on the same day."""
    moment = date_time(run.created_at)
    day = moment.partition(" ")[0]
    if sum(date_time(r.created_at).startswith(day) for r in runs) == 1:
        return day
    return f"{moment}, data t.o.m. {run.until.sv_short}"


def _status(context: PageContext) -> Filter:
    return _one_of(context, "status", "Läge", STATUSES)


def _order(context: PageContext) -> Filter:
    selection = context.selection
    # the other way round is chosen in the headings; here it is offered when it is what is shown
    value = selection.order if selection.order in ALL_ORDERS else ""  # another page has orders of its own
    offered = [*ORDERS, *(o for o in (value,) if o not in ORDERS)]
    options = tuple(Option(o, ALL_ORDERS[o]) for o in offered)
    return Filter("order", "Ordning", options, value, value != "")


def _as_of(context: PageContext) -> Filter | None:
    """The days on which facts were imported, newest first, as what was known when each had ended; any other moment can
    be named in the address."""
    moment = context.selection.as_of
    days = sorted({b.recorded_at.astimezone(UTC).date() for b in fact_batches(now(context.source))}, reverse=True)
    offered = {end_of_day(d): "" for d in days[1 : STATES_BACK + 1]}
    if moment is not None:
        offered.setdefault(moment, "")
    elif not offered:
        return None
    options = [Option("", "senaste")]
    options += [Option(moment_text(m), moment_label(m)) for m in sorted(offered, reverse=True)]
    return Filter("as_of", "Uttag", tuple(options), moment_text(moment) if moment else "", moment is not None)


def _months(source: Source) -> list[Month]:
    """From the first month of any region's own waits to the latest; empty without facts."""
    latest = source.latest_month()
    if latest is None:
        return []
    return months_between(latest - 119, latest)


_MAKERS: Final[Mapping[str, Callable[[PageContext], Filter | None]]] = {
    "care_area": _care_area,
    "any_care_area": _any_care_area,
    "one_care_area": _one_care_area,
    "one_produced_care_area": _one_produced_care_area,
    "one_travelled_care_area": _one_travelled_care_area,
    "travel_per": _travel_per,
    "travel_order": _travel_order,
    "region": _region,
    "home_region": _home_region,
    "compare": _compare,
    "per": _per,
    "window": _window,
    "register": _register,
    "finding": _finding,
    "healthcare_region": _healthcare_region,
    "provider": _provider,
    "month": _month,
    "target": _target,
    "run": _run,
    "status": _status,
    "order": _order,
    "as_of": _as_of,
}
