"""From what a provider says of somebody to role and region."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.auth.claims import Mapped, read_mapping
from lagesbild.domain.errors import ConfigError
from lagesbild.domain.person import Person
from tests.auth.service import MAPPING


def mapped(**changes: Any) -> Mapped:
    return Mapped.model_validate_json(json.dumps({**MAPPING, **changes}))


def test_inera_like_attributes_give_a_planner_of_his_region():
    rules = [
        {"role": "planner", "when": {"commissionPurpose": "Ledning och styrning", "systemRole": ["Lagesbild;plan"]}}
    ]
    told = mapped(roles=rules)
    claims = {
        "sub": "x1",
        "employeeHsaId": "SE2321000016-1003",
        "name": "Åsa Alm",
        "commissionPurpose": "Ledning och styrning",
        "systemRole": ["Annat;x", "Lagesbild;plan"],
        "healthCareProviderHsaId": "SE1",
    }
    assert told.person(claims) == Person("planner", "SE2321000016-1003", "Åsa Alm", "21")
    for missing in ("commissionPurpose", "systemRole", "healthCareProviderHsaId"):
        less = {k: v for k, v in claims.items() if k != missing}
        assert not told.matched(less)
        assert told.person(less).role == "public"
    assert told.person({**claims, "healthCareProviderHsaId": ["SE1", "SE2"]}).role == "public", "two regions are none"
    assert told.person({**claims, "healthCareProviderHsaId": "SE9"}).role == "public", "nor is one that is not named"


def test_keycloak_like_roles_lie_a_step_down():
    told = mapped(roles=[{"role": "support", "when": {"realm_access.roles": "lagesbild-stod"}}])
    person = told.person({"sub": "7", "preferred_username": "asa", "realm_access": {"roles": ["x", "lagesbild-stod"]}})
    assert person == Person("support", "7", "asa")
    assert not told.matched({"sub": "7", "realm_access": "lagesbild-stod"})


def test_the_first_rule_that_holds_gives_the_role():
    told = mapped()
    assert told.person({"sub": "1", "groups": ["drift", "ledning"]}).role == "council"
    assert told.person({"sub": "1", "groups": ["plan", "ledning"]}).role == "council", (
        "a planner without region is none"
    )
    assert told.person({"sub": "1", "groups": ["plan"], "healthCareProviderHsaId": "SE2"}).region == "09"


def test_a_star_is_anybody_who_has_the_claim():
    told = mapped(roles=[{"role": "council", "when": {"employeeHsaId": "*"}}])
    assert told.matched({"employeeHsaId": "SE1"})
    assert not told.matched({"employeeHsaId": ""})
    assert not told.matched({"sub": "1"})


def test_nobody_is_let_in_without_a_name():
    assert mapped().person({"groups": "stod"}) is None
    assert mapped().person({"sub": "", "groups": "stod"}) is None


@pytest.mark.parametrize(
    "content, told",
    [
        ("", "början"),
        ("{}", "roles"),
        (json.dumps({**MAPPING, "roles": []}), "roles"),
        (json.dumps({**MAPPING, "roles": [{"role": "kung", "when": {"a": "b"}}]}), "roles.0.role"),
        (json.dumps({**MAPPING, "roles": [{"role": "support", "when": {}}]}), "roles.0.when"),
        (json.dumps({**MAPPING, "rules": []}), "rules"),
        (json.dumps({**MAPPING, "region": None}), "varifrån regionen tas"),
    ],
)
def test_a_file_that_is_wrong_is_told_where(tmp_path: Path, content: str, told: str):
    file = tmp_path / "roller.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        read_mapping(file)
    with pytest.raises(ConfigError, match="LAGESBILD_CLAIMS"):
        read_mapping(tmp_path / "finns-inte.json")


def test_another_file_is_another_digest(tmp_path: Path):
    file = tmp_path / "roller.json"
    file.write_text(json.dumps(MAPPING), encoding="utf-8")
    first = read_mapping(file).digest
    file.write_text(json.dumps({**MAPPING, "name": "given_name"}), encoding="utf-8")
    assert first != read_mapping(file).digest != ""


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["stod", "plan", "drift", "SE1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(["sub", "groups", "employeeHsaId", "healthCareProviderHsaId", "name"])


@settings(deadline=None)
@given(st.dictionaries(names, anything, max_size=5))
def test_whatever_is_claimed_gives_a_role_only_by_a_rule(claims: dict[str, Any]):
    told = mapped()
    person = told.person(claims)
    said = claims.get("groups")
    said = said if isinstance(said, list) else [said]
    if person is not None and not {"stod", "plan", "rad", "ledning", "drift"} & {s for s in said if isinstance(s, str)}:
        assert person.role == "public"
    if person is not None:
        assert (person.region != "") == (person.role == "planner")
        assert person.subject.isprintable()
