"""What a backtest is made of: the committed real sets and, where there are any, the database's own series."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from lagesbild.domain.backtest import OWN
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.errors import UnknownCodeError
from lagesbild.domain.provenance import source_label
from lagesbild.domain.source import Query, Source
from lagesbild.forecast.panel import COLUMNS, panel_of
from lagesbild.jobs.real_sets import MEASURES, RealSet

OWN_TITLE: Final = "Egna serier i databasen"


def own_set(source: Source) -> RealSet | None:
    """The series of the database as they are known today, or None when it holds no waiting lists.

    `source` names where they come from, made-up ones marked as such.
    """
    until = source.latest_month()
    if until is None:
        return None
    regions = [r.code for r in leaf_regions(source.regions())]
    areas = [a.code for a in sorted(source.care_areas(), key=lambda a: (a.sort_order, a.code))]
    frames = {
        name: source.facts(name, Query(regions=tuple(regions), last=until, provider=None if name == "capacity" else ""))
        for name in COLUMNS
    }
    panel = panel_of(frames, regions=regions, care_areas=areas, until=until, breaks=source.breaks())
    told = {
        source_label(str(name), synthetic=bool(synthetic))
        for dataset in ("waits", "production")
        for name, synthetic in set(zip(frames[dataset]["source"], frames[dataset]["synthetic"], strict=True))
    }
    return RealSet(OWN, OWN_TITLE, "; ".join(sorted(told)), MEASURES, panel.pairs(until))


def chosen_sets(real: Sequence[RealSet], names: Sequence[str]) -> list[RealSet]:
    """The sets of those names, all when there are none; OWN is passed over, it comes from the database.

    Raises UnknownCodeError for a name that is none of theirs.
    """
    known = [*(s.name for s in real), OWN]
    for name in names:
        if name not in known:
            near = get_close_matches(name.lower().replace("_", "-"), known, n=1)
            hint = f"Menade du ”{near[0]}”? " if near else ""
            raise UnknownCodeError(f"Det finns ingen datamängd ”{name}”.", f"{hint}Välj bland: {', '.join(known)}.")
    return [s for s in real if not names or s.name in names]
