"""What forecasts rest on: calibration, scenario facts, fitted parameters, the record of warnings, and backtests.

Runs made before keep their rows: new columns are empty there, and pages say less about them. No way down.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
