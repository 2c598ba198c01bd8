"""The map of mode «设施与能耗»: the subdistricts by a measure, and on them the one thing it is about.

Central control shows the cabinets on and off the central switch, energy how much each draws, the
standard the roads that miss it, LED the new roads, and 5G and sensors their poles.
"""

import json
import math
from collections.abc import Iterable

import pandas as pd
import pydeck as pdk

from data.contracts import LAST_YEAR
from data.office_rules import office_rules
from data.status import judge
from ui import basemap, charts, layers, maps, street_lines
from ui.charts import Measure
from ui.layout import only_chosen
from ui.legend import Key, legend_html
from ui.light_service_counts import (
    MEASURES,
    by_subdistrict,
    chosen_measure,
    counts,
    is_now,
    led_rate,
    pct,
    totals,
    year_kwh_per_lamp,
)
from ui.maps import Drawing, MapLabel, rows
from ui.session import Context
from ui.street_lines import Look, Name, Piece
from ui.text import UNFILLED, UNMAPPED, joined, number
from ui.theme import rgba

MOST_CABINETS = 5_000
MOST_POLES = 5_000
"""More than these are not drawn one by one: the page says how to see them."""
MOST_SHARE = 0.1
"""So many of the cabinets stand out by the energy of their lamps."""
POLE_SIGNS = {"5g": "◆", "sensor": "●", "both": "★"}
POLE_WORDS = {"5g": "5G 基站", "sensor": "感知设备", "both": "两者都有"}
POLE_PX = {"sensor": 9, "5g": 14, "both": 15}
ROAD_STATES = {
    "below": ("▲", "照明指标未达标"),
    "dark": ("×", "没有装灯"),
    "untested": ("－", "未检测"),
    "met": ("●", "照明指标达标"),
}
"""Sign and word of how a road is lit."""
CROWDED = ("control", "energy")
"""Measures whose map has a point a cabinet: there the values stand beside it, in the bars, alone."""
_PIXELS = pdk.types.String("pixels")


def drawing(context: Context) -> Drawing:
    """The subdistricts by the chosen measure with what stands behind it."""
    chosen = chosen_measure()
    measure = MEASURES[chosen](context)
    frame = by_subdistrict(counts(context))
    choropleth, ramp = layers.choropleth(context, frame, measure)
    drawn, keys, note, labels = _OVER[chosen](context)
    values = {} if chosen in CROWDED else _told_values(frame, measure)
    return Drawing(
        [choropleth, layers.quiet_waterways(context), *drawn],
        legend_html(
            f"{measure.title}（{measure.unit}） · {context.filter.year} 年底",
            keys, ramp, stacked=True, note=note,
        ),
        [*maps.subdistrict_labels(context, values, size_px=13), *labels],
    )  # fmt: skip


def _told_values(frame: pd.DataFrame, measure: Measure) -> dict[str, str]:
    """Values on the map: where there is a target those that miss it, the rest stands in the bars."""
    told = dict(zip(frame["subdistrict_code"], frame[measure.field], strict=True))
    if measure.target:
        told = {code: value for code, value in told.items()
                if pd.isna(value) or judge(value, measure.target) != "met"}  # fmt: skip
    return {code: charts.marked_value(value, measure) for code, value in told.items()}


Over = tuple[list[pdk.Layer], list[Key], str, list[MapLabel]]
"""Layers, legend entries, note and labels of what lies over the subdistricts."""


# --- cabinets ------------------------------------------------------------------------------------


