"""The map of the river page in its modes: layers, names and one legend for each."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pandas as pd
import pydeck as pdk

from data.contracts import QUALITY_CLASSES
from ui import basemap, layers, maps, project_map, river_projects
from ui.legend import Key, legend_html
from ui.maps import Drawing, MapLabel, rows
from ui.quality_charts import item_words
from ui.river_choices import MODES, assumed_rivers, month_text
from ui.river_facilities import KIND_WORDS, STATE_LOOKS, WORK_WORDS
from ui.river_lines import Look, labels, level_keys, level_labels, level_lines, lines, reaches
from ui.session import Context
from ui.text import UNMAPPED, clipped, map_alt
from ui.theme import WARNING_LOOKS, rgba

UNEVALUATED = "未评价"
LAYOUT = "四区三轴伴两湖"
FACILITY_SIGNS = {"pump_station": "泵", "sluice": "闸", "sand_basin": "沙", "dead_end": "断"}
"""What stands on the map for a facility with works, before the shape of their state."""
SECTION_SIGN = "◆"
OPEN_SIGN = "▲"
SIGN_PX, SECTION_PX, OPEN_PX = 14, 10, 8


def river_map(
    context: Context, mode: str, month: date, height_px: int, sentences: Sequence[str]
) -> None:
    """Draw the mode's map; a river's own card stands beside it, so the map shows none.

    The first of the ``sentences`` is what the map says to those who do not see it.
    """
    drawing = _DRAWINGS[mode](context, month)
    maps.map_panel(
        context,
        "rivers",
        [layers.pick(context), *drawing.layers],
        drawing.legend,
        labels=maps.subdistrict_labels(context) + drawing.labels,
        signs=drawing.signs,
        height_px=height_px,
        alt=map_alt(f"{context.sentence}，{month_text(month)}", f"河道按{MODES[mode]}", sentences),
        with_focus_card=not (context.focus and context.focus.kind == "river"),
    )


# --- beautiful level -----------------------------------------------------------------------------


def _beautiful(context: Context, _month: date) -> Drawing:
    keys = level_keys(context)
    drawn = [level_lines(context)]
    assumed = assumed_rivers(context)
    if assumed:
        drawn.append(_assumed_lines(context, assumed))
        keys.append(Key("dash", context.palette.light, f"假设创建成功（{len(assumed)} 条）"))
    keys.append(Key("line", context.palette.muted, "线宽：干流 ＞ 主要河道 ＞ 支流", 0.35))
    note = _absent(context, set(assumed), "假设创建的河道")
    legend = legend_html(
        f"美丽河湖等级 · {context.filter.year} 年底", keys, stacked=True, note=note
    )
    return Drawing(drawn, legend, level_labels(context))


def _assumed_lines(context: Context, assumed: Sequence[str]) -> pdk.Layer:
    """The rivers assumed to become beautiful ones: bright dashes above their own colour."""
    frame, scale = reaches(context), context.screen.scale
    features = ",".join(
        f'{{"type":"Feature","properties":{{}},"geometry":{geometry}}}'
        for geometry in frame[frame["river_id"].isin(assumed)]["geometry_json"]
    )
    return pdk.Layer(
        "GeoJsonLayer",
        data=maps.collection(f"[{features}]"),
        id="rivers-assumed",
        get_line_color=rgba(context.palette.light),
        get_line_width=4.5 * scale,
        line_width_units=pdk.types.String("pixels"),
        extensions=[{"@@type": "PathStyleExtension", "dash": True, "highPrecisionDash": True}],
        get_dash_array=[4, 2],
    )


# --- quality and warning -------------------------------------------------------------------------


def _states(context: Context, month: date) -> pd.DataFrame:
    return context.frame("river_map_states", month=month)


def quality_text(quality_class: object, limiting_item: object, section_count: int) -> str:
    """Class of a river's worst section as a tooltip says it."""
    if isinstance(quality_class, str):
        by = f"，定类项目 {item_words(limiting_item)}" if isinstance(limiting_item, str) else ""
        return f"水质 {quality_class} 类{by}"
    return "未设水质断面" if not section_count else f"水质{UNEVALUATED}"


