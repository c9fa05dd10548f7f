"""One Swedish sentence: why a region's care area is flagged, or why not."""

from __future__ import annotations

from collections.abc import Sequence

from lagesbild.domain.gap_status import WITHDRAW
from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import MIN_OBSERVED
from lagesbild.domain.swedish import join_and, percent


def young_reason(observed: int) -> str:
    """
    >>> young_reason(1)
    'Kan inte bedömas: serien har 1 månad och minst 24 behövs.'
    >>> young_reason(0)
    'Kan inte bedömas: andelen inom vårdgarantin är inte rapporterad.'
    """
    if observed == 0:
        return "Kan inte bedömas: andelen inom vårdgarantin är inte rapporterad."
    months = "1 månad" if observed == 1 else f"{observed} månader"
    return f"Kan inte bedömas: serien har {months} och minst {MIN_OBSERVED} behövs."


def unreported_reason(month: Month) -> str:
    """
    >>> unreported_reason(Month(2026, 10))
    'Kan inte bedömas: oktober 2026 är inte rapporterad.'
    """
    return f"Kan inte bedömas: {month.sv} är inte rapporterad."


def open_reason(target: float, since: Month, structural: float, *, at_least: bool = False) -> str:
    """`at_least`: it was so already when the series began. Views give the share, since they protect small lists.

    >>> open_reason(.8, Month(2026, 3), .742).replace(chr(160), " ")
    'Under 80 % sedan mars 2026, säsongsrensat.'
    >>> open_reason(.8, Month(2020, 1), .70, at_least=True).replace(chr(160), " ")
    'Under 80 % sedan minst januari 2020, säsongsrensat.'
    >>> open_reason(.8, Month(2026, 3), .812).replace(chr(160), " ")
    'Under 80 % i genomsnitt över tolv månader sedan mars 2026; säsongsrensat ligger den senaste månaden inte under.'
    """
    when = f"minst {since.sv}" if at_least else since.sv
    if structural < target:
        return f"Under {percent(target, 0)} sedan {when}, säsongsrensat."
    return (
        f"Under {percent(target, 0)} i genomsnitt över tolv månader sedan {when}; "
        "säsongsrensat ligger den senaste månaden inte under."
    )


def expected_reason(target: float, opens: Month, chance: float) -> str:
    """
    >>> expected_reason(.8, Month(2027, 1), .62).replace(chr(160), " ")
    'Väntas falla under 80 % i januari 2027; sannolikheten är 62 % inom tolv månader.'
    >>> expected_reason(.8, Month(2027, 1), .34).replace(chr(160), " ")
    'Kan falla under 80 %, troligast i januari 2027; sannolikheten är 34 % inom tolv månader.'
    """
    odds = f"sannolikheten är {percent(chance, 0)} inom tolv månader."
    if chance >= 0.5:
        return f"Väntas falla under {percent(target, 0)} i {opens.sv}; {odds}"
    return f"Kan falla under {percent(target, 0)}, troligast i {opens.sv}; {odds}"


def kept_reason(target: float, chance: float) -> str:
    """
    >>> kept_reason(.8, .24).replace(chr(160), " ")
    'Bevakas sedan förra prognosen: sannolikheten att falla under 80 % är nu 24 %, och flaggan tas bort under 20 %.'
    """
    return (
        f"Bevakas sedan förra prognosen: sannolikheten att falla under {percent(target, 0)} är nu "
        f"{percent(chance, 0)}, och flaggan tas bort under {percent(WITHDRAW, 0)}."
    )


def seasonal_reason(target: float, months: Sequence[Month]) -> str:
    """
    >>> seasonal_reason(.8, [Month(2027, 7), Month(2027, 8)]).replace(chr(160), " ")
    'Säsong: väntas ligga under 80 % i juli och augusti 2027, men inte säsongsrensat.'
    """
    same_year = len({m.year for m in months}) == 1
    names = [m.name for m in months[:-1]] if same_year else [m.sv for m in months[:-1]]
    when = join_and([*names, months[-1].sv])
    return f"Säsong: väntas ligga under {percent(target, 0)} i {when}, men inte säsongsrensat."


def none_reason(target: float, chance: float) -> str:
    """
    >>> none_reason(.8, .04).replace(chr(160), " ")
    'Väntas hålla 80 %; sannolikheten att andelen faller under är 4 % inom tolv månader.'
    >>> none_reason(.8, .002).replace(chr(160), " ")
    'Väntas hålla 80 %; sannolikheten att andelen faller under är mindre än 1 % inom tolv månader.'
    """
    odds = f"mindre än {percent(0.01, 0)}" if chance < 0.01 else percent(chance, 0)
    return f"Väntas hålla {percent(target, 0)}; sannolikheten att andelen faller under är {odds} inom tolv månader."
