"""The list of flags beside the matrix, and the key figure that counts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lagesbild.components.flag import flag
from lagesbild.components.html import el
from lagesbild.components.model import Aside, KeyFigure
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import MONTHS_SV_SHORT, Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import capital, count, join_and, number_word, percent
from lagesbild.pages.links import to_page
from lagesbild.pages.overview_changes import changes_nodes
from lagesbild.pages.phrases import noun
from lagesbild.pages.place_parts import none_needed
from lagesbild.views.first_flags import FIRST
from lagesbild.views.flag_changes import FlagChanges
from lagesbild.views.flags import Flag, Flags
from lagesbild.views.status_matrix import StatusMatrix

GROUPS: Final = (("open", "Öppna"), ("expected", "Väntas inom tolv månader"), ("watch", "Bevakas"))
_LISTED_WATCHED: Final = 4


def flags_aside(
    found: Flags | None,
    shares: Mapping[tuple[str, str], str],
    areas: Mapping[str, CareArea],
    regions: Mapping[str, Region],
    selection: Selection,
    end: Month,
    changes: FlagChanges | None = None,
) -> Aside:
    """`shares`: what the matrix shows for (region code, care area code), as text. `changes`: since the run before."""
    chosen = selection.with_(healthcare_region="", provider="", compare="", per="", as_of=None)
    everything = el("A", "Alla flaggor och ledig kapacitet", href=to_page("/kapacitetsgap", chosen))
    if found is None:
        text = f"Ingen prognos är gjord på uppgifter till och med {end.sv}, så inga gap kan bedömas."
        none = [el("P", text, className="sum"), el("P", everything, className="more-link")]
        return Aside("flaggor", "Gap är inte bedömda", "", none, span=3, phone_first=True)
    target = percent(found.target, 0)
    body: list[Any] = []
    for status, title in GROUPS:
        mine = found.of(status)
        if not mine:
            continue
        most = _LISTED_WATCHED if status == "watch" else FIRST  # the rest is on the page of gaps
        rows = [_row(f, shares, areas, regions, selection, target) for f in mine[:most]]
        body += [el("H3", title, className="sub"), el("Ul", rows, className="warn")]
        if found.count(status) > most:
            rest = capital(number_word(found.count(status) - most))
            body.append(el("P", f"{rest} till i listan över alla flaggor.", className="src"))
    if untold := untold_words(found):
        body.append(el("P", untold, className="src"))
    body += changes_nodes(changes, areas, regions, selection, end)
    body.append(el("P", everything, className="more-link"))
    if n := found.count("open", "expected"):
        body.append(el("P", f"Antalet ger 80\u00a0% chans att nå eller hålla gränsen {target}.", className="src"))
    title = f"{capital(_one(n))} gap kräver beslut" if n else f"Inga gap{that_can(found)} är öppna eller väntas"
    if not found.judged:
        title = "Gap kan inte bedömas"
    return Aside(
        "flaggor",
        title,
        f"Under {target} två månader i rad, säsongen borträknad.",
        body,
        span=3,
        phone_first=True,
    )


def _row(
    f: Flag,
    shares: Mapping[tuple[str, str], str],
    areas: Mapping[str, CareArea],
    regions: Mapping[str, Region],
    selection: Selection,
    target: str,
) -> dict[str, Any]:
    area, region = areas[f.care_area], regions[f.region]
    mine = Selection(care_area=f.care_area, region=f.region, target=selection.target, month=selection.month)
    head = el("A", el("B", f"{area.short}, {region.short_name}"), href=to_page("/prognos", mine))
    text = _open_text(f, area, shares.get((f.region, f.care_area), ""), target)
    if f.status != "open":
        text = _coming_text(f, area, target)
    return el("Li", [flag(f.status), el("Div", [el("P", head, className="hd"), el("P", text)])])


def _open_text(f: Flag, area: CareArea, share: str, target: str) -> str:
    since = f"Öppet sedan {f.opens.sv}" if f.opens else "Öppet"
    text = f"{since}, nu {share}." if share else f"{since}."
    if f.protected:
        return f"{text} Små tal är skyddade, så antalet visas inte."
    n = f.extra_per_month
    if n is None:
        return f"{text} Fler {noun(area)} räcker inte till {target} inom prognosen."
    when = f" i {f.target_month.sv}" if f.target_month else ""
    if not n:
        return f"{text} {none_needed(f, area, f'{target}{when}')}"
    return f"{text} {capital(number_word(n))} fler {noun(area, n)} i månaden når {target}{when}."


def _coming_text(f: Flag, area: CareArea, target: str) -> str:
    text = capital(f.opens.sv) if f.opens else "Inom tolv månader"
    if f.opens_lo and f.opens_hi and f.opens_lo != f.opens_hi:
        text += f" ({MONTHS_SV_SHORT[f.opens_lo.month - 1]}–{MONTHS_SV_SHORT[f.opens_hi.month - 1]})"
    if f.probability_12m is not None:
        text += f", sannolikhet {percent(f.probability_12m, 0)}"
    n = f.extra_per_month
    if f.status == "expected" and n == 0:
        when = f" i {f.target_month.sv}" if f.target_month else ""
        return f"{text}. {none_needed(f, area, f'{target}{when}')}"
    if f.status == "expected" and n is not None:
        return f"{text}. Undviks med {number_word(n)} fler {noun(area, n)} i månaden."
    return f"{text}."


def flags_key_figure(found: Flags, selection: Selection) -> KeyFigure:
    """How many are open or expected, of how many series."""
    words = (("open", "öppet", "öppna"), ("expected", "väntas", "väntas"), ("watch", "bevakas", "bevakas"))
    rows = []
    for status, one, many in words:
        n = found.count(status)
        text = f"{_one(n)} {one if n == 1 else many}" if n else f"inga {many}"
        rows.append(
            el(
                "Div",
                [el("Span", className=f"flag flag-{status}", aria_hidden="true"), el("Span", text)],
                className="flag-row",
            )
        )
    n = found.count("open", "expected")
    return KeyFigure(
        name="Kapacitetsgap",
        what="öppna eller väntade inom tolv månader",
        value=count(n) if found.judged else "–",
        unit=f"av {count(found.judged)} {'serie' if found.judged == 1 else 'serier'}" if found.judged else "",
        body=rows if found.judged else "Kan inte bedömas.",
        href=to_page("/kapacitetsgap", selection),
    )


def judged_words(found: Flags | None, matrix: StatusMatrix) -> str:
    """Why gaps are judged in other series than the change in level is; empty when they are the same number."""
    tally = matrix.tally
    shown = tally.judged + tally.short
    if found is None or found.judged in (0, shown):
        return ""
    cells = {(r, a): c.state for a, column in matrix.cells.items() for r, c in column.items()}
    protected = sum(cells.get(pair) == "suppressed" for pair in found.judged_series)
    elsewhere = found.judged - sum(pair in cells for pair in found.judged_series)
    told = []
    if protected:
        what = "en vars andel är skyddad" if protected == 1 else f"{number_word(protected)} vars andelar är skyddade"
        told.append(f"{what} och inte visas")
    if elsewhere:
        told.append(f"{number_word(elsewhere)} i vårdområden som inte visas här")
    also = f", även {join_and(told)}" if told else ""
    return f"Gap bedöms i {count(found.judged)} {'serie' if found.judged == 1 else 'serier'}{also}."


def flags_sentence(found: Flags | None, end: Month, where: str) -> str:
    """`Två kapacitetsgap är öppna och fyra till väntas senast i juli.`"""
    if found is None:
        return ""
    n_open, expected, last = found.count("open"), found.count("expected"), found.last_expected
    by = ""
    if last is not None:
        by = f" senast i {last.name if last.year == end.year else last.sv}"
    if not found.judged:  # nothing found is no calm when nothing could be looked at
        return f"Kapacitetsgap{where} kan inte bedömas."
    if not n_open and not expected:
        return f"Inget kapacitetsgap{that_can(found)} är öppet eller väntas inom tolv månader{where}."
    many = "kapacitetsgap är öppna" if n_open > 1 else "kapacitetsgap är öppet"
    opened = f"{capital(_one(n_open))} {many}"
    if not expected:
        return f"{opened}{where}, inga fler{that_can(found)} väntas inom tolv månader."
    if not n_open:
        return f"{capital(_one(expected))} kapacitetsgap väntas{where}{by}."
    return f"{opened} och {_one(expected)} till väntas{where}{by}."


def that_can(found: Flags) -> str:
    """Said where no gap is told of: that there are none is not known of what may not be told."""
    return " som kan visas" if found.untold else ""


def untold_words(found: Flags | None) -> str:
    """`Bedömningen av tre serier kan inte visas: den följer av små tal, som är dolda.` Empty where all can."""
    n = 0 if found is None else found.untold
    series = "en serie" if n == 1 else f"{number_word(n)} serier"
    return f"Bedömningen av {series} kan inte visas: den följer av små tal, som är dolda." if n else ""


def _one(n: int) -> str:
    """The number before "kapacitetsgap", a neuter word."""
    return "ett" if n == 1 else number_word(n)
