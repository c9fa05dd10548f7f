"""Login at a provider that may do anything wrong: that is refused and told to nobody but the log."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from lagesbild.answers import question
from lagesbild.auth.access import UPDATE
from lagesbild.auth.opening import check
from lagesbild.auth.routes import inside
from lagesbild.domain.errors import ConfigError
from lagesbild.pages.view import View
from tests.auth.memory import MemoryPeople
from tests.auth.misbehaving import SECRET, Provider, running
from tests.auth.service import MAPPING, service, settings


@pytest.fixture
def provider() -> Iterator[Provider]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with running() as made:
        yield made


@pytest.fixture
def people() -> MemoryPeople:
    return MemoryPeople()


class Reader:
    """A browser's part: it keeps cookies, goes where it is sent, and comes back with a code."""

    def __init__(self, server: Any, provider: Provider) -> None:
        self.client = server.test_client()
        self.provider = provider

    def away(self, to: str = "") -> dict[str, str]:
        answer = self.client.get(f"/logga-in/start{to}")
        assert answer.status_code == 302, answer.text
        return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def back(self, asked: dict[str, str], **changes: Any) -> Any:
        told = {
            "code": self.provider.code(asked["code_challenge"], asked["nonce"]),
            "state": asked["state"],
            "iss": self.provider.issuer,
            **changes,
        }
        return self.client.get("/logga-in/svar", query_string={k: v for k, v in told.items() if v is not None})

    def login(self) -> Any:
        return self.back(self.away())

    def sees(self) -> str:
        """What the page says: of figures, or of logging in."""
        return str(self.client.post(UPDATE, json=question(View("/"))).text)


@pytest.fixture
def told(tmp_path: Path, provider: Provider) -> Any:
    secret = tmp_path / "oidc"
    secret.write_text(SECRET, encoding="utf-8")
    return settings(tmp_path, oidc_issuer=provider.issuer, oidc_secret_file=secret)


@pytest.fixture
def reader(told: Any, provider: Provider, people: MemoryPeople) -> Reader:
    return Reader(service(told, people), provider)


def test_login_leads_back_to_where_one_was_going(reader: Reader, people: MemoryPeople) -> None:
    assert "inte inloggad" in reader.sees()
    asked = reader.away("?till=%2Fandra%3Fregion%3D21")
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid profile"
    assert asked["redirect_uri"] == "http://localhost/logga-in/svar"
    answer = reader.back(asked)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/andra?region=21")
    assert "Komponenter" in reader.sees()
    assert [(e.what, e.who, e.role) for e in people.events] == [("login", "anna", "support")]
    layout = json.dumps(reader.client.get("/_dash-layout").get_json(), ensure_ascii=False)
    assert "Anna Ek" in layout
    assert "stödkontor" in layout


def test_another_sites_link_leads_to_the_page_where_login_is_begun(reader: Reader, people: MemoryPeople) -> None:
    for site in ("cross-site", "same-site"):
        answer = reader.client.get("/logga-in/start?till=%2Fandra", headers={"Sec-Fetch-Site": site})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/logga-in?till=%2Fandra")
    for site in ("same-origin", "none"):
        answer = reader.client.get("/logga-in/start", headers={"Sec-Fetch-Site": site})
        assert answer.headers["Location"].startswith(reader.provider.issuer)


