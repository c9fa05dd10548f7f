"""A chart that cannot be drawn does not take the page with it: its table, its text and all other figures stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from lagesbild.components.model import NotDrawn
from lagesbild.domain.errors import LagesbildError

P = ParamSpec("P")
T = TypeVar("T")


def drawn(make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | NotDrawn:
    """What `make` draws, or why it could not. Errors that the page has an answer of its own to (the database is away)
    are raised; the rest is logged with its number where the page is put together (`Renderer`)."""
    try:
        return make(*args, **kwargs)
    except LagesbildError:
        raise
    except Exception as error:
        return NotDrawn(error)
