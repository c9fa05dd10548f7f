"""A document: what a briefing consists of, before it is PDF, presentation, workbook or HTML.

All numbers and words in it have passed through views for one viewer; whatever is made of it shows no more. The same
data version, choices and code give an equal document, and an equal document gives the same files.
"""

from __future__ import annotations

from dataclasses import dataclass

from lagesbild.components.model import KeyFigure, Table
from lagesbild.reports.charts import Chart


@dataclass(frozen=True)
class Point:
    """One of the few things to remember: a heading with its number, and a sentence or two."""

    heading: str
    text: str


@dataclass(frozen=True)
class Figure:
    """A finding: title that says it, a summary sentence, the chart, the table it is drawn from, the source line.

    `table_shown`: the table stands below the chart on paper too; every table is in the workbook. `in_words`: on paper
    it is its title, summary and source alone. `off_paper`: what paper leaves out of it, all of which the other forms
    keep: columns by name, whole footnotes, sentences of the source. `facts`: the key figures of what it is about, for a
    slide of its own; the first is what the chart shows.
    """

    id: str
    title: str
    summary: str
    table: Table
    source: str
    chart: Chart | None = None
    footnotes: tuple[str, ...] = ()
    table_shown: bool = False
    half: bool = False  # may stand beside another half on paper
    real: bool = False  # published figures in a document that is otherwise synthetic
    in_words: bool = False
    off_paper: tuple[str, ...] = ()
    facts: tuple[KeyFigure, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Key figures side by side. `off_paper`: names of those that paper leaves out, since it says them elsewhere."""

    items: tuple[KeyFigure, ...]
    off_paper: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prose:
    """Paragraphs, or terms with their definitions when each is a pair. `off_paper`: paragraphs and terms that paper
    leaves out."""

    paragraphs: tuple[str | tuple[str, str], ...]
    off_paper: tuple[str, ...] = ()


@dataclass(frozen=True)
class Space:
    """Headed space that a person writes in; `question` says what belongs there."""

    heading: str
    question: str
    lines: int = 6


Block = Figure | Facts | Prose | Space


@dataclass(frozen=True)
class Section:
    """`comment`: what the one who made the briefing wrote, marked as a person's words wherever it is shown. `flows`: on
    paper it goes on from the section before, under no heading of its own."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    comment: str = ""
    new_page: bool = False
    flows: bool = False


@dataclass(frozen=True)
class Stamp:
    """What must follow the figures wherever they go; stands on every page, slide and sheet."""

    synthetic: str  # "" when nothing is invented, else the words of the mark
    selection: str  # the choices in full, also those at their defaults
    sources: str
    until: str  # last month with data
    as_of: str
    version: str  # of the data
    coverage: str
    protected: str  # the rule for small counts, or that this copy shows all of them
    code_version: str
    forecast_run: str = ""
    exact: bool = False  # its reader may see every count: files hold numbers in full, else as they are written


@dataclass(frozen=True)
class Document:
    """`points`: at most three. `warnings`: what the reader must know before the figures are used (missing regions,
    provisional months). `pages`: how many pages of paper it is to take, for which charts may be lower; 0 for any.
    `few_slides`: its presentation is to be held, not kept: several figures share a slide. `left_out`: names of sections
    that were asked for and have nothing in the data."""

    kind: str
    purpose: str  # who it is for: "Underlag till regiongemensamma rådet"
    kicker: str
    title: str  # the finding
    points: tuple[Point, ...]
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    stamp: Stamp
    language: str = "sv"
    pages: int = 0
    few_slides: bool = False
    left_out: tuple[str, ...] = ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, in reading order."""
        return tuple(b for s in self.sections for b in s.blocks if isinstance(b, Figure))
