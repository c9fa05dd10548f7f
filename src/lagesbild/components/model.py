"""What a page consists of, as plain values. Pages make these from views; components turn them into Dash dicts,
and the download route turns the same tables into CSV and XLSX, so that screen and file never differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

Node = Mapping[str, Any] | str | int | float | None
Children = Node | Sequence[Node]
CellKind = Literal["text", "count", "signed", "share", "points", "days", "number", "month", "probability"]
# share and probability are fractions 0-1 shown as per cent; points are percentage points; month is a `Month`


@dataclass(frozen=True)
class Special:
    """A cell that is not a number: how absence is shown, never as zero.

    state: missing ("saknas"), suppressed ("<5"), secondary (".."), excluded ("utesluten"), short ("för kort serie").
    `text` overrides what stands in the cell; `reason` becomes a footnote.
    """

    state: Literal["missing", "suppressed", "secondary", "excluded", "short"]
    text: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Drawn:
    """A cell that is drawn (a line, a tint, a flag) and has a value: what files hold and what rows are ordered by."""

    value: Any
    node: Children


@dataclass(frozen=True)
class Column:
    """A table column. `name` is the machine form in CSV (English, from the glossary), `title` the Swedish heading."""

    name: str
    title: str
    kind: CellKind = "text"
    decimals: int | None = None  # share 1, points 1, days 0, number 1, count 0 unless told
    group: str = ""  # heading over several columns


@dataclass(frozen=True)
class Row:
    """Cells in column order. `emphasis`: country (Riket, first), chosen (the selected region). `note`: "prel."."""

    cells: tuple[Any, ...]
    emphasis: Literal["", "country", "chosen"] = ""
    note: str = ""
    href: str = ""


@dataclass(frozen=True)
class Table:
    """The table behind a figure: captioned, sorted, complete. The first column is the row heading."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sorted_by: str = ""  # column name whose heading is marked
    descending: bool | None = None  # which way, when the reader has chosen; else the values tell
    footnotes: tuple[str, ...] = ()
    period: str = ""  # the month that every row is about, `2026-10`, or the months, `2025-11/2026-10`
    stacked: bool = False  # on a phone each row stands as a list, every cell beside its heading
    most: int | None = None  # rows that a page shows, which says so; files have all


@dataclass(frozen=True)
class NotDrawn:
    """Stands for a graphic that could not be made. `number` is what the log calls the error."""

    error: Exception
    number: str = ""


@dataclass(frozen=True)
class FigureCard:
    """A figure: h2 that says what it shows, summary sentence, graphic, table, source line.

    `graphic` is a Plotly figure dict (has "data" and "layout"), a Dash node dict or list of them (HTML graphic), None
    when the table itself is the graphic, or `NotDrawn`. `id` is stable, lower-case ASCII: it names the download.
    """

    id: str
    title: str
    summary: str
    table: Table
    source: str
    graphic: Any = None
    graphic_height: int = 360
    graphic_label: str = ""  # accessible name; the title unless told
    span: int = 12  # of 12 columns from 1181 px
    mark: Literal["", "synthetic", "real"] = ""  # "real" shows "Verkliga tal, <owner>"
    mark_text: str = ""
    legend: Children = None
    footnotes: tuple[Children, ...] = ()
    phone_first: bool = False


@dataclass(frozen=True)
class Aside:
    """A section without figure tools (list of flags, rules that fired)."""

    id: str
    title: str
    summary: str
    body: Children
    span: int = 4
    phone_first: bool = False


@dataclass(frozen=True)
class KeyFigure:
    """Name, what it counts, value, judgement in words, change, 24-month line on its band of normal variation."""

    name: str
    what: str
    value: str  # already in Swedish form
    unit: str = ""
    judgement: Literal["better", "worse", "noise", "short", ""] = ""
    judgement_text: str = ""
    change: str = ""
    spark: tuple[float | None, ...] = ()
    band: tuple[float, float] | None = None
    span: float | None = None  # extent of the line's axis; the line fills the height unless told
    first_label: str = ""
    last_label: str = ""
    body: Children = None  # instead of judgement, change and line
    href: str = ""


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    group: str = ""
    hint: str = ""
    short: str = ""  # in the selection's one line on phones; the label unless told


@dataclass(frozen=True)
class Filter:
    """A field of the filter bar. `name` is a Selection field, `value` its URL text ("" = default).

    `root`: the value is not a parameter but ends the address, `/region/` and the code; without a value, `away`.
    """

    name: str
    label: str
    options: tuple[Option, ...]
    value: str
    changed: bool
    root: str = ""
    away: str = "/"
    search: str = ""  # the address that finds among the options, where they may be too many to stand in a page


@dataclass(frozen=True)
class PageContent:
    """Everything on a page between header and footer, in reading order."""

    kicker: str  # h1: what page, which month
    sentences: tuple[str, ...]  # one or two, read aloud
    more: str = ""
    coverage: str = ""  # whom the figures count, as it stands in `more` or a figure; documents warn with it
    key_figures: tuple[KeyFigure, ...] = ()
    sections: tuple[FigureCard | Aside, ...] = ()
    prose: Children = None  # for /om
    notes: tuple[str, ...] = ()  # fallbacks of the selection, shown under the filter bar
    title: str = ""  # browser title without " – Lägesbild"; the menu name unless told
    crumbs: tuple[tuple[str, str], ...] = ()  # way back, widest first: (name, address); the last, without one, is here


@dataclass(frozen=True)
class Page:
    """One page. `build(context)` is pure: same data version, selection, viewer and theme give the same content."""

    path: str  # `/produktion`, or `/region/<code>` when the address names what the page is about
    name: str
    filters: tuple[str, ...]  # Selection fields offered in the filter bar, in order
    build: Callable[[Any], PageContent]
    order: int
    phone_selection: Callable[[Any], str] | None = field(default=None)
    needs_data: bool = True  # False: shown also when nothing has been imported (definitions)
    live: tuple[str, ...] = ()  # ids of what alone changes while only the scenario does; sections' ids or inside them
    parameter: str = ""  # the Selection field that the code in the address is put in
    in_menu: bool = True
    kept: bool = True  # False: shows what the data version does not tell of (files), so it is made anew every time
    also: tuple[str, ...] = ()  # Selection fields that change the page though its filter bar does not offer them
    # where a planner sees the own region's numbers exactly: nowhere, where it is what is chosen, or in every row of it;
    # "listed": in every row of it, and what is said of how many there are is said of those that are listed
    own: Literal["", "chosen", "rows", "listed"] = ""

    @property
    def root(self) -> str:
        """The address up to the code: `/region/`; the whole path of a page without one."""
        return self.path.partition("<")[0]

    def address(self, code: str = "") -> str:
        """Where the page is, for a code when it needs one.

        >>> Page("/region/<code>", "", (), print, 0, parameter="region").address("Å/1")
        '/region/%C3%85%2F1'
        """
        return self.root + quote(code, safe="") if self.parameter else self.path
