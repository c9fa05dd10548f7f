"""From what an identity provider says of a person to a role and a region, by the rules in a JSON file.

The first rule whose every condition holds gives the role, so the file is read from the top as it will be applied.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lagesbild.domain.errors import ConfigError, why
from lagesbild.domain.person import Person, PersonRole

_LONGEST: Final = 200  # characters of a name or subject that are kept
Values = str | tuple[str, ...]
Claims = Mapping[str, Any]
# codes of the regions that there are, asked for when a planner's is to be judged
Regions = Callable[[], Collection[str]]


@dataclass(frozen=True)
class Found:
    """Who they are. `lacks`: why no rule gives them a role, for the log; empty for who has one."""

    person: Person
    lacks: str = ""


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

    def who(self, claims: Claims, regions: Regions) -> Found | None:
        """Who they are; without a matching rule the role is public. A planner whose region is not told, or is none of
        `regions`, is no planner: another rule may say what else they are.

        None when nothing names them. Raises what `regions` raises.
        """
        subject = _first(claims, self.subject)
        if not subject:
            return None
        name, lacks = _first(claims, self.name) or subject, "ingen roll"
        for rule in self.roles:
            if not all(_says(claims, claim, wanted) for claim, wanted in rule.when.items()):
                continue
            if rule.role != "planner":
                return Found(Person(rule.role, subject, name))
            region = self._region(claims)
            if region and region in regions():
                return Found(Person("planner", subject, name, region))
            lacks = f"ingen roll: regionen ”{region}” finns inte" if region else "ingen roll: planerare utan region"
        return Found(Person("public", subject, name), lacks)

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
