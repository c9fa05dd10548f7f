"""What is expected, where capacity will be missing, what closes that, and how right earlier forecasts were."""

from __future__ import annotations

from lagesbild.domain.swedish import percent
from lagesbild.reports.charts import Limit
from lagesbild.reports.document import Block, Prose, Section
from lagesbild.reports.from_card import figure
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
    "brokerable_share",
)
_FREE = ("care_area", "gaps", "need_per_week", "brokerable_per_week", "free_per_week")


def forecast(reader: Reader) -> Section | None:
    """Fan of the share and of the queue, the gaps with what closes them, free capacity, and the record."""
    blocks: list[Block] = []
    if reader.care_area is not None and not reader.selection.healthcare_region:
        limit = Limit(reader.target, f"gräns för gap, {percent(reader.target, 0)}")
        share = reader.card("/prognos", "prognos")
        if share is not None and share.table.rows:
            blocks.append(figure(share, fan(share.table, "within_limit_share", "andel inom gränsen", limit), half=True))
        queue = reader.card("/prognos", "prognos-vantande")
        if queue is not None and queue.table.rows:
            blocks.append(figure(queue, fan(queue.table, "waiting", "väntande", None), half=True))
        if share is None:
            seen = reader.page("/prognos").content
            blocks.append(Prose(seen.sentences))
    gaps = reader.card("/kapacitetsgap", "gap")
    if gaps is not None and gaps.table.rows:
        names = [c.name for c in gaps.table.columns if c.name in _GAP]
        one = {"care_area"} if reader.care_area else set()
        blocks.append(figure(gaps, only=[n for n in names if n not in one], table_shown=True))
    else:
        blocks.append(Prose(reader.page("/kapacitetsgap").content.sentences))
    free = reader.card("/kapacitetsgap", "ledig-kapacitet")
    if free is not None and free.table.rows and not reader.selection.region:
        blocks.append(figure(free, only=_FREE, table_shown=True))
    blocks += _record(reader)
    return Section("prognos", "Prognos och kapacitetsgap", tuple(blocks)) if blocks else None


def _record(reader: Reader) -> list[Block]:
    """Told in words: the tables are for the workbook."""
    found = [reader.card("/kapacitetsgap", "varningar")]
    if reader.care_area is not None and not reader.selection.healthcare_region:
        found.insert(0, reader.card("/prognos", "tidigare-prognoser"))
    return [figure(card, half=True) for card in found if card is not None and card.table.rows]
