"""The cache of fits: what is kept comes back to the last digit, what is there is never changed."""

from __future__ import annotations

import math
import threading

import pytest

from lagesbild.data import fits as module
from lagesbild.data.fits import PgFitStore
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.fits import FitStore, MemoryFits
from lagesbild.domain.periods import Month

ANCHOR = Month(2026, 9)


def _key(n: int, data_hash: str = "a1"):
    return (f"{n:02d}", "katarakt", "waiting", ANCHOR, data_hash)


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.database)])
def store(request) -> FitStore:
    return MemoryFits() if request.param == "memory" else PgFitStore(request.getfixturevalue("database"))


def _pairs(*numbers: int):
    return [_key(n)[:2] for n in numbers]


def test_fits_come_back_to_the_last_digit(store):
    fit = {
        "alpha": 0.1 + 0.2,
        "tiny": 5e-324,
        "states": [math.pi, -1e-17, 12345.678901234567],
        "form": "A,Ad,N",
        "n": 3,
    }
    store.keep({_key(1): fit, _key(2): {"alpha": 1.0, "none": None, "nested": {"å": [True]}}})
    assert store.latest(_pairs(1, 2, 2)) == {
        _key(1): fit,
        _key(2): {"alpha": 1.0, "none": None, "nested": {"å": [True]}},
    }


def test_only_the_pairs_asked_for_and_known_are_given(store):
    store.keep({_key(1): {"a": 1}, _key(2): {"a": 2}})
    assert store.latest(_pairs(2, 3)) == {_key(2): {"a": 2}}
    assert store.latest([]) == {}


def test_the_newest_of_each_measure_and_anchor_is_given(store):
    earlier = (*_key(1)[:3], ANCHOR - 3, "a1")
    store.keep({_key(1): {"a": 1}, earlier: {"a": 0}})
    store.keep({_key(1, "b2"): {"a": 2}})
    assert store.latest(_pairs(1)) == {_key(1, "b2"): {"a": 2}, earlier: {"a": 0}}


def test_a_kept_fit_is_never_changed(store):
    store.keep({_key(1): {"a": 1}})
    store.keep({_key(1): {"a": 2}, _key(2): {"a": 2}})
    store.keep({})
    assert store.latest(_pairs(1, 2)) == {_key(1): {"a": 1}, _key(2): {"a": 2}}


@pytest.mark.database
def test_many_batches_are_one_transaction(database, monkeypatch):
    monkeypatch.setattr(module, "_BATCH", 7)
    store = PgFitStore(database)
    fits = {_key(n): {"n": n} for n in range(50)}
    store.keep(fits)
    assert store.latest(_pairs(*range(50))) == fits
    with pytest.raises(ValueError):
        store.keep({**{_key(n, "new"): {"n": n} for n in range(50)}, _key(60): {"n": math.nan}})
    assert store.latest(_pairs(*range(61))) == fits


@pytest.mark.database
def test_two_runs_that_keep_the_same_fits_at_once_both_succeed(database):
    fits = {_key(n): {"n": n} for n in range(2_000)}
    turned = dict(reversed(fits.items()))
    failed = []

    def keep(mine):
        try:
            PgFitStore(database).keep(mine)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=keep, args=(mine,)) for mine in (fits, turned, fits)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert PgFitStore(database).latest(_pairs(*range(2_000))) == fits


@pytest.mark.database
def test_the_cache_is_no_news_to_readers_and_closed_to_their_pen(database, open_as):
    before = PgSource(database).version()
    PgFitStore(database).keep({_key(1): {"a": 1}})
    assert PgSource(database).version() == before
    reader = PgFitStore(open_as("read"))
    assert reader.latest(_pairs(1)) == {_key(1): {"a": 1}}
    with pytest.raises(DatabaseUnavailableError):
        reader.keep({_key(2): {"a": 2}})
