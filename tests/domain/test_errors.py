"""Errors carry a Swedish sentence, a remedy and the exit code of the contract."""

from __future__ import annotations

import pytest

from lagesbild.domain import errors
from lagesbild.domain.errors import Fault, ImportRejectedError, InputError, LagesbildError

KINDS = [
    e
    for e in vars(errors).values()
    if isinstance(e, type) and issubclass(e, LagesbildError) and e is not LagesbildError
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_callers_fault_is_2_and_ours_1(kind):
    assert kind.exit_code == (2 if issubclass(kind, InputError) else 1)


def test_message_and_remedy_read_as_one_text():
    assert str(LagesbildError("Filen saknas.", "Kontrollera sökvägen.")) == "Filen saknas. Kontrollera sökvägen."
    assert str(LagesbildError("Filen saknas.")) == "Filen saknas."


def test_a_rejected_file_counts_more_faults_than_it_lists():
    fault = Fault("waits.csv", 3, "waiting", "-1", "ett heltal, minst 0", "Rätta värdet.")
    few = ImportRejectedError([fault])
    many = ImportRejectedError([fault] * 1000, total=4711)
    assert (few.total, len(few.faults)) == (1, 1)
    assert (many.total, len(many.faults)) == (4711, 1000)
    assert "4711" in many.message
    assert "Ingenting har ändrats" in many.message
    assert many.exit_code == 2
