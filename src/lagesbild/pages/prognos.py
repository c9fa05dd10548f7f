"""`/prognos`: what is expected over the coming year, how sure it is, and whether earlier forecasts held."""

from __future__ import annotations

from typing import Final

from lagesbild.components.model import Aside, FigureCard, Page, PageContent
from lagesbild.domain.swedish import count, date_long, decimal, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.options import country_name
from lagesbild.pages.phrases import empty, noun, place, small
from lagesbild.pages.prognos_figures import fan_card, measure_cards
from lagesbild.pages.prognos_numbers import numbers_aside, rate
from lagesbild.pages.prognos_record import record_card
from lagesbild.views.forecast_fan import MIN_MONTHS, SHARE, Forecast, forecast_fan
from lagesbild.views.forecast_record import Record, forecast_record

FILTERS: Final = ("one_care_area", "region", "target", "run")


def build(context: PageContext) -> PageContent:
    """The fan of the share and the wait, the key numbers, the other measures, and the record."""
    found = forecast_fan(context.source, context.selection, context.viewer)
    if found is None and context.selection.as_of is not None:
        nothing = empty("ingen-prognos", "Ingen prognos", "Vid den tidpunkten fanns ingen prognos.")
        return PageContent("Prognos", ("Ingen prognos var gjord då.",), sections=(nothing,))
    if found is None:
        why = "Prognoser görs med kommandot lagesbild forecast, sedan visas de här."
        nothing = empty("ingen-prognos", "Ingen prognos", why)
        return PageContent("Prognos", ("Ingen prognos är gjord ännu.",), sections=(nothing,))
    where = place(found.region, country_name(context.source))
    record = forecast_record(context.source, found.flows, context.viewer)
    sections: list[FigureCard | Aside] = []
    if SHARE in found.bands:
        sections += [fan_card(found, context), numbers_aside(found, context)]
    else:
        sections.append(empty("ingen-prognos", _no_forecast_title(found), why_none(found)))
    sections += measure_cards(found, context)
    if record is not None:
        sections.append(record_card(found, record, context))
    made = date_long(found.run.created_at)
    return PageContent(
        kicker=f"Prognos gjord {made}: {small(found.care_area.name)} i {where}",
        sentences=_sentences(found),
        more=_more(found, record),
        sections=tuple(sections),
        title=f"Prognos: {found.care_area.short.lower()}, {where}",
    )


def _no_forecast_title(found: Forecast) -> str:
    if not found.observed:
        return "Andelen är inte rapporterad"
    return "För kort serie för prognos" if found.too_short else "Andelen kan inte prognosticeras"


def why_none(found: Forecast) -> str:
    """Why the share has no forecast, with numbers."""
    if not found.observed:
        return "Utan andel inom vårdgarantin finns ingen prognos av den."
    if found.too_short:
        return f"Det finns {count(found.observed)} månader med andel. En prognos kräver {MIN_MONTHS}."
    return " ".join(found.notes.get(SHARE, ())) or "Prognosen omfattar inte urvalet."


def _sentences(found: Forecast) -> tuple[str, ...]:
    if SHARE not in found.bands:
        return (f"{_no_forecast_title(found)}.", why_none(found))
    share = f"Andelen inom {found.limit_days} dagar"
    limit = percent(found.target, 0)
    end, at_end = found.end.sv, percent(found.at_end(SHARE))
    ending = f"Den väntas vara {at_end} i {end}."
    gap = found.gap
    if gap is None or (gap.status == "none" and gap.probability_12m is None):
        lo, hi = found.at_end(SHARE, "lo80"), found.at_end(SHARE, "hi80")
        spread = f"Åtta av tio utfall ligger mellan {percent(lo)} och {percent(hi)}."
        return f"{share} väntas vara {at_end} i {end}.", spread
    if gap.status == "open":
        since = f" sedan {gap.opens.sv}" if gap.opens else ""
        return f"{share} är under {limit}{since}, säsongen borträknad.", ending
    if gap.status in ("expected", "watch") and gap.opens:
        verb = "väntas falla" if gap.status == "expected" else "kan falla"
        when = f"i {gap.opens.sv}" if gap.status == "expected" else f"troligast i {gap.opens.sv}"
        comma = "" if gap.status == "expected" else ","
        return f"{share} {verb} under {limit}{comma} {when}.", _closing(found)
    if gap.seasonal_only:
        return f"{share} väntas falla under {limit} bara av säsong.", ending
    return f"{share} väntas hålla {limit}.", ending


def _closing(found: Forecast) -> str:
    """The chance of a gap, and how many more a week would be needed."""
    gap = found.gap
    assert gap is not None
    chance = f"Sannolikheten är {percent(gap.probability_12m, 0)} inom tolv månader"
    if gap.extra_per_week is None or not gap.extra_per_week > 0 or gap.extra_per_week == float("inf"):
        return f"{chance}."
    n, unit = rate(gap.extra_per_week).split(" ", 1)
    return f"{chance}; {n} fler {noun(found.care_area)} {unit} ger åtta chanser av tio att hålla gränsen."


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


PAGE: Final = Page(path="/prognos", name="Prognos", filters=FILTERS, build=build, order=50)
