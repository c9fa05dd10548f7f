"""What kind of file it is, before anything in it is believed: size, checksum, encoding, CSV or XLSX."""

from __future__ import annotations

import codecs
import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from lagesbild.domain.errors import InputError, why

MAX_XLSX_BYTES: Final = 100_000_000
MAX_XLSX_UNPACKED: Final = 1_000_000_000  # a full sheet of 1 048 576 rows x 17 columns is about 0.6 GB of XML
_READ: Final = 1 << 20


@dataclass(frozen=True)
class InputFile:
    """A file that can be read. `encoding` is for CSV: "utf-8" or "cp1252"; `skip` the bytes of a byte order mark."""

    path: Path
    kind: Literal["csv", "xlsx", "json"]
    size: int
    sha256: str
    encoding: str = "utf-8"
    skip: int = 0

    @property
    def name(self) -> str:
        return self.path.name


def inspect_file(path: Path) -> InputFile:
    """Read the file once and say what it is. Raises InputError, in Swedish, for everything that cannot be a table."""
    if not path.exists():
        raise InputError(f"Filen ”{path}” finns inte.", "Kontrollera sökvägen och stavningen.")
    if path.is_dir():
        raise InputError(f"”{path}” är en katalog, inte en fil.", "Ange filerna i den, en eller flera.")
    if not path.is_file():  # a pipe can be read only once, and /dev/zero never ends
        raise InputError(f"”{path}” är ingen vanlig fil.", "Spara innehållet i en fil och ange den.")
    try:
        return _inspect(path)
    except OSError as error:
        raise InputError(f"Filen ”{path}” går inte att läsa: {why(error)}.", "Kontrollera behörigheten.") from error


def _inspect(path: Path) -> InputFile:
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    size, utf8, nul, undefined = 0, True, False, False
    head = b""
    with path.open("rb") as stream:
        while block := stream.read(_READ):
            head = head or block[:8]
            size += len(block)
            digest.update(block)
            nul = nul or b"\0" in block
            undefined = undefined or any(bytes((b,)) in block for b in (0x81, 0x8D, 0x8F, 0x90, 0x9D))
            if utf8:
                utf8 = _decodes(decoder, block)
    utf8 = utf8 and _decodes(decoder, b"", final=True)
    if not size:
        raise InputError(f"Filen ”{path.name}” är tom.", "Exportera den på nytt från källan.")
    sha = digest.hexdigest()
    if head.startswith(b"PK\x03\x04"):
        _check_workbook(path, size)
        return InputFile(path, "xlsx", size, sha)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(
            f"Filen ”{path.name}” är i Excels gamla format (xls) eller lösenordsskyddad.",
            "Spara den som .xlsx utan lösenord, eller som CSV UTF-8.",
        )
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"Filen ”{path.name}” är kodad som UTF-16.", "Spara den som CSV UTF-8.")
    if nul or (undefined and not utf8):
        raise InputError(
            f"Filen ”{path.name}” är varken CSV eller XLSX; innehållet är inte text.",
            "Spara tabellen som CSV UTF-8 eller XLSX.",
        )
    bom = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    kind: Literal["csv", "json"] = "json" if path.suffix.lower() == ".json" else "csv"
    return InputFile(path, kind, size, sha, "utf-8" if utf8 else "cp1252", bom)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _check_workbook(path: Path, size: int) -> None:
    """Refuse what is not a workbook, and zip bombs: a small file that unpacks to gigabytes."""
    if size > MAX_XLSX_BYTES:
        raise InputError(
            f"Arbetsboken ”{path.name}” är större än {MAX_XLSX_BYTES // 1_000_000} MB.", "Spara den som CSV UTF-8."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            unpacked = sum(m.file_size for m in members)
            names = {m.filename for m in members}
    except (zipfile.BadZipFile, RuntimeError, ValueError) as error:  # RuntimeError: a kind of zip Python cannot read
        raise InputError(
            f"Filen ”{path.name}” är en trasig arbetsbok.", "Öppna den i Excel och spara den på nytt."
        ) from error
    if "xl/workbook.xml" not in names:
        raise InputError(
            f"Filen ”{path.name}” är ett zip-arkiv, inte en arbetsbok.", "Packa upp den och ange CSV- eller XLSX-filen."
        )
    if unpacked > MAX_XLSX_UNPACKED or len(members) > 5_000:
        raise InputError(
            f"Arbetsboken ”{path.name}” packas upp till mer än {MAX_XLSX_UNPACKED // 1_000_000} MB och läses inte.",
            "Spara den som CSV UTF-8.",
        )
