"""What sets two snapshots apart, as figures: revision and new months of the shares, the largest revisions, the rest."""

from __future__ import annotations

from typing import Final

from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.domain.swedish import capital, count, number_word
from lagesbild.figures.movements import Step, movements, movements_height
from lagesbild.figures.theme import Theme
from lagesbild.pages.drawing import drawn
from lagesbild.snapshots.choosing import chosen
from lagesbild.snapshots.difference import KINDS, Change, Difference, Kind, Movement
from lagesbild.snapshots.manifest import moment_sv, two_moments_sv
from lagesbild.snapshots.movements import PERIOD
from lagesbild.snapshots.naming import is_country, part_sv, period_sv, series_sv
from lagesbild.snapshots.wording import difference_sv, measure_of, told_sv

LARGEST: Final = 5
_COUNTED: Final = (
    "gone",
    "slid",
    "absent",
    "shown",
    "hidden",
)  # told by their number: none is larger than another
_REGIONS: Final = 6


def apart_cards(d: Difference, theme: Theme) -> list[FigureCard]:
    """At most four figures, largest first in each."""
    moved = _national(d)
    cards = [c for c in (_moved_card(d, moved, theme), _regions_card(d)) if c is not None]
    return [*cards, _largest_card(d), _aspects_card(d)]


def _share(d: Difference) -> tuple[str, str]:
    """The first measure of facts that is a share: the tables stand in order of importance."""
    for m in d.movements:
        told = d.measure(m.dataset, m.measure)
        if told is not None and told.form in ("share", "percent"):
            return m.dataset, m.measure
    return "", ""


def _series(d: Difference, m: Movement) -> dict[str, str]:
    return dict(zip([k for k in d.keys(m.dataset) if k != PERIOD], m.key, strict=True))


def _of_share(d: Difference) -> list[tuple[Movement, dict[str, str]]]:
    dataset, measure = _share(d)
    found = [(m, _series(d, m)) for m in d.movements if (m.dataset, m.measure) == (dataset, measure)]
    return [(m, s) for m, s in found if not s.get("provider")]


def _national(d: Difference) -> list[Movement]:
    return [m for m, s in _of_share(d) if is_country(s) and m.then is not None and m.last is not None]


def _scale(d: Difference, m: Movement) -> float:
    told = d.measure(m.dataset, m.measure)
    return 100.0 if told is not None and told.form == "share" else 1.0


def _moved_card(d: Difference, moved: list[Movement], theme: Theme) -> FigureCard | None:
    steps, rows = [], []
    for m in moved:
        if m.then is None or m.now is None or m.last is None:
            continue
        scale = _scale(d, m)
        name = part_sv(d, "care_area", _series(d, m).get("care_area", ""))
        steps.append(Step(capital(name), scale * m.then, scale * m.now, scale * m.last, period_sv(m.last_period)))
        cells = (capital(name), m.then, m.now, scale * (m.now - m.then), m.last, scale * (m.last - m.now))
        rows.append(Row(cells))
    if not steps:
        return None
    then, last = period_sv(moved[0].then_period), period_sv(moved[0].last_period)
    table = Table(
        f"Andel inom gränsen i riket, {then} och {last}",
        (
            Column("care_area", "Vårdområde"),
            Column("then", f"{capital(then)}, då", "share"),
            Column("now", f"{capital(then)}, nu", "share"),
            Column("revision", "Revidering", "points"),
            Column("last", capital(last), "share"),
            Column("new_months", "Nya månader", "points"),
        ),
        tuple(rows),
    )
    return FigureCard(
        id="revidering",
        title="Revidering och nya data hålls isär",
        summary=f"Andel som väntat inom gränsen, riket, procent. Ring: {then} då. Punkt: {then} nu. Skiva: {last}.",
        table=table,
        source=_source(d),
        graphic=drawn(movements, steps, theme=theme),
        graphic_height=movements_height(len(steps)),
        graphic_label="Andel inom gränsen i de två bilderna, med revidering och nya månader var för sig",
        span=7,
    )


