"""Slides of words: the opening, warnings, key figures, paragraphs and definitions, space to write in, comments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pptx.util import Emu, Inches, Pt

from lagesbild.components.model import KeyFigure
from lagesbild.domain.swedish import capital
from lagesbild.reports.about import COMMENT, WARNINGS, stamp_lines, value_with_unit
from lagesbild.reports.document import Document, Facts, Prose, Section, Space
from lagesbild.reports.legend import ARROWS
from lagesbild.reports.pptx_column import said
from lagesbild.reports.pptx_slides import Slides, numbered
from lagesbild.reports.pptx_text import Paragraph, Run, fit, height, place, rgb, text_box
from lagesbild.reports.pptx_theme import BOTTOM, CONTENT, INNER, LAYOUTS, LEAD, MARGIN, TEXT, Box

_GUTTER: Final = 0.4
_OPENING: Final = LAYOUTS["Inledning"][0].box
_FACTS: Final = 8  # key figures that a slide has room for, four in a row


def opening(slides: Slides) -> None:
    """The finding, the points to remember and what to think of before the figures are used."""
    document = slides.document
    slides.section("Sammanfattning")
    slide = slides.add(
        "Inledning", document.title, document.kicker, box=_OPENING, sizes=(38, 34, 30, 27, 24, 20)
    )  # fmt: skip
    slides.fill(slide, LEAD, [[Run(document.purpose)]], box=Box(MARGIN, slides.top, INNER, 0.42))
    y = slides.top + 0.9
    top = [f"{p.heading} {p.text}" for p in document.points]
    if document.points:
        width = (INNER - _GUTTER * (len(document.points) - 1)) / len(document.points)
        room = 1.9 if document.warnings else 3.3
        size = min(
            fit([p.heading, p.text], Box(0, 0, width, room), (18, 16, 14, 13, 12), gap=3) for p in document.points
        )
        for k, point in enumerate(document.points):
            paragraphs = [[Run(point.heading, size + 1, True)], [Run(point.text, size, color="ink-2")]]
            text_box(
                slide, Box(MARGIN + k * (width + _GUTTER), y, width, room), paragraphs, f"Punkt: {point.heading}", gap=3
            )
        y += room + 0.15
    rest: Sequence[str] = document.warnings
    if rest:
        box = Box(MARGIN, y, INNER, BOTTOM - y)
        size = fit([WARNINGS, *rest], box, (14, 13, 12, 11), gap=3)
        if height([WARNINGS, *rest], box.w, size, gap=3) <= box.h:
            lines: list[Paragraph] = [[Run(WARNINGS, size, True)], *([Run(w, size)] for w in rest)]
            text_box(slide, box, lines, WARNINGS, gap=3)
            rest = ()
    slides.close(slide, [document.kicker, document.purpose, *top, *document.warnings])
    if rest:
        words(slides, WARNINGS, document.kicker, list(rest))


def words(
    slides: Slides,
    title: str,
    kicker: str,
    paragraphs: Sequence[str | tuple[str, str]],
    note: str = "",
    *,
    sizes: Sequence[float] = (24, 20, 18, 16, 15, 14),
    notes: Sequence[str] = (),
) -> None:
    """Paragraphs, and terms in bold before their definitions, on as many slides as they need at a readable size.
    `notes`: what only the last slide's notes say."""
    flat = [p if isinstance(p, str) else f"{p[0]}: {p[1]}" for p in paragraphs]
    box = Box(TEXT.x, TEXT.y, TEXT.w, TEXT.h - (0.35 if note else 0.0))
    size = fit(flat, box, sizes, gap=8)
    groups: list[list[int]] = [[]]
    broken = [piece for p in paragraphs for piece in _broken(p, size)]
    flat = [p if isinstance(p, str) else f"{p[0]}: {p[1]}" for p in broken]
    for k in range(len(broken)):
        trial = [flat[i] for i in (*groups[-1], k)]
        if groups[-1] and height(trial, box.w, size, gap=8) > box.h:
            groups.append([])
        groups[-1].append(k)
    for n, group in enumerate(groups, 1):
        slide = slides.add("Text", numbered(title, n, len(groups)), kicker)
        lines: list[Paragraph] = [[Run(note, 13, True, "ink-2")]] if note else []
        lines += [_paragraph(broken[k], size) for k in group]
        slides.fill(slide, CONTENT, lines, gap=8, box=Box(TEXT.x, slides.top, TEXT.w, BOTTOM - slides.top))
        if note:
            holder = next(p for p in slide.placeholders if p.placeholder_format.idx == CONTENT)
            tall = height([note, *(flat[k] for k in group)], TEXT.w - 0.4, size, gap=8) + 0.4
            place(holder, Box(TEXT.x, slides.top, TEXT.w, min(tall, BOTTOM - slides.top)))
            _frame(holder)
        slides.close(slide, [title, *(flat[k] for k in group), *(notes if n == len(groups) else ())])


