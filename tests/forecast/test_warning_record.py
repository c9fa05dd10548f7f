"""The record of warnings: what would have been said at each month, by what was known then."""

from __future__ import annotations

import numpy as np
import pytest

from lagesbild.domain.gap_openings import NEVER
from lagesbild.domain.gap_status import status_of
from lagesbild.domain.periods import Month
from lagesbild.domain.recalibration import IDENTITY
from lagesbild.forecast.recalibrating import Cases, adapted, cases_of
from lagesbild.forecast.replay import Replay
from lagesbild.forecast.warning_record import past_only, warning_record
from tests.forecast.test_recalibrating import ORIGIN, _structure, cases


def test_every_origin_has_the_rule_that_could_have_been_learnt_by_then():
    some = cases(150)
    found = past_only(some, IDENTITY)
    for k in range(150):
        rule = adapted(some, int(some.origin[k]), IDENTITY)
        assert found[k] == pytest.approx(rule.of(some.x[k : k + 1])[0])
    assert not np.isnan(found).any()


def test_what_comes_later_changes_no_probability_said_before():
    some = cases(150)
    now = ORIGIN + 25
    changed = Cases(**{**vars(some), "opened": np.where(some.origin + 12 > now, 1, some.opened)})
    before = some.origin <= now
    assert (past_only(some, IDENTITY)[before] == past_only(changed, IDENTITY)[before]).all()


def test_a_row_for_every_series_target_and_origin_with_statuses_that_stay():
    replays = [
        Replay("01", "kna", {}, None),
        Replay("02", "kna", {}, _structure(3)),
        Replay("03", "hoft", {}, _structure(4)),
    ]
    targets = (0.7, 0.85)
    factors = {ORIGIN + k: np.ones((3, 4)) for k in range(5)}
    found = cases_of(replays, targets, factors, 12)
    said = np.array([0.35, 0.25, 0.15, 0.25, 0.55])[found.origin - ORIGIN]  # flagged, kept, withdrawn, not yet, flagged
    rows = warning_record(replays, targets, found, said)
    keys = [(r["region"], r["care_area"], r["target_share"], r["origin"]) for r in rows]
    assert len(set(keys)) == len(rows) == 2 * 2 * 5
    at = {
        (int(s), float(t), int(o)): k
        for k, (s, t, o) in enumerate(zip(found.series, found.target, found.origin, strict=True))
    }
    seen = set()
    for number, each in enumerate(replays):
        for target in targets:
            mine = [
                r
                for r in rows
                if (r["region"], r["care_area"], r["target_share"]) == (each.region, each.care_area, target)
            ]
            before = "none"
            for r in mine:
                origin = Month.of(r["origin"])
                k = at.get((number, target, origin.ordinal))
                if k is None:
                    assert (r["status"], r["probability_12m"], r["opened"], r["months_known"]) == ("open", 1.0, None, 0)
                else:
                    assert r["probability_12m"] == said[k]
                    assert r["status"] == status_of(said[k], before)
                    assert r["months_known"] == found.known[k]
                    came = int(found.opened[k])
                    assert r["opened"] == (None if came == NEVER else (origin + came).first_day)
                before = r["status"]
                seen.add(before)
    assert seen == {"open", "none", "watch", "expected"}
    calm = [r["status"] for r in rows if r["region"] == "02" and r["target_share"] == 0.7]
    assert calm == ["watch", "watch", "none", "none", "expected"]
