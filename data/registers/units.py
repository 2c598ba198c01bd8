"""Units that offices write below or behind their headings."""

import unicodedata

_SAID = frozenset({
    "mg/l", "毫克/升", "ug/l", "μg/l", "微克/升", "ng/l", "g/l", "ppm", "ppb", "°c", "℃", "无量纲", "us/cm", "μs/cm",
    "ms/m", "ntu", "度", "kwh", "千瓦时", "万千瓦时", "lx", "盏", "小时",
    "m", "cm", "km", "米", "公里", "千米", "m/s", "m3/s", "m³/s", "km2", "%", "个/l", "mv",
})  # fmt: skip
_NOTHING = frozenset({"", "/", "-", "—", "--", "——", "单位", "计量单位"})
_OF_CONCENTRATIONS = ("ug/l", "μg/l", "微克/升", "ng/l", "ppb")
"""Units in which a concentration is written a thousand times as large as in mg/L, or more."""
_OF_LENGTHS = ("km", "公里", "千米")
_OF_ENERGIES = ("万kwh", "万千瓦时", "万度", "mwh", "兆瓦时")
_OF_HOURS = ("分钟", "min", "天")
_OTHERS = {
    "mg/L": _OF_CONCENTRATIONS,
    "m": _OF_LENGTHS,
    "kWh": _OF_ENERGIES,
    "小时": _OF_HOURS,
}
SPELLINGS = {
    "mg/L": ("毫克/升",),
    "m": ("米",),
    "kWh": ("千瓦时", "度"),
    "lx": ("勒克斯", "lux"),
    "小时": ("h",),
}
"""What else is written behind a number for the unit that a register keeps."""


def is_row_of_units(cells: list[str]) -> bool:
    """Whether the cells of a row say nothing but units, at least one of them."""
    plain = [_plain(cell) for cell in cells]
    return any(text in _SAID for text in plain) and all(
        text in _SAID or text in _NOTHING for text in plain
    )


def with_unit(heading: str, unit: str) -> str:
    """A heading with the unit that stands below it, unless it says it already: «氨氮(mg/L)»."""
    says_it = _plain(unit) in _NOTHING or _plain(unit) in _plain(heading)
    return heading if says_it or not heading else f"{heading}({unit})"


def other_unit(heading: str, unit: str) -> str:
    """The unit that a heading names and that is not the column's; empty where there is none.

    Of concentrations, lengths, energies and hours: a figure in μg/L, km or 万 kWh may well be one
    that the column's range allows.
    """
    plain = _plain(heading)
    return next((each for each in _OTHERS.get(unit, ()) if each in plain), "")


def _plain(text: str) -> str:
    """Small letters without blanks, the sign of micro as the Greek letter."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
