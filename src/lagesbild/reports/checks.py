"""What is looked at before a briefing is handed over, told to the one who makes it. Every line is checked, none is a
promise: a document where it does not hold says what is missing instead."""

from __future__ import annotations

from lagesbild.domain.swedish import join_and
from lagesbild.reports.document import Document, Figure


def checks(document: Document) -> tuple[tuple[bool, str], ...]:
    """Whether each holds, and the sentence that says so or names what does not."""
    figures = document.figures
    unsourced = [f.title for f in figures if "Källa" not in f.source]
    silent = [f.title for f in figures if f.chart is not None and (not f.chart.alt or not f.table.rows)]
    stamp = document.stamp
    return (
        _told(unsourced, "Alla tal har källa.", "Saknar källa"),
        (bool(stamp.as_of), f"Uttag {stamp.as_of}, dataversion {stamp.version}." if stamp.as_of else "Uttag saknas."),
        (True, stamp.protected),
        *(
            ((False, f"Valt men inte med, uppgifter saknas: {join_and(document.left_out)}."),)
            if document.left_out
            else ()
        ),
        _told(silent, "Alla diagram har tabell och beskrivning i text.", "Saknar tabell eller beskrivning"),
        *(((True, "Märkt som syntetiska data på varje sida."),) if stamp.synthetic else ()),
        *(_real(figures) if stamp.synthetic else ()),
    )


def _told(missing: list[str], good: str, bad: str) -> tuple[bool, str]:
    return (not missing, good if not missing else f"{bad}: {join_and(missing)}.")


def _real(figures: tuple[Figure, ...]) -> tuple[tuple[bool, str], ...]:
    real = [f.title for f in figures if f.real]
    return ((True, f"Verkliga tal: {join_and(real)}."),) if real else ()
