"""A table endpoint's answer: the question read and checked, the table made once for all its pages, one page of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final
from urllib.parse import urlencode

from flask import request
from werkzeug.datastructures import MultiDict

from lagesbild.api.answering import Counter, Make
from lagesbild.api.cursors import cursor_at, place_of
from lagesbild.api.origins import edition
from lagesbild.api.pages import CSV, JSON, Page, as_csv, as_json
from lagesbild.api.parameters import Paged
from lagesbild.api.reading import last_known, read_question
from lagesbild.api.tables import Ask, TableEndpoint, Told

PREFIX: Final = "/api/v1"
FORMS: Final = (JSON, CSV)


def table_maker(endpoint: TableEndpoint, counter: Counter) -> Make:
    """What makes the endpoint's body."""

    def make(form: str, ask: Ask) -> tuple[bytes, Mapping[str, str]]:
        question = read_question(
            endpoint.parameters, request.args, endpoint.codes(ask.source), lambda: last_known(ask.source)
        )
        page = page_of(endpoint, counter, ask, question)
        return (as_csv(page) if form == CSV else as_json(page)), page.headers

    return make


def page_of(endpoint: TableEndpoint, counter: Counter, ask: Ask, question: Paged) -> Page:
    """Raises ProblemError for a cursor that cannot be used."""
    whole = question.model_copy(update={"limit": 0, "cursor": None})
    version = ask.source.version().version
    # who looks is a part of it: a cursor does not lead from one viewer's rows to another's
    about: Hashable = (endpoint.name, repr(whole), ask.viewer)
    first = place_of(question.cursor, version, about)
    key = (ask.source.version(), "table", about)
    told: Told = (
        counter.tables(key, lambda: endpoint.make(ask, question)) if endpoint.lasting else endpoint.make(ask, question)
    )
    count = len(told.table.frame)
    last = min(first + question.limit, count)
    return Page(
        table=told.table,
        first=first,
        last=last,
        version=version,
        edition=edition(ask.source, question.as_of),
        as_of=question.as_of,
        viewer=ask.viewer,
        notes=told.notes,
        next=_next(cursor_at(last, version, about)) if last < count else "",
    )


def _next(cursor: str) -> str:
    """The same question with another cursor; without a host, which is the caller's to know."""
    given = MultiDict(request.args)
    given.setlist("cursor", [cursor])
    pairs = [(name, value) for name, values in given.lists() for value in values]
    return f"{request.path}?{urlencode(pairs)}"
