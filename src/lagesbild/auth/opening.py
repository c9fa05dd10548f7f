"""From settings to a door. Raises ConfigError for everything that is missing, before anybody can come."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from flask import Blueprint

from lagesbild.auth.address import read_nets
from lagesbild.auth.claims import Mapped, Regions, read_mapping
from lagesbild.auth.cookies import Cookies
from lagesbild.auth.door import Door
from lagesbild.auth.identity import AtMachine, ByProxy, BySession
from lagesbild.auth.pages import Frame
from lagesbild.auth.provider import LOOPBACK, Client, Provider
from lagesbild.auth.proxy import read_key
from lagesbild.auth.refusing import Lasts
from lagesbild.auth.routes import BACK, Reception, login_routes
from lagesbild.auth.secrets import read_secret
from lagesbild.domain.errors import ConfigError
from lagesbild.domain.people import Audit, People
from lagesbild.domain.person import ANYBODY, Person
from lagesbild.settings import Settings

Routes = Callable[[Frame], Blueprint]


def open_door(
    settings: Settings, people: People | None = None, audit: Audit | None = None, regions: Regions = tuple
) -> tuple[Door, Routes | None]:
    """The door, and the routes of login where there are any. `people` is needed wherever somebody logs in; `regions`:
    the codes of those that there are, asked for when somebody says to be a planner of one."""
    if settings.auth == "none":
        person = Person("support" if settings.viewer_role == "exact" else "public", at_machine=True)
        return Door(AtMachine(person), audit=audit, trusted=read_nets(settings.trusted_proxies)), None
    check(settings)
    assert people is not None
    mapping, trusted = _mapping(settings), read_nets(settings.trusted_proxies)
    others = ANYBODY if settings.others == "public" else None
    identify: ByProxy | BySession
    routes: Routes | None = None
    cookies: Cookies | None = None
    if settings.auth == "proxy":
        assert settings.proxy_key is not None
        key = read_key(settings.proxy_key)
        identify = ByProxy(
            people,
            mapping,
            key,
            trusted,
            skew=settings.clock_skew,
            hours=settings.session_hours,
            regions=regions,
            public=others is not None,
        )
    else:
        cookies = Cookies(encrypted=settings.public_url.startswith("https://"))
        identify = BySession(people, mapping, cookies, settings.session_idle_minutes)
        reception = Reception(
            Provider(_client(settings)),
            people,
            mapping,
            cookies,
            trusted,
            settings.session_hours,
            settings.others == "public",
            settings.public_url,
            regions,
        )

        routes = partial(login_routes, reception)

    door = Door(
        identify,
        people,
        people,
        cookies=cookies,
        others=others,
        origin=settings.public_url,
        trusted=trusted,
        exports=settings.exports_per_minute,
        lasts=Lasts(settings.session_idle_minutes, settings.session_hours),
    )
    return door, routes


def check(settings: Settings) -> None:
    """Everything that the way to log in needs is there and can be read. Raises ConfigError."""
    if settings.auth == "none":
        return
    _mapping(settings)
    read_nets(settings.trusted_proxies)
    if settings.auth == "proxy":
        _needed(settings.proxy_key, "LAGESBILD_PROXY_KEY", "en fil med den delade hemligheten eller den öppna nyckeln")
        assert settings.proxy_key is not None
        read_key(settings.proxy_key)
        return
    _needed(settings.oidc_issuer, "LAGESBILD_OIDC_ISSUER", "identitetstjänstens adress")
    _needed(settings.oidc_client_id, "LAGESBILD_OIDC_CLIENT_ID", "tjänstens namn hos identitetstjänsten")
    _needed(settings.public_url, "LAGESBILD_PUBLIC_URL", "adressen som användarna skriver")
    for setting, url in (
        ("LAGESBILD_PUBLIC_URL", settings.public_url),
        ("LAGESBILD_OIDC_ISSUER", settings.oidc_issuer),
    ):
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ConfigError(
                f"{setting}={url} är inte krypterad.", "Använd https; http går bara på en loopback-adress."
            )
    _client(settings)


def _client(settings: Settings) -> Client:
    secret = settings.oidc_secret_file
    return Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        secret=read_secret(secret, "LAGESBILD_OIDC_SECRET_FILE") if secret else "",
        redirect=settings.public_url + BACK,
        scopes=settings.oidc_scopes,
        algorithms=tuple(settings.oidc_algorithms.split(",")),
        skew=settings.clock_skew,
    )


def _mapping(settings: Settings) -> Mapped:
    _needed(settings.claims, "LAGESBILD_CLAIMS", "en fil som säger vem som har vilken roll")
    assert settings.claims is not None
    return read_mapping(settings.claims)


def _needed(value: object, setting: str, what: str) -> None:
    if not value:
        raise ConfigError(f"Inloggningen behöver {setting}: {what}.", "docs/login.md visar hela inställningen.")
