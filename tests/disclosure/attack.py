"""The attacker: collects all that the tables say, adds what everybody knows, and asks a linear programme for bounds."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, vstack

from lagesbild.components.model import FigureCard, Page
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import OWN_HEALTHCARE_REGION, Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import datakvalitet, kapacitetsgap, overview, produktion, prognos, region, vantetider, vardomrade
from lagesbild.views.flows import flows
from tests.disclosure.codebook import Knowledge, Terms, Var, Where, read_card, selections, year_totals
from tests.disclosure.pages import seen
from tests.disclosure.quality_book import read_quality
from tests.disclosure.tables import read_tables
from tests.fakes import FakeSource

PAGES = tuple(x.PAGE for x in (vantetider, produktion, overview, region, vardomrade, kapacitetsgap, prognos))
COLUMNS = (
    "within_limit", "over", "waiting", *WAIT_BANDS, "excluded_patient_choice", "excluded_medical", "excluded",
    "added", "performed", "removed_other",
)  # fmt: skip


def truth(source: FakeSource, area: str) -> dict[Var, float]:
    """Every count of the regions' own rows and of their providers'."""
    out: dict[Var, float] = {}
    for dataset in ("waits", "production"):
        frame = source.frames[dataset]
        for row in frame[frame["care_area"] == area].to_dict("records"):
            key = (row["provider"] or row["region"], Month.parse(str(row["period"])[:7]))
            out |= {(*key, c): float(row[c]) for c in COLUMNS if c in row}
            if dataset == "waits":
                out[*key, "over"] = float(row["waiting"] - row["within_limit"])
                out[*key, "excluded"] = float(row["excluded_patient_choice"] + row["excluded_medical"])
    return out


def collected(source: FakeSource, area: str, months: list[Month], viewer: Viewer) -> Knowledge:
    """From every table of every page that shows counts or shares of waits and production, for the country, each
    region, healthcare region and provider in each month, and from the published tables of all months."""
    know = Knowledge()
    groups = healthcare_regions(source)
    regions = [r.code for r in source.regions() if r.parent]
    facts = truth(source, area)
    everything = sorted({m for _, m, _ in facts})
    wholes = [
        *selections(months, regions, groups, area),
        *(
            Selection(care_area=area, region=p.region, provider=p.code, month=m)
            for p in source.providers()
            for m in months
        ),
    ]
    group_of = {r: name for name, mine in groups.items() for r in mine}
    sums_counted = {m: added_up(source, Selection(care_area=area, month=m), groups) for m in months}
    made: dict[Hashable, Any] = {}
    for selection in wholes:
        told = tuple(r for r in regions if (r, selection.month, "waiting") in facts)
        places = {r: (r,) for r in regions} | {"Riket": told}
        sums = {name: tuple(r for r in mine if r in told) for name, mine in groups.items()}
        places |= sums | {f"Sjukvårdsregion {name}": mine for name, mine in sums.items()}
        found = flows(source, selection, viewer=viewer, group=selection.healthcare_region)
        counted = tuple(r.code for r in found.counted) if found else ()
        if selection.provider:
            counted = (selection.provider,)
        where = Where(
            selection.month,
            places,
            counted,
            tuple(everything),
            selection.region,
            selection.healthcare_region or "Riket",
            f"Sjukvårdsregion {group_of[selection.region]}"
            if selection.compare == OWN_HEALTHCARE_REGION
            else selection.compare,
            {"Riket": counted} | sums_counted[selection.month],
        )
        for page in PAGES:
            if not _shown(page, selection):
                continue
            for section in page.build(seen(page, source, selection, viewer, made)).sections:
                if isinstance(section, FigureCard):
                    read_card(know, page.path, section, where)
                    if section.id == "balans" and found is not None:
                        year_totals(know, section.title, where, found.end)
        if selection.month == months[-1] and not (
            selection.provider or selection.healthcare_region or selection.compare
        ):
            names = {p.name: p.code for p in source.providers()}
            told_of = datakvalitet.PAGE.build(seen(datakvalitet.PAGE, source, selection, viewer, made))
            read_quality(know, told_of, where, names, area, facts)
    read_tables(know, source, area, facts, viewer)
    return know


def _shown(page: Page, selection: Selection) -> bool:
    """Whether the page is read for the selection: each where it shows what it has of it."""
    if selection.provider:
        return page is produktion.PAGE
    if selection.compare:
        return page is region.PAGE
    if selection.healthcare_region:
        return page in (vantetider.PAGE, produktion.PAGE, vardomrade.PAGE)
    if page is vardomrade.PAGE:
        return not selection.region
    return page is not region.PAGE or bool(selection.region)


def added_up(source: FakeSource, whole: Selection, groups: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The regions whose flows are added up in each healthcare region, for a selection of the whole country."""
    read = {name: flows(source, whole, group=name) for name in groups}
    return {name: tuple(r.code for r in x.counted) for name, x in read.items() if x is not None}


