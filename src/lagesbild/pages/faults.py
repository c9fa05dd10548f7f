"""What a reader is shown where something went wrong, and the number by which it is found again in the log."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, replace
from typing import Any

from lagesbild.components.model import FigureCard, NotDrawn, PageContent
from lagesbild.components.page import database_away, message_page, page_error
from lagesbild.domain.errors import DatabaseOutdatedError, DatabaseUnavailableError, LagesbildError
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


@dataclass(frozen=True)
class Instead:
    """What stands where a page would; `retry`: the browser asks again by itself."""

    title: str
    main: Any
    retry: bool = False


def instead_of_page(error: Exception, view: View) -> Instead:
    """In Swedish, with what to do about it; what nobody foresaw is whole in the log, under the number that is shown."""
    cannot = "Sidan kunde inte visas"
    if isinstance(error, DatabaseUnavailableError):
        _log.warning("databasen svarar inte: %s", error)
        if isinstance(error, DatabaseOutdatedError):  # asking again would not help
            return Instead("Fel", message_page(cannot, error.message, [error.remedy]))
        return Instead("Databasen svarar inte", database_away(), retry=True)
    number = reference()
    if isinstance(error, LagesbildError):
        _log.warning("fel %s på %s%s: %s", number, view.path, view.search, error)
        more = [t for t in (error.remedy, f"Felet är loggat med nummer {number}.") if t]
        return Instead("Fel", message_page(cannot, error.message, more))
    _log.error("fel %s på %s%s", number, view.path, view.search, exc_info=error)
    return Instead("Fel", page_error(number))
