"""Sample paths of a run on their way to the database: in memory while they are few, then in a file without a name.

A pair's four measures weigh 192 kB. The demo's 63 pairs are 12 MB, 63 000 would be 12 GB, all of which had to be there
at once, since a run is stored whole or not at all.
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator, MutableMapping
from typing import Final

import numpy as np

from lagesbild.domain.errors import ForecastError, why
from lagesbild.domain.run_contents import PathKey

IN_MEMORY_BYTES: Final = 256_000_000  # about 1 300 pairs


class PathStore(MutableMapping[PathKey, np.ndarray]):
    """Key -> array, in the order of their coming. What is got is a copy; what is set anew or deleted keeps its room.

    Raises ForecastError when the file can be neither written nor read.
    """

    def __init__(self, in_memory_bytes: int = IN_MEMORY_BYTES) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=in_memory_bytes)  # noqa: SIM115 - open as long as we are
        weakref.finalize(self, self._file.close)
        self._where: dict[PathKey, tuple[int, tuple[int, ...], np.dtype]] = {}
        self._end = 0

    def __setitem__(self, key: PathKey, values: np.ndarray) -> None:
        body = np.ascontiguousarray(values).tobytes()
        try:
            self._file.seek(self._end)
            self._file.write(body)
        except OSError as error:
            raise ForecastError(
                f"Prognosens utfall får inte plats i en tillfällig fil: {why(error)}. Ingenting har sparats.",
                "Frigör plats, eller ange en annan katalog för tillfälliga filer med TMPDIR, och kör igen.",
            ) from error
        self._where[key] = (self._end, values.shape, values.dtype)
        self._end += len(body)

    def __getitem__(self, key: PathKey) -> np.ndarray:
        at, shape, kind = self._where[key]
        size = int(np.prod(shape)) * kind.itemsize
        try:
            self._file.seek(at)
            body = self._file.read(size)
        except OSError as error:
            raise ForecastError(
                f"Prognosens utfall går inte att läsa tillbaka: {why(error)}. Ingenting har sparats.", "Kör igen."
            ) from error
        return np.frombuffer(body, kind).reshape(shape).copy()

    def __delitem__(self, key: PathKey) -> None:
        del self._where[key]

    def __iter__(self) -> Iterator[PathKey]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)
