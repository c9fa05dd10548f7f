"""Blocks of a section as data, in the order they are set: halves beside each other where they may be.

A pair is a left and a right column, each of one or more figures; read down the left, then down the right. So the order
of the document is kept: what stands on the right comes after all that stands on the left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from lagesbild.components.judgement import JUDGEMENT_WORDS
from lagesbild.components.model import KeyFigure
from lagesbild.reports.colors import color
from lagesbild.reports.document import Block, Facts, Figure, Prose
from lagesbild.reports.fonts import divided, line_count, one_line, width
from lagesbild.reports.geometry import draw
from lagesbild.reports.geometry.spark import spark
from lagesbild.reports.nodes import words
from lagesbild.reports.primitives import Area, Dot, Drawing, Item, Rect, Stroke
from lagesbild.reports.typeset.sizes import BODY, GUTTER, HALF, HEAD, NOTE, SUMMARY, TITLE, WIDTH
from lagesbild.reports.typeset.tables import table_data

_WHOLE: Final = 620.0  # points: a figure up to this height is not divided between pages
_MORE: Final = 1.12  # how much longer than its neighbour a column may become by one figure more
_VALUE: Final = 19.0  # a key figure
_WORD: Final = 13.0  # a word where a number would stand is said smaller
_FACTS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 3, 6: 3}  # how many key figures stand beside each other; else 4


def arranged(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Blocks as data: figures, pairs of figures, key figures, prose, space."""
    out: list[dict[str, Any]] = []
    for half, run in groupby(blocks, key=lambda b: isinstance(b, Figure) and b.half):
        if half:
            out += _pairs([b for b in run if isinstance(b, Figure)])
        else:
            out += [_block(b) for b in run]
    return out


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Figure):
        return _figure(block, WIDTH)
    if isinstance(block, Facts):
        n = len(block.items)
        across = _FACTS.get(n, 4)
        room = (WIDTH - GUTTER * (across - 1)) / across
        return {"kind": "facts", "across": across, "items": [_fact(f, room) for f in block.items]}
    if isinstance(block, Prose):
        pairs = [(p,) if isinstance(p, str) else p for p in block.paragraphs]
        return {"kind": "prose", "parts": [[_within(t, WIDTH, BODY) for t in texts] for texts in pairs]}
    return {
        "kind": "space",
        "heading": _within(block.heading, WIDTH, TITLE),
        "question": _within(block.question, WIDTH, SUMMARY),
        "lines": max(1, block.lines),
    }


def _within(text: str, room: float, size: float) -> str:
    """The text as one line of characters that can be printed, and no word wider than `room`."""
    return divided(one_line(text), room, size, bold=True)


def _pairs(figures: list[Figure]) -> Iterable[dict[str, Any]]:
    """Figures that may stand beside each other, two by two, and a third under the shorter column when there is room.
    One left alone takes the whole width, and so does what is too long for a page: beside it pages would be empty."""
    made = [_figure(f, HALF) for f in figures]
    high = [float(m["height"]) for m in made]
    k, n = 0, len(figures)
    while k < n:
        if k + 1 == n or max(high[k], high[k + 1]) > _WHOLE:
            yield _figure(figures[k], WIDTH)
            k += 1
            continue
        left, end = k + 1, k + 2  # the left column ends before `left`, the right one before `end`
        if end < n and high[k] + high[k + 1] <= high[k + 2] * _MORE and high[k + 2] <= _WHOLE:
            left, end = k + 2, k + 3
        elif end < n and high[k + 1] + high[k + 2] <= high[k] * _MORE:
            end = k + 3
        yield {"kind": "pair", "left": made[k:left], "right": made[left:end]}
        k = end


def _figure(figure: Figure, room: float) -> dict[str, Any]:
    drawing = draw(figure.chart, room) if figure.chart is not None else None
    table = table_data(figure.table, room) if figure.table_shown or drawing is None else None
    notes = [["", _within(n, room, NOTE)] for n in figure.footnotes]
    title, source = _within(figure.title, room, TITLE), _within(figure.source, room, NOTE)
    summary = _within(figure.summary, room, SUMMARY)
    summary = f"Verkliga tal. {summary}".strip() if figure.real else summary
    height = 22.0 + line_count(title, room, TITLE, bold=True) * 14 + line_count(summary, room, SUMMARY) * 12
    height += drawing.height if drawing else 0.0
    height += table["height"] if table else 0.0
    texts = [source, *(n[1] for n in notes), *(n[1] for n in (table["notes"] if table else []))]
    height += sum(line_count(t, room, NOTE) * 11.4 for t in texts if t)
    if table and drawing is None:
        table["caption"] = ""  # the figure's title stands where it would
    return {
        "kind": "figure",
        "title": title,
        "summary": summary,
        "drawing": drawing_data(drawing) if drawing else None,
        "table": table,
        "notes": notes,
        "source": source,
        "height": height,
        "whole": height <= _WHOLE,
    }


def _fact(fact: KeyFigure, room: float) -> dict[str, Any]:
    line = spark(fact, room) if fact.spark and fact.body is None else None
    judged = fact.judgement_text or JUDGEMENT_WORDS.get(fact.judgement, "")
    size = _VALUE if any(c.isdigit() for c in fact.value) else _WORD
    return {
        "name": _within(fact.name, room, BODY),
        "what": _within(fact.what, room, HEAD),
        "size": size,
        "value": _within(fact.value, room, size),
        "unit": _within(fact.unit, room, BODY),
        "unit_beside": width(one_line(fact.value), size, bold=True) + width(one_line(fact.unit), BODY) + 4 <= room,
        "judgement": fact.judgement if fact.judgement in ("better", "worse") else "",
        "words": _within(judged if fact.body is None else words(fact.body), room - 12, SUMMARY),
        "change": _within(fact.change, room, SUMMARY) if fact.body is None else "",
        "drawing": drawing_data(line) if line else None,
        "ends": [one_line(fact.first_label), one_line(fact.last_label)],
    }


def drawing_data(drawing: Drawing) -> dict[str, Any]:
    """A drawing as data: each item a list that begins with what it is, colours as `#RRGGBB`."""
    return {
        "width": drawing.width,
        "height": drawing.height,
        "alt": one_line(drawing.alt) or "Diagram",
        "items": [_item(i) for i in drawing.items],
    }


def _item(item: Item) -> list[Any]:
    if isinstance(item, Rect):
        paint = color(item.fill) if item.fill else None
        frame = color(item.stroke) if item.stroke else None
        return ["rect", item.x, item.y, item.width, item.height, paint, frame, item.dashed]
    if isinstance(item, Stroke):
        return ["stroke", [list(p) for p in item.places], color(item.color), item.width, list(item.dash)]
    if isinstance(item, Area):
        return ["area", [list(p) for p in item.places], color(item.fill)]
    if isinstance(item, Dot):
        return ["dot", item.x, item.y, item.radius, color(item.color), item.open]
    return [
        "text", item.x, item.y, one_line(item.text), item.size, color(item.color), item.anchor, item.bold
    ]  # fmt: skip
