"""Mode «故障» of the lighting page: lamps that are out, cabinets that fall short, how long repairs take."""

from collections.abc import Callable
from html import escape

import pandas as pd
import pydeck as pdk
import streamlit as st

from data.contracts import LAST_YEAR
from data.status import judge
from ui import cards, charts, layers, layout, light_charts, light_glow, light_map, tables
from ui.charts import Measure
from ui.legend import Key, legend_html
from ui.light_fault_figures import (
    LAMPS,
    STATUS,
    absent,
    counted_in,
    figures_of,
    lit_rate,
    month_of,
    sentences,
)
from ui.maps import Drawing, subdistrict_labels
from ui.session import Context
from ui.tables import TableColumn
from ui.text import SAMPLE_TAG, UNREPORTED, joined
from ui.theme import STATUS_LOOKS, rgba

__all__ = ["beside_findings", "drawing", "figures_of", "panel", "sentences", "table"]

CABINETS = "lighting.cabinets"
NOT_IMPORTED = "亮灯与故障统计尚未导入"
MOST_CABINETS, MOST_ROADS = 5, 4
"""Rows of the short lists beside the map; the tables below hold all."""
ROW_REM, LIST_REM, TITLE_REM = 1.98, 3.4, 1.9
"""Height of a row of such a list, of what is around the rows, and of the heading of a chart."""
CITY_STRENGTH = 0.75
"""How strongly the city still shines, all in grey, behind its faults."""
MEAN_REPAIR = Measure("mean_repair_hours", "平均修复时长", "小时", 1)
FAULTS = Measure("fault_count", "新增故障", "次")


def beside_findings(context: Context) -> None:
    """Lit rate and new faults by month."""
    if counted_in(context) is None:
        cards.block_title("逐月亮灯与故障", _tag(context))
        cards.empty(absent(context) or NOT_IMPORTED)
        return
    frame = context.frame("light_fault_months")
    year = pd.to_datetime(frame["month"]).dt.year
    now, before = (frame[year == context.filter.year - back] for back in (0, 1))
    rate = lit_rate(context, "亮灯率")
    light_charts.line(context, now, rate, "fault_lit", layout.rem(context, 13.5))
    light_charts.columns(context, now, FAULTS, "fault_months", layout.rem(context, 13), before)


# --- the map -------------------------------------------------------------------------------------


def drawing(context: Context) -> Drawing:
    """The city all in grey; lamps that are out as embers, cabinets that fall short as rings."""
    counts = {
        row.subdistrict_code: f"{row.unlit_count:.0f} 盏"
        for row in context.frame("light_faults_by_subdistrict").itertuples()
        if pd.notna(row.unlit_count)
    }
    return Drawing(
        [
            layers.pick(context),
            layers.quiet_waterways(context),
            *light_glow.layer(context, CITY_STRENGTH, context.palette.unreported),
            layers.veil(context),
            # Unseen: only to be pointed at and clicked.
            light_map.lamps(context, alpha=0),
            _cabinets(context),
            *light_map.faults(context),
        ],
        legend_html(
            f"未亮灯具 · {LAST_YEAR} 年底现状", _keys(context), stacked=True,
            note=_note(context),
        ),
        subdistrict_labels(context, counts, size_px=12.5, has_plate=True),
    )  # fmt: skip


def _cabinets(context: Context) -> pdk.Layer:
    """Cabinets: those below the target as rings, larger the more lamps are out; the others as dots."""
    scale, colours = context.screen.scale, context.palette
    pixels = pdk.types.String("pixels")
    return pdk.Layer(
        "ScatterplotLayer",
        data=light_map.file_address("cabinets", context.text("light_cabinet_points")),
        id="cabinets",
        get_position="p",
        get_radius=f"low?{scale}*(1.6+1.1*(n>10?10:n)):{1.3 * scale}",
        radius_units=pixels,
        get_fill_color=f"low?{rgba(colours.near, 18)}:{rgba(colours.muted, 170)}",
        stroked=True,
        get_line_color=f"low?{rgba(colours.near, 210)}:{[0, 0, 0, 0]}",
        get_line_width=1.1 * scale,
        line_width_units=pixels,
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(colours.text),
    )


def _note(context: Context) -> str:
    if not context.has_rows(LAMPS):
        return f"灯具{UNREPORTED}"
    sized = "圈越大未亮越多" if context.has_rows(CABINETS) and counted_in(context) else ""
    if light_map.is_for_show(context):
        return sized
    return joined(sized, "点击看单灯" if light_map.has_single_lamps(context) else "选街道看单灯")


def _keys(context: Context) -> list[Key]:
    colours, keys = context.palette, []
    if context.row("light_drawn")["unlit_count"]:
        gathered = "" if light_map.has_single_faults(context) else "（按网格汇总）"
        keys.append(Key("dot", colours.missed, f"未亮灯具{gathered}"))
    if not context.has_rows(CABINETS):
        return keys
    if counted := counted_in(context):
        low = f"{month_of(counted)} 月亮灯率低于目标的控制柜"
        keys.append(Key("ring", colours.near, low))
    return [*keys, Key("dot", colours.muted, "其他控制柜" if counted else "控制柜")]


# --- beside the map ------------------------------------------------------------------------------


