"""Funnel limits: the published oracle, over-dispersion by hand, and when there is no funnel."""

import math

import numpy as np
import pytest

from lagesbild.domain.funnel import Z95, Z998, funnel, plain_limits


def test_plain_limits_equal_the_oracle():
    assert plain_limits(0.72, 500, Z95) == pytest.approx((0.6806, 0.7594), abs=5e-5)
    assert plain_limits(0.72, 500, Z998) == pytest.approx((0.6580, 0.7820), abs=5e-5)


def _by_hand(shares, sizes, centre):
    z = sorted((p - centre) / math.sqrt(centre * (1 - centre) / n) for p, n in zip(shares, sizes, strict=True))

    def quantile(q):  # linear between neighbours
        at = q * (len(z) - 1)
        k = min(int(at), len(z) - 2)
        return z[k] + (at - k) * (z[k + 1] - z[k])

    low, high = quantile(0.1), quantile(0.9)
    return sum(min(max(x, low), high) ** 2 for x in z) / len(z)


def test_over_dispersion_is_the_mean_of_winsorised_squares():
    rng = np.random.default_rng(3)
    sizes = rng.integers(80, 2000, 21).astype(float)
    shares = np.clip(0.85 + rng.normal(0, 0.05, 21), 0, 1)
    found = funnel(shares, sizes, 0.85)
    assert found.phi == pytest.approx(_by_hand(shares, sizes, 0.85))
    assert found.widening == pytest.approx(math.sqrt(found.phi))
    low, high = found.limits(500.0)
    assert high - low == pytest.approx(2 * Z95 * found.widening * math.sqrt(0.85 * 0.15 / 500))


def test_pure_chance_is_never_narrowed():
    shares = np.full(10, 0.85)
    found = funnel(shares, np.full(10, 400.0), 0.85)
    assert found.phi == 0
    assert found.widening == 1
    assert found.places() == ["inside"] * 10


def test_one_extreme_region_is_outside_without_widening_the_limits_for_itself():
    rng = np.random.default_rng(1)
    sizes = np.full(21, 1000.0)
    shares = 0.85 + rng.normal(0, math.sqrt(0.85 * 0.15 / 1000), 21)
    shares[4] = 0.60
    places = funnel(shares, sizes, 0.85).places()
    assert places[4] == "outside"
    assert places.count("outside") == 1


@pytest.mark.parametrize(
    ("shares", "sizes", "centre"),
    [([0.8] * 4, [100.0] * 4, 0.8), ([0.8] * 6, [100.0] * 6, 1.0), ([0.8] * 6, [100.0] * 5 + [0.0], 0.8)],
)
def test_no_funnel_without_enough_to_compare(shares, sizes, centre):
    assert funnel(np.array(shares), np.array(sizes), centre) is None
