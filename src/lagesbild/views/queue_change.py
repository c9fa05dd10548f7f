"""Is the queue longer or shorter than normal, or is it noise? The judgement of the number waiting."""

from __future__ import annotations

import numpy as np

from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.domain.source import Source
from lagesbild.domain.xmr import Judgement, recent
from lagesbild.views.flows import Flows


def queue_judgement(flows: Flows, source: Source) -> Judgement:
    """The last month's waiting, season taken out, against the last two years; fewer waiting is better.

    Judged half way between the real counts and the twin's, like shares: a couple of dozen months settle it together.
    """
    waiting = (flows.total("waiting") + flows.other_total("waiting")) / 2
    months = flows.months(len(waiting))
    code = flows.region.code if flows.region else ""
    mine = [b for b in source.breaks() if b.region in ("", code) and b.care_area in ("", flows.care_area.code)]
    values = waiting.to_numpy(float)
    for b in (b for b in mine if b.kind == "mask"):
        values = np.where([b.first <= m and (b.last is None or m <= b.last) for m in months], np.nan, values)
    flat = adjust(values, months[0], month_profile(values, months[0], scale="log"), scale="log")
    starts = {b.first for b in mine if b.kind != "mask"}
    rebase_at = [k for k, m in enumerate(months) if m in starts]
    return recent(flat, higher_is_better=False, rebase_at=rebase_at).judgement
