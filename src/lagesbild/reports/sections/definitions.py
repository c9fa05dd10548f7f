"""What the words mean, and where the figures come from."""

from __future__ import annotations

from lagesbild.domain.terms import TERMS
from lagesbild.reports.document import Prose, Section
from lagesbild.reports.looking import Reader


def definitions(reader: Reader) -> Section:
    """Terms with their definitions. Sources stand under every figure, and in the foot of every page."""
    return Section("definitioner", "Definitioner", (Prose(TERMS),))
