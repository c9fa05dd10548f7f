"""The balance on `/produktion`: the equation in figures, two years as bars and line, and the published table."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import capital, count, number_word
from lagesbild.figures import balance as balance_chart
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.partial_text import flows_partial
from lagesbild.pages.phrases import (
    PROVISIONAL,
    counted_text,
    flows_source,
    frame_months,
    month_range,
    months_back,
    or_missing,
    persons,
    shown,
    source_text,
)
from lagesbild.views.balance import Balance
from lagesbild.views.flows import Flows
from lagesbild.views.national_balance import NationalBalance

_WHERE_SHOWN: Final = "Summan går ihop i de månader där alla tal visas."
_TITLES: Final = {
    "added": "Nytillkomna",
    "performed": "Genomförda",
    "removed_other": "Övriga avslut",
    "waiting": "Väntande",
}


def balance_card(found: Flows, told: Balance, context: PageContext) -> FigureCard:
    frame, states = told.frame, told.states
    threshold = context.viewer.threshold
    columns = [Column("period", "Månad"), Column("waiting_before", "Väntande före", "count")]
    names = ["added", "performed"] + ["removed_other"] * told.removed_reported + ["waiting"]
    columns += [Column(n, _TITLES[n], "count") for n in names]
    rows = []
    before = ["missing", *states["waiting"]]
    for k, month in enumerate(frame_months(frame)):
        cells = [month.sv, shown(frame["waiting_before"].iloc[k], before[k], threshold)]
        cells += [shown(frame[n].iloc[k], states[n].iloc[k], threshold) for n in names]
        rows.append(Row(tuple(cells), note=PROVISIONAL if frame["provisional"].iloc[k] else ""))
    end = found.end
    lacks = flows_partial(context, found, "production", len(frame))
    hidden = states.isin(["suppressed", "secondary"])
    torn = int(hidden[["performed", "removed_other"]].any(axis=1).sum())
    return FigureCard(
        id="balans",
        title=_balance_title(told),
        summary=f"{capital(end.sv)} som en balans. Strecket är nytillkomna: "
        + ("når hela stapeln inte upp till det växer kön." if torn else "når stapeln inte upp till det växer kön."),
        graphic=drawn(
            balance_chart.balance_figure, frame, theme=context.theme, removed=told.removed_reported, hidden=hidden
        ),
        graphic_height=balance_chart.HEIGHT,
        graphic_label="Väntande, nytillkomna, genomförda och övriga avslut månad för månad",
        legend=equation(told, end, threshold),
        table=Table("Väntande, tillkomna och avslutade per månad", tuple(columns), tuple(rows)),
        source=" ".join(t for t in (_balance_note(told, end), counted_text(found), lacks, flows_source(found)) if t),
        footnotes=_torn(torn, len(frame), int(hidden["added"].sum())),
        mark="real" if found.published and not found.synthetic else "",
        mark_text=f"Verkliga tal, {found.sources[0].split(',')[0]}" if found.sources else "",
    )


def _torn(torn: int, months: int, without_tick: int) -> tuple[str, ...]:
    """Said where a bar lacks a part, so that it is not read as zero or held against the tick."""
    out = []
    if torn:
        out.append(
            f"Streckad ram: skyddat tal, inte noll. I {count(torn)} av {count(months)} månader är genomförda eller "
            "övriga avslut skyddade; där kan stapeln inte jämföras med strecket."
        )
    if without_tick:
        out.append(f"I {count(without_tick)} av {count(months)} månader är nytillkomna skyddade: strecket ritas inte.")
    return tuple(out)


def _balance_title(told: Balance) -> str:
    year = months_back(told.year_months)
    if told.added is None:
        now = told.frame["waiting"].iloc[-1]
        return f"{persons(now)} väntar" if now == now else "Kön månad för månad"
    if told.performed is None or (told.removed_reported and told.removed_other is None):
        return f"{persons(told.added)} tillkom på {year}"
    left = told.performed + (told.removed_other or 0)
    return f"{persons(told.added)} tillkom på {year} och {count(left)} lämnade kön"


def _balance_note(told: Balance, end: Month) -> str:
    parts: list[str] = []
    if told.removed_reported:
        parts.append("Övriga avslut: lämnat kön utan vård.")
    closes, checked = told.closes
    if checked and closes == checked:
        whole = checked == len(told.frame) - 1
        parts.append(f"Summan går ihop alla {count(checked)} månader." if whole else _WHERE_SHOWN)
    elif checked:
        rest = "en" if checked - closes == 1 else "resten"
        parts.append(f"Summan går ihop {count(closes)} av {count(checked)} månader; {rest} har en oförklarad skillnad.")
    if told.excluded is not None:
        parts.append(f"Patientvald och medicinskt orsakad väntan borträknad: {persons(told.excluded)} i {end.name}.")
    return " ".join(parts)


def equation(told: Balance, end: Month, threshold: int) -> Any:
    """The last month as an equation in large figures: before + added - performed - removed = now."""
    row, states = told.frame.iloc[-1], told.states
    last = states.iloc[-1]
    before_state = states["waiting"].iloc[-2] if len(states) > 1 else "missing"
    terms = [("", row["waiting_before"], before_state, f"väntande i {(end - 1).name}")]
    terms.append(("+", row["added"], last["added"], "nytillkomna"))
    terms.append(("−", row["performed"], last["performed"], "genomförda"))
    if told.removed_reported:
        terms.append(("−", row["removed_other"], last["removed_other"], "övriga avslut"))
    terms.append(("=", row["waiting"], last["waiting"], f"väntande i {end.name}"))
    words = {"suppressed": f"<{threshold}", "secondary": "..", "missing": "saknas"}
    nodes = []
    for sign, value, state, name in terms:
        text = words[state] if state else count(value)
        shown_as = el("P", [el("B", text), el("Span", name)])
        nodes.append(el("Div", [el("I", sign) if sign else None, shown_as], className="eq-term"))
    return el("Div", nodes, className="eq")


def national_card(national: NationalBalance) -> FigureCard:
    """The published national table, as published; never drawn together with our sums."""
    columns = [Column("period", "Månad")]
    for area in national.care_areas:
        prefix = f"{area.code}_" if len(national.care_areas) > 1 else ""
        for name, title, kind in (
            ("added", "Nytillkomna", "count"),
            ("performed", "Genomförda", "count"),
            ("waiting", "Väntande", "count"),
            ("change", "Förändring", "signed"),
        ):
            columns.append(Column(f"{prefix}{name}", title, kind, group=area.name))  # type: ignore[arg-type]
    frames = [national.frames[a.code] for a in national.care_areas]
    rows = []
    for k, month in enumerate(frame_months(frames[0])):
        cells: list[Any] = [month.sv]
        for frame in frames:
            cells += [or_missing(frame[n].iloc[k]) for n in ("added", "performed", "waiting", "change")]
        rows.append(Row(tuple(cells)))
    owner = national.sources[0].split(",")[0] if national.sources else ""
    return FigureCard(
        id="rikets-balans",
        title=_national_title(national),
        summary=f"{_span(national)}. Förändring är väntande jämfört med månaden före.",
        table=Table(f"Nytillkomna, genomförda och väntande, {national.region.short_name}", tuple(columns), tuple(rows)),
        source=f"{_national_note(national, len(rows))}"
        + source_text(national.sources, national.recorded_at, synthetic=national.synthetic),
        mark="" if national.synthetic else "real",
        mark_text=f"Verkliga tal, {owner}" if owner else "Verkliga tal",
    )


def _span(national: NationalBalance) -> str:
    months = frame_months(next(iter(national.frames.values())))
    return f"Publicerade tal för {month_range(months[0], months[-1])}"


def _national_title(national: NationalBalance) -> str:
    parts: list[str] = []
    for area in national.care_areas:
        waiting = national.frames[area.code]["waiting"].dropna()
        if len(waiting):
            name = area.name[:1].lower() + area.name[1:].replace("/", " eller ")
            verb = "väntar på" if not parts else "på"
            parts.append(f"{count(waiting.iloc[-1])} {verb} {'ett ' if area.kind == 'first_visit' else ''}{name}")
    return f"{national.region.short_name}: {', '.join(parts) or 'publicerad balans'}"


def _national_note(national: NationalBalance, months: int) -> str:
    text = ""
    if national.net_added:
        text = (
            f"Förändringen är exakt nytillkomna minus genomförda i alla {count(national.steps)} steg: nytillkomna är "
            "framräknade så att balansen går ihop, och den som lämnat kön utan vård är frånräknad. "
        )
    if months < 24:
        text += f"{capital(number_word(months))} månader är för kort för att bedöma förändring. "
    return text