def test_nothing_of_the_tokens_reaches_the_browser_and_no_secret_the_database(
    reader: Reader, people: MemoryPeople
) -> None:
    answer = reader.login()
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("lagesbild="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    secret = cookie.partition("=")[2].partition(";")[0]
    assert len(secret) > 40
    kept = repr((people.sessions, people.attempts, people.used, people.events))
    assert secret not in kept
    assert "access" not in kept
    assert "eyJ" not in answer.text + str(answer.headers) + kept


def test_cookies_are_locked_to_https_where_readers_come_by_it(tmp_path: Path, provider: Provider) -> None:
    server = service(settings(tmp_path, oidc_issuer=provider.issuer, public_url="https://lagesbild.example"))
    answer = server.test_client().get("/logga-in/start")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-lagesbild-logga-in=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


now = int(time.time())
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("för någon annan (aud)", {"claims": {"aud": "other"}}),
    ("för någon annan (aud)", {"claims": {"aud": None}}),
    ("för någon annan (aud)", {"claims": {"aud": {"lagesbild": 1}}}),
    ("given åt någon annan (azp)", {"claims": {"aud": ["lagesbild", "other"]}}),
    ("given åt någon annan (azp)", {"claims": {"aud": ["lagesbild", "other"], "azp": "other"}}),
    ("given åt någon annan (azp)", {"claims": {"azp": "other"}}),
    ("från en annan tjänst (iss)", {"claims": {"iss": "https://evil.example"}}),
    ("har gått ut (exp)", {"claims": {"exp": now - 120}}),
    ("i framtiden (iat)", {"claims": {"iat": now + 100_000}}),
    ("exp eller iat saknas", {"claims": {"exp": None}}),
    ("för en annan inloggning (nonce)", {"claims": {"nonce": "other"}}),
    ("för en annan inloggning (nonce)", {"claims": {"nonce": None}}),
    ("sub saknas", {"claims": {"sub": None}}),
    ("token: UnsupportedAlgorithmError", {"header": {"alg": "HS256"}}),
    ("token: UnsupportedAlgorithmError", {"header": {"alg": "none"}}),
    ("token: UnsupportedAlgorithmError", {"header": {"alg": "RS512"}}),
    ("token: BadSignatureError", {"tamper": lambda t: t[:-6] + "AAAAAA"}),
    ("token:", {"tamper": lambda t: ".".join((t.split(".")[0], t.split(".")[1][::-1], t.split(".")[2]))}),
    ("token: DecodeError", {"tamper": lambda t: "not a token"}),
    ("svaret har ingen id_token", {"token": ""}),
    ("svaret har ingen id_token", {"token": 7}),
    ("userinfo handlar om någon annan", {"userinfo": {"sub": "bertil"}}),
]


@pytest.mark.parametrize("why, how", WRONG)
def test_a_token_that_is_wrong_lets_nobody_in(
    reader: Reader, people: MemoryPeople, provider: Provider, why: str, how: dict[str, Any]
) -> None:
    for name, value in how.items():
        setattr(provider, name, value)
    answer = reader.login()
    assert answer.status_code == 403
    assert "Inloggningen gick inte" in answer.text
    assert why not in answer.text, "that would help whoever tries"
    assert (people.events[-1].what, people.sessions) == ("login-failed", {})
    assert why in people.events[-1].detail
    assert "inte inloggad" in reader.sees()


def test_clocks_may_be_a_little_apart(reader: Reader, provider: Provider) -> None:
    provider.claims = {"exp": int(time.time()) - 40, "iat": int(time.time()) + 40}
    assert reader.login().status_code == 303


def test_an_audience_of_several_is_ours_when_it_was_given_to_us(reader: Reader, provider: Provider) -> None:
    provider.claims = {"aud": ["lagesbild", "other"], "azp": "lagesbild"}
    assert reader.login().status_code == 303


@pytest.mark.parametrize("changes", [{"iss": "https://evil.example"}, {"iss": None}])
def test_an_answer_from_another_provider_is_not_taken(reader: Reader, changes: Any) -> None:
    assert reader.back(reader.away(), **changes).status_code == 403
    assert "inte inloggad" in reader.sees()


def test_an_answer_is_taken_once_and_from_the_browser_that_asked(
    reader: Reader, told: Any, people: MemoryPeople
) -> None:
    asked = reader.away()
    code = reader.provider.code(asked["code_challenge"], asked["nonce"])
    assert reader.back(asked, code=code).status_code == 303
    assert reader.back(asked, code=code).status_code == 400, "the state has been used"
    fresh = reader.away()
    assert reader.back(fresh, code=code).status_code == 403, "the code has been used"
    victim = Reader(service(told, people), reader.provider)
    victim.away()
    mine = reader.away()
    assert victim.back(mine).status_code == 400, "somebody else's state: login forgery"
    assert reader.back(reader.away(), state="guessed").status_code == 400


def test_an_attempt_is_not_waited_for_for_ever(reader: Reader, people: MemoryPeople) -> None:
    asked = reader.away()
    people.now += 601
    assert reader.back(asked).status_code == 400


def test_a_code_for_another_challenge_is_worth_nothing(reader: Reader) -> None:
    asked = reader.away()
    stolen = reader.provider.code("another challenge", asked["nonce"])
    assert reader.back(asked, code=stolen).status_code == 403


