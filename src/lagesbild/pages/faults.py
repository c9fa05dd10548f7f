"""Numbers of faults: what a reader is shown and finds again in the log."""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace

from lagesbild.components.model import FigureCard, NotDrawn, PageContent
from lagesbild.pages.view import View

_log = logging.getLogger("lagesbild.pages")


def reference() -> str:
    return secrets.token_hex(3)


def numbered(content: PageContent, view: View) -> tuple[PageContent, bool]:
    """The content with charts that could not be drawn in the log, each under the number it shows; and whether all were
    drawn: else the answer is not kept, so that the next reader gets a new try."""
    failed = {
        s.id: s.graphic for s in content.sections if isinstance(s, FigureCard) and isinstance(s.graphic, NotDrawn)
    }
    if not failed:
        return content, True
    numbers = {id_: reference() for id_ in failed}
    for id_, graphic in failed.items():
        where = f"{view.path}{view.search}"
        _log.error("fel %s i diagrammet %s på %s", numbers[id_], id_, where, exc_info=graphic.error)
    sections = tuple(
        replace(s, graphic=replace(failed[s.id], number=numbers[s.id]))
        if isinstance(s, FigureCard) and s.id in failed
        else s
        for s in content.sections
    )
    return replace(content, sections=sections), False
