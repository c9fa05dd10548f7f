"""Readers of PDF that have nothing to do with what makes them: pikepdf for the structure, pdfplumber for what stands
where."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pdfplumber
import pikepdf


@dataclass(frozen=True)
class Element:
    """An element of the structure tree: its kind ("H1", "Table"), how deep it lies, its alternative text, and of a
    heading cell what it is a heading of."""

    kind: str
    depth: int
    alt: str
    scope: str


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def elements(pdf: pikepdf.Pdf) -> list[Element]:
    """The structure tree in reading order."""
    return list(_walk(pdf.Root.StructTreeRoot, 0))


def _walk(node: Any, depth: int) -> Iterator[Element]:
    if not isinstance(node, pikepdf.Dictionary):
        return
    if "/S" in node:
        attributes = node.get("/A", [])
        scopes = [str(a.Scope).lstrip("/") for a in attributes if "/Scope" in a]
        yield Element(str(node.S).lstrip("/"), depth, str(node.get("/Alt", "")), "".join(scopes))
    kids = node.get("/K")
    if kids is None:
        return
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        yield from _walk(kid, depth + 1)


def headings(pdf: pikepdf.Pdf) -> list[str]:
    return [e.kind for e in elements(pdf) if e.kind in ("H1", "H2", "H3", "H4")]


def bookmarks(pdf: pikepdf.Pdf) -> list[str]:
    """Titles in the outline, from the top down."""

    def walk(items: Any) -> Iterator[str]:
        for item in items:
            yield item.title
            yield from walk(item.children)

    with pdf.open_outline() as outline:
        return list(walk(outline.root))


def pages(data: bytes) -> list[str]:
    """The text of each page, line ends and spaces of any kind as one space, places to break left out."""
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [flat(page.extract_text()) for page in pdf.pages]


def flat(text: str) -> str:
    """The text with every run of spaces, line ends and no-break spaces as one space, without places to break."""
    return " ".join(text.replace("\u200b", "").replace("\u00a0", " ").split())


def stray(data: bytes, margin: float) -> list[str]:
    """Characters that do not lie within the page's margins."""
    out = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for c in page.chars:
                inside = (
                    margin <= c["x0"] and c["x1"] <= page.width - margin and 0 <= c["top"] < c["bottom"] <= page.height
                )
                if not inside and c["text"].strip():
                    out.append(f"{page.page_number}: {c['text']} at {c['x0']:.1f}, {c['top']:.1f}")
    return out


def overlapping(data: bytes) -> list[str]:
    """Pairs of words that lie over each other: by more than a point both ways."""
    out = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            words = sorted(page.extract_words(keep_blank_chars=True, use_text_flow=True), key=lambda w: w["top"])
            for k, a in enumerate(words):
                for b in words[k + 1 :]:
                    if b["top"] > a["bottom"]:
                        break
                    # glyph boxes reach over the letters: what counts is whether the letters meet
                    high = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
                    wide = min(a["x1"], b["x1"]) - max(a["x0"], b["x0"])
                    if wide > 1 and high > 0.45 * min(a["bottom"] - a["top"], b["bottom"] - b["top"]):
                        out.append(f"{page.page_number}: {a['text']!r} and {b['text']!r}")
    return out
