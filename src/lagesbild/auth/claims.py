"""From what an identity provider says of a person to a role and a region, by the rules in a JSON file.

The first rule whose every condition holds gives the role, so the file is read from the top as it will be applied.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lagesbild.domain.errors import ConfigError, why
from lagesbild.domain.person import Person, PersonRole

_LONGEST: Final = 200  # characters of a name or subject that are kept
Values = str | tuple[str, ...]
Claims = Mapping[str, Any]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Strict):
    """`when`: claim -> the value, or one of the values, that it must have; `*` is any value."""

    role: PersonRole
    when: dict[str, Values] = Field(min_length=1)


class RegionFrom(_Strict):
    """The claim that names a planner's region. `values`: what it says -> region code; without it, it is the code."""

    claim: str
    values: dict[str, str] = Field(default_factory=dict)


class Mapped(_Strict):
    """The file. `subject` and `name`: claims, the first that is there is used."""

    subject: Values = "sub"
    name: Values = ("name", "preferred_username")
    region: RegionFrom | None = None
    roles: tuple[Rule, ...] = Field(min_length=1)
    digest: str = Field("", exclude=True)  # of the file: a session whose role came from other rules has ended

    def person(self, claims: Claims) -> Person | None:
        """Who they are; a person without a matching rule has role public and `region` empty, see `matched`.

        None when nothing names them.
        """
        subject = _first(claims, self.subject)
        if not subject:
            return None
        role, region = self._role(claims)
        return Person(role, subject, _first(claims, self.name) or subject, region)

    def matched(self, claims: Claims) -> bool:
        """Whether some rule gives a role."""
        return any(self._holds(rule, claims) for rule in self.roles)

    def _role(self, claims: Claims) -> tuple[PersonRole, str]:
        for rule in self.roles:
            if self._holds(rule, claims):
                return rule.role, self._region(claims) if rule.role == "planner" else ""
        return "public", ""

    def _holds(self, rule: Rule, claims: Claims) -> bool:
        """A planner whose region is not known is no planner: another rule may say what else they are."""
        if rule.role == "planner" and not self._region(claims):
            return False
        return all(_says(claims, claim, wanted) for claim, wanted in rule.when.items())

    def _region(self, claims: Claims) -> str:
        """Empty when the claim is missing, names no region, or more than one."""
        if self.region is None:
            return ""
        told = set(_values(claims, self.region.claim))
        if self.region.values:
            told = {self.region.values[v] for v in told if v in self.region.values}
        return told.pop()[:20] if len(told) == 1 else ""


def read_mapping(path: Path) -> Mapped:
    """Raises ConfigError that says where in the file the fault is."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"Filen ”{path}” går inte att läsa: {why(error)}.", "Rätta LAGESBILD_CLAIMS.") from error
    try:
        made = Mapped.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "början"
        raise ConfigError(
            f"Filen ”{path}” kan inte användas: fel vid {where}.", "docs/login.md visar hur den skrivs."
        ) from error
    if made.region is None and any(rule.role == "planner" for rule in made.roles):
        raise ConfigError(
            f"Filen ”{path}” ger rollen planner men säger inte varifrån regionen tas.", "Lägg till ”region”."
        )
    return made.model_copy(update={"digest": hashlib.sha256(content).hexdigest()})


def _says(claims: Claims, claim: str, wanted: Values) -> bool:
    told = set(_values(claims, claim))
    return bool(told) if wanted == "*" else bool(told & {wanted} if isinstance(wanted, str) else told & set(wanted))


def _first(claims: Claims, names: Values) -> str:
    for name in (names,) if isinstance(names, str) else names:
        for value in _values(claims, name):
            return "".join(c for c in value if c.isprintable())[:_LONGEST]
    return ""


def _values(claims: Claims, name: str) -> Iterator[str]:
    """The values of a claim as text. A name that is no claim is a way down: `realm_access.roles`."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    for value in found if isinstance(found, (list, tuple)) else (found,):
        if isinstance(value, bool):
            yield "true" if value else "false"
        elif isinstance(value, (str, int)) and str(value):
            yield str(value)
