"""Sample registers of how the lights are served: months with faults and repairs, and their energy.

Real lights and cabinets of the sample, invented counts: more faults in the plum rains and in storms,
fewer and sooner repaired from year to year. Times are hours, energy kWh.
"""

import numpy as np
import pandas as pd

from data.contracts import FIRST_YEAR, LAST_YEAR
from data.frames import contract_frame
from data.geography import short_names
from data.sample.common import generator, with_map_streets
from data.sample.lighting import placed_lights
from data.sample.lighting_cabinets import cabinet_table, with_cabinets
from data.sample.lighting_roads import lighting_road_table
from data.sample.lighting_shares import monthly_gap
from data.sample.lighting_state import assets_table, with_state, yearly_table
from data.sample.night import WINDOW_ROADS

MONTHS = pd.date_range(f"{FIRST_YEAR + 1}-01-01", f"{LAST_YEAR}-12-01", freq="MS")
YEAR_OF_MONTH = MONTHS.year.to_numpy() - MONTHS[0].year

FAULT_SHARE = (0.019, 0.017, 0.0145, 0.0125, 0.011)
"""New faults a month as a share of the lights, 2021 to 2025."""
SEASON = np.array([0.9, 0.85, 0.9, 1.0, 1.05, 1.5, 1.45, 1.2, 1.25, 0.95, 0.9, 0.9])
"""Faults by month of the year: most in the plum rains of June and July."""
STORM_MONTHS = ("2021-07", "2022-09", "2024-09")
STORM_FACTOR = 1.4
DARK_SEASON_SHARE = 0.4
"""So much of the season's rise of faults shows in the lights that stay dark."""
OWN_STATE_SHARE = 0.8
"""A month's mean is steadier than one night: so much of it is the cabinet's own state of 2025."""
REPAIRED_SHARE = 0.95
"""Of the open faults, those repaired within the month."""
REPAIR_HOURS = (37.0, 31.0, 25.0, 20.5, 16.5)
"""Usual time to repair, 2021 to 2025; longer in the outskirts."""
REMOTE = {"丁兰": 1.5, "九堡": 1.4, "笕桥": 1.35}

WATTS = {
    "large_road": (150.0, 78.0),
    "small_road": (100.0, 60.0),
    "ground_lamp": (35.0, 12.0),
    "scenery_light": (70.0, 28.0),
}
"""Power of a light with an older lamp, and with LED."""
NIGHT_SHARE = {"ground_lamp": 0.4, "scenery_light": 0.4}
"""Scenery is switched off late in the evening; street lamps burn all night."""
METER_SPREAD = 0.03
LATITUDE = 30.25


def lighting_tables() -> dict[str, pd.DataFrame]:
    """Lights, their yearly figures and cabinets, tested roads, months of service and of energy."""
    random = generator("lighting")
    lights, cabinets = with_cabinets(placed_lights(), random)
    lights = with_state(lights, random)
    fed = lights.dropna(subset="cabinet_id")
    random = generator("lighting service")
    return {
        "lighting.assets": assets_table(lights),
        "lighting.yearly": yearly_table(lights),
        "lighting.cabinets": cabinet_table(cabinets),
        "lighting.roads": lighting_road_table(),
        "lighting.status": _status(lights, fed, random),
        "lighting.energy": _energy(fed, random),
    }


def standing_by_month(group: np.ndarray, installed_year: np.ndarray, count: int) -> np.ndarray:
    """Lights of each of ``count`` groups (rows, as numbered) that stand by the end of each of ``MONTHS``.

    Of the lights installed in a year each month brings a twelfth.
    """
    year_ends = np.stack(
        [
            np.bincount(group[installed_year <= year], minlength=count)
            for year in range(FIRST_YEAR, LAST_YEAR + 1)
        ],
        axis=1,
    )
    before, after = year_ends[:, YEAR_OF_MONTH], year_ends[:, YEAR_OF_MONTH + 1]
    return np.rint(before + (after - before) * MONTHS.month.to_numpy() / 12).astype(int)


# --- faults and repairs --------------------------------------------------------------------------


