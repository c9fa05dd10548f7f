"""Is it this machine that is spoken of?"""

from __future__ import annotations

import ipaddress
from functools import lru_cache


@lru_cache(256)  # asked twice of every request
def is_loopback(name: str) -> bool:
    """Whether a host name or address, without brackets, can only be reached from this machine.

    >>> [is_loopback(n) for n in ("localhost", "127.0.0.9", "::1", "0.0.0.0", "192.0.2.7", "localhost.example")]
    [True, True, True, False, False, False]
    """
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
