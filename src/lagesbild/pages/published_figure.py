"""What is published for a whole country without numbers: its shares within the guarantee, month by month."""

from __future__ import annotations

from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import join_and, percent
from lagesbild.figures.published import HEIGHT, published_lines
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.phrases import month_range, small, source_text
from lagesbild.views.published_shares import PublishedShares, published_places, published_shares


def published_of(context: PageContext) -> PublishedShares | None:
    """What is published for the chosen region, else for the whole: the same whatever care area and month is chosen."""
    source, as_of = context.source, context.selection.as_of
    places = context.keep("published-places", lambda: published_places(source, as_of))
    region = context.selection.region if context.selection.region in places else ""
    return context.keep(("published", region), lambda: published_shares(source, Selection(region=region, as_of=as_of)))


def published_card(found: PublishedShares, context: PageContext) -> FigureCard:
    """The country's own published shares: real figures of an earlier period, never in one curve with others."""
    names = [a.short for a in found.areas]
    wide = found.wide
    frame = wide.rename_axis("period").reset_index()
    first, last = Month.of(frame["period"].iloc[0]), Month.of(frame["period"].iloc[-1])
    ends = [f"{percent(float(wide[n].dropna().iloc[-1]), 0)} för {small(n)}" for n in names]
    where = found.region.short_name
    riket = "riket" if where == "Riket" else where
    columns = (Column("period", "Månad", "month"), *(Column(a.code, a.name, "share", 0) for a in found.areas))
    rows = tuple(Row((Month.of(r["period"]), *(r[n] for n in names))) for r in frame.to_dict("records"))
    return FigureCard(
        id="publicerade-andelar",
        title=f"Publicerade andelar för {riket}, {month_range(first, last)}",
        summary=f"Andel som väntat inom vårdgarantin. De sista publicerade talen är {join_and(ends)}.",
        table=Table(f"Publicerad andel inom vårdgarantin, {where}", columns, rows),
        source=(
            "Talen är publicerade för sin tid och med dåtidens definition. "
            "De går inte att jämföra med det som regionerna rapporterar nu. "
            + source_text(found.sources, found.recorded_at, synthetic=found.synthetic)
        ),
        graphic=drawn(
            published_lines, frame, names=names, measure="Andel som väntat inom vårdgarantin", theme=context.theme
        ),
        graphic_height=HEIGHT,
        graphic_label=f"Publicerade andelar för {riket} per månad",
        mark="" if found.synthetic else "real",
        mark_text="" if found.synthetic else f"Verkliga tal, {join_and(list(found.sources))}",
    )