def _switched_cabinets(context: Context) -> Over:
    """Cabinets: filled on the central switch, hollow without."""
    found, note = _drawn_cabinets(context)
    colours, scale = context.palette, _point_scale(context)
    state = found["is_connected"].map({True: "y", False: "n"}).fillna("u")
    data = [
        _cabinet_point(row) | {"c": c}
        for row, c in sorted(zip(found.itertuples(), state, strict=True), key=lambda p: p[1] == "n")
    ]
    clear = [0, 0, 0, 0]
    layer = _points(
        context, "cabinets-switch", data,
        get_fill_color=layers.colour_test("c", {"y": rgba(colours.light, 235)}, clear),
        get_line_color=layers.colour_test(
            "c", {"y": rgba(colours.halo, 200), "n": rgba(colours.missed)}, rgba(colours.unreported)
        ),
        get_line_width=f"c=='y'?{0.8 * scale}:{1.8 * scale}",
        line_width_units=_PIXELS,
        stroked=True,
        get_radius=f"c=='y'?{3 * scale}:{3.9 * scale}",
    )  # fmt: skip
    present = state.value_counts()
    keys = [
        Key("dot", colours.light, f"已接入一把闸刀 {present.get('y', 0):,} 套"),
        Key("ring", colours.missed, f"未接入 {present.get('n', 0):,} 套"),
    ]
    if "u" in present:
        keys.append(Key("ring", colours.unreported, f"{UNFILLED} {present['u']:,} 套"))
    return [layer], keys if len(found) else [], note or _click(context, found, "控制柜"), []


def _fed_cabinets(context: Context) -> Over:
    """Cabinets, the tenth of them whose lamps take most energy standing out."""
    found, note = _drawn_cabinets(context)
    found = found.assign(kwh_per_lamp=year_kwh_per_lamp(found))
    found = found[found["kwh_per_lamp"].notna()].sort_values("kwh_per_lamp", kind="stable")
    colours, scale = context.palette, _point_scale(context)
    most_count = math.ceil(len(found) * MOST_SHARE)
    first = len(found) - most_count
    data = [
        _cabinet_point(row) | {"m": place >= first} for place, row in enumerate(found.itertuples())
    ]
    layer = _points(
        context, "cabinets-energy", data,
        get_fill_color=f"m?{rgba(colours.light)}:{rgba(colours.text, 110)}",
        stroked=True, get_line_color=rgba(colours.halo, 200), get_line_width=0.8 * scale,
        line_width_units=_PIXELS, get_radius=f"m?{5.2 * scale}:{2.2 * scale}",
    )  # fmt: skip
    keys = []
    if most_count:
        from_kwh = number(found["kwh_per_lamp"].iloc[first])
        keys = [
            Key("dot", colours.light, f"单灯用电最高的一成 {most_count:,} 套（≥{from_kwh}）"),
            Key("dot", f"{colours.text}6e", f"其余控制柜 {first:,} 套"),
        ]
    return [layer], keys, note or _click(context, found, "控制柜"), []


def _drawn_cabinets(context: Context) -> tuple[pd.DataFrame, str]:
    """Cabinets of the chosen subdistricts; none, and a note, where they are too many."""
    frame = only_chosen(context, context.frame("light_service_cabinets"))
    if len(frame) > MOST_CABINETS:
        return frame.head(0), f"控制柜 {len(frame):,} 套，选街道看单柜"
    return frame, ""


def _point_scale(context: Context) -> float:
    """Scale of the points: larger where they have the room of a few subdistricts to themselves."""
    return context.screen.scale * (1 if context.filter.is_whole_district else 1.6)


def _cabinet_point(row: tuple) -> dict:
    lamps = "没有对应的灯具" if pd.isna(row.lamp_count) else f"灯具 {row.lamp_count:,.0f} 盏"
    energy = "" if pd.isna(row.energy_kwh) else f"年用电 {row.energy_kwh:,.0f} kWh"
    return {
        "p": [row.lon, row.lat],
        "pick": f"cabinet:{row.cabinet_id}",
        "tip": "\n".join(
            part
            for part in (row.cabinet_name, row.subdistrict_name, switch_text(row), joined(lamps, energy))
            if part
        ),
    }  # fmt: skip


