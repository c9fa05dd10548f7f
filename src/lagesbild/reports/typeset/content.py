"""A document as the plain data that the Typst templates take: every text in characters the font has, every chart drawn,
every table with its columns' widths, figures arranged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from lagesbild.domain.provenance import SYNTHETIC
from lagesbild.reports.about import source_words
from lagesbild.reports.checksum import checksum
from lagesbild.reports.colors import color
from lagesbild.reports.document import Block, Document, Figure, Section, Stamp
from lagesbild.reports.fonts import FAMILY, divided, fitted, line_count, one_line, printable, width
from lagesbild.reports.typeset.arranging import arranged, half_of
from lagesbild.reports.typeset.figures import USUAL, Plan, common, said_once, within
from lagesbild.reports.typeset.sizes import BODY, FOOTER, HALF, HEADING, MARK, NOTE, SECTION, SUMMARY, WIDTH

_TOKENS: Final = (
    "bg", "sunken", "ink", "ink-2", "ink-3", "line", "line-strong", "grid", "better", "worse", "series",
)  # fmt: skip
_PAGE_NUMBER: Final = 62.0  # points that "Sida 10 av 12" takes of the footer
_SOURCE_LINES: Final = 4  # more of the sources than this stands at the end only
_NAME: Final = 64.0  # "Lägesbild" at the head
_MOST_FOR_MARK: Final = WIDTH * 0.44
_HEAD_LINES: Final = 3
_UNDER_TITLE: Final = "sammanfattning"  # stands under the document's title: needs none of its own
_WIDER: Final = ((160, 1.0), (240, 1.8), (10**6, 2.6))  # how wide a point of so many characters is set, at most
_MOMENT: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:(?:T| kl\. | )(\d\d)[.:](\d\d))?")


def moment(as_of: str) -> datetime | None:
    """The time a stamp's `as_of` tells, for the file's own date; None when it tells none. As if in UTC: a file is to be
    the same wherever it is made.

    >>> moment("2024-02-26 kl. 06.10"), moment("nu")
    (datetime.datetime(2024, 2, 26, 6, 10, tzinfo=datetime.timezone.utc), None)
    """
    found = _MOMENT.search(as_of)
    if not found:
        return None
    try:
        year, month, day, hour, minute = (int(g or 0) for g in found.groups())
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None


def content(document: Document, plan: Plan = USUAL, appendix: Sequence[Section] = (), code: str = "") -> dict[str, Any]:
    """Everything the templates need: texts, numbers, lists and dictionaries of them. `plan`: how figures are set.
    `appendix`: sections that stand after all else. `code`: the document's checksum, worked out when not given."""
    code = code or checksum(document)
    stamp, at = document.stamp, moment(document.stamp.as_of)
    about = _about(stamp, code)
    footer = _footer(stamp, code)
    lines = sum(line_count(text, WIDTH - _PAGE_NUMBER, FOOTER) for text in footer)
    warnings = [divided(_sentence(one_line(w)), WIDTH - 24, BODY) for w in document.warnings if one_line(w)]
    title = one_line(document.title) or "Underlag"
    parts = [next(w for most, w in _WIDER if len(p.text) <= most) for p in document.points]
    third = min(WIDTH / max(1.0, sum(parts)), WIDTH / max(1, len(parts))) - 22
    mark, purpose, taller = _head(SYNTHETIC if one_line(stamp.synthetic) else "", one_line(document.purpose))
    return {
        "font": FAMILY,
        "colors": {name: color(name) for name in _TOKENS},
        "language": document.language,
        "date": [at.year, at.month, at.day, at.hour, at.minute] if at else None,
        "purpose": purpose,
        "synthetic": mark,
        "mark_width": min(width(mark, MARK, bold=True) + 1, _MOST_FOR_MARK),
        "head_taller": taller,
        "kicker": divided(one_line(document.kicker), WIDTH, SUMMARY),
        "title": title,
        "heading": divided(title, WIDTH, HEADING, bold=True),
        "description": one_line(stamp.selection),
        "point_widths": parts,
        "points": [
            [divided(one_line(p.heading), third, BODY, bold=True), divided(one_line(p.text), third, BODY)]
            for p in document.points
        ],
        "warnings": warnings,
        "warnings_short": line_count(" ".join(("Innan siffrorna används:", *warnings)), WIDTH - 12, BODY) <= 2,
        "sections": _sections(document.sections, plan),
        "appendix": _sections(appendix, plan),
        "sizes": plan.sizes,
        "dense": plan.dense,
        "about": about,
        "about_first": half_of([len(name) + len(text) for name, text in about]),
        "footer": footer,
        "footer_height": lines * FOOTER * 1.3,
        "note_size": NOTE,
    }