def _frame(shape: Any) -> None:
    """A tint behind a person's words, so that nobody takes them for the service's."""
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb("sunken")
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = Inches(0.2)
    frame.margin_top = frame.margin_bottom = Inches(0.15)


def _paragraph(p: str | tuple[str, str], size: float) -> Paragraph:
    return [Run(p, size)] if isinstance(p, str) else [Run(f"{p[0]}: ", size, True), Run(p[1], size)]


def _broken(p: str | tuple[str, str], size: float) -> list[str | tuple[str, str]]:
    """A paragraph that is longer than a slide, in pieces at the ends of words."""
    text = p if isinstance(p, str) else p[1]
    if height([text if isinstance(p, str) else f"{p[0]}: {text}"], TEXT.w, size) <= TEXT.h * 0.9:
        return [p]
    pieces, now = [], ""
    for word in text.replace("\n", " \n ").split(" "):
        if now and height([f"{now} {word}"], TEXT.w, size) > TEXT.h * 0.8:
            pieces.append(now)
            now = word
        else:
            now = f"{now} {word}" if now else word
        while len(now) > 3000:  # one word longer than a slide
            pieces.append(now[:1500])
            now = now[1500:]
    pieces.append(now)
    first: list[str | tuple[str, str]] = [pieces[0] if isinstance(p, str) else (p[0], pieces[0])]
    return [*first, *pieces[1:]]


