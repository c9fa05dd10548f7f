"""What `lagesbild db maintain` has done or would do, in Swedish."""

from __future__ import annotations

from itertools import groupby

from lagesbild.data.maintenance import Work
from lagesbild.domain.swedish import count


def lines(work: Work, *, done: bool) -> list[str]:
    """One sentence for each kind of work; what the administrator must do comes last."""
    told = []
    for table, years in groupby(work.missing, key=lambda m: m.table):
        made = list(years)
        rows = sum(m.rows for m in made)
        moved = f", dit {_of(rows, 'rad', 'rader')} {'flyttades' if done else 'skulle flyttas'}" if rows else ""
        names = ", ".join(str(m.year) for m in made)
        told.append(f"{_head('Partitioner gjordes', 'Partitioner skulle göras', done)} i {table}: {names}{moved}.")
    removed = _head("Togs bort", "Skulle tas bort", done)
    told += [f"{removed}: {_of(rows, 'rad', 'rader')} i {table}." for table, rows in work.facts.items()]
    kinds = ((work.runs, "prognoskörning", "prognoskörningar"), (work.backtests, "utvärdering", "utvärderingar"))
    for numbers, one, more in kinds:
        if numbers:
            told.append(f"{removed}: {_of(len(numbers), one, more)} (nummer {_span(numbers)}).")
    if work.fits:
        told.append(f"{removed}: {_of(work.fits, 'anpassning', 'anpassningar')}; nytt räknas fram vid behov.")
    if work.stale:
        counted = _head("Statistiken räknades om", "Statistiken skulle räknas om", done)
        told.append(f"{counted} för {', '.join(work.stale)}.")
    if work.nothing:
        told.append("Det finns inget att göra.")
    if done and (work.facts or work.runs or work.backtests):
        told.append("Uppgifterna har fått ett nytt versionsnummer.")
    for table, dead in work.bloated.items():
        full = _of(dead, "död rad", "döda rader")
        told.append(f"Tips: {table} har {full}. Går det inte över av sig självt, kör VACUUM (ANALYZE) {table}.")
    return told


def _head(did: str, would: str, done: bool) -> str:
    return did if done else would


def _of(n: int, one: str, more: str) -> str:
    return f"{count(n)} {one if n == 1 else more}"


def _span(numbers: list[int]) -> str:
    """The first and the last, which say enough of a thousand.

    >>> _span([3]), _span([3, 4, 9])
    ('3', '3 till 9')
    """
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} till {numbers[-1]}"
