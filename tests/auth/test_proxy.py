"""A signed line from a trusted proxy: believed once, while it is fresh, and from nowhere else."""

from __future__ import annotations

import base64
import hmac
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from joserfc import jwt
from joserfc.jwk import OctKey, import_key

from lagesbild.answers import question
from lagesbild.auth.access import UPDATE
from lagesbild.auth.proxy import HEADER, read_key
from lagesbild.auth.secrets import fresh
from lagesbild.domain.errors import ConfigError
from lagesbild.pages.view import View
from tests import gallery
from tests.auth.memory import MemoryPeople
from tests.auth.service import SECRET, service, settings

PATH = "/ladda-ner/lagesbild/vantande.csv"


def line(key: Any = None, algorithm: str = "HS256", **changes: Any) -> str:
    claims = {"sub": "anna", "groups": ["stod"], "aud": "lagesbild", "iat": int(time.time()), "jti": fresh(), **changes}
    told = {k: v for k, v in claims.items() if v is not None}
    return jwt.encode({"alg": algorithm}, told, key or OctKey.import_key(SECRET), algorithms=[algorithm])


@pytest.fixture
def people() -> MemoryPeople:
    return MemoryPeople()


@pytest.fixture
def client(tmp_path: Path, people: MemoryPeople) -> Any:
    return service(settings(tmp_path, "proxy"), people).test_client()


def status(client: Any, token: str | None = None, remote: str = "127.0.0.1") -> int:
    headers = {} if token is None else {HEADER: token}
    return int(client.get(PATH, headers=headers, environ_overrides={"REMOTE_ADDR": remote}).status_code)


def test_a_signed_line_is_a_login_that_is_written_down_once(client: Any, people: MemoryPeople) -> None:
    assert status(client, line()) == 200
    assert status(client, line()) == 200
    assert [(e.what, e.who, e.role) for e in people.events if e.what == "login"] == [("login", "anna", "support")]
    answer = client.post(UPDATE, json=question(View("/")), headers={HEADER: line()})
    assert "Komponenter" in answer.text
    assert "logga-ut" not in client.get("/_dash-layout", headers={HEADER: line()}).text, "the proxy logs out, not we"


def test_nobody_without_a_line(client: Any) -> None:
    assert status(client) == 401
    assert client.get("/logga-in").status_code in (401, 403, 404), "there is no page to log in at"
    page = client.get("/", headers={"Accept": "text/html"})
    assert page.status_code == 401
    # RFC 9110, 15.5.2; a scheme that a browser knows would have it ask for a password
    challenges = {a.headers["WWW-Authenticate"] for a in (page, client.get(PATH), client.get("/api/v1/regions"))}
    assert len(challenges) == 1
    assert challenges.pop().startswith('Proxy realm="Lagesbild"')
    assert "WWW-Authenticate" not in client.get(PATH, headers={HEADER: line()}).headers
    assert "den adress du fått" in page.text


now = int(time.time())


@pytest.mark.parametrize(
    "why, changes",
    [
        ("för någon annan", {"aud": "annan"}),
        ("för någon annan", {"aud": None}),
        ("för gammal", {"iat": now - 200}),
        ("för gammal", {"iat": None}),
        ("i framtiden", {"iat": now + 100_000}),
        ("har gått ut", {"exp": now - 100}),
        ("gäller inte än", {"nbf": now + 100_000}),
        ("ingen tid", {"exp": "snart"}),
        ("jti", {"jti": None}),
        ("jti", {"jti": "kort"}),
        ("ingen person", {"sub": None}),
    ],
)
def test_a_line_that_says_something_else_is_refused(client: Any, people: MemoryPeople, why: str, changes: Any) -> None:
    assert status(client, line(**changes)) == 401
    assert people.events[-1].what == "login-failed"
    assert why in people.events[-1].detail


def test_somebody_known_without_a_role_is_told_so_and_not_that_he_is_unknown(
    client: Any, people: MemoryPeople, tmp_path: Path
) -> None:
    unknown: Any = {"groups": ["okänd"]}
    for accept in ("text/html", "*/*"):
        page = client.get("/", headers={"Accept": accept, HEADER: line(**unknown)})
        assert (page.status_code, page.mimetype) == (403, "text/html")
        assert "Du är känd men har ingen roll i Lägesbild." in page.text
        assert "inte inloggad" not in page.text
    assert people.events[-1].detail == "ingen roll för anna"
    file = client.get(PATH, headers={HEADER: line(**unknown)})
    assert (file.status_code, file.mimetype) == (403, "text/plain")
    answer = client.post(UPDATE, json=question(View("/")), headers={HEADER: line(**unknown)})
    assert "har ingen roll" in answer.text
    assert "Komponenter" not in answer.text
    region: Any = {"groups": ["plan"], "healthCareProviderHsaId": "SE2"}
    assert status(client, line(**region)) == 200
    less = service(settings(tmp_path, "proxy"), people, source=gallery.source(region_rows=[])).test_client()
    assert status(less, line(**region)) == 403
    assert "regionen ”09” finns inte" in people.events[-1].detail


