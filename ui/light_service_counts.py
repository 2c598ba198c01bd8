"""What mode «设施与能耗» counts: sums by subdistrict, the shares made of them, and its measures.

Sums add up over any choice of subdistricts; a share is always made of two of them and missing where
nothing is filled in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

import pandas as pd
import streamlit as st

from data.contracts import LAST_YEAR
from data.status import Target
from data.store import Snapshot
from ui import address, layout, measures
from ui.charts import Measure
from ui.session import Context

YEARLY, ASSETS, ROADS = "lighting.yearly", "lighting.assets", "lighting.roads"
CABINETS, ENERGY = "lighting.cabinets", "lighting.energy"
CLAUSE = "4.1.3"
MEASURE_KEY = "measure"
MEASURE_WORDS = {
    "control": "集中控制",
    "led": "LED",
    "standard": "照明指标",
    "energy": "单灯用电",
    "poles": "灯杆",
}
"""What fills the map and compares the subdistricts, by the key ``measure`` of the address."""
MONTHS = 12
KWH_PER_MWH = 1000
PLACE = ["subdistrict_code", "subdistrict_name", "short_name"]


# --- choices and measures ------------------------------------------------------------------------


def chosen_measure() -> str:
    """Which measure fills the map; an unknown one is told of once and taken out of the address."""
    chosen = address.chosen(MEASURE_KEY, list(MEASURE_WORDS), "control", "指标")
    if st.query_params.get(MEASURE_KEY, chosen) != chosen:
        st.query_params.pop(MEASURE_KEY, None)
    return chosen


def measure_switch(chosen: str) -> None:
    """The switch between them."""
    address.switch(MEASURE_KEY, MEASURE_WORDS, chosen, "light_measure", "指标")


def goal(context: Context, fact_key: str, operator: str = ">=") -> Target:
    """A share that the plan's text wants at least, or «=» as it is (clause 4.1.3)."""
    return Target(operator, context.fact(fact_key), "%", CLAUSE)


def led_rate(context: Context) -> Measure:
    """LED street lamps over all street lamps; the plan's figure is for new roads."""
    return Measure(
        "led_rate_pct", "路灯 LED 应用率", "%", 1, goal(context, "led_road_lamp_pct"),
        "LED 路灯数 ÷ 路灯总数。规划 4.1.3 的 80% 只指新建、改建、扩建道路：有这些道路的登记时按其路灯"
        "（位置名与道路名相同）判定，否则按全部路灯判定",
    )  # fmt: skip


def standard_rate(context: Context) -> Measure:
    """Roads that meet the standard over roads that are tested."""
    return Measure(
        "standard_pct", "照明指标达标率", "%", 1, goal(context, "road_lighting_standard_pct"),
        "照明指标达标的道路 ÷ 已检测的道路（检测单位按 CJJ 45-2015 的结论；规划 4.1.3）；"
        "跨街道的道路在每个街道各计一条，未检测的不计入",
    )  # fmt: skip


def energy_per_lamp(context: Context) -> Measure:
    """Energy of a year over the lamps that it feeds; the plan gives no figure."""
    return Measure(
        "kwh_per_lamp", "单灯年用电", "kWh/盏", 0, None,
        "全年 12 个月都有用电记录的控制柜：年用电量 ÷ 年末所带灯具（路灯、地灯、景观灯）",
    )  # fmt: skip


def pole_count(context: Context) -> Measure:
    """Poles that carry a 5G station or sensors; the plan gives no figure."""
    return Measure(
        "pole_count", "5G、感知灯杆", "根", 0, None,
        "搭载 5G 基站或感知设备的灯杆（规划 4.1.3 推进灯杆附载 5G 基站和其他感知设备，未定数量）",
    )  # fmt: skip


MEASURES: Mapping[str, Callable[[Context], Measure]] = MappingProxyType({
    "control": measures.central_control_rate,
    "led": led_rate,
    "standard": standard_rate,
    "energy": energy_per_lamp,
    "poles": pole_count,
})  # fmt: skip


# --- sums by subdistrict -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Asked:
    """What the sums depend on: they are remembered by it, because each part of the page asks for them."""

    snapshot: Snapshot
    year: int
    context: Context = field(compare=False)


def counts(context: Context) -> pd.DataFrame:
    """All sums of the year: a row a subdistrict (their 14 in the order of their codes), then one for
    what belongs to none. What is not registered there is missing."""
    asked = _Asked(context.snapshot, context.filter.year, context)
    return _counts(asked).copy(deep=False)


@lru_cache(maxsize=24)
def _counts(asked: _Asked) -> pd.DataFrame:
    frame = asked.context.frame("light_service_counts")
    for more in (_new_road_lamps, _energy, _poles):
        frame = frame.merge(more(asked.context), how="left", on="subdistrict_code")
    return frame.astype(dict.fromkeys(frame.columns.difference(PLACE), float))


