"""The light of lamps as a field: how bright each pixel is, near its lamps and around them.

A lamp seen from above at night is a point with a halo that fades. Halos of many lamps add up; the
eye answers to that sum less and less, so that a street of lamps shines and a crowded one does not
burn out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

FINEST_SIGMA_PX = 4.0
"""A wider halo is spread on a coarser grid: nobody sees the difference, and it takes a tenth of the time."""
MOST_HALVINGS = 4
_REACH_SIGMAS = 3.0


@dataclass(frozen=True)
class Halo:
    """A bell of light around a lamp: standard deviation in metres, brightness in its middle."""

    sigma_m: float
    brightness: float


def light(counts: np.ndarray, pixel_m: float, halos: Sequence[Halo]) -> np.ndarray:
    """Brightness of every pixel (height, width), from the lamps in each and pixels of ``pixel_m``.

    One lone lamp is as bright in its middle as its halos together; lamps add up without limit.
    """
    whole = np.zeros(counts.shape, dtype=np.float32)
    for halo in halos:
        whole += halo.brightness * _spread(counts.astype(np.float32), halo.sigma_m / pixel_m)
    return whole


def seen(brightness: np.ndarray) -> np.ndarray:
    """How much of a pixel's full colour shows (0–1): nearly all of it from a brightness of 3."""
    return 1 - np.exp(-brightness)


def _spread(counts: np.ndarray, sigma_px: float) -> np.ndarray:
    """Bells of height 1 around every lamp, added up."""
    halvings = 0
    while sigma_px / 2 >= FINEST_SIGMA_PX and halvings < MOST_HALVINGS:
        sigma_px, halvings = sigma_px / 2, halvings + 1
    coarse = _gathered(counts, 2**halvings)
    bells = gaussian_filter(coarse, sigma_px, mode="constant", truncate=_REACH_SIGMAS)
    bells *= np.float32(2 * np.pi * sigma_px**2)
    return _widened(bells, 2**halvings, counts.shape)


def _gathered(counts: np.ndarray, side: int) -> np.ndarray:
    """Sums over squares of ``side`` pixels; the last ones are filled up with nothing."""
    height, width = (-(-size // side) * side for size in counts.shape)
    padded = np.zeros((height, width), dtype=counts.dtype)
    padded[: counts.shape[0], : counts.shape[1]] = counts
    return padded.reshape(height // side, side, width // side, side).sum(axis=(1, 3))


def _widened(values: np.ndarray, side: int, shape: tuple[int, int]) -> np.ndarray:
    if side == 1:
        return values
    height, width = (size * side for size in values.shape)
    grown = Image.fromarray(values).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(grown)[: shape[0], : shape[1]]
