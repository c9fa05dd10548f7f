"""A figure as paper has it: drawn, as a table, as one row's names and values, or in words alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from lagesbild.components.model import Special, Table
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import NB
from lagesbild.reports.about import sentences
from lagesbild.reports.document import Figure
from lagesbild.reports.fonts import divided, line_count, one_line
from lagesbild.reports.from_card import month_in
from lagesbild.reports.typeset.drawn import drawn
from lagesbild.reports.typeset.sizes import HEAD, LEAST, NOTE, SUMMARY, TABLE, TITLE, WIDTH, type_sizes
from lagesbild.reports.typeset.tables import table_data

WHOLE: Final = 620.0  # points: a figure up to this height is not divided between pages
_LONG_NOTE: Final = 140  # characters: a longer footnote explains a table, and is where the table is
_ACROSS: Final = 6  # names and values of one row beside each other
_MANY: Final = 6  # columns: with more, months are written short
_FEW: Final = 3  # columns: a row of so few is read as easily as a table
_GUARDED: Final = "Skyddat "  # begins the reason of a cell that is protected: said once, under "Om underlaget"
_SOURCE: Final = "Källa"
_SIGN: Final = re.compile(r"(?:^|(?<=\. ))\d (?=[A-ZÅÄÖ])")  # a number that stands beside a name on the page only


@dataclass(frozen=True)
class Plan:
    """How figures of a section are set: `shared` are notes that stand at its end, `low` is how high the fields of
    charts are against the usual, `tall` how long two columns may become, in points: long ones take less
    paper, short ones leave less of it empty where a page ends. `dense`: how close type and blocks are set, from the
    usual (0) to the closest (1), with no type smaller than `least`."""

    shared: tuple[str, ...] = ()
    low: float = 1.0
    tall: float = WHOLE
    dense: float = 0.0
    least: float = LEAST

    @property
    def sizes(self) -> dict[str, float]:
        return type_sizes(self.dense, self.least)


USUAL: Final = Plan()


def within(text: str, room: float, size: float) -> str:
    """The text as one line of characters that can be printed, and no word wider than `room`."""
    return divided(one_line(text), room, size, bold=True)


def common(figures: Sequence[Figure]) -> tuple[str, ...]:
    """What need not stand under each of several figures: the source most of them have, and what stands under all."""
    told = [notes(f) for f in figures]
    if len(told) < 2:
        return ()
    sources = Counter(s for t in told for s in t if s.startswith(_SOURCE))
    most = [s for s, n in sources.most_common(1) if n > 1 and all(sum(x in sources for x in t) == 1 for t in told)]
    return (*most, *(s for s in told[0] if s not in sources and all(s in t for t in told)))


def said_once(shared: Sequence[str], figures: Sequence[Figure]) -> str:
    """The line at a section's end for what is not said under its figures."""
    source = [s for s in shared if s.startswith(_SOURCE)]
    rest = " ".join(s for s in shared if s not in source)
    everywhere = all(s in notes(f) for s in source for f in figures)
    told = [s if everywhere else s.replace(f"{_SOURCE}:", f"{_SOURCE} där ingen annan anges:", 1) for s in source]
    return " ".join([*told, *([f"För alla figurer: {rest}"] if rest else [])])


def notes(figure: Figure) -> list[str]:
    """The sentences under a figure on paper, each once. In words alone: what is short, and where the numbers are from;
    how they were made is told beside the table, in the workbook."""
    source = sentences(figure.source)
    foot = [*figure.footnotes, *(() if figure.in_words else figure.table.footnotes)]
    if figure.in_words:
        at = next((k for k, s in enumerate(source) if s.startswith(_SOURCE)), 0)
        source, foot = source[at:], [f for f in foot if len(f) <= _LONG_NOTE]
    kept = [s for s in dict.fromkeys((*foot, *source)) if s.strip() and s not in figure.off_paper]
    return [_SIGN.sub("", s) for s in kept]


