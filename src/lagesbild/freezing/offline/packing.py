"""Published tables as compact JSON: columns, texts by dictionary, equal values after each other as one.

A column is `{"v": [...]}` or, when that is shorter, `{"r": [value, times, value, times, ...]}`; with `"d"` the values
are places in a dictionary. Months are counted from year 0. A measure holds its number, or the mark of why there is
none: `null` missing, `"<"` suppressed, `":"` secondary, `"-"` excluded, so that no reader can take absence for zero.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.views.published_tables import Column, PublishedTable

MARKS: Final = {"missing": None, "suppressed": "<", "secondary": ":", "excluded": "-"}


def packed(table: PublishedTable) -> dict[str, Any]:
    """A table as plain values for JSON. Providers' own rows are left out: the page has no place for them, and a
    snapshot none in its files either."""
    frame = table.frame
    if "provider" in frame:
        frame = frame[frame["provider"] == ""]
    columns = [c for c in table.columns if c.name != "provider"]
    return {
        "title": table.title,
        "rows": len(frame),
        "synthetic": table.synthetic,
        "sources": list(table.sources),
        "recorded": table.recorded_at.isoformat() if table.recorded_at else "",
        "columns": [[c.name, c.title, c.kind, c.unit] for c in columns],
        "data": {c.name: _column(frame, c) for c in columns},
    }


def _column(frame: pd.DataFrame, column: Column) -> dict[str, Any]:
    if column.role == "measure":
        return _shorter(_measure(frame[column.name], frame[column.state_column]))
    values = frame[column.name]
    if column.kind == "month":
        return _shorter([None if pd.isna(v) else v.year * 12 + v.month - 1 for v in values])
    if pd.api.types.infer_dtype(values) == "boolean":
        return _shorter([int(v) for v in values])
    if pd.api.types.is_numeric_dtype(values):
        return _shorter([_number(v) for v in values.to_numpy(float)])
    known: dict[str, int] = {}
    places = [known.setdefault(str(v), len(known)) for v in values]
    return _shorter(places) | {"d": list(known)}


def _measure(values: pd.Series, states: pd.Series) -> list[Any]:
    return [
        _number(v) if state == "" else MARKS[state]
        for v, state in zip(values.to_numpy(float).tolist(), states.astype(str).tolist(), strict=True)
    ]


def _number(value: float) -> int | float | None:
    """Whole numbers without a point; what is not a number is missing."""
    if not np.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _shorter(values: list[Any]) -> dict[str, Any]:
    """The values one by one, or by runs when there are few of those."""
    runs: list[Any] = []
    for v in values:
        if runs and runs[-2] == v and type(runs[-2]) is type(v):
            runs[-1] += 1
        else:
            runs += [v, 1]
    return {"r": runs} if len(runs) < len(values) else {"v": values}
