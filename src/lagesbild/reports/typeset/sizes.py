"""Sizes of the page in points, one place: what Python measures with and the templates set with (they get those of type
as data, and say the same numbers as here for the page; a test compares).

A document that is to take no more than so many pages is set closer when it must: type between its usual size and its
least, and less between blocks. Measures are taken of the usual sizes, so what is set smaller has room too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PAGE_WIDTH: Final = 595.28
PAGE_HEIGHT: Final = 841.89
MARGIN: Final = 39.0  # left and right
WIDTH: Final = PAGE_WIDTH - 2 * MARGIN
GUTTER: Final = 19.0  # between two halves
HALF: Final = (WIDTH - GUTTER) / 2
BODY: Final = 10.0
HEADING: Final = 18.4  # the document's
SECTION: Final = 12.6  # its heading
MARK: Final = 8.6
TITLE: Final = 11.0  # of a figure
SUMMARY: Final = 9.0
TABLE: Final = 9.1
HEAD: Final = 8.6  # of a table
NOTE: Final = 8.2
FOOTER: Final = 8.2
FLOOR: Final = 8.0  # nothing is smaller in a document of any number of pages
LEAST: Final = 7.5  # nor than this where they are counted
USUAL_TYPE: Final[Mapping[str, float]] = {
    "body": BODY,
    "heading": HEADING,
    "section": SECTION,
    "title": TITLE,
    "prose": 9.4,
    "summary": SUMMARY,
    "table": TABLE,
    "head": HEAD,
    "note": NOTE,
    "small": FLOOR,
}
LEAST_TYPE: Final[Mapping[str, float]] = {
    "body": 8.6,
    "heading": 15.0,
    "section": 10.6,
    "title": 9.6,
    "prose": 8.2,
    "summary": 8.0,
    "table": 8.0,
    "head": 7.6,
    "note": LEAST,
    "small": LEAST,
}


def type_sizes(dense: float, least: float = LEAST) -> dict[str, float]:
    """Sizes of type by name: the usual ones at 0, the least at 1, none under `least`.

    >>> type_sizes(0)["body"], type_sizes(1)["body"], type_sizes(0.5)["note"], type_sizes(0.5, FLOOR)["note"]
    (10.0, 8.6, 7.85, 8.0)
    """
    return {k: max(least, round(v + (LEAST_TYPE[k] - v) * dense, 3)) for k, v in USUAL_TYPE.items()}
