"""Scores of replayed forecasts: quantile loss, coverage, and how good warnings were. Tables as in `domain.backtest`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from lagesbild.domain.backtest import (
    ALL_BLOCKS,
    ALL_YEARS,
    FLAG_COLUMNS,
    FORECAST,
    NAIVE,
    OWN,
    POOLED,
    RELIABILITY_COLUMNS,
    SCORE_COLUMNS,
)
from lagesbild.domain.recalibration import IDENTITY, NAMES, TWO_VARIABLES
from lagesbild.forecast.calibration import QUANTILES, Factors
from lagesbild.forecast.recalibrating import Cases, adapted, cases_of, fit
from lagesbild.forecast.replay import SHARE, Replay
from lagesbild.forecast.transforms import from_scale

BLOCKS: Final = ((0, 3, "1-3"), (3, 6, "4-6"), (6, 9, "7-9"), (9, 12, "10-12"))
FLAG_TARGETS: Final = (0.6, 0.7, 0.8, 0.9)
THRESHOLDS: Final = (0.2, 0.3, 0.4, 0.5)
BINS: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_TOP: Final = 25.0  # logarithm: a model that explodes is scored as one that said exp(25)


@dataclass(frozen=True)
class Forecasts:
    """Long arrays, one row a forecast and model: loss (n, horizon) of the quantiles over the scale, absolute error,
    whether the 80 and 95 % bands held (bool), all NaN or False where nothing came; and what each row is of."""

    about: pd.DataFrame
    loss: np.ndarray
    error: np.ndarray
    scaled_error: np.ndarray
    inside_80: np.ndarray
    inside_95: np.ndarray
    known: np.ndarray

    @classmethod
    def of(cls, rows: Sequence[tuple[str, str, int, str, np.ndarray, np.ndarray, float]], horizon: int) -> Forecasts:
        """From (set, measure, origin, model, quantiles (7, horizon), outcome (horizon,), scale), on a model's scale."""
        n = len(rows)
        about = pd.DataFrame(
            [(s, m, o, model) for s, m, o, model, *_ in rows], columns=["data_set", "measure", "origin", "model"]
        )
        loss, error, scaled = (np.full((n, horizon), np.nan) for _ in range(3))
        inside = np.zeros((2, n, horizon), bool)
        levels = np.array(QUANTILES)[:, None]
        for k, (_, measure, _, _, quantiles, outcome, scale) in enumerate(rows):
            y, q = natural(outcome, measure), natural(quantiles, measure)
            off = y - q
            loss[k] = 2 * np.maximum(levels * off, (levels - 1) * off).mean(axis=0) / scale
            error[k] = np.abs(off[3])
            scaled[k] = error[k] / scale
            # bands on the scale they were made on, with room for the last digit
            inside[0, k] = (outcome >= quantiles[1] - 1e-9) & (outcome <= quantiles[5] + 1e-9)
            inside[1, k] = (outcome >= quantiles[0] - 1e-9) & (outcome <= quantiles[6] + 1e-9)
        return cls(about, loss, error, scaled, inside[0], inside[1], ~np.isnan(loss))


def natural(scaled: np.ndarray, measure: str) -> np.ndarray:
    """Back from the model's scale, NaN kept; no ceiling but that of numbers."""
    if measure == SHARE:
        return from_scale(scaled, "share", 1.0)
    return np.asarray(np.maximum(0.0, np.exp(np.minimum(scaled, _TOP)) - 0.5))


def score_table(made: Forecasts) -> pd.DataFrame:
    """SCORE_COLUMNS for every set and for all real ones together, by block of months and by year of origin.

    Only models that could forecast everything the forecast itself did are compared; the others are left out of the
    cell, since they would be judged on easier series.
    """
    frames = []
    for start, stop, block in (*BLOCKS, (0, made.loss.shape[1], ALL_BLOCKS)):
        months = slice(start, stop)
        known = made.known[:, months]
        some = known.any(axis=1)
        cells = made.about.assign(
            year=made.about["origin"] // 12,
            mae=_mean(made.error[:, months], known),
            mase=_mean(made.scaled_error[:, months], known),
            wql=_mean(made.loss[:, months], known),
            coverage_80=_mean(made.inside_80[:, months].astype(float), known),
            coverage_95=_mean(made.inside_95[:, months].astype(float), known),
        )[some]
        for years in (False, True):
            if years and block != ALL_BLOCKS:
                continue
            for pooled in (False, True):
                named = (cells[cells["data_set"] != OWN] if pooled else cells).assign(
                    origin_year=cells["year"] if years else ALL_YEARS,
                )
                if pooled:
                    named = named.assign(data_set=POOLED)
                key = ["data_set", "measure", "model", "origin_year"]
                values = ["mae", "mase", "wql", "coverage_80", "coverage_95"]
                grouped = named.groupby(key)
                table = grouped[values].mean().assign(forecasts=grouped.size()).reset_index().assign(block=block)
                frames.append(table)
    return _with_ratio(pd.concat(frames, ignore_index=True))[list(SCORE_COLUMNS)]


