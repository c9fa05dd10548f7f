"""Ed25519 keys: read from a file, made, and named by a short id that can be read out over a telephone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from lagesbild.domain.errors import ConfigError, InputError, why
from lagesbild.settings import no_secret
from lagesbild.snapshots.manifest import Signing

_log = logging.getLogger("lagesbild.snapshots")

_LENGTH = 32  # bytes of a key, private or public
_LARGEST = 10_000  # bytes of a key file; anything larger is something else


@dataclass(frozen=True)
class PublicKey:
    """The 32 bytes that signatures are tried with."""

    raw: bytes

    @property
    def key_id(self) -> str:
        """Start of the key's SHA-256, 16 hexadecimal digits."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    @property
    def base64(self) -> str:
        return base64.b64encode(self.raw).decode()

    def holds(self, signature: bytes, content: bytes) -> bool:
        """Whether the private half of this key signed the content."""
        # imported here: few commands sign, and the library takes a tenth of a second to load
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, content)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, repr=False)
class PrivateKey:
    """The 32 bytes that sign. Never shown: a dataclass's own repr would put them in a log."""

    raw: bytes

    def sign(self, content: bytes) -> bytes:
        """64 bytes; the same content gives the same signature (Ed25519 draws no random numbers)."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.raw).sign(content)

    @property
    def public(self) -> PublicKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return PublicKey(Ed25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw())

    @classmethod
    def new(cls) -> Self:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(Ed25519PrivateKey.generate().private_bytes_raw())


def signing(key: PrivateKey) -> Signing:
    """What the manifest says about the key."""
    return Signing(key_id=key.public.key_id, public_key=key.public.base64)


def from_signing(told: Signing) -> PublicKey | None:
    """The key that a manifest names; None when it is none, or not the one its id is of."""
    raw = _base64(told.public_key.encode())
    key = PublicKey(raw) if raw is not None else None
    return key if key is not None and key.key_id == told.key_id else None


def read_private(path: Path) -> PrivateKey:
    """A private key from PEM (PKCS#8, without a password) or 32 bytes in base64. Raises ConfigError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    remedy = "Ange en fil gjord med `lagesbild snapshot key FIL` i LAGESBILD_SIGNING_KEY, eller ta bort inställningen."
    try:
        content = _content(path)
    except OSError as error:
        raise no_secret(path, "LAGESBILD_SIGNING_KEY", why(error)) from error
    if path.stat().st_mode & 0o077:  # told, not refused: a container's secrets may be mounted so
        _log.warning("nyckelfilen %s kan läsas av andra än sin ägare; ge den rättigheterna 600", path)
    if not content.lstrip().startswith(b"-----BEGIN"):
        raw = _base64(content)
        if raw is None:
            raise ConfigError(f"”{path}” är ingen signeringsnyckel (Ed25519).", remedy)
        return PrivateKey(raw)
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigError(f"”{path}” är ingen signeringsnyckel utan lösenord (Ed25519).", remedy) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError(f"”{path}” är en nyckel av ett annat slag än Ed25519.", remedy)
    return PrivateKey(key.private_bytes_raw())


def read_public(given: str) -> PublicKey:
    """A public key: base64 as it stands, or a file with PEM or base64. Raises InputError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    raw = _base64(given.encode())
    if raw is not None:
        return PublicKey(raw)
    remedy = "Ange avsändarens fil som slutar på .pub, eller dess base64-text, med --key."
    try:
        content = _content(Path(given))
    except (OSError, ValueError) as error:
        reason = f": {why(error)}" if isinstance(error, OSError) else ""
        raise InputError(f"Den öppna nyckeln ”{given}” går inte att läsa{reason}.", remedy) from error
    raw = _base64(content)
    if raw is not None:
        return PublicKey(raw)
    if b"PRIVATE KEY" in content:
        raise InputError(f"”{given}” är en hemlig nyckel. Den behövs inte för att pröva, och ska inte spridas.", remedy)
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError(f"”{given}” är ingen öppen nyckel (Ed25519).", remedy) from error
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(f"”{given}” är en nyckel av ett annat slag än Ed25519.", remedy)
    return PublicKey(key.public_bytes_raw())


def create_pair(path: Path) -> PublicKey:
    """Write a new private key to `path` (PEM, read by its owner alone) and the public one beside it, `<path>.pub`.

    Never over an existing file: a lost key cannot be made again. Raises InputError.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shared = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    beside = path.with_name(path.name + ".pub")
    written: list[Path] = []
    try:
        for target, content, mode in ((path, secret, 0o600), (beside, shared, 0o644)):
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                written.append(target)
                os.chmod(target, mode)  # whatever the umask took or left
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        for target in written:
            target.unlink(missing_ok=True)
        raise InputError(
            f"Nyckelparet ”{path}” och ”{beside.name}” går inte att skriva: {why(error, making=True)}.",
            "Ange en fil som inte finns, i en katalog som går att skriva till.",
        ) from error
    return PublicKey(key.public_key().public_bytes_raw())


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST)


def _base64(text: bytes) -> bytes | None:
    """32 bytes out of base64, None when it is anything else."""
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == _LENGTH else None
