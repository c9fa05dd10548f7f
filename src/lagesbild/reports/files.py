"""Briefings as files: which forms there are, what they are called, what makes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from lagesbild.domain.selection import Selection
from lagesbild.reports.document import Document

_NOT_PLAIN: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Form:
    """A file format. `make` loads what it needs when first used: a web process that serves no file stays small."""

    content_type: str
    make: Callable[[Document], bytes]


def _pdf(document: Document) -> bytes:
    from lagesbild.reports.typeset import pdf

    return pdf(document)


def _pptx(document: Document) -> bytes:
    from lagesbild.reports.pptx import pptx

    return pptx(document)


def _xlsx(document: Document) -> bytes:
    from lagesbild.reports.xlsx import xlsx

    return xlsx(document)


def _html(document: Document) -> bytes:
    from lagesbild.reports.html import html

    return html(document).encode("utf-8")


_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
FORMS: Final[Mapping[str, Form]] = {
    "pdf": Form("application/pdf", _pdf),
    "pptx": Form(f"{_OFFICE}presentationml.presentation", _pptx),
    "xlsx": Form(f"{_OFFICE}spreadsheetml.sheet", _xlsx),
    "html": Form("text/html; charset=utf-8", _html),
}


def file_name(document: Document, selection: Selection, form: str) -> str:
    """`lagesbild-radet-knaprotes-2026-10-syntetisk.pdf`: kind, care area, place, month, and the mark."""
    month = selection.month
    until = str(month) if month else document.stamp.until
    parts = [
        "lagesbild",
        selection.kind,
        selection.care_area,
        selection.region or selection.healthcare_region,
        until,
        "syntetisk" if document.stamp.synthetic else "",
    ]
    return "-".join(p for p in map(plain, parts) if p) + f".{form}"


def plain(text: str) -> str:
    """Lower-case ASCII with hyphens.

    >>> plain("Åre / Östra"), plain("oktober 2026")
    ('are-ostra', 'oktober-2026')
    """
    folded = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode("ascii")
    return _NOT_PLAIN.sub("-", folded).strip("-")