def _regions_card(d: Difference) -> FigureCard | None:
    """The regions that were revised most, of any care area."""
    found = [(m, s) for m, s in _of_share(d) if s.get("region") and m.revision]
    if not found:
        return None
    found.sort(key=lambda pair: -abs(pair[0].revision or 0.0))
    rows = []
    for m, s in found[:_REGIONS]:
        scale = _scale(d, m)
        revision = None if m.revision is None else scale * m.revision
        new = None if m.new_months is None else scale * m.new_months
        place = capital(part_sv(d, "region", s.get("region", "")))
        missing = Special("missing")
        values = [m.then, m.now, revision, m.last, new]
        area = part_sv(d, "care_area", s.get("care_area", ""))
        rows.append(Row((place, area, *(missing if v is None else v for v in values))))
    then, last = period_sv(found[0][0].then_period), period_sv(found[0][0].last_period)
    table = Table(
        f"Största revideringarna av {then}",
        (
            Column("region", "Region"),
            Column("care_area", "Vårdområde"),
            Column("then", "Då", "share", group=capital(then)),
            Column("now", "Nu", "share", group=capital(then)),
            Column("revision", "Reviderat", "points", group=capital(then)),
            Column("last", "Andel", "share", group=capital(last)),
            Column("new_months", "Nya data", "points", group=capital(last)),
        ),
        tuple(rows),
        stacked=True,
    )
    return FigureCard(
        id="regioner",
        title=f"{rows[0].cells[0]} reviderades{' mest' if len(rows) > 1 else ''}",
        summary="Andel inom gränsen, procent och procentenheter. De största, störst först.",
        table=table,
        source=_source(d),
        span=5,
    )


def _largest_card(d: Difference) -> FigureCard:
    """Of every kind of difference the largest, in words."""
    rows = []
    for kind, name in KINDS.items():
        if kind in _COUNTED:
            continue
        rows += [_change_row(d, c, name) for c in _of_kind(d, kind)]
    counts = [f"{count(len(d.of(k)))} {name}" for k, name in KINDS.items() if d.of(k)]
    table = Table(
        "De största skillnaderna av varje slag",
        (
            Column("kind", "Slag"),
            Column("dataset", "Uppgift"),
            Column("where", "Var"),
            Column("measure", "Tal"),
            Column("before", "Då"),
            Column("after", "Nu"),
            Column("difference", "Skillnad"),
        ),
        tuple(rows),
        stacked=True,
    )
    return FigureCard(
        id="storst",
        title="De största skillnaderna av varje slag" if rows else "Inga tal skiljer bilderna åt",
        summary=f"{capital(', '.join(counts))}. De {number_word(LARGEST)} av varje slag som väger "
        "tyngst mot talets storlek, av olika serier, störst skillnad först. Av nya tal den senaste månaden i riket."
        if counts
        else "Alla tal är lika.",
        table=table,
        source=_source(d),
        span=12,
    )


def _of_kind(d: Difference, kind: Kind) -> list[Change]:
    """Of new numbers one of each table, since a month is new in all of them; of the new forecast the flags that turned
    before its numbers."""
    if kind != "new":
        return chosen(d, d.of(kind), LARGEST)
    by_table: dict[str, list[Change]] = {}
    for c in d.of(kind):
        by_table.setdefault(c.dataset, []).append(c)
    return [c for changes in list(by_table.values())[:LARGEST] for c in chosen(d, changes, 1)]


def _change_row(d: Difference, c: Change, name: str) -> Row:
    measure = measure_of(d, c)
    told = [told_sv(measure, number, text) for number, text in ((c.before, c.before_text), (c.after, c.after_text))]
    difference = "–" if c.difference is None or c.kind == "definition" else difference_sv(measure, c.difference)
    title = next((m.tables[c.dataset].title for m in (d.later, d.earlier) if c.dataset in m.tables), c.dataset)
    where = capital(series_sv(d, c.dataset, c.key))
    return Row(
        (name, title, where, measure.title if measure else c.measure or "–", told[0] or "–", told[1] or "–", difference)
    )


def _aspects_card(d: Difference) -> FigureCard:
    rows = tuple(Row((a.title, a.before, a.after, a.happened)) for a in d.aspects)
    table = Table(
        "Vad mer skiljer bilderna åt",
        (
            Column("aspect", "Uppgift"),
            Column("before", moment_sv(d.earlier)),
            Column("after", moment_sv(d.later)),
            Column("happened", "Vad som hänt"),
        ),
        rows,
        stacked=True,
    )
    return FigureCard(
        id="ovrigt",
        title="Vad mer skiljer bilderna åt",
        summary="Ändrade uppgifter står först.",
        table=table,
        source=_source(d),
        span=12,
    )


def _source(d: Difference) -> str:
    mark = "syntetiska data" if d.earlier.synthetic or d.later.synthetic else "bildernas uppgifter"
    return f"Källa: {mark} i bilderna från {two_moments_sv(d.earlier, 'och', d.later)}."
