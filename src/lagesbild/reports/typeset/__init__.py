"""A document as pages: PDF to send and print, pictures to look at before it is sent.

Typst sets them, in this process, without a browser. What comes from the document reaches the templates as data, never
as code, so that no region's name and no comment can be read as an instruction.
"""

from __future__ import annotations

import logging
import threading
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import typst

from lagesbild.reports.document import Document
from lagesbild.reports.fonts import FOLDER
from lagesbild.reports.typeset.content import moment
from lagesbild.reports.typeset.fitting import fitted

TEMPLATES: Final = Path(__file__).resolve().parents[1] / "typst"
_MAIN: Final = TEMPLATES / "document.typ"
PREVIEW_DPI: Final = 150.0
_THUMB_DPI: Final = 8.0
_own = threading.local()
_log = logging.getLogger(__name__)


def pdf(document: Document) -> bytes:
    """The document as a tagged PDF (PDF/UA-1), A4. Equal documents give equal bytes: its date is that of the data."""
    at = moment(document.stamp.as_of)
    made = _compile(document, "pdf", pdf_standards=["ua-1"], timestamp=int(at.timestamp()) if at else 0)
    return made[0]


def preview(document: Document, dpi: float = PREVIEW_DPI) -> list[bytes]:
    """Each page as PNG."""
    return _compile(document, "png", ppi=dpi)


def pages_svg(document: Document) -> list[str]:
    """Each page as SVG, with the words as outlines."""
    return [page.decode("utf-8") for page in _compile(document, "svg")]


def _compile(document: Document, form: Literal["pdf", "png", "svg"], **options: Any) -> list[bytes]:
    data = fitted(document, _count)
    made, remarks = _compiler().compile_with_warnings(input=_MAIN, format=form, sys_inputs={"data": data}, **options)
    assert made is not None  # only when a file is asked for
    for remark in remarks:
        _log.warning("typst: %s", remark.message)
    return [made] if isinstance(made, bytes) else list(made)


def _count(data: str) -> int:
    """How many pages there are. Typst keeps the layout: the file that follows is made from it."""
    made = _compiler().compile(input=_MAIN, format="png", ppi=_THUMB_DPI, sys_inputs={"data": data})
    return 1 if isinstance(made, bytes) else len(made or ())


@cache
def _fonts() -> typst.Fonts:
    """Ours only: neither the machine's fonts nor those that Typst brings."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])


def _compiler() -> typst.Compiler:
    """One for each thread: a compiler can do one thing at a time. It keeps what it has read of fonts and templates."""
    found: typst.Compiler | None = getattr(_own, "compiler", None)
    if found is None:
        found = typst.Compiler(root=str(TEMPLATES), font_paths=_fonts(), ignore_system_fonts=True)
        _own.compiler = found
    return found
