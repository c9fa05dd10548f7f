"""What the commands share: the console, progress bars, and errors as Swedish sentences with the right exit code."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lagesbild.domain.errors import LagesbildError

_log = logging.getLogger("lagesbild.cli")


@dataclass
class Output:
    """How the process talks. Data goes to standard output, everything else to standard error."""

    quiet: bool = False
    json_logs: bool = False

    @property
    def console(self) -> Console:
        return Console(stderr=True, quiet=self.quiet, highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """One line about what is going on; a log line when logs are JSON."""
        if self.json_logs:
            _log.info(text)
        else:
            self.console.print(text, markup=False)

    def warn(self, message: str, remedy: str = "") -> None:
        """What went otherwise than it should and stops nothing; said with `--quiet` too."""
        if self.json_logs:
            _log.warning(message, extra={"remedy": remedy} if remedy else None)
            return
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(f"Varning: {message}", markup=False)
        if remedy:
            console.print(f"Gör så här: {remedy}", markup=False)

    @contextmanager
    def progress(self, description: str, total: int | None) -> Iterator[Progress]:
        """A bar on a terminal, nothing otherwise. The caller updates task 0."""
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            transient=False,
            disable=self.quiet or self.json_logs or not sys.stderr.isatty(),
        ) as bar:
            bar.add_task(description, total=total)
            yield bar


output = Output()


def report(error: LagesbildError) -> None:
    """Say what was wrong and what to do."""
    if output.json_logs:
        _log.error(error.message, extra={"remedy": error.remedy, "kind": type(error).__name__})
        return
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"Fel: {error.message}", style="bold", markup=False)
    if error.remedy:
        console.print(f"Gör så här: {error.remedy}", markup=False)
