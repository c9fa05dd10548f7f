"""What a figure's files and pictures are called."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Final, Protocol
from urllib.parse import parse_qsl

from lagesbild.components.model import FigureCard
from lagesbild.components.shell import Status
from lagesbild.domain.scenario_choice import NO_WHAT_IF
from lagesbild.domain.selection import to_query
from lagesbild.pages.context import PageContext

_SHOWN_ONLY: Final = ("sortera", "tabell", "ordning")  # the same numbers, looked at in another way


class Built(Protocol):
    """The part of `render.Built` that names hang on."""

    @property
    def context(self) -> PageContext: ...
    @property
    def status(self) -> Status: ...


def is_synthetic(card: FigureCard, built: Built) -> bool:
    """A figure marked real is not, whatever else is in the database."""
    return card.mark == "synthetic" or (card.mark != "real" and bool(built.status.synthetic))


def file_name(name: str, card: FigureCard, built: Built) -> str:
    """Page, figure, what was chosen, the month that the data reach and what kind of numbers: two files of different
    choices never have one name, and next month's file is another."""
    selection, real = built.context.selection, card.mark == "real"
    plain = selection.with_(as_of=None, what_if=NO_WHAT_IF)
    # published figures are the same whatever is chosen
    chosen = [] if real else [v for k, v in parse_qsl(to_query(plain)) if k not in _SHOWN_ONLY]
    month = selection.month or built.context.source.latest_month()
    if not real and selection.month is None and month is not None:
        chosen.append(str(month))
    as_of = f"uttag-{selection.as_of.astimezone(UTC):%Y-%m-%d-%H%M}" if selection.as_of else ""
    kind = "verkliga-tal" if real else "syntetiska-data" if is_synthetic(card, built) else ""
    parts = ("lagesbild", name, card.id.removeprefix(f"{name}-"), *chosen, as_of, kind)
    return re.sub(r"[^A-Za-z0-9_-]+", "-", "-".join(p for p in parts if p))
