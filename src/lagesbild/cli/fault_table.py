"""The faults of a rejected file, readable in a terminal and in a log."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lagesbild.cli.console import output
from lagesbild.domain.errors import Fault

_log = logging.getLogger("lagesbild.import")
_WIDTH_WITHOUT_TERMINAL = 200
_HEADS = ("Rad", "Kolumn", "Värde", "Väntat", "Åtgärd")


def show_faults(faults: Sequence[Fault], *, title: str) -> None:
    """All of them, in line order; with `--json-logs` one log line each. A cell is never taken for markup."""
    if output.json_logs:
        for f in faults:
            extra = {"file": f.file, "line": f.line, "column": f.column, "value": f.value, "remedy": f.remedy}
            level = logging.WARNING if f.severity == "warning" else logging.ERROR
            _log.log(level, "väntat: %s", f.expected, extra=extra)
        return
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        console = Console(stderr=True, highlight=False, width=_WIDTH_WITHOUT_TERMINAL)
    table = Table(title=Text(title), title_justify="left", title_style="bold", expand=False)
    for head in _HEADS:
        table.add_column(head, justify="right" if head == "Rad" else "left", overflow="fold")
    for f in faults:
        cells = (str(f.line) if f.line else "hela filen", f.column, _visible(f.value), f.expected, f.remedy)
        table.add_row(*(Text(c) for c in cells))
    console.print(table)


def _visible(value: str) -> str:
    """An empty cell and control characters, so that one sees them."""
    if not value:
        return "(tomt)"
    return "".join(c if c.isprintable() else "·" for c in value)
