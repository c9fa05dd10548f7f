"""The controls of "Vad händer om?": sliders and selects that write the address, for one scenario or two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.icons import icon
from lagesbild.components.slider import slider
from lagesbild.domain.care import Region
from lagesbild.domain.periods import Month
from lagesbild.domain.scenario_choice import CHOICE_PARAMETERS, SECOND, Choice
from lagesbild.pages.filter_places import region_options
from lagesbild.pages.phrases import noun
from lagesbild.pages.what_if_text import amount, inflow, tried_text, unit
from lagesbild.views.forecast_fan import Forecast
from lagesbild.views.what_if import Scale, WhatIfView

SHOWN_INFLOW: Final = 20  # per cent on the slider; an address may say up to thirty
_LONG_STEP: Final = 5


def controls(view: WhatIfView, found: Forecast) -> list[Any]:
    """One scenario's controls, or two, each under what it says."""
    if len(view.tried) == 1:
        return _fields(view.tried[0].choice, view, found, "")
    out = []
    for k, (tried, suffix) in enumerate(zip(view.tried, ("", SECOND), strict=True)):
        told = el("Summary", [el("B", f"Scenario {'AB'[k]}"), f": {tried_text(tried, view, found)}"])
        # the second is what one has just asked for
        out.append(el("Details", [told, *_fields(tried.choice, view, found, suffix)], className="wi-one", open=k == 1))
    return out


def _fields(choice: Choice, view: WhatIfView, found: Forecast, suffix: str) -> list[Any]:
    many, scale = noun(found.care_area), view.scale
    sent = _amounts("skickas", "Skickas till annan region", "sent_per_week", choice.sent_per_week, scale, suffix)
    to = _regions("till", "Till region", "sent_to", choice.sent_to, view.regions, suffix)
    received = _amounts(
        "tas-emot", "Tas emot från annan region", "received_per_week", choice.received_per_week, scale, suffix
    )
    origin = _regions("fran-region", "Från region", "received_from", choice.received_from, view.regions, suffix)
    more = [el("Summary", "Fler val"), received, origin, _long_waiters(choice, found, suffix)]
    used = choice.received_per_week or choice.received_from or choice.long_waiter_percent != 100
    return [
        _amounts("fler", f"Fler {many}", "extra_per_week", choice.extra_per_week, scale, suffix),
        _inflow(choice, suffix),
        sent,
        el("Div", to, className="wi-later"),  # shown by the script when anybody is sent
        _months(choice, view, suffix),
        el("Details", more, className="wi-more", open=bool(used)),
    ]


def _amounts(name: str, label: str, field: str, chosen: float, scale: Scale, suffix: str) -> Any:
    steps = round(scale.most / scale.step)
    offered = sorted({round(k * scale.step, 2) for k in range(steps + 1)} | {chosen})
    return slider(
        f"wi-{name}{suffix.replace('_', '-')}",
        label,
        CHOICE_PARAMETERS[field] + suffix,
        texts=[f"{amount(v, scale)} {unit(scale)}" for v in offered],
        values=["" if v == 0 else f"{v:g}" for v in offered],
        chosen=offered.index(chosen),
        ends=("0", amount(offered[-1], scale)),
    )


def _inflow(choice: Choice, suffix: str) -> Any:
    chosen = choice.inflow_percent
    offered = sorted({*range(-SHOWN_INFLOW, SHOWN_INFLOW + 1), chosen})
    return slider(
        f"wi-inflode{suffix.replace('_', '-')}",
        "Ändrat inflöde",
        CHOICE_PARAMETERS["inflow_percent"] + suffix,
        texts=[inflow(v) for v in offered],
        values=["" if v == 0 else str(v) for v in offered],
        chosen=offered.index(chosen),
        zero=offered.index(0),
    )


def _months(choice: Choice, view: WhatIfView, suffix: str) -> Any:
    until = view.pair.until
    offered = [until + k for k in range(1, view.pair.horizon + 1)]
    chosen: Month = choice.first_month if choice.first_month in offered else offered[0]
    return slider(
        f"wi-fran{suffix.replace('_', '-')}",
        "Från och med",
        CHOICE_PARAMETERS["first_month"] + suffix,
        texts=[m.sv for m in offered],
        values=["" if k == 0 else str(m) for k, m in enumerate(offered)],
        chosen=offered.index(chosen),
    )


def _long_waiters(choice: Choice, found: Forecast, suffix: str) -> Any:
    chosen = choice.long_waiter_percent
    offered = sorted({*range(0, 101, _LONG_STEP), chosen})
    return slider(
        f"wi-langvantande{suffix.replace('_', '-')}",
        f"Varav till väntande över {found.limit_days} dagar",
        CHOICE_PARAMETERS["long_waiter_percent"] + suffix,
        texts=[f"{v}\u00a0%" for v in offered],
        values=["" if v == 100 else str(v) for v in offered],
        chosen=offered.index(chosen),
    )


def _regions(name: str, label: str, field: str, chosen: str, regions: Sequence[Region], suffix: str) -> Any:
    """A native select; a region chosen in an address stays chosen although it is not among those offered."""
    id_ = f"wi-{name}{suffix.replace('_', '-')}"
    known = {r.code for r in regions}
    nodes = [el("Option", "Välj region", value="", selected=not chosen)]
    nodes += [
        el("Option", o.label, value=o.value, selected=o.value == chosen)
        for o in region_options(list(regions), "")
        if o.value
    ]
    if chosen and chosen not in known:
        nodes.append(el("Option", chosen, value=chosen, selected=True))
    select = el("Select", nodes, id=id_, data_param=CHOICE_PARAMETERS[field] + suffix, data_value=chosen)
    return el("Div", [el("Label", label, htmlFor=id_), select, icon("chev")], className="wi-region")