def test_the_provider_says_no(reader: Reader, people: MemoryPeople) -> None:
    answer = reader.back(reader.away(), code=None, error="access_denied")
    assert answer.status_code == 403
    assert "access_denied" in people.events[-1].detail


def test_new_keys_are_fetched_when_a_token_names_one(reader: Reader, provider: Provider) -> None:
    assert reader.login().status_code == 303
    old, provider.key = provider.key, RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
    provider.header, provider.shown_keys = {"kid": "two"}, [old, provider.key]
    reception = next(
        c.cell_contents
        for c in reader.client.application.view_functions["inloggning.start"].__closure__
        if hasattr(c.cell_contents, "provider")
    )
    assert reader.login().status_code == 403, "no more often than every half minute"
    reception.provider._keys_at -= 31
    assert reader.login().status_code == 303
    assert provider.asked.count("jwks") == 2


@pytest.mark.parametrize(
    "metadata", [{"issuer": "https://evil.example"}, {"authorization_endpoint": "http://evil.example"}]
)
def test_a_provider_that_is_not_who_we_were_told_is_not_asked(told: Any, provider: Provider, metadata: Any) -> None:
    provider.metadata = metadata
    answer = service(told).test_client().get("/logga-in/start")
    assert answer.status_code == 503
    assert "Inloggningen gick inte" in answer.text


