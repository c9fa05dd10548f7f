"""A presentation with few slides: charts of a section beside each other, what has no picture in words on one slide.

Nothing that a full one says is lost: what stands in a table elsewhere has its workbook, definitions stand in the notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lagesbild.components.table import cell_text
from lagesbild.domain.swedish import capital, small
from lagesbild.reports import pptx_content as content
from lagesbild.reports.about import definitions, figure_notes, moment, one_line
from lagesbild.reports.document import Facts, Figure, Prose, Section, Space
from lagesbild.reports.from_card import told
from lagesbild.reports.legend import absences, reading
from lagesbild.reports.pptx_bars import Drawing
from lagesbild.reports.pptx_charts import drawings, insert
from lagesbild.reports.pptx_figures import figure
from lagesbild.reports.pptx_slides import Slides
from lagesbild.reports.pptx_text import Run, describe, fit, height, place, text_box
from lagesbild.reports.pptx_theme import ASIDE, BESIDE, BOTTOM, CONTENT, INNER, MARGIN, Box

MOST_BESIDE: Final = 3  # charts
MOST_TABLE: Final = 2  # slides of a long table
_GUTTER: Final = 0.45
_REST: Final = "Mer i korthet"
_SIZES: Final = (18, 16, 15, 14, 13, 12)
Said = str | tuple[str, str]


def short(slides: Slides) -> None:
    """Slides of every section, then what is told in words. Definitions are in the last slide's notes."""
    document, rest = slides.document, list[Said]()
    for section in document.sections:
        if section.id != "definitioner":
            slides.section(section.title)
            rest += _section(slides, section)
        if section.comment.strip():
            content.comment(slides, section)
    if rest:
        slides.section(_REST)
        content.words(slides, _REST, document.kicker, rest, sizes=_SIZES)
    content.sources(slides, [f"{term}: {text}" for term, text in definitions(document)])


def _section(slides: Slides, section: Section) -> list[Said]:
    """Its slides; gives what is left to be told in words."""
    rest: list[Said] = []
    facts = next((b for b in section.blocks if isinstance(b, Facts) and b.items), None)
    lead = [p for b in section.blocks if isinstance(b, Prose) for p in b.paragraphs if p not in b.off_paper]
    if facts is not None:
        content.facts(slides, section, facts, [p for p in lead if isinstance(p, str)])
    else:
        rest += lead
    beside: list[Figure] = []
    for block in section.blocks:
        match block:
            case Figure():
                made = _drawn(slides, block)
                if len(made) == 1 and block.half:
                    beside.append(block)
                elif block.in_words or (not made and (_aside(block) or len(block.table.rows) < 2)):
                    rest.append((block.title, _in_words(block)))
                else:
                    figure(slides, section.title, block, most=MOST_TABLE)
            case Space():
                content.space(slides, section, block)
    for some in _groups(beside):
        _charts(slides, section.title, some)
    return rest


def _aside(block: Figure) -> bool:
    """A table that stands in the place of a chart with nothing to draw: its finding is enough."""
    return block.half and not block.table_shown


def _drawn(slides: Slides, block: Figure, across: int = 1) -> list[Drawing]:
    return drawings(block.chart, exact=slides.document.stamp.exact, across=across) if block.chart else []


