"""What a published table is: a long frame in which every number stands beside what may be shown of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import numpy as np
import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.viewer import Viewer

# the kinds of `components.model.Column`: views know how a number is read, not how it is drawn
Kind = Literal["text", "count", "signed", "share", "points", "days", "number", "month", "probability"]
State = Literal["", "suppressed", "secondary", "missing", "excluded"]
Role = Literal["key", "measure", "about"]
HISTORY_MONTHS: Final = 72  # what is given when no first month is asked for, as far as the pages go back
STATES: Final[Mapping[State, str]] = {
    "": "visas",
    "suppressed": "för litet för att visas",
    "secondary": "dolt, så att inget litet tal kan räknas ut",
    "missing": "saknas, eller gäller inte raden",
    "excluded": "regionens uppgifter för månaden är uteslutna",
}
_DECIMALS: Final[Mapping[str, int]] = {"count": 0, "share": 3, "probability": 2, "days": 0, "number": 2}


@dataclass(frozen=True)
class Column:
    """A column. `name` as in the contract, `title` the Swedish heading. A "measure" has a column of states beside it
    (`state_column`); "about" says something of the row and is never hidden. `unit`: "personer", "dagar", ... .
    `decimals`: as many as a public viewer is told, the kind's own unless told."""

    name: str
    title: str
    kind: Kind = "text"
    role: Role = "about"
    unit: str = ""
    definition: str = ""
    decimals: int | None = None

    @property
    def state_column(self) -> str:
        return f"{self.name}_state"

    @property
    def places(self) -> int | None:
        return _DECIMALS.get(self.kind) if self.decimals is None else self.decimals


@dataclass(frozen=True)
class Asked:
    """What is asked for. `regions`: codes, "" (COUNTRY) the sum over all; none = every region and sum. `care_areas`:
    none = all that regions report. `providers`: none = the regions' own numbers, None = those of all their providers
    too, else those of the providers named and nothing else. Months: `last` the latest there is, `first` six years
    before, unless told. `as_of`: the data as they were known then."""

    regions: tuple[str, ...] = ()
    care_areas: tuple[str, ...] = ()
    providers: tuple[str, ...] | None = ()
    first: Month | None = None
    last: Month | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, eq=False)
class PublishedTable:
    """`dataset` as in CONTRACT.md. `frame`: a RangeIndex and the columns of `columns` in that order, each measure
    followed by its states. Measures are float64, NaN exactly where the state is not ""; months datetime64 (first of the
    month); texts str. `synthetic`: whether any row behind is invented; `sources` and `recorded_at` say where they come
    from and when the latest became known."""

    dataset: str
    title: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    sources: tuple[str, ...] = ()
    recorded_at: datetime | None = None
    synthetic: bool = False

    @property
    def keys(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.role == "key")

    @property
    def measures(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.role == "measure")

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


@dataclass(frozen=True)
class Origin:
    """Where a table's rows come from."""

    sources: tuple[str, ...] = ()
    recorded_at: datetime | None = None
    synthetic: bool = False


def origin(*frames: pd.DataFrame) -> Origin:
    """Of frames with the columns `source`, `recorded_at` and `synthetic`."""
    told = [f for f in frames if len(f)]
    if not told:
        return Origin()
    return Origin(
        tuple(sorted({str(s) for f in told for s in f["source"]})),
        max(f["recorded_at"].max() for f in told),
        any(bool(f["synthetic"].astype(bool).any()) for f in told),
    )


def joined(origins: list[Origin]) -> Origin:
    """Of several readings together."""
    moments = [o.recorded_at for o in origins if o.recorded_at is not None]
    return Origin(
        tuple(sorted({s for o in origins for s in o.sources})),
        max(moments, default=None),
        any(o.synthetic for o in origins),
    )


def made(
    dataset: str,
    title: str,
    columns: tuple[Column, ...],
    given: Mapping[str, object],
    states: Mapping[str, object],
    viewer: Viewer,
    source: Origin,
) -> PublishedTable:
    """The table of `given` (arrays of one length by column) and `states` (by measure).

    Here no number stands where its state is not "", none that does not exist counts as shown, and a public viewer is
    given no more decimals than the pages show.
    """
    out: dict[str, object] = {}
    for column in columns:
        values = given[column.name]
        if column.role != "measure":
            out[column.name] = values
            continue
        numbers = np.asarray(values, float)
        told = np.asarray(states[column.name], object).copy()
        told[(told == "") & ~np.isfinite(numbers)] = "missing"
        numbers = np.where(told == "", numbers, np.nan)
        if viewer.role != "exact" and column.places is not None:
            numbers = np.round(numbers, column.places) + 0.0  # never "-0"
        out[column.name], out[column.state_column] = numbers, pd.array(told, dtype="str")
    frame = pd.DataFrame(out)
    return PublishedTable(dataset, title, columns, frame, source.sources, source.recorded_at, source.synthetic)


def table_of_blocks(
    dataset: str,
    title: str,
    columns: tuple[Column, ...],
    blocks: list[dict[str, object]],
    viewer: Viewer,
    source: Origin,
) -> PublishedTable:
    """Blocks of rows below each other; each has every column and, beside each measure, its states."""
    names = [n for c in columns for n in ([c.name, c.state_column] if c.role == "measure" else [c.name])]
    frames = [pd.DataFrame({n: b[n] for n in names}) for b in blocks]
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({n: [] for n in names})
    for c in columns:
        if c.kind == "month":  # also when there is no row
            frame[c.name] = frame[c.name].astype("datetime64[s]")
    states = {c.name: frame[c.state_column] for c in columns if c.role == "measure"}
    return made(dataset, title, columns, {n: frame[n] for n in names}, states, viewer, source)


def text(values: object) -> object:
    """A column of texts, also when it is empty."""
    return pd.array(values, dtype="str")  # type: ignore[call-overload]


def stamps(months: list[Month] | tuple[Month, ...]) -> np.ndarray:
    """The first days of months, datetime64."""
    return np.array([np.datetime64(m.first_day) for m in months], "datetime64[s]")
