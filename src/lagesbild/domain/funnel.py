"""Funnel limits (Spiegelhalter 2005): how far from the country's share may a region of this size be by chance?

With thousands waiting every region would fall outside the plain limits, so they are widened by what regions differ
anyway (over-dispersion phi, from winsorised z-scores), and the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

Z95: Final = 1.96
Z998: Final = 3.09
WINSORISED: Final = 0.10  # of the z-scores in each tail are pulled in before phi is taken
MIN_REGIONS: Final = 5  # with fewer there is no spread to speak of

Place = Literal["inside", "between", "outside"]


@dataclass(frozen=True)
class Funnel:
    """`centre` is the common share (0-1), `phi` the over-dispersion (1 = pure chance), `z` (n,) the plain z-scores."""

    centre: float
    phi: float
    z: np.ndarray

    @property
    def widening(self) -> float:
        """What the limits are multiplied by: the root of phi, never below 1."""
        return float(np.sqrt(max(1.0, self.phi)))

    def limits(self, sizes: np.ndarray | float, z: float = Z95) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper limit of the share for `sizes` persons waiting, not cut at 0 and 1."""
        half = z * self.widening * _error(self.centre, np.asarray(sizes, float))
        return self.centre - half, self.centre + half

    def places(self) -> list[Place]:
        """For each region: inside the 95 % limits, between them and the 99.8 % limits, or outside both."""
        return [self._place(z) for z in self.z]

    def place_of(self, share: float, size: float) -> Place:
        """The same for a region that did not set the limits."""
        return self._place(float((share - self.centre) / _error(self.centre, np.asarray(float(size)))))

    def _place(self, z: float) -> Place:
        scaled = abs(z) / self.widening
        return "inside" if scaled <= Z95 else "between" if scaled <= Z998 else "outside"


def plain_limits(centre: float, size: float, z: float) -> tuple[float, float]:
    """Limits of pure chance.

    >>> [round(x, 4) for x in plain_limits(.72, 500, Z95)], [round(x, 3) for x in plain_limits(.72, 500, Z998)]
    ([0.6806, 0.7594], [0.658, 0.782])
    """
    half = z * float(_error(centre, np.asarray(float(size))))
    return centre - half, centre + half


def funnel(shares: np.ndarray, sizes: np.ndarray, centre: float) -> Funnel | None:
    """The funnel of regional `shares` (0-1) of `sizes` persons around `centre`.

    None with fewer than `MIN_REGIONS` regions, or when the centre is 0 or 1: then there is no variance to compare with.
    """
    p, n = np.asarray(shares, float), np.asarray(sizes, float)
    if len(p) < MIN_REGIONS or not 0 < centre < 1 or (n <= 0).any():
        return None
    z = (p - centre) / _error(centre, n)
    low, high = np.quantile(z, [WINSORISED, 1 - WINSORISED])
    return Funnel(centre, float(np.mean(np.clip(z, low, high) ** 2)), z)


def _error(centre: float, sizes: np.ndarray) -> np.ndarray:
    return np.asarray(np.sqrt(centre * (1 - centre) / sizes))
