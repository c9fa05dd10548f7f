"""Snapshots as text for the terminal: the list, one of them, and what sets two apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from lagesbild.domain.swedish import NB, capital, count, date_time, decimal, swedish_clock
from lagesbild.snapshots.bundle import Bundle
from lagesbild.snapshots.choosing import chosen
from lagesbild.snapshots.difference import KINDS, Difference
from lagesbild.snapshots.manifest import ForecastRun, Manifest, moment_sv
from lagesbild.snapshots.naming import period_sv
from lagesbild.snapshots.retention import Keep
from lagesbild.snapshots.store import Stored
from lagesbild.snapshots.verifying import check, summary
from lagesbild.snapshots.wording import change_sv, sentences

AUTOMATIC = "automatiskt"
_ROLES = {"public": "små tal skyddas", "exact": "alla tal visas"}


def list_table(found: Sequence[Stored], rule: Keep) -> str:
    """A line each, newest first; damaged files last, each with its fault."""
    head = ("Tidpunkt, svensk tid", "Data till och med", "Regioner", "Varför", "Dataversion", "Kontrollsumma")
    cells: list[tuple[str, ...]] = [(*head, "Storlek", "Fil")]
    for s in found:
        size = size_sv(s.size)
        if s.manifest is None:
            cells.append(("skadad", "", "", "", "", "", size, s.name))
            continue
        m = s.manifest
        cells.append(
            (
                date_time(m.as_of),
                period_sv(m.until),
                _coverage(m),
                m.reason or AUTOMATIC,
                m.data_version,
                _grouped(s.checksum),
                size,
                s.name,
            )
        )
    lines = [*_aligned(cells), ""]
    lines += [f"{s.name}: {s.fault}" for s in found if s.manifest is None]
    return "\n".join(
        [*lines, f"{rule.sv} Bilder med skäl gallras inte. Pröva en fil med: lagesbild snapshot verify FIL"]
    )


def show_table(name: str, bundle: Bundle) -> str:
    """What it says about itself, whether that still holds, and its files."""
    m, run = bundle.manifest, bundle.manifest.forecast_run
    facts = [
        ("Fil", name),
        ("Rubrik", m.title),
        ("Tidpunkt", moment_sv(m)),
        ("Data till och med", period_sv(m.until)),
        ("Syntetiska data", m.synthetic or "nej"),
        ("Regioner", m.coverage.text or _coverage(m)),
        ("Varför", m.reason or AUTOMATIC),
        ("Dataversion", m.data_version),
        ("Prognos", _run(run) if run else "ingen"),
        ("Program", m.code_version),
        ("Små tal", f"{_ROLES.get(m.role, m.role)}, gräns {count(m.threshold)}"),
        ("Kontrollsumma", bundle.checksum),
        ("Signatur", m.signing.key_id if m.signing else "ingen"),
        ("Prövning", summary(check(bundle, name))),
    ]
    files = [(n, count(d.size), d.sha256) for n, d in m.files.items()]
    return "\n".join([*_aligned(facts), "", *_aligned([("Fil", "Byte", "SHA-256"), *files])])


def difference_table(d: Difference, limit: int) -> str:
    """Sentences first, then what was revised, what is new and what else differs, `limit` of each (0 for all)."""
    lines = [*sentences(d), ""]
    for (dataset, kind), group in groupby(d.changes, key=lambda c: (c.dataset, c.kind)):
        title = next(m.tables[dataset].title for m in (d.later, d.earlier) if dataset in m.tables)
        changes = list(group)
        shown = chosen(d, changes, limit)
        lines.append(f"{title}, {KINDS[kind]}: {count(len(changes))}")
        lines += [f"  {change_sv(d, c)}" for c in shown]
        if len(shown) < len(changes):
            lines.append(f"  och {count(len(changes) - len(shown))} till (--limit 0 visar alla)")
        lines.append("")
    aspects = [(capital(a.title), a.before, a.after, a.happened) for a in d.aspects]
    head = ("Uppgift", moment_sv(d.earlier), moment_sv(d.later), "Vad som hänt")
    return "\n".join([*lines, *_aligned([head, *aspects])])


def size_sv(size: int) -> str:
    """Bytes as a person reads them.

    >>> size_sv(4_200), size_sv(2_345_678)
    ('4\\xa0kB', '2,3\\xa0MB')
    """
    return f"{decimal(size / 1e6)}{NB}MB" if size >= 1_000_000 else f"{count(max(1, round(size / 1e3)))}{NB}kB"


def _run(run: ForecastRun) -> str:
    return f"körning {run.run_id}, {swedish_clock(run.made)}, data till och med {run.until}"


def _coverage(m: Manifest) -> str:
    if m.coverage.counted is None or m.coverage.regions is None:
        return ""
    return f"{count(m.coverage.counted)} av {count(m.coverage.regions)}"


def _grouped(checksum: str) -> str:
    """The first twelve digits in fours: enough to compare by eye."""
    return " ".join(checksum[k : k + 4] for k in (0, 4, 8))


def _aligned(cells: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[k]) for row in cells) for k in range(len(cells[0]))]
    return ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells]
