"""What a kind of briefing makes of its sections: what stands on the first page, what paper leaves out because it stands
there already or belongs to nothing that is shown. Nothing is lost: the other forms have all of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from lagesbild.reports.document import Block, Facts, Figure, Point, Prose, Section, Space

# figures that a council reads first, in the order of the page; of the second pair the one there is
_FIRST: Final = (("regioner",), ("prognos", "andel"), ("gap",))
_FIRST_APART: Final = (("regioner",), ("andel",))
_FIRST_FROM: Final = ("vantetider", "prognos")
NARROW: Final = ("within_limit_share", "load", "brokerable_share")  # of the table of gaps when it is half as wide
_TOLD: Final = ("matris", "vantan", "formedling")  # care elsewhere, where paper has one table of it
# terms and what must be said on paper for them to be needed there; those not here always are
_NEEDED_BY: Final = {
    "Tre mått som aldrig blandas": r"förväntad vän",
    "Andel inom vårdgarantin": r"\bandel",
    "Vårdgarantins gräns": r"vårdgaranti|\d dagar|egen gräns",
    "Balans": r"balans|övriga avslut|lämna(t|de) kön",
    "Förväntad väntetid": r"förväntad vän",
    "Kapacitet och belastning": r"\bkapacitet(en|ens)?\b|belastning",
    "Kan förmedlas": r"kan förmedlas",
    "Utomlänsvård": r"utomlän|andra regioner|annan region|reste? (dit|ut)|utförande region",
    "Förmedlingsärende": r"förmedlingsärende",
    "Riket": r"\briket",
}
AREAS_A_SHEET: Final = 3
MORE: Final = (
    "Mer än bladet: /rapporter?mall=beredskap (XLSX), eller lagesbild briefing --kind beredskap --format xlsx --out "
    "FIL. Vad som stänger varje gap: sidan Kapacitetsgap. Utan nät: index.html i den senaste ögonblicksbilden, som "
    "prövas med lagesbild snapshot verify FIL."
)


def shaped(
    kind: str, sections: Sequence[Section], points: Sequence[Point], *, one_area: bool, run_apart: bool = False
) -> tuple[Section, ...]:
    """The sections as the kind has them. `one_area`: the briefing is about one care area. `run_apart`: its forecast is
    of another month, and stays in its own section, which says so."""
    out = [_once(s, points) for s in sections]
    if one_area:
        out = [_told(s) for s in out]
    if kind == "radet" and one_area:
        out = _first_page(out, _FIRST if not run_apart else _FIRST_APART)
    if kind == "region" and one_area:
        out = [_flowing(s) for s in (out if run_apart else _first_page(out, (("gap",),)))]
    if kind == "beredskap":
        out = [_flowing(_sheet(s)) for s in out]
    if kind in ("region", "beredskap"):
        out = [_needed(s, " ".join(_words(out)).lower()) for s in out]
    return tuple(out)


def pages_of(kind: str, sections: Sequence[Section], *, one_area: bool) -> int:
    """How many pages the kind is to take; 0 for any number. The sheet for preparedness is one for three care areas."""
    if kind == "beredskap":
        figures = (b for s in sections for b in s.blocks if isinstance(b, Figure))
        areas = next((len(f.table.rows) for f in figures if f.id == "ledig-kapacitet"), 1)
        return max(1, -(-areas // AREAS_A_SHEET))
    return 2 if kind == "region" and one_area else 0


def _once(section: Section, points: Sequence[Point]) -> Section:
    """A section without what the document's points say: sentences anywhere, key figures of the summary."""
    said = " ".join(t for p in points for t in (p.heading, p.text))
    blocks: list[Block] = []
    for block in section.blocks:
        if isinstance(block, Facts):
            again = [f.name for f in block.items if any(c.isdigit() for c in f.value) and f"{f.value} " in f"{said} "]
            block = replace(block, off_paper=tuple(again))
        elif isinstance(block, Prose):
            block = replace(block, off_paper=tuple(p for p in block.paragraphs if isinstance(p, str) and p in said))
        blocks.append(block)
    return replace(section, blocks=tuple(blocks))


