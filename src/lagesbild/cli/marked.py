"""A file whose name the caller chose: whether the name says that the figures are made up."""

from __future__ import annotations

from pathlib import Path

MARK = "syntetisk"  # in every name that Lägesbild gives a file itself


def unmarked(file: Path, *, synthetic: bool) -> str:
    """What is to be said of a name that leaves the mark out; empty when there is nothing to say. The name is the
    caller's, who may have a script that waits for it: it is not changed.

    >>> unmarked(Path("gav.pdf"), synthetic=True)
    'Uppgifterna är syntetiska, men det syns inte på namnet gav.pdf. Ett namn som säger det: gav-syntetisk.pdf'
    >>> unmarked(Path("gav-Syntetisk.pdf"), synthetic=True), unmarked(Path("gav.pdf"), synthetic=False)
    ('', '')
    """
    if not synthetic or MARK in file.name.lower():
        return ""
    better = f"{file.stem}-{MARK}{file.suffix}"
    return f"Uppgifterna är syntetiska, men det syns inte på namnet {file.name}. Ett namn som säger det: {better}"
