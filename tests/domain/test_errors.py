"""What a user meets when something is wrong."""

from __future__ import annotations

import errno

from lagesbild.domain.errors import Fault, ImportRejectedError, why


def test_faults_are_counted_as_swedes_write_numbers() -> None:
    error = ImportRejectedError([Fault("f.csv", 2, "waiting", "x", "ett tal", "Rätta det.")], 10_000)
    assert error.message == "Filen avvisades: 10\u00a0000 fel. Ingenting har ändrats."
    assert error.exit_code == 2


def test_the_operating_systems_reasons_are_told_in_swedish_and_a_rare_one_as_its_number() -> None:
    assert why(OSError(errno.ENOSPC, "No space left on device")) == "disken är full"
    assert why(OSError(9_999, "Strange")) == "fel 9999"
