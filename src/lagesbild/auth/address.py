"""Where a request comes from: through proxies that we trust to say so, and no others."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from lagesbild.domain.errors import ConfigError

Net = ipaddress.IPv4Network | ipaddress.IPv6Network


def read_nets(text: str) -> tuple[Net, ...]:
    """Addresses and nets, commas between. Raises ConfigError."""
    try:
        return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ConfigError(
            f"LAGESBILD_TRUSTED_PROXIES har värdet ”{text}”, som inte är adresser.",
            "Skriv till exempel 127.0.0.1,10.2.0.0/24.",
        ) from error


def is_in(address: str, nets: Sequence[Net]) -> bool:
    """Whether an address is one of these; what is no address is not.

    >>> is_in("::ffff:127.0.0.1", read_nets("127.0.0.0/8"))
    True
    """
    found = _address(address)
    return found is not None and any(found in net for net in nets)


def client(remote: str, forwarded: str, trusted: Sequence[Net]) -> str:
    """The sender: the last of `X-Forwarded-For` that no trusted proxy wrote about itself.

    >>> client("127.0.0.1", "6.6.6.6, 192.0.2.7, 10.0.0.1", read_nets("127.0.0.1,10.0.0.0/8"))
    '192.0.2.7'
    >>> client("192.0.2.9", "6.6.6.6", read_nets("127.0.0.1"))
    '192.0.2.9'
    """
    sender = remote
    for hop in reversed([h.strip() for h in forwarded.split(",") if h.strip()]):
        if not is_in(sender, trusted) or _address(hop) is None:
            break
        sender = hop
    return sender


def block(address: str) -> str:
    """What is counted as one sender: an IPv4 address, the 64 bits of an IPv6 net.

    >>> block("2001:db8:1:2:3:4:5:6")
    '2001:db8:1:2::/64'
    """
    found = _address(address)
    return str(ipaddress.ip_network((found, 64), strict=False)) if found and found.version == 6 else address


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
