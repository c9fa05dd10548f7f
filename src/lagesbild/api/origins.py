"""Where a dataset comes from, when its newest rows became known, and whether any are invented, without making its
table: of the imports behind it, and of the run where it is a forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.earlier import source_at
from lagesbild.domain.provenance import data_version, last_import
from lagesbild.domain.registers import MAIN_COLUMN
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables import Asked, published_table
from lagesbild.views.published_tables.model import Origin

# what rows are made of, where it is not the dataset alone
_FLOWS: Final = ("waits", "production", "capacity")
_BEHIND: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("forecasts", "gaps", "free-capacity"), _FLOWS),
    "production": ("waits", "production"),
    "capacity": _FLOWS,
    "reporting": ("reporting", *MAIN_COLUMN),  # what has come is seen in the registers themselves
}
# made of some rows of other datasets: their tables are short, and say themselves which
_PUBLISHED: Final = ("published-totals", "published-shares")


def edition(source: Source, as_of: datetime | None = None) -> str:
    """What pages, briefings and snapshots call the version of the data, as it was at a moment."""
    return data_version(source_at(source, as_of).batches())


def behind(name: str, source: Source) -> Origin:
    """Of the imports that the rows of a dataset are made of."""
    batches = [b for b in source.batches() if b.dataset in _BEHIND.get(name, (name,)) and b.rows]
    monthly = name in _BEHIND or (name in DATASETS and DATASETS[name].facts)
    if monthly and any(b.synthetic for b in batches):
        # an invented country beside what a real one published: regions' numbers are of the invented, as the pages say
        batches = [b for b in batches if b.synthetic]
    return Origin(
        tuple(sorted({b.source for b in batches})),
        last_import(batches),
        any(b.synthetic for b in batches),
    )


def origin_of(name: str, source: Source, viewer: Viewer) -> Origin:
    """Of a dataset as its address answers now."""
    if name in _PUBLISHED:
        table = published_table(name, source, Asked(), viewer)
        return Origin(table.sources, table.recorded_at, table.synthetic)
    found = behind(name, source)
    runs = source.runs("forecast") if name in ("forecasts", "gaps") else []
    return replace(found, recorded_at=runs[0].data_as_of) if runs else found
