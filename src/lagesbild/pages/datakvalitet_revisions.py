"""Figure 3 of the quality page: how much a month's share has moved since it was first published."""

from __future__ import annotations

from typing import Any

import numpy as np

from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.domain.swedish import count, decimal, join_and, number_word, signed, swedish_time
from lagesbild.figures.revisions import HEIGHT, Step, revision_steps
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.filter_places import country_name
from lagesbild.pages.phrases import month_range, small, source_text
from lagesbild.views.revisions import EARLY, Path, PublishedRevisions, Revisions


def revisions_card(found: Revisions, real: PublishedRevisions | None, context: PageContext) -> FigureCard:
    country = country_name(context.source)
    whole = "riket" if country == "Riket" else country
    where = found.region.short_name if found.region else whole
    months = f", {month_range(found.paths[0].month, found.paths[-1].month)}" if found.paths else ""
    lines, moved = "Månad för månad", ""
    if found.followed:
        lines, moved = "En linje per månad", _how_many_moved(found)
    decimals = 0 if any(p.coarse for p in found.paths) else 1
    largest = found.largest
    steps = [_step(p, found.age(p), largest, decimals) for p in found.paths]
    graphic: Any = None
    if found.followed:
        measure = "Ändring sedan första publicering, procentenheter"
        graphic = drawn(revision_steps, steps, measure=measure, decimals=decimals, theme=context.theme)
    return FigureCard(
        id="revideringar",
        title=_title(found, decimals),
        summary=f"Andel inom gränsen, {small(found.care_area.short)} i {where}. {lines}{months}.{moved}",
        table=_as_table(found, where),
        source=_source(found, real),
        graphic=graphic,
        graphic_height=HEIGHT,
        graphic_label="Ändring per månad sedan första publicering",
        span=6,
        footnotes=_notes(found),
    )


def _step(path: Path, age: int, largest: Path | None, decimals: int) -> Step:
    """To today, `age` months after the first publication: a month that nothing more has been said of lies where it
    was."""
    moved = [round(m, decimals) + 0.0 for m in path.moved]
    return Step(path.month.sv, path.after, tuple(moved), age, chosen=path is largest)


def _title(found: Revisions, decimals: int) -> str:
    """`Tal flyttar sig som mest 0,9 procentenheter, efter tre månader högst 0,1`"""
    if not found.followed:
        return "Inget tal har publicerats mer än en gång"
    largest = found.largest
    if largest is None:
        return "Inget tal har flyttat sig sedan det först publicerades"
    most = abs(largest.last)
    text = f"Tal har flyttat sig som mest {_points(most, decimals)}"
    # told only of months published again within the three: of the others it would be the whole movement once more
    later = [abs(p.since) for p in found.followed if np.isfinite(p.since) and any(0 < a <= EARLY for a in p.after)]
    if later:
        return f"{text}, efter tre månader högst {decimal(max(later), decimals)}"
    n = largest.after[-1]
    return f"{text}, {number_word(n)} {'månad' if n == 1 else 'månader'} efter första publicering" if n else text


def _how_many_moved(found: Revisions) -> str:
    """Fewer lines are seen than there are months: those that have not moved lie on zero, equal ones on each other."""
    n, whole = sum(round(abs(p.last), 1) > 0 for p in found.followed), len(found.paths)
    return f" {count(n)} av {count(whole)} månader har ändrats; övriga ligger på noll, och lika linjer på varandra."


def _points(value: float, decimals: int) -> str:
    text = decimal(value, decimals)
    return f"{text} {'procentenhet' if text in ('1', '1,0') else 'procentenheter'}"


def _notes(found: Revisions) -> tuple[str, ...]:
    out = []
    if found.hidden:
        n = len(found.hidden)
        out.append(f"{count(n)} {'månad visas' if n == 1 else 'månader visas'} inte: små tal är skyddade.")
    if any(p.coarse for p in found.paths):
        out.append("I hela procentenheter: talen bakom är skyddade.")
    changed = [p for p in found.followed if len(set(p.regions)) > 1]
    if changed and found.region is None:
        when = "en månad" if len(changed) == 1 else f"{number_word(len(changed))} månader"
        out.append(f"I {when} kom en region till i efterhand; det flyttar också talet.")
    return tuple(out)


def _source(found: Revisions, real: PublishedRevisions | None) -> str:
    parts = ["Punkterna är publiceringar, linjerna binder bara ihop dem. Ingenting skrivs över: varje tal finns kvar."]
    if real is not None:
        parts.append(published_words(real))
    parts.append(source_text(found.sources, found.recorded_at, synthetic=found.synthetic))
    return " ".join(parts)


def published_words(real: PublishedRevisions) -> str:
    """`I verkliga tal 2016–2019 (…) ändrades 3 av 85 månader, med högst 1 procentenhet.`"""
    years = str(real.first.year) if real.first.year == real.last.year else f"{real.first.year}–{real.last.year}"
    owner = real.source.partition(",")[0]
    text = f"I de verkliga publicerade talen {years} ({owner}) ändrades {count(real.changed)} av {count(real.months)}"
    if not real.changed:
        return f"{text} månader."
    whole = float(real.largest).is_integer()
    return f"{text} månader, med högst {_points(real.largest, 0 if whole else 1)}."


def _as_table(found: Revisions, where: str) -> Table:
    columns = (
        Column("period", "Månad", "month"),
        Column("first_published", "Först publicerad"),
        Column("first_share", "Andel först", "share"),
        Column("share", "Andel nu", "share"),
        Column("moved", "Ändring, procentenheter", "points"),
        Column("moved_after_3_months", "Varav efter tre månader", "points"),
        Column("revisions", "Ändrad, gånger", "count"),
    )
    rows = []
    for p in reversed(found.paths):
        n = 0 if p.coarse else 1
        first, now, last = (
            (p.shares[0], p.shares[-1], p.last)
            if not p.coarse
            else (
                f"{decimal(p.shares[0] * 100, n)}\u00a0%",
                f"{decimal(p.shares[-1] * 100, n)}\u00a0%",
                signed(p.last, n),
            )
        )
        since: Any = Special("short", f"under {count(EARLY)} månader")
        moved = found.since(p)
        if np.isfinite(moved):
            since = signed(moved, n) if p.coarse else moved
        day = f"{swedish_time(p.moments[0]):%Y-%m-%d}"
        rows.append(Row((p.month, day, first, now, last, since, float(len(p.moments) - 1))))
    return Table(
        f"Ändring sedan första publicering, {small(found.care_area.short)} i {where}",
        columns,
        tuple(rows),
        footnotes=() if not found.hidden else (f"Skyddade: {join_and([m.sv for m in found.hidden])}.",),
    )
