"""A small made-up evaluation with everything in it: two real sets and one's own, flags and reliability."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd

from lagesbild.domain.backtest import (
    ALL_BLOCKS,
    ALL_YEARS,
    FLAG_COLUMNS,
    RELIABILITY_COLUMNS,
    SCORE_COLUMNS,
    Backtest,
)

CREATED = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
# data set, measure -> model -> (forecasts, mase, wql, coverage 80, coverage 95)
WHOLE = {
    ("a", "waiting"): {
        "forecast": (100, 0.9, 0.50, 0.80, 0.95),
        "naive": (100, 1.0, 0.60, 0.78, 0.90),
        "AutoETS": (100, 0.95, 0.55, 0.79, 0.92),
        "AutoTheta": (100, 0.94, 0.10, 0.79, 0.92),  # stands beside one set only: must not be the best of all
    },
    ("b", "waiting"): {
        "forecast": (300, 0.7, 0.30, 0.84, 0.97),
        "naive": (300, 1.0, 0.40, 0.78, 0.90),
        "AutoETS": (300, 0.95, 0.35, 0.79, 0.92),
    },
    ("own", "waiting"): {"forecast": (10, 9.0, 9.0, 0.10, 0.20), "naive": (10, 1.0, 1.0, 0.8, 0.9)},
    ("b", "performed"): {"forecast": (50, 1.2, 0.7, np.nan, 0.9), "naive": (50, 1.3, 0.7, 0.7, 0.9)},
}


def made_up_backtest() -> Backtest:
    scores = []
    for (data_set, measure), models in WHOLE.items():
        for model, (n, mase, wql, c80, c95) in models.items():
            ratio = wql / models["naive"][2]
            for block, year in ((ALL_BLOCKS, ALL_YEARS), ("1-3", ALL_YEARS), ("10-12", ALL_YEARS), (ALL_BLOCKS, 2019)):
                less = 0.03 if year else 0.0
                row = (data_set, measure, model, block, year, n, 12.5, mase, wql, ratio, c80 - less, c95 - less)
                scores.append(row)
    flags = [
        ("a", "forecast", 0.3, 500, 0.2, 0.81, 0.25, 0.5, 0.6, 0.15, 3.5, 1.25),
        ("a", "forecast", 0.5, 500, 0.2, 0.81, 0.25, 0.67, 0.3, 0.04, 3.0, np.nan),
        ("a", "trend", 0.5, 500, 0.2, 0.63, -0.36, 0.45, 0.37, 0.12, np.nan, np.nan),
    ]
    reliability = [("a", "forecast", 0.0, 300, 0.04, 0.07), ("a", "forecast", 0.1, 200, 0.15, 0.14)]
    return Backtest(
        CREATED,
        "0.2.0",
        12,
        3,
        8,
        12.5,
        pd.DataFrame(scores, columns=list(SCORE_COLUMNS)),
        pd.DataFrame(flags, columns=list(FLAG_COLUMNS)),
        pd.DataFrame(reliability, columns=list(RELIABILITY_COLUMNS)),
    )
