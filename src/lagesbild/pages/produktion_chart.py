"""The control chart on `/produktion`, and beside it the rules that fired, in words."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Aside, Column, FigureCard, Row, Table
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import capital, count, decimal, join_and, number_word
from lagesbild.figures import xmr as xmr_chart
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.partial_text import flows_partial
from lagesbild.pages.phrases import (
    PROVISIONAL,
    flows_source,
    frame_months,
    month_range,
    noun,
    or_missing,
    shown,
)
from lagesbild.pages.signal_words import numbered, row_length, signal_items
from lagesbild.views.control_chart import ProductionChart, Rebase
from lagesbild.views.flows import Flows

_METHOD: Final = (
    "Styrdiagram (XmR): medel ± 2,66 gånger den genomsnittliga skillnaden mellan två månader, med de största "
    "skillnaderna borttagna en gång. "
)
_KINDS: Final = {"system_change": "nytt system", "definition_change": "ny definition"}


def chart_card(found: Flows, chart: ProductionChart, context: PageContext) -> FigureCard:
    frame, many, digits = chart.frame, noun(found.care_area), _digits(chart)
    marks = [xmr_chart.Mark(s.first, s.number, s.judgement == "better") for s in chart.signals if not s.hidden]
    changes = [xmr_chart.Change(r.month, f"{_KINDS.get(r.kind, 'ändring')}, nya gränser") for r in chart.rebases]
    numbers = numbered(chart.signals)
    rows = []
    for k, month in enumerate(frame_months(frame)):
        r = frame.iloc[k]
        values = [shown(r[n], r["state"], context.viewer.threshold) for n in ("performed", "adjusted")]
        values += [or_missing(r[n]) for n in ("lower", "mean", "upper")]
        told = _breach(r["breach"], numbers.get(month))
        rows.append(Row((month.sv, *values, told), note=PROVISIONAL if r["provisional"] else ""))
    columns = (
        Column("period", "Månad"),
        Column("performed", "Genomförda", "count"),
        Column("performed_adjusted", "Säsongen borträknad", "number", digits),
        Column("lower_limit", "Nedre gräns", "number", digits),
        Column("mean", "Medel", "number", digits),
        Column("upper_limit", "Övre gräns", "number", digits),
        Column("rule", "Regel utlöst"),
    )
    # holes are told by `_unreported`
    lacks = flows_partial(context, found, "production", len(frame), "excluded", "provisional")
    return FigureCard(
        id="styrdiagram",
        title=_chart_title(chart),
        summary="Bandet rymmer den normala variationen. Större punkter i färg: regel utlöst.",
        graphic=drawn(
            xmr_chart.xmr_figure,
            frame,
            theme=context.theme,
            title=f"Genomförda {many} per månad, säsongen borträknad",
            marks=marks,
            changes=changes,
            decimals=digits,
        ),
        graphic_height=xmr_chart.xmr_height(bool(changes)),
        table=Table(f"Genomförda {many} per månad med gränser", columns, tuple(rows)),
        source=_METHOD
        + f"Gränserna räknas på de {count(chart.baseline)} första månaderna med värde. "
        + _masked(chart)
        + _unreported(chart)
        + _protected(chart)
        + (f"{lacks} " if lacks else "")
        + flows_source(found),
        span=8,
        mark="real" if found.published and not found.synthetic else "",
    )


def _digits(chart: ProductionChart) -> int:
    """One decimal for small numbers; a hundred or more are told whole."""
    limits = chart.chart.limits
    return 1 if limits is None or limits.mean < 100 else 0


def _breach(judgement: str, number: int | None) -> str:
    if not judgement:
        return ""
    word = "högre än normalt" if judgement == "better" else "lägre än normalt"
    return f"{word} ({number})" if number else word


def _masked(chart: ProductionChart) -> str:
    if not chart.masks:
        return ""
    spans = [f"{m.first.sv}–{m.last.sv if m.last else 'pågår'} ({m.reason})" for m in chart.masks]
    return f"Undantaget: {join_and(spans)}. "


def _unreported(chart: ProductionChart) -> str:
    """Said when the line has a hole, so that it is not read as no production."""
    spans: list[list[Month]] = []
    for period, state in zip(chart.frame["period"], chart.frame["state"], strict=True):
        month = Month.of(period)
        if state != "missing":
            continue
        if spans and spans[-1][-1] == month - 1:
            spans[-1].append(month)
        else:
            spans.append([month])
    if not spans:
        return ""
    told = join_and([month_range(s[0], s[-1]) for s in spans])
    return f"Lucka: {told}, då inte alla inräknade regioner rapporterat. "


def _protected(chart: ProductionChart) -> str:
    """Said when a month is not drawn because its count is protected: it is judged with the others all the same."""
    n = int(chart.frame["state"].isin(["suppressed", "secondary"]).sum())
    if not n:
        return ""
    months = "En månad ritas" if n == 1 else f"{capital(number_word(n))} månader ritas"
    return f"{months} inte: små tal är skyddade. "


def _chart_title(chart: ProductionChart) -> str:
    if chart.untold:
        return "Den senaste månadens produktion är skyddad och bedöms inte"
    if chart.judgement == "short":
        return "Produktionen kan inte bedömas ännu"
    last = chart.signals[-1] if chart.signals else None
    if chart.judgement == "noise" or chart.since is None or last is None:
        return "Produktionen ligger inom den normala variationen"
    side = "över" if chart.judgement == "better" else "under"
    if last.rule == "run":
        return f"Produktionen har legat {side} medel i {row_length(last)} månader"
    if last.rule == "outside":
        return f"Produktionen ligger {side} normal variation i {last.last.sv}"
    return f"Produktionen är {'högre' if side == 'över' else 'lägre'} än normalt i {last.last.sv}"


def rules_aside(found: Flows, chart: ProductionChart) -> Aside:
    """What fired, in words; the rules; and what the limits were counted anew for."""
    many = noun(found.care_area)
    n = _digits(chart)
    last = Month.of(chart.frame["period"].iloc[-1])
    changes = [(r.month, _KINDS.get(r.kind, "ändringen")) for r in chart.rebases]
    items = signal_items(chart.signals, last, changes, number=lambda v: decimal(v, n), counted=f" {many}")
    if chart.judgement == "short":
        fired: Any = el("P", f"Det finns {count(chart.observed)} månader. Bedömning kräver 24.", className="sum")
    elif all(s.hidden for s in chart.signals):
        shown_only = " i de månader som visas" if chart.frame["state"].isin(["suppressed", "secondary"]).any() else ""
        fired = el("P", f"Ingen regel har utlösts{shown_only}.", className="sum")
    else:
        fired = items
    rules = (
        "En månad utanför gränserna",
        "Sju månader i rad på samma sida om medel",
        "Sju månader i rad uppåt eller nedåt",
        "Två av tre i gränsens yttersta tredjedel",
    )
    body = [fired, el("H3", "Reglerna", className="sub"), el("Ul", [el("Li", r) for r in rules], className="rl")]
    if chart.rebases:
        body.append(el("H3", "Omräknat", className="sub"))
        body += [el("P", _rebased(r, chart), className="rebased") for r in chart.rebases]
    return Aside("regler", "Regler som utlösts", "", body, span=4)


def _rebased(r: Rebase, chart: ProductionChart) -> str:
    frame, n = chart.frame, _digits(chart)
    at = next(k for k, p in enumerate(frame["period"]) if Month.of(p) == r.month)
    before, after = frame["mean"].iloc[at - 1], frame["mean"].iloc[at]
    reason = r.reason.rstrip(".")
    means = (
        f" Medel före {decimal(before, n)}, efter {decimal(after, n)}." if before == before and after == after else ""
    )
    return f"{capital(r.month.sv)}: {reason}.{means} Skillnaden bedöms inte: den kan bero på ändringen."
