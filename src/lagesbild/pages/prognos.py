"""`/prognos`: what is expected over the coming year, how sure it is, and whether earlier forecasts held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lagesbild.components.model import Aside, FigureCard, Page, PageContent
from lagesbild.domain.care import Region
from lagesbild.domain.scenario_choice import NO_WHAT_IF
from lagesbild.domain.swedish import count, date_long, decimal, number_word, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import country_name
from lagesbild.pages.phrases import empty, noun, place, small
from lagesbild.pages.prognos_fan import fan_card
from lagesbild.pages.prognos_measures import measure_cards
from lagesbild.pages.prognos_numbers import numbers_aside
from lagesbild.pages.prognos_parts import share_digits
from lagesbild.pages.prognos_record import record_card
from lagesbild.pages.run_month import run_note
from lagesbild.pages.what_if_aside import PARTS as ASIDE_PARTS
from lagesbild.pages.what_if_aside import aside, no_aside
from lagesbild.pages.what_if_needs import PARTS as NEEDS_PARTS
from lagesbild.pages.what_if_needs import needs_card
from lagesbild.pages.what_if_text import UNITS, effect
from lagesbild.views.forecast_fan import MIN_MONTHS, SHARE, Forecast, forecast_fan
from lagesbild.views.forecast_record import Record, forecast_record
from lagesbild.views.free_capacity import whole
from lagesbild.views.pair_paths import PairPaths, pair_paths
from lagesbild.views.wait_now import WaitNow, wait_now
from lagesbild.views.what_if import NoWhatIf, WhatIfView, around, what_if

FILTERS: Final = ("one_care_area", "region", "target", "run")


def build(context: PageContext) -> PageContent:
    """The fan of the share and the wait beside what happens if, what closes the gap, the other measures, the record."""
    selection = context.selection
    base = selection.with_(what_if=NO_WHAT_IF)  # all but the scenario: kept while a slider moves
    found = context.keep(("forecast", base), lambda: forecast_fan(context.source, base, context.viewer))
    if found is None and selection.as_of is not None:
        nothing = empty("ingen-prognos", "Ingen prognos", "Vid den tidpunkten fanns ingen prognos.")
        return PageContent("Prognos", ("Ingen prognos var gjord då.",), sections=(nothing,))
    if found is None:
        why = "Prognoser görs med kommandot lagesbild forecast, sedan visas de här."
        nothing = empty("ingen-prognos", "Ingen prognos", why)
        return PageContent("Prognos", ("Ingen prognos är gjord ännu.",), sections=(nothing,))
    where = context.keep(("where", base), lambda: place(found.region, country_name(context.source)))
    record = context.keep(("record", base), lambda: forecast_record(context.source, found.flows, context.viewer))
    near = context.keep(("around", base), lambda: around(context.source, found, base, context.viewer))
    tried = what_if(context.source, selection, context.viewer, found=found, near=near, load=_load(found, context))
    view = tried if isinstance(tried, WhatIfView) else None
    waits = context.keep(("waits", base), lambda: _waits(found, context))
    sections: list[FigureCard | Aside] = []
    if SHARE in found.bands:
        sections.append(fan_card(found, context, view))
        if view is not None:
            numbers = context.keep(
                ("numbers", base), lambda: numbers_aside(found, context, waits=waits, beside_scenarios=True)
            )
            sections += [aside(view, found, context), needs_card(view, found), numbers]
        else:
            sections.append(numbers_aside(found, context, waits=waits))
    else:
        sections.append(empty("ingen-prognos", _no_forecast_title(found), why_none(found)))
    if isinstance(tried, NoWhatIf) and SHARE in found.bands:
        sections.append(no_aside(tried, found, context))
    sections += context.keep(("measures", base, context.theme), lambda: measure_cards(found, context))
    if record is not None:
        sections.append(context.keep(("record card", base, context.theme), lambda: record_card(found, record, context)))
    made = date_long(found.run.created_at)
    return PageContent(
        kicker=f"Prognos gjord {made}: {small(found.care_area.name)} i {where}",
        sentences=_sentences(found, view),
        more=_more(found, record),
        sections=tuple(sections),
        notes=run_note(found.run, context),
        title=f"Prognos: {found.care_area.short.lower()}, {where}",
    )


def _waits(found: Forecast, context: PageContext) -> WaitNow:
    pair = None if found.region is None else _load(found, context)(found.region)
    return wait_now(context.source, found, pair, context.viewer)


def _load(found: Forecast, context: PageContext) -> Callable[[Region], PairPaths | None]:
    """A region's stored paths, read once for each state of the data."""

    def load(region: Region) -> PairPaths | None:
        key = ("paths", found.run.run_id, region.code, found.care_area.code, found.target)
        target, viewer = found.target, context.viewer
        return context.keep(key, lambda: pair_paths(context.source, found.run, region, found.care_area, target, viewer))

    return load


def _no_forecast_title(found: Forecast) -> str:
    if SHARE in found.protected:
        return "Prognosen är skyddad"
    if not found.observed:
        return "Andelen är inte rapporterad"
    return "För kort serie för prognos" if found.too_short else "Andelen kan inte prognosticeras"