def healthcare_regions(source: FakeSource) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for r in source.regions():
        if r.healthcare_region:
            out[r.healthcare_region] = (*out.get(r.healthcare_region, ()), r.code)
    return out


def parts(source: FakeSource, facts: dict[Var, float]) -> tuple[dict[Var, float], list[Terms]]:
    """What no provider reports, as counts of their own, and that they and the providers make the region."""
    rest: dict[Var, float] = {}
    zero: list[Terms] = []
    mine: dict[str, list[str]] = {}
    for p in source.providers():
        mine.setdefault(p.region, []).append(p.code)
    for place, month, column in list(facts):
        keys = [(p, month, column) for p in mine.get(place, []) if (p, month, column) in facts]
        if keys and len(keys) == len(mine[place]):
            left = (f"{place} other", month, column)
            found = facts[place, month, column] - sum(facts[k] for k in keys)
            if found < 0:
                continue  # a fault
            rest[left] = found
            zero.append(dict.fromkeys([*keys, left], 1.0) | {(place, month, column): -1.0})
    return rest, zero


def identities(facts: dict[Var, float], cuts: dict[str, int]) -> list[Terms]:
    """What everybody knows to be zero: parts that make a whole, and the balance from month to month."""
    out: list[Terms] = []
    for place, month in sorted({(r, m) for r, m, _ in facts}):

        def v(column: str, at: Month = month, r: str = place) -> Var:
            return r, at, column

        if v("waiting") in facts:
            bands = WAIT_BANDS
            cut = cuts.get(place, 3)
            out.append({v("within_limit"): 1.0, v("over"): 1.0, v("waiting"): -1.0})
            out.append({v(b): 1.0 for b in bands[:cut]} | {v("within_limit"): -1.0})
            out.append({v(b): 1.0 for b in bands[cut:]} | {v("over"): -1.0})
            out.append({v("excluded_patient_choice"): 1.0, v("excluded_medical"): 1.0, v("excluded"): -1.0})
        before = v("waiting", month - 1)
        if before in facts and v("waiting") in facts and v("added") in facts:
            flow = {v("added"): -1.0, v("performed"): 1.0, v("removed_other"): 1.0}
            out.append({v("waiting"): 1.0, before: -1.0} | flow)
    return out


def widths(
    facts: dict[Var, float], know: Knowledge, zero: list[Terms], targets: dict[str, Terms]
) -> dict[str, tuple[float, float]]:
    """Least and greatest value that each target (a count, or a sum of counts) can have."""
    place = {v: k for k, v in enumerate(facts)}
    rows, low, high = [], [], []
    for terms in zero:
        rows.append(terms)
        low.append(0.0)
        high.append(0.0)
    seen = set()
    for terms, a, b in know.rows:
        # a month or region without a report adds nothing to a sum
        kept = {v: x for v, x in terms.items() if v in place}
        key = (tuple(sorted((place[v], round(x, 9)) for v, x in kept.items())), a, b)
        if kept and key not in seen:
            seen.add(key)
            rows.append(kept)
            low.append(a)
            high.append(b)
    i, j, x = [], [], []
    for k, terms in enumerate(rows):
        for v, value in terms.items():
            i.append(k)
            j.append(place[v])
            x.append(value)
    lo, hi = np.array(low), np.array(high)
    matrix = coo_matrix((x, (i, j)), shape=(len(rows), len(place))).tocsr()
    equal = hi - lo < 1e-12
    upper, lower = ~equal & (hi < 1e7), ~equal
    a_ub = [matrix[upper], -matrix[lower]]
    b_ub = np.concatenate([hi[upper], -lo[lower]])
    real = np.array(list(facts.values()))
    assert np.abs(matrix[equal] @ real - lo[equal]).max(initial=0) < 1e-4, "the codebook says what is not true"
    assert (vstack(a_ub) @ real - b_ub).max(initial=-1) < 1e-3, "the codebook says what is not true"
    out = {}
    for name, terms in targets.items():
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(place))
            for v, x in terms.items():
                goal[place[v]] = sign * x
            found = _solved(goal, vstack(a_ub), b_ub + 1e-6, matrix[equal], lo[equal])
            ends.append(np.inf if found.status == 3 else sign * found.fun)
        out[name] = (ends[0], abs(ends[1]))
    return out


