"""A presentation with few slides: charts of a section beside each other, what has no picture in words on one slide.

Before a council, and in the assessment of a new care area, each care area has a slide with its three key figures when
there are several, and a table that one slide has no room for is told in words, but for the gaps. No finding is lost:
tables are in the workbook, definitions in the notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from lagesbild.components.model import KeyFigure
from lagesbild.components.table import cell_text
from lagesbild.domain.swedish import capital, small
from lagesbild.reports import pptx_content as content
from lagesbild.reports.about import definitions, figure_notes, judged, moment, one_line, value_with_unit
from lagesbild.reports.charts import RankedBars
from lagesbild.reports.document import Document, Facts, Figure, Prose, Section, Space
from lagesbild.reports.from_card import told
from lagesbild.reports.legend import absences, reading
from lagesbild.reports.pptx_bars import Drawing
from lagesbild.reports.pptx_charts import drawings, insert
from lagesbild.reports.pptx_column import column
from lagesbild.reports.pptx_figures import figure, slides_of_table
from lagesbild.reports.pptx_slides import Slides, room
from lagesbild.reports.pptx_tables import without
from lagesbild.reports.pptx_text import Run, describe, fit, height, place, text_box
from lagesbild.reports.pptx_theme import ASIDE, BESIDE, BOTTOM, CONTENT, INNER, LEAD, MARGIN, NOTE, Box
from lagesbild.reports.shaping import NARROW

MOST_BESIDE: Final = 3  # charts
MOST_TABLE: Final = 2  # slides of a long table
MOST_ROWS: Final = 12  # of bars in a chart beside another
_GUTTER: Final = 0.45
_REST: Final = "Mer i korthet"
_TABLES: Final = "Tabellerna står i arbetsboken (XLSX)."
_IN_BRIEF: Final = ("radet", "bedomning")  # kinds whose long tables are told in words
_GAPS: Final = "gap"  # the table that is shown whatever it takes
_CHART: Final = 8.2  # inches of a slide that has key figures beside
# what a section is about: the figure whose finding is the slide's, by the beginning of its id
_LEAD: Final = {
    "sammanfattning": "regioner",
    "vantetider": "andel",
    "produktion": "balans",
    "utomlansvard": "sjukvardsregioner",
    "prognos": "prognos",
}
_SIZES: Final = (18, 16, 15, 14, 13, 12, 11)
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
        rest += [_TABLES] if document.kind in _IN_BRIEF else []
        slides.section(_REST)
        content.words(slides, _REST, document.kicker, rest, sizes=_SIZES)
    content.sources(slides, [f"{term}: {text}" for term, text in definitions(document)])


def _section(slides: Slides, section: Section) -> list[Said]:
    """Its slides; gives what is left to be told in words."""
    rest: list[Said] = []
    brief = slides.document.kind in _IN_BRIEF
    facts = next((b for b in section.blocks if isinstance(b, Facts) and b.items), None)
    lead = [p for b in section.blocks if isinstance(b, Prose) for p in b.paragraphs if p not in b.off_paper]
    if facts is None:
        rest += lead
    elif brief and _by_area(slides.document):
        rest += [*lead, *((i.name, _fact(i)) for i in facts.items if i.name not in _by_area(slides.document))]
    else:
        content.facts(slides, section, facts, [p for p in lead if isinstance(p, str)])
    beside: list[Figure] = []
    for block in section.blocks:
        match block:
            case Figure():
                made = _drawn(slides, block)
                if brief and block.facts and len(made) == 1:
                    _with_facts(slides, section, block)
                elif len(made) == 1 and block.half and not _needs_all(block):
                    beside.append(block)
                elif block.in_words or (not made and _in_brief(slides, block)):
                    rest.append((block.title, _in_words(block)))
                else:
                    figure(slides, section.title, _narrow(block) if brief else block, most=MOST_TABLE)
    if asked := [b for b in section.blocks if isinstance(b, Space)]:
        content.spaces(slides, section, asked)
    for some in _groups(beside):
        _charts(slides, section, some)
    return rest


def _in_brief(slides: Slides, block: Figure) -> bool:
    """A table that is told in words: of one row, and for a council or an assessment one that stands beside a chart or
    takes more than a slide, but for the gaps."""
    if _aside(block) or len(block.table.rows) < 2:
        return True
    brief = slides.document.kind in _IN_BRIEF and block.id != _GAPS
    return brief and (block.half or slides_of_table(block) > 1)


def _needs_all(block: Figure) -> bool:
    """Bars of a whole country's regions: half a slide has no room for their names and numbers."""
    return isinstance(block.chart, RankedBars) and len(block.chart.rows) > MOST_ROWS


def _narrow(block: Figure) -> Figure:
    """The gaps without the columns that a council asks for last, where all of them would take another slide."""
    if block.id != _GAPS or slides_of_table(block) < 2:
        return block
    return replace(block, table=without(block.table, NARROW))


def _by_area(document: Document) -> set[str]:
    """Names of the key figures that stand on a slide of each care area, and of the care areas; none where there is no
    such slide."""
    own = [f for f in document.figures if f.facts]
    return {k.name for f in own for k in f.facts} | {f.title.partition(": ")[0] for f in own}


def _fact(item: KeyFigure) -> str:
    return f"{item.what}: {value_with_unit(item)}. {judged(item)}".strip()


def _with_facts(slides: Slides, section: Section, block: Figure) -> None:
    """A chart and the key figures of what it is about."""
    title, note = _finding(slides, section, [block]), _note(block)
    where = room(title, block.summary, note, _CHART)
    slide = slides.add("Diagram", title, section.title)
    slides.fill(slide, LEAD, [[Run(block.summary, where.lead_size)]], box=where.lead)
    [drawing] = _drawn(slides, block)
    holder = _holder(slide, 0)
    place(holder, where.body)
    alt = block.chart.alt if block.chart is not None else ""
    frame = insert(slide, holder, drawing, moment(slides.document.stamp))
    describe(frame, alt or block.title, f"Diagram: {block.title}"[:80])
    x, y = MARGIN + _CHART + _GUTTER, where.lead.y + 0.05
    said = column(slide, block.facts, Box(x, y, MARGIN + INNER - x, BOTTOM - y))
    slides.fill(slide, NOTE, [[Run(note, where.note_size)]], box=where.note)
    slides.close(slide, [t for t in (block.title, block.summary, alt, *said, note) if t], block.source)


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


def _charts(slides: Slides, section: Section, some: Sequence[Figure]) -> None:
    """Beside each other: each with its finding, a sentence, the chart and how it is read."""
    if len(some) == 1:
        figure(slides, section.title, some[0])
        return
    slide = slides.add(BESIDE, _finding(slides, section, some), section.title)
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


def _finding(slides: Slides, section: Section, some: Sequence[Figure]) -> str:
    """The title of what the section is about: of several that, the first whose key figure has changed for certain; else
    of the first figure. A title that another slide has says what it is of."""
    about = [f for f in some if f.id.startswith(_LEAD.get(section.id, "\0"))]
    changed = [f for f in about if f.facts and f.facts[0].judgement in ("better", "worse")]
    title = (*changed, *about, *some)[0].title
    used = {one_line(s.shapes.title.text_frame.text) for s in slides.deck.slides}
    return f"{section.title}, {small(title)}" if one_line(title) in used else title


def _holder(slide: Any, k: int) -> Any:
    idx = (CONTENT, *ASIDE)[k]
    return next(p for p in slide.placeholders if p.placeholder_format.idx == idx)
