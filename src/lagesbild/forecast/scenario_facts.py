"""What a scenario of the pair will need, read off its columns once and stored with the run."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from lagesbild.domain.pair_facts import PairFacts
from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.forecast.flows import YEAR, Flows
from lagesbild.forecast.panel import Pair

_FIRST_BANDS: Final = ("waiting_0_30", "waiting_31_60", "waiting_61_90")


def scenario_facts(pair: Pair, flows: Flows, gaps: list[dict[str, Any]]) -> PairFacts:
    """The facts of a pair; `gaps` are its rows, one a target, for what hangs on the target."""
    series = pair.series("within_limit_share")
    profile = month_profile(series.values, series.first)
    structural = adjust(series.values, series.first, profile)
    waiting = pair.columns["waiting"]
    excluded = pair.columns["not_brokerable"][-1]
    return PairFacts(
        share_profile=tuple(float(x) for x in profile),
        share_now=_known(series.values[-1]) if len(series.values) and not series.tail else None,
        structural_now=_known(structural[-1]) if len(structural) and not series.tail else None,
        waiting_now=_known(waiting[-1]),
        removed_rate=flows.removed_rate,
        outflow_last_year=flows.outflow_year,
        pass_limit=_pass_limit(pair),
        not_brokerable_share=_known(np.minimum(1.0, excluded / waiting[-1])) if waiting[-1] > 0 else None,
        capacity_per_month=_known(flows.capacity),
        performed_per_month=_known(flows.performed),
        free_per_month=_known(gaps[0]["free_per_month"]) if gaps else None,
        load=_known(flows.load),
        lean={f"{100 * g['target_share']:.0f}": 0.0 if np.isnan(g["lean"]) else float(g["lean"]) for g in gaps},
    )


def _pass_limit(pair: Pair) -> float:
    """Of those added, the fraction that still waits when the limit has passed, last year's mean.

    With wait bands: the product of what stays from band to band. Otherwise the share of those performed who had waited
    longer, and where that is not known either, the share of the list that has.
    """
    bands = [pair.columns[b][-YEAR - 1 :] for b in _FIRST_BANDS]
    if not np.isnan(np.concatenate(bands)).any():
        waiting = pair.columns["waiting"][-YEAR - 1 :]
        over = waiting - sum(bands)
        stay = [bands[1][1:] / np.maximum(bands[0][:-1], 1), bands[2][1:] / np.maximum(bands[1][:-1], 1)]
        stay.append(over[1:] / np.maximum(bands[2][:-1] + over[:-1], 1))
        rate = float(np.prod([np.clip(np.nanmean(s), 0, 1) for s in stay]))
        if not np.isnan(rate):
            return rate
    performed, within = (pair.columns[c][-YEAR:] for c in ("performed", "performed_within_limit"))
    seen = ~np.isnan(performed) & ~np.isnan(within)
    if seen.any() and performed[seen].sum() > 0:
        return float(np.clip(1 - within[seen].sum() / performed[seen].sum(), 0, 1))
    share = pair.values("within_limit_share")[-YEAR:]
    return float(np.clip(1 - np.nanmean(share), 0, 1)) if (~np.isnan(share)).any() else 0.0


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
