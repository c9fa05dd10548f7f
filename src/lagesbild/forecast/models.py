"""Fitting with statsmodels: exponential smoothing in four forms, and a local level where months are missing inside.

A fitted model is reduced to its state, its residuals and its name; the paths are then drawn in `paths.simulate`.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.statespace.structural import UnobservedComponents

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import month_numbers, month_profile
from lagesbild.forecast.paths import EtsState

PERIOD: Final = 12
MAXITER: Final = 200  # the fits met need 6-76 iterations; one that needs more is not going anywhere
_LARGEST_INFLATION: Final = 1.5


@dataclass(frozen=True)
class Form:
    """One form of additive exponential smoothing."""

    name: str
    damped_trend: bool
    season: bool


FORMS: Final = (
    Form("ETS(A,N,N)", damped_trend=False, season=False),
    Form("ETS(A,Ad,N)", damped_trend=True, season=False),
    Form("ETS(A,N,A)", damped_trend=False, season=True),
    Form("ETS(A,Ad,A)", damped_trend=True, season=True),
)


@dataclass(frozen=True)
class Fitted:
    """A model fitted to a series on its scale. `residuals`: one a month, NaN where the series has none, widened
    for the parameters spent."""

    name: str
    state: EtsState
    residuals: np.ndarray
    aicc: float
    converged: bool


def widened(residuals: np.ndarray, parameters: int) -> np.ndarray:
    """Residuals times sqrt(n / (n - parameters)): in-sample errors are smaller than those to come."""
    n = int((~np.isnan(residuals)).sum())
    factor = min(_LARGEST_INFLATION, np.sqrt(n / max(n - parameters, 1)))
    out: np.ndarray = residuals * factor
    return out


def fit_ets(scaled: np.ndarray, form: Form) -> Fitted:
    """Fit one form to a series without missing months. Raises ValueError or LinAlgError when statsmodels cannot.

    statsmodels reports failed convergence both as a warning and in `mle_retvals`; the latter is what is kept.
    """
    model = ETSModel(
        pd.Series(scaled),  # on a plain array statsmodels 0.15 loses the names of the states
        error="add",
        trend="add" if form.damped_trend else None,
        damped_trend=form.damped_trend,
        seasonal="add" if form.season else None,
        seasonal_periods=PERIOD if form.season else None,
        initialization_method="estimated",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what matters is in mle_retvals and in the checks below
        result: Any = model.fit(disp=False, maxiter=MAXITER)
    named = dict(zip(model.param_names, np.asarray(result.params, float), strict=True))
    states = result.states
    phi = named.get("damping_trend", 0.0)
    aicc = float(result.aicc)
    residuals = np.asarray(result.resid, float)
    if not (np.isfinite(aicc) and np.isfinite(residuals).all()):
        raise ValueError("the fit is not finite")
    free = 1 + 2 * form.damped_trend + form.season  # smoothing parameters and damping; the initial states fade
    return Fitted(
        form.name,
        EtsState(
            level=float(states["level"].iloc[-1]),
            trend=float(states["trend"].iloc[-1]) if form.damped_trend else 0.0,
            # the last twelve seasonal states: the oldest is the first month ahead's
            season=states["seasonal"].to_numpy(float)[-PERIOD:].copy() if form.season else np.empty(0),
            alpha=named["smoothing_level"],
            beta=named.get("smoothing_trend", 0.0),
            gamma=named.get("smoothing_seasonal", 0.0),
            phi=phi,
        ),
        widened(residuals, free + (PERIOD - 1) * form.season),
        aicc,
        bool(result.mle_retvals.get("converged", False)),
    )


def fit_level(scaled: np.ndarray, first: Month) -> Fitted:
    """Local level by Kalman filter, with the shrunk month profile: takes missing months as they are.

    Twelve free seasonal states would need more years than a gappy series has, so the season is the profile of
    `domain.seasonal`. The filter's last gain is the smoothing parameter, so the paths come from the same simulation.
    Raises ValueError or LinAlgError when statsmodels cannot.
    """
    profile = month_profile(scaled, first)
    flat = scaled - profile[month_numbers(first, len(scaled))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result: Any = UnobservedComponents(flat, "local level").fit(disp=False, maxiter=MAXITER)
    irregular, drift = np.asarray(result.params, float)
    predicted = np.asarray(result.filter_results.predicted_state, float)[0]
    errors = np.asarray(result.filter_results.standardized_forecasts_error, float)[0]
    errors[: int(np.flatnonzero(~np.isnan(scaled))[0]) + 1] = np.nan  # the diffuse start has no error
    ratio = drift / irregular if irregular > 0 else np.inf
    steady = (ratio + np.sqrt(ratio**2 + 4 * ratio)) / 2 if np.isfinite(ratio) else np.inf  # variance of the level
    alpha = steady / (steady + 1) if np.isfinite(steady) else 1.0
    spread = np.sqrt(irregular * (steady + 1)) if np.isfinite(steady) else np.sqrt(drift)
    errors = np.where(np.isnan(scaled), np.nan, errors) * spread
    if not np.isfinite(predicted[-1]) or not np.isfinite(errors[~np.isnan(errors)]).all():
        raise ValueError("the fit is not finite")
    ahead = (first + len(scaled)).month - 1
    return Fitted(
        "UC",
        EtsState(float(predicted[-1]), 0.0, np.roll(profile, -ahead), float(alpha), 0.0, 0.0, 0.0),
        widened(errors, 2),
        float(result.aicc),
        bool(result.mle_retvals.get("converged", False)),
    )
