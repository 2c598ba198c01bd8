"""Land and people by the walk to the nearest toilet: shares by subdistrict, band, method, minutes.

Everything is made of one set of walks by cell, so that what is assumed is counted as what is so.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from data.contracts import WALK_METHODS
from ui.session import Context
from ui.toilet_choices import Circle
from ui.toilet_walks import Assumed, Walks, assumed_walks, registered

BAND_SHARES = (0.5, 1.0, 1.5)
"""Upper ends of the bands as parts of the granted minutes: 5, 10 and 15 minutes of ten."""
BEYOND, UNREACHED = len(BAND_SHARES), len(BAND_SHARES) + 1
MOST_MINUTES = 30
"""How far the course of coverage over the minutes is followed."""
AREA, PEOPLE = "area_km2", "residents"


@dataclass(frozen=True)
class Band:
    """A span of walking minutes, with the land in it."""

    number: int
    words: str
    km2: float
    share_pct: float


@dataclass(frozen=True, eq=False)
class Shown:
    """The walks that a page shows: as registered and, where something is assumed, as they would be."""

    circle: Circle
    real: Walks
    then: Walks | None = None

    @property
    def drawn(self) -> Walks:
        """What the map draws."""
        return self.real if self.then is None else self.then

    def share_pct(self, codes: tuple[str, ...]) -> float | None:
        """Share of land covered as registered."""
        return self.real.share_pct(self.circle.reach_m, AREA, codes)

    def assumed_share_pct(self, codes: tuple[str, ...]) -> float | None:
        """Share of land that would be covered; None where nothing is assumed."""
        return self.then and self.then.share_pct(self.circle.reach_m, AREA, codes)


def shown(context: Context, circle: Circle, assumed: Assumed) -> Shown:
    """Walks of this circle and year, and those under what is assumed."""
    then = assumed_walks(context, circle, assumed) if assumed else None
    return Shown(circle, registered(context, circle), then)


def band_ends(circle: Circle) -> list[float]:
    """Upper ends of the bands in minutes; the second is the circle itself."""
    return [share * circle.minutes for share in BAND_SHARES]


def band_words(circle: Circle) -> list[str]:
    """Each band as a legend names it, the last being the land from where no toilet is reached."""
    ends = band_ends(circle)
    starts = [0.0, *ends[:-1]]
    spans = [f"{start:g}–{end:g} 分钟" for start, end in zip(starts, ends, strict=True)]
    return [*spans, f"{ends[-1]:g} 分钟以上", "走不到"]


def bands(walks: Walks, circle: Circle) -> np.ndarray:
    """Number of the band of every cell: 0 to 2 in the spans, 3 beyond them, 4 none reached."""
    ends_m = [minutes * circle.m_per_minute for minutes in band_ends(circle)]
    found = np.searchsorted(ends_m, walks.walk_m, side="left")
    return np.where(np.isnan(walks.walk_m), UNREACHED, found).astype(np.uint8)


@lru_cache(maxsize=32)
def by_band(walks: Walks, circle: Circle, codes: tuple[str, ...]) -> tuple[Band, ...]:
    """Land of these subdistricts (none: all) in each band."""
    here = walks.within(codes)
    area = walks.cells[AREA].to_numpy()[here]
    km2 = np.bincount(bands(walks, circle)[here], weights=area, minlength=UNREACHED + 1)
    whole = area.sum()
    return tuple(
        Band(number, words, float(km2[number]), float(100 * km2[number] / whole) if whole else 0.0)
        for number, words in enumerate(band_words(circle))
    )


@lru_cache(maxsize=32)
def by_place(walks: Walks, circle: Circle) -> pd.DataFrame:
    """Every subdistrict: land, what of it is covered and not, shares (%) of land, people and methods.

    Columns ``land_km2``, ``covered_km2``, ``uncovered_km2``, ``covered_share_pct``,
    ``residents``, ``uncovered_residents``, ``people_share_pct`` (missing without a population),
    ``straight_share_pct``, ``unreached_share_pct``; index ``subdistrict_code``.
    """
    return _sums(walks, circle, walks.cells["subdistrict_code"].to_numpy())


@lru_cache(maxsize=32)
def whole(walks: Walks, circle: Circle, codes: tuple[str, ...]) -> dict:
    """The same figures of these subdistricts (none: all) together; empty where there is no cell."""
    here = walks.within(codes)
    if not here.any():
        return {}
    return _sums(walks, circle, np.where(here, "here", None)).loc["here"].to_dict()


@lru_cache(maxsize=32)
def by_method(walks: Walks, circle: Circle, codes: tuple[str, ...]) -> pd.DataFrame:
    """The same figures by how the walk was measured, and ``part_pct``, the method's part of the land."""
    here = walks.within(codes)
    keys = np.where(here, walks.cells["method"].to_numpy(dtype=object), None)
    frame = _sums(walks, circle, keys).reindex(list(WALK_METHODS)).dropna(subset="land_km2")
    return frame.assign(part_pct=100 * frame["land_km2"] / frame["land_km2"].sum())


@lru_cache(maxsize=32)
def by_minutes(walks: Walks, kmh: float, codes: tuple[str, ...]) -> pd.DataFrame:
    """Share of land (%) within 0 to 30 minutes at a speed: ``minutes``, ``covered_share_pct``."""
    here = walks.within(codes)
    area = walks.cells[AREA].to_numpy()[here]
    # Within 3 minutes is what takes 3 minutes or less, as the circle counts it.
    taken = np.ceil(np.nan_to_num(walks.walk_m[here], nan=np.inf) * 60 / (kmh * 1000))
    taken = np.minimum(taken, MOST_MINUTES + 1).astype(int)
    km2 = np.bincount(taken, weights=area, minlength=MOST_MINUTES + 2)[: MOST_MINUTES + 1]
    total = area.sum()
    share = 100 * np.cumsum(km2) / total if total else np.full(MOST_MINUTES + 1, np.nan)
    return pd.DataFrame({"minutes": np.arange(MOST_MINUTES + 1), "covered_share_pct": share})


def _sums(walks: Walks, circle: Circle, keys: np.ndarray) -> pd.DataFrame:
    """Figures of the cells by key; cells whose key is None are left out."""
    area, people = walks.cells[AREA].to_numpy(), walks.cells[PEOPLE].to_numpy(dtype=float)
    near = walks.covered(circle.reach_m)
    parts = {
        "land_km2": area,
        "covered_km2": area * near,
        "straight_km2": area * (walks.cells["method"] == WALK_METHODS[1]).to_numpy(),
        "unreached_km2": area * np.isnan(walks.walk_m),
        "residents": people,
        "covered_residents": people * near,
    }
    frame = pd.DataFrame(parts).groupby(keys).sum(min_count=1)
    frame.index.name = "subdistrict_code"
    land = frame["land_km2"]
    return frame.assign(
        uncovered_km2=land - frame["covered_km2"],
        uncovered_residents=frame["residents"] - frame["covered_residents"],
        covered_share_pct=100 * frame["covered_km2"] / land,
        people_share_pct=100 * frame["covered_residents"] / frame["residents"].where(frame["residents"] > 0),
        straight_share_pct=100 * frame["straight_km2"] / land,
        unreached_share_pct=100 * frame["unreached_km2"] / land,
    )  # fmt: skip
