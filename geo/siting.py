"""Where the next few sites serve the most: greedy maximal covering, and how good that is at least.

Each candidate covers some spots of demand, each spot has a weight (km² or people); wanted are N
candidates that cover the most weight together (the maximal covering location problem; Church and
ReVelle 1974). The best choice is out of reach for thousands of candidates. Greedy choice reaches at
least 1 − 1/e of it (Nemhauser, Wolsey and Fisher 1978), mostly far more, and for the case at hand
a bound tells how much.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

_TIE = 1e-9
"""Gains that differ by less than this share of all demand are the same: sums of floats in another
order."""
_BOUND_STEPS = 100
"""Steps of the search for a lower upper bound; each costs one product with the matrix."""


@dataclass(frozen=True)
class Choice:
    """Chosen candidates in the order of choice."""

    chosen: np.ndarray
    gains: np.ndarray
    """Weight that each adds to those before it."""
    upper_bound: float
    """No choice of as many candidates covers more than this."""

    @property
    def guarantee(self) -> float | None:
        """Share of the best possible that is surely reached; None where nothing can be covered.

        Never below 1 − 1/e unless a least distance stood in the way.
        """
        return float(self.gains.sum()) / self.upper_bound if self.upper_bound > 0 else None


def most_covering(
    covers: csr_array,
    weight: np.ndarray,
    count: int,
    places_m: np.ndarray | None = None,
    gap_m: float = 0.0,
) -> Choice:
    """Up to ``count`` candidates, each the one that adds most to those before it.

    ``covers`` is candidates × demand of 0 and 1, ``weight`` by demand. No two are nearer to one
    another than ``gap_m`` (``places_m``: candidates in metres). Of equals the first candidate is
    taken; one that adds nothing is not.

    The bound: what is covered after some step plus the largest gains that as many further candidates
    could add is more than any choice covers (gains only shrink); the least over all steps counts,
    and prices on demand lower it further. Candidates that stand too near together for more than one
    of them count once.
    """
    # What no candidate reaches is no part of any choice.
    reachable = np.asarray(covers.sum(axis=0)).ravel() > 0
    covers, weight = covers[:, reachable], np.asarray(weight, dtype=float)[reachable]
    spaced = places_m is not None and gap_m > 0
    groups = _exclusive_groups(places_m, gap_m) if spaced else np.arange(covers.shape[0])
    bound = _Bound(covers, weight, count, groups)
    by_demand = covers.T.tocsr()
    gain = covers @ weight
    rest = weight.copy()
    is_free = np.ones(len(gain), dtype=bool)
    tie = _TIE * weight.sum()
    chosen: list[int] = []
    gains: list[float] = []
    bound.offer(rest, gain)
    while len(chosen) < count and is_free.any():
        most = gain[is_free].max()
        if most <= tie:
            break
        best = int(np.flatnonzero(is_free & (gain >= most - tie))[0])
        covered = _row(covers, best)
        covered = covered[rest[covered] > 0]
        chosen.append(best)
        gains.append(float(rest[covered].sum()))
        gain = gain - rest[covered] @ by_demand[covered]
        rest[covered] = 0.0
        is_free[best] = False
        if spaced:
            is_free &= np.hypot(*(places_m - places_m[best]).T) >= gap_m
        bound.offer(rest, gain)
    found = float(sum(gains))
    return Choice(np.array(chosen, dtype=int), np.array(gains), bound.lowered(found))


def _row(matrix: csr_array, row: int) -> np.ndarray:
    return matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]


def _exclusive_groups(places_m: np.ndarray, gap_m: float) -> np.ndarray:
    """Squares whose diagonal is just below the gap: no two candidates of one go together."""
    square = np.floor(places_m / (gap_m / np.sqrt(2) * (1 - 1e-9))).astype(int)
    return np.unique(square, axis=0, return_inverse=True)[1].ravel()


class _Bound:
    """The least upper bound found so far of what ``count`` candidates can cover.

    Prices p between 0 and the weight w, one a spot, bound it from above: each spot counts w − p for
    sure, and each candidate the prices of what it covers (Lagrangian relaxation of «a spot counts
    once»). After a step of greedy choice the price is w where nothing covers the spot yet, else 0.
    """

    def __init__(
        self, covers: csr_array, weight: np.ndarray, count: int, groups: np.ndarray
    ) -> None:
        self.covers, self.weight, self.count, self.groups = covers, weight, count, groups
        self.least, self.prices = float(weight.sum()), weight

    def offer(self, prices: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, float]:
        """Try prices, ``value`` being what each candidate makes by them: its best candidates, and
        the bound."""
        best = self._best(value)
        bound = float(self.weight.sum() - prices.sum() + value[best].sum())
        if bound < self.least:
            self.least, self.prices = bound, prices.copy()
        return best, bound

    def _best(self, value: np.ndarray) -> np.ndarray:
        """The most valuable candidates, of each group at most one."""
        order = np.argsort(-value, kind="stable")
        first = np.unique(self.groups[order], return_index=True)[1]
        return order[np.sort(first)[: self.count]]

    def lowered(self, reached: float) -> float:
        """The bound after the prices followed what is covered too often or not at all.

        Steps are Polyak's, towards what is ``reached`` already; no bound can be below that.
        """
        prices = self.prices
        for _ in range(_BOUND_STEPS):
            if self.least <= reached * (1 + _TIE):
                break
            best, bound = self.offer(prices, self.covers @ prices)
            times = np.bincount(
                np.concatenate([_row(self.covers, row) for row in best]), minlength=len(prices)
            )
            surplus = times - 1.0
            length = np.square(surplus).sum()
            if length == 0:
                break
            prices = np.clip(prices - (bound - reached) / length * surplus, 0.0, self.weight)
        return max(self.least, reached)
