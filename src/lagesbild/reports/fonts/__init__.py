"""The font of everything on paper, unmodified (the Open Font Licence keeps the name for unmodified files): where it is,
how wide a text becomes in it, and which characters it has.

Only these files are used: a document is the same on every machine, whatever fonts that has.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

FAMILY: Final = "Source Sans 3"
FOLDER: Final = Path(__file__).resolve().parent
_REGULAR: Final = FOLDER / "SourceSans3-Regular.ttf"
_SEMIBOLD: Final = FOLDER / "SourceSans3-Semibold.ttf"
_MEASURED_AT: Final = 1000  # units to the em: widths come out unrounded
NO_GLYPH: Final = "□"
# said in other characters where the font has none; what is left becomes NO_GLYPH, so that a loss can be seen
_INSTEAD: Final = str.maketrans({"\t": " ", "‑": "-", "‐": "-", "\u2028": "\n", "\u2029": "\n", "ﬁ": "fi", "ﬂ": "fl"})


@cache
def _face(bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_SEMIBOLD if bold else _REGULAR, _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of text is, in the unit of `size`. Without pairs' kerning, which makes it a hair narrower.

    >>> round(width("86,2", 8.6), 1)
    15.0
    """
    return float(_face(bold).getlength(text)) * size / _MEASURED_AT


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text in one line of printable characters, cut and ended with "…" when it is wider than `room`.

    >>> fitted("Jämtland Härjedalen", 60, 8.6), fitted("Kalmar", 60, 8.6)
    ('Jämtland Härj…', 'Kalmar')
    """
    text = one_line(text)
    if width(text, size, bold=bold) <= room + 1e-6:  # a room made to measure is enough
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that has room
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + "…", size, bold=bold) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…" if text else ""


def line_count(text: str, room: float, size: float, *, bold: bool = False) -> int:
    """About how many lines a paragraph takes; words are divided where `divided` has said that they may be.

    >>> line_count("Säkerställd försämring: lägre än i januari 2023.", 120, 10)
    2
    """
    lines, used, space = 1, 0.0, width(" ", size, bold=bold)
    for word in text.split():
        for k, piece in enumerate(word.split("\u200b")):
            wide = width(piece, size, bold=bold)
            between = space if used and k == 0 else 0.0
            if used and used + between + wide > room:
                lines, used = lines + 1, wide
            else:
                used += between + wide
        while used > room:  # a word wider than the line is divided
            lines, used = lines + 1, used - room
    return lines


def divided(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text with places to break (U+200B) inside words that are wider than `room`, so that nothing leaves the page.

    >>> divided("ord Ö" + "Ö" * 9, 30, 10).replace("\u200b", "|")
    'ord ÖÖÖÖ|ÖÖÖÖ|ÖÖ'
    """
    if room <= 0 or all(width(word, size, bold=bold) <= room for word in text.split(" ")):
        return text
    out = []
    for word in text.split(" "):
        pieces = [""]
        for c in word:
            if pieces[-1] and width(pieces[-1] + c, size, bold=bold) > room:
                pieces.append("")
            pieces[-1] += c
        out.append("\u200b".join(pieces))
    return " ".join(out)


@cache
def characters() -> frozenset[str]:
    """Every character all the weights have."""
    return frozenset.intersection(*(_characters(path) for path in sorted(FOLDER.glob("*.ttf"))))


def _characters(path: Path) -> frozenset[str]:
    """Read from the font's own list (the `cmap` table, format 4), so that one question needs no font library."""
    data = path.read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    starts = {data[12 + 16 * k :][:4]: struct.unpack_from(">I", data, 12 + 16 * k + 8)[0] for k in range(tables)}
    cmap = starts[b"cmap"]
    found: set[int] = set()
    for k in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        at = cmap + struct.unpack_from(">I", data, cmap + 4 + 8 * k + 4)[0]
        if struct.unpack_from(">H", data, at)[0] == 4:
            found |= _segments(data, at)
    return frozenset(map(chr, found))


def _segments(data: bytes, at: int) -> set[int]:
    """Code points of a format 4 table that lead to a glyph other than number 0, the empty box."""
    n = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{n}H", data, at + 14)
    starts = struct.unpack_from(f">{n}H", data, at + 16 + 2 * n)
    deltas = struct.unpack_from(f">{n}H", data, at + 16 + 4 * n)
    offsets_at = at + 16 + 6 * n
    offsets = struct.unpack_from(f">{n}H", data, offsets_at)
    found: set[int] = set()
    for k, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(first, last + 1):
            if offset:
                glyph = struct.unpack_from(">H", data, offsets_at + 2 * k + offset + 2 * (code - first))[0]
                glyph = (glyph + delta) % 65536 if glyph else 0
            else:
                glyph = (code + delta) % 65536
            if glyph:
                found.add(code)
    return found


def printable(text: str) -> str:
    """The text in characters the font has: others are replaced by an empty box, signs that cannot be seen (controls,
    direction marks) left out; line ends are kept. PDF/UA allows no character without a glyph.

    >>> printable("Malmö \u202e😀"), printable("A\u030angstro\u0308m"), printable("a\\r\\nb")
    ('Malmö □', 'Ångström', 'a\\nb')
    """
    known = characters()
    if text.isascii() and text.isprintable():
        return text
    out = []
    for c in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").translate(_INSTEAD)):
        if c == "\n" or (c in known and unicodedata.category(c) not in ("Cc", "Cf")) or c == "\u00ad":
            out.append(c)
        elif unicodedata.category(c)[0] not in "CM":
            out.append(NO_GLYPH)
    return "".join(out)


def one_line(text: str) -> str:
    """Printable, without line ends and without space at its ends."""
    return " ".join(printable(text).split("\n")).strip()
