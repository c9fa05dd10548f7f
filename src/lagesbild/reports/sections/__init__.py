"""The sections of a briefing, each from the pages that answer its question. None when there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from lagesbild.reports.document import Section
from lagesbild.reports.looking import Reader
from lagesbild.reports.sections.definitions import definitions
from lagesbild.reports.sections.forecast import forecast
from lagesbild.reports.sections.national import national
from lagesbild.reports.sections.production import production
from lagesbild.reports.sections.quality import quality
from lagesbild.reports.sections.summary import summary
from lagesbild.reports.sections.travel import travel
from lagesbild.reports.sections.waits import waits
from lagesbild.reports.sections.writing import assessment, ethics, safety

MAKERS: Final[Mapping[str, Callable[[Reader], Section | None]]] = {
    "sammanfattning": summary,
    "vantetider": waits,
    "produktion": production,
    "utomlansvard": travel,
    "prognos": forecast,
    "riket": national,
    "kvalitet": quality,
    "definitioner": definitions,
    "patientsakerhet": safety,
    "etik": ethics,
    "bedomning": assessment,
}