def _mean(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    count = known.sum(axis=1)
    out: np.ndarray = np.where(known, values, 0.0).sum(axis=1) / np.maximum(count, 1)
    return out


def _with_ratio(table: pd.DataFrame) -> pd.DataFrame:
    key = ["data_set", "measure", "block", "origin_year"]
    ours = table[table["model"] == FORECAST].set_index(key)["forecasts"].rename("wanted")
    kept = table.join(ours, on=key)
    kept = kept[kept["forecasts"] == kept["wanted"]].drop(columns="wanted")
    naive = kept[kept["model"] == NAIVE].set_index(key)["wql"].rename("base")
    joined = kept.join(naive, on=key)
    return joined.assign(wql_ratio=joined["wql"] / joined["base"]).drop(columns="base")


def flag_tables(
    names: Sequence[str], replays: Sequence[Sequence[Replay]], factors: Sequence[Mapping[int, Factors]], horizon: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """FLAG_COLUMNS and RELIABILITY_COLUMNS: the recalibrated probability, the share of paths as it is, and the logistic
    of distance and lowest share, each past-only, with priors from the other sets."""
    each = [
        cases_of(mine, FLAG_TARGETS, dict(f), horizon) if f else None for mine, f in zip(replays, factors, strict=True)
    ]
    known = [(n, c) for n, c in zip(names, each, strict=True) if c is not None and c.decided_in_time.any()]
    flags: list[dict[str, Any]] = []
    reliability: list[dict[str, Any]] = []
    said: dict[str, list[np.ndarray]] = {}
    judged: list[Cases] = []
    for name, cases in known:
        others = [c for n, c in known if n != name]
        by_rule = {FORECAST: _said(cases, others, NAMES)}
        if others:  # without another set there is nothing to learn its two coefficients from
            by_rule["two variables"] = _said(cases, others, TWO_VARIABLES)
        by_rule["paths"] = cases.paths_share
        scored = cases.decided_in_time
        mine = cases.where(scored)
        if name != OWN:
            judged.append(mine)
        for rule, p in by_rule.items():
            if name != OWN:
                said.setdefault(rule, []).append(p[scored])
            _judge(name, rule, mine, p[scored], flags, reliability)
    for rule, parts in said.items():
        _judge(POOLED, rule, together(judged), np.concatenate(parts), flags, reliability)
    return (
        pd.DataFrame(flags, columns=list(FLAG_COLUMNS)),
        pd.DataFrame(reliability, columns=list(RELIABILITY_COLUMNS)),
    )


def _said(cases: Cases, others: Sequence[Cases], names: Sequence[str]) -> np.ndarray:
    """Past-only probabilities of the cases; the prior is fitted on all decided cases of the other sets."""
    every = together(others) if others else None
    prior = IDENTITY if every is None else fit(every.where(every.decided_in_time), IDENTITY, names)
    out = np.full(len(cases), np.nan)
    for origin in np.unique(cases.origin):
        mine = cases.origin == origin
        out[mine] = adapted(cases, int(origin), prior).of(cases.x[mine])
    return out


def together(parts: Sequence[Cases]) -> Cases:
    return Cases(*(np.concatenate([getattr(c, name) for c in parts]) for name in Cases.__dataclass_fields__))


def _judge(
    name: str, rule: str, cases: Cases, p: np.ndarray, flags: list[dict[str, Any]], reliability: list[dict[str, Any]]
) -> None:
    event = cases.event
    base = float(event.mean())
    noise = base * (1 - base)
    skill = 1 - float(np.mean((p - event) ** 2)) / noise if noise > 0 else float("nan")
    for threshold in THRESHOLDS:
        flagged = p >= threshold
        right = flagged & event
        flags.append(
            {
                "data_set": name,
                "rule": rule,
                "threshold": threshold,
                "cases": len(cases),
                "base_rate": base,
                "auc": auc(p, event),
                "brier_skill": skill,
                "precision": _share(right.sum(), flagged.sum()),
                "recall": _share(right.sum(), event.sum()),
                "false_alarm_rate": _share((flagged & ~event).sum(), (~event).sum()),
                "lead_months": float(np.median(cases.opened[right])) if right.any() else float("nan"),
                "month_error": _month_error(cases, right),
            }
        )
    edges = np.array([*BINS, 1.0 + 1e-9])
    for low, high in pairwise(edges):
        mine = (p >= low) & (p < high)
        if mine.any():
            reliability.append(
                {
                    "data_set": name,
                    "rule": rule,
                    "bin": float(low),
                    "cases": int(mine.sum()),
                    "probability": float(p[mine].mean()),
                    "observed": float(event[mine].mean()),
                }
            )


def auc(p: np.ndarray, event: np.ndarray) -> float:
    """Chance that a case with an event has the higher probability of the two; NaN without both kinds.

    >>> auc(np.array([.1, .4, .35, .8]), np.array([False, False, True, True]))
    0.75
    """
    yes, no = int(event.sum()), int((~event).sum())
    if not yes or not no:
        return float("nan")
    return float((rankdata(p)[event].sum() - yes * (yes + 1) / 2) / (yes * no))


def _month_error(cases: Cases, right: np.ndarray) -> float:
    off = np.abs(cases.month - cases.opened)[right & ~np.isnan(cases.month)]
    return float(off.mean()) if len(off) else float("nan")


def _share(part: Any, whole: Any) -> float:
    return float(part) / float(whole) if whole else float("nan")
