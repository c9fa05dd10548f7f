"""The reduction of statsmodels' fits to state and residuals is checked against statsmodels itself."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.statespace.structural import UnobservedComponents

from lagesbild.domain.periods import Month
from lagesbild.forecast.models import FORMS, fit_ets, fit_level
from lagesbild.forecast.paths import simulate
from tests.forecast.made_up import share_series

SERIES = share_series(60, np.linspace(1.1, 1.3, 60), noise=0.02).cumsum() / 30 + share_series(60, 1.0, noise=0.05)


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.name)
def test_paths_without_shocks_are_statsmodels_forecast(form):
    theirs = ETSModel(
        pd.Series(SERIES),
        error="add",
        trend="add" if form.damped_trend else None,
        damped_trend=form.damped_trend,
        seasonal="add" if form.season else None,
        seasonal_periods=12 if form.season else None,
    ).fit(disp=False, maxiter=200)
    ours = fit_ets(SERIES, form)
    assert ours.converged
    assert ours.aicc == pytest.approx(theirs.aicc)
    assert simulate(ours.state, np.zeros((1, 14)))[0] == pytest.approx(theirs.forecast(14).to_numpy())


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.name)
def test_shocks_move_the_paths_as_statsmodels_says(form):
    """Feeding statsmodels one month more, smoothed with the same parameters, moves its forecast as our shock does."""
    options = {
        "error": "add",
        "trend": "add" if form.damped_trend else None,
        "damped_trend": form.damped_trend,
        "seasonal": "add" if form.season else None,
        "seasonal_periods": 12 if form.season else None,
    }
    fitted = ETSModel(pd.Series(SERIES), **options).fit(disp=False, maxiter=200)
    longer = pd.Series(np.append(SERIES, fitted.forecast(1).iloc[0] + 0.2))
    moved = ETSModel(longer, **options).smooth(fitted.params.to_numpy()).forecast(13)
    shocks = np.zeros((1, 14))
    shocks[0, 0] = 0.2
    assert simulate(fit_ets(SERIES, form).state, shocks)[0, 1:] == pytest.approx(moved.to_numpy(), abs=1e-6)


def test_a_level_with_gaps_forecasts_like_the_kalman_filter():
    rng = np.random.default_rng(4)
    values = np.cumsum(rng.normal(0, 0.1, 70)) + rng.normal(0, 0.1, 70)
    values[20:26] = np.nan
    fitted = fit_level(values, Month(2020, 1))
    theirs = UnobservedComponents(values, "local level").fit(disp=False)
    # no season in the data: the profile is shrunk to almost nothing and the level is the filter's
    assert simulate(fitted.state, np.zeros((1, 1)))[0, 0] == pytest.approx(theirs.forecast(1)[0], abs=0.08)
    assert np.isnan(fitted.residuals[20:26]).all()
    assert np.nanstd(fitted.residuals[-40:]) == pytest.approx(
        np.sqrt(theirs.get_forecast(1).var_pred_mean[0]), rel=0.35
    )


def test_a_gappy_season_is_carried_forward():
    values = share_series(60, 0.8, noise=0.004)
    values[[10, 11, 12, 31]] = np.nan
    path = simulate(fit_level(values, Month(2021, 1)).state, np.zeros((1, 12)))[0]
    assert int(np.argmin(path)) == 7
    assert path.max() - path.min() == pytest.approx(0.12, abs=0.02)
