"""The charts of `/prognos`: the share and the wait above each other, and the three flows beside each other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pandas as pd

from lagesbild.components.html import el
from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import capital, count, decimal, percent
from lagesbild.figures.fan import Fan, Tried, fan_figure, fan_height, small_fan
from lagesbild.figures.fan_marks import GapMark
from lagesbild.pages.context import PageContext
from lagesbild.pages.phrases import PROVISIONAL, flows_source, model_words, months_back, noun, or_missing
from lagesbild.pages.what_if_aside import headings
from lagesbild.pages.what_if_text import tried_text
from lagesbild.views.forecast_fan import BANDS, SHARE, WAIT, Forecast
from lagesbild.views.what_if import WhatIfView

_SUMMARY: Final = (
    "Heldragen linje är utfall, streckad är prognosens troligaste värde. Sommarens svacka räknas inte som gap."
)
_SHARE_HEIGHT: Final = 280
_WAIT_HEIGHT: Final = 168
_SMALL_HEIGHT: Final = 196
_MEASURES: Final = (("waiting", "Väntande"), ("added", "Nytillkomna"), ("performed", "Genomförda"))
_FILE_WORDS: Final = {"waiting": "vantande", "added": "nytillkomna", "performed": "genomforda"}  # seen in file names
_NO_BANDS: Final = pd.DataFrame(columns=["period", "horizon", *BANDS], dtype=float)


def days(value: float) -> str:
    return f"{count(value)} dagar"


def _fan(found: Forecast, measure: str, column: str, **how: Any) -> Fan:
    history = found.history[["period", column, "provisional"]].rename(columns={column: "value"})
    return Fan(history=history, bands=found.bands.get(measure, _NO_BANDS), **how)


def fan_card(found: Forecast, context: PageContext, view: WhatIfView | None = None) -> FigureCard:
    limit = percent(found.target, 0)
    lines = [] if view is None else _lines(view)
    fans = [
        _fan(
            found,
            SHARE,
            "share",
            title=f"Andel som väntat högst {found.limit_days} dagar, procent",
            text=percent,
            tick=partial(decimal, n=0),
            height=_SHARE_HEIGHT,
            scale=100.0,
            limit=found.target,
            limit_text=f"Gräns för gap, {limit}",
            highest=100.0,
            unit_start="{}\u00a0%",
            tried=tuple(Tried(name, share) for name, share, _ in lines),
        )
    ]
    if WAIT in found.bands:
        fans.append(
            _fan(
                found,
                WAIT,
                "wait_days",
                title="Förväntad väntetid för den som ställs i kö, dagar",
                text=days,
                tick=count,
                height=_WAIT_HEIGHT,
                limit=float(found.limit_days),
                limit_text=f"Vårdgaranti, {found.limit_days} dagar",
                from_zero=True,
                tried=tuple(Tried(name, wait) for name, _, wait in lines),
            )
        )
    mark = gap_mark(found)
    return FigureCard(
        id="prognos",
        title=_title(found),
        summary=_SUMMARY if view is None or not lines else f"{_SUMMARY} {_scenarios(view, found)}",
        graphic=fan_figure(fans, theme=context.theme, gap=mark),
        graphic_height=fan_height(fans, gap=mark is not None),
        graphic_label="Historik och prognos för andelen och den förväntade väntetiden",
        legend=_legend(),
        table=_table(found, lines),
        source=_source(found),
        span=8,
    )


Line = tuple[str, tuple[float, ...], tuple[float, ...]]  # name, share, wait; NaN before it begins


def _lines(view: WhatIfView) -> list[Line]:
    """What each scenario that changes something leads to, in the middle of the outcomes."""
    out: list[Line] = []
    for tried, name in zip(view.tried, headings(view), strict=True):
        if not tried.choice.changes_nothing:
            early = tried.scenario.from_step - 1
            share, wait = (
                [float("nan")] * early + [float(v) for v in line[early:]]
                for line in (tried.ahead.share_line, tried.ahead.wait_line)
            )
            out.append((name, tuple(share), tuple(wait)))
    return out


def _scenarios(view: WhatIfView, found: Forecast) -> str:
    """What the purple lines are, also for whoever gets the file."""
    told = [f"{tried_text(t, view, found)} från {t.first.sv}" for t in view.tried if not t.choice.changes_nothing]
    if len(view.tried) == 1:
        return f"Lila linje: {told[0]}."
    names = [n for n, t in zip(("A", "B"), view.tried, strict=True) if not t.choice.changes_nothing]
    lines = {"A": "Heldragen lila linje är A", "B": "prickad är B"}
    return (
        "; ".join(
            f"{lines[n] if k == 0 or n == 'B' else n}: {t}" for k, (n, t) in enumerate(zip(names, told, strict=True))
        )
        + "."
    )


def gap_mark(found: Forecast) -> GapMark | None:
    """The month a gap opens, when it is expected or watched and lies ahead."""
    gap = found.gap
    if gap is None or gap.status not in ("expected", "watch") or gap.opens is None or gap.opens <= found.run.until:
        return None
    verb = "väntas" if gap.status == "expected" else "kan öppna"
    more = ""
    if gap.opens_lo and gap.opens_hi:
        lo, hi = gap.opens_lo, gap.opens_hi
        first = lo.sv_short if lo.year != hi.year else lo.name
        more = f"80\u00a0% av gapen: {first}–{hi.sv_short if lo.year != hi.year else hi.name}"
    return GapMark(gap.opens, gap.opens_lo, gap.opens_hi, f"Gap {verb} i {gap.opens.sv}", more)


def _title(found: Forecast) -> str:
    gap, end = found.gap, found.at_end(SHARE)
    if gap is not None and gap.status == "expected" and gap.opens:
        return f"Andelen väntas falla under gränsen i {gap.opens.sv} om inget ändras"
    if gap is not None and gap.status == "open":
        return f"Andelen är under gränsen och väntas vara {percent(end)} om ett år"
    if gap is not None and gap.status == "watch":
        return f"Andelen kan falla under gränsen: sannolikheten är {percent(gap.probability_12m, 0)}"
    return f"Andelen väntas vara {percent(end)} i {found.end.sv}"


def _legend() -> Any:
    swatches = [el("Span", [el("Span", className=f"sw fan-{k}"), f"{k}\u00a0%"]) for k in ("50", "80", "95")]
    return el(
        "Div",
        [
            el("Span", [el("Span", className="sw line"), "utfall"]),
            el("Span", [el("Span", className="sw dash"), "troligast"]),
            *swatches,
            el("Span", "av utfallen"),
        ],
        className="leg",
    )


def _table(found: Forecast, lines: list[Line]) -> Table:
    """Outcome first, then the forecast with its bands, and beside it what last year's value would say."""
    wait = found.bands.get(WAIT)
    columns = [
        Column("period", "Månad"),
        Column("kind", "Typ"),
        Column("within_limit_share", "Andel", "share"),
        Column("lo80", "80 % från", "share"),
        Column("hi80", "80 % till", "share"),
        Column("lo95", "95 % från", "share"),
        Column("hi95", "95 % till", "share"),
        Column("last_year_share", "Samma som i fjol", "share"),
    ]
    if wait is not None:
        columns += [
            Column("expected_wait_days", "Förväntad väntetid", "days"),
            Column("wait_lo80", "Väntetid, 80 % från", "days"),
            Column("wait_hi80", "Väntetid, 80 % till", "days"),
        ]
    for k, (name, *_) in enumerate(lines):
        columns += [
            Column(f"scenario_{k + 1}_share", f"Andel, {name}", "share"),
            Column(f"scenario_{k + 1}_wait_days", f"Väntetid, {name}", "days"),
        ]
    rows = []
    for r in found.history.to_dict("records"):
        cells = [Month.of(r["period"]).sv, "utfall", or_missing(r["share"]), *[""] * 5]
        if wait is not None:
            cells += [or_missing(r["wait_days"]), "", ""]
        cells += [""] * (2 * len(lines))
        rows.append(Row(tuple(cells), note=PROVISIONAL if r["provisional"] else ""))
    last_year = found.last_year
    waits = wait.set_index("period") if wait is not None else None
    for r in found.bands[SHARE].to_dict("records"):
        bands = [or_missing(r[n]) for n in ("p50", "lo80", "hi80", "lo95", "hi95")]
        cells = [Month.of(r["period"]).sv, "prognos", *bands]
        cells.append(or_missing(last_year.get(r["period"], float("nan"))))
        if waits is not None:
            cells += [or_missing(waits.loc[r["period"], n]) for n in ("p50", "lo80", "hi80")]
        for _, shares, days_ in lines:
            cells += ["" if v != v else v for v in (shares[int(r["horizon"]) - 1], days_[int(r["horizon"]) - 1])]
        rows.append(Row(tuple(cells)))
    return Table("Andel och förväntad väntetid, utfall och prognos", tuple(columns), tuple(rows))


