"""A document's checksum: printed on every page, so that two papers can be told apart, or known to be the same."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

from lagesbild.reports.document import Document


def checksum(document: Document) -> str:
    """Twelve figures (0-9, a-f) in groups of four, from everything in the document: equal documents have equal ones.

    48 bits: a chance of 1 in 10^9 that two of 700 documents have the same one.
    """
    text = json.dumps(_plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return " ".join(digest[k : k + 4] for k in (0, 4, 8))


def _plain(value: Any) -> Any:
    """The value as JSON; every dataclass says what it is, so that two kinds with the same fields differ."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"": type(value).__name__, **fields}
    if isinstance(value, (frozenset, set)):
        return sorted((_plain(v) for v in value), key=repr)
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return float(value) if hasattr(value, "__float__") else repr(value)
