"""The made-up country of tests/forecast, imported as its owner would: one CSV file a dataset."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from lagesbild.data.engine import Database
from lagesbild.jobs.importing import import_file
from tests.forecast.made_up import country


def import_country(database: Database, folder: Path, *, synthetic: bool = False) -> None:
    """Two regions in two care areas, 48 months; the files are written to `folder`."""
    made = country(regions=2)
    frames = {
        "regions": pd.DataFrame([vars(r) for r in made.region_rows]).assign(healthcare_region="Norra"),
        "care-areas": pd.DataFrame([vars(a) for a in made.area_rows]),
        **made.frames,
    }
    for name, frame in frames.items():
        path = folder / f"{name}.csv"
        frame.to_csv(path, index=False)
        import_file(database, name, path, synthetic=synthetic)