def test_a_provider_that_is_away_is_told_and_found_again(told: Any, people: MemoryPeople) -> None:
    server = service(told.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"}), people)
    assert server.test_client().get("/logga-in/start").status_code == 503
    assert people.events[-1].what == "login-failed"


def test_a_session_ends_when_idle_and_at_the_end_of_the_day(reader: Reader, people: MemoryPeople) -> None:
    reader.login()
    people.now += 29 * 60
    assert "Komponenter" in reader.sees()
    people.now += 29 * 60
    assert "Komponenter" in reader.sees()
    people.now += 31 * 60
    assert "Din inloggning har gått ut." in reader.sees()
    assert "efter 30 minuter utan att något görs, och gäller i högst 10 timmar" in reader.sees()
    refused = reader.client.get("/api/v1/regions")
    assert refused.get_json()["title"] == "Inloggningen har gått ut"
    scheme = refused.headers["WWW-Authenticate"]
    assert (scheme.split()[0], "session has ended" in scheme) == ("Cookie", True)
    assert reader.client.get(re.search('authorization_uri="([^"]+)"', scheme)[1]).status_code in (200, 302, 303)
    reader.login()
    for _ in range(20):
        people.now += 29 * 60
        reader.sees()
    people.now += 18 * 60
    assert "Komponenter" in reader.sees()
    people.now += 2 * 60
    assert "har gått ut" in reader.sees(), "ten hours"


def test_where_others_are_public_a_session_that_ended_is_told_once(
    told: Any, provider: Provider, people: MemoryPeople
) -> None:
    reader = Reader(service(told.model_copy(update={"others": "public"}), people), provider)
    reader.login()
    people.now += 31 * 60
    path = "/ladda-ner/lagesbild/vantande.csv"
    taken = reader.client.get(path)
    assert (taken.status_code, "har gått ut" in taken.text) == (401, True), "not other figures under the same name"
    assert reader.client.get_cookie("lagesbild") is None
    assert reader.client.get(path).status_code == 200
    assert "Komponenter" in reader.sees()


def test_a_new_login_is_a_new_session_and_the_old_one_is_over(reader: Reader, people: MemoryPeople) -> None:
    reader.login()
    first = dict(people.sessions)
    reader.provider.userinfo = {"groups": ["rad"]}
    reader.login()
    assert len(people.sessions) == 1
    assert not first.keys() & people.sessions.keys()
    assert next(iter(people.sessions.values()))[0].role == "council"


def test_a_session_whose_role_came_from_other_rules_has_ended(
    told: Any, provider: Provider, people: MemoryPeople
) -> None:
    reader = Reader(service(told, people), provider)
    reader.login()
    told.claims.write_text(json.dumps({**MAPPING, "roles": MAPPING["roles"][1:]}), encoding="utf-8")
    later = Reader(service(told, people), provider)
    later.client = later.client.application.test_client()
    cookie = reader.client.get_cookie("lagesbild")
    later.client.set_cookie("lagesbild", cookie.value)
    assert "har gått ut" in later.sees()


def test_logout_ends_the_session_everywhere_and_goes_on_to_the_provider(reader: Reader, people: MemoryPeople) -> None:
    reader.login()
    cookie = reader.client.get_cookie("lagesbild").value
    layout = json.dumps(reader.client.get("/_dash-layout").get_json())
    token = layout.partition('name=\\"token\\" value=\\"')[2].partition('\\"')[0]
    assert len(token) == 64
    for wrong in ({}, {"token": "0" * 64}):
        assert reader.client.post("/logga-ut", data=wrong).status_code == 403
    assert (
        reader.client.post("/logga-ut", data={"token": token}, headers={"Origin": "https://a.example"}).status_code
        == 403
    )
    assert "Komponenter" in reader.sees()
    answer = reader.client.post("/logga-ut", data={"token": token}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 200
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    to = urlsplit(answer.headers["Refresh"].partition("url=")[2])
    assert f"{to.scheme}://{to.netloc}{to.path}" == f"{reader.provider.issuer}/end"
    assert parse_qs(to.query) == {"client_id": ["lagesbild"], "post_logout_redirect_uri": ["http://localhost/utloggad"]}
    assert (people.sessions, people.events[-1].what, people.events[-1].who) == ({}, "logout", "anna")
    reader.client.set_cookie("lagesbild", cookie)
    assert "har gått ut" in reader.sees(), "a kept cookie is worth nothing"


def test_a_provider_that_cannot_log_out_is_left_alone(reader: Reader, people: MemoryPeople) -> None:
    reader.provider.metadata = {"end_session_endpoint": None}
    reader.login()
    answer = reader.client.post("/logga-ut", data={"token": _token(reader)})
    assert "Refresh" not in answer.headers
    assert people.sessions == {}


def _token(reader: Reader) -> str:
    layout = json.dumps(reader.client.get("/_dash-layout").get_json())
    return layout.partition('name=\\"token\\" value=\\"')[2].partition('\\"')[0]


def test_somebody_without_a_role_is_refused_or_public(told: Any, provider: Provider, people: MemoryPeople) -> None:
    provider.userinfo = {"groups": ["okänd"]}
    reader = Reader(service(told, people), provider)
    answer = reader.login()
    assert answer.status_code == 403
    assert "ingen roll" in answer.text
    assert (people.events[-1].what, people.events[-1].who) == ("login-failed", "anna")
    assert people.sessions == {}
    let_in = Reader(service(told.model_copy(update={"others": "public"}), people), provider)
    assert let_in.login().status_code == 303
    assert people.events[-1].role == "public"


def test_login_is_rationed_by_address(reader: Reader) -> None:
    answers = [reader.client.get("/logga-in/start", headers={"X-Forwarded-For": "192.0.2.7"}) for _ in range(61)]
    assert [a.status_code for a in answers] == [302] * 60 + [429]
    assert answers[-1].headers["Retry-After"] == "1"
    assert reader.client.get("/logga-in/start", headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 302


@pytest.mark.parametrize(
    "where",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/a\r\nX: y",
        "javascript:x",
        "",
        "/logga-in/start",
    ],
)
def test_login_leads_nowhere_but_here(reader: Reader, where: str) -> None:
    assert inside(where) == "/"
    answer = reader.client.get("/logga-in", query_string={"till": where})
    assert "evil.example" not in answer.text
    asked = reader.client.get("/logga-in/start", query_string={"till": where})
    state = parse_qs(urlsplit(asked.headers["Location"]).query)
    assert reader.back({k: v[0] for k, v in state.items()}).headers["Location"] == "/"


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"oidc_issuer": ""}, "LAGESBILD_OIDC_ISSUER"),
        ({"oidc_client_id": ""}, "LAGESBILD_OIDC_CLIENT_ID"),
        ({"public_url": ""}, "LAGESBILD_PUBLIC_URL"),
        ({"claims": None}, "LAGESBILD_CLAIMS"),
        ({"oidc_secret_file": Path("/finns/inte")}, "LAGESBILD_OIDC_SECRET_FILE"),
        ({"public_url": "http://lagesbild.example"}, "inte krypterad"),
        ({"oidc_issuer": "http://id.example"}, "inte krypterad"),
        ({"trusted_proxies": "1.2.3"}, "LAGESBILD_TRUSTED_PROXIES"),
    ],
)
def test_what_is_missing_is_told_at_the_start(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check(settings(tmp_path, **changes))
    assert told in str(caught.value)
