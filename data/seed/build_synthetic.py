"""Rewrites data/seed/synthetic and the calibration table of data/seed/README.md: `python build_synthetic.py`.

A test makes the same files in a directory of its own and compares them byte for byte.
"""

from __future__ import annotations

import re
from pathlib import Path

from lagesbild.jobs.seed.calibration import as_markdown, calibration_table, default_runs
from lagesbild.jobs.seed.generate import generate

HERE = Path(__file__).parent
_BLOCK = re.compile(r"(<!-- calibration -->\n).*?(<!-- /calibration -->)", re.DOTALL)


def readme_with(table: str, text: str) -> str:
    """The README's text with its calibration table replaced."""
    return _BLOCK.sub(rf"\1{table}\2", text)


if __name__ == "__main__":
    generate(
        HERE / "synthetic", reference=False, faults=True
    )  # regions, care areas and limits are real and lie in real/
    readme = HERE / "README.md"
    table = as_markdown(calibration_table(default_runs()))
    readme.write_text(readme_with(table, readme.read_text(encoding="utf-8")), encoding="utf-8")
