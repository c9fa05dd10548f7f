"""The large chart of `/prognos`: the share and the expected wait above each other, with gap, bands and scenarios."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import count, decimal, percent
from lagesbild.figures.fan import Tried, fan_figure, fan_height
from lagesbild.figures.fan_marks import GapMark
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.phrases import PROVISIONAL, flows_source, or_missing
from lagesbild.pages.prognos_parts import NO_BAND, band_cells, band_columns, fan_of, model_text, share_digits
from lagesbild.pages.waits_text import told_share
from lagesbild.pages.what_if_aside import headings
from lagesbild.pages.what_if_text import tried_text
from lagesbild.views.forecast_fan import SHARE, WAIT, Forecast
from lagesbild.views.what_if import WhatIfView

_SUMMARY: Final = (
    "Heldragen linje är utfall, streckad är prognosens troligaste värde. Sommarens svacka räknas inte som gap."
)
_SHARE_HEIGHT: Final = 280
_WAIT_HEIGHT: Final = 168


def days(value: float) -> str:
    return f"{count(value)} dagar"


def fan_card(found: Forecast, context: PageContext, view: WhatIfView | None = None) -> FigureCard:
    limit = percent(found.target, 0)
    lines = [] if view is None else _lines(view)
    fans = [
        fan_of(
            found,
            SHARE,
            "share",
            title=f"Andel som väntat högst {found.limit_days} dagar, procent",
            text=partial(percent, n=share_digits(found)),
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
            fan_of(
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
        graphic=drawn(fan_figure, fans, theme=context.theme, gap=mark),
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
        return f"Andelen är under gränsen och väntas vara {percent(end, share_digits(found))} om ett år"
    if gap is not None and gap.status == "watch":
        return f"Andelen kan falla under gränsen: sannolikheten är {percent(gap.probability_12m, 0)}"
    return f"Andelen väntas vara {percent(end, share_digits(found))} i {found.end.sv}"


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
    wait, digits = found.bands.get(WAIT), share_digits(found)
    columns = [
        Column("period", "Månad"),
        Column("kind", "Typ"),
        Column("within_limit_share", "Andel", "share", digits),
        *band_columns("share", decimals=digits),
        Column("last_year_share", "Samma som i fjol", "share", digits),
    ]
    if wait is not None:
        columns += [
            Column("expected_wait_days", "Förväntad väntetid", "days"),
            *band_columns("days", "wait_", "Väntetid"),
        ]
    for k, (name, *_) in enumerate(lines):
        columns += [
            Column(f"scenario_{k + 1}_share", f"Andel, {name}", "share"),
            Column(f"scenario_{k + 1}_wait_days", f"Väntetid, {name}", "days"),
        ]
    rows = []
    for r in found.history.to_dict("records"):
        cells = [Month.of(r["period"]).sv, "utfall", told_share(r["share"], coarse=r["coarse"]), *NO_BAND, ""]
        if wait is not None:
            cells += [or_missing(r["wait_days"]), *NO_BAND]
        cells += [""] * (2 * len(lines))
        rows.append(Row(tuple(cells), note=PROVISIONAL if r["provisional"] else ""))
    last_year = found.last_year
    waits = wait.set_index("period") if wait is not None else None
    for r in found.bands[SHARE].to_dict("records"):
        cells = [Month.of(r["period"]).sv, "prognos", or_missing(r["p50"]), *band_cells(r)]
        share, coarse = last_year.get(r["period"], (float("nan"), False))
        cells.append(told_share(share, coarse=coarse))
        if waits is not None:
            ahead = waits.loc[r["period"]]
            cells += [or_missing(ahead["p50"]), *band_cells(ahead)]
        for _, shares, days_ in lines:
            cells += ["" if v != v else v for v in (shares[int(r["horizon"]) - 1], days_[int(r["horizon"]) - 1])]
        rows.append(Row(tuple(cells)))
    return Table("Andel och förväntad väntetid, utfall och prognos", tuple(columns), tuple(rows))


def _calibrated(found: Forecast) -> str:
    """Runs made before calibration say what their bands are."""
    if found.models.get(SHARE) == "constant":
        return ""
    if found.run.calibration.get("factors"):
        return f"Banden är kalibrerade mot tidigare prognoser, {count(found.run.paths)} utfall."
    return "Banden är modellens egna."


def _source(found: Forecast) -> str:
    parts = [*model_text(found, SHARE), _calibrated(found)]
    parts.append(f"Gap: två månader i rad under {percent(found.target, 0)}, säsongen borträknad.")
    if found.flows is not None:
        left_out = found.flows.left_out
        if left_out:
            parts.append(f"Utfallet räknar {count(len(found.flows.counted))} regioner som rapporterat alla månader.")
        parts.append(flows_source(found.flows))
    return " ".join(p for p in parts if p)