def switch_text(row: tuple) -> str:
    """Whether a cabinet is on the central switch, and since when."""
    if pd.isna(row.is_connected):
        return f"是否接入一把闸刀{UNFILLED}"
    if not row.is_connected:
        return "○ 未接入一把闸刀"
    since = "" if pd.isna(row.connected_year) else f"（{row.connected_year:.0f} 年）"
    return f"● 已接入一把闸刀{since}"


def _click(context: Context, found: pd.DataFrame, what: str) -> str:
    """That a click tells more; in a kiosk nobody clicks."""
    return f"点击{what}看详情" if len(found) and not context.screen.is_kiosk else ""


def _points(context: Context, layer_id: str, data: list[dict], **look: object) -> pdk.Layer:
    return pdk.Layer(
        "ScatterplotLayer",
        data=rows(json.dumps(data, ensure_ascii=False)),
        id=layer_id,
        get_position="p",
        radius_units=_PIXELS,
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(context.palette.text, 160),
        **look,
    )


# --- roads ---------------------------------------------------------------------------------------


def _tested_roads(context: Context) -> Over:
    """Roads that miss the standard and those without lamps."""
    colours = context.palette
    looks = {"dark": Look(colours.light, 30), "below": Look(colours.missed, 36)}
    frame = only_chosen(context, context.frame("light_service_roads"))
    shown = frame[frame["state"].isin(looks)].iloc[::-1]
    keys = [
        Key("line", looks[state].colour, f"{word} {count:,} 条")
        for state, (_, word) in ROAD_STATES.items()
        if state in looks and (count := int((frame["state"] == state).sum()))
    ]
    signs = {state: sign for state, (sign, _) in ROAD_STATES.items()}
    return _road_lines(context, shown, "state", looks, keys, signs)


def _led_roads(context: Context) -> Over:
    """New, rebuilt and extended roads by whether their LED share is at the plan's."""
    colours, target = context.palette, led_rate(context).target
    looks = {
        "few": Look(colours.light, 18, 150), "met": Look(colours.light, 26),
        "below": Look(colours.missed, 34),
    }  # fmt: skip
    least = office_rules()["least_rate_lamps"].value
    frame = only_chosen(context, context.frame("light_service_roads"))
    new = frame[frame["is_new"].fillna(False).astype(bool) & (frame["led_known_count"] > 0)]
    share = 100 * new["led_count"] / new["led_known_count"]
    judged = share.map(lambda one: "met" if judge(one, target) == "met" else "below").astype(object)
    new = new.assign(led=judged.where(new["led_known_count"] >= least, "few"))
    words = {
        "below": f"新改扩建道路，LED 不足 {target.value:g}%",
        "met": f"新改扩建道路，LED {target.text}",
        "few": f"路灯不足 {least:g} 盏，不算比率",
    }
    keys = [
        Key("line", looks[state].colour, f"{word} {count:,} 条", 0.12 if state == "few" else 0.2)
        for state, word in words.items()
        if (count := int((new["led"] == state).sum()))
    ]
    order = list(looks)
    ordered = new.sort_values("led", key=lambda column: column.map(order.index), kind="stable")
    drawn, keys, note, labels = _road_lines(context, ordered, "led", looks, keys, {"below": "▲"})
    if not is_now(context):
        note = f"各道路 LED 只有 {LAST_YEAR} 年底现状"
    return drawn, keys, note, labels


def _road_lines(
    context: Context, roads: pd.DataFrame, field: str, looks: dict[str, Look], keys: list[Key],
    signs: dict[str, str],
) -> Over:  # fmt: skip
    """Roads along their streets, in the look of their ``field``, those of ``signs`` with their names."""
    found = context.frame("light_service_road_pieces")
    found = found[found["is_chosen"]].merge(
        roads.drop(columns=["street_name"]), on="road_id", how="inner"
    )
    place = {road_id: n for n, road_id in enumerate(roads["road_id"])}
    found = found.sort_values("road_id", key=lambda column: column.map(place), kind="stable")
    pieces = [
        Piece(row.street_name, row.geometry_json, looks[getattr(row, field)], road_tip(row))
        for row in found.itertuples()
    ]
    missing = len(roads) - found["road_id"].nunique()
    note = joined(
        "点击道路可定位" if len(found) and not context.screen.is_kiosk else "",
        f"{UNMAPPED} {missing} 条" if missing else "",
    )
    labels = street_lines.labels(context, _names(context, found, field, looks, signs), found)
    return [street_lines.lines(context, pieces, f"roads-{field}", 2.2)], keys, note, labels


