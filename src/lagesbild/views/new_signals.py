"""What has become certain since last month: series that the rules call a change now and did not a month ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.domain.xmr import Judgement, recent
from lagesbild.views.status_matrix import StatusMatrix
from lagesbild.views.waits import Waits


@dataclass(frozen=True)
class NewSignal:
    """A region's care area whose judgement is `judgement` (better or worse) in the last month and was not before."""

    region: Region
    area: CareArea
    judgement: Judgement


def new_signals(matrix: StatusMatrix) -> tuple[NewSignal, ...]:
    """Worse first, then in the order of care areas and regions. A series that could not be judged a month ago (it
    was too short, or the month was missing) has not changed: it is left out."""
    waits = matrix.waits
    found = []
    for area in matrix.areas:
        before = judged_before(waits, waits.area_index(area.code))
        for region, then in zip(matrix.regions, before, strict=True):
            cell = matrix.cells[area.code][region.code]
            if cell.judgement in ("better", "worse") and then not in (cell.judgement, "short"):
                found.append(NewSignal(region, area, cell.judgement))
    return tuple(sorted(found, key=lambda s: s.judgement != "worse"))


def judged_before(waits: Waits, area: int, months: int = 1) -> Sequence[Judgement]:
    """What each region was judged `months` ago, by what is known now of the months until then."""
    code = waits.areas[area].code
    out: list[Judgement] = []
    for k, region in enumerate(waits.regions):
        shares = np.where(waits.excluded[k], np.nan, waits.exact_shares[area, k])
        exact = waits.masked(shares, code, region.code)[:-months]
        if not len(exact):
            out.append("short")
            continue
        flat = adjust(exact, waits.months[0], month_profile(exact, waits.months[0]))
        starts = [i for i in waits.rebases(code, region.code) if i < len(exact)]
        out.append(recent(flat, rebase_at=starts).judgement)
    return out
