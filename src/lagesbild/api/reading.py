"""The query string as a typed question, or a problem that names every fault in it at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Final, TypeVar, get_origin

from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from lagesbild.api.parameters import ALLOWED, EVERY, MOST_CODES, Parameters, read_moment
from lagesbild.api.problems import Fault, fault, wrong_parameters
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.provenance import last_import
from lagesbild.domain.selection import last_moment
from lagesbild.domain.source import COUNTRY, Source

P = TypeVar("P", bound=Parameters)
Codes = Mapping[str, Callable[[], Collection[str]]]  # by parameter; read only when the parameter is given
Given = str | tuple[str, ...]
_NAMED: Final = 40  # codes that a problem names; with more it says where they are


def codes_of_tables(source: Source) -> Codes:
    """What may be chosen in a table."""
    return {
        "region": lambda: {r.code for r in source.regions()} | {COUNTRY},
        "care_area": lambda: {a.code for a in source.care_areas()},
        "provider": lambda: {p.code for p in source.providers()} | {EVERY},
    }


def codes_near(source: Source) -> Codes:
    """Where somebody can look for room from: a region that is not made up of others, or one provider."""
    return {
        "region": lambda: {r.code for r in leaf_regions(source.regions())},
        "care_area": lambda: {a.code for a in source.care_areas()},
        "provider": lambda: {p.code for p in source.providers()},
    }


def names_of(model: type[Parameters]) -> dict[str, bool]:
    """The parameters of a model as they are written, and whether each may be repeated."""
    return {f.alias or name: get_origin(f.annotation) is tuple for name, f in model.model_fields.items()}


def last_known(source: Source) -> datetime:
    """The last moment whose state can be asked for: see `domain.selection.last_moment`."""
    return last_moment(datetime.now(UTC), last_import(source.batches()))


def read_question(
    model: type[P],
    given: MultiDict[str, str],
    codes: Codes | None = None,
    last: Callable[[], datetime] | None = None,
) -> P:
    """Raises ProblemError (400) with every fault: parameters that do not exist or are repeated, values that cannot be
    read, those that are not among `codes`, and an `as_of` after `last` (looked up only when one is given). (Whether a
    cursor is of this question can only be told of one that has no fault; that it is no cursor at all is told with the
    others.)"""
    names, allowed = names_of(model), {**ALLOWED, **model.allowed}
    faults: list[Fault] = []
    values: dict[str, Given] = {}
    for name, texts in given.lists():
        if name not in names:
            faults.append(fault(name, texts[0], ", ".join(names) if names else "inga parametrar"))
        elif names[name]:
            values[name] = tuple(texts)
        elif len(texts) > 1:
            faults.append(fault(name, " och ".join(texts), f"bara ett värde: {allowed[name]}"))
        else:
            values[name] = texts[0]
    question, unread = _read(model, values)
    wrong = {f.parameter for f in faults}
    unread = [(name, value) for name, value in unread if name not in wrong]
    if unread:
        # the order of from and to is looked at only when everything else can be read
        wrong |= {name for name, _ in unread}
        _, more = _read(model, {n: v for n, v in values.items() if n not in wrong})
        unread += [(name, value) for name, value in more if name not in wrong]
    for name, find in (codes or {}).items():
        if name in values and len(given.getlist(name)) <= MOST_CODES:  # too many is the fault then
            known = find()
            strange = [c for c in dict.fromkeys(given.getlist(name)) if c not in known and (name, c) not in unread]
            faults += [fault(name, c, _listed(known) or allowed[name]) for c in strange]
    faults += [fault(name, value, allowed[name]) for name, value in unread]
    if last is not None and _later(values.get("as_of"), last):
        faults.append(fault("as_of", str(values["as_of"]), allowed["as_of"]))
    if faults or question is None:
        order = list(names)
        raise wrong_parameters(sorted(faults, key=lambda f: order.index(f.parameter) if f.parameter in order else -1))
    return question


def _later(given: Given | None, last: Callable[[], datetime]) -> bool:
    """Whether it is a moment, and has not been: one that cannot be read is another fault."""
    if not isinstance(given, str):
        return False
    try:
        moment = read_moment(given)
    except ValueError:
        return False
    return moment > last()


def _read(model: type[P], values: Mapping[str, Given]) -> tuple[P | None, list[tuple[str, str]]]:
    """The question, or the parameters with values that cannot be read."""
    try:
        return model.model_validate(values), []
    except ValidationError as error:
        found = []
        for one in error.errors():
            place = one["loc"] or ("to",)  # a fault without a place is the order of from and to
            name = str(place[0])
            found.append((name, _value(values.get(name, ""), place[1:])))
        return None, list(dict.fromkeys(found))


def _value(given: Given, place: tuple[int | str, ...]) -> str:
    """The text that is wrong: of a parameter that is repeated the one at `place`, or all when they are too many."""
    if isinstance(given, str):
        return given
    return given[int(place[0])] if place else " och ".join(given)


def _listed(codes: Collection[str]) -> str:
    told = sorted(c for c in codes if c not in (COUNTRY, EVERY))
    return ", ".join(told) if 0 < len(told) <= _NAMED else ""