def _solved(goal, a_ub, b_ub, a_eq, b_eq):
    """With another method where the first one loses its footing in rounding."""
    for how in ("highs", "highs-ipm", "highs-ds"):
        found = linprog(goal, A_ub=a_ub, b_ub=b_ub, A_eq=a_eq, b_eq=b_eq, bounds=(0, None), method=how)
        if found.status in (0, 3):
            return found
    raise AssertionError(found.message)


def pinned(
    source: FakeSource, area: str, months: list[Month], viewer: Viewer, *, at_most: int, seed: int = 0
) -> tuple[list[str], Knowledge]:
    """Small counts that the attacker knows to less than one, of up to `at_most` small counts of regions and providers
    that are tried, and as many small sums of flows over a healthcare region's regions."""
    facts = truth(source, area)
    know = collected(source, area, months, viewer)
    limits = {x.region: x.days for x in source.guarantee_limits() if x.care_area == area}
    cuts = {r.code: (2 if limits.get(r.code) == 60 else 3) for r in source.regions()}
    cuts |= {p.code: cuts[p.region] for p in source.providers()}
    small = [v for v, x in facts.items() if 0 < x < viewer.threshold and v[1] in months]
    rng = np.random.default_rng(seed)
    tried = {_named(v, facts[v]): {v: 1.0} for v in (small[k] for k in rng.permutation(len(small))[:at_most])}
    tried |= dict(list(small_sums(source, facts, area, months, viewer.threshold).items())[:at_most])
    rest, zero = parts(source, facts)
    # what everybody knows to be so; a fault is where it is not
    known = [terms for terms in identities(facts, cuts) if abs(sum(x * facts[v] for v, x in terms.items())) < 0.5]
    found = widths(facts | rest, know, [*known, *zero], tried)
    return [name for name, (a, b) in found.items() if b - a < 1 - 1e-4], know


def _named(v: Var, value: float) -> str:
    return f"{v[0]} {v[1]} {v[2]} = {value:.0f}"


def small_sums(
    source: FakeSource, facts: dict[Var, float], area: str, months: list[Month], threshold: int
) -> dict[str, Terms]:
    """Of the flows of each healthcare region, where several regions are added up."""
    out: dict[str, Terms] = {}
    for month in months:
        sums = added_up(source, Selection(care_area=area, month=month), healthcare_regions(source))
        for name, codes in sums.items():
            for column in ("added", "performed", "removed_other"):
                terms = {(r, month, column): 1.0 for r in codes}
                value = sum(facts.get(v, 0.0) for v in terms)
                if len(codes) > 1 and 0 < value < threshold and all(v in facts for v in terms):
                    out[_named((name, month, column), value)] = terms
    return out


def untrue(know: Knowledge, facts: dict[Var, float]) -> list[str]:
    """Statements that do not hold: a fault of the codebook, or a wrong number on a page."""
    out = []
    for terms, low, high in know.rows:
        value = sum(x * facts.get(v, 0.0) for v, x in terms.items())
        if not low - 1e-3 <= value <= high + 1e-3:
            out.append(f"{low} <= {value} <= {high}: {list(terms)[:6]}")
    return out
