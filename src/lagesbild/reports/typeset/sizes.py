"""Sizes of the page in points, one place: what Python measures with and the templates set with (they get them as data
or say the same numbers; a test compares)."""

from __future__ import annotations

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
FLOOR: Final = 8.0  # nothing is smaller