def _head(mark: str, purpose: str) -> tuple[str, str, float]:
    """The mark and the purpose as they stand at the head, and how many points taller that is than with one line."""
    mark_room = min(width(mark, MARK, bold=True), _MOST_FOR_MARK) if mark else 0.0
    room = WIDTH - _NAME - mark_room - 42
    purpose = divided(fitted(purpose, _HEAD_LINES * room * 0.9, SUMMARY), room, SUMMARY)
    mark = divided(mark, _MOST_FOR_MARK, MARK, bold=True)
    lines = max(line_count(purpose, room, SUMMARY), line_count(mark, _MOST_FOR_MARK, MARK, bold=True))
    return mark, purpose, (lines - 1) * SUMMARY * 1.36


def _sections(sections: Sequence[Section], plan: Plan) -> list[dict[str, Any]]:
    """Sections as they are set: one that flows is part of the one before."""
    runs: list[list[Section]] = []
    for section in sections:
        if section.flows and runs and not section.new_page:
            runs[-1].append(section)
        else:
            runs.append([section])
    return [_section(run[0], [b for s in run for b in s.blocks], plan) for run in runs]


def _section(section: Section, blocks: Sequence[Block], plan: Plan) -> dict[str, Any]:
    paragraphs = [p.strip() for p in printable(section.comment).split("\n")]
    comment = [divided(p, WIDTH - 14, BODY) for p in paragraphs if p]
    figures = [b for b in blocks if isinstance(b, Figure)]
    shared = common(figures)
    made = arranged(blocks, replace(plan, shared=shared))
    # no heading over nothing (all of it is said elsewhere on paper), nor over the summary, which has the document's
    bare = (bool(blocks) and not made) or section.id == _UNDER_TITLE
    return {
        "title": "" if bare and not comment else divided(one_line(section.title), WIDTH, SECTION, bold=True),
        "shared": within(said_once(shared, figures), WIDTH, NOTE),
        "new_page": section.new_page,
        "comment": comment,
        "comment_short": sum(line_count(p, WIDTH - 14, BODY) for p in comment) <= 6,
        "blocks": made,
    }


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _footer(stamp: Stamp, code: str) -> list[str]:
    """What stands at the foot of every page: where from, until when, from when, which version, which paper."""
    room = WIDTH - _PAGE_NUMBER
    told = (("Data till och med ", stamp.until), ("uttag ", stamp.as_of), ("dataversion ", stamp.version))
    facts = [fitted(name + one_line(fact), room * 0.6, FOOTER) for name, fact in told if one_line(fact)]
    sources = fitted(_sentence(one_line(f"Källor: {source_words(stamp)}")), _SOURCE_LINES * room * 0.95, FOOTER)
    whole = _sentence(", ".join([*facts, f"kontrollsumma {code}"]))
    return [divided(sources, room, FOOTER), divided(whole[:1].upper() + whole[1:], room, FOOTER)]


def _about(stamp: Stamp, code: str) -> list[list[str]]:
    """The same and the rest, as part of the text: a screen reader passes over what is repeated on every page."""
    pairs = (
        ("Märkning", stamp.synthetic),
        ("Urval", stamp.selection),
        ("Källor", source_words(stamp)),
        ("Data till och med", stamp.until),
        ("Uttag", stamp.as_of),
        ("Täckning", stamp.coverage),
        ("Små antal", _protected(stamp)),
        ("Dataversion", stamp.version),
        ("Prognoskörning", stamp.forecast_run.removeprefix("Prognos ")),
        ("Programversion", stamp.code_version),
        ("Kontrollsumma", code),
    )
    return [[name, divided(_sentence(one_line(text)), HALF - 8, NOTE)] for name, text in pairs if one_line(text)]


def _protected(stamp: Stamp) -> str:
    """The rule for small counts, and what stands in their place: once, and not under every table."""
    least = re.search(r"\d+", stamp.protected)
    if stamp.exact or least is None:
        return stamp.protected
    return (
        f"{stamp.protected} De visas som ”<{least[0]}” eller ”skyddat”; ”..” är tal som de annars kunde räknas fram ur."
    )
