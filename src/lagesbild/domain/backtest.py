"""A rolling-origin evaluation of the forecasts: its tables, its targets, and how data sets are pooled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

FORECAST: Final = "forecast"  # the model or rule that is shown to readers; the others stand beside it
UNCALIBRATED: Final = "pool"  # the same forecast before its bands are calibrated
NAIVE: Final = "naive"
OWN: Final = "own"  # the data set of the database's own series
ALL_BLOCKS: Final = "all"
ALL_YEARS: Final = 0
POOLED: Final = "all"  # the data set of what all real sets say together

SCORE_KEY: Final = ("data_set", "measure", "model", "block", "origin_year")
SCORE_VALUES: Final = ("mae", "mase", "wql", "wql_ratio", "coverage_80", "coverage_95")
SCORE_COLUMNS: Final = (*SCORE_KEY, "forecasts", *SCORE_VALUES)
FLAG_KEY: Final = ("data_set", "rule", "threshold")
FLAG_VALUES: Final = (
    "base_rate",
    "auc",
    "brier_skill",
    "precision",
    "recall",
    "false_alarm_rate",
    "lead_months",
    "month_error",
)
FLAG_COLUMNS: Final = (*FLAG_KEY, "cases", *FLAG_VALUES)
RELIABILITY_KEY: Final = ("data_set", "rule", "bin")
RELIABILITY_COLUMNS: Final = (*RELIABILITY_KEY, "cases", "probability", "observed")


@dataclass(frozen=True)
class Backtest:
    """One evaluation. Frames have the columns above, one row per key, NaN where a number does not exist.

    - `scores`: `model` is FORECAST or one that stands beside it (NAIVE, ...), all on the same forecasts; `block` the
      months ahead ("1-3", ..., ALL_BLOCKS); `origin_year` the year of the last month known (ALL_YEARS = all).
      `wql` is scaled by the in-sample seasonal naive error, `wql_ratio` is `wql` over NAIVE's. Coverages are fractions.
    - `flags`: each rule at each threshold of its probability; `auc`, `brier_skill` and `base_rate` do not depend on it.
    - `reliability`: `bin` is the lower edge, `probability` the mean said, `observed` the share that came.
    """

    created_at: datetime
    code_version: str
    horizon: int
    step: int
    origins: int
    seconds: float
    scores: pd.DataFrame
    flags: pd.DataFrame
    reliability: pd.DataFrame


@dataclass(frozen=True)
class Target:
    """What is accepted and what is aimed at (FORECAST.md section 7). `at_most` tells the direction."""

    reach: float
    aim: float
    at_most: bool = True

    def reached(self, value: float, *, aim: bool = False) -> bool:
        """Whether a value is good enough; one that does not exist is not.

        >>> Target(0.97, 0.88).reached(0.95), Target(0.97, 0.88).reached(0.95, aim=True)
        (True, False)
        """
        limit = self.aim if aim else self.reach
        return value <= limit if self.at_most else value >= limit


WQL_TARGETS: Final = {  # measure -> loss over the best other model's
    "waiting": Target(1.00, 0.90),
    "within_limit_share": Target(0.97, 0.88),
    "performed": Target(1.00, 0.88),
}
COVERAGE_TARGETS: Final = {80: Target(0.05, 0.02), 95: Target(0.03, 0.01)}  # band -> distance from what it promises
FLAG_TARGETS: Final = {"brier_skill": Target(0.20, 0.30, at_most=False), "auc": Target(0.79, 0.85, at_most=False)}


def pooled(scores: pd.DataFrame) -> pd.DataFrame:
    """What all real sets say together: rows as `scores`, data set POOLED, means weighted by number of forecasts.

    Rows that the evaluation pooled itself are taken as they are. A model is left out where it does not stand beside the
    forecast in every set, since the others would be judged on easier or harder series. OWN series are not real sets.
    """
    own = scores[scores["data_set"] == POOLED]
    if len(own):
        return own
    real = scores[scores["data_set"] != OWN]
    where = ["measure", "block", "origin_year"]
    sets = real[real["model"] == FORECAST].groupby(where)["data_set"].nunique().rename("sets")
    grouped = real.groupby([*where, "model"])
    out = grouped["data_set"].nunique().rename("has").to_frame().join(sets, on=where)
    out["forecasts"] = grouped["forecasts"].sum()
    for name in SCORE_VALUES:
        weight = real["forecasts"].where(real[name].notna())
        parts = (real[name] * weight).groupby([real[c] for c in (*where, "model")]).sum(min_count=1)
        out[name] = parts / weight.groupby([real[c] for c in (*where, "model")]).sum()
    out = out[out["has"] == out["sets"]].reset_index().assign(data_set=POOLED)
    base = out[out["model"] == NAIVE].set_index(where)["wql"]  # a ratio of means, not a mean of ratios
    out["wql_ratio"] = out["wql"] / out[where].join(base, on=where)["wql"]
    return out[list(SCORE_COLUMNS)]


def best_other(scores: pd.DataFrame) -> tuple[str, float] | None:
    """Model and ratio: the forecast's loss over that of the best model that is not ours, in rows of one set, measure,
    block and year. None when either has no loss."""
    losses = scores.set_index("model")["wql"].dropna()
    others = losses.drop([FORECAST, UNCALIBRATED], errors="ignore")
    if FORECAST not in losses or others.empty or not others.min() > 0:
        return None
    return str(others.idxmin()), float(losses[FORECAST] / others.min())
