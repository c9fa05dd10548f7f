"""CSV files that grow care area by care area, so that any size fits in memory, each with its sidecar at the end."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import TracebackType

import pandas as pd

from lagesbild.data.importers.sidecar import sidecar_content

PRODUCER = "Lägesbild"
SOURCE = "Syntetiska data, Lägesbilds simulering"


class Files:
    """Writes frames to files: `with Files(directory, seed) as files: files.add(name, dataset, frame)`."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.directory = directory
        self.seed = seed
        self._meta: dict[str, dict[str, object]] = {}
        self._span: dict[str, tuple[str, str]] = {}

    def __enter__(self) -> Files:
        self.directory.mkdir(parents=True, exist_ok=True)
        self._clear()
        return self

    def _clear(self) -> None:
        """Remove what an earlier run of other arguments left behind; nothing that is not ours."""
        for sidecar in self.directory.glob("*.csv.meta.json"):
            meta = sidecar_content(sidecar)
            if meta.get("producer") == PRODUCER and meta.get("synthetic"):
                sidecar.with_name(sidecar.name.removesuffix(".meta.json")).unlink(missing_ok=True)
                sidecar.unlink()

    def add(
        self,
        name: str,
        dataset: str,
        frame: pd.DataFrame,
        *,
        recorded_at: str = "",
        provisional: bool = False,
        notes: str = "",
    ) -> None:
        """Append rows to `<name>.csv`; the first call starts the file. An empty frame writes nothing."""
        if frame.empty:
            return
        path = self.directory / f"{name}.csv"
        started = name in self._meta
        frame.to_csv(path, mode="a" if started else "w", header=not started, index=False, lineterminator="\n")
        if "period" in frame:
            low, high = self._span.get(name, ("9999", "0000"))
            self._span[name] = (min(low, str(frame["period"].min())), max(high, str(frame["period"].max())))
        if not started:
            self._meta[name] = {"dataset": dataset, "provisional": provisional, "notes": notes}
            if recorded_at:
                self._meta[name]["recorded_at"] = recorded_at

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            for name, meta in self._meta.items():
                self._sidecar(name, meta)

    def _sidecar(self, name: str, meta: dict[str, object]) -> None:
        path = self.directory / f"{name}.csv"
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
        whole = {
            "producer": PRODUCER,
            "source": SOURCE,
            "licence": "CC0",
            "url": "",
            "retrieved": "",
            "period": "–".join(self._span[name]) if name in self._span else "",
            "synthetic": True,
            "seed": self.seed,
            "sha256": digest.hexdigest(),
            **meta,
        }
        text = json.dumps(whole, ensure_ascii=False, indent=2)
        path.with_name(path.name + ".meta.json").write_text(text + "\n", encoding="utf-8")