def test_where_others_are_public_so_is_who_has_no_role_by_name(tmp_path: Path, people: MemoryPeople) -> None:
    client = service(settings(tmp_path, "proxy", others="public"), people).test_client()
    assert status(client, line(groups=["okänd"])) == 200
    assert [(e.what, e.who, e.role) for e in people.events][:1] == [("login", "anna", "public")]


def test_clocks_may_be_a_little_apart(client: Any) -> None:
    assert status(client, line(iat=int(time.time()) + 45)) == 200
    assert status(client, line(iat=int(time.time()) - 100)) == 200


def test_a_line_is_believed_once(client: Any, people: MemoryPeople) -> None:
    token = line()
    assert [status(client, token), status(client, token)] == [200, 401]
    assert "använts förut" in people.events[-1].detail


def test_a_line_from_elsewhere_is_not_believed(client: Any) -> None:
    assert status(client, line(), remote="192.0.2.7") == 401


def test_a_line_that_was_tampered_with_is_refused(client: Any) -> None:
    head, body, signature = line(groups=["rad"]).split(".")
    other = line(groups=["stod"]).split(".")
    for token in (
        f"{head}.{other[1]}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-4]}AAAA",
        "a.b.c",
        "x",
    ):
        assert status(client, token) == 401
    none = "eyJhbGciOiJub25lIn0." + body + "."
    assert status(client, none) == 401
    assert status(client, line(OctKey.import_key("f" * 64))) == 401
    assert status(client, "x" * 20_000) == 401


def pem(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return bytes(key.public_key().public_bytes(serialization.Encoding.PEM, form))


def private(key: Any) -> bytes:
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return bytes(key.private_bytes(serialization.Encoding.PEM, form, none))


@pytest.mark.parametrize(
    "kind, algorithm, make",
    [
        ("RSA", "RS256", lambda: rsa.generate_private_key(65537, 2048)),
        ("EC", "ES256", lambda: ec.generate_private_key(ec.SECP256R1())),
        ("OKP", "Ed25519", ed25519.Ed25519PrivateKey.generate),
    ],
)
def test_a_public_key_believes_its_own_and_is_no_secret(tmp_path: Path, kind: Any, algorithm: str, make: Any) -> None:
    key, file = make(), tmp_path / "nyckel.pem"
    file.write_bytes(pem(key))
    client = service(settings(tmp_path, "proxy", proxy_key=file)).test_client()
    assert status(client, line(import_key(private(key), kind), algorithm)) == 200
    # the oldest trick: sign with the public key as if it were the shared secret
    head, body, _ = line().split(".")
    made = hmac.digest(pem(key).strip(), f"{head}.{body}".encode(), "sha256")
    assert status(client, f"{head}.{body}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}") == 401
    file.write_bytes(private(key))
    with pytest.raises(ConfigError, match="hemlig nyckel"):
        read_key(file)


@pytest.mark.parametrize("content, told", [(b"kort", "för kort"), (b"-----BEGIN PUBLIC KEY-----\nx", "ingen nyckel")])
def test_a_key_that_is_none_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "nyckel"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=told):
        read_key(file)
    with pytest.raises(ConfigError, match="LAGESBILD_PROXY_KEY"):
        read_key(tmp_path / "ingen")


@pytest.mark.parametrize(
    "secret", ["vfkszE5AY1Bv8U/BaR5ZLlO7PmPOiIBFhwqz9dsdVcAF", "/kszE5AY1Bv8U/BaR5ZLlO7P", "a" * 40]
)
def test_a_secret_that_was_set_instead_of_its_file_is_not_told(secret: str) -> None:
    with pytest.raises(ConfigError, match=r"Ange hela sökvägen till en fil, inte hemligheten själv\.") as told:
        read_key(Path(secret))
    assert secret not in str(told.value)


def test_failures_do_not_fill_the_log(client: Any, people: MemoryPeople) -> None:
    for _ in range(30):
        status(client, "x")
    assert sum(e.what == "login-failed" for e in people.events) == 10
