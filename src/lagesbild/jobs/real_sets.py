"""The committed real series (`data/real`) as pairs that a backtest can forecast from."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.data.importers.sidecar import check_sha256, read_sidecar
from lagesbild.domain.errors import InputError, why
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Break
from lagesbild.forecast.panel import COLUMNS, Pair

KEY: Final = ("data_set", "unit", "care_area", "period")
VALUES: Final = ("waiting", "within_limit", "waiting_0_30", "waiting_31_60", "waiting_61_90", "performed")
MEASURES: Final = ("waiting", "within_limit_share", "performed")
_SET_COLUMNS: Final = ("name", "title", "measures", "producer", "licence", "via")
_BREAK_COLUMNS: Final = ("data_set", "from", "to", "kind", "reason")
_KINDS: Final = ("mask", "system_change", "definition_change")
_REMEDY: Final = "Hämta hem katalogen data/real på nytt, eller skriv om den med examples/real_series.py."


@dataclass(frozen=True)
class RealSet:
    """One data set. `measures`: those of MEASURES it has. `pairs` have every column of `panel.COLUMNS`, NaN where the
    set has none, from the pair's own first month to its last. `title` and `source` (with licence) are Swedish."""

    name: str
    title: str
    source: str
    measures: tuple[str, ...]
    pairs: list[Pair]


def read_real_sets(path: Path | None = None) -> list[RealSet]:
    """The data sets below `path` (default: `data/real` of the source tree), in the order of `sets.csv`.

    Raises InputError when a file is missing, has been changed since its sidecar was written, or does not make sense.
    """
    place = _directory() if path is None else path
    sets = _checked(_read(place / "sets.csv"), place / "sets.csv", _SET_COLUMNS)
    rows = _series(place / "series.csv.gz", set(sets["name"]))
    breaks = _breaks(place / "breaks.csv", set(sets["name"]))
    made = []
    for row in sets.to_dict("records"):
        measures = tuple(row["measures"].split())
        if not measures or set(measures) - set(MEASURES):
            raise _wrong(place / "sets.csv", f"måtten för {row['name']} är ”{row['measures']}”")
        mine = rows[rows["data_set"] == row["name"]]
        if mine.empty:
            raise _wrong(place / "series.csv.gz", f"{row['name']} har inga rader")
        pairs = [
            _pair(unit, area, each, breaks.get(row["name"], []))
            for (unit, area), each in mine.groupby(["unit", "care_area"], sort=True)
        ]
        source = f"{row['producer']}: {row['via']}. Licens: {row['licence']}."
        made.append(RealSet(row["name"], row["title"], source, measures, pairs))
    return made


def _directory() -> Path:
    """Of the source tree, else below the current directory, as `data/seed` is found."""
    for root in (Path(__file__).resolve().parents[3], Path.cwd()):
        if (root / "data" / "real").is_dir():
            return root / "data" / "real"
    raise InputError("Katalogen data/real finns inte.", "Hämta hem hela källkoden, med data/real.")


def _read(path: Path) -> pd.DataFrame:
    """A CSV as text, after a look at its checksum; gzip when it is named so."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"Filen ”{path.name}” går inte att läsa: {why(error)}.", _REMEDY) from error
    check_sha256(read_sidecar(path), path, hashlib.sha256(content).hexdigest())
    try:
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
        return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    except (OSError, EOFError, zlib.error, ValueError) as error:  # not gzip, cut short, damaged; not UTF-8, not CSV
        raise _wrong(path, "den är ingen hel CSV-fil") from error


def _checked(frame: pd.DataFrame, path: Path, columns: Sequence[str], key: Sequence[str] = ()) -> pd.DataFrame:
    if tuple(frame.columns) != tuple(columns):
        raise _wrong(path, f"rubriken ska vara {','.join(columns)}")
    twice = frame.duplicated(list(key) or columns[0])
    if twice.any():
        raise _wrong(path, f"rad {_line(twice)} upprepar en tidigare rad")
    return frame


def _series(path: Path, names: set[str]) -> pd.DataFrame:
    """Rows with `period` as an ordinal and values as floats, NaN where empty."""
    rows = _checked(_read(path), path, (*KEY, *VALUES), KEY)
    unknown = ~rows["data_set"].isin(names)
    if unknown.any():
        raise _wrong(path, f"rad {_line(unknown)}: datamängden ”{rows.loc[unknown, 'data_set'].iloc[0]}” är okänd")
    months = {text: _month(text, path) for text in rows["period"].unique()}
    out = rows[["data_set", "unit", "care_area"]].assign(month=rows["period"].map(lambda t: months[t].ordinal))
    for name in VALUES:
        numbers = pd.to_numeric(rows[name].replace("", "nan"), errors="coerce").astype(float)
        bad = (rows[name] != "") & ~(numbers >= 0) | np.isinf(numbers)
        if bad.any():
            raise _wrong(path, f"rad {_line(bad)}, {name}: ”{rows.loc[bad, name].iloc[0]}” är inget antal")
        out[name] = numbers
    more = out["within_limit"] > out["waiting"]
    if more.any():
        raise _wrong(path, f"rad {_line(more)}: fler väntar inom gränsen än i hela kön")
    return out


def _breaks(path: Path, names: set[str]) -> dict[str, list[Break]]:
    rows = _checked(_read(path), path, _BREAK_COLUMNS, ("data_set", "from", "kind"))
    found: dict[str, list[Break]] = {}
    for row in rows.to_dict("records"):
        if row["data_set"] not in names or row["kind"] not in _KINDS or not row["reason"]:
            raise _wrong(path, f"raden för ”{row['data_set']}” har okänd datamängd eller art, eller saknar skäl")
        last = _month(row["to"], path) if row["to"] else None
        b = Break("", "", _month(row["from"], path), last, row["kind"], row["reason"])
        found.setdefault(row["data_set"], []).append(b)
    return found


def _pair(unit: Hashable, care_area: Hashable, rows: pd.DataFrame, breaks: Sequence[Break]) -> Pair:
    """One series' rows on a grid from its first month to its last."""
    months = rows["month"].to_numpy()
    first = int(months.min())
    grid = np.full((len(VALUES), int(months.max()) - first + 1), np.nan)
    grid[:, months - first] = rows[list(VALUES)].to_numpy(float).T
    have: Mapping[str, np.ndarray] = dict(zip(VALUES, grid, strict=True))
    missing = np.full(grid.shape[1], np.nan)
    columns = {name: have.get(name, missing) for names in COLUMNS.values() for name in names}
    return Pair(str(unit), str(care_area), Month.from_ordinal(first), columns, tuple(breaks))


def _month(text: str, path: Path) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise _wrong(path, f"”{text}” är ingen månad") from error


def _line(marked: pd.Series) -> int:
    """Line in the file of the first marked row; the heading is line 1."""
    return int(np.flatnonzero(marked.to_numpy())[0]) + 2


def _wrong(path: Path, what: str) -> InputError:
    return InputError(f"Filen ”{path.name}” i data/real går inte att använda: {what}.", _REMEDY)