def _quality(context: Context, month: date) -> Drawing:
    frame, colours = _states(context, month), context.palette
    states = dict(zip(frame["river_id"], frame["quality_class"].fillna(UNEVALUATED), strict=True))
    looks = {UNEVALUATED: Look(colours.unreported)} | {
        one: Look(colours.quality_class(one), is_wide=one in QUALITY_CLASSES[4:])
        for one in QUALITY_CLASSES
    }
    tips = {
        row.river_id: f"{month_text(month)} "
        f"{quality_text(row.quality_class, row.limiting_item, row.section_count)}"
        for row in frame.itertuples()
    }
    bad = frame[frame["quality_class"].isin(QUALITY_CLASSES[4:])]
    words = {
        row.river_id: f"{clipped(row.river_name)} {row.quality_class}"
        for row in frame[frame["quality_class"].notna()].itertuples()
    }
    keys = [Key("line", colours.quality_class(one), f"{one} 类", 0.28) for one in QUALITY_CLASSES]
    keys.append(Key("line", colours.unreported, f"{UNEVALUATED}或无断面", 0.28))
    keys.append(Key("dot", colours.muted, "监测断面"))
    legend = legend_html(
        f"河道水质类别 · {month_text(month)}", keys, stacked=True,
        note=_joined("河道按最差断面", _absent(context, set(bad["river_id"]), "劣于Ⅳ类的河道")),
    )  # fmt: skip
    named = labels(context, dict.fromkeys(bad["river_id"], 45), words, frozenset(bad["river_id"]))
    sections = context.frame("river_map_sections", month=month)
    return Drawing(
        [lines(context, states, looks, tips), _section_dots(context, month)],
        legend, named, maps.positions(sections),
    )  # fmt: skip


def _section_dots(context: Context, month: date) -> pdk.Layer:
    """Sections as dots in the colour of their class."""
    scale, colours = context.screen.scale, context.palette
    frame = context.frame("river_map_sections", month=month)
    points = [
        {
            "p": [row.lon, row.lat],
            "c": rgba(colours.quality_class(row.quality_class), 255 if row.is_chosen else 110),
            "pick": f"river:{row.river_id}",
            "tip": _section_tip(row, month),
        }
        for row in frame.itertuples()
    ]
    return pdk.Layer(
        "ScatterplotLayer",
        data=rows(json.dumps(points, ensure_ascii=False)),
        id=f"sections{_suffix(context)}",
        get_position="p",
        get_fill_color="c",
        get_radius=3.8 * scale,
        radius_units=pdk.types.String("pixels"),
        stroked=True,
        get_line_color=rgba(colours.text),
        get_line_width=1.2 * scale,
        line_width_units=pdk.types.String("pixels"),
        pickable=True,
    )


def _section_tip(row: tuple, month: date) -> str:
    if isinstance(row.quality_class, str):
        said = f"{row.quality_class} 类，定类项目 {item_words(row.limiting_item)}"
    elif isinstance(row.limiting_item, str):
        said = f"{UNEVALUATED}（{item_words(row.limiting_item)}）"
    else:
        said = "当月未测"
    return f"{row.section_name}\n{row.river_name} · {month_text(month)} {said}\n点击看河道详情"


def _warning(context: Context, month: date) -> Drawing:
    frame, colours = _states(context, month), context.palette
    states = dict(zip(frame["river_id"], frame["warning"], strict=True))
    looks = {
        state: Look(WARNING_LOOKS[state].colour(colours), is_wide=state == "red")
        for state in ("unknown", "green", "yellow", "red")
    }
    tips = {
        row.river_id: f"{month_text(month)} {WARNING_LOOKS[row.warning].shape} "
        f"{WARNING_LOOKS[row.warning].word}，"
        f"{quality_text(row.quality_class, row.limiting_item, row.section_count)}"
        for row in frame.itertuples()
    }
    told = frame[frame["warning"].isin(["red", "yellow"])]
    weights = {
        row.river_id: 60 if row.warning == "red" else 25 for row in told.itertuples(index=False)
    }
    words = {
        row.river_id: f"{WARNING_LOOKS[row.warning].shape} {clipped(row.river_name)}"
        for row in told.itertuples()
    }
    keys = [
        Key("line", look.colour(colours), f"{look.shape} {look.word}", 0.35 if state == "red" else 0.2)
        for state, look in WARNING_LOOKS.items()
    ]  # fmt: skip
    note = _absent(context, set(told["river_id"]), "红、黄色河道")
    legend = legend_html(f"三色预警 · {month_text(month)}", keys, stacked=True, note=note)
    tones = {row.river_id: looks[row.warning].colour for row in told.itertuples()}
    named = labels(context, weights, words, frozenset(told["river_id"]), tones)
    return Drawing([lines(context, states, looks, tips)], legend, named)


