"""Headed space in the support office's assessment of a new care area: what no register can answer."""

from __future__ import annotations

from lagesbild.reports.document import Section, Space
from lagesbild.reports.looking import Reader


def safety(reader: Reader) -> Section:
    """Patient safety and feasibility."""
    return Section(
        "patientsakerhet",
        "Patientsäkerhet och genomförbarhet",
        (
            Space(
                "Patientsäkerhet",
                "Vilka risker finns med att få vården i en annan region, före, under och efter? Vilka patienter "
                "bör inte förmedlas?",
            ),
            Space("Genomförbarhet", "Remiss, bedömning, resa, uppföljning och komplikationer: vem ansvarar för vad?"),
        ),
    )


def ethics(reader: Reader) -> Section:
    """Ethics and priorities."""
    return Section(
        "etik",
        "Etik och prioriteringar",
        (
            Space("Prioriteringar", "Hur förhåller sig vårdområdet till etiska plattformen? Vilka trängs undan?"),
            Space("Jämlikhet", "Vilka patienter kan ta emot ett erbjudande i en annan region, och vilka kan inte det?"),
        ),
    )


def assessment(reader: Reader) -> Section:
    """What the office concludes."""
    return Section(
        "bedomning",
        "Samlad bedömning",
        (Space("Slutsats", "Lämpar sig vårdområdet för nationell vårdförmedling? Villkor och nästa steg."),),
    )
