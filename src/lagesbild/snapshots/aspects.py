"""What sets two snapshots apart beside their numbers: versions, runs, coverage, rules, definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import count, percent, swedish_clock
from lagesbild.domain.targets import DEFAULT_TARGET
from lagesbild.snapshots.choosing import TARGET, is_target
from lagesbild.snapshots.difference import Aspect, Change
from lagesbild.snapshots.manifest import ForecastRun, Manifest
from lagesbild.snapshots.tables import Rows

_NONE: Final = "–"
_SHARE: Final = DEFAULT_TARGET / 100
_ROLES: Final = {"public": "små tal skyddas", "exact": "alla tal visas"}
_FLAGS: Final = {"open": "öppna", "expected": "väntade", "watch": "bevakade"}


def notes(a: Manifest, b: Manifest) -> Iterator[str]:
    """What must be known before anything is compared."""
    if bool(a.synthetic) != bool(b.synthetic):
        which = "tidigare" if a.synthetic else "senare"
        yield f"Bara den {which} bilden är märkt som syntetisk: de visar inte samma sak."
    if a.role != b.role:
        yield (
            "Bilderna är gjorda för olika roller "
            f"({_role(a)} i den tidigare, {_role(b)} i den senare): tal kan visas eller skyddas av det skälet."
        )
    if a.role == b.role == "public" and a.threshold != b.threshold:
        yield (
            f"Gränsen för små tal är {count(a.threshold)} i den tidigare bilden och {count(b.threshold)} i den senare: "
            "tal kan visas eller skyddas av det skälet."
        )
    if a.as_of == b.as_of:
        yield "Bilderna visar samma tidpunkt."


def aspects(
    a: Manifest, b: Manifest, before: Mapping[str, Rows], after: Mapping[str, Rows], changes: Sequence[Change]
) -> tuple[Aspect, ...]:
    """Changed lines first, in this order otherwise."""
    lines = [
        *_told(a, b),
        *_flag_counts(a, b, before, after),
        *_reference(before, after, changes),
    ]
    return tuple(sorted(lines, key=lambda line: not line.changed))


def _told(a: Manifest, b: Manifest) -> Iterator[Aspect]:
    yield _aspect("Data till och med", _month(a.until), _month(b.until), "nya månader")
    yield _aspect("Dataversion", a.data_version, b.data_version, "uppgifter har lästs in")
    yield _aspect("Prognoskörning", _run(a.forecast_run), _run(b.forecast_run), "ny prognos", "samma prognos")
    yield _aspect("Regioner som ingår", _coverage(a), _coverage(b), "andra regioner rapporterar")
    yield _aspect("Program", a.code_version, b.code_version, "annan version har räknat", "samma version")
    yield _aspect("Gräns för små tal", _threshold(a), _threshold(b), "andra tal kan vara skyddade")
    yield _aspect("Syntetiska data", a.synthetic or "nej", b.synthetic or "nej", "annan märkning")
    yield _aspect("Signatur", _signed(a), _signed(b), "annan avsändare")


def _aspect(title: str, before: str, after: str, happened: str, same: str = "oförändrat") -> Aspect:
    return Aspect(title, before, after, happened if before != after else same)


def _flag_counts(a: Manifest, b: Manifest, before: Mapping[str, Rows], after: Mapping[str, Rows]) -> Iterator[Aspect]:
    """Of the table of gaps, when it has a column `status`; at the target that every other outlet counts at. Without a
    forecast nothing was judged, which is not the same as no flag."""
    counts = []
    at_target = ""
    for tables in (before, after):
        rows = tables.get("gaps")
        if rows is None or "status" not in [m.name for m in rows.table.measures]:
            return
        at = rows.table.keys.index(TARGET) if TARGET in rows.table.keys else None
        at_target = f" vid gränsen {percent(_SHARE, 0)}" if at is not None else ""
        kept = (key for key in rows.cells if at is None or is_target(key[at]))
        cells = [rows.at(key, "status") for key in kept]
        counts.append(Counter(c.text for c in cells if c and c.shown))
    for status, word in _FLAGS.items():
        title = f"Flaggor{at_target}, {word}"
        told = [count(c[status]) if m.forecast_run else _NONE for m, c in zip((a, b), counts, strict=True)]
        happened = "flaggor skiljer"
        if (a.forecast_run is None) != (b.forecast_run is None):
            happened = f"bara den {'senare' if b.forecast_run else 'tidigare'} har en prognos"
        yield _aspect(title, told[0], told[1], happened, "lika många" if a.forecast_run else "ingen prognos")


def _reference(before: Mapping[str, Rows], after: Mapping[str, Rows], changes: Sequence[Change]) -> Iterator[Aspect]:
    """A line for each reference table that both have: rows, and how many of them are new, gone or changed."""
    mine: dict[str, set[tuple[str, ...]]] = {}
    for change in changes:
        if change.kind == "definition":
            mine.setdefault(change.dataset, set()).add(change.key)
    for dataset, b in after.items():
        a = before.get(dataset)
        if a is None or b.table.kind != "reference" or a.table.keys != b.table.keys:
            continue
        new = len(b.cells.keys() - a.cells.keys())
        gone = len(a.cells.keys() - b.cells.keys())
        changed = len(mine.get(dataset, set()) & a.cells.keys() & b.cells.keys())
        parts = [(new, "nya"), (gone, "borttagna"), (changed, "ändrade")]
        happened = ", ".join(f"{count(n)} {word}" for n, word in parts if n)
        yield Aspect(
            b.table.title,
            _rows(len(a.cells)),
            _rows(len(b.cells)) + (f" ({happened})" if happened else ""),
            f"{happened} rader" if happened else "oförändrat",
        )


def _rows(n: int) -> str:
    return f"{count(n)} {'rad' if n == 1 else 'rader'}"


def _month(text: str) -> str:
    try:
        return Month.parse(text).sv
    except ValueError:
        return text or _NONE


def _run(run: ForecastRun | None) -> str:
    return f"{run.run_id}, {swedish_clock(run.made)}" if run else _NONE


def _coverage(m: Manifest) -> str:
    if m.coverage.counted is None or m.coverage.regions is None:
        return m.coverage.text or _NONE
    return f"{count(m.coverage.counted)} av {count(m.coverage.regions)}"


def _role(m: Manifest) -> str:
    return _ROLES.get(m.role, m.role)


def _threshold(m: Manifest) -> str:
    return f"tal under {count(m.threshold)} skyddas" if m.role == "public" else _role(m)


def _signed(m: Manifest) -> str:
    return m.signing.key_id if m.signing else "nej"