def why_none(found: Forecast) -> str:
    """Why the share has no forecast, with numbers."""
    if SHARE in found.protected:
        return "Prognosen kan upprepa tal som är så små att de skyddas, så den visas inte."
    if not found.observed:
        return "Utan andel inom vårdgarantin finns ingen prognos av den."
    if found.too_short:
        return f"Det finns {count(found.observed)} månader med andel. En prognos kräver {MIN_MONTHS}."
    return " ".join(found.notes.get(SHARE, ())) or "Prognosen omfattar inte urvalet."


def _sentences(found: Forecast, view: WhatIfView | None) -> tuple[str, ...]:
    """What is expected, then what a scenario does to it, when one is tried."""
    plain = _expected(found, view)
    told = [] if view is None else [t for t in (effect(t, view, found) for t in view.tried) if t]
    if view is not None and len(view.tried) == 2:
        named = (("A", view.tried[0]), ("B", view.tried[1]))
        told = [f"{n}: {t}" for n, t in ((n, effect(t, view, found)) for n, t in named) if t]
    return (plain[0], *told) if told else plain


def _expected(found: Forecast, view: WhatIfView | None) -> tuple[str, ...]:
    if SHARE not in found.bands:
        return (f"{_no_forecast_title(found)}.", why_none(found))
    share = f"Andelen inom {found.limit_days} dagar"
    limit = percent(found.target, 0)
    digits = share_digits(found)
    end, at_end = found.end.sv, percent(found.at_end(SHARE), digits)
    ending = f"Den väntas vara {at_end} i {end}."
    gap = found.gap
    if gap is None or (gap.status == "none" and gap.probability_12m is None):
        lo, hi = found.at_end(SHARE, "lo80"), found.at_end(SHARE, "hi80")
        spread = f"Åtta av tio utfall ligger mellan {percent(lo, digits)} och {percent(hi, digits)}."
        return f"{share} väntas vara {at_end} i {end}.", spread
    if gap.status == "open":
        since = f" sedan {gap.opens.sv}" if gap.opens else ""
        return f"{share} är under {limit}{since}, säsongen borträknad.", ending
    if gap.status in ("expected", "watch") and gap.opens:
        verb = "väntas falla" if gap.status == "expected" else "kan falla"
        when = f"i {gap.opens.sv}" if gap.status == "expected" else f"troligast i {gap.opens.sv}"
        comma = "" if gap.status == "expected" else ","
        return f"{share} {verb} under {limit}{comma} {when}.", _closing(found, view)
    if gap.seasonal_only:
        return f"{share} väntas falla under {limit} bara av säsong.", ending
    return f"{share} väntas hålla {limit}.", ending


def _closing(found: Forecast, view: WhatIfView | None) -> str:
    """The chance of a gap, and how many more would be needed: rounded up and in the page's unit, as in the card."""
    gap = found.gap
    assert gap is not None
    chance = f"Sannolikheten är {percent(gap.probability_12m, 0)} inom tolv månader"
    if gap.extra_per_week is None or gap.extra_per_week == float("inf"):
        return f"{chance}."
    if not gap.extra_per_week > 0:  # enough for that month, not for the twelve that the chance is about
        growing = ", men kön växer" if gap.extra_per_week_to_stabilise else ""
        until = f"till {gap.target_month.sv}" if gap.target_month else "för gränsen"
        return f"{chance}; {until} behövs inga fler{growing}."
    unit = view.scale.unit if view is not None else "week" if gap.extra_per_week >= 1 else "month"
    n = whole(gap.extra_per_week, unit)
    when = f" i {gap.target_month.sv}" if gap.target_month else ""
    more = f"{number_word(n)} {'till' if n == 1 else 'fler'} {noun(found.care_area, n)} {UNITS[unit]}"
    return f"{chance}; {more} ger åtta chanser av tio att vara vid gränsen{when}."


def _more(found: Forecast, record: Record | None) -> str:
    parts = [f"Räknat på data till och med {found.run.until.sv}."]
    if SHARE in found.bands:
        parts.append("Ett gap är två månader i rad under gränsen, säsongen borträknad.")
    if record is not None and record.model_error is not None and record.last_year_error is not None:
        parts.append(_against_last_year(record.model_error, record.last_year_error))
    return " ".join(parts)


def _against_last_year(model: float, last_year: float) -> str:
    """Honest about who won, on the outcomes there are."""
    a, b = round(model * 100, 1), round(last_year * 100, 1)
    told = f"medelfelet är {decimal(a)} mot {decimal(b)} procentenheter."
    if a == b:
        return f"Prognosen är lika bra som ”samma som i fjol”: {told}"
    verb = "slår" if a < b else "slår inte"
    return f"Prognosen {verb} ”samma som i fjol”: {told}"


PAGE: Final = Page(
    path="/prognos",
    name="Prognos",
    filters=FILTERS,
    build=build,
    order=50,
    live=("lead", "prognos-sum", "prognos-chart", "prognos-table", *ASIDE_PARTS, *NEEDS_PARTS),
    also=("what_if", "month"),
    own="chosen",
)