def facts(slides: Slides, section: Section, block: Facts, lead: Sequence[str] = ()) -> None:
    """Key figures in rows of four, under sentences (`lead`). The title says the first judged, else the first."""
    parts = [block.items[k : k + _FACTS] for k in range(0, len(block.items), _FACTS)]
    for n, items in enumerate(parts, 1):
        slide = slides.add("Fritt", numbered(_finding(items), n, len(parts)), section.title)
        across = min(4, len(items)) if len(items) != 6 else 3
        width = (INNER - _GUTTER * (across - 1)) / across
        rows = -(-len(items) // across)
        top = slides.top + 0.3
        if n == 1 and lead:
            size = fit(lead, Box(0, 0, INNER, 1.3), (16, 15, 14, 13, 12), gap=4)
            told = Box(MARGIN, slides.top, INNER, height(lead, INNER, size, gap=4))
            text_box(slide, told, [[Run(t, size, color="ink-2")] for t in lead], "I korthet", gap=4)
            top += told.h
        tall = (BOTTOM - top) / rows
        large = rows == 1
        sizes = _one_size(items, width, large=large)
        for k, item in enumerate(items):
            x, y = MARGIN + (k % across) * (width + _GUTTER), top + (k // across) * tall
            _key_figure(slide, item, Box(x, y, width, min(tall - 0.15, 3.4)), sizes, large=large)
        slides.close(slide, [*(lead if n == 1 else ()), *map(said, items)])


def _one_size(items: Sequence[KeyFigure], width: float, *, large: bool) -> list[float]:
    """Of names, what they are of, and values: one for all, with which each stands on one line. Else the values would
    stand at different heights."""
    parts: tuple[tuple[list[str], tuple[int, ...], bool], ...] = (
        ([i.name for i in items], (20, 20, 18, 16, 14) if large else (16, 16, 14), True),
        ([i.what for i in items], (17, 17, 15, 13) if large else (13, 13), False),
        ([value_with_unit(i) for i in items], (48, 48, 42, 36, 30, 24, 18) if large else (36, 36, 30, 24), True),
    )
    return [
        min(fit([t], Box(0, 0, width, top * 1.3 / 72), (*smaller, 12), bold=bold) for t in texts)
        for texts, (top, *smaller), bold in parts
    ]


def _finding(items: Sequence[KeyFigure]) -> str:
    item = next((i for i in items if i.judgement in ("better", "worse")), items[0])
    said = f", {item.judgement_text[:1].lower()}{item.judgement_text[1:]}" if item.judgement_text else ""
    return f"{capital(item.name)}: {value_with_unit(item)}{said}"


def _key_figure(slide: Any, item: KeyFigure, box: Box, sizes: Sequence[float], *, large: bool) -> None:
    value = value_with_unit(item)
    more = 4 if large else 0
    arrow = f"{ARROWS[item.judgement]} " if item.judgement in ARROWS else ""
    color = item.judgement if item.judgement in ARROWS else "ink-2"
    lines: list[Paragraph] = [
        [Run(item.name, sizes[0], True)],
        [Run(item.what, sizes[1], color="ink-2")],
        [Run(value, sizes[2], True)],
        [Run(arrow + item.judgement_text, 14 + more, bool(arrow), color)],
        [Run(item.change, 14 + more, color="ink-2")],
    ]
    kept = [runs for runs in lines if runs[0].text.strip()]
    text_box(slide, box, kept, f"Nyckeltal. {said(item)}", gap=2)


def spaces(slides: Slides, section: Section, asked: Sequence[Space]) -> None:
    """Questions beside each other, each with an empty box to answer it in that reaches the foot. A single question is
    the slide's title."""
    alone = len(asked) == 1
    title, kicker = (asked[0].heading, section.title) if alone else (section.title, slides.document.kicker)
    slide = slides.add("Fritt", title, kicker)
    width = (INNER - _GUTTER * (len(asked) - 1)) / len(asked)
    heads = [] if alone else [b.heading for b in asked]
    head = min((fit([h], Box(0, 0, width, 0.4), (18, 16, 14, 13, 12), bold=True) for h in heads), default=0.0)
    size = min(fit([b.question], Box(0, 0, width, 0.8), (16, 15, 14, 13, 12)) for b in asked)
    top = slides.top + max((height([h], width, head, bold=True) for h in heads), default=0.0)
    y = top + 0.15 + max(min(0.8, height([b.question], width, size)) if b.question else 0.0 for b in asked)
    for k, block in enumerate(asked):
        x = MARGIN + k * (width + _GUTTER)
        if not alone:
            text_box(
                slide, Box(x, slides.top, width, top - slides.top), [[Run(block.heading, head, True)]], block.heading
            )
        if block.question:
            told: list[Paragraph] = [[Run(block.question, size, color="ink-2")]]
            text_box(slide, Box(x, top, width, y - 0.15 - top), told, f"Fråga: {block.question}")
        _answer(slide, Box(x, y, width, BOTTOM - y), block)
    slides.close(slide, [t for b in asked for t in (b.heading, b.question)])


def _answer(slide: Any, box: Box, block: Space) -> None:
    answer = text_box(slide, box, [[Run("", 16)]], f"Plats att skriva i: {block.heading}")
    answer.line.color.rgb = rgb("line-strong")
    answer.line.width = Pt(0.75)
    for side in ("margin_left", "margin_right", "margin_top", "margin_bottom"):
        setattr(answer.text_frame, side, Emu(91440))


def comment(slides: Slides, section: Section) -> None:
    """A person's words, marked as such on every slide they take."""
    paragraphs = [p for p in section.comment.split("\n") if p.strip()]
    words(slides, f"{section.title}: kommentar", section.title, paragraphs, note=COMMENT)


def sources(slides: Slides, notes: Sequence[str] = ()) -> None:
    """Last: everything that must follow the figures. `notes`: what the slide's notes say beside it."""
    document: Document = slides.document
    slides.section("Källor och urval")
    words(slides, "Källor, urval och uttag", document.kicker, stamp_lines(document.stamp), notes=notes)


def prose(slides: Slides, section: Section, block: Prose) -> None:
    if block.paragraphs:
        words(slides, section.title, slides.document.kicker, block.paragraphs)
