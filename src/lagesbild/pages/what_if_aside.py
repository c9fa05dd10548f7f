"""The section "Vad händer om?": controls, what they lead to as a table "Utan / Med", and the other end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from lagesbild.components.figure_card import state_box
from lagesbild.components.html import el
from lagesbild.components.icons import icon
from lagesbild.components.model import Aside
from lagesbild.domain.scenario_choice import NO_WHAT_IF, WhatIf
from lagesbild.domain.selection import Selection, to_query
from lagesbild.domain.swedish import NB, count, decimal, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.phrases import noun
from lagesbild.pages.what_if_controls import controls
from lagesbild.pages.what_if_text import chance, free, from_month, opening, short_name, unit
from lagesbild.views.forecast_fan import MIN_MONTHS, Forecast
from lagesbild.views.free_capacity import NEAR_KM
from lagesbild.views.pair_paths import CHANCE_MONTHS, Ahead, Spread
from lagesbild.views.what_if import NoWhatIf, OtherEnd, Scale, Tried, WhatIfView

ID: Final = "vad-hander-om"
PARTS: Final = (f"{ID}-controls", f"{ID}-result", f"{ID}-bar")
_MONTH_WORDS: Final = {3: "tre", 6: "sex", 12: "tolv"}


def aside(view: WhatIfView, found: Forecast, context: PageContext) -> Aside:
    """Controls first, then what they lead to; on phones the result in short stays at the screen's bottom."""
    body = [
        el("Div", controls(view, found), id=PARTS[0], className="wi-controls"),
        el("Div", _result(view, found, context.selection), id=PARTS[1]),
        el("Div", _bar(view, found), id=PARTS[2], className="wi-bar"),
    ]
    return Aside(ID, "Vad händer om?", "Dra i reglagen. Den lila linjen och tabellen visar följden.", body, span=4)


def no_aside(why: NoWhatIf, found: Forecast, context: PageContext) -> Aside:
    """A plain sentence, and a way on."""
    match why.reason:
        case "country":
            links = [
                el(
                    "Li",
                    [
                        el("A", region.short_name, href=_address(context.selection.with_(region=region.code))),
                        ", gapet är öppet" if p is None else f", {chance(p)} risk för gap",
                    ],
                )
                for region, p in why.worst
            ]
            text = [
                el(
                    "P",
                    "Scenarier görs för en region i taget. Välj region ovan, eller någon av dessa:",
                    className="sum",
                ),
                el("Ul", links, className="rl"),
            ]
            return Aside(ID, "Vad händer om?", "", text if links else [text[0]], span=4)
        case "short":
            text_ = f"Det finns {count(found.observed)} månader med andel. Scenarier kräver {MIN_MONTHS}."
        case "protected":
            text_ = "Små tal i regionen är skyddade, och ett scenario räknas från dem."
        case "unjudged":
            text_ = "Andelen har ingen prognos, och ett scenario räknas från prognosen."
        case _:
            text_ = "Den valda prognosen är gjord utan det underlag som scenarier räknas på. Välj en senare prognos."
    return Aside(ID, "Vad händer om?", "", state_box("Inget scenario", text_), span=4)


def _result(view: WhatIfView, found: Forecast, selection: Selection) -> list[Any]:
    out: list[Any] = [_table(view, found), *[_end(t, k, view, found) for k, t in enumerate(view.tried)]]
    out += [el("P", text, className="sum") for text in _told(view)]
    out.append(el("P", _links(view, selection), className="wi-links"))
    return [x for x in out if x]


def headings(view: WhatIfView) -> list[str]:
    """What the columns and lines of the scenarios are called; empty where nothing is changed yet."""
    if len(view.tried) == 2:
        return ["scenario A", "scenario B"]
    return [short_name(view.tried[0].choice, view.scale)]