def _told(section: Section) -> Section:
    """The flows in words beside the table of healthcare regions, or of one region's own."""
    if section.id != "utomlansvard":
        return section
    blocks = (replace(b, in_words=True) if isinstance(b, Figure) and b.id in _TOLD else b for b in section.blocks)
    return replace(section, blocks=tuple(sorted(blocks, key=lambda b: isinstance(b, Figure) and b.in_words)))


def _first_page(sections: Sequence[Section], first: Sequence[Sequence[str]]) -> list[Section]:
    """With the figures that are read first in the summary (of each group the first there is), when the briefing has
    both sections they are from."""
    ids = [s.id for s in sections]
    if not all(i in ids for i in ("sammanfattning", *_FIRST_FROM)):
        return list(sections)
    there = {b.id: b for s in sections if s.id in _FIRST_FROM for b in s.blocks if isinstance(b, Figure)}
    names = [next((n for n in some if n in there), "") for some in first]
    moved = [_narrow(there[n]) if len(first) > 1 else _row(there[n]) for n in names if n]
    if not names[0]:
        return list(sections)
    out = []
    for section in sections:
        if section.id == "sammanfattning":
            section = replace(section, blocks=(*section.blocks, *moved))
        elif section.id in _FIRST_FROM:
            rest = tuple(b for b in section.blocks if not (isinstance(b, Figure) and b.id in names))
            section = replace(section, blocks=rest)
        if section.blocks or section.comment:
            out.append(section)
    return out


def _narrow(figure: Figure) -> Figure:
    """A figure that stands beside another. Of the gaps' table paper has what decides, of its notes what a gap is."""
    if figure.id != "gap":
        return figure
    return replace(figure, half=True, off_paper=(*figure.off_paper, *NARROW, *figure.footnotes))


def _row(figure: Figure) -> Figure:
    """A region's one gap without what the document's title says: where, and how it is now."""
    flags = tuple(f for f in figure.footnotes if f.startswith("En flagga"))
    return replace(figure, off_paper=(*figure.off_paper, "region", "within_limit_share", *flags))


def _flowing(section: Section) -> Section:
    """One page after the other without headings between the figures: their titles say what is found. A comment is about
    its section, which is then named."""
    return section if section.id == "definitioner" or section.comment else replace(section, flows=True)


def _sheet(section: Section) -> Section:
    """Preparedness: what the data rest on in words, and where there is more than a sheet holds."""
    if section.id != "kvalitet":
        return section
    figures = (replace(b, in_words=True) if isinstance(b, Figure) else b for b in section.blocks)
    return replace(section, blocks=(*figures, Prose((MORE,))))


def _needed(section: Section, words: str) -> Section:
    """Definitions without those that nothing on paper needs."""
    if section.id != "definitioner":
        return section
    blocks = tuple(
        replace(b, off_paper=tuple(p[0] for p in b.paragraphs if isinstance(p, tuple) and not _is_needed(p[0], words)))
        if isinstance(b, Prose)
        else b
        for b in section.blocks
    )
    return replace(section, blocks=blocks)


def _is_needed(term: str, words: str) -> bool:
    return term not in _NEEDED_BY or re.search(_NEEDED_BY[term], words) is not None


def _words(sections: Iterable[Section]) -> Iterable[str]:
    """What paper says outside the definitions, numbers left out."""
    for section in sections:
        for block in section.blocks if section.id != "definitioner" else ():
            if isinstance(block, Figure):
                yield from (block.title, block.summary)
                if not block.in_words:
                    yield block.source
                if not block.in_words and (block.table_shown or block.chart is None):
                    yield from (f"{c.group} {c.title}" for c in block.table.columns if c.name not in block.off_paper)
            elif isinstance(block, Facts):
                yield from (f"{f.name} {f.what} {f.change}" for f in block.items if f.name not in block.off_paper)
            elif isinstance(block, Prose):
                yield from (p for p in block.paragraphs if isinstance(p, str) and p not in block.off_paper)
            elif isinstance(block, Space):
                yield block.question
