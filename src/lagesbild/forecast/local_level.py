"""Local level with the shrunk month profile: statsmodels' unobserved components, which take missing months as they are.

Twelve free seasonal states would need more years than a gappy series has, so the season is the profile of
`domain.seasonal`. statsmodels estimates the two variances; the Kalman filter of a level is four lines.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from statsmodels.tsa.statespace.structural import UnobservedComponents

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import month_numbers, month_profile
from lagesbild.forecast.ets import MAXITER, Parameters
from lagesbild.forecast.paths import EtsState, Filtered, widened

LONG_GAP: Final = 2  # months missing after which the first error is a jump over the gap, not noise


def fit_level(scaled: np.ndarray, first: Month) -> Parameters:
    """Variances of a local level around the month profile, NaN allowed. Raises ValueError or LinAlgError when
    statsmodels cannot."""
    profile = month_profile(scaled, first)
    flat = scaled - profile[month_numbers(first, len(scaled))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result: Any = UnobservedComponents(flat, "local level").fit(disp=False, maxiter=MAXITER)
    irregular, drift = (float(x) for x in np.asarray(result.params, float))
    if not (math.isfinite(irregular) and math.isfinite(drift) and irregular >= 0 and drift >= 0 and irregular + drift):
        raise ValueError("the fit is not finite")
    return {
        "irregular": irregular,
        "drift": drift,
        "converged": bool(result.mle_retvals.get("converged", False)),
        "profile": [float(x) for x in profile],
    }


def level_filtered(scaled: np.ndarray, first: Month, parameters: Mapping[str, Any]) -> Filtered:
    """Filter a series (n,), NaN allowed, with given variances: the level it ends in and its one-step errors.

    The gain settles at its steady value, so what comes after is simple exponential smoothing with that alpha.
    """
    profile = np.array(parameters["profile"])
    flat = scaled - profile[month_numbers(first, len(scaled))]
    irregular, drift = float(parameters["irregular"]), float(parameters["drift"])
    errors = np.full(len(flat), np.nan)
    level, variance, missing = math.nan, math.inf, 0
    for t, y in enumerate(flat.tolist()):
        if math.isnan(y):
            variance += drift
            missing += 1
            continue
        if math.isinf(variance):  # the diffuse start: the first value is the level
            level, variance = y, irregular + drift
        else:
            if missing <= LONG_GAP:
                errors[t] = y - level
            gain = variance / (variance + irregular) if variance + irregular > 0 else 1.0
            level += gain * (y - level)
            variance = variance * (1 - gain) + drift
        missing = 0
    alpha = _steady_gain(irregular, drift)
    ahead = (first + len(scaled)).month - 1
    return Filtered("UC", EtsState(level, 0.0, np.roll(profile, -ahead), alpha, 0.0, 0.0, 0.0), widened(errors, 2))


def _steady_gain(irregular: float, drift: float) -> float:
    """The gain the filter settles at: q = drift / irregular, P = (q + sqrt(q^2 + 4q)) / 2, gain P / (P + 1)."""
    if irregular <= 0:
        return 1.0
    ratio = drift / irregular
    steady = (ratio + math.sqrt(ratio**2 + 4 * ratio)) / 2
    return steady / (steady + 1)
