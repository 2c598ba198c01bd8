"""The card of one thing of the lighting map: a lamp, a cabinet, a project or a dark spot (``light=lamp:…``)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

import pandas as pd
import pydeck as pdk
import streamlit as st

from queries.filter import shortened
from ui import cards, header, layout, light_charts
from ui.charts import Measure
from ui.maps import Picks
from ui.session import Context, without_focus
from ui.text import (
    ASSET_KINDS,
    COORDINATES_NOTE,
    LIGHTING_KINDS,
    LIGHTING_TECHNIQUES,
    UNFILLED,
    UNREPORTED,
    joined,
    number,
)
from ui.theme import rgba

LIGHT_KEY = "light"
CABINETS, STATUS, ENERGY = "lighting.cabinets", "lighting.status", "lighting.energy"
YES_NO = {True: "是", False: "否"}


@dataclass(frozen=True)
class _Kind:
    """One kind of thing: the word for it, the query that finds it, its name and the rest of its card."""

    word: str
    query: str
    name: Callable[[pd.Series], str]
    told: Callable[[Context, pd.Series], None]


def open_card(light: str) -> None:
    """Put a thing into the address, as ``lamp:3301020118000001``."""
    st.query_params[LIGHT_KEY] = light


def close_card() -> None:
    """Take it out of the address."""
    st.query_params.pop(LIGHT_KEY, None)


def follow(context: Context) -> Context:
    """Take up a click on the name of a thing in a list; tell of one that does not exist. Once a run, first.

    Returns the context without the item in focus where a thing was clicked: it may lie elsewhere.
    """
    kind = (context.picked or "").partition(":")[0]
    if kind in KINDS and _found(context, context.picked) is not None:
        open_card(context.picked)
        context = without_focus(context)
    asked = st.query_params.get(LIGHT_KEY)
    if asked is not None and _found(context, asked) is None:
        header.notices(
            [f"网址中的“{shortened(asked)}”没有对应的灯具、控制柜、项目或暗点，已忽略。"]
        )
        close_card()
    return context


def is_open(context: Context) -> bool:
    """Whether a thing has its card open."""
    return _found(context, st.query_params.get(LIGHT_KEY)) is not None


def _found(context: Context, light: str | None) -> tuple[_Kind, pd.Series] | None:
    """Kind and row (missing values as None) of a thing by its address; None when there is none."""
    kind, _, light_id = (light or "").partition(":")
    if kind not in KINDS:
        return None
    frame = context.frame(KINDS[kind].query, light_id=light_id)
    if frame.empty:
        return None
    return KINDS[kind], frame.astype(object).where(frame.notna(), None).iloc[0]


def card(context: Context) -> None:
    """The card of the thing in the address."""
    kind, row = _found(context, st.query_params.get(LIGHT_KEY))
    with st.container(horizontal=True, vertical_alignment="center", key="light_card_head"):
        tag = cards.sample_tag(row["source_kind"] == "sample")
        told = joined(kind.word, row["subdistrict_name"], f"{context.filter.year} 年底")
        st.html(
            f'<div class="focus"><b>{escape(kind.name(row))}</b> {tag}<small>{escape(told)}</small></div>',
            width="stretch",
        )
        st.button("‹ 返回", key="light_card_back", on_click=close_card, width="content")
    with st.container(height=layout.body_height_px(context, 4.2), border=False, key="light_card"):
        kind.told(context, row)


def marks(context: Context) -> list[pdk.Layer]:
    """A ring around the thing whose card is open."""
    found = _found(context, st.query_params.get(LIGHT_KEY))
    if found is None:
        return []
    _, row = found
    scale = context.screen.scale
    return [
        pdk.Layer(
            "ScatterplotLayer",
            data=[{"p": [round(row["lon"], 6), round(row["lat"], 6)]}],
            # A name of its own for each thing: a layer that stays would keep the last one's place.
            id=f"marked-{row['lon']:.6f}-{row['lat']:.6f}",
            get_position="p",
            get_radius=11 * scale,
            radius_units=pdk.types.String("pixels"),
            filled=False,
            stroked=True,
            get_line_color=rgba(context.palette.text),
            get_line_width=2 * scale,
            line_width_units=pdk.types.String("pixels"),
        )
    ]


# --- what each kind tells ------------------------------------------------------------------------


def _flag(value: object) -> str:
    return UNFILLED if value is None else YES_NO[bool(value)]


def _place(row: pd.Series) -> str:
    return f"{row['lon']:.5f}, {row['lat']:.5f}（{COORDINATES_NOTE}）"


def _lamp(context: Context, row: pd.Series) -> None:
    cabinet = row["cabinet_id"]
    named = f"{row['cabinet_name']}（{cabinet}）" if row["cabinet_name"] else cabinet
    cards.facts(
        {
            "类别": ASSET_KINDS[row["asset_kind"]],
            "亮灭": {"lit": "● 亮", "unlit": "▲ 未亮", None: UNFILLED}[row["state"]],
            "设施完好": _flag(row["is_sound"]),
            "LED": _flag(row["is_led"]),
            "集中控制": _flag(row["is_centrally_controlled"]),
            "控制柜": named or UNFILLED,
            "搭载 5G 基站": _flag(row["has_5g_station"]),
            "搭载感知设备": _flag(row["has_sensor"]),
            "所在位置": row["place_name"] or UNFILLED,
            "安装年份": f"{row['installed_year']} 年" if row["installed_year"] else UNFILLED,
            "坐标": _place(row),
            "部件编码": row["asset_id"],
        }.items(),
        {"控制柜": f"cabinet:{cabinet}"} if row["cabinet_name"] else {},
    )
    if row["place_name"] is None:
        return
    beside = context.row("light_lamps_beside", light_id=row["asset_id"])
    out = (
        f"未亮 {UNFILLED}"
        if beside["unlit_count"] is None
        else f"未亮 {beside['unlit_count']:,} 盏"
    )
    cards.block_title("同一位置", row["subdistrict_name"])
    cards.lines([(f"**{row['place_name']}**", f"{beside['lamp_count']:,} 盏 · {out}")])


def _cabinet(context: Context, row: pd.Series) -> None:
    cards.facts(
        {
            "接入一把闸刀": _switch_text(row),
            "灯具": f"{row['lamp_count']:,} 盏" if row["lamp_count"] else "没有对应的灯具",
            "未亮": UNFILLED if row["unlit_count"] is None else f"{row['unlit_count']:,} 盏",
            "所在位置": row["place_name"] or UNFILLED,
            "坐标": _place(row),
            "编号": row["cabinet_id"],
        }.items()
    )
    months = context.frame("light_cabinet_months", light_id=row["cabinet_id"])
    cards.block_title("当年逐月", f"{context.filter.year} 年")
    if months.empty:
        cards.empty("当年没有亮灯、故障与用电记录")
        return
    _totals(context, months)
    light_charts.columns(
        context,
        months,
        Measure("fault_count", "新增故障", "次"),
        "cabinet_faults",
        layout.rem(context, 9),
    )
    light_charts.columns(
        context,
        months,
        Measure("energy_kwh", "用电量", "kWh"),
        "cabinet_energy",
        layout.rem(context, 9),
    )


def _switch_text(row: pd.Series) -> str:
    if row["is_on_central_switch"] is None:
        return UNFILLED
    year = row["connected_year"]
    when = f"（{year} 年{'' if row['is_connected'] else '，届时接入'}）" if year else ""
    return f"{YES_NO[bool(row['is_connected'])]}{when}"


def _totals(context: Context, months: pd.DataFrame) -> None:
    """Lit rate, faults, repairs and energy of the year."""
    told = {name: months[name].sum(min_count=1) for name in months.columns if name != "month"}
    due, repaired, hours = told["due_count"], told["repaired_count"], told["repair_hours"]
    known = pd.notna(repaired) and repaired > 0 and pd.notna(hours)
    cards.lines(
        [
            ("亮灯率", f"{100 * told['lit_count'] / due:.1f}%" if pd.notna(due) and due else UNREPORTED),
            ("新增故障", _counted(told["fault_count"], "次")),
            ("有故障的夜数", _counted(told["fault_night_count"], "夜")),
            ("平均修复时长", f"{hours / repaired:.1f} 小时" if known else UNREPORTED),
            ("用电量", _counted(told["energy_kwh"], "kWh")),
        ]
    )  # fmt: skip


def _counted(value: float, unit: str) -> str:
    return UNREPORTED if pd.isna(value) else f"{number(value)} {unit}"


def _work(context: Context, row: pd.Series) -> None:
    words = {"completed": "● 已建成", "under_construction": "◐ 在建", "planned": "△ 未开工"}
    year = context.filter.year
    cards.facts(
        {
            "类别": LIGHTING_KINDS[row["project_kind"]],
            "状态": words[row["state_then"]],
            "完成 / 计划": f"{row['done_quantity']:g} / {row['quantity']:g} {row['unit']}",
            "改造方式": LIGHTING_TECHNIQUES.get(row["technique"], UNFILLED),
            "开工": _day(row["started_on"], year, "届时开工"),
            "完工": _day(row["completed_on"], year, "届时完工"),
            "规划条款": row["clause"] or UNFILLED,
            "坐标": _place(row),
            "编号": row["project_id"],
        }.items()
    )


def _day(day: pd.Timestamp | None, year: int, later: str) -> str:
    if day is None:
        return UNFILLED
    return f"{day:%Y-%m-%d}" + (f"（{later}）" if day.year > year else "")


def _spot(context: Context, row: pd.Series) -> None:
    is_fixed = bool(row["is_fixed"])
    fixed = _day(row["fixed_on"], context.filter.year, "届时消除")
    cards.facts(
        {
            "类别": row["spot_kind"],
            "状态": "● 已消除" if is_fixed else "▲ 未消除",
            "发现方式": row["found_by"] or UNFILLED,
            "发现": f"{row['found_on']:%Y-%m-%d}",
            "消除": fixed if row["fixed_on"] is not None else "—",
            "历时": f"{row['day_count']:,} 天",
            "规划条款": row["clause"] or UNFILLED,
            "坐标": _place(row),
            "编号": row["spot_id"],
        }.items()
    )


KINDS: Mapping[str, _Kind] = {
    "lamp": _Kind("灯具", "light_lamp", lambda row: row["place_name"] or row["asset_id"], _lamp),
    "cabinet": _Kind("控制柜", "light_cabinet", lambda row: row["cabinet_name"], _cabinet),
    "work": _Kind("亚运亮灯项目", "light_work", lambda row: row["project_name"], _work),
    "spot": _Kind("盲区暗点", "light_spot", lambda row: row["spot_name"], _spot),
}
PICKS: Picks = {kind: lambda rest, kind=kind: open_card(f"{kind}:{rest}") for kind in KINDS}
"""Clicks on the map."""
