"""How many more operations reach 70, 80 or 90 %, for an even chance and for four of five, and who can be sent."""

from __future__ import annotations

import math
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.icons import icon
from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.domain.scenario_choice import WITHIN, WITHIN_MONTHS
from lagesbild.domain.swedish import capital, count, number_word, percent
from lagesbild.pages.phrases import flows_source, noun
from lagesbild.pages.what_if_text import needed, unit
from lagesbild.views.forecast_fan import Forecast
from lagesbild.views.free_capacity import brokerable_part
from lagesbild.views.what_if import Need, WhatIfView

ID: Final = "stanger-gapet"
PARTS: Final = (f"{ID}-title", f"{ID}-sum", f"{ID}-graphic", f"{ID}-table")


def needs_card(view: WhatIfView, found: Forecast) -> FigureCard:
    """In the view's unit on the page, per week in the table behind, as in all files."""
    return FigureCard(
        id=ID,
        title=_title(view, found),
        summary=_summary(view, found),
        graphic=[_within(view), _shown(view, found), *_why_not(view, found)],
        table=_table(view, found),
        source=_source(view, found),
        span=8,
    )


def _own(view: WhatIfView, found: Forecast) -> Need:
    return next(n for n in view.needs if math.isclose(n.target, found.target))


def _months(view: WhatIfView) -> str:
    return f"{number_word(view.within)} månader"


def _title(view: WhatIfView, found: Forecast) -> str:
    need, target = _own(view, found), percent(found.target, 0)
    most = need.per_week[-1]
    if math.isnan(most):
        return "Hur många fler som behövs kan inte räknas"
    if math.isinf(most):
        return f"{target} kan inte nås så: för få av de extra operationerna går till dem som väntat längst"
    if most <= 0:
        return f"Inga fler {noun(found.care_area)} behövs för {target} om {_months(view)}"
    n = needed(most, view.scale)
    more = f"{number_word(n)} {'till' if n == 1 else 'fler'} {noun(found.care_area, n)} {unit(view.scale)}"
    return f"{capital(more)} når {target} inom {_months(view)}"


def _summary(view: WhatIfView, found: Forecast) -> str:
    most = _own(view, found).per_week[-1]
    growth = _growth(view, found, most)
    if math.isfinite(most) and most > 0:
        return (
            "Det antalet ger fyra chanser av fem att andelen är vid gränsen den månaden, säsongen borträknad. "
            "Räknat på kön som den väntas vara då; reglagen räknar månad för månad, och där stängs ett gap först när "
            f"andelen legat över gränsen två månader i rad.{growth}"
        )
    if most <= 0:
        return (
            f"Chansen är minst fyra av fem att andelen är vid gränsen just då, säsongen borträknad. Ett gap kan öppna "
            f"vilken som helst av de tolv månaderna.{growth}"
        )
    return "Räknat från prognosens första månad, säsongen borträknad."


def _growth(view: WhatIfView, found: Forecast, most: float) -> str:
    """Said where the queue needs more to stop growing than the target does: the target then holds only for a time."""
    per_week = found.gap.extra_per_week_to_stabilise if found.gap else None
    if (
        per_week is None
        or not math.isfinite(most)
        or needed(per_week, view.scale) <= needed(max(most, 0.0), view.scale)
    ):
        return ""
    n = needed(per_week, view.scale)
    return f" Kön växer: {number_word(n)} {'till' if n == 1 else 'fler'} {unit(view.scale)} stoppar den."


def _within(view: WhatIfView) -> Any:
    chosen = min((m for m in WITHIN_MONTHS if m >= view.within), default=WITHIN_MONTHS[-1])
    options = [
        el("Option", f"{m} månader", value="" if m == 6 else str(m), selected=m == chosen) for m in WITHIN_MONTHS
    ]
    value = "" if chosen == 6 else str(chosen)
    select = el("Select", options, id="wi-inom", data_param=WITHIN, data_value=value)
    return el(
        "Div", [el("Label", "Målet nås inom", htmlFor="wi-inom"), select, icon("chev")], className="wi-region inline"
    )


