"""Whether the values of a row go together. Rules of arithmetic only; whether codes exist is decided before.

A cell given as `<n` lies between 0 and n - 1, so a rule is broken only when it is broken whatever the cell hides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lagesbild.data.importers.codes import Codes
from lagesbild.data.importers.faults import Faults
from lagesbild.data.importers.typed import Typed
from lagesbild.domain.dataset_spec import WAIT_BANDS

BAND_TOLERANCE: Final = 2  # bands rounded at the source may miss the total by this much; contract
SHARE_TOLERANCE: Final = 1.0  # per cent units a published share may fall short of its counts
Texts = Callable[[int], tuple[str, str]]  # row -> (value shown, what was expected)


def check_rows(typed: Typed, codes: Codes, faults: Faults) -> None:
    """Every rule that concerns one row of this dataset at a time."""
    if not typed.rows:
        return
    name = typed.dataset.name
    if name == "waits":
        _at_most(typed, "within_limit", "waiting", faults)
        _check_bands(typed, faults)
    if name == "production":
        _at_most(typed, "performed_within_limit", "performed", faults)
        _check_performed_share(typed, faults)
    if name in ("out-of-region", "brokering"):
        _check_two_regions(typed, faults)
    if name == "breaks":
        _in_order(typed, "from", "to", "till-månaden ligger före från-månaden", faults)
    if name == "providers":
        _in_order(typed, "agreement_from", "agreement_until", "avtalet slutar innan det börjar", faults)
    if name == "care-areas":
        _whole_days(typed, "guarantee_days", faults)
    if name == "guarantee-limits":
        _whole_days(typed, "days", faults)
    for column, limit in (("lat", 90.0), ("lon", 180.0)):
        if column in typed.values:
            _check_coordinate(typed, column, limit, faults)
    if "provider" in typed.values:
        _check_provider_region(typed, codes, faults)


def _tell(
    typed: Typed, wrong: np.ndarray, column: str, remedy: str, faults: Faults, texts: Texts, *, warning: bool = False
) -> None:
    """One fault per row where `wrong`; only counted once enough are shown."""
    rows = np.flatnonzero(wrong)
    for number, row in enumerate(rows):
        if faults.full(warning=warning):
            faults.count_more(len(rows) - number, warning=warning)
            return
        value, expected = texts(int(row))
        faults.add(int(typed.lines[row]), column, value, expected, remedy, warning=warning)


def _at_most(typed: Typed, part: str, whole: str, faults: Faults) -> None:
    wrong = typed.lower(part) > typed.upper(whole)
    _tell(
        typed,
        wrong,
        part,
        f"Kontrollera {part} och {whole}; den ena är en del av den andra.",
        faults,
        lambda row: (typed.shown(part, row), f"högst {whole}, som är {typed.shown(whole, row)}"),
    )


def _check_performed_share(typed: Typed, faults: Faults) -> None:
    """A published share below what the counts give is told. Above is right: its source may leave people out of the
    whole (those who chose to wait), never out of the part alone. Catches a share written as 0-1."""
    part, whole, share = "performed_within_limit", "performed", "performed_within_limit_pct"
    most = typed.upper(whole)
    least = 100 * typed.lower(part) / np.where(most > 0, most, np.nan)
    _tell(
        typed,
        typed.number(share) < least - SHARE_TOLERANCE,
        share,
        "Kontrollera andelen och antalen; andelen skrivs från 0 till 100.",
        faults,
        lambda row: (typed.shown(share, row), f"minst {least[row]:.1f}, som är {part} av {whole}".replace(".", ",", 1)),
        warning=True,
    )


def _check_bands(typed: Typed, faults: Faults) -> None:
    """All bands given: they add up to waiting (at most 2 off is a warning). Some given: they do not exceed it."""
    lower = np.stack([typed.lower(b) for b in WAIT_BANDS])
    given = ~np.isnan(lower)
    if not given.any():
        return
    upper = np.stack([typed.upper(b) for b in WAIT_BANDS])
    least, most = np.nansum(lower, axis=0), np.nansum(upper, axis=0)
    low, high = typed.lower("waiting"), typed.upper("waiting")
    complete = given.all(axis=0)
    known = complete & (least == most) & (low == high)
    off = np.where(known, np.abs(least - low), 0)
    too_many = given.any(axis=0) & (least > high + np.where(complete, BAND_TOLERANCE, 0))
    too_few = complete & (most < low - BAND_TOLERANCE)
    remedy = "Kontrollera väntetidsintervallen (waiting_0_30 till waiting_366_) och waiting."

    def texts(row: int) -> tuple[str, str]:
        total = int(least[row]) if least[row] == most[row] else f"{int(least[row])}–{int(most[row])}"
        rule = "samma summa som" if complete[row] else "högst"
        return f"summa {total}", f"{rule} waiting, som är {typed.shown('waiting', row)}"

    _tell(typed, too_many | too_few, "waiting_0_30–waiting_366_", remedy, faults, texts)
    slightly = (off > 0) & (off <= BAND_TOLERANCE)
    _tell(typed, slightly, "waiting_0_30–waiting_366_", remedy, faults, texts, warning=True)


def _check_two_regions(typed: Typed, faults: Faults) -> None:
    same = pc.equal(typed.values["home_region"], typed.values["treating_region"])
    _tell(
        typed,
        same.to_numpy(zero_copy_only=False),
        "treating_region",
        "Vård i den egna regionen hör hemma i produktion (production).",
        faults,
        lambda row: (typed.shown("treating_region", row), "en annan region än hemregionen"),
    )


def _in_order(typed: Typed, first: str, last: str, expected: str, faults: Faults) -> None:
    wrong = pc.fill_null(pc.less(typed.values[last], typed.values[first]), False).to_numpy(zero_copy_only=False)
    _tell(
        typed,
        wrong,
        last,
        "Byt plats på värdena eller rätta det ena.",
        faults,
        lambda row: (typed.shown(last, row), f"{first} eller senare; {expected}"),
    )


def _whole_days(typed: Typed, column: str, faults: Faults) -> None:
    days = typed.number(column)
    wrong = (days != np.floor(days)) & ~np.isnan(days)
    texts: Texts = lambda row: (typed.shown(column, row), "ett helt antal dagar")  # noqa: E731
    _tell(typed, wrong, column, "Skriv gränsen i hela dagar.", faults, texts)


def _check_coordinate(typed: Typed, column: str, limit: float, faults: Faults) -> None:
    texts: Texts = lambda row: (typed.shown(column, row), f"grader från -{limit:.0f} till {limit:.0f}")  # noqa: E731
    remedy = "Skriv koordinaten i grader (WGS 84), inte i meter."
    _tell(typed, np.abs(typed.number(column)) > limit, column, remedy, faults, texts)


def _check_provider_region(typed: Typed, codes: Codes, faults: Faults) -> None:
    provider = typed.values["provider"]
    used = [p for p in pc.unique(provider).to_pylist() if p]
    if not used:
        return
    where = "treating_region" if "treating_region" in typed.values else "region"
    known = [p for p in used if p in codes.providers]
    homes = pa.array([codes.providers[p] for p in known], pa.string())
    home = homes.take(pc.index_in(provider, value_set=pa.array(known, pa.string())))
    wrong = pc.fill_null(pc.not_equal(home, typed.values[where]), False).to_numpy(zero_copy_only=False)
    _tell(
        typed,
        wrong,
        "provider",
        "Rätta vårdgivaren eller regionen.",
        faults,
        lambda row: (
            typed.shown("provider", row),
            f"en vårdgivare i region {typed.shown(where, row)}; den här finns i region {home[row].as_py()}",
        ),
    )
