"""What eyes make of colours: contrast, what is left of hues in colour blindness, and differences."""

import numpy as np

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip
_WHITE = _TO_XYZ.sum(axis=1)
BLINDNESS = {
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip
"""Linear RGB as seen without one kind of cone: Machado, Oliveira, Fernandes, «A Physiologically-based
Model for Simulation of Color Vision Deficiency», IEEE TVCG 15 (6), 2009, severity 1.0."""


def linear(colour):
    """``#rrggbb`` as linear RGB, each 0–1 (sRGB as WCAG 2.1 linearises it)."""
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    """Relative luminance of WCAG 2.1, 0 (black) – 1 (white)."""
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    """Contrast ratio of WCAG 2.1, 1–21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(top, share, ground):
    """The colour of ``top`` over ``ground`` as CSS mixes them: ``share`` (0–1) of each sRGB channel."""
    pairs = ((int(top[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)


def _lab(rgb):
    """CIE L*a*b* (D65) of linear RGB."""
    ratios = _TO_XYZ @ rgb / _WHITE
    x, y, z = np.where(
        ratios > (6 / 29) ** 3, np.cbrt(ratios), ratios / (3 * (6 / 29) ** 2) + 4 / 29
    )
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one, other, blindness=None):
    """CIE76 colour difference ΔE, as seen with a blindness where one is named; 2.3 is just seen."""
    seen = [linear(colour) for colour in (one, other)]
    if blindness:
        seen = [np.clip(BLINDNESS[blindness] @ rgb, 0, 1) for rgb in seen]
    return float(np.linalg.norm(_lab(seen[0]) - _lab(seen[1])))
