"""Dash's answers to the page callback, made once: kept in this process, and on a shelf for all of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import orjson
from flask import Flask, Response, abort, g, request

from lagesbild.api.health import AHEAD
from lagesbild.api.http import packed, plain, unpacked
from lagesbild.auth.access import UPDATE
from lagesbild.auth.door import PERSON
from lagesbild.components.layout import CONTAINERS
from lagesbild.components.pieces import shaped
from lagesbild.pages.cache import KeepNewest
from lagesbild.pages.render import Renderer
from lagesbild.pages.shelf import Shelf
from lagesbild.pages.view import View
from lagesbild.settings import Settings

_OUTPUTS: Final = (*((name, "children") for name in CONTAINERS), ("page", "data"))
_KEPT: Final = 16_000_000  # bytes of compressed answers, 15-40 kB each
# Those asked for most: a file is read in a tenth of a millisecond. With half of it some of forty views asked in turn
# were not there: 2 480 answers a second, 3 160 with all of them
_KEPT_BESIDE_SHELF: Final = 4_000_000
_MADE_WITH: Final = ("dash", "plotly", "pandas", "numpy", "orjson")


@dataclass(frozen=True)
class _Kept:
    """A compressed answer and the shape of what it shows."""

    body: bytes
    shape: str
    cacheable: bool


def kept_answers(
    dispatch: Callable[[], Response], renderer_now: Callable[[], Renderer], shelf: Shelf | None = None
) -> Callable[[], Response]:
    """Dash's own dispatch, with its answers kept, compressed, by what they are a function of; who asks is a part of
    that. `renderer_now`: the pages as whoever asks may see them."""
    kept: KeepNewest[_Kept] = KeepNewest(_KEPT_BESIDE_SHELF if shelf else _KEPT, lambda made: len(made.body))

    def answer() -> Response:
        view = _asked(request.get_json(silent=True))
        if "said" in g:  # somebody who may not look is told so, and that is no answer to keep
            return dispatch()
        if view is None:
            abort(400)  # nothing else is asked of the server; Dash would stumble on it and log a traceback
        renderer = renderer_now()
        try:
            key = renderer.key(view)
        except Exception:  # whatever it is, `Renderer.answer` meets it too, says it in Swedish and logs it
            return dispatch()

        def get(form: str, make: Callable[[], _Kept]) -> _Kept:
            def find() -> tuple[_Kept, bool]:
                if shelf is None or not key.lasting:
                    made = make()
                    return made, made.cacheable
                asked = f"{form} {key.what!r}"
                found = shelf.get(key.version, asked)
                if found is not None:
                    return _Kept(found.body, found.word, True), True
                made = make()
                # data that changed while it was made: right for this reader, but of neither version
                if made.cacheable and renderer.version_now() == key.version:
                    shelf.put(key.version, asked, made.body, made.shape)
                return made, made.cacheable

            return kept.get((key, form), find)

        def make() -> _Kept:
            body = packed(dispatch().get_data())
            return _Kept(body, g.get("shape", ""), bool(g.get("cacheable")))

        whole = get("whole", make)
        if not view.shape or view.shape != whole.shape:
            return unpacked(whole.body, "application/json")
        in_pieces = get("pieces", lambda: replace(whole, body=_pieces(whole.body)))
        return unpacked(in_pieces.body, "application/json")

    return answer


def question(view: View) -> dict[str, Any]:
    """What a browser that shows `view.shape` sends to be answered."""
    asked = {"path": quote(view.path), "search": view.search, "theme": view.theme, "shape": view.shape}
    return {
        "output": f"..{'...'.join(f'{name}.{prop}' for name, prop in _OUTPUTS)}..",
        "outputs": [{"id": name, "property": prop} for name, prop in _OUTPUTS],
        "inputs": [{"id": "view", "property": "data", "value": asked}],
        "changedPropIds": ["view.data"],
    }


def make(server: Flask, view: View) -> None:
    """Have a view answered as if somebody had asked, whole and in pieces, so that it is there for who does."""
    client = server.test_client()
    packing = {"Accept-Encoding": "zstd"}
    # what most ask for: the public, or who is here
    everybody = {PERSON: server.extensions["lagesbild-everybody"], AHEAD: True}
    whole = client.post(UPDATE, json=question(view), headers=packing, environ_overrides=everybody)
    if whole.status_code == 200:
        shape = orjson.loads(plain(whole.data))["response"]["page"]["data"].get("shape", "")
        again = question(replace(view, shape=shape))
        client.post(UPDATE, json=again, headers=packing, environ_overrides=everybody)


def shelf_for(settings: Settings) -> Shelf | None:
    """The shelf of everybody who would answer alike: same program, database, viewer and operator. None when there is to
    be none."""
    if settings.cache_mb == 0:
        return None
    told = settings.masked()  # without passwords: it is written in every file
    owner = (
        program(),
        told["LAGESBILD_READ_URL"] or told["LAGESBILD_DATABASE_URL"] or str(settings.home.resolve()),
        settings.viewer_role,
        settings.small_count_threshold,
        settings.operator,
        settings.contact,
    )
    return Shelf(settings.home / "cache" / "answers", repr(owner), settings.cache_mb * 1_000_000)


@cache
def program() -> str:
    """Changes when anything that answers are made by does. Of the files as they were when it was first asked."""
    found = blake2b(sys.version.encode(), digest_size=16)
    for name in _MADE_WITH:
        found.update(f"{name} {version(name)}\n".encode())
    root = Path(__file__).parent
    for file in sorted(root.rglob("*.py")):
        found.update(f"{file.relative_to(root)}\n".encode() + file.read_bytes())
    return found.hexdigest()


def _pieces(whole: bytes) -> bytes:
    """The answer for a browser that shows something of the same shape: what differs, by name."""
    answer = orjson.loads(plain(whole))
    response = answer["response"]
    response["page"]["data"]["pieces"] = shaped(response.pop("main")["children"]).parts
    return packed(orjson.dumps(answer))


def _asked(body: Any) -> View | None:
    """The view that the page callback is asked for, None for anything else."""
    if not isinstance(body, dict) or not isinstance(body.get("inputs"), list) or len(body["inputs"]) != 1:
        return None
    only, expected = body["inputs"][0], question(View())
    changed = body.get("changedPropIds", [])
    known = all(body.get(name) == expected[name] for name in ("output", "outputs"))
    known = known and isinstance(changed, list) and all(isinstance(c, str) for c in changed)
    if known and isinstance(only, dict) and (only.get("id"), only.get("property")) == ("view", "data"):
        return View.of(only.get("value"))
    return None
