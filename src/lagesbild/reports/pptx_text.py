"""Text on slides: runs in Swedish, sizes that fit without the font we name, alternative texts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Emu, Pt

from lagesbild.reports.about import one_line
from lagesbild.reports.pptx_theme import INK, Box

_WIDTHS: Final = {False: 0.56, True: 0.6}  # of the size: DejaVu Sans, wider than any font that replaces ours
_LINE: Final = 1.22


@dataclass(frozen=True)
class Run:
    """Words in one style. `size` in points; 0 is the placeholder's own."""

    text: str
    size: float = 0
    bold: bool = False
    color: str = ""


Paragraph = Sequence[Run]


def height(texts: Sequence[str], width: float, size: float, *, bold: bool = False, gap: float = 0) -> float:
    """Inches that paragraphs take at most, `gap` points between them."""
    per_line = max(1, int(width * 72 / (size * _WIDTHS[bold])))
    lines = sum(_lines(part, per_line) for text in texts for part in text.split("\n"))
    return (lines * size * _LINE + gap * max(0, len(texts) - 1)) / 72


def _lines(text: str, per_line: int) -> int:
    """Lines a text takes when words are kept whole; a word longer than a line is broken."""
    lines, used = 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > per_line:
            lines, used = lines + 1, 0
        used += len(word) + (1 if used else 0)
        if used > per_line:
            lines += math.ceil(used / per_line) - 1
            used = used % per_line or per_line
    return lines


def fit(texts: Sequence[str], box: Box, sizes: Sequence[float], *, bold: bool = False, gap: float = 0) -> float:
    """The largest of the sizes (falling) with which the texts have room; the smallest when none has."""
    return next((s for s in sizes if height(texts, box.w, s, bold=bold, gap=gap) <= box.h), sizes[-1])


def write(frame: Any, paragraphs: Sequence[Paragraph], *, gap: float = 0, align: str = "l") -> None:
    """Replaces a text frame's content. `gap`: points before every paragraph but the first."""
    frame.clear()
    for k, runs in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if k == 0 else frame.add_paragraph()
        if k and gap:
            paragraph.space_before = Pt(gap)
        if align == "r":
            paragraph.alignment = PP_ALIGN.RIGHT
        elif align == "c":
            paragraph.alignment = PP_ALIGN.CENTER
        for run in runs:
            _add(paragraph, run)
        if runs and runs[-1].size:
            # the height of a line without words: 18 points else, which made rows with an empty cell too tall
            paragraph._p.get_or_add_endParaRPr().set("sz", str(round(runs[-1].size * 100)))


def _add(paragraph: Any, run: Run) -> None:
    for k, part in enumerate(run.text.replace("\t", " ").replace("\v", " ").split("\n")):
        if k:
            paragraph.add_line_break()
        made = paragraph.add_run()
        made.text = part
        made._r.get_or_add_rPr().set("lang", "sv-SE")
        if run.size:
            made.font.size = Pt(run.size)
        if run.bold:
            made.font.bold = True
        if run.color:
            made.font.color.rgb = rgb(run.color)


def rgb(color: str) -> RGBColor:
    """A colour of the tokens."""
    digits = INK[color][1:]
    return RGBColor(*(int(digits[i : i + 2], 16) for i in (0, 2, 4)))  # type: ignore[no-untyped-call]


def place(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = (Emu(round(v * 914400)) for v in (box.x, box.y, box.w, box.h))


def describe(shape: Any, text: str, name: str = "") -> None:
    """The alternative text, and the name in the list of shapes."""
    shape._element._nvXxPr.cNvPr.set("descr", one_line(text))
    if name:
        shape.name = one_line(name)


def text_box(slide: Any, box: Box, paragraphs: Sequence[Paragraph], alt: str, **how: Any) -> Any:
    """A text box without margins that keeps its size."""
    shape = slide.shapes.add_textbox(*(Emu(round(v * 914400)) for v in (box.x, box.y, box.w, box.h)))
    frame = shape.text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    write(frame, paragraphs, **how)
    describe(shape, alt, alt)
    return shape
