"""ETag, 304, what may be kept by whom, compression, and that no answer is another viewer's."""

from __future__ import annotations

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from lagesbild.api.front import AT_ONCE
from lagesbild.api.http import plain
from lagesbild.api.turns import MAKING_AT_ONCE
from lagesbild.domain.person import Person
from tests.api.world import get, service, small
from tests.auth.service import service as with_people
from tests.auth.service import settings

PATHS = ["", "waits", "definitions", "quality", "catalogue", "fhir/MeasureReport", "openapi.json", "snapshots"]


class Who:
    """Whoever asks at the moment."""

    def __init__(self) -> None:
        self.person = Person()

    def __call__(self) -> Person:
        return self.person


@pytest.fixture(scope="module")
def client():
    return service(small()).test_client()


@pytest.mark.parametrize("path", PATHS)
def test_whoever_has_it_is_told_that_nothing_has_changed(client, path):
    first = get(client, path)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    again = get(client, path, **{"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Vary"] == first.headers["Vary"]
    assert get(client, path, **{"If-None-Match": '"other"'}).status_code == 200


def test_an_answer_that_is_had_already_is_not_made():
    source = small()
    client = service(source).test_client()
    tag = get(client, "waits").headers["ETag"]
    other = service(source).test_client()  # another process
    source.frames = {}
    assert get(other, "waits", **{"If-None-Match": tag}).status_code == 304


def test_the_tag_is_of_the_version_the_question_and_the_form(client):
    tags = [
        get(client, "waits").headers["ETag"],
        get(client, "waits?limit=5").headers["ETag"],
        get(client, "production").headers["ETag"],
        get(client, "waits", "text/csv").headers["ETag"],
    ]
    source = small()
    source.version_number = 2
    tags.append(get(service(source).test_client(), "waits").headers["ETag"])
    assert len(set(tags)) == len(tags)
    assert get(client, "waits").headers["ETag"] == tags[0]
    # what the program was told at the start: the catalogue names who runs it
    told = service(small(), operator="Region Ö").test_client()
    assert get(told, "catalogue").headers["ETag"] != get(client, "catalogue").headers["ETag"]


def test_a_fault_is_never_unchanged(client):
    assert get(client, "waits?limit=0", **{"If-None-Match": "*"}).status_code == 400
    assert get(client, "waits", **{"If-None-Match": "*"}).status_code == 304


def test_who_may_keep_it():
    who = Who()
    client = service(small(), who).test_client()
    assert get(client, "waits?limit=1").headers["Cache-Control"] == "public, no-cache"
    who.person = Person("support")
    assert get(client, "waits?limit=1").headers["Cache-Control"] == "private, no-cache"
    who.person = Person("planner", region="R1")
    assert get(client, "regions").headers["Cache-Control"] == "private, no-cache"


def test_what_the_answer_depends_on(client, tmp_path):
    assert get(client, "regions").headers["Vary"] == "Accept, Accept-Encoding"
    with_login = with_people(settings(tmp_path, "proxy", others="public"), source=small()).test_client()
    for path, status in (("regions", 200), ("regions?x=1", 400)):
        answer = get(with_login, path)
        assert (answer.status_code, answer.headers["Vary"]) == (
            status,
            "Accept, Accept-Encoding, Cookie, Authorization",
        )


def test_an_exact_answer_is_never_given_to_a_public_viewer():
    """One process, one cache, one address: what is kept and what is unchanged is of one viewer alone."""
    who = Who()
    client = service(small(), who).test_client()
    paths = ["waits", "waits?limit=3", "production", "gaps", "free-capacity?care_area=A1&region=R1", "quality"]
    public = {p: get(client, p) for p in paths}
    who.person = Person("support")
    exact = {p: get(client, p) for p in paths}
    assert exact["waits"].data != public["waits"].data
    who.person = Person()
    for path in paths:
        again = get(client, path, **{"If-None-Match": exact[path].headers["ETag"]})
        assert (again.status_code, again.data) == (200, public[path].data)
    # nor does a cursor lead from one to the other
    following = exact["waits?limit=3"].json["next"]
    assert client.get(following).status_code == 400


@pytest.mark.parametrize(
    ("accepted", "packing"), [("zstd", "zstd"), ("gzip, zstd;q=0.5", "gzip"), ("br, gzip", "gzip"), ("", None)]
)
def test_answers_are_packed_as_is_accepted(client, accepted, packing):
    answer = get(client, "waits", **{"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == packing
    unpack = {"zstd": plain, "gzip": gzip.decompress, None: bytes}[packing]
    assert unpack(answer.data) == get(client, "waits").data


def test_the_second_time_nothing_is_made():
    source = small()
    client = service(source).test_client()
    first = get(client, "waits?region=R1").data
    source.frames = {}
    assert get(client, "waits?region=R1").data == first


def test_half_of_what_is_worked_on_is_never_the_making_of_the_api():
    assert 2 * MAKING_AT_ONCE <= AT_ONCE


def test_many_questions_at_once_leave_room_for_others():
    """As many as may be made at a time are being made: the next is told to come back, what is kept and everything else
    is answered, and when one is done there is a turn again."""
    source = small()
    app = service(source)
    had, right = get(app.test_client(), "regions"), source.facts
    begun, go_on = {"published-shares": threading.Event(), "brokering": threading.Event()}, threading.Event()

    def facts(dataset, query):
        if dataset in begun:
            begun[dataset].set()
            assert go_on.wait(30)
        return right(dataset, query)

    source.facts = facts
    with ThreadPoolExecutor(MAKING_AT_ONCE) as others:
        asked = [others.submit(lambda p: get(app.test_client(), p), path) for path in begun]
        try:
            assert all(event.wait(30) for event in begun.values())
            client = app.test_client()
            refused = get(client, "providers")
            assert get(client, "regions").data == had.data
            assert client.get("/healthz").status_code == 200
        finally:
            go_on.set()
        assert [a.result().status_code for a in asked] == [200] * MAKING_AT_ONCE
    assert (refused.status_code, refused.json["type"]) == (503, "urn:lagesbild:problem:busy")
    assert int(refused.headers["Retry-After"]) > 0
    assert get(client, "providers").status_code == 200


def test_head_is_the_answer_without_its_body(client):
    got, head = get(client, "waits"), client.head("/api/v1/waits")
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Lagesbild-Data-Version"):
        assert head.headers[name] == got.headers[name]


def test_the_bare_address_answers_too(client):
    assert client.get("/api/v1").json["addresses"] == get(client, "").json["addresses"]
    listed = [a["path"] for a in get(client, "").json["addresses"]]
    for path in listed:
        question = "?care_area=A1&region=R1" if path.endswith("free-capacity") else ""
        assert client.get(path + question).status_code == 200, path