# --- facilities and projects ---------------------------------------------------------------------


def _facilities(context: Context, month: date) -> Drawing:
    colours = context.palette
    frame = context.frame("river_map_facilities", month=month, river_id=None)
    drawn = frame[frame["is_drawn"]]
    outfalls, others = (
        drawn[drawn["facility_kind"] == "outfall"],
        drawn[drawn["facility_kind"] != "outfall"],
    )
    signs = [
        _sign_layer(context, group, state)
        for state, group in others.groupby(others["state"].fillna("unreported"), sort=False)
    ]
    made = [
        _quiet_rivers(context, month),
        _outfall_dots(context, outfalls),
        _section_signs(context, month),
        *signs,
    ]
    keys = [
        Key("sign", colours.missed, "晴天出水 · 未处置", sign=OPEN_SIGN),
        Key("ring", colours.met, "晴天出水 · 已处置"),
        Key("ring", colours.muted, "其他排出口", 0.1),
        Key("sign", colours.belt, "监测断面", sign=SECTION_SIGN),
    ]
    present = set(frame[frame["facility_kind"] != "outfall"]["facility_kind"])
    keys += [
        Key("sign", colours.text, KIND_WORDS[kind], sign=sign)
        for kind, sign in FACILITY_SIGNS.items()
        if kind in present
    ]
    keys += [
        Key("sign", STATE_LOOKS[state].colour(colours), STATE_LOOKS[state].word,
            sign=STATE_LOOKS[state].shape)
        for state in STATE_LOOKS
        if (others["state"] == state).any()
    ]  # fmt: skip
    missing = frame[~frame["is_drawn"]]
    listed = "" if context.screen.is_kiosk else "，见图下名录"
    note = f"{UNMAPPED} {len(missing)} 处{listed}" if len(missing) else ""
    title = f"河道设施 · {month_text(month)}"
    legend = legend_html(title, keys, stacked=True, note=note)
    # Of the whole district the signs leave no room for the names of rivers.
    named = [] if context.filter.is_whole_district else labels(context)
    # As labels, so that no name comes to lie over what is still open.
    open_signs = [
        MapLabel(row.lon, row.lat, OPEN_SIGN, OPEN_PX, colours.ground, weight=80, is_kept=True)
        for row in outfalls[outfalls["dry_flow"] == "open"].itertuples()
    ]
    return Drawing(made, legend, open_signs + named, maps.positions(others))


def _quiet_rivers(
    context: Context, month: date, wide: Mapping[str, Look] | None = None
) -> pdk.Layer:
    """All rivers in the colour of water, to be clicked; some of them in a look of their own."""
    frame = _states(context, month)
    looks = {"quiet": Look(context.palette.water_deep)} | dict(wide or {})
    states = {
        river_id: river_id if river_id in looks else "quiet" for river_id in frame["river_id"]
    }
    tips = {
        row.river_id: f"{month_text(month)} "
        f"{quality_text(row.quality_class, row.limiting_item, row.section_count)}"
        for row in frame.itertuples()
    }
    return lines(context, states, looks, tips)


def _outfall_dots(context: Context, frame: pd.DataFrame) -> pdk.Layer:
    """Outfalls: a large dot where water flows in dry weather, a ring where that is dealt with."""
    scale, colours = context.screen.scale, context.palette
    clear = [0, 0, 0, 0]
    looks = {
        "open": (rgba(colours.missed), rgba(colours.halo), 7.0),
        "fixed": (clear, rgba(colours.met), 4.6),
        "none": (clear, rgba(colours.muted, 200), 2.4),
    }
    points = []
    for row in frame.sort_values("dry_flow").itertuples():
        fill, line, radius = looks[row.dry_flow]
        points.append(
            {"p": [row.lon, row.lat], "f": fill, "l": line, "r": radius * scale,
             "tip": _facility_tip(row), **_pick(row.river_id)}
        )  # fmt: skip
    return pdk.Layer(
        "ScatterplotLayer",
        data=rows(json.dumps(points, ensure_ascii=False)),
        id=f"outfalls{_suffix(context)}",
        get_position="p",
        get_fill_color="f",
        get_line_color="l",
        get_radius="r",
        radius_units=pdk.types.String("pixels"),
        stroked=True,
        get_line_width=1.7 * scale,
        line_width_units=pdk.types.String("pixels"),
        pickable=True,
    )


