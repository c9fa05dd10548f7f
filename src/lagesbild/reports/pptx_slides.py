"""What every slide has, whatever it shows: title, where one is, the synthetic mark, foot, page number and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Deck
from pptx.util import Pt

from lagesbild.reports.about import definitions, meant, one_line, source_words, stamp_lines, state_line
from lagesbild.reports.document import Document
from lagesbild.reports.pptx_text import Run, fit, height, place, rgb, text_box, write
from lagesbild.reports.pptx_theme import BOTTOM, FOOT, INNER, KICKER, LAYOUTS, MARGIN, MARK, TITLE, Box, foot_shapes

_TITLES = (28, 26, 24, 22, 20, 18)


class Slides:
    """A presentation that is being made."""

    def __init__(self, deck: Deck, document: Document) -> None:
        self.deck = deck
        self.document = document
        self._layouts = dict(zip(LAYOUTS, deck.slide_layouts, strict=True))
        self.top = TITLE.y  # inches down to where there is room under the title of the slide being made
        self.sections: list[tuple[str, list[int]]] = []  # heading, slide ids

    def section(self, title: str) -> None:
        """Slides from here belong to it in the list of slides."""
        self.sections.append((title, []))

    def add(self, layout: str, title: str, kicker: str, *, box: Box = TITLE, sizes: Sequence[float] = _TITLES) -> Any:
        """A new slide; what it shows is put between this and `close`, so shapes stand in reading order."""
        slide = self.deck.slides.add_slide(self._layouts[layout])
        self.sections[-1][1].append(slide.slide_id)
        size = fit([title], box, sizes, bold=True)
        tall = min(box.h, height([title], box.w, size, bold=True))
        place(slide.shapes.title, Box(box.x, box.y, box.w, tall))
        self.top = box.y + tall + 0.14
        write(slide.shapes.title.text_frame, [[Run(one_line(title) or "Utan rubrik", size)]])
        self.fill(slide, KICKER, [[Run(one_line(kicker))]])
        if self.document.stamp.synthetic:
            self._mark(slide)
        return slide

    def fill(
        self, slide: Any, idx: int, paragraphs: Sequence[Sequence[Run]], *, gap: float = 0, box: Box | None = None
    ) -> None:
        """Text in a placeholder; one without text is taken away, or it would ask for some."""
        holder = next(p for p in slide.placeholders if p.placeholder_format.idx == idx)
        if any(run.text.strip() for runs in paragraphs for run in runs):
            write(holder.text_frame, paragraphs, gap=gap)
            if box:
                place(holder, box)
        else:
            holder._element.getparent().remove(holder._element)

    def close(self, slide: Any, said: Sequence[str], source: str = "") -> None:
        """Foot, page number and notes. `said`: what the slide says, for the notes; `source`: of just this slide."""
        stamp = self.document.stamp
        number = len(self.deck.slides)
        used = [s.shape_id for s in slide.shapes]
        foot = "  ".join(t for t in (f"Källor: {source_words(stamp)}" if stamp.sources else "", state_line(stamp)) if t)
        shapes = foot_shapes(max(used) + 1, foot, str(number)).split("\n<p:sp")
        for k, xml in enumerate(shapes):
            slide.shapes._spTree.append(parse_xml(xml if k == 0 else f"<p:sp{xml}"))
        holder = next(s for s in slide.placeholders if s.placeholder_format.idx == 20)
        write(holder.text_frame, [[Run(foot, fit([foot], FOOT, (10, 9, 8)))]])
        self._notes(slide, said, source)

    def _mark(self, slide: Any) -> None:
        words = one_line(self.document.stamp.synthetic)
        size = fit([words], MARK, (11, 10, 9, 8), bold=True)
        shape = text_box(slide, MARK, [[Run(words, size, True, "ink")]], f"Märkning: {words}", align="c")
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        shape.line.color.rgb = rgb("line-strong")
        shape.line.width = Pt(1)
        shape.line.dash_style = MSO_LINE.DASH

    def _notes(self, slide: Any, said: Sequence[str], source: str) -> None:
        document = self.document
        lines = [t for t in said if t]
        if source:
            lines.append(f"Källa till sidan: {source.removeprefix('Källa: ')}")
        lines += [f"{what}: {text}" for what, text in stamp_lines(document.stamp)]
        lines += [f"Definition, {term}: {text}" for term, text in meant(document, " ".join((*said, source)))]
        if definitions(document) and not any(line.startswith("Definition, ") for line in lines):
            where = "anteckningarna till sista bilden" if document.few_slides else "avsnittet om definitioner"
            lines.append(f"Definitionerna står i {where} i presentationen.")
        write(slide.notes_slide.notes_text_frame, [[Run(line)] for line in lines])


@dataclass(frozen=True)
class Room:
    """Where a figure's parts stand under a title: the sentence, the chart or table, what stands under it."""

    lead: Box
    body: Box
    note: Box
    lead_size: float
    note_size: float


def room(title: str, lead: str, note: str, width: float = INNER) -> Room:
    """As much for the chart or table as the words leave. `width`: of all but the title."""
    size = fit([title], TITLE, _TITLES, bold=True)
    y = TITLE.y + min(TITLE.h, height([title], INNER, size, bold=True)) + 0.1
    lead_size = fit([lead], Box(0, 0, width, 0.62), (16, 15, 14, 13, 12, 11))
    tall = min(0.62, height([lead], width, lead_size)) if lead.strip() else 0.0
    note_size = fit([note], Box(0, 0, width, 0.66), (12, 11, 10, 9, 8))
    foot = min(0.66, height([note], width, note_size)) if note.strip() else 0.0
    top = y + tall + 0.12
    return Room(
        Box(MARGIN, y, width, max(tall, 0.2)),
        Box(MARGIN, top, width, BOTTOM - foot - 0.1 - top),
        Box(MARGIN, BOTTOM - foot, width, max(foot, 0.2)),
        lead_size,
        note_size,
    )


def numbered(title: str, k: int, of: int) -> str:
    """The title of the k-th (from 1) of several slides that belong together.

    >>> numbered("Gap", 2, 3), numbered("Gap", 1, 1)
    ('Gap (2 av 3)', 'Gap')
    """
    return f"{title} ({k} av {of})" if of > 1 else title
