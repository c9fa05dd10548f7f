"""Key figures: name, what is counted, value, judgement in words, change, two years' line on its normal variation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lagesbild.components.html import el, hidden
from lagesbild.components.judgement import verdict
from lagesbild.components.model import KeyFigure
from lagesbild.components.spark import spark

_NB = "\u00a0"


def key_figures(figures: Sequence[KeyFigure]) -> dict[str, Any]:
    """The row of key figures, under a heading for screen readers."""
    return el(
        "Section",
        [
            el("H2", "Nyckeltal", className="vh"),
            el("Div", [key_figure(f) for f in figures], className="keys", style={"--n": max(3, len(figures))}),
        ],
        aria_label="Nyckeltal",
    )


def key_figure(figure: KeyFigure) -> dict[str, Any]:
    """One key figure. With `body` that stands instead of judgement, change and line."""
    name = el("A", figure.name, href=figure.href) if figure.href else figure.name
    value: list[Any] = [figure.value]
    if figure.unit:
        value.append(el("Small", _NB + figure.unit))
    parts = [
        el("H3", name),
        el("P", figure.what, className="what"),
        # a word where a number would stand is said smaller, and may bend: on a phone it has 124 pixels
        el("P", value, className="val" if any(c.isdigit() for c in figure.value) else "val word"),
    ]
    if figure.body is not None:
        parts.append(el("Div", figure.body, className="chg"))
        return el("Div", parts, className="key")
    change: list[Any] = []
    if figure.judgement:
        change.append(verdict(figure.judgement, figure.judgement_text))
    if figure.change:
        change += [el("Br"), el("Span", figure.change, className="noise")] if change else [figure.change]
    if change:
        parts.append(el("P", change, className="chg"))
    if figure.spark:
        judgement = figure.judgement or "noise"
        parts.append(
            spark(
                figure.spark,
                band=figure.band,
                judgement=judgement,
                span=figure.span,
                width=None,
                height=44,
                stroke=1.9,
            )
        )
        ends = [el("Span", figure.first_label), el("Span", figure.last_label)]
        if figure.first_label or figure.last_label:
            parts.append(el("P", [hidden("Linjen går från "), ends[0], hidden(" till "), ends[1]], className="ends"))
    return el("Div", parts, className="key")