def _names(
    context: Context, found: pd.DataFrame, field: str, looks: dict[str, Look], signs: dict[str, str]
) -> Iterable[Name]:
    """Names with their signs; from near they lie on their lines and need another colour."""
    is_far = context.filter.is_whole_district
    named = found[found[field].isin(list(signs))].drop_duplicates("street_name", keep="last")
    for row in named.itertuples():
        value = getattr(row, field)
        colour = looks[value].colour if is_far else context.palette.text
        yield Name(row.street_name, f"{signs[value]} {row.street_name}", colour, 30, True)


def road_tip(row: tuple) -> str:
    """How one road is lit: its test, its lamps, how many of them are LED."""
    sign, word = ROAD_STATES[row.state]
    tested = joined(
        "" if pd.isna(row.average_lux) else f"平均照度 {row.average_lux:g} lx",
        "" if pd.isna(row.measured_on) else f"{row.measured_on:%Y-%m-%d} 检测",
    )
    share = pct(*(None if pd.isna(n) else n for n in (row.led_count, row.led_known_count)))
    led = "" if share is None else f"LED {row.led_count:,.0f} 盏（{share:.0f}%）"
    lamps = "" if pd.isna(row.lamp_count) else f"路灯 {row.lamp_count:,.0f} 盏"
    built = "新改扩建" if row.is_new is not pd.NA and row.is_new else ""
    when = "" if pd.isna(row.built_year) else f"{row.built_year:.0f} 年"
    place = row.subdistrict_name if isinstance(row.subdistrict_name, str) else ""
    lines = [
        row.road_name, joined(place, f"{when}{built}"), f"{sign} {word}", tested, joined(lamps, led),
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


# --- poles ---------------------------------------------------------------------------------------


def _poles(context: Context) -> Over:
    """Poles with 5G stations or sensors, once one subdistrict is chosen."""
    if not is_now(context):
        return [], [], f"灯杆搭载设备只有 {LAST_YEAR} 年底现状", []
    count = totals(context, counts(context))["pole_count"]
    if not count:
        return [], [], "", []
    if context.filter.single_code is None:
        return [], [], "选一个街道看灯杆位置", []
    if count > MOST_POLES:
        return [], [], f"灯杆 {count:,.0f} 根，超过 {MOST_POLES:,} 根，不逐根画出", []
    colours = context.palette
    looks = {"sensor": colours.belt, "5g": colours.light, "both": colours.light}
    found = pd.DataFrame(json.loads(context.text("light_service_pole_points") or "[]"))
    drawn = []
    for kind, colour in looks.items():
        here = found[found["k"] == kind].drop(columns="k").to_dict("records")
        layer = basemap.text_layer(
            [point | {"t": POLE_SIGNS[kind], "o": [0, 0]} for point in here], f"poles-{kind}",
            colours, size_px=POLE_PX[kind] * context.screen.scale, colour=colour,
        )  # fmt: skip
        layer.pickable = True
        drawn.append(layer)
    keys = [
        Key("sign", colour, f"{POLE_WORDS[kind]} {int((found['k'] == kind).sum()):,} 根",
            sign=POLE_SIGNS[kind])
        for kind, colour in looks.items()
    ]  # fmt: skip
    return drawn, keys, _click(context, found, "灯杆"), []


_OVER = {
    "control": _switched_cabinets,
    "led": _led_roads,
    "standard": _tested_roads,
    "energy": _fed_cabinets,
    "poles": _poles,
}
