"""`/ogonblicksbilder/...`: snapshots as files, opened where they are, saved and tried.

Texts are Swedish; faults are JSON with one sentence, `fel`. What is opened runs under a policy of its own: nothing but
the page's own script, which its hash names, and no access to the service.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, g, request

from lagesbild.domain.selection import parse_as_of
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.freeze import freeze
from lagesbild.freezing.frozen_page import INDEX
from lagesbild.freezing.moment import moment_now
from lagesbild.reports.answers import as_json, in_swedish, json_fault
from lagesbild.settings import Settings
from lagesbild.snapshots.keys import read_private
from lagesbild.snapshots.limits import DEFAULT
from lagesbild.snapshots.reading import read
from lagesbild.snapshots.retention import parse_keep
from lagesbild.snapshots.store import Store
from lagesbild.snapshots.verifying import Report, verify

PATH: Final = "/ogonblicksbilder"
GIVEN: Final = f"{PATH}/prova"  # takes a whole snapshot
_SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_log = logging.getLogger("lagesbild.snapshots")


@dataclass(frozen=True)
class Archive:
    """Where snapshots are kept and what they are made of. `viewer`: of whoever asks; a snapshot is for
    more people than one, so a region of their own is no part of it. `seen`: the store as whoever asks may see it."""

    store: Store
    seen: Callable[[], Store]
    source: Source
    viewer: Callable[[], Viewer]
    settings: Settings


def snapshot_routes(archive: Archive) -> Blueprint:
    """The routes."""
    blueprint = Blueprint("ogonblicksbilder", __name__)
    swedish = in_swedish(_log, json_fault, "Det gick inte.")

    @blueprint.get(f"{PATH}/fil/<name>")
    @swedish
    def file(name: str) -> Response:
        path = archive.seen().named(name)
        response = Response(path.read_bytes(), content_type="application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="{path.name}"'
        response.headers["Cache-Control"] = "no-store"
        return response

    @blueprint.get(f"{PATH}/oppna/<name>")
    @swedish
    def opened(name: str) -> Response:
        body = read(archive.seen().named(name)).files.get(INDEX)
        if body is None:
            return json_fault("Bilden har ingen sida att öppna. Ladda ner den i stället.", 404)
        response = Response(body, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = _policy(body)
        response.headers["Cache-Control"] = "no-store"
        return response

    @blueprint.get(f"{PATH}/prova/<name>")
    @swedish
    def tried(name: str) -> Response:
        return _told(verify(archive.seen().named(name)))

    @blueprint.post(GIVEN)
    @swedish
    def given() -> Response:
        if (request.content_length or 0) > DEFAULT.packed:
            return json_fault("Filen är för stor för att vara en ögonblicksbild.", 413)
        return _told(verify(request.get_data(cache=False), shown=request.args.get("namn", "filen")[:120]))

    @blueprint.post(f"{PATH}/spara")
    @swedish
    def save() -> Response:
        told = request.get_json(silent=True)
        if not isinstance(told, dict) or not all(isinstance(told.get(k, ""), str) for k in ("skal", "tidpunkt")):
            return json_fault("Valen kunde inte läsas.", 400)
        now = moment_now(archive.source, datetime.now(UTC))
        try:
            moment = parse_as_of(told["tidpunkt"]) if told.get("tidpunkt") else now
        except ValueError:
            return json_fault(f"”{told['tidpunkt'][:40]}” är ingen tidpunkt.", 400)
        with archive.store.alone() as alone:
            if not alone:
                return json_fault("En bild sparas redan. Försök igen när den är klar.", 409)
            archive.store.check_room()
            settings = archive.settings
            key = read_private(settings.signing_key) if settings.signing_key else None
            bundle = freeze(
                archive.source, moment, replace(archive.viewer(), own=""), now=now, reason=told.get("skal", ""), key=key
            )
            saved = archive.store.save(bundle)
            gone = archive.store.prune(parse_keep(settings.snapshots_keep), now, spare=saved.path.name)
        g.detail = "; tog bort ".join((saved.path.name, *gone))  # for the log
        return as_json({"namn": saved.path.name, "mening": "Bilden är sparad." if saved.new else "Bilden fanns redan."})

    return blueprint


def _policy(body: bytes) -> str:
    scripts = [base64.b64encode(hashlib.sha256(s).digest()).decode() for s in _SCRIPT.findall(body)]
    allowed = " ".join(f"'sha256-{h}'" for h in scripts) or "'none'"
    return (
        f"sandbox allow-scripts allow-downloads allow-modals; default-src 'none'; script-src {allowed}; "
        "style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def _told(report: Report) -> Response:
    return as_json({"akta": report.genuine, "meningar": report.sentences()})
