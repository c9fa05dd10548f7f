"""The three simple forecasts: their formulas once more, month by month."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from scipy.stats import norm

from lagesbild.forecast.peers import LEVELS
from lagesbild.forecast.references import REFERENCES

Y = np.cumsum(np.random.default_rng(2).normal(0.02, 0.1, 40)) + 5


def _by_hand(name: str, y: list[float], h: int) -> tuple[float, float]:
    """Middle and spread `h` months ahead."""
    n = len(y)
    steps = [y[t] - y[t - 1] for t in range(1, n)]
    mean = sum(steps) / (n - 1)
    spread = math.sqrt(sum((s - mean) ** 2 for s in steps) / (n - 1))
    if name == "naive":
        return y[-1], spread * math.sqrt(h)
    if name == "drift":
        return y[-1] + mean * h, spread * math.sqrt(h * (1 + h / (n - 1)))
    years = [y[t] - y[t - 12] for t in range(12, n)]
    off = math.sqrt(sum(e * e for e in years) / len(years))
    return y[n - 12 + (h - 1) % 12], off * math.sqrt((h - 1) // 12 + 1)


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: r.name)
def test_the_formula_written_out(reference):
    found = pickle.loads(pickle.dumps(reference)).quantiles(Y, 15)
    assert found.shape == (7, 15)
    for h in range(1, 16):
        middle, spread = _by_hand(reference.name, Y.tolist(), h)
        assert found[:, h - 1] == pytest.approx(middle + spread * norm.ppf(LEVELS), abs=1e-5)


def test_their_names():
    assert [r.name for r in REFERENCES] == ["naive", "seasonal naive", "drift"]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: r.name)
@pytest.mark.parametrize("y", [np.arange(12.0), np.r_[np.arange(30.0), np.nan]])
def test_what_they_cannot_forecast_is_a_value_error(reference, y):
    with pytest.raises(ValueError, match=reference.name):
        reference.quantiles(y, 3)
