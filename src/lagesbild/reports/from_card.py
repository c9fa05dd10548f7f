"""A page's figure as a figure on paper: the same words and the same table, without what only a screen can do."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, Final

from lagesbild.components.judgement import JUDGEMENT_WORDS
from lagesbild.components.model import Column, Drawn, FigureCard, KeyFigure, Row, Special, Table
from lagesbild.components.table import plain_text
from lagesbild.domain.periods import MONTHS_SV, Month
from lagesbild.reports.charts import Chart
from lagesbild.reports.document import Figure

_SOFT_HYPHEN: Final = "\u00ad"
# sentences that explain what is only on a screen
_DRAWN: Final = (
    (". En linje per månad,", ","),
    ("; övriga ligger på noll, och lika linjer på varandra", ""),
    ("; övriga ligger på noll", ""),
)
_SCREEN: Final = (
    "Välj ",
    "Öppna ett ",
    "Starkast ton",
    "Grått band",
    "Bandet rymmer",
    "Större punkter i färg",
    "Punkterna är publiceringar",
    "Vårdgivaren leder",
    "Varje vårdområde har sin egen skala",
)
# what the screen draws one way and paper another
_INSTEAD: Final = (
    ("Streckad ram: skyddat tal, inte noll", "Månad utan stapel: talet är skyddat, inte noll"),
    ("det står i rapporteringen ovan", "det står i rapporteringen"),
)


def figure(
    card: FigureCard,
    chart: Chart | None = None,
    *,
    summary: str | None = None,
    only: Collection[str] = (),
    rows: Callable[[Row], bool] | None = None,
    table_shown: bool = False,
    half: bool = False,
    in_words: bool = False,
    off_paper: Collection[str] = (),
) -> Figure:
    """`only`: the columns that stand on paper, by name; all unless told. `rows`: which of them, likewise. `summary`
    replaces one that explains what is seen on the screen only."""
    return Figure(
        id=card.id,
        title=card.title,
        summary=(told(on_paper(card.summary)) if in_words else on_paper(card.summary)) if summary is None else summary,
        table=table(card.table, only=only, rows=rows),
        source=on_paper(card.source),
        chart=chart,
        footnotes=tuple(
            on_paper(t)
            for t in dict.fromkeys((*(plain_text(f).strip() for f in card.footnotes), *card.table.footnotes))
            if t and not _leads_on(t)
        ),
        table_shown=table_shown,
        half=half,
        real=card.mark == "real",
        in_words=in_words,
        off_paper=tuple(off_paper),
    )


def on_paper(text: str) -> str:
    """Without what asks a reader to choose something on a screen, and without soft hyphens.

    >>> on_paper("Ordning: läge och månad. Välj en rad för dess prognos.")
    'Ordning: läge och månad.'
    """
    text = text.replace(_SOFT_HYPHEN, "")
    for screen, paper in _INSTEAD:
        text = text.replace(screen, paper)
    sentences = text.split(". ")
    kept = [s for s in sentences if not s.startswith(_SCREEN)]
    joined = ". ".join(kept)
    return joined if not joined or joined.endswith((".", "?", "!", ":")) else f"{joined}."


def told(summary: str) -> str:
    """A summary for a reader who has no drawing before him: without what explains how it is drawn.

    >>> told("Andelen i riket. En linje per månad, maj–juni 2026. 1 av 2 har ändrats; övriga ligger på noll.")
    'Andelen i riket, maj–juni 2026. 1 av 2 har ändrats.'
    """
    for drawing, words in _DRAWN:
        summary = summary.replace(drawing, words)
    return summary


def _leads_on(footnote: str) -> bool:
    return footnote.endswith((", se .", ": .")) or footnote.startswith("Alla regioner")


def table(made: Table, *, only: Collection[str] = (), rows: Callable[[Row], bool] | None = None) -> Table:
    """The table with plain values: nothing drawn, nothing that leads elsewhere."""
    places = [i for i, c in enumerate(made.columns) if not only or c.name in only]
    columns = tuple(replace(made.columns[i], title=_bare(made.columns[i].title)) for i in places)
    kept = [r for r in made.rows if rows is None or rows(r)]
    out = tuple(
        replace(r, cells=tuple(value(r.cells[i], made.columns[i]) for i in places), href="", note=_bare(r.note))
        for r in kept
    )
    return replace(made, columns=columns, rows=out, footnotes=tuple(_bare(f) for f in made.footnotes))


def value(cell: Any, column: Column) -> Any:
    """What a cell holds. A month written out in a column of text is a `Month`, so that charts and workbooks know it."""
    if isinstance(cell, Drawn):
        return value(cell.value, column)
    if isinstance(cell, str):
        found = month_in(cell) if column.name == "period" else None
        return _bare(cell) if found is None else found
    return cell


def month_in(text: str) -> Month | None:
    """`oktober 2026` as a month; None for anything else.

    >>> month_in("oktober 2026")
    Month(year=2026, month=10)
    """
    name, _, year = text.partition(" ")
    return Month(int(year), MONTHS_SV.index(name) + 1) if name in MONTHS_SV and year.isdigit() else None


def number(cell: Any) -> float | None:
    """A cell's number, also of a share that is told in whole per cent (`87 %`); None when it is not shown.

    >>> number("87\\u00a0%"), number(Special("missing"))
    (0.87, None)
    """
    if isinstance(cell, Drawn):
        return number(cell.value)
    if isinstance(cell, (Special, Month)) or cell is None:
        return None
    if isinstance(cell, str):
        digits = cell.replace("\u00a0", "").removesuffix("%").replace(",", ".").strip()
        return float(digits) / 100 if cell.endswith("%") and digits.replace(".", "", 1).isdigit() else None
    found = float(cell)
    return found if found == found else None


def key_figure(k: KeyFigure) -> KeyFigure:
    """With its judgement in words; what was drawn in it as text."""
    words = k.judgement_text or JUDGEMENT_WORDS.get(k.judgement, "")
    value_ = f"{k.value}\u00a0{k.unit}" if k.unit else k.value
    return replace(k, value=value_, unit="", judgement_text=words or in_words(k.body), body=None, href="")


def in_words(nodes: Any) -> str:
    """Lines that stand below each other, as a list in a sentence."""
    parts = [plain_text(n) for n in nodes] if isinstance(nodes, (list, tuple)) else [plain_text(nodes)]
    return _bare(", ".join(p for p in parts if p))


def _bare(text: str) -> str:
    return text.replace(_SOFT_HYPHEN, "")
