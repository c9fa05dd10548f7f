"""From address to answer: everything cached on what it depends on, and every fault a Swedish page."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from dataclasses import replace
from typing import Any

import pytest

from lagesbild.answers import question
from lagesbild.auth.access import UPDATE
from lagesbild.domain.errors import DatabaseOutdatedError, DatabaseUnavailableError, ForecastError
from lagesbild.domain.person import Person
from lagesbild.domain.source import DataVersion
from lagesbild.domain.viewer import Viewer
from lagesbild.factory import create_app
from lagesbild.pages.cache import KeepNewest, VersionWatch
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import View
from lagesbild.settings import Settings
from tests import gallery
from tests.fakes import RECORDED, FakeSource


class Flaky(FakeSource):
    """A source that can be taken away, and counts how often its version is read."""

    away = False
    asked = 0

    def version(self) -> DataVersion:
        self.asked += 1
        if self.away:
            raise DatabaseUnavailableError("Databasen svarar inte.", "Vänta.")
        return super().version()


def flaky() -> Flaky:
    made = gallery.source()
    return Flaky(**{f: getattr(made, f) for f in made.__dataclass_fields__})


def renderer(source: FakeSource, pages: Any = gallery.PAGES, seconds: float = 0.0) -> Renderer:
    watch = VersionWatch(source, seconds=seconds)
    return Renderer(source, Viewer(), pages, known=gallery.known, filters=gallery.filters, watch=watch)


def words(node: Any) -> str:
    return json.dumps(node, ensure_ascii=False)


def test_an_answer_has_the_page_and_what_surrounds_it() -> None:
    answer = renderer(gallery.source()).answer(View("/", "?region=21", "light"))
    assert "Komponenter och tillstånd, 21" in words(answer.main)
    assert "Syntetiska data" in words(answer.strip)
    assert "januari 2024" in words(answer.strip)
    assert "2 av 3 regioner" in words(answer.strip)  # Gävleborg's number is missing
    assert '"aria-current": "page"' in words(answer.nav[0])
    assert answer.page["title"] == "Komponenter – Lägesbild"
    assert answer.cacheable


def test_what_is_unknown_in_the_address_is_said_and_left_out() -> None:
    answer = renderer(gallery.source()).answer(View("/", "?region=zz&nytt=1&as_of=2999-01-01", "light"))
    assert "”zz” finns inte" in words(answer.main)
    assert "2999-01-01 kl. 23.59 har inte varit ännu" in words(answer.main)
    assert "Tidigare läge" not in words(answer.main)
    assert "okänt val" in words(answer.main)


def test_views_that_look_the_same_share_one_key() -> None:
    r = renderer(gallery.source())
    same = {r.key(View("/", q)) for q in ("?region=21&manad=2023-12", "manad=2023-12&region=21")}
    assert len(same) == 1
    different = {r.key(View("/", "", "light")), r.key(View("/", "", "dark")), r.key(View("/andra")), *same}
    different.add(r.key(View("/", "?region=zz")))  # same selection as the default, but with a note
    assert len(different) == 5


def test_two_places_that_do_not_exist_do_not_share_a_page_that_names_one() -> None:
    place = replace(gallery.PAGES[0], path="/region/<code>", parameter="region", in_menu=False)
    r = renderer(gallery.source(), [*gallery.PAGES, place])
    assert r.key(View("/region/zz")) != r.key(View("/region/yy"))
    assert not r.key(View("/region/zz")).lasting


def test_a_new_data_version_makes_new_keys() -> None:
    source = gallery.source()
    r = renderer(source)
    before = r.key(View())
    source.version_number = 2
    assert r.key(View()) != before


def test_an_unknown_address_is_a_page_with_ways_on() -> None:
    answer = renderer(gallery.source()).answer(View("/nix"))
    assert "Sidan finns inte" in words(answer.main)
    assert "/andra" in words(answer.main)


def test_an_empty_database_says_how_to_import_but_definitions_are_shown() -> None:
    r = renderer(gallery.source(batch_rows=(), frames={}))
    answer = r.answer(View("/"))
    assert "Inga uppgifter ännu" in words(answer.main)
    assert "lagesbild import" in words(answer.main)
    assert "En annan sida" in words(r.answer(View("/andra")).main)


def test_a_failing_page_gets_a_number_that_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = renderer(gallery.source()).answer(View("/", "?region=99"))
    number = words(answer.main).split("nummer ")[1][:6]
    assert number in caplog.text
    assert "a page that fails" in caplog.text
    assert "a page that fails" not in words(answer.main)
    assert not answer.cacheable


def test_an_error_with_a_remedy_shows_both(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: Any) -> Any:
        raise ForecastError("Prognosen kan inte läsas.", "Gör en ny.")

    answer = renderer(gallery.source(), [replace(gallery.PAGES[0], build=fail)]).answer(View())
    assert "Prognosen kan inte läsas." in words(answer.main)
    assert "Gör en ny." in words(answer.main)


def test_the_database_away_is_said_retried_and_not_remembered() -> None:
    source = flaky()
    r = renderer(source)
    source.away = True
    away = r.answer(View())
    assert "Databasen svarar inte just nu" in words(away.main)
    assert (away.page["retry"], away.cacheable) == (True, False)
    source.away = False
    assert "Komponenter" in words(r.answer(View()).main)


@pytest.mark.parametrize("data", [None, 7, [], {"path": 3}, {"path": "x", "search": {}, "theme": "rosa"}])
def test_whatever_the_browser_sends_is_a_view(data: Any) -> None:
    assert View.of(data) == View()


def test_the_version_is_read_once_a_second() -> None:
    now = [0.0]
    source = flaky()
    watch = VersionWatch(source, clock=lambda: now[0])
    for second in (0.0, 0.5, 0.99, 1.0, 1.5, 2.1):
        now[0] = second
        assert watch.current() == DataVersion(1, RECORDED)
    assert source.asked == 3


def test_a_missing_value_is_made_once_however_many_ask() -> None:
    kept: KeepNewest[int] = KeepNewest(2)
    go, made = threading.Event(), []

    def make() -> tuple[int, bool]:
        go.wait(5)
        made.append(1)
        return 7, True

    got: list[int] = []
    threads = [threading.Thread(target=lambda: got.append(kept.get("k", make))) for _ in range(8)]
    for t in threads:
        t.start()
    go.set()
    for t in threads:
        t.join()
    assert (got, len(made)) == ([7] * 8, 1)


def test_the_cache_is_bounded_and_forgets_faults() -> None:
    kept: KeepNewest[int] = KeepNewest(2)
    for k in range(5):
        kept.get(k, lambda k=k: (k, True))  # type: ignore[misc]
    assert len(kept) == 2
    with pytest.raises(ZeroDivisionError):
        kept.get("bad", lambda: (1 // 0, True))
    assert kept.get("bad", lambda: (3, False)) == 3
    assert kept.get("bad", lambda: (4, False)) == 4


def app(source: FakeSource) -> Any:
    return create_app(source, Settings(), pages=gallery.PAGES, known=gallery.known, filters=gallery.filters)


def ask(client: Any, search: str = "", **headers: str) -> Any:
    """The page callback as the browser asks it; the output is found in Dash's own list of callbacks."""
    listed = client.get("/_dash-dependencies").get_json()
    output = next(c["output"] for c in listed if "main.children" in c["output"])
    names = [part.rpartition(".") for part in output.strip(".").split("...")]
    value = {"path": "/", "search": search, "theme": "light", "attempt": 0}
    body = {
        "output": output,
        "outputs": [{"id": name, "property": prop} for name, _, prop in names],
        "inputs": [{"id": "view", "property": "data", "value": value}],
        "changedPropIds": ["view.data"],
    }
    return client.post("/_dash-update-component", json=body, headers=headers)