def _shown(view: WhatIfView, found: Forecast) -> Any:
    per = unit(view.scale)
    head = [
        el("Th", "Mål", scope="col"),
        el("Th", f"50\u00a0% chans, {per}", scope="col", className="num"),
        el("Th", f"80\u00a0% chans, {per}", scope="col", className="num"),
        el("Th", "varav kan förmedlas", scope="col", className="num"),
    ]
    rows = []
    for need in view.needs:
        cells = [_cell(p, view) for p in need.per_week]
        cells.append(_brokerable(need, view))
        own = math.isclose(need.target, found.target)
        name = el("Th", percent(need.target, 0), scope="row")
        rows.append(el("Tr", [name, *[el("Td", c, className="num") for c in cells]], className="me" if own else ""))
    caption = el("Caption", f"Fler {noun(found.care_area)} för att nå målet inom {_months(view)}", className="vh")
    return el(
        "Div",
        el("Table", [caption, el("Thead", el("Tr", head)), el("Tbody", rows)], className="duo"),
        className="scroll",
    )


def _cell(per_week: float, view: WhatIfView) -> str:
    if math.isnan(per_week):
        return "kan inte räknas"
    return "går inte" if math.isinf(per_week) else count(needed(per_week, view.scale))


def _brokerable(need: Need, view: WhatIfView) -> str:
    """Rounded down from what is shown beside it, as in the list of gaps."""
    most, stay = need.per_week[-1], view.pair.facts.not_brokerable_share
    if not math.isfinite(most) or need.brokerable_per_week is None or stay is None:
        return "–" if not math.isfinite(most) else "inte känt"
    return count(brokerable_part(needed(most, view.scale), 1 - stay))


def _why_not(view: WhatIfView, found: Forecast) -> list[Any]:
    """The plain reason why a target cannot be reached, with what would be needed."""
    q = view.tried[0].scenario.long_waiter_share
    stuck = [n for n in view.needs if not n.feasible and math.isinf(n.per_week[-1])]
    if not stuck:
        return []
    worst = min(n.target for n in stuck)
    goals = ", ".join(percent(n.target, 0) for n in stuck)
    text = (
        f"{goals} kan inte nås: bara {percent(q, 0)} av de extra operationerna går till dem som väntat längre än "
        f"{found.limit_days} dagar. De andra går till dem som väntat kortare, så andelen blir inte bättre. "
        f"För {percent(worst, 0)} måste mer än {percent(1 - worst, 0)} gå till dem. Ändra det under ”Fler val”."
    )
    return [el("P", text, className="sum wi-why")]


def _table(view: WhatIfView, found: Forecast) -> Table:
    columns = (
        Column("target_share", "Mål", "share", 0),
        Column("within_months", "Inom månader", "count"),
        Column("extra_per_week_50", "50 % chans", "number", 2, group="Fler i veckan"),
        Column("extra_per_week_80", "80 % chans", "number", 2, group="Fler i veckan"),
        Column("brokerable_per_week", "varav kan förmedlas", "number", 2, group="Fler i veckan"),
    )
    rows = []
    for n in view.needs:
        cells = [_exact(p) for p in n.per_week]
        brokerable = Special("missing") if n.brokerable_per_week is None else n.brokerable_per_week
        rows.append(Row((n.target, view.within, *cells, brokerable)))
    return Table(f"Fler {noun(found.care_area)} för att nå målet", columns, tuple(rows))


def _exact(per_week: float) -> Any:
    if math.isinf(per_week):
        return Special("excluded", "går inte", "För få av de extra operationerna går till dem som väntat längst.")
    return Special("missing") if math.isnan(per_week) else per_week


def _source(view: WhatIfView, found: Forecast) -> str:
    q = view.tried[0].scenario.long_waiter_share
    first = (
        "de som väntat längst opereras först"
        if q == 1
        else f"{percent(q, 0)} av de extra går till väntande över gränsen"
    )
    parts = [f"Räknat på prognosens utfall: {first}. Antalen är avrundade uppåt, i tabellen exakta och per vecka."]
    if found.flows is not None:
        parts.append(flows_source(found.flows))
    return " ".join(parts)