def _new_road_lamps(context: Context) -> pd.DataFrame:
    """LED lamps on new, rebuilt and extended roads; a street listed twice counts once."""
    roads = context.frame("light_service_roads")
    new = roads[roads["is_new"].fillna(False).astype(bool)]
    new = new.assign(street_name=new["street_name"].fillna(new["road_name"]))
    once = new.drop_duplicates(["street_name", "subdistrict_code"])
    return _summed(once, {"led_count": "new_led_count", "led_known_count": "new_led_known_count"})


def _energy(context: Context) -> pd.DataFrame:
    """Energy of the cabinets; of those with twelve months, and with twelve in both years, with lamps."""
    frame = context.frame("light_service_cabinets")
    is_full = (frame["month_count"] == MONTHS) & (frame["lamp_count"] > 0)
    is_both = is_full & (frame["before_month_count"] == MONTHS)
    whole = _summed(
        frame,
        {"energy_kwh": "energy_kwh", "like_kwh": "like_kwh", "like_before_kwh": "like_before_kwh"},
    )
    full = _summed(frame[is_full], {"energy_kwh": "full_kwh", "lamp_count": "full_lamp_count"})
    both = _summed(
        frame[is_both],
        {
            "energy_kwh": "both_kwh",
            "before_kwh": "both_before_kwh",
            "lamp_count": "both_lamp_count",
            "lamp_before_count": "both_lamp_before_count",
        },
    )
    metered = frame[frame["energy_kwh"].notna()].groupby("subdistrict_code").size()
    return (
        whole.merge(full, how="left", on="subdistrict_code")
        .merge(both, how="left", on="subdistrict_code")
        .merge(metered.rename("metered_count").reset_index(), how="left", on="subdistrict_code")
    )


def _poles(context: Context) -> pd.DataFrame:
    """Poles that carry something, where the register says so."""
    frame = context.frame("light_service_poles").rename(
        columns={"known_count": "pole_known_count", "lamp_count": "pole_lamp_count"}
    )
    told = ["pole_count", "station_count", "sensor_count"]
    frame[told] = frame[told].where(frame["pole_known_count"] > 0)
    return frame


def _summed(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Sums of columns by subdistrict under new names; missing where all that is summed is."""
    grouped = frame.groupby("subdistrict_code", dropna=False)
    return grouped[list(names)].sum(min_count=1).rename(columns=names).reset_index()


# --- what is made of them ------------------------------------------------------------------------


def totals(context: Context, frame: pd.DataFrame) -> dict:
    """Sums over the chosen subdistricts (``frame``: ``counts``), missing ones as None."""
    chosen = layout.only_chosen(context, frame).drop(columns=PLACE)
    return {name: None if pd.isna(total) else float(total)
            for name, total in chosen.sum(min_count=1).items()}  # fmt: skip


def pct(part: float | None, whole: float | None) -> float | None:
    """A share in percent; None of nothing, or where either is not known."""
    return None if part is None or not whole else 100 * part / whole


def ratio(part: float | None, whole: float | None) -> float | None:
    """One over the other; None of nothing, or where either is not known."""
    return None if part is None or not whole else part / whole


def change_pct(now: float | None, before: float | None) -> float | None:
    """By how many per cent a figure is above what it was."""
    return None if now is None or not before else 100 * (now / before - 1)


def by_subdistrict(frame: pd.DataFrame) -> pd.DataFrame:
    """The five measures of the 14 subdistricts (``frame``: ``counts``)."""
    here = frame[frame["subdistrict_code"].notna()]
    made = {
        "central_control_rate_pct": 100 * _over(here, "controlled_count", "controlled_known_count"),
        "led_rate_pct": 100 * _over(here, "led_count", "led_known_count"),
        "standard_pct": 100 * _over(here, "meeting_count", "measured_count"),
        "kwh_per_lamp": _over(here, "full_kwh", "full_lamp_count"),
        "pole_count": here["pole_count"],
    }
    return here[PLACE].assign(**made)


def _over(frame: pd.DataFrame, part: str, whole: str) -> pd.Series:
    return frame[part] / frame[whole].where(frame[whole] > 0)


def year_kwh_per_lamp(cabinets: pd.DataFrame) -> pd.Series:
    """Energy of a year over the lamps of each cabinet, where all months and any lamp are known."""
    is_full = (cabinets["month_count"] == MONTHS) & (cabinets["lamp_count"] > 0)
    return (cabinets["energy_kwh"] / cabinets["lamp_count"]).where(is_full).astype(float)


def months_of(context: Context) -> list[int]:
    """Months of the year (1–12) of which the chosen subdistricts' energy is known."""
    frame = layout.only_chosen(context, context.frame("light_service_energy"))
    months = pd.to_datetime(frame["month"])
    return sorted(months[months.dt.year == context.filter.year].dt.month.unique())


def is_now(context: Context) -> bool:
    """Whether the year is the one of which the register of lamps tells the equipment."""
    return context.filter.year >= LAST_YEAR
