"""Writes frames as contract CSVs, each with the sidecar that says where its rows came from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class Origin:
    """What the sidecar tells: who published the rows, where, under which licence."""

    producer: str
    source: str
    licence: str
    url: str
    notes: str


def write_dataset(frame: pd.DataFrame, dataset: str, directory: Path, origin: Origin) -> Path:
    """Write `<directory>/<dataset>.csv` and `<dataset>.csv.meta.json`. Whole numbers are written without decimals."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{dataset}.csv"
    whole = frame.select_dtypes("float").columns
    text = frame.astype({c: "Int64" for c in whole if (frame[c].dropna() % 1 == 0).all()}).to_csv(index=False)
    path.write_text(text, encoding="utf-8")
    months = (str(frame["period"].min()), str(frame["period"].max())) if "period" in frame and len(frame) else ("", "")
    meta = {
        **asdict(origin),
        "period": "/".join(months).strip("/"),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "synthetic": False,
        "provisional": False,
    }
    path.with_name(path.name + ".meta.json").write_text(
        json.dumps(meta, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    return path
