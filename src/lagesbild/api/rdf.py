"""A few linked descriptions as Turtle and as JSON-LD, from one model.

A thing is a dict: `@id` (left out for what has no address), `@type` (prefixed names), and properties by prefixed name,
each a list of values: another thing, or one of `iri`, `text`, `typed`. IRIs may be relative: they are resolved against
the address that the description was fetched from, so no host has to be known here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

Thing = dict[str, Any]
PREFIXES: Final[Mapping[str, str]] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NOT_IN_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def iri(address: str) -> Thing:
    """A reference to something that is described elsewhere, or by another thing."""
    return {"@id": _NOT_IN_IRI.sub(lambda found: "".join(f"%{b:02X}" for b in found[0].encode()), address)}


def text(words: str, language: str = "sv") -> Thing:
    """Words in a language."""
    return {"@value": words, "@language": language}


def typed(value: str, kind: str) -> Thing:
    """A value of a datatype, as a prefixed name."""
    return {"@value": value, "@type": kind}


def as_json_ld(things: list[Thing]) -> bytes:
    """One document with a context of the prefixes."""
    return orjson.dumps({"@context": dict(PREFIXES), "@graph": things})


def as_turtle(things: list[Thing]) -> bytes:
    """UTF-8."""
    head = "".join(f"@prefix {name}: <{address}> .\n" for name, address in PREFIXES.items())
    return (head + "".join(f"\n{_subject(t)}" for t in things)).encode()


def _subject(thing: Thing) -> str:
    return f"<{thing['@id']}>\n    {_properties(thing, 1)} .\n"


def _properties(thing: Thing, depth: int) -> str:
    """Predicates and objects, a line each."""
    lines = [f"a {', '.join(thing['@type'])}"] if thing.get("@type") else []
    for name, values in thing.items():
        if not name.startswith("@") and values:
            lines.append(f"{name} {', '.join(_value(v, depth) for v in values)}")
    return f" ;\n{'    ' * depth}".join(lines)


def _value(value: Thing, depth: int) -> str:
    if "@value" in value:
        quoted = '"' + "".join(_ESCAPES.get(c, c) for c in value["@value"]) + '"'
        if "@language" in value:
            return f"{quoted}@{value['@language']}"
        return f"{quoted}^^{value['@type']}"
    if "@id" in value:
        return f"<{value['@id']}>"
    inner = "    " * (depth + 1)
    return f"[\n{inner}{_properties(value, depth + 1)}\n{'    ' * depth}]"
