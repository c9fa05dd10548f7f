"""Expected wait, days, of a person added at the end of a month, first come, first served, on sample paths.

Everybody on the list leaves before the newcomer does, so the wait is the time until as many have left as stood there.
(Lägesbild; with constant outflow it is Little's law, `capacity.expected_wait_days`.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from lagesbild.domain.capacity import DAYS_PER_MONTH

YEAR: Final = 12
_NOBODY: Final = 1e-9  # patients: what rounding leaves of none, which nothing may be divided by


def outflow_paths(
    performed_paths: np.ndarray, waiting_paths: np.ndarray, waiting_now: float | None, removed_rate: float
) -> np.ndarray:
    """Patients who leave the list in each month, (paths, horizon): performed and those removed without treatment.

    `removed_rate` is the fraction of the list that a month removes; it acts on the list at the month's start, which is
    `waiting_now` in the first month (the end of that month where it is not known).

    >>> outflow_paths(np.array([[400.0, 400.0]]), np.array([[1000.0, 900.0]]), 1200.0, 0.05).tolist()
    [[460.0, 450.0]]
    """
    waiting = np.maximum(0.0, np.asarray(waiting_paths, float))
    start = waiting[:, :1] if waiting_now is None else np.full((len(waiting), 1), float(waiting_now))
    out: np.ndarray = np.maximum(0.0, performed_paths) + removed_rate * np.hstack([start, waiting[:, :-1]])
    return out


def first_come_wait_days(
    waiting_paths: np.ndarray, outflow_paths: np.ndarray, outflow_last_year: Sequence[float] | np.ndarray
) -> np.ndarray:
    """Days until the outflow after each month has reached that month's list; float array (paths, horizon).

    Outflow is even inside a month. Beyond the horizon the twelve months that end with it are repeated:
    `outflow_last_year` (observed, oldest first, patients per month) followed by the path. NaN where nothing leaves.

    A list of 1 200 of whom 400 leave each month, and one where nobody leaves:

    >>> first_come_wait_days(np.full((1, 2), 1200.0), np.full((1, 2), 400.0), [400.0] * 12).round(2).tolist()
    [[91.31, 91.31]]
    >>> first_come_wait_days(np.full((1, 1), 1200.0), np.zeros((1, 1)), [0.0] * 12).tolist()
    [[nan]]

    July, with nobody leaving, is waited through: 600 persons at the end of May leave in June and August.

    >>> leaves = np.array([[400.0, 400.0, 0.0, 400.0]])
    >>> wait = first_come_wait_days(np.full((1, 4), 600.0), leaves, [400.0] * 12)
    >>> float(round(wait[0, 0] / DAYS_PER_MONTH, 6))
    2.5
    """
    waiting = np.asarray(waiting_paths, float)
    ahead = _leaving(outflow_paths)
    n, horizon = waiting.shape
    before = np.broadcast_to(_leaving(outflow_last_year), (n, len(outflow_last_year)))
    year = np.hstack([before, ahead])[:, -YEAR:]
    months = np.hstack([ahead, year])  # what the path says, then one year of repetition
    left = np.hstack([np.zeros((n, 1)), np.cumsum(months, axis=1)])  # by the end of each month from now
    at_end, a_year = left[:, horizon, None], year.sum(axis=1)[:, None]
    wanted = left[:, 1 : horizon + 1] + waiting
    with np.errstate(divide="ignore", invalid="ignore"):
        # whole rounds of the repeated year are taken off first, so that one year of repetition is always enough
        rounds = np.where(wanted > at_end, np.ceil((wanted - at_end) / a_year) - 1, 0.0)
        rounds = np.maximum(rounds, 0.0)
        rest = np.where(rounds > 0, wanted - rounds * a_year, wanted)
        month = np.clip((left[:, None, 1:] < rest[:, :, None]).sum(axis=2), 0, months.shape[1] - 1)
        rows = np.arange(n)[:, None]
        part = (rest - left[rows, month]) / months[rows, month]
    reached = month + np.clip(part, 0.0, 1.0) + rounds * year.shape[1]
    wait = np.maximum(0.0, reached - np.arange(1, horizon + 1)) * DAYS_PER_MONTH
    never = (a_year <= 0) & (wanted > at_end)
    out: np.ndarray = np.where(never, np.nan, np.where(waiting <= 0, 0.0, wait))
    return out


def _leaving(outflow: Sequence[float] | np.ndarray) -> np.ndarray:
    values = np.asarray(outflow, float)
    return np.where(values < _NOBODY, 0.0, values)  # NaN stays NaN


def wait_days_now(
    waiting_now: float,
    waiting_paths: np.ndarray,
    performed_paths: np.ndarray,
    removed_rate: float,
    outflow_last_year: Sequence[float] | np.ndarray,
) -> np.ndarray:
    """The same for a person added now, at the end of the last month known; float array (paths,).

    >>> w, p = np.full((2, 3), 1200.0), np.array([[400.0] * 3, [600.0] * 3])
    >>> wait_days_now(1200.0, w, p, 0.0, [500.0] * 12).round(2).tolist()
    [91.31, 60.88]
    """
    waiting = np.asarray(waiting_paths, float)
    leaving = outflow_paths(performed_paths, waiting, waiting_now, removed_rate)
    # a month of nothing before, at whose end the person is added: then what comes is as for any other month
    start = np.full((len(waiting), 1), float(waiting_now))
    nothing = np.zeros((len(waiting), 1))
    days = first_come_wait_days(np.hstack([start, waiting]), np.hstack([nothing, leaving]), outflow_last_year)
    return np.asarray(days[:, 0])
