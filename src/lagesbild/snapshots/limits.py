"""How large a snapshot may be, and what its files may be called. Writing keeps to the same limits as reading."""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes. The largest snapshot foreseen (21 regions x 3 care areas x 72 months) is under 10 MB packed and
    about 40 MB unpacked, so the defaults leave room for ten times as much; whoever fills memory needs more."""

    packed: int = 64_000_000  # the zip as a whole
    file: int = 128_000_000  # one file, unpacked
    total: int = 384_000_000  # all files, unpacked
    manifest: int = 4_000_000
    files: int = 1_000
    ratio: int = 200  # unpacked over packed, for files above `small`; tables of numbers are packed 5 to 30 times
    small: int = 1_000_000
    name: int = 200  # characters

    def is_bomb(self, unpacked: int, packed: int) -> bool:
        """Whether a file of these sizes is packed more than tables and pages are."""
        return unpacked > self.small and unpacked > self.ratio * packed


DEFAULT: Final = Limits()
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # devices on Windows


def fault_in_name(name: str, limits: Limits = DEFAULT) -> str:
    """Why a file must not be called that, in Swedish to stand after "namnet"; "" when it may.

    >>> fault_in_name("data/waits.csv"), fault_in_name("../waits.csv"), fault_in_name("C:/waits.csv")
    ('', 'leder ut ur mappen', 'anger en enhet')
    """
    if not name or len(name) > limits.name:
        return "är tomt" if not name else "är för långt"
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in name):
        return "har osynliga tecken"
    if "\\" in name:
        return "har omvänt snedstreck"
    if _DRIVE.match(name):
        return "anger en enhet"
    if name.startswith("/"):
        return "börjar i roten"
    parts = name.split("/")
    if ".." in parts:
        return "leder ut ur mappen"
    if "" in parts or "." in parts:
        return "har tomma delar"
    if any(_RESERVED.fullmatch(p) or p.endswith((".", " ")) or ":" in p for p in parts):
        return "kan inte användas på alla datorer"
    return ""


def is_plain(name: str) -> bool:
    """Whether we ourselves may give a file that name: ASCII letters, digits, `._-` and folders, nothing hidden."""
    return bool(_PLAIN.fullmatch(name)) and not fault_in_name(name)


def folded(name: str) -> str:
    """The same text for names that are one file on a computer that tells neither case nor composed accents apart."""
    return unicodedata.normalize("NFC", name).casefold()


def first_double(names: Iterable[str]) -> str | None:
    """The first name that stands for the same file as an earlier one."""
    seen: set[str] = set()
    for name in names:
        if folded(name) in seen:
            return name
        seen.add(folded(name))
    return None


def is_special(mode: int) -> bool:
    """Whether a Unix mode out of a zip is anything else than a plain file or folder (a link, a device). 0: not told."""
    return stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
