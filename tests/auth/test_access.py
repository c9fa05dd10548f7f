"""Every address and the callback, for every role: who may is decided in one table, and held to on every request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lagesbild.answers import question
from lagesbild.auth.access import _TABLES, ROUTES, UPDATE
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.people import Event
from lagesbild.domain.person import Person
from lagesbild.pages import ogonblicksbilder
from lagesbild.pages.view import View
from tests.auth.memory import MemoryPeople
from tests.auth.service import OURS, ROLES, frozen, service, settings, somebody

# an address for each endpoint, with what a caller sends; a test below holds it to the server's own list
CALLS: dict[str, tuple[str, str]] = {
    "_dash_assets.static": ("GET", "/assets/favicon.svg"),
    "/assets/lagesbild.css": ("GET", "/assets/lagesbild.css"),
    "/assets/lagesbild.js": ("GET", "/assets/lagesbild.js"),
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": (
        "GET",
        "/_dash-component-suites/dash/dcc/dash_core_components.js",
    ),
    "/_favicon.ico": ("GET", "/_favicon.ico"),
    "/_reload-hash": ("GET", "/_reload-hash"),
    "health.healthz": ("GET", "/healthz"),
    "health.readyz": ("GET", "/readyz"),
    "health.metrics": ("GET", "/metrics"),
    "/": ("GET", "/"),
    "/<path:path>": ("GET", "/andra"),
    "/_dash-layout": ("GET", "/_dash-layout"),
    "/_dash-dependencies": ("GET", "/_dash-dependencies"),
    UPDATE: ("POST", UPDATE),
    "ladda_ner.download": ("GET", "/ladda-ner/lagesbild/vantande.csv"),
    "val.areas": ("GET", "/val/vardomraden?lista=alla&q=kn"),
    "rapporter.file": ("GET", "/rapporter/underlag.finns-inte"),
    "rapporter.page": ("GET", "/rapporter/sida/1.png"),
    "rapporter.about": ("GET", "/rapporter/om.json"),
    "rapporter.saved": ("GET", "/rapporter/sparade.json"),
    "rapporter.save": ("POST", "/rapporter/spara"),
    "ogonblicksbilder.file": ("GET", "/ogonblicksbilder/fil/finns-inte.zip"),
    "ogonblicksbilder.opened": ("GET", "/ogonblicksbilder/oppna/finns-inte.zip"),
    "ogonblicksbilder.tried": ("GET", "/ogonblicksbilder/prova/finns-inte.zip"),
    "ogonblicksbilder.given": ("POST", "/ogonblicksbilder/prova"),
    "ogonblicksbilder.save": ("POST", "/ogonblicksbilder/spara"),
    "inloggning.page": ("GET", "/logga-in"),
    "inloggning.start": ("GET", "/logga-in/start"),
    "inloggning.back": ("GET", "/logga-in/svar"),
    "inloggning.left": ("GET", "/utloggad"),
    "inloggning.leave": ("POST", "/logga-ut"),
    **{f"api.{name}": ("GET", f"/api/v1/{name}") for name in _TABLES},
    "api.openapi-json": ("GET", "/api/v1/openapi.json"),
    "api.fhir-MeasureReport": ("GET", "/api/v1/fhir/MeasureReport"),
    "api.index": ("GET", "/api/v1/"),
    "api.bare": ("GET", "/api/v1"),
    "api.unknown": ("GET", "/api/v1/nix"),
}
NEEDS_ROLE = {"discuss": set(ROLES) - {"public"}, "freeze": {"support", "preparedness", "administrator"}}
DENIED = (401, 403)


def call(server: Flask, endpoint: str, **more: Any) -> Any:
    method, path = CALLS[endpoint]
    body = {"json": question(View("/"))} if endpoint == UPDATE else {}
    return server.test_client().open(path, method=method, headers={**OURS, **more}, **body)


def is_denied(endpoint: str, answer: Any) -> bool:
    """Told by the door, not by what is behind it."""
    if endpoint == UPDATE:
        return answer.status_code == 200 and "Du är inte inloggad" in answer.text and "Komponenter" not in answer.text
    if endpoint in ("/", "/<path:path>") and answer.status_code == 302:
        return bool(answer.headers["Location"].startswith("/logga-in"))
    return answer.status_code in DENIED and ("Din roll" in answer.text or "inte inloggad" in answer.text)


def test_the_table_and_the_server_know_the_same_addresses(tmp_path: Path) -> None:
    served = {rule.endpoint for rule in service(settings(tmp_path)).url_map.iter_rules()}
    assert served == set(ROUTES) == set(CALLS)


def test_an_address_that_nobody_decided_about_is_refused_to_all(tmp_path: Path) -> None:
    for told in (settings(tmp_path, "none"), settings(tmp_path)):
        server = service(told, who=somebody("support"))
        server._got_first_request = False  # as somebody adding a route in the source would
        server.add_url_rule("/nytt", "nytt", lambda: "hemligt")
        answer = server.test_client().get("/nytt")
        assert answer.status_code == 403
        assert "hemligt" not in answer.text


@pytest.mark.parametrize("role", ROLES)
def test_every_role_gets_what_the_table_says_and_no_more(tmp_path: Path, role: str) -> None:
    server = service(settings(tmp_path), who=somebody(role))
    for endpoint, route in ROUTES.items():
        may = role in NEEDS_ROLE.get(route.needs, ROLES)
        if endpoint == "inloggning.leave":
            continue  # tested with sessions
        denied = is_denied(endpoint, call(server, endpoint))
        assert denied is not may, endpoint


def test_somebody_unknown_gets_the_frame_and_the_way_in(tmp_path: Path) -> None:
    server = service(settings(tmp_path))
    for endpoint, route in ROUTES.items():
        if route.needs in ("open", "shell"):
            assert not is_denied(endpoint, call(server, endpoint)), endpoint
        else:
            assert is_denied(endpoint, call(server, endpoint)), endpoint
    there = server.test_client().get("/andra?region=21")
    assert there.headers["Location"] == "/logga-in?till=%2Fandra%3Fregion%3D21"
    assert there.text == "Du skickas vidare till /logga-in?till=%2Fandra%3Fregion%3D21\n"
    assert there.mimetype == "text/plain"
    layout = server.test_client().get("/_dash-layout").text
    assert "Inte inloggad" in layout


def test_where_others_are_public_somebody_unknown_is(tmp_path: Path) -> None:
    server = service(settings(tmp_path, others="public"))
    for endpoint, route in ROUTES.items():
        may = "public" in NEEDS_ROLE.get(route.needs, ROLES)
        if endpoint != "inloggning.leave":
            assert is_denied(endpoint, call(server, endpoint)) is not may, endpoint


def test_without_login_whoever_is_at_the_machine_may_everything(tmp_path: Path) -> None:
    server = service(settings(tmp_path, "none"))
    for endpoint in ROUTES:
        if not endpoint.startswith("inloggning"):
            assert not is_denied(endpoint, call(server, endpoint)), endpoint
    assert "who" not in json.dumps(server.test_client().get("/_dash-layout").get_json()["props"]["children"][0])


def test_the_header_says_who_and_as_what(tmp_path: Path) -> None:
    layout = service(settings(tmp_path), who=Person("planner", "SE-7", "Åsa <Alm>", "21")).test_client()
    text = json.dumps(layout.get("/_dash-layout").get_json(), ensure_ascii=False)
    assert "<b>Åsa &lt;Alm&gt;</b>, planerare 21" in text


@pytest.mark.parametrize("endpoint", [e for e, (method, _) in CALLS.items() if method != "GET"])
def test_what_changes_something_is_refused_to_other_sites(tmp_path: Path, endpoint: str) -> None:
    for auth in ("none", "oidc"):
        server = service(settings(tmp_path, auth), who=somebody("support"))
        if endpoint not in {r.endpoint for r in server.url_map.iter_rules()}:
            continue
        for other in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://a.example"},
        ):
            answer = call(server, endpoint, **other)
            assert answer.status_code == 403, other
            assert "egna sidor" in answer.text
        assert call(server, endpoint, Origin="http://localhost", **{"Sec-Fetch-Site": "same-origin"}).status_code != 403
        # what a form on another site sends where the browser tells nothing of where it came from
        plain = server.test_client().post(CALLS[endpoint][1], data="a=b", content_type="text/plain")
        if endpoint != "inloggning.leave":  # a form has a token, see test_oidc
            assert plain.status_code == 403


def test_every_address_that_changes_something_was_tried() -> None:
    assert {"rapporter.save", "ogonblicksbilder.save", "ogonblicksbilder.given", "inloggning.leave", UPDATE} == {
        e for e, (method, _) in CALLS.items() if method == "POST"
    }


def test_exact_snapshots_are_not_there_for_who_may_not_see_exact_numbers(tmp_path: Path) -> None:
    told = settings(tmp_path)
    exact, public = frozen(tmp_path, "exact"), frozen(tmp_path, "public")
    (tmp_path / "snapshots" / "trasig.zip").write_bytes(b"nothing")
    for role in ROLES:
        client = service(told, who=somebody(role)).test_client()
        sees = role in ("support", "preparedness")
        for way in ("fil", "oppna", "prova"):
            assert client.get(f"/ogonblicksbilder/{way}/{public}").status_code in (200, 404), (role, way)
            hidden = client.get(f"/ogonblicksbilder/{way}/{exact}")
            assert (b"Det finns ingen sparad bild" in hidden.data) is not sees, (role, way)
            assert (
                b"Det finns ingen sparad bild" in client.get(f"/ogonblicksbilder/{way}/trasig.zip").data
            ) is not sees


def test_a_form_to_save_snapshots_is_shown_to_those_alone_who_may(tmp_path: Path) -> None:
    asks = [somebody("council")]
    server = service(settings(tmp_path), who=lambda: asks[0], pages=[ogonblicksbilder.PAGE])
    for role in (*ROLES, *reversed(ROLES)):  # what one was answered is not kept for the next, who sees the same numbers
        asks[0] = somebody(role)
        answer = server.test_client().post(UPDATE, json=question(View("/ogonblicksbilder"))).text
        assert "Inga bilder är sparade" in answer
        for told in ("Spara ny bild", "Spara en bild nedan", "lagesbild snapshot create"):
            assert (told in answer) is asks[0].may("freeze"), (role, told)
        assert "snap-verify" in answer, "trying a file is for all"


def test_what_is_handed_out_is_written_down_before_it_is(tmp_path: Path) -> None:
    people = MemoryPeople()
    server = service(settings(tmp_path), people, who=somebody("support"))
    client = server.test_client()
    path = "/ladda-ner/lagesbild/vantande.csv"
    assert client.get(f"{path}?region=21", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 200
    told = people.events[-1]
    assert (told.what, told.who, told.role, told.object) == ("export", "support-1", "support", path)
    assert (told.choices, told.address) == ("region=21", "192.0.2.7")
    before = len(people.events)
    assert client.get("/ladda-ner/lagesbild/finns-inte.csv").status_code == 404
    assert len(people.events) == before, "what was not handed out is no export"


def test_what_cannot_be_written_down_is_not_handed_out(tmp_path: Path) -> None:
    class FullLog(MemoryPeople):
        def note(self, event: Event) -> None:
            raise DatabaseUnavailableError("Disken är full.", "Frigör plats.")

    for auth, status in (("oidc", 503), ("none", 200)):
        server = service(settings(tmp_path, auth), FullLog(), who=somebody("support"))
        answer = server.test_client().get("/ladda-ner/lagesbild/vantande.csv")
        assert answer.status_code == status
        assert ("Gävleborg" in answer.text) is (status == 200)
        assert "Content-Security-Policy" in answer.headers


def test_a_refusal_of_a_role_is_written_down(tmp_path: Path) -> None:
    people = MemoryPeople()
    client = service(settings(tmp_path), people, who=somebody("council")).test_client()
    assert client.post("/ogonblicksbilder/spara", json={}, headers=OURS).status_code == 403
    assert (people.events[-1].what, people.events[-1].object) == ("refused", "/ogonblicksbilder/spara")


def test_heavy_files_are_rationed_by_person_and_say_when(tmp_path: Path) -> None:
    people, asks = MemoryPeople(), [somebody("council")]
    server = service(settings(tmp_path, exports_per_minute=3), people, who=lambda: asks[0])
    client, path = server.test_client(), "/ladda-ner/lagesbild/vantande.csv"
    assert [client.get(path).status_code for _ in range(4)] == [200, 200, 200, 429]
    told = client.get(path)
    assert told.headers["Retry-After"] == "20"
    assert "Försök igen om 20 sekunder." in told.text
    asks[0] = somebody("planner")
    assert client.get(path).status_code == 200, "another person has a bucket of his own"
    asks[0] = somebody("council")
    people.now += 20
    assert client.get(path).status_code == 200


def test_no_cache_between_here_and_the_reader_keeps_what_depends_on_who_he_is(tmp_path: Path) -> None:
    client = service(settings(tmp_path), who=somebody("support")).test_client()
    for answer in (client.get("/"), client.post(UPDATE, json=question(View("/"))), client.get("/_dash-layout")):
        assert "private" in answer.headers["Cache-Control"]
        assert "Cookie" in answer.headers["Vary"]
    assert "private" not in client.get("/assets/lagesbild.css").headers.get("Cache-Control", "")


def test_the_database_away_is_said_and_lets_nobody_in(tmp_path: Path) -> None:
    people = MemoryPeople(away=True)

    def who() -> Person | None:
        return people.session("", "", 1)

    client = service(settings(tmp_path), people, who=who).test_client()
    answer = client.post(UPDATE, json=question(View("/")))
    assert "Databasen svarar inte" in answer.text
    assert "Komponenter" not in answer.text
    assert answer.get_json()["response"]["page"]["data"]["retry"] is True
    assert client.get("/ladda-ner/lagesbild/vantande.csv").status_code == 503


def test_a_table_of_the_api_is_written_down_when_it_is_taken_as_csv(tmp_path: Path) -> None:
    people, asks = MemoryPeople(), [somebody("council")]
    client = service(settings(tmp_path), people, who=lambda: asks[0]).test_client()
    assert client.get("/api/v1/regions").status_code == 200
    assert people.events == []
    assert client.get("/api/v1/regions?limit=2", headers={"Accept": "text/csv"}).status_code == 200
    told = people.events[-1]
    assert (told.what, told.who, told.object, told.choices) == ("export", "council-1", "/api/v1/regions", "limit=2")
    asks[0] = None
    refused = client.get("/api/v1/regions")
    assert refused.status_code == 401
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json()["detail"] == "Du är inte inloggad. Logga in och försök igen."
