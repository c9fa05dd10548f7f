"""Briefings as files outside the web: one, or one for every region on all cores."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Final

from lagesbild.data.engine import open_database
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import InputError, LagesbildError, why
from lagesbild.domain.selection import Known, Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.forecast.fanout import ProcessExecutor, cores
from lagesbild.pages import options
from lagesbild.pages.looking import look
from lagesbild.pages.registry import all_pages
from lagesbild.pages.render import Renderer
from lagesbild.reports.compose import briefing as compose
from lagesbild.reports.files import FORMS, file_name
from lagesbild.reports.looking import Look, Seen
from lagesbild.settings import Settings

_MOST_PROCESSES: Final = 8  # of 300 MB each
_here: dict[str, Maker] = {}  # in a worker, by settings
_FEW: Final = 6  # documents: starting processes takes as long as making so few


@dataclass(frozen=True)
class Maker:
    """What briefings are made with outside the web."""

    source: Source
    viewer: Viewer
    look: Look
    known: Known


@dataclass(frozen=True)
class Order:
    """What is to be made, but for the region. `out`: the file of one, the directory of many. Can be sent to another
    process."""

    settings: Settings
    chosen: Selection
    form: str
    out: Path
    comments: dict[str, str]


def maker(source: Source, settings: Settings) -> Maker:
    """Pages and all, over a source. Raises what the source raises."""
    viewer = Viewer(settings.viewer_role, settings.small_count_threshold)
    renderer = Renderer(source, viewer, all_pages(), known=options.known, filters=options.filters)
    return Maker(
        renderer.source,
        viewer,
        lambda path, selection: Seen(*look(renderer, path, selection)),
        options.known(renderer.source),
    )


def write(made: Maker, order: Order, region: str, *, directory: bool = False) -> Path:
    """The file, whole or not at all; in a `directory` it is called after what it is about. Raises InputError when it
    cannot be written, and what the source raises."""
    selection = order.chosen.with_(region=region)
    document = compose(selection, made.look, made.source, made.viewer, order.comments)
    body = FORMS[order.form].make(document)
    to = order.out / file_name(document, selection, order.form) if directory else order.out
    part = to.with_name(f".{to.name}.part")
    try:
        part.write_bytes(body)
        os.replace(part, to)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(
            f"Filen {to} kan inte skrivas: {why(error, making=True)}.", "Välj en annan plats med --out."
        ) from error
    return to


def write_every(made: Maker, order: Order, regions: Sequence[str], processes: int | None = None) -> Iterator[Path]:
    """A file for each region in the directory, in their order, by a process a core, each with a connection of its own.

    A worker's fault is raised here as it was there; what is finished stays. Raises LagesbildError when a worker is
    killed.
    """
    n = min(processes or cores(), _MOST_PROCESSES, len(regions))
    if n < 2 or len(regions) < _FEW:
        yield from (write(made, order, region, directory=True) for region in regions)
        return
    try:
        yield from ProcessExecutor(n).map(partial(_write_there, order), regions)
    except BrokenProcessPool as error:
        raise LagesbildError(
            f"En process som gjorde underlag avbröts. De som hann bli klara finns i {order.out}.",
            "Kör kommandot igen. Händer det ofta räcker minnet inte: välj en region i taget med --region.",
        ) from error


def _write_there(order: Order, region: str) -> Path:
    """In a worker."""
    key = order.settings.model_dump_json()
    if key not in _here:
        _here[key] = _opened(order.settings)
    return write(_here[key], order, region, directory=True)


def _opened(settings: Settings) -> Maker:
    """A worker's own, with a connection that is closed when it ends."""
    database = open_database(settings, role="read")
    Finalize(None, database.close, exitpriority=10)
    return maker(PgSource(database), settings)
