"""Candidates for dark spots (疑似盲区) on the map, in a list and in a table: stretches where lamps stand too far apart.

They are of the registers of lamps, streets and rivers as these stand now, whatever the year.
"""

from html import escape

import pandas as pd
import pydeck as pdk
import streamlit as st

from ui import cards, charts, layout, light_choices, tables
from ui.charts import Measure
from ui.legend import Key
from ui.maps import MapLabel, collection
from ui.session import Context
from ui.tables import TableColumn
from ui.text import SAMPLE_TAG, UNREPORTED, clipped, joined, plain
from ui.theme import rgba

GAPS, LAMPS = "lighting.dark_gaps", "lighting.assets"
AS_IS = "按登记册现状"
PLACE_WORDS = {"street": "沿路", "riverside": "沿河"}
MOST_LISTED, MOST_NAMED = 9, 14
ROW_REM, NOTE_REM, AROUND_REM = 1.98, 1.15, 5.3
"""Height of a row of the list, of a note in it, and of headings and what else is around."""
DASH = [3, 2]
"""Dash and gap, in widths of the line, of a stretch of which no lamp stands anywhere on the street."""


def chosen(context: Context, name: str) -> pd.DataFrame:
    """Rows of a query on the candidates at the chosen gap."""
    return context.frame(name, dark_gap_m=light_choices.chosen_gap_m())


def figures_of(context: Context) -> list[cards.Figure]:
    """How many candidates there are at the chosen gap, and how long they are together."""
    limit_m = light_choices.chosen_gap_m()
    told = context.row("light_gaps_summary", LAMPS, dark_gap_m=limit_m)
    definition = (
        f"有名道路与有游步道灯的河岸上，相邻灯具间距不小于 {limit_m:g} 米的一段为一处；"
        "由灯具、道路、河道登记册推算，未经现场核实，历年均按现状"
    )
    of_places = f"沿路 {told['street_count']} 处，沿河 {told['riverside_count']} 处"
    return [
        cards.Figure(
            "疑似盲区", told["gap_count"], "处", detail=of_places,
            is_sample=context.is_sample(GAPS), definition=definition,
        ),
        cards.Figure(
            "疑似盲区总长", told["length_km"], "km", 2,
            detail=joined(f"灯距不小于 {limit_m:g} 米", AS_IS), is_sample=context.is_sample(GAPS),
            definition=definition,
        ),
    ]  # fmt: skip


def sentences(context: Context) -> list[str]:
    """How many candidates there are and where the longest is; nothing while no lamps are registered."""
    if not context.has_rows(LAMPS):
        return []
    frame, limit_m = chosen(context, "light_gaps"), light_choices.chosen_gap_m()
    if frame.empty:
        return [f"所选范围内没有灯距不小于 {limit_m:g} 米的**疑似盲区**（{AS_IS}）。"]
    longest, near = frame.iloc[0], int(frame["spot_id"].notna().sum())
    told = (
        f"灯距不小于 {limit_m:g} 米的**疑似盲区** {len(frame)} 处（{AS_IS}，待现场核实），"
        f"最长的在**{plain(longest['place_name'])}**（{longest['gap_m']:.0f} 米）"
    )
    return [f"{told}；其中 {near} 处附近有已登记暗点。" if near else f"{told}。"]


# --- the map -------------------------------------------------------------------------------------


def lines(context: Context) -> list[pdk.Layer]:
    """The stretches with a pale band around each; dashed where the whole street has no lamp."""
    scale, colours = context.screen.scale, context.palette
    features = collection(
        context.text("light_gaps_features", dark_gap_m=light_choices.chosen_gap_m())
    )
    pixels = pdk.types.String("pixels")
    shared = {"data": features, "line_width_units": pixels, "line_joint_rounded": True}
    return [
        pdk.Layer(
            "GeoJsonLayer", id="dark-gaps-band", get_line_color=rgba(colours.near, 60),
            get_line_width=13 * scale, line_cap_rounded=True, **shared,
        ),
        pdk.Layer(
            "GeoJsonLayer", id="dark-gaps", get_line_color=rgba(colours.near),
            get_line_width=4 * scale,
            extensions=[{"@@type": "PathStyleExtension", "dash": True, "highPrecisionDash": True}],
            get_dash_array=pdk.types.String(f"@@=properties.lit?[0,0]:{DASH}"),
            pickable=True, auto_highlight=True, highlight_color=rgba(colours.text, 160), **shared,
        ),
    ]  # fmt: skip


