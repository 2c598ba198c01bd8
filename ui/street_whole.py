"""Mode «道路总体» of the street page: length by class and subdistrict, cleaning zones, the plan's tasks."""

from html import escape

import pandas as pd
import pydeck as pdk
import streamlit as st

from data.plan import clause_words
from data.status import Target
from ui import (
    basemap,
    cards,
    charts,
    layers,
    layout,
    maps,
    projects,
    street_classes,
    tables,
)
from ui.findings import verdict
from ui.indicators import Indicator, indicators
from ui.legend import Key, legend_html
from ui.maps import Drawing, MapLabel
from ui.session import Context
from ui.street_points_map import BRIDGES, FINDINGS
from ui.text import SAMPLE_TAG, UNMAPPED, UNREPORTED, clipped, joined, number
from ui.theme import rgba

MECHANISED = 8
"""Indicator 主次干道环卫作业机械化率."""
TASKS = (
    "opened_dead_end_road_count",
    "handed_over_road_count",
    "added_maintenance_area_10k_m2",
    "drainage_maintenance_coverage_pct",
    "drainage_mechanised_pct",
    "reinforced_road_count",
    "road_condition_points",
)
"""The plan's figures on streets as a whole, in the order in which they are listed."""
HEAD_TASKS = {
    "opened_dead_end_road_count": "打通断头路",
    "handed_over_road_count": "移交接收道路",
    "added_maintenance_area_10k_m2": "新增养护面积",
    "drainage_mechanised_pct": "排水管网机械化养护率",
}
"""Those that stand at the head of the page."""
LENGTH_NOTE = "按底图道路中心线计；分幅道路两幅各计，底图缺载的道路不计"
NOT_COUNTED = "尚无登记册"
ZONE_PX, ZONE_SIGN = 17, "◆"


# --- figures -------------------------------------------------------------------------------------


def figures_of(context: Context) -> list[cards.Figure]:
    """The figures at the head of the page."""
    told = context.row("roads_summary")
    found = tasks(context).set_index("fact_key")
    return [
        cards.Figure(
            "道路总长", told["length_km"], "km", 1,
            detail=joined(f"{told['street_count']:,} 条", f"主次干路以上 {number(told['main_km'], 1)} km"),
            when_empty="底图在所选范围内没有已命名的道路", definition=LENGTH_NOTE,
            is_sample=context.is_sample("streets.streets"),
        ),
        _mechanised_figure(context),
        *(_task_figure(context, title, found.loc[key]) for key, title in HEAD_TASKS.items()),
    ]  # fmt: skip


def tasks(context: Context) -> pd.DataFrame:
    """The plan's figures on streets as a whole with the state of their projects («street_tasks»)."""
    return context.frame("street_tasks", fact_keys=TASKS)


def _mechanised(context: Context) -> Indicator:
    return next(one for one in indicators(context) if one.no == MECHANISED)


def _mechanised_figure(context: Context) -> cards.Figure:
    one = _mechanised(context)
    return cards.Figure(
        "主次干道作业机械化率", one.value, "%", 1, one.target, detail=one.gap, is_sample=one.is_sample,
        scope=_scope(context), definition=one.rule.definition,
    )  # fmt: skip


def _scope(context: Context) -> str:
    """What says that a figure does not follow the choice of subdistricts."""
    return "" if context.filter.is_whole_district else "全区"


def _task_figure(context: Context, title: str, task: pd.Series) -> cards.Figure:
    """A task of the plan: no register counts it, so it says what its project is reported to be."""
    return cards.Figure(
        title, None, target=Target(task["operator"], task["value"], task["unit"], task["clause"]),
        when_empty=_state_text(task) or NOT_COUNTED, is_sample=task["state_source"] == "sample",
        scope=_scope(context),
        definition=f"规划 {clause_words(task['clause'])}；{NOT_COUNTED}，完成数{UNREPORTED}",
    )  # fmt: skip


def _state_text(task: pd.Series) -> str:
    """State of the task's project; empty where the plan lists none or none is reported."""
    if pd.isna(task["project_id"]) or task["state"] == "unreported":
        return ""
    return f"项目 {projects.STATE_WORDS[task['state']]}"


# --- sentences and cleaning zones ----------------------------------------------------------------


def findings(context: Context) -> list[str]:
    """The sentences on the left, the answer first."""
    told, one = context.row("roads_summary"), _mechanised(context)
    if not told["street_count"]:
        return ["所选范围内底图没有已命名的道路。"]
    found = [
        f"底图已命名道路 **{told['street_count']:,} 条**、**{told['length_km']:,.1f} km**，"
        f"其中快速路、主次干路 {number(told['main_km'], 1)} km。"
    ]
    if one.value is not None:
        found.append(
            f"全区主次干道环卫作业机械化率 **{one.value_text}**，{verdict(one.value, one.target)}。"
        )
    frame = tasks(context)
    waiting = frame[frame["fact_key"].isin(HEAD_TASKS)]
    named = "、".join(
        f"{HEAD_TASKS[row.fact_key]}（目标 {_target_text(row)}）" for row in waiting.itertuples()
    )
    return [*found, f"○ 完成数{UNREPORTED}：{named}。"]


def _target_text(task: tuple) -> str:
    return Target(task.operator, task.value, task.unit, task.clause).text


def beside_findings(context: Context) -> None:
    """The nine places of fine cleaning; a click leads to one."""
    frame = context.frame("cleaning_zones")
    cards.block_title("三街三圈三站", "精品保洁 · 规划附录 3")
    rows = [
        (row.place_name, joined(row.place_kind, _located_text(row))) for row in frame.itertuples()
    ]
    known = frame[frame["is_mapped"]]
    cards.facts(rows, {name: f"place:{name}" for name in known["place_name"]})


