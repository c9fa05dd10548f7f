"""The query string as a typed question, or a problem that names every fault in it at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, TypeVar, get_origin

from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from lagesbild.api.parameters import ALLOWED, EVERY, Parameters
from lagesbild.api.problems import Fault, fault, wrong_parameters
from lagesbild.domain.source import COUNTRY, Source

P = TypeVar("P", bound=Parameters)
_NAMED: Final = 40  # codes that a problem names; with more it says where they are


def names_of(model: type[Parameters]) -> dict[str, bool]:
    """The parameters of a model as they are written, and whether each may be repeated."""
    return {f.alias or name: get_origin(f.annotation) is tuple for name, f in model.model_fields.items()}


def read_question(model: type[P], given: MultiDict[str, str]) -> P:
    """Raises ProblemError (400)."""
    known = names_of(model)
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for name, texts in given.lists():
        if name not in known:
            what = ", ".join(known) if known else "inga parametrar"
            faults.append(fault(name, texts[0], what))
        elif known[name]:
            values[name] = tuple(texts)
        elif len(texts) > 1:
            faults.append(fault(name, " och ".join(texts), f"bara ett värde: {ALLOWED[name]}"))
        else:
            values[name] = texts[0]
    try:
        question = model.model_validate(values)
    except ValidationError as error:
        told = {f.parameter for f in faults}
        for found in error.errors():
            place = found["loc"] or ("to",)  # a fault without a place is the order of from and to
            name = str(place[0])
            if name not in told:
                told.add(name)
                faults.append(fault(name, _value(values.get(name, ""), place[1:]), ALLOWED[name]))
    if faults:
        raise wrong_parameters(faults)
    return question


def _value(given: str | tuple[str, ...], place: tuple[int | str, ...]) -> str:
    """The text that is wrong: of a parameter that is repeated the one at `place`, or all when they are too many."""
    if isinstance(given, str):
        return given
    return given[int(place[0])] if place else " och ".join(given)


def check_codes(question: Parameters, source: Source) -> None:
    """That codes exist in the data. Raises ProblemError (400)."""
    faults: list[Fault] = []
    regions = {r.code for r in source.regions()}
    areas = {a.code for a in source.care_areas()}
    known = {"region": {*regions, COUNTRY}, "care_area": areas}
    if getattr(question, "provider", None):
        known["provider"] = {p.code for p in source.providers()} | {EVERY}
    for name, codes in known.items():
        value = getattr(question, name, None)
        wanted = (value,) if isinstance(value, str) else value or ()
        faults += [fault(name, code, _codes(name, codes)) for code in wanted if code not in codes]
    if faults:
        raise wrong_parameters(faults)


def _codes(name: str, codes: Collection[str]) -> str:
    told = sorted(c for c in codes if c not in (COUNTRY, EVERY))
    return ", ".join(told) if 0 < len(told) <= _NAMED else ALLOWED[name]
