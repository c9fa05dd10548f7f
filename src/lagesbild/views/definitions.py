"""Where the figures come from: every source with what it holds, real and invented apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from lagesbild.domain.care import CareArea, leaf_regions
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.periods import Month
from lagesbild.domain.provenance import last_import
from lagesbild.domain.source import Run, Source


@dataclass(frozen=True)
class SourceUse:
    """One source: which datasets (Swedish names) it gave, how many rows in all, when first and last recorded."""

    source: str
    datasets: tuple[str, ...]
    rows: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Definitions:
    """What `/om` is generated from. `revised` counts imports of facts beyond each source's first."""

    real: tuple[SourceUse, ...]
    synthetic: tuple[SourceUse, ...]
    care_areas: tuple[CareArea, ...]
    regions: int
    latest: Month | None
    recorded_at: datetime | None
    revised: int
    run: Run | None
    masks: tuple[str, ...]


def definitions(source: Source) -> Definitions:
    """Sources as the imports tell them. Reference rows count too: a region list has a source like any other."""
    found: dict[tuple[bool, str], list] = defaultdict(list)
    for b in source.batches():
        if b.rows:
            found[b.synthetic, b.source].append(b)
    uses = {True: [], False: []}  # type: dict[bool, list[SourceUse]]
    for (synthetic, name), batches in sorted(found.items(), key=lambda item: item[0][1].lower()):
        names = {DATASETS[b.dataset].sv if b.dataset in DATASETS else b.dataset for b in batches}
        uses[synthetic].append(
            SourceUse(
                source=name,
                datasets=tuple(sorted(names)),
                rows=sum(b.rows for b in batches),
                first=min(b.recorded_at for b in batches),
                last=max(b.recorded_at for b in batches),
            )
        )
    facts = [b for b in source.batches() if b.dataset in DATASETS and DATASETS[b.dataset].facts and b.rows]
    runs = source.runs("forecast")
    return Definitions(
        real=tuple(uses[False]),
        synthetic=tuple(uses[True]),
        care_areas=tuple(sorted(source.care_areas(), key=lambda a: (a.sort_order, a.code))),
        regions=len(leaf_regions(source.regions())),
        latest=source.latest_month(),
        recorded_at=last_import(facts),
        revised=len(facts) - len({(b.dataset, b.source) for b in facts}),
        run=runs[0] if runs else None,
        masks=tuple(dict.fromkeys(b.reason for b in source.breaks() if b.kind == "mask")),
    )