def _table(view: WhatIfView, found: Forecast) -> Any:
    tried = [t for t in view.tried if len(view.tried) == 2 or not t.choice.changes_nothing]
    names = [f"Med {h}" for h in headings(view)] if len(view.tried) == 1 else ["A", "B"]
    head = [el("Td"), el("Th", "Utan", scope="col", className="num")]
    head += [el("Th", n, scope="col", className="num sc") for n in names[: len(tried)]]
    columns = [view.pair.without, *(t.ahead for t in tried)]
    rows = []
    for name, cells in _rows(view, found, columns):
        tds = [el("Td", c, className="num sc" if k else "num") for k, c in enumerate(cells)]
        rows.append(el("Tr", [el("Th", name, scope="row"), *tds]))
    caption = el("Caption", "Utan och med åtgärden", className="vh")
    return el("Table", [caption, el("Thead", el("Tr", head)), el("Tbody", rows)], className="duo wi-table")


def _rows(view: WhatIfView, found: Forecast, columns: list[Ahead]) -> list[tuple[str, list[Any]]]:
    end = view.end.sv_short
    if view.pair.open:
        rows: list[tuple[str, list[Any]]] = []
        what = "Gapet stängs inom"
    else:
        rows = [("Gap öppnar", [opening(c, short=len(columns) > 2) for c in columns])]
        what = "Gap inom"
    if columns[0].chances:
        words = [(m, f"{what} {_MONTH_WORDS[m]} månader") for m in CHANCE_MONTHS if m <= view.pair.horizon]
        rows += [(name, [chance(c.chances.get(m)) for c in columns]) for m, name in words]
    rows.append((f"Andel inom {found.limit_days} dagar, {end}", [_share(c.share) for c in columns]))
    rows.append((f"Förväntad väntetid, {end}", [_days(c.wait) for c in columns]))
    rows.append((f"Väntande, {end}", [_waiting(c.waiting, view) for c in columns]))
    return rows


def _with_span(value: str, low: str, high: str) -> list[Any]:
    """The middle, and under it between which eight of ten outcomes lie."""
    return [value, el("Small", f"{low}–{high}")]


def _share(s: Spread) -> list[Any]:
    return _with_span(percent(s.median), decimal(100 * s.lo, 0), f"{decimal(100 * s.hi, 0)}{NB}%")


def _days(s: Spread | None) -> Any:
    return "kan inte räknas" if s is None else _with_span(f"{count(s.median)} d", count(s.lo), count(s.hi))


def _waiting(s: Spread, view: WhatIfView) -> Any:
    """A count, protected as everywhere else."""
    if view.hides(s.median):
        return f"<{view.small}"
    if view.hides(s.lo) or view.hides(s.hi):
        return count(s.median)
    return _with_span(count(s.median), count(s.lo), count(s.hi))


def _waiting_there(s: Spread, view: WhatIfView) -> str:
    return f"<{view.small_elsewhere}" if view.hides(s.median, elsewhere=True) else count(s.median)


def _end(tried: Tried, k: int, view: WhatIfView, found: Forecast) -> Any:
    """The region at the other end, without and with."""
    if not tried.ends:
        return None
    return [_one_end(e, view, found, f" ({'AB'[k]})" if len(view.tried) == 2 else "") for e in tried.ends]


def _one_end(end: OtherEnd, view: WhatIfView, found: Forecast, which: str) -> Any:
    role = "tar emot" if end.way == "to" else "skickar"
    title = el("H3", f"I {end.region.short_name}, som {role}{which}", className="wi-end")
    if end.without is None or end.given is None:
        why = "Regionens tal är skyddade, så" if end.protected else "Regionen har ingen prognos, så"
        told = "visas inte" if end.protected else "kan inte räknas"
        return el("Div", [title, el("P", f"{why} följden där {told}.", className="sum")])
    columns = [end.without, end.given]
    end_month = view.end.sv_short
    lines = [
        ("Gapet stängs inom ett år" if end.open else "Gap inom ett år", [chance(c.chance) for c in columns]),
        (f"Andel, {end_month}", [percent(c.share.median) for c in columns]),
        ("Förväntad väntetid", ["saknas" if c.wait is None else f"{count(c.wait.median)} d" for c in columns]),
        ("Väntande", [_waiting_there(c.waiting, view) for c in columns]),
    ]
    head = [el("Td"), el("Th", "Utan", scope="col", className="num"), el("Th", "Med", scope="col", className="num sc")]
    body = [
        el("Tr", [el("Th", n, scope="row"), el("Td", a, className="num"), el("Td", b, className="num sc")])
        for n, (a, b) in lines
    ]
    caption = el("Caption", f"Följden i {end.region.short_name}", className="vh")
    table = el("Table", [caption, el("Thead", el("Tr", head)), el("Tbody", body)], className="duo wi-table")
    return el("Div", [title, table, el("P", _end_text(end, found, view.scale), className="sum")])