def _status(lights: pd.DataFrame, fed: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """``lighting.status``: every month by cabinet; the last year by window road as well."""
    on_window_roads = lights[
        lights["asset_kind"].eq("street_lamp") & lights["place_name"].isin(WINDOW_ROADS)
    ].rename(columns={"place_name": "road_name"})
    rows = pd.concat(
        [
            _months(fed, ["subdistrict_code", "cabinet_id"], FIRST_YEAR, random),
            _months(on_window_roads, ["road_name", "subdistrict_code"], LAST_YEAR, random),
        ],
        ignore_index=True,
    )
    return with_map_streets("lighting.status", rows.assign(span="month", source_kind="sample"))


def _months(
    lights: pd.DataFrame, by: list[str], since_year: int, random: np.random.Generator
) -> pd.DataFrame:
    """Counts of the contract by month since a year, for lights grouped by some columns."""
    wanted = MONTHS.year >= since_year
    grouped = lights.assign(is_dark=lights["state"] == "unlit").groupby(by)
    groups = grouped.agg(
        subdistrict_name=("subdistrict_name", "first"),
        trouble=("trouble", "mean"),
        dark_share=("is_dark", "mean"),
    ).reset_index()
    due = standing_by_month(
        grouped.ngroup().to_numpy(), lights["installed_year"].to_numpy(), len(groups)
    )[:, wanted]
    months = MONTHS[wanted]
    counts = {
        "due_count": due,
        "lit_count": due - _dark(groups, due, wanted, random),
        **_repairs(groups, due, wanted, random),
    }
    rows = groups[[*by, "subdistrict_name"]]
    rows = rows.loc[rows.index.repeat(len(months))].reset_index(drop=True)
    return rows.assign(
        counted_on=np.tile(months, len(groups)),
        **{column: values.ravel() for column, values in counts.items()},
    )


def _dark(
    groups: pd.DataFrame, due: np.ndarray, wanted: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Lights that did not burn, on average over each month; the last month is near the state."""
    whole = groups.groupby("subdistrict_code")["dark_share"].transform("mean")
    own = OWN_STATE_SHARE * groups["dark_share"] + (1 - OWN_STATE_SHARE) * whole
    rise = 1 + DARK_SEASON_SHARE * (SEASON[MONTHS.month - 1] / SEASON[-1] - 1)
    share = (own.to_numpy()[:, None] + monthly_gap("lit")) * rise
    # Rounded up as often as the fraction says: so sums over cabinets keep the share.
    dark = np.floor(due * share[:, wanted] + random.random(due.shape)).astype(int)
    return np.minimum(dark, due)


def _repairs(
    groups: pd.DataFrame, due: np.ndarray, wanted: np.ndarray, random: np.random.Generator
) -> dict[str, np.ndarray]:
    """New faults, repairs, their hours, and nights with a fault."""
    months, year = MONTHS[wanted], YEAR_OF_MONTH[wanted]
    season = SEASON[months.month - 1]
    season = season * np.where(months.strftime("%Y-%m").isin(STORM_MONTHS), STORM_FACTOR, 1)
    usual = due * np.take(FAULT_SHARE, year) * season
    faults = random.poisson(usual * groups["trouble"].to_numpy()[:, None])
    repaired = np.zeros_like(faults)
    still_open = np.zeros_like(faults)
    left = np.zeros(len(faults), dtype=int)
    for month in range(faults.shape[1]):
        still_open[:, month] = left + faults[:, month]
        repaired[:, month] = random.binomial(still_open[:, month], REPAIRED_SHARE)
        left = still_open[:, month] - repaired[:, month]
    short = groups["subdistrict_code"].map(short_names())
    hours_each = np.outer(short.map(REMOTE).fillna(1.0), np.take(REPAIR_HOURS, year))
    hours = random.gamma(2.0 * repaired) * hours_each / 2.0
    days = months.days_in_month.to_numpy()
    has_fault = 1 - np.exp(-still_open * (1 + hours_each / 24) / days)
    nights = np.maximum(random.binomial(days, has_fault), faults > 0)
    return {
        "fault_count": faults,
        "repaired_count": repaired,
        "repair_hours": hours.round(1),
        "fault_night_count": nights,
    }


# --- energy --------------------------------------------------------------------------------------


def night_hours(days: pd.DatetimeIndex, latitude: float = LATITUDE) -> np.ndarray:
    """Hours from sunset to sunrise on each day.

    Sunrise equation with the sun's declination by Cooper (1969), δ = 23.45° sin(360° (284 + n)/365);
    the sun sets when its upper edge does, its middle 0.833° below the horizon.
    """
    declination = np.radians(23.45 * np.sin(2 * np.pi * (284 + days.day_of_year.to_numpy()) / 365))
    here = np.radians(latitude)
    cosine = (np.sin(np.radians(-0.833)) - np.sin(here) * np.sin(declination)) / (
        np.cos(here) * np.cos(declination)
    )
    return 24 - 2 * np.degrees(np.arccos(cosine)) / 15


def _energy(fed: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """``lighting.energy``: lights × watts × hours of the nights, by cabinet and month."""
    cabinet, ids = pd.factorize(fed["cabinet_id"], sort=True)
    kind = fed["asset_kind"].where(
        fed["asset_kind"] != "street_lamp",
        fed["on_large_road"].map({True: "large_road", False: "small_road"}),
    )
    days = pd.date_range(MONTHS[0], MONTHS[-1] + pd.offsets.MonthEnd(0))
    hours = pd.Series(night_hours(days), days).resample("MS").sum().to_numpy()
    energy_kwh = np.zeros((len(ids), len(MONTHS)))
    for name, (old_watts, led_watts) in WATTS.items():
        of_kind = (kind == name).to_numpy()
        installed = fed["installed_year"].to_numpy()[of_kind]
        standing = standing_by_month(cabinet[of_kind], installed, len(ids))
        led = np.bincount(cabinet[of_kind & fed["is_led"].to_numpy()], minlength=len(ids))
        led_share = led / np.maximum(standing[:, -1], 1)
        led_share = np.clip(led_share[:, None] - monthly_gap("led"), 0, 1)
        watts = led_watts * led_share + old_watts * (1 - led_share)
        energy_kwh += standing * watts * hours * NIGHT_SHARE.get(name, 1.0) / 1000
    energy_kwh *= random.normal(1, METER_SPREAD, energy_kwh.shape)
    rows = pd.DataFrame(
        {
            "month": np.tile(MONTHS, len(ids)),
            "cabinet_id": np.repeat(ids.to_numpy(), len(MONTHS)),
            "energy_kwh": energy_kwh.ravel().round(1),
            "source_kind": "sample",
        }
    )
    return contract_frame("lighting.energy", rows)
