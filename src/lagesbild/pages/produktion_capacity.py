"""Capacity and plan on `/produktion`: what was used of what there was, and what was done of what was promised."""

from __future__ import annotations

from collections.abc import Sequence

from lagesbild.components.model import Aside, Column, FigureCard, Row, Table
from lagesbild.domain.care import Region
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import NB, capital, count, decimal, join_and, percent, signed
from lagesbild.figures import capacity as capacity_chart
from lagesbild.figures import plan as plan_chart
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.partial_text import flows_partial
from lagesbild.pages.phrases import (
    PROVISIONAL,
    empty,
    flows_source,
    frame_months,
    months_back,
    noun,
    shown,
)
from lagesbild.pages.waits_text import named
from lagesbild.views.capacity_use import CapacityUse
from lagesbild.views.flows import Flows
from lagesbild.views.plan_outcome import PlanOutcome


def capacity_and_plan(
    found: Flows, use: CapacityUse | None, plan: PlanOutcome | None, context: PageContext
) -> list[FigureCard | Aside]:
    """Side by side; one alone takes the whole width, and what nobody reports is said, not drawn."""
    missing = [t for t, x in (("kapacitet", use), ("plan", plan)) if x is None]
    span = 6 if len(missing) == 0 else 12
    out: list[FigureCard | Aside] = []
    if use is not None:
        out.append(_capacity_card(found, use, context, span))
    if plan is not None:
        out.append(_plan_card(found, plan, context, span))
    if missing:
        what = join_and(missing)
        hidden = found.seen_by(context.viewer).role != "exact"
        why = "Uppgiften har inte rapporterats för urvalet alla månader det senaste året"
        why += ", eller så är talen skyddade." if hidden else "."
        out.append(empty("saknas-" + missing[0], f"{capital(what)} kan inte visas", why))
    return out


def _capacity_card(found: Flows, use: CapacityUse, context: PageContext, span: int) -> FigureCard:
    many, threshold = noun(found.care_area), context.viewer.threshold
    rows = []
    for month, r in zip(frame_months(use.frame), use.frame.to_dict("records"), strict=True):
        state = r["state"] if r["hidden"] else ""
        share = shown(r["share"], "secondary" if state else "", threshold)
        values = (shown(r["performed"], state, threshold), float(r["capacity"]), share)
        cells = (month.sv, *values)
        rows.append(Row(cells, note=PROVISIONAL if r["provisional"] else ""))
    notes = []
    if use.unused is not None and use.unused >= 0 and use.capacity is not None:
        year = "på tolv månader" if len(use.frame) == 12 else f"på {months_back(len(use.frame))}"
        notes.append(f"{count(use.unused)} av {count(use.capacity)} platser blev inte använda {year}.")
    if use.load is not None:
        notes.append(f"Belastning {decimal(use.load, 2)}: nytillkomna minus övriga avslut, delat med kapacitet.")
    if use.counted > 1 or found.left_out:
        notes.append(_who(found, use.regions, "har rapporterat kapacitet"))
    notes.append(flows_partial(context, found, "capacity", len(use.frame), regions=tuple(r.code for r in use.regions)))
    columns = (
        Column("period", "Månad"),
        Column("performed", "Genomförda", "count"),
        Column("capacity", "Kapacitet", "count"),
        Column("used_share", "Använd andel", "share", 0),
    )
    return FigureCard(
        id="kapacitet",
        title=_capacity_title(use),
        footnotes=("Streckad ram: skyddat tal, inte noll.",) if use.frame["hidden"].any() else (),
        summary="Stapel: genomförda. Ram: planerad kapacitet. Tal: använd andel, procent.",
        graphic=drawn(
            capacity_chart.capacity_figure, use.frame, theme=context.theme, title=f"{capital(many)} per månad, antal"
        ),
        graphic_height=capacity_chart.HEIGHT,
        table=Table(f"Genomförda {many} och kapacitet per månad", columns, tuple(rows)),
        source=" ".join(t for t in (*notes, flows_source(found)) if t),
        span=span,
    )


def _capacity_title(use: CapacityUse) -> str:
    """The year's share; where a hidden month keeps it from being told, the lowest and the highest of those shown."""
    if use.share is not None:
        return f"{percent(use.share, 0)} av kapaciteten användes"
    low, high = (percent(v, 0) for v in (use.frame["share"].min(), use.frame["share"].max()))
    if use.frame["share"].isna().all():
        return "Hur mycket av kapaciteten som användes är skyddat"
    span = low if low == high else f"{low.removesuffix(f'{NB}%')}–{high}"
    return f"{span} av kapaciteten användes i de månader som visas"


def _who(found: Flows, regions: Sequence[Region], have: str) -> str:
    """`2 av 3 regioner har en plan; Dalarna är inte med.` Of all regions, as everywhere on the page: also of those that
    are in no sum since they have not reported."""
    every = sorted((*found.counted, *found.left_out), key=lambda r: r.sort_order)
    text = f"{count(len(regions))} av {count(len(every))} regioner {have}"
    gone = [r.short_name for r in every if r not in regions]
    return f"{text}; {named(gone)} är inte med." if gone else f"{text}."


def _plan_card(found: Flows, plan: PlanOutcome, context: PageContext, span: int) -> FigureCard:
    many = noun(found.care_area)
    first, n = Month.of(plan.frame["period"].iloc[0]), plan.difference
    if round(n) == 0:
        title = "Lika många som planerat"
    else:
        title = f"{count(abs(n))} {noun(found.care_area, abs(n))} {'fler' if n > 0 else 'färre'} än planerat"
    rows = [
        Row(
            (m.sv, *(float(r[c]) for c in ("planned", "performed", "planned_sum", "performed_sum"))),
            note=PROVISIONAL if r["provisional"] else "",
        )
        for m, r in zip(frame_months(plan.frame), plan.frame.to_dict("records"), strict=True)
    ]
    columns = (
        Column("period", "Månad"),
        Column("planned", "Plan", "count"),
        Column("performed", "Utfall", "count"),
        Column("planned_sum", "Plan sedan start", "count"),
        Column("performed_sum", "Utfall sedan start", "count"),
    )
    several = plan.counted > 1 or bool(found.left_out)
    counted = _who(found, plan.regions, "har en plan") if several else ""
    whose = "Leveransplan" if several else "Regionens leveransplan"
    year = "på tolv månader" if len(plan.frame) == 12 else f"på {months_back(len(plan.frame))}"
    return FigureCard(
        id="plan",
        title=title,
        summary=f"{whose} och utfall, {signed(n / plan.planned * 100, 1)}\u00a0% {year}.",
        graphic=drawn(
            plan_chart.plan_figure, plan.frame, theme=context.theme, title=f"{capital(many)} sedan 1 {first.sv}, antal"
        ),
        graphic_height=plan_chart.HEIGHT,
        table=Table(f"Planerade och genomförda {many} per månad", columns, tuple(rows)),
        source=" ".join(t for t in (counted, flows_source(found)) if t),
        span=span,
    )
