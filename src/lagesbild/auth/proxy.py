"""A person as a reverse proxy names them: in a signed line (`X-Lagesbild-Person`, a JWT) of each request, from a
trusted address, made within the last minute, never seen before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey, import_key

from lagesbild.auth.secrets import hashed
from lagesbild.auth.tokens import TokenError, check_audience, check_times, read
from lagesbild.domain.errors import ConfigError, why
from lagesbild.domain.people import People
from lagesbild.settings import no_secret

HEADER: Final = "X-Lagesbild-Person"
AUDIENCE: Final = "lagesbild"
OLDEST_SECONDS: Final = 60
_SHORTEST_SECRET: Final = 32  # bytes
_ALGORITHMS: Final = {
    "oct": ("HS256",),
    "RSA": ("RS256", "PS256"),
    "EC": ("ES256", "ES384", "ES512"),
    "OKP": ("Ed25519",),
}
Key = OctKey | RSAKey | ECKey | OKPKey


def read_key(path: Path) -> Key:
    """A public key in PEM form, else the file's contents are the shared secret. Raises ConfigError."""
    try:
        content = path.read_bytes().strip()
    except OSError as error:
        raise no_secret(path, "LAGESBILD_PROXY_KEY", why(error)) from error
    if b"PRIVATE KEY" in content:
        raise ConfigError(
            f"Filen ”{path}” har en hemlig nyckel.", "Den ska bara finnas hos proxyn; ange den öppna nyckeln här."
        )
    if content.startswith(b"-----BEGIN"):
        for kind in ("RSA", "EC", "OKP"):
            try:
                return import_key(content, kind)
            except (JoseError, ValueError, TypeError):
                continue
        raise ConfigError(f"Filen ”{path}” har ingen nyckel som kan läsas.", "Ange RSA, EC eller Ed25519 som PEM.")
    if len(content) < _SHORTEST_SECRET:
        raise ConfigError(
            f"Hemligheten i ”{path}” är för kort.", f"Den ska ha minst {_SHORTEST_SECRET} tecken, slumpvis valda."
        )
    return OctKey.import_key(content)


def person_claims(token: str, key: Key, people: People, now: float, skew: float) -> Mapping[str, Any]:
    """What the line says of the person. Raises TokenError, and DatabaseUnavailableError."""
    claims = read(token, key, _ALGORITHMS[key.key_type])
    check_audience(claims, AUDIENCE)
    check_times(claims, now, skew, oldest=OLDEST_SECONDS)
    once = claims.get("jti")
    if not isinstance(once, str) or len(once) < 16:
        raise TokenError("token: jti saknas eller är kort")
    if not people.first_time(hashed("proxy", once), OLDEST_SECONDS + 2 * skew + 1):
        raise TokenError("token: har använts förut (jti)")
    return claims
