"""Lists, contents and differences for other programs; names as in the code, texts in Swedish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from lagesbild.snapshots.bundle import Bundle
from lagesbild.snapshots.difference import Change, Difference, Movement
from lagesbild.snapshots.manifest import Manifest
from lagesbild.snapshots.store import Stored
from lagesbild.snapshots.wording import change_sv, sentences


def stored_json(s: Stored) -> dict[str, Any]:
    """A line of the list. A damaged file has no facts, and a `fault`."""
    told: dict[str, Any] = {
        "file": s.name,
        "size": s.size,
        "saved_at": s.saved_at.isoformat(),
        "fault": s.fault or None,
    }
    return {**told, "checksum": s.checksum or None, **(facts_json(s.manifest) if s.manifest else {})}


def facts_json(m: Manifest) -> dict[str, Any]:
    """The manifest without its tables and files."""
    return m.model_dump(mode="json", exclude={"tables", "files", "kind"})


def show_json(name: str, bundle: Bundle) -> dict[str, Any]:
    """The whole manifest, under the file's name and with the checksum."""
    return {"file": name, "checksum": bundle.checksum, **bundle.manifest.model_dump(mode="json")}


def difference_json(d: Difference, limit: int = 0) -> dict[str, Any]:
    """`limit` changes of each table, kind and measure, 0 for all; `counts` always counts all."""
    return {
        "earlier": facts_json(d.earlier),
        "later": facts_json(d.later),
        "same": d.same,
        "text": sentences(d),
        "notes": list(d.notes),
        "aspects": [
            {"title": a.title, "earlier": a.before, "later": a.after, "happened": a.happened} for a in d.aspects
        ],
        "counts": dict(Counter(c.kind for c in d.changes)),
        "movements": [_movement(d, m) for m in d.movements],
        "changes": [_change(d, c) for c in largest(d, limit)],
    }


def largest(d: Difference, limit: int) -> Iterator[Change]:
    """The first `limit` changes of each table, kind and measure, which are the largest; 0 for all."""
    for _, group in groupby(d.changes, key=lambda c: (c.dataset, c.kind, c.measure)):
        for k, change in enumerate(group):
            if limit and k >= limit:
                break
            yield change


def _change(d: Difference, c: Change) -> dict[str, Any]:
    return {
        "kind": c.kind,
        "dataset": c.dataset,
        "key": dict(zip(d.keys(c.dataset), c.key, strict=True)),
        "measure": c.measure,
        "before": c.before if c.before is not None else c.before_text or None,
        "after": c.after if c.after is not None else c.after_text or None,
        "difference": c.difference,
        "text": change_sv(d, c),
    }


def _movement(d: Difference, m: Movement) -> dict[str, Any]:
    columns = [c for c in d.keys(m.dataset) if c != "period"]
    return {
        "dataset": m.dataset,
        "measure": m.measure,
        "key": dict(zip(columns, m.key, strict=True)),
        "then_period": m.then_period,
        "then": m.then,
        "now": m.now,
        "last_period": m.last_period,
        "last": m.last,
        "revision": m.revision,
        "new_months": m.new_months,
    }