def panel(context: Context) -> None:
    """Cabinets with most lamps out, roads with the lowest lit rate, how long repairs take."""
    counted, tag = counted_in(context), _tag(context)
    if counted is None:
        cards.block_title("控制柜与道路", tag)
        cards.empty(absent(context) or NOT_IMPORTED)
        return
    taken_rem = TITLE_REM
    cabinets = context.frame("light_fault_cabinets")
    if not cabinets.empty:
        month = joined(f"{month_of(counted)} 月", tag)
        out = cabinets[cabinets["unlit_count"] > 0].head(MOST_CABINETS)
        taken_rem += _list(context, "未亮最多的控制柜", month, out, _cabinet_name)
    roads = context.frame("light_fault_roads")
    if not roads.empty:
        month = joined(f"{roads['month'].max().month} 月", tag)
        out = roads[roads["unlit_count"] > 0].head(MOST_ROADS)
        taken_rem += _list(context, "亮灯率最低的道路", month, out, _road_name)
    charts.subdistrict_bars(
        context, context.frame("light_faults_by_subdistrict"), MEAN_REPAIR, "fault_bars",
        layout.body_height_px(context, taken_rem),
    )  # fmt: skip


def _tag(context: Context) -> str:
    return SAMPLE_TAG if context.is_sample(STATUS) else ""


def _list(
    context: Context, title: str, note: str, rows: pd.DataFrame,
    name: Callable[[tuple], tuple[str, str]],
) -> float:  # fmt: skip
    """A list of what is counted; ``name`` gives a row's name and pick. Returns the list's height in rem."""
    cards.block_title(title, note)
    if rows.empty:
        layout.note("统计的灯全部亮着。")
        return LIST_REM + ROW_REM
    lines = "".join(_line_html(context, row, *name(row)) for row in rows.itertuples())
    st.html(f'<ul class="lines picked">{lines}</ul>')
    return LIST_REM + ROW_REM * len(rows)


def _cabinet_name(row: tuple) -> tuple[str, str]:
    return row.cabinet_name, f"cabinet:{row.cabinet_id}"


def _road_name(row: tuple) -> tuple[str, str]:
    return row.road_name, "" if pd.isna(row.street_name) else f"street:{row.street_name}"


def _line_html(context: Context, row: tuple, name: str, pick: str) -> str:
    """Name, subdistrict, lamps out; the rate only of lamps enough, else of how many they are."""
    has_rate = pd.notna(row.lit_rate_pct)
    look = STATUS_LOOKS[judge(row.lit_rate_pct, context.target(1))] if has_rate else None
    shape = f'<b style="color:var(--{look.role})">{look.shape}</b> ' if look else ""
    told = (
        f"未亮 {row.unlit_count:.0f} 盏 · {row.lit_rate_pct:.1f}%"
        if has_rate
        else f"未亮 {row.unlit_count:.0f} / {row.due_count:.0f} 盏"
    )
    picked = f' data-pick="{escape(pick, quote=True)}" role="button" tabindex="0"' if pick else ""
    place = "" if pd.isna(row.subdistrict_name) else row.subdistrict_name.removesuffix("街道")
    return (
        f"<li{picked}><span>{shape}{escape(name)}</span>"
        f"<span>{escape(joined(place, told))}</span></li>"
    )


# --- under the map -------------------------------------------------------------------------------

COUNTED_COLUMNS = {
    "due_count": TableColumn("应亮（盏）", "%.0f"),
    "lit_count": TableColumn("实亮（盏）", "%.0f"),
    "unlit_count": TableColumn("未亮（盏）", "%.0f"),
    "lit_rate_pct": TableColumn("亮灯率（%）", "%.1f"),
    "fault_count": TableColumn("当年新增故障", "%d"),
    "fault_night_count": TableColumn("当年故障夜数", "%d"),
    "repaired_count": TableColumn("当年修复", "%d"),
    "mean_repair_hours": TableColumn("平均修复时长（小时）", "%.1f"),
}


def table(context: Context) -> None:
    """Cabinets with all that is counted of them, and roads where such are counted."""
    counted, roads = counted_in(context), context.frame("light_fault_roads")
    when = f"亮灯为 {month_of(counted)} 月" if counted else ""
    tables.register_table(
        context,
        context.frame("light_fault_cabinets"),
        {
            "cabinet_name": TableColumn("控制柜"),
            "subdistrict_name": TableColumn("街道"),
            **COUNTED_COLUMNS,
            "is_connected": TableColumn("接入一把闸刀", words={True: "是", False: "否"}),
            "cabinet_id": TableColumn("编号"),
        },
        "控制柜亮灯与故障",
        "fault_cabinets",
        joined(context.sentence, when),
        "搜索控制柜、街道……",
    )
    if not roads.empty:
        tables.register_table(
            context,
            roads,
            {
                "road_name": TableColumn("道路"),
                "subdistrict_name": TableColumn("街道"),
                **COUNTED_COLUMNS,
            },
            "道路亮灯与故障",
            "fault_roads",
            joined(
                context.sentence,
                f"亮灯为 {roads['month'].max().month} 月",
                "同一批灯已按控制柜计入合计" if counted["cabinet_count"] else "",
            ),
            "搜索道路、街道……",
        )
