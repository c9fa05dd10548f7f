"""A document on as many pages as it is to take: charts lower, type closer, and at last an appendix for what is least.

Nothing is left out: what the pages have no room for stands in the appendix after them, and the pages say so. A sheet
for preparedness is carried alone, so it has no appendix: it says that its workbook has the rest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from lagesbild.reports.checksum import checksum
from lagesbild.reports.document import Block, Document, Figure, Prose, Section
from lagesbild.reports.typeset.content import content
from lagesbild.reports.typeset.figures import USUAL, WHOLE, Plan
from lagesbild.reports.typeset.sizes import FLOOR

_CLOSER: Final = 6  # of the steps, for a document of any number of pages
_SHORT: Final = 310.0  # points: two such rows of columns fill a page
# how low charts are and how close everything is set, loosest first; at each columns may be long or short
_STEPS: Final = (
    (0.86, 0.0), (0.74, 0.0), (0.64, 0.0), (0.64, 0.3), (0.56, 0.3), (0.56, 0.55), (0.5, 0.8), (0.42, 1.0)
)  # fmt: skip
_MOST_ROWS: Final = (20, 12, 8, 5)  # of a table, when there is no room for more
_APPENDIX: Final = "bilaga"
_ALONE: Final = "beredskap"  # the kind that is never more than its pages

Count = Callable[[str], int]


def fitted(document: Document, count: Count) -> str:
    """The data for the templates, as JSON. `count`: how many pages some data become.

    As loose as its pages allow, found by halving: what does not fit at one step does not at a looser one. When even the
    closest does not, definitions, then figures in words, then the ends of long tables go to an appendix. A document of
    any number of pages is set a little closer where that saves a page, or keeps the care areas' charts on the first.
    """
    code = checksum(document)

    def data(of: Document, plan: Plan, appendix: Sequence[Section] = ()) -> str:
        return json.dumps(content(of, plan, appendix, code), ensure_ascii=False)

    if not document.pages:
        return data(document, _closer(document, count, data))
    usual = data(document, USUAL)
    if count(usual) <= document.pages:
        return usual
    found = ""
    loose, close = 0, len(_STEPS)
    while loose < close:
        step = (loose + close) // 2
        low, dense = _STEPS[step]
        tried = (data(document, Plan(low=low, tall=tall, dense=dense)) for tall in (WHOLE, _SHORT))
        fits = next((t for t in tried if count(t) <= document.pages), "")
        if fits:
            found, close = fits, step
        else:
            loose = step + 1
    return found or _with_appendix(document, count, data)


def _closer(document: Document, count: Count, data: Callable[[Document, Plan], str]) -> Plan:
    """The loosest that takes no more pages than the closest does, and has on the first page what that has there."""
    plans = (USUAL, *(Plan(low=low, dense=dense, least=FLOOR) for low, dense in _STEPS[:_CLOSER]))
    end = _last_chart(document)

    def on_first(plan: Plan) -> bool:
        return end is not None and count(_up_to(data(document, plan), *end)) == 1

    pages, first = count(data(document, plans[-1])), on_first(plans[-1])
    loose, close = 0, len(plans) - 1
    while loose < close:
        step = (loose + close) // 2
        if count(data(document, plans[step])) <= pages and (not first or on_first(plans[step])):
            close = step
        else:
            loose = step + 1
    return plans[close]


def _last_chart(document: Document) -> tuple[int, int] | None:
    """Where the last of the care areas' charts is: its section, and how many of that section's figures it ends. None
    of a document that has no such chart."""
    for k, section in enumerate(document.sections):
        figures = [b for b in section.blocks if isinstance(b, Figure)]
        last = max((n for n, f in enumerate(figures, 1) if f.facts), default=0)
        if last or section.flows:
            return (k, last) if last else None
    return None


def _up_to(data: str, section: int, figures: int) -> str:
    """What stands up to so many figures of a section, as it stands there, and nothing after."""
    whole = json.loads(data)
    kept = whole["sections"][: section + 1]
    blocks: list[dict[str, Any]] = []
    for block in kept[-1]["blocks"]:
        if figures <= 0:
            break
        figures -= len((*block.get("left", ()), *block.get("right", ()))) or int(block["kind"] == "figure")
        blocks.append(block)
    kept[-1] = {**kept[-1], "blocks": blocks, "shared": ""}
    return json.dumps({**whole, "sections": kept, "about": [], "about_first": 0}, ensure_ascii=False)


def _with_appendix(document: Document, count: Count, data: Callable[[Document, Plan, Sequence[Section]], str]) -> str:
    """At the closest step, with as little as may be in the appendix; with all that can be there if that is not enough
    either: then a person has written more than the pages hold."""
    low, dense = _STEPS[-1]
    closest = Plan(low=low, dense=dense)
    body, appendix = document, tuple[Section, ...]()
    for rows in (10**6, *_MOST_ROWS):
        for words in (False, True) if rows > _MOST_ROWS[0] else (True,):
            body, appendix = divided(document, words=words, rows=rows)
            appendix = () if document.kind == _ALONE else appendix
            if count(data(body, closest, ())) <= document.pages:
                return data(body, closest, appendix)
    return data(body, closest, appendix)


def divided(document: Document, *, words: bool, rows: int) -> tuple[Document, tuple[Section, ...]]:
    """The document without its definitions, with `words` without its figures in words, and with at most `rows` rows of
    a table; and the appendix that has them. Sections that a person has commented stay where they are."""
    kept, moved = [], list[Section]()
    for section in document.sections:
        if section.comment:
            kept.append(section)
        elif section.id == "definitioner":
            moved.append(replace(section, flows=False, new_page=False))
        else:
            stay, rest = _parted(section.blocks, words=words, rows=rows)
            kept.append(replace(section, blocks=stay))
            if rest:
                moved.append(replace(section, blocks=rest, flows=False, new_page=False))
    if not moved:
        return document, ()
    told = ", ".join(dict.fromkeys(s.title.lower() for s in moved))
    alone = document.kind == _ALONE
    where = "Arbetsboken (XLSX) till bladet" if alone else "Bilagan på nästa sida"
    note = Section(_APPENDIX, "", (Prose((f"{where} har mer: {told}.",)),), flows=True)
    if alone:
        kept = [_elsewhere(s) for s in kept]
    first = replace(moved[0], title=f"Bilaga. {moved[0].title}", new_page=True)
    return replace(document, sections=(*kept, note)), (first, *moved[1:])


def _elsewhere(section: Section) -> Section:
    """With the rest of its tables in the workbook instead of an appendix."""
    return replace(section, blocks=tuple(_in_workbook(b) for b in section.blocks))


def _in_workbook(block: Block) -> Block:
    if not isinstance(block, Figure):
        return block
    return replace(block, summary=block.summary.replace("resten står i bilagan.", "resten står i arbetsboken."))


def _parted(blocks: Sequence[Block], *, words: bool, rows: int) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """What stays of a section, and what is moved."""
    stay, rest = list[Block](), list[Block]()
    for block in blocks:
        if isinstance(block, Figure) and block.in_words:
            (rest if words else stay).append(block)
        elif isinstance(block, Figure) and block.table_shown and len(block.table.rows) > rows:
            n = len(block.table.rows)
            said = f"{block.summary} De {rows} första av {n} rader; resten står i bilagan.".strip()
            first, last = (replace(block.table, rows=r) for r in (block.table.rows[:rows], block.table.rows[rows:]))
            stay.append(replace(block, table=first, summary=said))
            more = f"{block.title}: de övriga {n - rows} raderna"
            rest.append(replace(block, title=more, summary="", chart=None, table=last, half=False))
        else:
            stay.append(block)
    return tuple(stay), tuple(rest)
