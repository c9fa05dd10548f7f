"""Columns of published tables as fields of JSON: their types for the description, their values for the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, create_model

from lagesbild.views.published_tables import Column

StateText = Literal["", "suppressed", "secondary", "missing", "excluded"]
_FLAGS: Final = frozenset({"provisional", "seasonal_only", "within_limit_share_coarse"})
_WHOLE: Final = frozenset({"run_id"})
_STATE: Final = (
    "Tomt = talet visas; suppressed = för litet för att visas; secondary = dolt, så att inget litet tal kan räknas ut; "
    "missing = saknas eller gäller inte raden; excluded = regionens uppgifter för månaden är uteslutna."
)


def flag(column: Column) -> bool:
    """Whether a column says yes or no."""
    return column.name in _FLAGS


def whole(column: Column) -> bool:
    """Whether a column counts something. A measure may have decimals all the same, for whoever may see them."""
    return column.name in _WHOLE or column.kind in ("count", "signed")


def _type(column: Column) -> Any:
    if flag(column):
        return bool
    if column.kind == "month":
        return str if column.role == "key" else str | None
    if whole(column) and column.role != "measure":
        return int if column.role == "key" else int | None
    if column.kind == "text":
        return str
    return float if column.role == "key" else float | None


@lru_cache(maxsize=64)
def row_model(name: str, columns: tuple[Column, ...]) -> type[BaseModel]:
    """The type of one row: each measure with its state beside it."""
    fields: dict[str, Any] = {}
    for c in columns:
        about = ". ".join(t.rstrip(".") for t in (c.title, c.definition, f"Enhet: {c.unit}" if c.unit else "") if t)
        extra: Any = {"pattern": r"^\d{4}-\d{2}$"} if c.kind == "month" else {}
        # a column may have any name; the field has one of its own, so that it can never be a word of Python or pydantic
        fields[f"column_{c.name}"] = (
            _type(c),
            Field(title=c.title, description=f"{about}.", alias=c.name, **extra),
        )
        if c.role == "measure":
            fields[f"column_{c.state_column}"] = (
                StateText,
                Field(title=f"{c.title}, visning", description=_STATE, alias=c.state_column),
            )
    title = "".join(part.capitalize() for part in name.split("-"))
    return create_model(f"{title}Row", __config__=ConfigDict(extra="forbid", frozen=True), **fields)


def values_of(column: Column, frame: pd.DataFrame) -> list[Any]:
    """A column of `frame` as JSON has it: no NaN, months as `YYYY-MM`, whole numbers without decimals."""
    return _form(column)(frame[column.name])


def _form(column: Column) -> Callable[[pd.Series], list[Any]]:
    if flag(column):
        return lambda x: [bool(v) for v in x]
    if column.kind == "month":
        return lambda x: [None if pd.isna(v) else f"{v:%Y-%m}" for v in x]
    if whole(column):
        return _counts
    if column.kind == "text":
        return lambda x: ["" if v is None or v is pd.NA else str(v) for v in x]
    return lambda x: [None if np.isnan(v) else v for v in x.to_numpy(float).tolist()]


def _counts(values: pd.Series) -> list[Any]:
    numbers = values.to_numpy(float).tolist()
    return [None if np.isnan(v) else int(v) if v.is_integer() else v for v in numbers]


def names_of(columns: Sequence[Column]) -> list[str]:
    """Names of the fields in order, states after their measures."""
    return [n for c in columns for n in ([c.name, c.state_column] if c.role == "measure" else [c.name])]


def lists_of(columns: Sequence[Column], frame: pd.DataFrame) -> list[list[Any]]:
    """Values by field, in the order of `names_of`."""
    out: list[list[Any]] = []
    for c in columns:
        out.append(values_of(c, frame))
        if c.role == "measure":
            out.append([str(s) for s in frame[c.state_column]])
    return out
