"""What is stored for scenarios comes back as it was, also from an older or a newer version of the table."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lagesbild.domain.pair_facts import PairFacts

FACTS = PairFacts(
    share_profile=tuple(k / 100 for k in range(12)),
    share_now=0.81,
    structural_now=0.8,
    waiting_now=812.0,
    removed_rate=0.01,
    outflow_last_year=(40.0,) * 12,
    pass_limit=0.2,
    not_brokerable_share=None,
    capacity_per_month=45.5,
    performed_per_month=40.0,
    free_per_month=None,
    load=0.98,
    lean={"70": 0.0, "80": -0.4, "90": 1.25},
)


@pytest.mark.parametrize("facts", [FACTS, replace(FACTS, outflow_last_year=(), waiting_now=None, lean={})])
def test_json_and_back(facts):
    assert PairFacts.of(json.loads(json.dumps(facts.to_json()))) == facts


def test_what_this_version_does_not_know_is_left_out():
    assert PairFacts.of({**FACTS.to_json(), "later_idea": 3}) == FACTS


def test_what_is_missing_is_not_made_up():
    stored = FACTS.to_json()
    del stored["pass_limit"]
    with pytest.raises(TypeError, match="pass_limit"):
        PairFacts.of(stored)
