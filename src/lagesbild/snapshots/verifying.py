"""Is a snapshot what it was when it was made? Says precisely which file is not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from lagesbild.domain.swedish import count, join_and
from lagesbild.snapshots import keys
from lagesbild.snapshots.bundle import Bundle, digest
from lagesbild.snapshots.limits import DEFAULT, Limits
from lagesbild.snapshots.manifest import MANIFEST, SIGNATURE, Digest, Manifest
from lagesbild.snapshots.names import written_out
from lagesbild.snapshots.reading import read_manifest_of
from lagesbild.snapshots.unpacking import DamagedEntryError, opened

SignatureState = Literal["valid", "absent", "removed", "wrong", "other_key"]
_LENGTH: Final = 64  # bytes of an Ed25519 signature

_SIGNATURES: Final = {
    "absent": "Bilden är inte signerad: kontrollsummorna visar att den hänger ihop, inte vem som gjorde den.",
    "removed": f"Bilden ska vara signerad, men {MANIFEST.removesuffix('.json')}.sig saknas.",
    "wrong": f"Signaturen stämmer inte: {MANIFEST} har ändrats efter att den signerades.",
}


@dataclass(frozen=True)
class Report:
    """What was found. All names sorted. `trusted`: the signature was tried with a key that the reader gave."""

    shown: str
    manifest: Manifest
    checksum: str
    same: tuple[str, ...]
    differ: tuple[str, ...]
    damaged: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    signature: SignatureState
    trusted: bool
    asked_key: str = ""  # id of the key the reader gave

    @property
    def whole(self) -> bool:
        """Every file is there and as it was, and nothing else is."""
        return not (self.differ or self.damaged or self.missing or self.extra)

    @property
    def genuine(self) -> bool:
        """Whole, and with no fault in the signature; with a key given, signed by that key."""
        return self.whole and (self.signature == "valid" or (self.signature == "absent" and not self.asked_key))

    def sentences(self) -> list[str]:
        """The report in Swedish, most important first."""
        said = [f"”{self.shown}” är äkta." if self.genuine else f"”{self.shown}” är inte äkta."]
        said += [f"{written_out(name)}: innehållet är ett annat än när bilden gjordes." for name in self.differ]
        said += [f"{written_out(name)}: går inte att packa upp." for name in self.damaged]
        said += [f"{written_out(name)}: saknas." for name in self.missing]
        said += [f"{written_out(name)}: hör inte till bilden." for name in self.extra]
        n = len(self.manifest.files)
        if self.whole:
            said.append(f"{count(n)} {'fil' if n == 1 else 'filer'} har den kontrollsumma som {MANIFEST} anger.")
        else:
            said.append(f"{count(len(self.same))} av {count(n)} filer är oförändrade.")
        return [*said, self._signature_sv()]

    def _signature_sv(self) -> str:
        told = self.manifest.signing
        key = told.key_id if told else ""
        if self.signature == "valid":
            if self.trusted:
                return f"Signaturen stämmer med den angivna nyckeln, {key}."
            return (
                f"Signaturen stämmer med nyckeln {key}, som står i bilden. Vems den är prövas först med "
                "avsändarens öppna nyckel (--key)."
            )
        if self.signature == "other_key":
            by = f"av nyckeln {key}" if key else "av en okänd nyckel"
            return f"Bilden är signerad {by}, inte av den angivna nyckeln, {self.asked_key}."
        if self.signature == "absent" and self.asked_key:
            return f"Bilden är inte signerad, och kan inte prövas mot nyckeln {self.asked_key}."
        return _SIGNATURES[self.signature]

    def as_json(self) -> dict[str, object]:
        """For other programs; names as in the code."""
        return {
            "file": self.shown,
            "genuine": self.genuine,
            "checksum": self.checksum,
            "files": len(self.manifest.files),
            "differ": list(self.differ),
            "damaged": list(self.damaged),
            "missing": list(self.missing),
            "extra": list(self.extra),
            "signature": self.signature,
            "key_id": self.manifest.signing.key_id if self.manifest.signing else None,
            "key_given": self.trusted,
            "text": self.sentences(),
        }


def verify(
    source: Path | bytes, public_key: keys.PublicKey | None = None, limits: Limits = DEFAULT, shown: str = ""
) -> Report:
    """Verify a file. A file inside that does not unpack is told in the report and the rest is tried.

    Raises SnapshotError when the whole cannot be opened safely, or its manifest cannot be read.
    """
    with opened(source, limits, shown) as archive:
        manifest_bytes, manifest = read_manifest_of(archive)
        found: dict[str, Digest | None] = {}
        for name in sorted(archive.infos):
            if name in (MANIFEST, SIGNATURE):
                continue
            try:
                found[name] = digest(archive.content(name))
            except DamagedEntryError:
                found[name] = None
        signature: bytes | None = None
        if SIGNATURE in archive.infos:
            try:
                signature = archive.content(SIGNATURE)
            except DamagedEntryError:
                signature = b""  # there, and wrong
        return _report(archive.shown, manifest, manifest_bytes, found, signature, public_key)


def check(bundle: Bundle, shown: str, public_key: keys.PublicKey | None = None) -> Report:
    """Verify a snapshot that has been read."""
    found: dict[str, Digest | None] = {name: digest(content) for name, content in bundle.files.items()}
    return _report(shown, bundle.manifest, bundle.manifest_bytes, found, bundle.signature, public_key)


def _report(
    shown: str,
    manifest: Manifest,
    manifest_bytes: bytes,
    found: dict[str, Digest | None],
    signature: bytes | None,
    asked: keys.PublicKey | None,
) -> Report:
    said = manifest.files
    both = sorted(set(said) & set(found))
    return Report(
        shown=shown,
        manifest=manifest,
        checksum=hashlib.sha256(manifest_bytes).hexdigest(),
        same=tuple(n for n in both if found[n] == said[n]),
        differ=tuple(n for n in both if found[n] is not None and found[n] != said[n]),
        damaged=tuple(n for n in both if found[n] is None),
        missing=tuple(sorted(set(said) - set(found))),
        extra=tuple(sorted(set(found) - set(said))),
        signature=_signature(manifest, manifest_bytes, signature, asked),
        trusted=asked is not None,
        asked_key=asked.key_id if asked else "",
    )


def _signature(
    manifest: Manifest, content: bytes, signature: bytes | None, asked: keys.PublicKey | None
) -> SignatureState:
    if signature is None:
        return "removed" if manifest.signing else "absent"
    named = keys.from_signing(manifest.signing) if manifest.signing else None
    if asked is not None and asked != named:
        return "other_key"
    if named is None or len(signature) != _LENGTH:
        return "wrong"
    return "valid" if named.holds(signature, content) else "wrong"


def summary(report: Report) -> str:
    """One line for a log or a list: what is wrong, or that nothing is."""
    if report.genuine:
        return "äkta"
    wrong = [*report.differ, *report.damaged, *report.missing, *report.extra]
    return f"inte äkta: {join_and(wrong)}" if wrong else "inte äkta: signaturen"