def _model(found: Forecast, measure: str) -> list[str]:
    """Which model, and what the reader must know about it; the country is a sum and has no model of its own."""
    model = found.models.get(measure, "")
    own = [] if model in ("", "sum") else [f"Modell: {model_words(model)}."]
    return own + list(found.notes.get(measure, ()))


def _calibrated(found: Forecast) -> str:
    """Runs made before calibration say what their bands are."""
    if found.models.get(SHARE) == "constant":
        return ""
    if found.run.calibration.get("factors"):
        return f"Banden är kalibrerade mot tidigare prognoser, {count(found.run.paths)} utfall."
    return "Banden är modellens egna."


def _source(found: Forecast) -> str:
    parts = [*_model(found, SHARE), _calibrated(found)]
    parts.append(f"Gap: två månader i rad under {percent(found.target, 0)}, säsongen borträknad.")
    if found.flows is not None:
        left_out = found.flows.left_out
        if left_out:
            parts.append(f"Utfallet räknar {count(len(found.flows.counted))} regioner som rapporterat alla månader.")
        parts.append(flows_source(found.flows))
    return " ".join(p for p in parts if p)


def measure_cards(found: Forecast, context: PageContext) -> list[FigureCard]:
    """Waiting, added and performed: 80 and 95 % of the outcomes, axes from zero."""
    drawn = [(m, name) for m, name in _MEASURES if m in found.bands]
    return [_measure_card(found, m, name, context, 12 // len(drawn)) for m, name in drawn]


def _measure_card(found: Forecast, measure: str, name: str, context: PageContext, span: int) -> FigureCard:
    bands = found.bands[measure]
    stock = measure == "waiting"
    unit = "vid månadens slut" if stock else "per månad"
    fan = _fan(found, measure, measure, title=f"{name} {unit}, antal", text=count, tick=count, height=_SMALL_HEIGHT)
    last = Month.of(bands["period"].iloc[-1])
    year = "tolv månader" if len(bands) == 12 else months_back(len(bands))
    if stock:
        title = f"{count(bands['p50'].iloc[-1])} väntas stå i kö i {last.sv}"
    elif measure == "added":
        title = f"{count(bands['mean'].sum())} väntas tillkomma på {year}"
    else:
        title = f"{count(bands['mean'].sum())} {noun(found.care_area)} väntas på {year}"
    lo, hi = bands["lo80"].iloc[-1], bands["hi80"].iloc[-1]
    return FigureCard(
        id=f"prognos-{_FILE_WORDS[measure]}",
        title=title,
        summary=f"{capital(last.sv)}: åtta av tio utfall mellan {count(lo)} och {count(hi)}.",
        graphic=small_fan(fan, theme=context.theme),
        graphic_height=fan_height([fan]),
        table=_measure_table(found, measure, name, count),
        source=" ".join(
            [*_model(found, measure), *_holes(found, measure), flows_source(found.flows) if found.flows else ""]
        ),
        span=span,
    )


def _holes(found: Forecast, measure: str) -> list[str]:
    """Said when the line of outcomes has gaps, so that an empty stretch is not read as zero."""
    return ["Luckor i utfallet är skyddade eller saknade tal."] if found.history[measure].isna().any() else []


def _measure_table(found: Forecast, measure: str, name: str, write: Callable[[float], str]) -> Table:
    columns = (
        Column("period", "Månad"),
        Column("kind", "Typ"),
        Column(measure, name, "count"),
        Column("lo80", "80 % från", "count"),
        Column("hi80", "80 % till", "count"),
        Column("lo95", "95 % från", "count"),
        Column("hi95", "95 % till", "count"),
    )
    rows = [
        Row(
            (Month.of(r["period"]).sv, "utfall", or_missing(r[measure]), "", "", "", ""),
            note=PROVISIONAL if r["provisional"] else "",
        )
        for r in found.history.to_dict("records")
    ]
    rows += [
        Row(
            (
                Month.of(r["period"]).sv,
                "prognos",
                *(or_missing(r[n]) for n in ("p50", "lo80", "hi80", "lo95", "hi95")),
            )
        )
        for r in found.bands[measure].to_dict("records")
    ]
    return Table(f"{name}, utfall och prognos", columns, tuple(rows))
