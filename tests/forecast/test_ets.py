"""Fitting and filtering are checked against statsmodels itself, month by month, for all four forms."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from lagesbild.forecast import ets
from lagesbild.forecast.ets import FORMS, filtered, fit_best, fit_form
from lagesbild.forecast.paths import simulate, widened
from tests.forecast.made_up import season, share_series

SERIES = share_series(74, np.linspace(1.1, 1.3, 74), noise=0.02).cumsum() / 30 + share_series(74, 1.0, noise=0.05)
FITTED = 60  # months fitted on
FREE = {"ETS(A,N,N)": 1, "ETS(A,Ad,N)": 3, "ETS(A,N,A)": 13, "ETS(A,Ad,A)": 15}  # parameters that widen the errors

each_form = pytest.mark.parametrize("form", FORMS, ids=lambda f: f.name)


def _theirs(values, form):
    return ETSModel(
        pd.Series(values),
        error="add",
        trend="add" if form.damped_trend else None,
        damped_trend=form.damped_trend,
        seasonal="add" if form.season else None,
        seasonal_periods=12 if form.season else None,
    )


@pytest.fixture(scope="module")
def fits():
    """Form's name -> (our parameters, statsmodels' result), on the first FITTED months."""
    return {
        f.name: (fit_form(SERIES[:FITTED], f), _theirs(SERIES[:FITTED], f).fit(disp=False, maxiter=200)) for f in FORMS
    }


def _seen(values, parameters):
    return filtered(values, np.ones(len(values), bool), parameters)


@each_form
def test_errors_and_forecasts_are_those_of_statsmodels(form, fits):
    ours, theirs = fits[form.name]
    assert ours["converged"]
    assert ours["form"] == form.name
    assert ours["aicc"] == pytest.approx(theirs.aicc)
    seen = _seen(SERIES[:FITTED], ours)
    errors = theirs.resid.to_numpy()
    assert seen.residuals == pytest.approx(widened(errors, FREE[form.name]), abs=1e-10)
    assert simulate(seen.state, np.zeros((1, 26)))[0] == pytest.approx(theirs.forecast(26).to_numpy(), abs=1e-10)


@each_form
@pytest.mark.parametrize("more", [1, 7, 14])
def test_a_longer_series_is_filtered_with_the_old_parameters_as_statsmodels_smooths_it(form, more, fits):
    ours, theirs = fits[form.name]
    longer = SERIES[: FITTED + more]
    smoothed = _theirs(longer, form).smooth(theirs.params.to_numpy())
    seen = _seen(longer, ours)
    assert seen.residuals == pytest.approx(widened(smoothed.resid.to_numpy(), FREE[form.name]), abs=1e-10)
    assert simulate(seen.state, np.zeros((1, 14)))[0] == pytest.approx(smoothed.forecast(14).to_numpy(), abs=1e-10)


@each_form
def test_shocks_move_the_paths_as_statsmodels_says(form, fits):
    """Feeding statsmodels one month more, smoothed with the same parameters, moves its forecast as our shock does."""
    ours, theirs = fits[form.name]
    longer = np.append(SERIES[:FITTED], theirs.forecast(1).iloc[0] + 0.2)
    moved = _theirs(longer, form).smooth(theirs.params.to_numpy()).forecast(13)
    shocks = np.zeros((1, 14))
    shocks[0, 0] = 0.2
    assert simulate(_seen(SERIES[:FITTED], ours).state, shocks)[0, 1:] == pytest.approx(moved.to_numpy(), abs=1e-9)


@each_form
def test_parameters_are_json(form, fits):
    ours = fits[form.name][0]
    again = json.loads(json.dumps(ours))
    assert again == ours
    assert (_seen(SERIES, again).residuals == _seen(SERIES, ours).residuals).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_lowest_aicc_of_the_four_forms_is_taken(seed):
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(0.02 * (seed % 2), 0.05, 60)) + (seed % 3) * season(60)
    every = [fit_form(values, form) for form in FORMS]
    best = min((f for f in every if f["converged"]), key=lambda f: f["aicc"])
    assert fit_best(values) == best


def _pretend(monkeypatch, aicc, *, converged=(True,) * 4, tried=None):
    def fit(scaled, form):
        k = FORMS.index(form)
        if tried is not None:
            tried.append(form.name)
        if aicc[k] is None:
            raise ValueError("too short")
        return {"form": form.name, "aicc": aicc[k], "converged": converged[k]}

    monkeypatch.setattr(ets, "fit_form", fit)


@pytest.mark.parametrize(
    "aicc, full_tried",
    [
        ((100.0, 105.0, 90.0, 80.0), True),  # both alone do as well as without
        ((100.0, 107.0, 90.0, 80.0), False),  # the trend costs what three useless parameters do
        ((100.0, 101.0, 111.0, 80.0), False),  # the season explains nothing
        ((100.0, 95.0, 106.0, 80.0), False),  # season against the better of the two
        ((None, 107.0, 90.0, 80.0), True),  # nothing to compare with
    ],
)
def test_trend_with_season_is_spared_where_it_cannot_win(monkeypatch, aicc, full_tried):
    tried = []
    _pretend(monkeypatch, aicc, tried=tried)
    found = fit_best(SERIES)
    assert ("ETS(A,Ad,A)" in tried) == full_tried
    assert (found["form"] == "ETS(A,Ad,A)") == full_tried


def test_a_form_that_did_not_converge_is_not_taken(monkeypatch):
    _pretend(monkeypatch, (100.0, 50.0, 90.0, 95.0), converged=(True, False, True, True))
    assert fit_best(SERIES)["form"] == "ETS(A,N,A)"


def test_when_no_form_converges_there_is_none(monkeypatch):
    _pretend(monkeypatch, (1.0, 2.0, 3.0, 4.0), converged=(False,) * 4)
    assert fit_best(SERIES) is None
    _pretend(monkeypatch, (None,) * 4)
    assert fit_best(SERIES) is None


def test_a_fit_that_is_stopped_says_that_it_did_not_converge(monkeypatch):
    monkeypatch.setattr(ets, "MAXITER", 1)
    assert not fit_form(SERIES[:FITTED], FORMS[1])["converged"]


def test_months_that_were_filled_say_nothing_of_the_errors(fits):
    ours, theirs = fits["ETS(A,N,A)"]
    observed = np.ones(FITTED, bool)
    observed[[20, 21, 40]] = False
    seen = filtered(SERIES[:FITTED], observed, ours)
    assert np.isnan(seen.residuals).tolist() == (~observed).tolist()
    kept = np.where(observed, theirs.resid.to_numpy(), np.nan)
    assert seen.residuals == pytest.approx(widened(kept, 13), nan_ok=True, abs=1e-10)