def on_paper(table: Table, off_paper: Collection[str], *, said: Sequence[str] = (), short: bool = False) -> Table:
    """The table with the columns that paper has, its footnotes left to the figure, and no note on a cell for what is
    `said` under it or, of protected ones, once for the document. `short`: months as `dec 2025`."""
    places = [k for k, c in enumerate(table.columns) if c.name not in off_paper]
    told = " ".join(said).lower()
    rows = (replace(r, cells=tuple(_cell(r.cells[k], told, short) for k in places)) for r in table.rows)
    return replace(table, columns=tuple(table.columns[k] for k in places), rows=tuple(rows), footnotes=())


def _cell(cell: Any, told: str, short: bool) -> Any:
    month = month_in(cell) if isinstance(cell, str) else cell
    if short and isinstance(month, Month):
        return month.sv_short.replace(" ", NB)
    if not isinstance(cell, Special) or not cell.reason:
        return cell
    guarded = cell.state == "secondary" and cell.reason.startswith(_GUARDED)
    return replace(cell, reason="") if guarded or cell.reason.rstrip(".").lower() in told else cell


def figure_data(figure: Figure, room: float, plan: Plan = USUAL) -> dict[str, Any]:
    """The figure within `room` points."""
    drawing = drawn(figure.chart, room, plan.low) if figure.chart is not None else None
    table = one = None
    if not figure.in_words and (figure.table_shown or drawing is None):
        tight = room < WIDTH or len(figure.table.columns) > _MANY
        kept = on_paper(figure.table, figure.off_paper, said=notes(figure), short=tight)
        table = table_data(kept, room, plan.sizes["table"])
        one = _one_row(kept, table, room) if drawing is None else None
    title = within(figure.title, room, TITLE)
    summary = within(figure.summary, room, SUMMARY)
    summary = f"Verkliga tal. {summary}".strip() if figure.real else summary
    note = within(" ".join(n for n in notes(figure) if n not in plan.shared), room, NOTE)
    height = 14.0 + line_count(title, room, TITLE, bold=True) * 14 + line_count(summary, room, SUMMARY) * 12
    height += drawing["height"] + 8 if drawing else 0.0
    if one is not None:
        height += -(-len(one) // _across(room)) * (HEAD + TABLE) * 1.6
    elif table:
        height += table["height"] + 8
    texts = [note, *(n[1] for n in (table["notes"] if table else []))]
    height += sum(line_count(t, room, NOTE) * 10.7 + 5 for t in texts if t)
    if table and drawing is None:
        table["caption"] = ""  # the figure's title stands where it would
    return {
        "kind": "figure",
        "title": title,
        "summary": "" if one and summary.startswith("Ordning:") else summary,  # one row has none
        "drawing": drawing,
        "table": table,
        "one": one,
        "across": min(_across(room), max(1, len(one or ()))),
        "note": note,
        "height": height,
        "whole": height <= WHOLE,
    }


def _across(room: float) -> int:
    return _ACROSS if room == WIDTH else 2


def _one_row(kept: Table, table: dict[str, Any], room: float) -> list[dict[str, Any]] | None:
    """A table of one row as its columns' names and values; None for any other."""
    if len(table["rows"]) != 1 or len(kept.columns) <= _FEW:
        return None
    wide = room / _across(room) - 8
    out = []
    for column, cell in zip(kept.columns, table["rows"][0]["cells"], strict=True):
        name = ", ".join(t for t in (column.group, column.title) if t)
        said = within(cell["text"], wide, TABLE)
        out.append({"name": within(name, wide, HEAD), "cell": cell | {"text": said}})
    return out


def words_data(figures: Iterable[Figure], across: int, room: float, plan: Plan) -> dict[str, Any]:
    """Figures that are words alone, `across` beside each other, each within `room` points."""
    items = [
        {
            "title": within(f.title, room, SUMMARY),
            "summary": within(f"Verkliga tal. {f.summary}" if f.real else f.summary, room, SUMMARY),
            "note": within(" ".join(n for n in notes(f) if n not in plan.shared), room, NOTE),
        }
        for f in figures
    ]
    sizes = (("title", TITLE, 12.0), ("summary", SUMMARY, 11.5), ("note", NOTE, 10.7))
    high = [11.0 + sum(line_count(i[k], room, s, bold=k == "title") * n for k, s, n in sizes if i[k]) for i in items]
    rows = [max(high[k : k + across]) + 10 for k in range(0, len(high), across)]
    return {"kind": "words", "across": across, "items": items, "height": sum(rows)}