def test_the_callback_answers_the_same_bytes_until_the_data_change() -> None:
    source = gallery.source()
    client = app(source).test_client()
    first, again = ask(client), ask(client)
    assert first.status_code == 200
    assert first.data == again.data
    assert "Komponenter" in first.get_data(as_text=True)
    assert set(first.get_json()["response"]) == {"strip", "nav", "filters", "main", "foot", "page"}


def test_a_fault_is_answered_but_not_kept() -> None:
    source = flaky()
    client = app(source).test_client()
    source.away = True
    server_renderer = client.application.extensions["lagesbild"]
    server_renderer._watch._seconds = 0.0
    assert "Databasen svarar inte" in ask(client).get_json()["response"]["page"]["data"]["title"]
    source.away = False
    assert "Komponenter" in ask(client).get_json()["response"]["page"]["data"]["title"]


def test_compressed_answers_are_the_same() -> None:
    import gzip

    client = app(gallery.source()).test_client()
    plain = ask(client).data
    for _ in range(2):
        packed = ask(client, **{"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain


def test_status_codes_and_headers_tell_the_truth() -> None:
    client = app(gallery.source()).test_client()
    assert [client.get(p).status_code for p in ("/", "/andra", "/andra/", "/nix")] == [200, 200, 200, 404]
    response = client.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self' 'sha256-" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert response.headers["Cache-Control"] == "no-cache"
    text = response.get_data(as_text=True)
    assert '<html lang="sv">' in text
    assert "Loading..." not in text
    for start in ("/assets/lagesbild.css?m=", "/assets/lagesbild.js?m="):
        address = next(part for part in text.split('"') if part.startswith(start))
        assert "immutable" in client.get(address).headers["Cache-Control"]
        assert "immutable" not in client.get(address.partition("?")[0]).headers.get("Cache-Control", "")


def test_health_readiness_and_metrics() -> None:
    source = flaky()
    client = app(source).test_client()
    assert client.get("/readyz").get_json() == {"status": "ready", "data_version": 1}
    source.away = True
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    text = client.get("/metrics").get_data(as_text=True)
    assert "lagesbild_database_up 0.0" in text
    assert 'lagesbild_requests_total{kind="health",status="503"} 1.0' in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ladda-ner/lagesbild/vantande.csv", 200),
        ("/ladda-ner/lagesbild/vantande.xlsx?region=21", 200),
        ("/ladda-ner/lagesbild/vantande.csv?form=maskin&region=21", 200),
        ("/ladda-ner/lagesbild/vantande.pdf", 404),
        ("/ladda-ner/lagesbild/finns-inte.csv", 404),
        ("/ladda-ner/ingen-sida/vantande.csv", 404),
        ("/ladda-ner/lagesbild/vantande.csv?region=99", 500),
    ],
)
def test_files(path: str, status: int) -> None:
    response = app(gallery.source()).test_client().get(path)
    assert response.status_code == status
    if status != 200:
        assert response.mimetype == "text/plain"
        assert "Felet" in response.text or "inte" in response.text


