"""Slides of figures: the finding as title, a sentence, a native chart or a real table, how it is read, the source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lagesbild.components.typed import reasons
from lagesbild.reports.about import figure_notes, moment, one_line
from lagesbild.reports.charts import Chart, RankedBars
from lagesbild.reports.document import Figure
from lagesbild.reports.legend import absences, reading
from lagesbild.reports.pptx_bars import limit_stands
from lagesbild.reports.pptx_charts import drawings, insert
from lagesbild.reports.pptx_slides import Room, Slides, numbered, room
from lagesbild.reports.pptx_tables import insert_table, pieces
from lagesbild.reports.pptx_text import Run, describe, place
from lagesbild.reports.pptx_theme import CONTENT, LEAD, NOTE


def figure(slides: Slides, kicker: str, block: Figure, *, most: int = 0) -> None:
    """The chart, and the table where the document shows it or there is no chart. `most`: slides that a table may take;
    0 for any."""
    drawn = block.chart is not None and _chart(slides, kicker, block, block.chart)
    if block.table_shown or not drawn:
        _table(slides, kicker, block, again=drawn, most=most)


def _chart(slides: Slides, kicker: str, block: Figure, chart: Chart) -> bool:
    """False when there is nothing to draw."""
    made = drawings(chart, exact=slides.document.stamp.exact)
    read = [*reading(chart), *absences(chart)]
    if isinstance(chart, RankedBars) and chart.limit and not limit_stands(chart):
        read.append(f"{chart.limit.text}.")
    note = _joined([*read, *figure_notes(block)])
    for n, drawing in enumerate(made, 1):
        title = numbered(block.title, n, len(made))
        slide = slides.add("Diagram", title, kicker)
        where = room(title, block.summary, note)
        slides.fill(slide, LEAD, [[Run(block.summary, where.lead_size)]], box=where.lead)
        frame = insert(slide, _holder(slide, where), drawing, moment(slides.document.stamp))
        describe(frame, numbered(chart.alt, n, len(made)) or block.title, f"Diagram: {block.title}"[:80])
        slides.fill(slide, NOTE, [[Run(note, where.note_size)]], box=where.note)
        slides.close(slide, [block.title, block.summary, chart.alt, *read, *block.footnotes], block.source)
    return bool(made)


def _table(slides: Slides, kicker: str, block: Figure, *, again: bool, most: int) -> None:
    title = f"{block.title}: tabell" if again else block.title
    lead = block.table.caption if again or not block.summary else block.summary
    notes = list(dict.fromkeys((*reasons(block.table), *figure_notes(block))))
    note = _joined(notes)
    parts = pieces(block.table, room(f"{title} (10 av 10)", lead, note).body.h)
    if most and len(parts) > most and len({p.columns for p in parts}) == 1:
        n = len(block.table.rows)
        note = _joined([_rest(n, n), *notes])  # as long as it will be
        parts = pieces(block.table, room(f"{title} (10 av 10)", lead, note).body.h)[:most]
        notes.insert(0, _rest(sum(len(p.rows) for p in parts), n))
        note = _joined(notes)
    for n, piece in enumerate(parts, 1):
        slide = slides.add("Tabell", numbered(title, n, len(parts)), kicker)
        where = room(numbered(title, n, len(parts)), lead, note)
        slides.fill(slide, LEAD, [[Run(lead, where.lead_size)]], box=where.lead)
        insert_table(_holder(slide, where), block.table, piece)
        slides.fill(slide, NOTE, [[Run(note, where.note_size)]], box=where.note)
        slides.close(slide, [block.title, block.summary, block.table.caption, *notes], block.source)


def slides_of_table(block: Figure) -> int:
    """How many a figure's table would take."""
    note = _joined([*reasons(block.table), *figure_notes(block)])
    return len(pieces(block.table, room(block.title, block.summary or block.table.caption, note).body.h))


def _rest(shown: int, of: int) -> str:
    return f"De {shown} första av {of} rader; resten står i arbetsboken (XLSX)."


def _joined(lines: Sequence[str]) -> str:
    return " ".join(one_line(t) for t in lines if t.strip())


def _holder(slide: Any, where: Room) -> Any:
    """The placeholder for the chart or table, where there is room for it."""
    holder = next(p for p in slide.placeholders if p.placeholder_format.idx == CONTENT)
    place(holder, where.body)
    return holder