def labels(context: Context) -> list[MapLabel]:
    """Names of the longest, each street or river once a subdistrict."""
    frame = chosen(context, "light_gaps").drop_duplicates(["place_name", "subdistrict_name"])
    return [
        MapLabel(
            row.lon, row.lat, _short_name(row.place_name), 12.5, context.palette.near,
            30 + row.gap_m / 1000, is_beside=True,
        )
        for row in frame.head(MOST_NAMED).itertuples()
    ]  # fmt: skip


def keys(context: Context) -> list[Key]:
    """What the legend says of them; nothing while no lamps are registered."""
    if not context.has_rows(LAMPS):
        return []
    colour = context.palette.near
    return [
        Key("line", colour, "疑似盲区：所在路、河有灯", 0.25),
        Key("dashes", colour, "疑似盲区：全段无灯", 0.25),
    ]


def note(context: Context) -> str:
    """What is to be known of them."""
    if not context.has_rows(LAMPS):
        return f"灯具{UNREPORTED}"
    return f"疑似盲区{AS_IS}推算，未经核实"


# --- beside and under the map --------------------------------------------------------------------


def panel(context: Context) -> None:
    """The longest candidates, and how long they are together in each subdistrict."""
    limit = f"灯距 ≥ {light_choices.chosen_gap_m():g} 米"
    tag = SAMPLE_TAG if context.is_sample(GAPS) else ""
    frame = chosen(context, "light_gaps")
    shown = frame.head(MOST_LISTED)
    note = f"最长 {len(shown)} / {len(frame)} 处" if len(frame) > len(shown) else f"{len(frame)} 处"
    cards.block_title("疑似盲区", joined(limit, note if len(frame) else "", tag))
    if not context.has_rows(LAMPS):
        cards.empty("灯具登记册尚未导入")
        return
    if frame.empty:
        layout.note("所选范围内没有疑似盲区。")
    else:
        st.html(f'<ul class="lines picked">{"".join(map(_line_html, shown.itertuples()))}</ul>')
    lengths = chosen(context, "light_gap_lengths")
    list_rem = ROW_REM * max(1, len(shown)) + NOTE_REM * shown["spot_id"].notna().sum()
    charts.subdistrict_bars(
        context, lengths, Measure("length_km", "疑似盲区长度", "km", 2), "gap_bars",
        layout.body_height_px(context, AROUND_REM + list_rem),
    )  # fmt: skip


def _short_name(place_name: str) -> str:
    """A name for the map, without what only tells namesakes apart (未命名河道 04（四季青）)."""
    return clipped(place_name.partition("（")[0], 10)


def near_words(spot_name: str | None, is_fixed: bool | None) -> str:
    """That a spot is registered near a candidate, and how it stands; empty where none is."""
    if pd.isna(spot_name):
        return ""
    return f"附近有已登记暗点：{spot_name}（{'已消除' if is_fixed else '未消除'}）"


def _line_html(row: tuple) -> str:
    near = near_words(row.spot_name, row.is_fixed)
    told = joined(
        row.subdistrict_name.removesuffix("街道"),
        PLACE_WORDS[row.place_kind],
        f"{row.gap_m:.0f} 米" if row.has_lamps else f"全段无灯 {row.gap_m:.0f} 米",
    )
    pick = (
        ""
        if pd.isna(row.pick)
        else f' data-pick="{escape(row.pick, quote=True)}" role="button" tabindex="0"'
    )
    return (
        f"<li{pick}><span>{escape(row.place_name)}"
        f"{f'<small>{escape(near)}</small>' if near else ''}</span><span>{escape(told)}</span></li>"
    )


def table(context: Context) -> None:
    """All candidates."""
    frame = chosen(context, "light_gaps")
    limit = f"灯距不小于 {light_choices.chosen_gap_m():g} 米"
    tables.register_table(
        context,
        frame.assign(
            near=[near_words(row.spot_name, row.is_fixed) or None for row in frame.itertuples()]
        ),
        {
            "place_name": TableColumn("道路或河道"),
            "place_kind": TableColumn("位置", words=PLACE_WORDS),
            "subdistrict_name": TableColumn("街道"),
            "gap_m": TableColumn("灯距（米）", "%.0f"),
            "has_lamps": TableColumn("所在段", words={True: "有灯", False: "全段无灯"}),
            "near": TableColumn("已登记暗点"),
            "lon": TableColumn("经度", "%.5f"),
            "lat": TableColumn("纬度", "%.5f"),
        },
        "疑似盲区",
        "dark_gaps",
        joined(context.filter.place_text(context.names), limit, AS_IS),
        "搜索道路、河道、街道……",
    )  # fmt: skip
