"""How long does paper take? Prints times; exits with 1 when a limit is passed (issue 5).

One document of two pages after start (the first one, with fonts and templates to read, is told apart), 21 documents in
a row, and a preview. Beside them an empty Typst page compiled in the same run: what a machine
that is busy with other things makes slower for both. Made-up documents: what the views behind a briefing take is not in
it.

    .venv/bin/python -m benchmarks.briefings [--documents 21] [--repeat 15]
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

import typst

from lagesbild.reports.document import Document
from lagesbild.reports.typeset import pdf, preview
from tests.reports.made_up import council, region

LIMIT_ONE = 1.0  # seconds
LIMIT_ALL = 25.0


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def other(document: Document, k: int) -> Document:
    """The document with another title and other lengths of bars: nothing that Typst has kept fits all of it."""
    return replace(document, title=f"{document.title} ({k})", kicker=f"Region {k}")


def empty() -> Callable[[], object]:
    """An empty page, another one each time, with a compiler that is already warm."""
    compiler = typst.Compiler(ignore_system_fonts=True)
    number = iter(range(1_000_000))
    return lambda: compiler.compile(input=f"#set page(width: {100 + next(number)}pt)\n".encode(), format="pdf")


def main() -> int:
    """Measure, print, and say whether the limits hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=21)
    parser.add_argument("--repeat", type=int, default=15)
    options = parser.parse_args()
    first = seconds(lambda: pdf(council()))
    page = empty()
    page()
    ones, empties = [], []
    for k in range(options.repeat):  # in turn, so that a busy moment meets both
        one = other(council(), k)
        ones.append(seconds(lambda one=one: pdf(one)))
        empties.append(seconds(page))
    batch = [other(region(), k) for k in range(options.documents)]
    whole = seconds(lambda: [pdf(d) for d in batch])
    shown = seconds(lambda: preview(other(region(), options.documents)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    worst = max(ones)
    print(f"första dokumentet, med start   {first:7.3f} s")
    print(f"ett dokument, två sidor        {median(ones):7.3f} s  (högst {worst:.3f}; gräns {LIMIT_ONE:.0f})")
    print(f"en tom sida i samma körning    {median(empties):7.4f} s  (kvot {median(ones) / median(empties):.0f})")
    print(f"{options.documents} dokument                    {whole:7.3f} s  (gräns {LIMIT_ALL:.0f})")
    print(f"  styck                        {whole / options.documents:7.3f} s")
    print(f"förhandsvisning, två sidor     {shown:7.3f} s")
    print(f"minne som mest                 {memory:7.0f} MiB")
    return 1 if median(ones) > LIMIT_ONE or whole > LIMIT_ALL else 0


if __name__ == "__main__":
    sys.exit(main())
