"""Secrets made and hashed. What a browser or a proxy holds is never written down as it is."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from lagesbild.domain.errors import ConfigError, why
from lagesbild.settings import no_secret


def fresh() -> str:
    """256 bits, as text that may stand in an address or a cookie."""
    return secrets.token_urlsafe(32)


def hashed(purpose: str, secret: str) -> str:
    """What is kept of a secret; another for each purpose. Secrets are random, so that a fast hash is enough."""
    return hashlib.sha256(f"{purpose}\0{secret}".encode()).hexdigest()


def form_token(session: str) -> str:
    """What a form of this session must bring: it cannot be made without the session's secret, nor tells it."""
    return hmac.new(session.encode(), b"form", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compared in a time that does not tell how much of it was right."""
    return hmac.compare_digest(one.encode(), other.encode())


def read_secret(path: Path, setting: str) -> str:
    """The contents of a file without the line's end. Raises ConfigError."""
    try:
        content = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = why(error) if isinstance(error, OSError) else "den är ingen text"
        raise no_secret(path, setting, reason) from error
    if not content:
        raise ConfigError(f"Filen ”{path}” är tom.", f"Rätta {setting}.")
    return content
