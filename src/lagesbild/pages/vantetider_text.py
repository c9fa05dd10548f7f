"""What `/vantetider` says first: the country, what is chosen in it and who is counted; and the way back."""

from __future__ import annotations

from collections.abc import Sequence

from lagesbild.domain.source import COUNTRY
from lagesbild.domain.swedish import capital, count
from lagesbild.pages.phrases import persons
from lagesbild.pages.waits_text import group_words, over_whole, share_text, who_is_in, within, within_whole
from lagesbild.views.healthcare_regions import Group
from lagesbild.views.wait_bands import Bands
from lagesbild.views.wait_counts import Counts, group_code
from lagesbild.views.wait_ranking import Ranked, Ranking
from lagesbild.views.waits import Waits


def sentences(
    waits: Waits,
    area: int,
    ranking: Ranking,
    bands: Sequence[Bands],
    region: str,
    country: str,
    group: Group | None,
) -> tuple[str, ...]:
    """The country's share; then that of what is chosen, or the lowest. `ranking` is of the `group`, when told."""
    where = "riket" if country == "Riket" else country
    whole = ranking.country
    out = []
    chosen = next((r for r in ranking.regions if r.region and r.region.code == region), None)
    if whole is not None:
        out.append(f"{_share(whole)} av de väntande i {where} har väntat {within_whole(waits, area)}.")
    elif group is None and len(ranking.regions) == 1:
        only = ranking.regions[0]
        name = only.region.short_name if only.region else where
        out.append(f"{_share(only)} av de väntande i {name} har väntat {within(only.days)}.")
    if group is not None:
        out.append(_of_group(waits, area, ranking, group, lowest=chosen is None))
    if chosen is not None and chosen.region is not None and (group or chosen.region != _lowest(ranking)):
        own = "" if chosen.days == ranking.days else f" inom sin egen gräns, {count(chosen.days)} dagar"
        out.append(f"I {chosen.region.short_name} är andelen {_share(chosen)}{own}.")
    elif chosen is None and (gone := _without_share(waits, area, region)):
        out.append(gone)
    elif group is None and len(ranking.regions) > 1:
        low = ranking.regions[-1]
        assert low.region is not None  # regions have one
        out.append(f"{low.region.short_name} har lägst andel, {_share(low)}.")
    if not out:
        out.append(f"Andelen inom vårdgarantin i {where} kan inte räknas ut.")
    provider = next((b for b in bands if b.provider is not None), None)
    if provider is not None and provider.provider is not None and provider.total is not None:
        out.append(f"{provider.provider.name} har {persons(provider.total)} i kö.")
    return tuple(capital(s) for s in out)


def _without_share(waits: Waits, area: int, region: str) -> str:
    """Of a chosen region without a number in the ranking: why. Empty when none such is chosen."""
    index = waits.region_index(region)
    if index is None:
        return ""
    name, month = waits.regions[index].short_name, waits.end.sv
    match waits.state(area, index):
        case "missing":
            return f"{name} har inte rapporterat väntande för {month}."
        case "excluded":
            return f"{name} är utesluten ur talen för {month}."
        case "suppressed":
            return f"Andelen i {name} visas inte: små tal är skyddade."
        case "empty":
            return f"I {name} väntar ingen."
        case _:
            return ""


def _of_group(waits: Waits, area: int, ranking: Ranking, group: Group, *, lowest: bool) -> str:
    """`I sjukvårdsregion Södra är andelen 82,3 %, lägst i Kronoberg med 76,1 %.`"""
    name, own = group_words(group.name), ranking.group
    if own is None:
        why = "små tal är skyddade" if group.coarse else "ingen av dess regioner har rapporterat den"
        return f"I {name} kan andelen inte visas: {why}."
    low = ranking.regions[-1] if lowest and len(ranking.regions) > 1 else None
    least = f", lägst i {low.region.short_name} med {_share(low)}" if low is not None and low.region else ""
    # a sum over regions with limits of their own is not of the country's number of days
    mine, all_ = within_whole(waits, area, group.counted), within_whole(waits, area)
    limit = "" if mine == all_ else f" som har väntat {mine}"
    return f"I {name} är andelen{limit} {_share(own)}{least}."


def _lowest(ranking: Ranking) -> object:
    return ranking.regions[-1].region if ranking.regions else None


def _share(r: Ranked) -> str:
    return share_text(r.share, coarse=r.coarse)


def more(waits: Waits, area: int, counts: Counts, group: Group | None) -> str:
    """How many have waited too long, of how many, and who is counted."""
    code = group_code(group.name) if group else COUNTRY
    over, all_ = counts.shown(code, "over"), counts.shown(code, "waiting")
    parts = []
    if over is not None and all_ is not None and len(waits.regions) > 1:
        limit = over_whole(waits, area, group.counted if group else None)
        parts.append(f"{count(over)} av {persons(all_)} har väntat {limit}.")
    parts.append(who_is_in(waits, area, group))
    return " ".join(p for p in parts if p)