def _section_signs(context: Context, month: date) -> pdk.Layer:
    frame = context.frame("river_map_sections", month=month)
    points = [
        {"p": [row.lon, row.lat], "t": SECTION_SIGN, "o": [0, 0], "tip": _section_tip(row, month),
         **_pick(row.river_id)}
        for row in frame[frame["is_chosen"]].itertuples()
    ]  # fmt: skip
    return _signs(context, points, "sections", context.palette.belt, SECTION_PX)


def _sign_layer(context: Context, frame: pd.DataFrame, state: str) -> pdk.Layer:
    """Facilities with works of one state: the sign of their kind and the shape of the state."""
    look = STATE_LOOKS[state]
    points = [
        {"p": [row.lon, row.lat], "t": f"{FACILITY_SIGNS.get(row.facility_kind, '')}{look.shape}",
         "o": [0, 0], "tip": _facility_tip(row), **_pick(row.river_id)}
        for row in frame.itertuples()
    ]  # fmt: skip
    return _signs(context, points, f"works-{state}", look.colour(context.palette), SIGN_PX)


def _signs(
    context: Context, points: list[dict], name: str, colour: str, size_px: float
) -> pdk.Layer:
    layer = basemap.text_layer(
        points, f"{name}{_suffix(context)}", context.palette,
        size_px=size_px * context.screen.scale, colour=colour,
    )  # fmt: skip
    layer.pickable = True
    return layer


def _facility_tip(row: tuple) -> str:
    kind = WORK_WORDS.get(row.work, "") + KIND_WORDS[row.facility_kind]
    place = f"{kind} · {row.river_name}" if isinstance(row.river_name, str) else kind
    return f"{row.facility_name}\n{place}\n{facility_state(row)}"


def facility_state(row: tuple) -> str:
    """State of works, or what was found of an outfall, with shape and word."""
    if row.facility_kind == "outfall":
        if row.dry_flow == "none":
            return "○ 未发现晴天出水"
        done = f"，{row.fixed_on} 处置" if row.dry_flow == "fixed" else "，未处置"
        return f"{'●' if row.dry_flow == 'fixed' else '▲'} {row.found_on} 发现晴天出水{done}"
    look = STATE_LOOKS[row.state if isinstance(row.state, str) else "unreported"]
    return f"{look.shape} {look.word}"


def _projects(context: Context, month: date) -> Drawing:
    """The plan's projects on rivers over the rivers; the «两新流域» rivers in a band of their own."""
    colours = context.palette
    frame = river_projects.rows(context)
    frame = frame.assign(pick=[f"river:{ids[0]}" if ids else None for ids in frame["river_ids"]])
    demonstration = Look(colours.light, is_wide=True)
    shown = context.frame("river_demonstrations", month=month)["river_id"].dropna()
    looks = dict.fromkeys(shown, demonstration)
    keys = [Key("line", colours.light, "两新流域生态示范河道", 0.45)] if looks else []
    places = project_map.place_layers(context, LAYOUT)
    if places:
        keys.append(Key("line", colours.zone, LAYOUT, 0.3))
    return Drawing(
        [*places, _quiet_rivers(context, month, looks),
         *project_map.project_layers(context, frame)],
        project_map.legend(context, frame, keys),
        project_map.labels(context, frame, project_map.place_labels(context, LAYOUT)),
    )  # fmt: skip


# --- shared --------------------------------------------------------------------------------------


def _pick(river_id: object) -> dict[str, str]:
    return {"pick": f"river:{river_id}"} if isinstance(river_id, str) else {}


def _suffix(context: Context) -> str:
    """Part of the layers' names, see ``river_lines.lines``."""
    focus = context.focus
    return f"-{focus.entry_id}" if focus and focus.kind == "river" else ""


def _absent(context: Context, river_ids: set[str], what: str) -> str:
    """How many of these rivers no map shows."""
    if not river_ids:
        return ""
    count = len(river_ids - set(reaches(context)["river_id"]))
    return f"{what}{UNMAPPED} {count} 条" if count else ""


def _joined(*parts: str) -> str:
    return "；".join(part for part in parts if part)


_DRAWINGS: dict[str, Callable[[Context, date], Drawing]] = {
    "beautiful": _beautiful,
    "quality": _quality,
    "warning": _warning,
    "facilities": _facilities,
    "projects": _projects,
}
