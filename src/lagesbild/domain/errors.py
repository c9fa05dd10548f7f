"""One error tree. What a user meets is a Swedish sentence and a remedy, never a traceback."""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from typing import Final

from lagesbild.domain.swedish import count

_WHY: Final = {
    errno.EACCES: "rättighet saknas",
    errno.EPERM: "rättighet saknas",
    errno.EROFS: "filsystemet är skrivskyddat",
    errno.ENOSPC: "disken är full",
    errno.EDQUOT: "utrymmet är slut",
    errno.ENOENT: "den finns inte",
    errno.ENOTDIR: "en del av sökvägen är en fil",
    errno.EISDIR: "det är en katalog",
    errno.EEXIST: "det finns redan en fil med det namnet",
    errno.ENAMETOOLONG: "sökvägen är för lång",
    errno.EIO: "lagringen svarar med fel",
    errno.EFBIG: "filen är större än filsystemet eller gränsen för processen tillåter",
}


class LagesbildError(Exception):
    """Base of everything Lägesbild raises on purpose.

    `message` says what is wrong and `remedy` what to do about it, both in Swedish, both whole sentences.
    `exit_code` follows the contract: 1 internal error, 2 the input or the call is wrong.
    """

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class InputError(LagesbildError):
    """The call, a file or a setting is wrong; nothing has been changed."""

    exit_code = 2


class ConfigError(InputError):
    """A setting has a value that cannot be used."""


class UnknownCodeError(InputError):
    """A code (region, care area, provider, dataset, run) that does not exist."""


class DatabaseUnavailableError(LagesbildError):
    """PostgreSQL does not answer. The web tier shows it and recovers by itself."""


class DatabaseOutdatedError(DatabaseUnavailableError):
    """The database answers, but lacks tables or columns of this version. Waiting does not help; a migration does."""


class ForecastError(LagesbildError):
    """A forecast run could not be made or read."""


class SnapshotError(InputError):
    """A file cannot be read as a snapshot, or a snapshot cannot be used for what was asked."""


class SnapshotUnsafeError(SnapshotError):
    """A file tries to do more than hold a snapshot: leave its folder, fill memory, hide one file behind another."""


class SnapshotNewerError(SnapshotError):
    """A snapshot of a format that a later version of the program made."""


class SnapshotStoreError(LagesbildError):
    """The place where snapshots are kept cannot be read or written; what was there before still is."""


def why(error: OSError, *, making: bool = False) -> str:
    """Why the operating system refused, in Swedish, to stand after a colon; a rare reason is its number. `making`: it
    was to be made, so what does not exist is a directory above it.

    >>> why(FileNotFoundError(errno.ENOENT, "")), why(FileNotFoundError(errno.ENOENT, ""), making=True)
    ('den finns inte', 'den finns inte och kan inte skapas')
    """
    if making and error.errno == errno.ENOENT:
        return f"{_WHY[errno.ENOENT]} och kan inte skapas"
    return _WHY.get(error.errno or 0, f"fel {error.errno}")


@dataclass(frozen=True)
class Fault:
    """One fault in a file: where, what stood there, what was expected and what to do. Texts in Swedish.

    `line` counts from 1 as an editor or Excel does (the header is line 1); 0 means the file as a whole.
    """

    file: str
    line: int
    column: str
    value: str
    expected: str
    remedy: str
    severity: str = "error"  # "error" rejects the file, "warning" is told and let through


@dataclass
class ImportRejectedError(InputError):
    """A file was rejected whole. `faults` holds the first 1 000, `total` how many there were."""

    faults: list[Fault] = field(default_factory=list)
    total: int = 0

    def __init__(self, faults: list[Fault], total: int | None = None) -> None:
        self.faults = faults
        self.total = len(faults) if total is None else total
        InputError.__init__(
            self,
            f"Filen avvisades: {count(self.total)} fel. Ingenting har ändrats.",
            "Rätta raderna nedan och importera igen.",
        )
