"""Signed statements (JWT): the signature by an allowed algorithm and known key, then what is said in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

Keys = OctKey | RSAKey | ECKey | OKPKey | KeySet
LONGEST: Final = 16_000  # characters of a token


class TokenError(Exception):
    """What is wrong with a token, for the log: a person is told that the login did not work and nothing more."""


def read(token: str, keys: Keys | Callable[[Any], Any], algorithms: Collection[str]) -> Mapping[str, Any]:
    """What a token says. Raises TokenError when it is no token, or not signed by an allowed algorithm and key."""
    if len(token) > LONGEST:
        raise TokenError("token för lång")
    try:
        read_token = jwt.decode(token, keys, algorithms=list(algorithms))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise TokenError(f"token: {type(error).__name__}") from error
    return dict(read_token.claims)


def check_times(claims: Mapping[str, Any], now: float, skew: float, oldest: float | None = None) -> None:
    """`exp`, `nbf` and `iat` in seconds, with clocks `skew` apart; `oldest`: `iat` must be there and not be older.

    Raises TokenError.
    """
    expires, begins, made = (_time(claims, name) for name in ("exp", "nbf", "iat"))
    if expires is not None and now >= expires + skew:
        raise TokenError("token: har gått ut (exp)")
    if begins is not None and now < begins - skew:
        raise TokenError("token: gäller inte än (nbf)")
    if made is not None and now < made - skew:
        raise TokenError("token: gjord i framtiden (iat)")
    if oldest is not None and (made is None or now > made + oldest + skew):
        raise TokenError("token: för gammal (iat)")


def check_audience(claims: Mapping[str, Any], mine: str) -> None:
    """`aud` must name us; where it names others too, `azp` must be us. Raises TokenError."""
    told = claims.get("aud")
    audience = [told] if isinstance(told, str) else told
    if not isinstance(audience, list) or mine not in audience:
        raise TokenError("token: för någon annan (aud)")
    party = claims.get("azp")
    if (len(audience) > 1 or party is not None) and party != mine:
        raise TokenError("token: given åt någon annan (azp)")


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TokenError(f"token: {name} är ingen tid")
    return float(value)