def _located_text(row: tuple) -> str:
    return f"位置取自{row.located_by}" if row.is_mapped else UNMAPPED


# --- the map -------------------------------------------------------------------------------------


def drawing(context: Context) -> Drawing:
    """Every street by its class, the cleaning zones over them."""
    colours = context.palette
    zones = context.frame("cleaning_zones")
    missing = zones[~zones["is_mapped"]]["place_name"]
    keys = [
        *street_classes.class_keys(context),
        Key("line", colours.accent, "精品保洁街", 0.3),
        Key("sign", colours.accent, "精品保洁圈、站", sign=ZONE_SIGN),
    ]
    return Drawing(
        [layers.pick(context), street_classes.class_lines(context), *_zone_layers(context, zones)],
        legend_html(
            "道路等级 · 三街三圈三站", keys, stacked=True,
            note=f"{UNMAPPED}：{'、'.join(missing)}" if len(missing) else "",
        ),
        maps.subdistrict_labels(context) + _zone_labels(context, zones),
    )  # fmt: skip


def _zone_layers(context: Context, zones: pd.DataFrame) -> list[pdk.Layer]:
    colours, scale = context.palette, context.screen.scale
    lines = pdk.Layer(
        "GeoJsonLayer",
        data=maps.collection(context.text("cleaning_zone_features")),
        id="cleaning-streets",
        get_line_color=rgba(colours.accent),
        get_line_width=40,
        line_width_min_pixels=4.5 * scale,
        line_width_max_pixels=12 * scale,
        line_cap_rounded=True,
        pickable=True,
        get_point_radius=1,
    )
    points = zones[zones["is_mapped"] & (zones["place_kind"] != "街")]
    signs = basemap.text_layer(
        [
            {"p": [row.lon, row.lat], "t": ZONE_SIGN, "o": [0, 0], "pick": f"place:{row.place_name}",
             "tip": f"{row.place_name}\n三街三圈三站 · 精品保洁\n位置取自{row.located_by}"}
            for row in points.itertuples()
        ],
        "cleaning-zones", colours, size_px=ZONE_PX * scale, colour=colours.accent,
    )  # fmt: skip
    signs.pickable = True
    return [lines, signs]


def _zone_labels(context: Context, zones: pd.DataFrame) -> list[MapLabel]:
    known = zones[zones["is_mapped"]]
    return [
        MapLabel(row.lon, row.lat, clipped(row.place_name), 13, context.palette.accent, 60,
                 is_beside=True)
        for row in known.itertuples()
    ]  # fmt: skip


# --- beside the map ------------------------------------------------------------------------------


def panel(context: Context) -> None:
    """The plan's tasks, length by class, length by subdistrict."""
    _tasks(context)
    _classes(context)
    charts.subdistrict_bars(
        context, context.frame("roads_of_subdistricts"),
        charts.Measure("length_km", "道路长度", "km", 1, None, LENGTH_NOTE), "roads_bars",
        layout.body_height_px(context, 27),
    )  # fmt: skip


def _tasks(context: Context) -> None:
    frame = tasks(context)
    is_sample = (frame["state_source"] == "sample").any()
    cards.block_title("规划任务", joined("全区", SAMPLE_TAG if is_sample else ""))
    cards.lines(
        (
            f"**{row.label}** {_target_text(row)}",
            joined(_state_text(pd.Series(row._asdict())), UNREPORTED),
        )
        for row in frame.itertuples(index=False)
    )


def _classes(context: Context) -> None:
    frame = context.frame("roads_by_class")
    cards.block_title("道路等级", "km · 条")
    if frame.empty:
        cards.empty("底图在所选范围内没有已命名的道路")
        return
    colours = street_classes.class_colours(context)
    bar = "".join(
        f'<i style="flex:{row.length_km:.3f};--c:{colours[row.class_group]}"></i>'
        for row in frame.itertuples()
    )
    words = "".join(
        f'<span><i style="--c:{colours[row.class_group]}"></i>{escape(street_classes.GROUPS[row.class_group])} '
        f"<b>{row.length_km:,.1f}</b> · {row.street_count:,}</span>"
        for row in frame.itertuples()
    )
    st.html(f'<div class="class-bar">{bar}</div><div class="class-key">{words}</div>')
    layout.note(LENGTH_NOTE)


# --- the table -----------------------------------------------------------------------------------


def table(context: Context) -> None:
    """Every street of the chosen subdistricts by its name."""
    frame = context.frame("roads_table")
    tables.register_table(
        context,
        frame.assign(classes=frame["classes"].map(street_classes.class_words)),
        {
            "street_name": tables.TableColumn("道路"),
            "classes": tables.TableColumn("等级"),
            "length_km": tables.TableColumn("长度（km）", "%.2f"),
            "subdistricts": tables.TableColumn("所经街道"),
            "finding_count": tables.TableColumn(_tagged(context, "无障碍问题点", FINDINGS), "%d"),
            "open_count": tables.TableColumn(_tagged(context, "未销号", FINDINGS), "%d"),
            "bridge_count": tables.TableColumn(_tagged(context, "桥梁", BRIDGES), "%d"),
        },
        "道路名录",
        "roads",
        hint="搜索道路、等级、街道……",
    )


def _tagged(context: Context, title: str, dataset: str) -> str:
    """A heading that says where its column is a sample: the streets themselves are not."""
    return f"{title}（{SAMPLE_TAG}）" if context.is_sample(dataset) else title
