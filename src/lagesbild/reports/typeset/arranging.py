"""Blocks of a section as data, in the order they are set: halves beside each other where they may be.

A pair is a left and a right column, each of one or more figures; read down the left, then down the right. So the order
of the document is kept: what stands on the right comes after all that stands on the left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from lagesbild.components.judgement import JUDGEMENT_WORDS
from lagesbild.components.model import KeyFigure
from lagesbild.reports.about import judged, value_with_unit
from lagesbild.reports.document import Block, Facts, Figure, Prose
from lagesbild.reports.fonts import one_line, width
from lagesbild.reports.geometry.spark import spark
from lagesbild.reports.nodes import words
from lagesbild.reports.typeset.drawn import drawing_data
from lagesbild.reports.typeset.figures import USUAL, WHOLE, Plan, figure_data, within, words_data
from lagesbild.reports.typeset.sizes import BODY, GUTTER, HALF, HEAD, SUMMARY, TITLE, WIDTH

_MOST: Final = 8  # figures of a pair of columns
_MOST_TOLD: Final = 4  # figures in words beside each other
_ONE_PARAGRAPH: Final = 420  # characters: so few sentences are one paragraph
_WORTH: Final = 24.0  # points that must be won to set what is words alone as a figure
_BETWEEN: Final = 15.0  # points between figures
_IN_LINE: Final = 2  # key figures without a line: so few are told in a line each
_VALUE: Final = 16.5  # a key figure
_WORD: Final = 13.0  # a word where a number would stand is said smaller
_FACTS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 3, 6: 3}  # how many key figures stand beside each other; else 4


def arranged(blocks: Sequence[Block], plan: Plan = USUAL) -> list[dict[str, Any]]:
    """Blocks as data: figures, pairs of figures, figures in words, key figures, prose, space."""
    out: list[dict[str, Any]] = []
    for beside, run in groupby(blocks, key=lambda b: isinstance(b, Figure) and (b.half or b.in_words)):
        if beside:
            out += _beside([b for b in run if isinstance(b, Figure)], plan)
        else:
            out += [b for b in (_block(b, plan) for b in run) if b is not None]
    return out


def _beside(figures: list[Figure], plan: Plan) -> list[dict[str, Any]]:
    """Figures that may stand beside each other. Those in words alone before or after the others are set as words,
    unless there is room for what follows in the columns."""
    drawn = [k for k, f in enumerate(figures) if not f.in_words]
    if not drawn:
        return [_told(figures, plan)]
    first, last = drawn[0], drawn[-1] + 1
    before = [_told(figures[:first], plan)] if first else []
    after = [_told(figures[last:], plan)] if last < len(figures) else []
    apart, high = _pairs(figures[first:last], plan)
    together, higher = _pairs(figures[first:], plan)
    if after and higher + _WORTH < high + float(after[0]["height"]):
        return [*before, *together]
    return [*before, *apart, *after]


def _block(block: Block, plan: Plan) -> dict[str, Any] | None:
    """None when paper leaves out all of it."""
    if isinstance(block, Figure):
        return figure_data(block, WIDTH, plan)
    if isinstance(block, Facts):
        items = [_as_is(f) for f in block.items if f.name not in block.off_paper]
        n = len(items)
        across = _FACTS.get(n, 4)
        room = (WIDTH - GUTTER * (across - 1)) / across
        if items and not any(f.spark for f in items) and (n <= _IN_LINE or not any(_has_number(f) for f in items)):
            return {"kind": "prose", "parts": [[within(f.name, WIDTH, BODY), _in_line(f)] for f in items]}
        return (
            {"kind": "facts", "across": across, "items": [_fact(f, room, plan.low) for f in items]} if items else None
        )
    if isinstance(block, Prose):
        kept = [p for p in block.paragraphs if (p if isinstance(p, str) else p[0]) not in block.off_paper]
        parts = [[within(t, WIDTH, BODY) for t in ((p,) if isinstance(p, str) else p)] for p in kept]
        if all(len(p) == 1 for p in parts) and sum(len(p[0]) for p in parts) <= _ONE_PARAGRAPH:
            parts = [[" ".join(p[0] for p in parts)]] if parts else []
        terms = bool(parts) and all(len(p) > 1 for p in parts)
        first = half_of([sum(len(t) for t in p) for p in parts])
        return {"kind": "terms" if terms else "prose", "parts": parts, "first": first} if parts else None
    return {
        "kind": "space",
        "heading": within(block.heading, WIDTH, TITLE),
        "question": within(block.question, WIDTH, SUMMARY),
        "lines": max(1, block.lines),
    }


def half_of(lengths: Sequence[int]) -> int:
    """How many of the parts stand in the first of two columns, so that neither is much longer.

    >>> half_of([10, 10, 30]), half_of([5])
    (2, 1)
    """
    whole = sum(lengths)
    return min(range(1, len(lengths) + 1), key=lambda k: abs(2 * sum(lengths[:k]) - whole), default=0)


def _pairs(figures: list[Figure], plan: Plan) -> tuple[list[dict[str, Any]], float]:
    """Figures that may stand beside each other in the arrangement that takes the least paper: some in a left column,
    the next ones in a right, or one alone over the whole width; and how high that is. What is too long for a page
    stands alone: beside it pages would be empty."""
    made = [figure_data(f, HALF, plan) for f in figures]
    high = [float(m["height"]) for m in made]
    n = len(figures)
    best: list[tuple[float, int, int]] = [(0.0, n, n)] * (n + 1)  # height from here on, end of left column, of right
    for k in reversed(range(n)):
        alone = float(figure_data(figures[k], WIDTH, plan)["height"]) + _BETWEEN
        best[k] = (alone + best[k + 1][0], k + 1, k + 1)
        for end in range(k + 2, min(n, k + _MOST) + 1):
            for left in range(k + 1, end):
                columns = (sum(high[k:left]) + _BETWEEN * (left - k), sum(high[left:end]) + _BETWEEN * (end - left))
                total = max(columns) + best[end][0]
                if (max(columns) <= plan.tall or end == k + 2) and max(columns) <= WHOLE and total < best[k][0]:
                    best[k] = (total, left, end)
    out, k = list[dict[str, Any]](), 0
    while k < n:
        _, left, end = best[k]
        pair = {"kind": "pair", "left": made[k:left], "right": made[left:end]}
        out.append(figure_data(figures[k], WIDTH, plan) if left == end else pair)
        k = end
    return out, best[0][0]


def _told(figures: list[Figure], plan: Plan) -> dict[str, Any]:
    """As many beside each other as takes the least paper; the fewest of those that take as little."""
    tried = (
        words_data(figures, across, (WIDTH - GUTTER * (across - 1)) / across, plan)
        for across in range(1 if len(figures) == 1 else 2, max(2, min(len(figures), _MOST_TOLD) + 1))
    )
    return min(tried, key=lambda t: float(t["height"]))


def _as_is(fact: KeyFigure) -> KeyFigure:
    """A key figure that has no number to show has no line of earlier ones either: a chart below has it."""
    return fact if _has_number(fact) else replace(fact, spark=())


def _has_number(fact: KeyFigure) -> bool:
    return any(c.isdigit() for c in fact.value)


def _in_line(fact: KeyFigure) -> str:
    """A key figure without a line, as words after its name."""
    told = (value_with_unit(fact), judged(fact))
    return within(f"{'. '.join(t.removesuffix('.') for t in told if t)}.", WIDTH, BODY)


def _fact(fact: KeyFigure, room: float, low: float) -> dict[str, Any]:
    line = spark(fact, room, low) if fact.spark and fact.body is None else None
    judged = fact.judgement_text or JUDGEMENT_WORDS.get(fact.judgement, "")
    size = _VALUE if any(c.isdigit() for c in fact.value) else _WORD
    return {
        "name": within(fact.name, room, BODY),
        "what": within(fact.what, room, HEAD),
        "size": size,
        "value": within(fact.value, room, size),
        "unit": within(fact.unit, room, BODY),
        "unit_beside": width(one_line(fact.value), size, bold=True) + width(one_line(fact.unit), BODY) + 4 <= room,
        "judgement": fact.judgement if fact.judgement in ("better", "worse") else "",
        "words": within(judged if fact.body is None else words(fact.body), room - 12, SUMMARY),
        "change": within(fact.change, room, SUMMARY) if fact.body is None else "",
        "drawing": drawing_data(line) if line else None,
        "ends": [one_line(fact.first_label), one_line(fact.last_label)],
    }
