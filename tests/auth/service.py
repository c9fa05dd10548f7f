"""The service with login, over made-up pages: who asks is whoever the test says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask

from lagesbild.domain.person import Person
from lagesbild.factory import create_app
from lagesbild.settings import Settings
from lagesbild.snapshots.store import Store
from tests import gallery
from tests.auth.memory import MemoryPeople
from tests.fakes import KeptBriefings
from tests.snapshots.made import bundle

ROLES = ("public", "council", "planner", "support", "preparedness", "administrator")
MAPPING = {
    "subject": ["employeeHsaId", "sub"],
    "roles": [
        {"role": "support", "when": {"groups": "stod"}},
        {"role": "planner", "when": {"groups": "plan"}},
        {"role": "council", "when": {"groups": ["rad", "ledning"]}},
        {"role": "administrator", "when": {"groups": "drift"}},
    ],
    "region": {"claim": "healthCareProviderHsaId", "values": {"SE1": "21", "SE2": "09"}},
}
SECRET = "0123456789abcdef" * 4
OURS = {"X-Lagesbild": "1"}


def settings(home: Path, auth: str = "oidc", **more: Any) -> Settings:
    """As somebody who runs the service writes them; provider and proxy are given by `more`."""
    home.mkdir(parents=True, exist_ok=True)
    mapping, secret = home / "roller.json", home / "hemlig"
    mapping.write_text(json.dumps(MAPPING), encoding="utf-8")
    secret.write_text(SECRET, encoding="utf-8")
    told: dict[str, Any] = {
        "home": home,
        "auth": auth,
        "claims": mapping,
        "proxy_key": secret,
        "oidc_issuer": "http://127.0.0.1:9",
        "oidc_client_id": "lagesbild",
        "public_url": "http://localhost",
    }
    return Settings(**{**told, **more})


def service(told: Settings, people: MemoryPeople | None = None, who: Any = None, **more: Any) -> Flask:
    """`who`: a person, None for whoever the settings let in; a function is asked in each request."""
    given = {"identify": who if callable(who) else lambda: who} if who is not None else {}
    store = Store(told.home)
    people = people or MemoryPeople()
    parts = {"pages": gallery.PAGES, "known": gallery.known, "filters": gallery.filters, "briefings": KeptBriefings()}
    parts |= {"snapshots": store, "people": people, "audit": people, **given, **more}
    return create_app(parts.pop("source", None) or gallery.source(), told, **parts)


def somebody(role: Any) -> Person:
    return Person(role, f"{role}-1", role.title(), "21" if role == "planner" else "")


def frozen(home: Path, role: str) -> str:
    """A snapshot in the store, made for these eyes; its name."""
    return Store(home).save(bundle(role=role)).path.name
