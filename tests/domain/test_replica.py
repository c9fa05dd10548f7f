"""Since when the replica has lacked something, and what it may be used for, against the plainest way to tell."""

from __future__ import annotations

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain import replica
from lagesbild.domain.replica import IN_SWEDISH, Condition, Lag, Limits, Look, judge

LIMITS = Limits(lag_seconds=10, check_seconds=2)
# (which server is looked at, how much its version has grown)
LOOKS = st.lists(st.tuples(st.booleans(), st.integers(0, 3)), min_size=1, max_size=40)


def test_examples() -> None:
    assert doctest.testmod(replica).failed == 0


@given(LOOKS, st.integers(0, 5))
def test_the_lag_is_since_the_primary_was_first_seen_with_what_the_replica_lacks(
    looks: list[tuple[bool, int]], start: int
) -> None:
    lag, now, has, copied, seen = Lag(), 0.0, start, 0, []
    for primary, growth in looks:
        now += 1
        if primary:
            has += growth
            lag.saw_primary(now, has)
            seen.append((-math.inf if not seen else now, has))
        else:
            copied = min(copied + growth, has)
            lag.saw_replica(copied)
        known = copied if any(not p for p, _ in looks[: int(now)]) else -1
        missing = [at for at, version in seen if version > known]
        assert lag.since == (min(missing) if missing else None)


def test_a_replica_made_anew_from_an_older_backup_lacks_what_the_last_one_had() -> None:
    lag = Lag()
    lag.saw_replica(7)
    lag.saw_primary(1.0, 7)
    assert lag.since is None
    lag.saw_replica(3)
    assert lag.since == -math.inf
    lag.saw_replica(7)
    assert lag.since is None


@pytest.mark.parametrize(
    "primary, copy, lag, expected",
    [
        (Look(9, 7, server="a"), Look(9, 7, True, "b"), 0.0, "well"),
        (Look(9, 7, server="a"), Look(9, 6, True, "b"), 10.0, "well"),
        (Look(9, 7, server="a"), Look(9, 6, True, "b"), 10.1, "behind"),
        (Look(9, 7, server="a"), Look(9, 6, True, "b"), math.inf, "behind"),
        (Look(9, 7, server="a"), Look(9), 0.0, "down"),
        (Look(9, 7, server="a"), Look(2, 7, True, "b"), 0.0, "down"),  # the last look is older than three and a bit
        (Look(9, 7, server="a"), Look(9, 9, False, "b"), 0.0, "not_a_copy"),
        (Look(9, 7, server="a"), Look(9, 7, False, "a"), 0.0, "well"),  # one server by two addresses
        (Look(9), Look(9, 6, True, "b"), math.inf, "well"),  # nothing to compare with: it is what is left
        (Look(2, 7, server="a"), Look(9, 6, False, "b"), 99.0, "well"),
    ],
)
def test_what_the_replica_is_good_for(primary: Look, copy: Look, lag: float, expected: Condition) -> None:
    assert judge(primary, copy, lag, 10.0, LIMITS) == expected
    assert IN_SWEDISH[expected]