def test_files_carry_the_mark_in_name_and_content() -> None:
    client = app(gallery.source()).test_client()
    synthetic = client.get("/ladda-ner/lagesbild/vantande.csv?manad=2023-12&region=21")
    assert (
        'filename="lagesbild-lagesbild-vantande-21-2023-12-syntetiska-data.csv"'
        in synthetic.headers["Content-Disposition"]
    )
    assert "Syntetiska data" in synthetic.text
    assert "Urval. Region: Gävleborg. Månad: december 2023." in synthetic.text
    machine = client.get("/ladda-ner/lagesbild/vantande.csv?form=maskin&manad=2023-12&region=21")
    assert 'vantande-21-2023-12-syntetiska-data-maskin.csv"' in machine.headers["Content-Disposition"]
    assert machine.text.startswith("region,waiting,over,share,change,month,note,region_code,source,synthetic\n")
    assert next(line for line in machine.text.splitlines() if line.startswith("Gävleborg,")).split(",")[7] == "21"
    assert all(line.endswith(",true") for line in machine.text.splitlines()[1:])
    assert "Urval" not in machine.text
    real = client.get("/ladda-ner/lagesbild/celler.csv")
    assert "syntetiska" not in real.headers["Content-Disposition"]
    assert "verkliga-tal" in real.headers["Content-Disposition"]
    assert "Verkliga tal, SKR" in real.text
    assert "Urval" not in real.text, "published figures do not hang on what is chosen"


