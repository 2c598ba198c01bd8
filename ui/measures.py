"""The measures that compare the 14 subdistricts, each with the plan's target where it has one."""

from dataclasses import replace

import streamlit as st

from data.office_rules import office_rules
from ui import address
from ui.charts import Measure
from ui.session import Context

CELL_DEG, NEAR_CELL_DEG = 0.0014, 0.0007
"""Sides of the cells that gather points on the district's map and on one subdistrict's: 140, 70 m."""


def beautiful_share(context: Context) -> Measure:
    """Beautiful rivers over all rivers by count, as indicator 19 is judged."""
    return Measure(
        "beautiful_share_pct", "美丽河湖占比（按条数）", "%", 0, context.target(19),
        "已建成美丽河湖的河道条数 ÷ 流经街道的河道条数；一条河流经几个街道，各计一次",
    )  # fmt: skip


def beautiful_count(context: Context) -> Measure:
    """The same share with the decimal that a course over the years needs."""
    return replace(beautiful_share(context), digits=1)


def beautiful_length_share(context: Context) -> Measure:
    """Length of beautiful reaches over that of all mapped reaches: beside the indicator, no target."""
    return Measure(
        "beautiful_length_share_pct", "美丽河湖覆盖率（按河段长度）", "%", 0, None,
        "街道内已创建美丽河湖的河段长度 ÷ 街道内已上图河段总长",
    )  # fmt: skip


def class_iv_share(context: Context) -> Measure:
    """Section-months at class Ⅳ or better over evaluated section-months."""
    return Measure(
        "class_iv_share_pct", "Ⅳ类及以上水质占比", "%", 1, context.target(18),
        "全年水质达到Ⅳ类及以上的断面·月次 ÷ 已评价的断面·月次（GB 3838-2002 单因子评价）",
    )  # fmt: skip


def toilet_density(context: Context) -> Measure:
    """Toilets over the area of the subdistrict."""
    return Measure(
        "density_per_km2",
        "公厕密度",
        "座/km²",
        2,
        context.target(7),
        "公厕座数 ÷ 街道面积（含水面）",
    )


def road_lit_rate(context: Context) -> Measure:
    """Lit street lamps over all street lamps."""
    return Measure(
        "road_lit_rate_pct", "道路照明亮灯率", "%", 1, context.target(1), "亮灯路灯数 ÷ 路灯总数"
    )


def scenery_sound_rate(context: Context) -> Measure:
    """Sound scenery lights over all scenery lights."""
    return Measure(
        "scenery_sound_rate_pct", "景观照明设施完好率", "%", 1, context.target(3),
        "完好景观灯数 ÷ 景观灯总数",
    )  # fmt: skip


def central_control_rate(context: Context) -> Measure:
    """Centrally controlled lamps over all lamps."""
    return Measure(
        "central_control_rate_pct", "照明集中控制率", "%", 1, context.target(4),
        "接入“一把闸刀”集中控制的灯具数 ÷ 灯具总数",
    )  # fmt: skip


def functional_sound_rate(context: Context) -> Measure:
    """Sound street lamps over all street lamps."""
    return Measure(
        "functional_sound_rate_pct", "功能照明设施完好率", "%", 1, context.target(2),
        "完好路灯数 ÷ 路灯总数",
    )  # fmt: skip


def supply_renewed_share(context: Context) -> Measure:
    """Renewed compounds of 专栏 4 over all of them."""
    return Measure(
        "supply_renewed_share_pct", "二次供水改造完成率", "%", 0, context.target(20),
        "已完成二次供水改造的小区 ÷ 专栏 4 列出的小区",
    )  # fmt: skip


def main_pavement_good(context: Context) -> Measure:
    """Good pavement of main and secondary roads over what is graded, by length."""
    return Measure(
        "main_good_pct", "主次干道优良率", "%", 2, context.target(16),
        "主次干道中路面状况为优、良的检测长度 ÷ 已检测长度（各路段取截至年底最近一次检测）",
    )  # fmt: skip


def covered_share(context: Context) -> Measure:
    """Land within ten minutes' walk of a toilet; the plan gives no target."""
    rules = office_rules()
    minutes, kmh = rules["walk_minutes"].value, rules["walk_kmh"].value
    return Measure(
        "covered_share_pct", "十分钟如厕圈覆盖", "%", 1, None,
        f"沿路网步行 {minutes:g} 分钟（{kmh:g} km/h）内可到最近公厕的陆域占比",
    )  # fmt: skip


def accessible_share(context: Context) -> Measure:
    """Toilets with an accessible stall over all toilets; the plan gives no target."""
    return Measure(
        "accessible_share_pct", "公厕无障碍设施占比", "%", 1, None, "设无障碍厕位的公厕 ÷ 公厕总数"
    )


def river_length(context: Context) -> Measure:
    """Length of mapped reaches; the plan gives no target."""
    return Measure("river_length_km", "河道长度", "km", 1, None, "街道内已上图河段总长")


BY_SUBDISTRICT = {
    "beautiful": ("美丽河湖占比", beautiful_share),
    "quality": ("Ⅳ类及以上水质", class_iv_share),
    "density": ("公厕密度", toilet_density),
    "lit": ("道路照明亮灯率", road_lit_rate),
    "sound": ("功能照明完好率", functional_sound_rate),
    "scenery": ("景观照明完好率", scenery_sound_rate),
    "control": ("照明集中控制率", central_control_rate),
    "supply": ("二次供水改造", supply_renewed_share),
    "pavement": ("主次干道优良率", main_pavement_good),
    "walk": ("十分钟如厕圈", covered_share),
    "accessible": ("公厕无障碍占比", accessible_share),
    "beautiful_length": ("美丽河湖长度覆盖", beautiful_length_share),
    "river_length": ("河道长度", river_length),
}
"""Measures of the query «measures_by_subdistrict» and their words, by what the address calls them."""
WORDS = {name: word for name, (word, _) in BY_SUBDISTRICT.items()}

BY_INDICATOR = {
    1: road_lit_rate,
    2: functional_sound_rate,
    3: scenery_sound_rate,
    4: central_control_rate,
    7: toilet_density,
    16: main_pavement_good,
    18: class_iv_share,
    19: beautiful_share,
    20: supply_renewed_share,
}
"""Which measure compares the subdistricts on an indicator, by its number."""

MEASURE_KEY = "measure"


def chosen() -> str:
    """Which measure fills the overview's map."""
    return address.chosen(MEASURE_KEY, list(WORDS), "beautiful", "地图指标")


def choice(measure: str) -> None:
    """The choice between them."""
    st.selectbox(
        "地图指标", list(WORDS), format_func=WORDS.get, label_visibility="collapsed",
        **address.bound(MEASURE_KEY, "overview_measure", measure),
    )  # fmt: skip
