"""What numbers each role may see."""

from __future__ import annotations

from typing import get_args

import pytest

from lagesbild.domain.person import ANYBODY, Person, PersonRole
from lagesbild.domain.viewer import Viewer

EXACT = {"support", "preparedness"}


@pytest.mark.parametrize("role", get_args(PersonRole))
def test_only_those_who_answer_for_the_whole_country_see_all(role):
    viewer = Person(role, region="14").viewer(7)
    assert viewer.role == ("exact" if role in EXACT else "public")
    assert viewer.threshold == 7
    assert viewer.own == ("14" if role == "planner" else "")


def test_somebody_unknown_is_public():
    assert ANYBODY.viewer(5) == Viewer()
