"""Paths come back as they were, from memory and from the file; a full disk is told in Swedish."""

from __future__ import annotations

import resource
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lagesbild.jobs.path_store import PathStore

KEYS = st.tuples(
    st.sampled_from(["", "01", "03"]), st.sampled_from(["kat", "kna"]), st.sampled_from(["waiting", "added"])
)
VALUES = arrays.arrays(np.dtype("<f4"), st.tuples(st.integers(0, 5), st.integers(1, 4)))


@given(st.lists(st.tuples(KEYS, VALUES), max_size=12), st.sampled_from([1, 40, 10_000]))
def test_it_holds_what_a_dict_would(given_: list[tuple[tuple[str, str, str], np.ndarray]], in_memory: int) -> None:
    store, plain = PathStore(in_memory), {}
    for key, values in given_:
        store[key] = values
        plain[key] = values
    assert list(store) == list(plain)
    assert len(store) == len(plain)
    for key, values in store.items():
        assert values.dtype == plain[key].dtype
        np.testing.assert_array_equal(values, plain[key])


def test_what_is_got_is_ones_own_and_what_is_deleted_is_gone() -> None:
    store = PathStore(1)
    store["01", "kat", "waiting"] = np.ones((2, 3))
    store["01", "kat", "waiting"] += 1
    assert store["01", "kat", "waiting"].tolist() == [[2.0] * 3] * 2
    del store["01", "kat", "waiting"]
    with pytest.raises(KeyError):
        store["01", "kat", "waiting"]
    assert not store


FULL = """
import resource, signal, numpy as np
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then writing past the limit is an error like that of a full disk
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
from lagesbild.domain.errors import ForecastError
from lagesbild.jobs.path_store import PathStore
store = PathStore(1_000)
try:
    for k in range(100):
        store["01", str(k), "waiting"] = np.zeros((1000, 12), "<f4")
except ForecastError as error:
    print(k, error)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="the system has no such limit")
def test_a_disk_that_is_full_is_told() -> None:
    done = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True, check=True)
    at, told = done.stdout.split(" ", 1)
    assert 1 <= int(at) <= 20
    assert told.startswith("Prognosens utfall får inte plats i en tillfällig fil: ")
    assert "TMPDIR" in told