def _groups(figures: Sequence[Figure]) -> list[Sequence[Figure]]:
    """As equal as can be, none longer than a slide has room for."""
    n = -(-len(figures) // MOST_BESIDE)
    return [figures[len(figures) * k // n : len(figures) * (k + 1) // n] for k in range(n)]


def _in_words(block: Figure) -> str:
    """Its summary; of a table with one row that row instead, a name and a value each."""
    if block.in_words or len(block.table.rows) != 1:
        return told(block.summary)
    row = block.table.rows[0]
    kept = [
        f"{small(f'{column.group} {column.title}'.strip())} {cell_text(cell, column)}"
        for column, cell in zip(block.table.columns, row.cells, strict=True)
        if column.name not in block.off_paper
    ]
    return capital(f"{', '.join(kept)}.")


def _charts(slides: Slides, kicker: str, some: Sequence[Figure]) -> None:
    """Beside each other: each with its finding, a sentence, the chart and how it is read."""
    if len(some) == 1:
        figure(slides, kicker, some[0])
        return
    slide = slides.add(BESIDE, _finding(slides, kicker, some), kicker)
    across = len(some)
    width = (INNER - _GUTTER * (across - 1)) / across
    notes = [_note(f) for f in some]
    head = _least([f.title for f in some], Box(0, 0, width, 0.75), (16, 15, 14, 13, 12), bold=True)
    lead = _least([f.summary for f in some], Box(0, 0, width, 0.85), (13, 12, 11, 10))
    foot = _least(notes, Box(0, 0, width, 1.0), (11, 10, 9, 8))
    heads = max(height([f.title], width, head, bold=True) for f in some)
    leads = max(height([f.summary], width, lead) if f.summary.strip() else 0.0 for f in some)
    feet = max(height([n], width, foot) if n else 0.0 for n in notes)
    top = slides.top + 0.08
    body = Box(0, top + heads + leads + 0.16, width, BOTTOM - feet - 0.08 - (top + heads + leads + 0.16))
    said: list[str] = []
    for k, block in enumerate(some):
        [drawing] = _drawn(slides, block, across)
        x = MARGIN + k * (width + _GUTTER)
        _words(slide, Box(x, top, width, heads), block.title, Run(block.title, head, True), "Rubrik")
        _words(slide, Box(x, top + heads + 0.04, width, leads), block.summary, Run(block.summary, lead), "Mening")
        holder = _holder(slide, k)
        place(holder, Box(x, body.y, width, body.h))
        frame = insert(slide, holder, drawing, moment(slides.document.stamp))
        alt = block.chart.alt if block.chart is not None else ""
        describe(frame, alt or block.title, f"Diagram: {block.title}"[:80])
        _words(slide, Box(x, BOTTOM - feet, width, feet), notes[k], Run(notes[k], foot, color="ink-2"), "Så läses")
        said += [block.title, block.summary, alt, notes[k]]
    for k in range(across, MOST_BESIDE):
        empty = _holder(slide, k)
        empty._element.getparent().remove(empty._element)
    sources = list(dict.fromkeys(f.source for f in some if f.source))
    slides.close(slide, [t for t in said if t], " ".join(sources))


def _words(slide: Any, box: Box, text: str, run: Run, kind: str) -> None:
    if text.strip():
        text_box(slide, box, [[run]], f"{kind}: {one_line(text)}"[:80])


def _least(texts: Sequence[str], box: Box, sizes: Sequence[float], *, bold: bool = False) -> float:
    """One size for all, with which the longest has room."""
    return min(fit([t], box, sizes, bold=bold) for t in texts)


def _note(block: Figure) -> str:
    read = [*reading(block.chart), *absences(block.chart)] if block.chart is not None else []
    kept = [t for t in figure_notes(block) if t not in block.off_paper and t != block.source]
    return " ".join(one_line(t) for t in (*read, *kept) if t.strip())


def _finding(slides: Slides, kicker: str, some: Sequence[Figure]) -> str:
    """The title of the one that is judged, else of the first; a title that another slide has says what it is of."""
    judged = (f.title for f in some if "säkerställd f" in f.title and "ingen säker" not in f.title)
    title = next(judged, some[0].title)
    used = {one_line(s.shapes.title.text_frame.text) for s in slides.deck.slides}
    return f"{kicker}, {small(title)}" if one_line(title) in used else title


def _holder(slide: Any, k: int) -> Any:
    idx = (CONTENT, *ASIDE)[k]
    return next(p for p in slide.placeholders if p.placeholder_format.idx == idx)
