"""The key numbers beside the fan: one small table, read from the same stored outcomes as the chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Aside
from lagesbild.domain.periods import WEEKS_PER_MONTH
from lagesbild.domain.swedish import count, decimal, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import everything
from lagesbild.pages.phrases import noun, small
from lagesbild.pages.prognos_parts import share_digits
from lagesbild.views.forecast_fan import SHARE, WAIT, Forecast
from lagesbild.views.forecast_gap import Gap
from lagesbild.views.wait_now import WaitNow


def numbers_aside(
    found: Forecast, context: PageContext, *, waits: WaitNow | None = None, beside_scenarios: bool = False
) -> Aside:
    """Rows of name and value; what is not known is left out, so that nothing looks like zero. `beside_scenarios`:
    what their table says already, under "Utan", is not said twice."""
    rows = [*_wait_rows(waits, found), *_load_rows(found)]
    if not beside_scenarios:
        rows = [*_gap_rows(found), *_end_rows(found), *rows, *_closing_rows(found)]
    table = el(
        "Table",
        [
            el("Caption", "Prognosen i siffror", className="vh"),
            el("Tbody", [el("Tr", [el("Th", name, scope="row"), el("Td", value)]) for name, value in rows]),
        ],
        className="duo",
    )
    text = [el("P", t, className="sum") for t in _explained(found, closing=not beside_scenarios)]
    links = el("P", el("A", "Alla gap i listan", href=everything("/kapacitetsgap", context.selection)), className="sum")
    body = [table if rows else None, *text, links]
    return Aside("siffror", "Prognosen i siffror", "", [x for x in body if x], span=8 if beside_scenarios else 4)


def _gap_rows(found: Forecast) -> list[tuple[str, str]]:
    gap = found.gap
    if gap is None:
        return []
    rows = []
    if gap.status == "open":
        rows.append(("Gap", f"öppet sedan {gap.opens.sv}" if gap.opens else "öppet"))
    elif gap.opens is not None:
        rows.append(("Gap öppnar, troligast", gap.opens.sv))
    elif gap.probability_12m is not None:
        rows.append(("Gap", "bara av säsong" if gap.seasonal_only else "väntas inte"))
    if gap.status != "open" and gap.probability_12m is not None:
        for months, value in ((3, gap.probability_3m), (6, gap.probability_6m), (12, gap.probability_12m)):
            if value is not None:
                rows.append((f"Sannolikhet för gap inom {months} månader", _chance(value)))
    return rows


def _chance(value: float) -> str:
    """A probability from paths is never told as certain.

    >>> _chance(.004), _chance(.64).replace(chr(160), " ")
    ('under 1\\xa0%', '64 %')
    """
    if value < 0.01:
        return "under 1\u00a0%"
    return "över 99\u00a0%" if value > 0.99 else percent(value, 0)


def _end_rows(found: Forecast) -> list[tuple[str, str]]:
    end = found.end.sv
    rows = [(f"Andel inom {found.limit_days} dagar, {end}", percent(found.at_end(SHARE), share_digits(found)))]
    wait, waiting = found.at_end(WAIT), found.at_end("waiting")
    if wait is not None:
        rows.append((f"Förväntad väntetid, {end}", f"{count(wait)} dagar"))
    if waiting is not None:
        rows.append((f"Väntande, {end}", count(waiting)))
    return rows


_STEPS: Final[Mapping[float, str]] = {
    0.0: "under hälften",
    0.5: "mer än hälften",
    0.75: "mer än tre fjärdedelar",
    1.0: "hela gränsen är förbrukad",
}


def _wait_rows(waits: WaitNow | None, found: Forecast) -> list[tuple[str, str]]:
    """Expected beside experienced: two measures, named as such."""
    if waits is None:
        return []
    rows = []
    if waits.expected is not None and waits.used is not None and waits.step is not None:
        e = waits.expected
        days = f"{count(e.median)} dagar ({count(e.lo)}–{count(e.hi)})"
        rows.append(("Förväntad väntetid för den som ställs i kö nu", days))
        rows.append((f"Del av gränsen, {waits.limit_days} dagar", f"{percent(waits.used, 0)}, {_STEPS[waits.step]}"))
    if waits.experienced is not None:
        who = f"Väntetid för dem som opererades i {found.run.until.sv}, median"
        if found.care_area.kind != "operation":
            who = f"Väntetid för dem som fick vård i {found.run.until.sv}, median"
        rows.append((who, f"{count(waits.experienced)} dagar"))
    return rows


def _load_rows(found: Forecast) -> list[tuple[str, str]]:
    gap = found.gap
    rows = []
    if gap is not None and gap.load is not None:
        rows.append(("Belastning: inflöde delat med kapacitet", decimal(gap.load, 2)))
    if gap is not None and gap.extra_per_week_to_stabilise is not None and gap.extra_per_week_to_stabilise > 0:
        stop = f"Fler {noun(found.care_area)} för att kön inte ska växa"
        rows.append((stop, rate(gap.extra_per_week_to_stabilise)))
    return rows


def _closing_rows(found: Forecast) -> list[tuple[str, str]]:
    gap = found.gap
    if gap is None or not _needs(gap):
        return []
    assert gap.extra_per_week is not None
    rows = [(f"Fler {noun(found.care_area)} för {percent(found.target, 0)}", rate(gap.extra_per_week))]
    if gap.brokerable_share is not None:
        rows.append(("Varav kan förmedlas", percent(gap.brokerable_share, 0)))
    return rows


def rate(per_week: float) -> str:
    """How many in the unit in which it is at least one: `1,5 i veckan`, `1,3 i månaden`.

    >>> rate(1.5), rate(.3), rate(12)
    ('1,5 i veckan', '1,3 i månaden', '12 i veckan')
    """
    n, unit = (per_week, "veckan") if per_week >= 1 else (per_week * WEEKS_PER_MONTH, "månaden")
    return f"{count(n) if n >= 10 else decimal(n, 1)} i {unit}"


def _needs(gap: Gap) -> bool:
    return gap.extra_per_week is not None and 0 < gap.extra_per_week < float("inf")


def _explained(found: Forecast, *, closing: bool) -> list[Any]:
    gap = found.gap
    if gap is None:
        return [f"Gap bedöms region för region. Här är hela serien för {small(found.care_area.name)} hopräknad."]
    out = [gap.reason] if gap.reason else []
    if closing and _needs(gap) and gap.target_month:
        many, when = noun(found.care_area), gap.target_month.sv
        out.append(f"Fler {many}: det antal som ger åtta chanser av tio att vara vid gränsen i {when}.")
    return out