def _end_text(end: OtherEnd, found: Forecast, scale: Scale) -> str:
    many = noun(found.care_area)
    parts = []
    if end.could_per_month is not None and end.could_per_month < end.wanted_per_month * 0.98:
        could, wanted = (decimal(from_month(n, scale), 1) for n in (end.could_per_month, end.wanted_per_month))
        parts.append(f"Bara {could} av {wanted} {unit(scale)} räcker de till som kan förmedlas.")
    if end.way == "to":
        if end.free_per_month is None:
            parts.append("Ledig kapacitet är inte känd där, så de som tas emot tränger undan egna.")
        elif end.free_per_month < 1:
            parts.append("Ingen kapacitet är ledig där, så de som tas emot tränger undan egna.")
        else:
            spare = free(end.free_per_month, scale)
            parts.append(f"Ledig kapacitet där: {spare} {many} {unit(scale)}. Fler än så tränger undan egna.")
    return " ".join(parts)


def _told(view: WhatIfView) -> list[str]:
    """Who cannot be brokered, and where capacity is free."""
    out, facts = [], view.pair.facts
    stay = facts.not_brokerable_share
    if stay is not None:
        out.append(f"{percent(stay, 0)} av de väntande kan inte förmedlas av medicinska skäl.")
    if any(t.choice.sent_per_week and not any(e.way == "to" for e in t.ends) for t in view.tried):
        out.append("Välj vart de skickas för att se följden i båda ändar.")
    if any(t.choice.received_per_week and not any(e.way == "from" for e in t.ends) for t in view.tried):
        out.append("Välj varifrån de tas emot för att se följden i båda ändar.")
    if view.near:
        named = [
            f"{n.region.short_name}, {free(n.per_month, view.scale)}" + (f" {unit(view.scale)}" if k == 0 else "")
            for k, n in enumerate(view.near)
        ]
        out.append(f"Ledig kapacitet finns i {', och '.join(named)}.")
    else:
        out.append(f"Ingen region inom {NEAR_KM // 10} mil har ledig kapacitet.")
    return [" ".join(out)] if out else []


def _links(view: WhatIfView, selection: Selection) -> list[Any]:
    chosen = selection.what_if
    save = el("Button", [icon("link"), "Spara scenariot i länken"], type="button", className="btn", id="save-scenario")
    reset = el(
        "A", [icon("close"), "Återställ"], href=_address(_with(selection, NO_WHAT_IF)), className="btn", id="wi-reset"
    )
    if chosen.second is None:
        both = replace(chosen, second=chosen.first)
        other = el(
            "A", "Jämför med ett till scenario", href=_address(_with(selection, both)), className="btn", id="wi-compare"
        )
    else:
        alone = replace(chosen, second=None)
        other = el("A", "Ta bort scenario B", href=_address(_with(selection, alone)), className="btn", id="wi-compare")
    if chosen == NO_WHAT_IF:
        return [other]
    return [save, reset, other]


def _with(selection: Selection, what_if: WhatIf) -> Selection:
    return selection.with_(what_if=what_if)


def _address(selection: Selection) -> str:
    query = to_query(selection)
    return f"/prognos?{query}" if query else "/prognos"


def _bar(view: WhatIfView, found: Forecast) -> list[Any]:
    """The result in two lines, for phones."""
    without = view.pair.without
    tried = [(t, name) for t, name in zip(view.tried, headings(view), strict=True) if not t.choice.changes_nothing]
    risk = "chans att gapet stängs" if view.pair.open else "risk för gap"
    if not tried:
        return [el("B", f"Utan ändring: {chance(without.chance)} {risk}"), el("Span", "Dra i ett reglage.")]
    last, name = tried[-1]
    first = f"Med {name}: {chance(last.ahead.chance)} {risk}"
    share = f"Andel i {view.end.sv}: {percent(last.ahead.share.median)} i stället för {percent(without.share.median)}."
    return [el("B", first), el("Span", f"Utan: {chance(without.chance)}. {share}")]
