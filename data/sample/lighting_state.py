"""State and equipment of the sample's lights in 2025, and their yearly figures.

A light is centrally controlled when its cabinet is on the central switch; what else is said of it is
invented with a fixed seed so that the shares of ``data.sample.lighting_shares`` come out.
"""

import numpy as np
import pandas as pd

from data.component_codes import LAMP_CLASSES
from data.contracts import LAST_YEAR, YEARS
from data.frames import contract_frame
from data.geography import short_names
from data.sample.common import exact_flags
from data.sample.lighting_shares import DISTRICT_SHARE, YEARLY_GAP, subdistrict_shares

INSTALLED_BEFORE_2021 = {"street_lamp": 0.88, "ground_lamp": 0.5, "scenery_light": 0.62}
INSTALLED_LATER = {
    "street_lamp": (0.26, 0.28, 0.2, 0.14, 0.12),
    "ground_lamp": (0.2, 0.44, 0.24, 0.07, 0.05),
    "scenery_light": (0.26, 0.42, 0.2, 0.07, 0.05),
}
"""Shares of the lights of 2021–2025 by year: scenery was built for the games of 2023."""

EQUIPPED_SHARE = {"has_5g_station": 0.015, "has_sensor": 0.05}
"""Of all street lamps; the poles stand on larger roads."""
CORE_NAMES = ("湖滨", "清波", "小营", "四季青")
CORE_WEIGHT = 2.5
"""Poles of the core are equipped so many times as often."""

COUNTED = {"lit": "lit_count", "sound": "sound_count", "led": "led_count"}
"""Shares that changed evenly from year to year, and their counts."""


def with_state(lights: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Lights with the contract's columns of state, equipment and year of installation."""
    count = len(lights)
    flags = {measure: np.zeros(count, dtype=bool) for measure in COUNTED}
    installed = np.zeros(count, dtype=int)
    trouble = lights["trouble"].to_numpy()
    for kind in LAMP_CLASSES:
        of_kind = (lights["asset_kind"] == kind).to_numpy()
        counts = lights.loc[of_kind, "subdistrict_code"].value_counts()
        for code, share in subdistrict_shares(counts, DISTRICT_SHARE[kind]).iterrows():
            here = np.flatnonzero(of_kind & (lights["subdistrict_code"] == code).to_numpy())
            flags["led"][here] = exact_flags(random, len(here), share["led"])
            unsound_count, unlit_count = (
                len(here) - round(len(here) * share[measure]) for measure in ("sound", "lit")
            )
            weights = trouble[here] / trouble[here].sum()
            unsound = random.choice(here, unsound_count, replace=False, p=weights)
            flags["sound"][here], flags["lit"][here] = True, True
            flags["sound"][unsound] = False
            # A light that does not burn is not sound, so the dark ones are among the unsound.
            flags["lit"][unsound[:unlit_count]] = False
            installed[here] = _installed(kind, len(here), random)
    return lights.assign(
        is_led=flags["led"],
        is_centrally_controlled=lights["connected_year"].notna(),
        is_sound=flags["sound"],
        state=np.where(flags["lit"], "lit", "unlit"),
        installed_year=installed,
        **{name: _equipped(lights, share, random) for name, share in EQUIPPED_SHARE.items()},
        source_kind="sample",
    )


def _installed(kind: str, count: int, random: np.random.Generator) -> np.ndarray:
    old = exact_flags(random, count, INSTALLED_BEFORE_2021[kind])
    later = random.choice(np.arange(2021, LAST_YEAR + 1), count, p=INSTALLED_LATER[kind])
    return np.where(old, random.integers(1999, 2021, count), later)


def _equipped(lights: pd.DataFrame, share: float, random: np.random.Generator) -> np.ndarray:
    """Which poles carry something: a share of all street lamps, on larger roads, more in the core."""
    in_core = lights["subdistrict_code"].map(short_names()).isin(CORE_NAMES)
    weights = np.where(in_core, CORE_WEIGHT, 1.0) * lights["on_large_road"]
    wanted = round(share * lights["asset_kind"].eq("street_lamp").sum())
    flags = np.zeros(len(lights), dtype=bool)
    flags[random.choice(len(lights), wanted, replace=False, p=weights / weights.sum())] = True
    return flags


def assets_table(lights: pd.DataFrame) -> pd.DataFrame:
    """``lighting.assets``."""
    return contract_frame(
        "lighting.assets", lights.drop(columns=["on_large_road", "connected_year", "trouble"])
    )


def yearly_table(lights: pd.DataFrame) -> pd.DataFrame:
    """``lighting.yearly``: 2025 as the lights are, earlier years those installed by then."""
    by = ["subdistrict_code", "subdistrict_name", "asset_kind"]
    measured = lights.assign(
        lit=lights["state"] == "lit", sound=lights["is_sound"], led=lights["is_led"]
    ).groupby(by)
    share = measured[list(COUNTED)].mean()
    years = []
    for place, year in enumerate(YEARS):
        installed = lights[lights["installed_year"] <= year]
        controlled = installed["connected_year"].le(year).fillna(False)
        frame = pd.DataFrame(
            {
                "asset_count": installed.groupby(by).size(),
                "controlled_count": controlled.groupby([installed[c] for c in by]).sum(),
            }
        ).reindex(share.index, fill_value=0)
        for measure, column in COUNTED.items():
            then = (share[measure] - YEARLY_GAP[measure][place] / 100).clip(0, 1)
            frame[column] = (then * frame["asset_count"]).round().astype(int)
        years.append(frame.reset_index().assign(year=year, source_kind="sample"))
    return contract_frame("lighting.yearly", pd.concat(years, ignore_index=True))
