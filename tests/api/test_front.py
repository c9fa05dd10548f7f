"""In front of the application: bodies are awaited, requests stand in line, and nobody who waits holds a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.api.front import BODIES, Front, environment
from lagesbild.api.guard import add_guard, largest_body

LARGEST = 1_000_000


@dataclass
class Asked:
    """A request as Granian tells of it, and its answer. A part of a body that is None never comes."""

    path: str
    method: str = "GET"
    headers: Any = ()
    parts: tuple[bytes | None, ...] = ()
    query_string: str = ""
    http_version: str = "1.1"
    client: str = "192.0.2.7:4711"
    server: str = "127.0.0.1:8050"
    scheme: str = "http"
    proto: str = "http"
    answer: tuple[int, dict[str, str], bytes] | None = None
    read: int = 0
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def client_disconnect(self) -> None:
        await self.gone.wait()

    def __post_init__(self) -> None:
        given = [("host", "localhost"), *self.headers]
        self.headers = type("Headers", (), {"items": lambda _: given})()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            if part is None:
                await asyncio.sleep(60)
            else:
                self.read += len(part)
                yield part

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        assert self.answer is None, "answered twice"
        self.answer = status, {k.lower(): v for k, v in headers}, body

    @property
    def status(self) -> int:
        assert self.answer is not None
        return self.answer[0]


def posted(*parts: bytes | None, length: int | str | None = None) -> Asked:
    told = sum(len(p or b"") for p in parts) if length is None else length
    return Asked("/echo", "POST", [("content-length", str(told))], parts)


@dataclass
class Held:
    """An application whose pages wait until they are let go, one at a time."""

    begun: list[str] = field(default_factory=list)
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def front(self, **sizes: Any) -> Front:
        server = Flask("held")
        add_guard(server, frozenset())

        @server.get("/<name>")
        def page(name: str) -> str:
            if name != "healthz":
                self.begun.append(name)
                self.go.acquire()
            return name

        @server.post("/echo")
        def echo() -> bytes:
            return request.get_data()

        return Front(server, ["/healthz"], largest_body(server), **sizes)

    async def until_begun(self, number: int) -> None:
        while len(self.begun) < number:
            await asyncio.sleep(0.001)


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(30):
            await work()

    with ThreadPoolExecutor(1) as elsewhere:  # this thread has a loop of its own once a browser was used in it
        elsewhere.submit(lambda: asyncio.run(bounded())).result()


def asking(front: Front, *names: str) -> tuple[list[Asked], list[asyncio.Task[None]]]:
    asked = [Asked(f"/{name}") for name in names]
    return asked, [asyncio.create_task(front.__rsgi__(one, one)) for one in asked]


def test_a_process_that_is_to_leave_gives_up_connections_with_their_next_answer() -> None:
    leaving = False
    held = Held()
    held.go.release(3)

    async def work() -> None:
        nonlocal leaving
        front = held.front(leaving=lambda: leaving)
        for leaving, version in ((False, "1.1"), (True, "1.1"), (True, "2")):
            asked = Asked("/p", http_version=version)
            await front.__rsgi__(asked, asked)
            assert asked.answer is not None
            assert asked.answer[1].get("connection") == ("close" if leaving and version == "1.1" else None)

    run(work)


def test_so_many_at_once_the_others_in_the_order_they_came() -> None:
    held = Held()
    names = [f"p{n}" for n in range(12)]

    async def work() -> None:
        asked, tasks = asking(held.front(at_once=2, in_line=10), *names)
        await held.until_begun(2)
        await asyncio.sleep(0.05)
        assert held.begun == names[:2]
        for n in range(3, len(names) + 1):
            held.go.release()
            await held.until_begun(n)
        held.go.release(2)
        await asyncio.gather(*tasks)
        assert [one.status for one in asked] == [200] * len(names)

    run(work)
    assert sorted(held.begun[:2]) == names[:2]
    assert held.begun[2:] == names[2:]


def test_who_watches_over_us_passes_those_who_wait_and_who_finds_no_room_is_told_at_once() -> None:
    held = Held()

    async def work() -> None:
        front = held.front(at_once=1, in_line=1)
        asked, tasks = asking(front, "a", "b")
        await held.until_begun(1)
        others, told = asking(front, "healthz", "c")
        await asyncio.gather(*told)
        assert [one.status for one in others] == [200, 503]
        assert others[1].answer is not None
        assert others[1].answer[1]["retry-after"] == "2"
        held.go.release(2)
        await asyncio.gather(*tasks)
        assert [one.status for one in asked] == [200, 200]
        held.go.release()
        again, task = asking(front, "d")
        await asyncio.gather(*task)
        assert again[0].status == 200

    run(work)
    assert held.begun == ["a", "b", "d"]


def test_who_has_gone_while_waiting_is_not_worked_for_and_holds_up_nobody() -> None:
    held = Held()

    async def work() -> None:
        asked, tasks = asking(held.front(at_once=1, in_line=10), "a", "b", "c", "d")
        await held.until_begun(1)
        asked[1].gone.set()
        asked[2].gone.set()
        await asyncio.gather(*tasks[1:3])
        held.go.release(2)
        await asyncio.gather(*tasks)
        assert [one.answer is None for one in asked] == [False, True, True, False]

    run(work)
    assert held.begun == ["a", "d"]


def test_without_a_line_one_is_let_in_when_nobody_is() -> None:
    held = Held()

    async def work() -> None:
        front = held.front(at_once=1, in_line=0)
        for name in ("a", "b"):
            held.go.release()
            asked, tasks = asking(front, name)
            await asyncio.gather(*tasks)
            assert asked[0].status == 200

    run(work)


def test_senders_who_are_silent_hold_no_thread_and_are_given_up() -> None:
    held = Held()

    async def work() -> None:
        front = held.front(at_once=1, body_seconds=0.3)
        silent = [posted(b"{", None, length=10) for _ in range(50)]
        waiting = [asyncio.create_task(front.__rsgi__(one, one)) for one in silent]
        await asyncio.sleep(0.05)
        quick = posted(b"a", b"b")
        await front.__rsgi__(quick, quick)
        assert quick.answer is not None
        assert quick.answer[2] == b"ab"
        await asyncio.gather(*waiting)
        assert {one.status for one in silent} == {408}
        assert front._room == BODIES

    run(work)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (posted(b"ab", length=3), 400),  # hung up
        (posted(b"ab", length="2,2"), 400),
        (posted(b"ab", length=LARGEST + 1), 413),
        (Asked("/echo", "POST", [("transfer-encoding", "chunked")], (b"ab",)), 411),
        (posted(b""), 200),
    ],
)
def test_what_is_not_whole_is_not_read(asked: Asked, status: int) -> None:
    run(lambda: Held().front().__rsgi__(asked, asked))
    assert asked.status == status
    if status >= 411:
        assert asked.read == 0


def test_bodies_on_their_way_have_so_much_room_together() -> None:
    async def work() -> None:
        front = Held().front(bodies=10, body_seconds=0.2)
        slow, large = posted(b"12345678", None, length=9), posted(b"abcd")
        first = asyncio.create_task(front.__rsgi__(slow, slow))
        await asyncio.sleep(0.05)
        await front.__rsgi__(large, large)
        assert large.status == 503
        await first
        after = posted(b"1234567890")
        await front.__rsgi__(after, after)
        assert after.status == 200

    run(work)


def test_a_fault_around_the_application_is_a_sentence_and_gives_its_place_back() -> None:
    front = Front(lambda *_: 1 / 0, [], lambda _: LARGEST, at_once=1, in_line=0)  # type: ignore[arg-type,return-value]

    async def work() -> None:
        for _ in range(2):
            asked, tasks = asking(front, "a")
            await asyncio.gather(*tasks)
            assert asked[0].answer is not None
            assert asked[0].answer[::2] == (500, b"Ett fel uppstod.")

    run(work)


def test_a_request_is_told_as_it_came() -> None:
    given = [("x-a", "1"), ("x-a", "2"), ("cookie", "a=1"), ("cookie", "b=2"), ("x_a", "3"), ("content-type", "text/x")]
    told = environment(Asked("/a/åb", "HEAD", given, query_string="q=%C3%A5", http_version="1", client="[::1]:80"))
    assert told["PATH_INFO"].encode("latin-1").decode() == "/a/åb"
    assert told["HTTP_X_A"] == "1,2"  # and not what only looks like it
    assert told["HTTP_COOKIE"] == "a=1; b=2"
    assert (told["CONTENT_TYPE"], told["QUERY_STRING"], told["SERVER_PROTOCOL"]) == ("text/x", "q=%C3%A5", "HTTP/1.0")
    assert (told["REMOTE_ADDR"], told["SERVER_NAME"], told["SERVER_PORT"]) == ("::1", "127.0.0.1", "8050")
    assert not {k for k in told if k.isupper()} - {
        "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL",
        "REMOTE_ADDR", "REMOTE_PORT", "CONTENT_TYPE", "HTTP_HOST", "HTTP_X_A", "HTTP_COOKIE",
    }  # fmt: skip  # nothing of the process's own environment, where secrets are


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_a_body_arrives_whatever_its_pieces(parts: list[bytes]) -> None:
    asked = posted(*parts)
    run(lambda: Held().front().__rsgi__(asked, asked))
    assert asked.answer is not None
    assert asked.answer[2] == b"".join(parts)
