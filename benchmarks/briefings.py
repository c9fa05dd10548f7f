"""How long does paper take? Prints times; exits with 1 when a limit is passed (issue 5).

One document of two pages after start (the first one, with fonts and templates to read, is told apart), 21 documents in
a row, and a preview. Beside them an empty Typst page compiled in the same run: what a machine busy with other
things makes slower for both. Made-up documents: what the views behind a briefing take is not in those figures.

With `--home` of a demonstration also `lagesbild briefing --region alla` as it is called, start and views too, for
each care area given: by the clock, and how much of the processors it took in all its processes.

    .venv/bin/python -m benchmarks.briefings [--documents 21] [--repeat 15] [--home DIRECTORY] [--care-area CODE ...]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
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


def batch_by_command(home: Path, care_area: str) -> tuple[float, float, int]:
    """`lagesbild briefing --region alla`: seconds by the clock, seconds of processors, files."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory(prefix="lagesbild-underlag-") as folder:
        program = [sys.executable, "-c", "from lagesbild.cli import main; main()", "--quiet", "briefing"]
        call = [*program, "--region", "alla", "--care-area", care_area, "--format", "pdf", "--out", folder]
        clock = seconds(lambda: subprocess.run(call, check=True, env={**os.environ, "LAGESBILD_HOME": str(home)}))
        files = len(list(Path(folder).glob("*.pdf")))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, files


def main() -> int:
    """Measure, print, and say whether the limits hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=21)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--home", type=Path, help="LAGESBILD_HOME of a demonstration")
    parser.add_argument("--care-area", nargs="*", default=["knaprotes"])
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
    slow = median(ones) > LIMIT_ONE or whole > LIMIT_ALL
    for care_area in options.care_area if options.home else ():
        clock, processor, files = batch_by_command(options.home, care_area)
        slow = slow or clock > LIMIT_ALL
        print(f"--region alla, {care_area:<15} {clock:7.1f} s  (gräns {LIMIT_ALL:.0f}); processor {processor:.1f} s")
        print(f"  {files} filer, {os.cpu_count()} kärnor, belastning {os.getloadavg()[0]:.0f}")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
