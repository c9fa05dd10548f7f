"""Rules of PDF/UA-1 (ISO 14289-1) that a program can try, read from the file with pikepdf: what is marked, what it is
marked as, and whether page and structure tree agree. The numbers are those of the clauses.

Written for these tests: veraPDF, the validator that others go by, is Java and is in none of the registries that the
project installs from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf

_PAINTS = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "BI", "EI", "INLINE IMAGE"}
_STANDARD = {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "P", "H1",
    "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot",
    "Span", "Quote", "Note", "Reference", "Code", "Link", "Annot", "Figure", "Formula", "Form",
}  # fmt: skip
_READ_OUT = {"P", "H1", "H2", "H3", "H4", "Caption", "L", "LI", "Table", "TR"}  # said to be there, so not empty
_WITHIN = {
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "LI": {"L"},
    "LBody": {"LI"},
}


def faults(pdf: pikepdf.Pdf) -> list[str]:
    """Everything that is against a rule, in words; empty when all of them hold."""
    return [*_document(pdf), *_pages(pdf), *_tree(pdf)]


def _document(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
        yield "6.2: not said to be tagged"
    if bool(root.get("/MarkInfo", {}).get("/Suspects", False)):
        yield "7.1: said to have suspect tags"
    if not str(root.get("/Lang", "")):
        yield "7.2: no language"
    if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        yield "7.1: the title is not displayed"
    with pdf.open_metadata() as meta:
        if meta.get("pdfuaid:part") != "1" or not meta.get("dc:title"):
            yield "5: the metadata lack part or title"
    if "/AcroForm" in root and "/XFA" in root.AcroForm:
        yield "7.15: dynamic forms"
    if pdf.is_encrypted and not pdf.allow.accessibility:
        yield "7.16: closed to assistive technology"


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    """7.1: whatever is painted is content with a place in the tree, or an artifact, and never both."""
    told = _places(pdf)
    for number, page in enumerate(pdf.pages, 1):
        open_: list[str] = []
        seen: Counter[int] = Counter()
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            if operator in ("BDC", "BMC"):
                tag = str(instruction.operands[0]).lstrip("/")
                properties = instruction.operands[1] if operator == "BDC" else None
                mcid = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
                kind = "artifact" if tag == "Artifact" else "content" if mcid is not None else "span"
                if {"artifact", "content"} <= {kind, *open_}:
                    yield f"7.1: page {number} has content and artifact in each other"
                if mcid is not None:
                    seen[int(mcid)] += 1
                open_.append(kind)
            elif operator == "EMC":
                open_.pop()
            elif operator in _PAINTS and not {"artifact", "content"} & set(open_):
                yield f"7.1: page {number} paints ({operator}) what is not marked"
        mine = told.get(page.obj.objgen, Counter())
        if set(seen) != set(mine) or any(n > 1 for n in (*seen.values(), *mine.values())):
            yield f"7.1: page {number} and the tree do not name the same content"
        if mine and "/StructParents" not in page.obj:
            yield f"7.1: page {number} does not lead to the tree"
        if page.obj.get("/Annots") and str(page.obj.get("/Tabs", "")) != "/S":
            yield f"7.18.3: page {number} has annotations out of order"


def _places(pdf: pikepdf.Pdf) -> dict[tuple[int, int], Counter[int]]:
    """Page -> identifiers of content that the tree has there."""
    found: dict[tuple[int, int], Counter[int]] = {}

    def walk(node: Any, page: Any) -> None:
        page = node.get("/Pg", page)
        kids = node.get("/K")
        for kid in [] if kids is None else kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary):
                if str(kid.get("/Type", "")) == "/MCR":
                    found.setdefault(kid.get("/Pg", page).objgen, Counter())[int(kid.MCID)] += 1
                elif str(kid.get("/Type", "")) != "/OBJR":
                    walk(kid, page)
            else:
                found.setdefault(page.objgen, Counter())[int(kid)] += 1

    walk(pdf.Root.StructTreeRoot, None)
    return found


def _tree(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root.StructTreeRoot
    roles = {str(k).lstrip("/"): str(v).lstrip("/") for k, v in root.get("/RoleMap", {}).items()}
    if "/ParentTree" not in root:
        yield "7.1: no way from the page to the tree"
    levels: list[int] = []

    def walk(node: Any, parent: str) -> Iterator[str]:
        kids = node.get("/K")
        children = [] if kids is None else list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        named = [k for k in children if isinstance(k, pikepdf.Dictionary) and "/S" in k]
        kind = str(node.get("/S", "/")).lstrip("/")
        kind = roles.get(kind, kind)
        if "/S" in node:
            if kind not in _STANDARD:
                yield f"7.1: {kind} is no standard type"
            if kind in _WITHIN and parent not in _WITHIN[kind]:
                yield f"7.5, 7.6: {kind} in {parent}"
            if kind in ("Figure", "Formula") and not str(node.get("/Alt", "")).strip():
                yield f"7.3: {kind} without an alternative text"
            if kind == "TH" and "Column" not in _scopes(node) and "Row" not in _scopes(node):
                yield "7.5: a heading cell without scope"
            if kind == "Note" and "/ID" not in node:
                yield "7.9: a note without an identity"
            if kind[:1] == "H" and kind[1:].isdigit():
                if int(kind[1:]) > (levels[-1] if levels else 0) + 1:
                    yield f"7.4: {kind} after H{levels[-1] if levels else 0}"
                levels.append(int(kind[1:]))
            if kind == "Table":
                yield from _table(node)
            if not children and kind in _READ_OUT:
                yield f"7.1: an empty {kind}"
        for kid in named:
            yield from walk(kid, kind if "/S" in node else parent)

    yield from walk(root, "")


def _scopes(node: Any) -> list[str]:
    attributes = node.get("/A", [])
    several = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return [str(a.Scope).lstrip("/") for a in several if isinstance(a, pikepdf.Dictionary) and "/Scope" in a]


def _table(table: Any) -> Iterator[str]:
    """7.5: as many cells in every row."""
    widths = set()
    for row in _rows(table):
        cells = [k for k in row.get("/K", []) if isinstance(k, pikepdf.Dictionary)]
        widths.add(sum(_span(c) for c in cells))
    if len(widths) > 1:
        yield f"7.5: a table with rows of {sorted(widths)} cells"


def _rows(node: Any) -> Iterator[Any]:
    for kid in node.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if str(kid.S) == "/TR":
                yield kid
            elif str(kid.S) in ("/THead", "/TBody", "/TFoot"):
                yield from _rows(kid)


def _span(cell: Any) -> int:
    attributes = cell.get("/A", [])
    several = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return next((int(a.ColSpan) for a in several if isinstance(a, pikepdf.Dictionary) and "/ColSpan" in a), 1)
