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


def person(told: Mapped, claims: Any) -> Person | None:
    found = told.who(claims, lambda: ("21", "09"))
    return found and found.person


def matched(told: Mapped, claims: Any) -> bool:
    found = told.who({"sub": "x", **claims}, lambda: ("21", "09"))
    assert found is not None
    return not found.lacks


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
    assert person(told, claims) == Person("planner", "SE2321000016-1003", "Åsa Alm", "21")
    for missing in ("commissionPurpose", "systemRole", "healthCareProviderHsaId"):
        less = {k: v for k, v in claims.items() if k != missing}
        assert not matched(told, less)
        assert person(told, less).role == "public"
    assert person(told, {**claims, "healthCareProviderHsaId": ["SE1", "SE2"]}).role == "public", "two regions are none"
    assert person(told, {**claims, "healthCareProviderHsaId": "SE9"}).role == "public", "nor is one that is not named"


def test_keycloak_like_roles_lie_a_step_down():
    told = mapped(roles=[{"role": "support", "when": {"realm_access.roles": "lagesbild-stod"}}])
    asa = person(told, {"sub": "7", "preferred_username": "asa", "realm_access": {"roles": ["x", "lagesbild-stod"]}})
    assert asa == Person("support", "7", "asa")
    assert not matched(told, {"sub": "7", "realm_access": "lagesbild-stod"})


def test_the_first_rule_that_holds_gives_the_role():
    told = mapped()
    assert person(told, {"sub": "1", "groups": ["drift", "ledning"]}).role == "council"
    assert person(told, {"sub": "1", "groups": ["plan", "ledning"]}).role == "council", (
        "a planner without region is none"
    )
    assert person(told, {"sub": "1", "groups": ["plan"], "healthCareProviderHsaId": "SE2"}).region == "09"


def test_a_planner_of_a_region_that_does_not_exist_is_none_and_the_log_says_why():
    told = mapped(region={"claim": "region"})
    claims = {"sub": "1", "groups": ["plan"], "region": "99"}
    found = told.who(claims, lambda: ("21", "09"))
    assert found is not None
    assert (found.person.role, found.person.region) == ("public", "")
    assert found.lacks == "ingen roll: regionen ”99” finns inte"
    assert person(told, {**claims, "region": "09"}) == Person("planner", "1", "1", "09")
    assert person(told, {**claims, "groups": ["plan", "ledning"]}) == Person("council", "1", "1"), "the next rule"


def test_a_star_is_anybody_who_has_the_claim():
    told = mapped(roles=[{"role": "council", "when": {"employeeHsaId": "*"}}])
    assert matched(told, {"employeeHsaId": "SE1"})
    assert not matched(told, {"employeeHsaId": ""})
    assert not matched(told, {"sub": "1"})


def test_nobody_is_let_in_without_a_name():
    assert person(mapped(), {"groups": "stod"}) is None
    assert person(mapped(), {"sub": "", "groups": "stod"}) is None


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
    found = person(told, claims)
    said = claims.get("groups")
    said = said if isinstance(said, list) else [said]
    if found is not None and not {"stod", "plan", "rad", "ledning", "drift"} & {s for s in said if isinstance(s, str)}:
        assert found.role == "public"
    if found is not None:
        assert (found.region != "") == (found.role == "planner")
        assert found.subject.isprintable()
