"""An OpenID provider: found by discovery, asked by authorization code with PKCE, its tokens checked and thrown away."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from lagesbild.auth.secrets import fresh
from lagesbild.auth.tokens import TokenError, check_audience, check_times, read
from lagesbild.domain.people import Attempt

_TIMEOUT: Final = 10.0  # seconds
_KNOWN_SECONDS: Final = 3600.0  # how long what discovery said is believed
_KEYS_SECONDS: Final = 600.0
_KEYS_AGAIN_SECONDS: Final = 30.0  # no sooner, however many tokens come with unknown keys
_LARGEST: Final = 1_000_000  # bytes of an answer
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class ProviderError(Exception):
    """The provider does not answer, or answers what it should not. The text is for the log."""


@dataclass(frozen=True)
class Client:
    """How we are known to the provider."""

    issuer: str
    client_id: str
    secret: str
    redirect: str
    scopes: str
    algorithms: tuple[str, ...]
    skew: float


class Provider:
    """Safe for many threads. `clock`: seconds since 1970, for what tokens say."""

    def __init__(self, client: Client, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._told: Mapping[str, Any] = {}
        self._told_at = self._keys_at = float("-inf")
        self._keys: KeySet | None = None

    def away(self, back_to: str) -> tuple[str, str, Attempt]:
        """Where to send the browser, the state it must bring back, and what else must fit. Raises ProviderError."""
        state, attempt = fresh(), Attempt(fresh(), fresh() + fresh(), back_to)
        with self._session() as session:
            url, _ = session.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=state,
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
            )
        return url, state, attempt

    def claims(self, code: str, attempt: Attempt, issuer: str | None) -> Mapping[str, Any]:
        """What the provider says of who came back with `code`. `issuer`: as the answer named it, if it did.

        Raises ProviderError and TokenError. All tokens are forgotten.
        """
        told = self._metadata()
        if issuer is None and told.get("authorization_response_iss_parameter_supported"):
            raise ProviderError("svaret säger inte vem det är ifrån (iss)")
        if issuer is not None and issuer != self._client.issuer:
            raise ProviderError("svaret är från en annan tjänst (iss)")
        with self._session() as session:
            try:
                given = session.fetch_token(
                    self._endpoint("token_endpoint"), code=code, code_verifier=attempt.verifier, timeout=_TIMEOUT
                )
            except (AuthlibBaseError, requests.RequestException, ValueError) as error:
                raise ProviderError(
                    f"koden gav ingen token: {getattr(error, 'error', type(error).__name__)}"
                ) from error
        claims = self._checked(given.get("id_token"), attempt.nonce)
        if told.get("userinfo_endpoint") and given.get("access_token"):
            claims = {**self._more(str(given["access_token"]), claims["sub"]), **claims}
        return claims

    def end_session(self, after: str) -> str | None:
        """Where to send the browser so that the provider logs out too; no token is named. None where it cannot."""
        try:
            where = self._metadata().get("end_session_endpoint")
        except ProviderError:
            return None
        if not isinstance(where, str) or not _safe(where):
            return None
        query = urlencode({"client_id": self._client.client_id, "post_logout_redirect_uri": after})
        return f"{where}{'&' if '?' in where else '?'}{query}"

    def _checked(self, token: Any, nonce: str) -> Mapping[str, Any]:
        if not isinstance(token, str):
            raise TokenError("svaret har ingen id_token")
        claims = read(token, self._key_set(token), self._client.algorithms)
        if claims.get("iss") != self._client.issuer:
            raise TokenError("token: från en annan tjänst (iss)")
        check_audience(claims, self._client.client_id)
        if claims.get("exp") is None or claims.get("iat") is None:
            raise TokenError("token: exp eller iat saknas")
        check_times(claims, self._clock(), self._client.skew)
        if claims.get("nonce") != nonce:
            raise TokenError("token: för en annan inloggning (nonce)")
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise TokenError("token: sub saknas")
        return claims

    def _key_set(self, token: str) -> KeySet:
        """The provider's keys, asked for again when the token names one that is not among them."""
        with self._lock:
            age = time.monotonic() - self._keys_at
            unknown = self._keys is not None and _key_id(token) not in {k.kid for k in self._keys.keys}
            if self._keys is None or age > _KEYS_SECONDS or (unknown and age > _KEYS_AGAIN_SECONDS):
                told = _get(self._endpoint("jwks_uri"))
                try:
                    usable = [k for k in told.get("keys", []) if isinstance(k, dict) and k.get("use", "sig") == "sig"]
                    self._keys = KeySet.import_key_set({"keys": usable})
                except (JoseError, ValueError, TypeError, KeyError) as error:
                    raise ProviderError("nycklarna (jwks_uri) går inte att läsa") from error
                self._keys_at = time.monotonic()
            return self._keys

    def _more(self, access_token: str, subject: str) -> Mapping[str, Any]:
        told = _get(self._endpoint("userinfo_endpoint"), {"Authorization": f"Bearer {access_token}"})
        if told.get("sub") != subject:
            raise TokenError("userinfo handlar om någon annan (sub)")
        return told

    def _session(self) -> OAuth2Session:
        mine = self._client
        return OAuth2Session(
            mine.client_id,
            mine.secret or None,
            token_endpoint_auth_method=self._method(),
            scope=mine.scopes,
            redirect_uri=mine.redirect,
            code_challenge_method="S256",
        )

    def _method(self) -> str:
        if not self._client.secret:
            return "none"
        offered = self._metadata().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"

    def _endpoint(self, name: str) -> str:
        where = self._metadata().get(name)
        if not isinstance(where, str) or not _safe(where):
            raise ProviderError(f"{name} saknas eller är inte krypterad")
        return where

    def _metadata(self) -> Mapping[str, Any]:
        if time.monotonic() - self._told_at > _KNOWN_SECONDS:
            told = _get(f"{self._client.issuer.rstrip('/')}/.well-known/openid-configuration")
            if told.get("issuer") != self._client.issuer:
                raise ProviderError("tjänsten säger sig vara en annan (issuer)")
            self._told, self._told_at = told, time.monotonic()
        return self._told


def _get(url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    try:
        with requests.get(url, headers=headers, timeout=_TIMEOUT, allow_redirects=False, stream=True) as answer:
            body = answer.raw.read(_LARGEST + 1, decode_content=True)
            if answer.status_code != 200 or len(body) > _LARGEST:
                raise ProviderError(f"{urlsplit(url).path} svarade {answer.status_code}")
        told = json.loads(body)
    except (requests.RequestException, ValueError, OSError) as error:
        raise ProviderError(f"{urlsplit(url).path}: {type(error).__name__}") from error
    if not isinstance(told, dict):
        raise ProviderError(f"{urlsplit(url).path} svarade något oväntat")
    return told


def _key_id(token: str) -> str | None:
    """Which key a token says it is signed with; not yet believed."""
    try:
        return extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError):
        return None


def _safe(url: str) -> bool:
    """Encrypted, or on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
