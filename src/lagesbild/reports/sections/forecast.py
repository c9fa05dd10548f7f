"""What is expected, where capacity will be missing, what closes that, and how right earlier forecasts were."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lagesbild.components.model import FigureCard
from lagesbild.domain.swedish import percent
from lagesbild.reports.about import sentences
from lagesbild.reports.charts import Limit
from lagesbild.reports.document import Block, Figure, Prose, Section
from lagesbild.reports.from_card import figure, number
from lagesbild.reports.from_tables import fan
from lagesbild.reports.looking import Reader

_GAP = (
    "region",
    "care_area",
    "status",
    "within_limit_share",
    "opens_period",
    "probability_12m",
    "load",
    "extra_per_week_to_target",
    "extra_per_month_to_target",
    "brokerable_share",
)
# notes about columns that are not on paper, or said again by the source
_NOT_SHOWN = ("Fler i veckan:", "Förväntad väntan:", "Ledigt:")
_METHOD = ("Modell:", "Banden är kalibrerade")  # how right it has been stands in words below
_UNITS = ("week", "month")
_LEAST_TOLD = 0.05  # a week: less is 0,0
_FREE = ("care_area", "gaps", *(f"{what}_per_{unit}" for what in ("need", "brokerable", "free") for unit in _UNITS))


def forecast(reader: Reader) -> Section | None:
    """Fan of the share and of the queue, the gaps with what closes them, free capacity, and the record."""
    blocks: list[Block] = [Prose((reader.run_words,))] if reader.run_words else []
    if reader.care_area is not None and not reader.selection.healthcare_region:
        limit = Limit(reader.target, f"gräns för gap, {percent(reader.target, 0)}")
        share = reader.card("/prognos", "prognos")
        if share is not None and share.table.rows:
            chart = fan(share.table, "within_limit_share", "andel inom gränsen", limit)
            blocks.append(_without(figure(share, chart, half=True), _METHOD))
        queue = reader.card("/prognos", "prognos-vantande")
        if queue is not None and queue.table.rows:
            chart = fan(queue.table, "waiting", "väntande", None)
            blocks.append(_without(figure(queue, chart, half=True), _METHOD))
        if share is None:
            seen = reader.page("/prognos").content
            blocks.append(Prose(seen.sentences))
    gaps = reader.card("/kapacitetsgap", "gap")
    if gaps is not None and gaps.table.rows:
        names = [c.name for c in gaps.table.columns if c.name in _GAP]
        one = {"care_area"} if reader.care_area else set()
        made = figure(_plain_needs(gaps), only=[n for n in names if n not in one], table_shown=True)
        blocks.append(_without(made, _NOT_SHOWN))
    else:
        blocks.append(Prose(reader.page("/kapacitetsgap").content.sentences))
    free = reader.card("/kapacitetsgap", "ledig-kapacitet")
    if free is not None and free.table.rows and not reader.selection.region:
        blocks.append(figure(free, only=_FREE, table_shown=True, half=reader.care_area is not None))
    blocks += _record(reader)
    return Section("prognos", "Prognos och kapacitetsgap", tuple(blocks)) if blocks else None


def _plain_needs(card: FigureCard) -> FigureCard:
    """Operations a week with one decimal, as snapshots and the export have them: a forecast does not know hundredths of
    one, and 1.15 a week told as 2 is nine a month where the summary says five. Beside it whole ones a month."""
    columns, rows = card.table.columns, card.table.rows
    needs = [k for k, c in enumerate(columns) if "per_week" in c.name]

    def told(cell: Any) -> Any:
        n = number(cell)
        return "under 0,1" if n is not None and 0 < n < _LEAST_TOLD else cell

    table = replace(
        card.table,
        columns=tuple(replace(c, decimals=1) if k in needs else c for k, c in enumerate(columns)),
        rows=tuple(replace(r, cells=tuple(told(c) if k in needs else c for k, c in enumerate(r.cells))) for r in rows),
    )
    return replace(card, table=table)


def _without(made: Figure, begin: tuple[str, ...]) -> Figure:
    """The figure without, on paper, the notes that begin so."""
    notes = (*made.footnotes, *sentences(made.source))
    return replace(made, off_paper=(*made.off_paper, *(t for t in notes if t.startswith(begin))))


def _record(reader: Reader) -> list[Block]:
    """Told in words: the tables are for the workbook."""
    found = [reader.card("/kapacitetsgap", "varningar")]
    if reader.care_area is not None and not reader.selection.healthcare_region:
        found.insert(0, reader.card("/prognos", "tidigare-prognoser"))
    return [figure(card, half=True, in_words=True) for card in found if card is not None and card.table.rows]
