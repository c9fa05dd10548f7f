"""Whether a snapshot will fit, asked before it is made: making one takes half a minute that a full disk would waste.

An estimate. Whether the file is there whole is decided when it is written (`atomic`), which leaves nothing half.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

LEAST: Final = 20_000_000  # bytes; the first one, and whatever else is written meanwhile
GROWTH: Final = 1.5  # times the last one


def needed(folder: Path) -> int:
    """Bytes that the next snapshot may take: half more than the newest in the folder, and never less than LEAST."""
    newest = (0.0, 0)
    for path in folder.glob("*.zip"):
        try:
            told = path.stat()
        except OSError:  # gone since, or a link that leads nowhere
            continue
        newest = max(newest, (told.st_mtime, told.st_size))
    return max(LEAST, int(GROWTH * newest[1]))


def lacking(folder: Path, needed: int) -> int | None:
    """Bytes that are free where `folder` is or would be made, when they are fewer than `needed`; else None.

    None too where the system does not say: then the writing tells.
    """
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        free = shutil.disk_usage(place).free
    except OSError:
        return None
    return free if free < needed else None
