"""What a series is before a model sees it: masks, rebasing, gaps at the ends, and the words about them."""

import numpy as np
import pytest

from lagesbild.domain.periods import Month
from lagesbild.domain.source import Break
from lagesbild.forecast.series import prepare

FIRST = Month(2020, 1)


def _prepare(values, measure="waiting", breaks=()):
    return prepare(np.asarray(values, float), FIRST, breaks, region="01", care_area="kna", measure=measure)


def _break(kind, first, last=None, region="", area=""):
    return Break(region, area, first, last, kind, "orsak")


MASK = _break("mask", Month(2020, 3), Month(2021, 6))


@pytest.mark.parametrize("measure", ["added", "performed"])
def test_masked_months_are_missing_in_production(measure):
    series = _prepare(np.arange(60.0) + 1, measure, [MASK])
    masked = series.values[2:18]
    assert np.isnan(masked).all()
    assert series.observed == 60 - 16


@pytest.mark.parametrize("measure", ["waiting", "within_limit_share"])
def test_masked_months_are_kept_in_the_list(measure):
    assert _prepare(np.full(60, 0.5), measure, [MASK]).observed == 60


def test_breaks_of_others_do_not_apply():
    others = [_break("mask", FIRST, None, region="02"), _break("mask", FIRST, None, area="grå")]
    assert _prepare(np.ones(60), "added", others).observed == 60


def test_after_a_system_change_only_the_new_level_counts():
    values = np.r_[np.full(30, 100.0), np.arange(30) + 500.0]
    series = _prepare(values, breaks=[_break("system_change", FIRST + 28, FIRST + 29)])
    assert series.first == FIRST + 30
    assert series.values.min() == 500
    assert series.note == ""


def test_a_recent_system_change_is_told_instead():
    series = _prepare(np.arange(60.0), breaks=[_break("system_change", FIRST + 50, FIRST + 50)])
    assert series.observed == 60
    assert "Systembyte i mars 2024" in series.note


def test_an_older_change_is_used_though_a_newer_one_is_too_recent():
    changes = [_break("definition_change", FIRST + 20, FIRST + 20), _break("system_change", FIRST + 55, None)]
    series = _prepare(np.arange(60.0), breaks=changes)
    assert series.first == FIRST + 21
    assert "Systembyte i augusti 2024" in series.note


def test_empty_months_at_the_ends_are_cut_and_the_tail_is_told():
    values = np.r_[[np.nan] * 3, np.arange(40.0), [np.nan] * 2]
    series = _prepare(values)
    assert series.first == FIRST + 3
    assert (series.tail, len(series.values), series.gappy) == (2, 40, False)
    assert series.note.startswith("De senaste två månaderna saknas")
    assert _prepare(values[:-1]).note.startswith("Den senaste månaden saknas")


def test_two_years_are_needed():
    assert _prepare(np.arange(23.0)).refusal == "För kort serie för prognos: 23 av minst 24 månader."
    assert _prepare(np.arange(24.0)).refusal == ""
    assert _prepare([np.nan] * 30).refusal == "Serien har inga värden."


def test_a_series_that_ended_long_ago_is_refused():
    assert _prepare(np.r_[np.arange(30.0), [np.nan] * 12]).refusal == ""
    refusal = _prepare(np.r_[np.arange(30.0), [np.nan] * 13]).refusal
    assert refusal == "Ingen prognos: det senaste värdet är från juni 2022."