def test_a_fresh_app_stands_simultaneous_first_requests() -> None:
    server = app(gallery.source())
    index = server.test_client().get("/").get_data(as_text=True)
    script = next(part for part in index.split('"') if "react@" in part and part.endswith(".js"))
    fresh = app(gallery.source())
    found: list[int] = []
    start = threading.Barrier(8)

    def hammer() -> None:
        start.wait()
        found.append(fresh.test_client().get(script).status_code)

    threads = [threading.Thread(target=hammer) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert found == [200] * 8


def test_the_web_process_loads_no_statistics_and_no_drawing() -> None:
    code = """
import sys
import lagesbild.data.source, tests.gallery as g
from lagesbild.factory import create_app
from lagesbild.pages.registry import all_pages
from lagesbild.settings import Settings
all_pages()
create_app(g.source(), Settings(), pages=g.PAGES, known=g.known, filters=g.filters)
print([m for m in ("statsmodels", "scipy", "matplotlib") if m in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_database_older_than_the_program_is_not_waited_for() -> None:
    class Outdated(FakeSource):
        def version(self) -> DataVersion:
            raise DatabaseOutdatedError("Databasen är äldre än programmet.", "Kör `lagesbild db upgrade`.")

    made = gallery.source()
    answer = renderer(Outdated(**{f: getattr(made, f) for f in made.__dataclass_fields__})).answer(View("/", ""))
    assert "Kör `lagesbild db upgrade`." in words(answer.main)
    assert "försöker" not in words(answer.main)


def test_a_browser_that_shows_the_shape_is_sent_the_pieces() -> None:
    """Through the server, kept answers too; a shape that is not the answer's gets the whole."""
    client = app(gallery.source()).test_client()
    listed = client.get("/_dash-dependencies").get_json()
    output = next(c["output"] for c in listed if "main.children" in c["output"])
    names = [part.rpartition(".") for part in output.strip(".").split("...")]

    def ask(search: str, shape: str) -> dict[str, Any]:
        value = {"path": "/", "search": search, "theme": "light", "shape": shape}
        body = {
            "output": output,
            "outputs": [{"id": name, "property": prop} for name, _, prop in names],
            "inputs": [{"id": "view", "property": "data", "value": value}],
            "changedPropIds": ["view.data"],
        }
        answer = client.post("/_dash-update-component", json=body)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.get_json()["response"]
        return found

    whole = ask("", "")
    shape = whole["page"]["data"]["shape"]
    assert shape
    assert "main" in whole
    for _ in range(2):
        pieces = ask("?region=21", shape)
        assert "main" not in pieces
        assert pieces["page"]["data"]["pieces"]
        assert "filters" in pieces
        other = ask("?region=21", "x" * 16)
        assert "main" in other
        assert "pieces" not in other["page"]["data"]
        assert other["page"]["data"]["shape"] == shape


def test_the_same_pages_for_somebody_else() -> None:
    mine = renderer(gallery.source(), seconds=60.0)
    theirs = mine.seen_by(Viewer("exact"))
    assert theirs is mine.seen_by(Viewer("exact"))
    assert mine.seen_by(mine.viewer) is mine
    assert mine.key(View("/")) != theirs.key(View("/"))
    assert mine.source is theirs.source


def test_each_request_is_answered_for_who_asks_and_no_other() -> None:
    asks = [Person("support"), Person(), Person("planner", region="21"), Person("support"), Person()]
    told = []
    plain = gallery.PAGES[0]
    page = replace(plain, build=lambda context: replace(plain.build(context), kicker=f"För {context.viewer}"))
    server = create_app(
        gallery.source(),
        Settings(),
        pages=[page],
        known=gallery.known,
        filters=gallery.filters,
        identify=lambda: asks[0],
    )
    while asks:
        body = server.test_client().post(UPDATE, json=question(View("/"))).get_data(as_text=True)
        told.append(body)
        assert f"För {asks.pop(0).viewer(5)}" in body
    assert told[0] == told[3]
    assert told[1] == told[4]
