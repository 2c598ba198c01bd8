"""The rivers' courses on maps, in any colours; by level of beauty, and the names beside them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
import pydeck as pdk
import shapely

from geo.overlay import middle_of_longest
from ui.layers import colour_test
from ui.legend import Key
from ui.maps import MapLabel, collection
from ui.session import Context
from ui.text import BEAUTIFUL_LEVELS, UNFILLED, clipped
from ui.theme import rgba

WIDTHS_M = {"trunk": 60, "main": 38}
BRANCH_WIDTH_M = 22
WIDER = 1.9
"""How much wider a river that stands out is drawn."""
MOST_NAMED = 200


@dataclass(frozen=True)
class Look:
    """How the rivers of one state show: colour, and whether they are drawn wider than others."""

    colour: str
    is_wide: bool = False


def level_looks(context: Context) -> dict[str, Look]:
    """Look of each beautiful level, on every map that shows them; the gap lies lowest."""
    colours = context.palette
    return {
        "unknown": Look(colours.muted),
        "none": Look(colours.near),
        "municipal": Look(colours.belt),
        "provincial": Look(colours.met),
    }


def level_keys(context: Context) -> list[Key]:
    """The beautiful levels in a legend; that of unknown level only where such rivers are drawn."""
    looks = level_looks(context)
    keys = [Key("line", looks[level].colour, word) for level, word in BEAUTIFUL_LEVELS.items()]
    if (reaches(context)["level"] == "unknown").any():
        keys.append(Key("line", looks["unknown"].colour, f"等级{UNFILLED}"))
    return keys


def reaches(context: Context) -> pd.DataFrame:
    """Mapped reaches as rows of «river_map_reaches»."""
    return context.frame("river_map_reaches")


def level_lines(context: Context) -> pdk.Layer:
    """Reaches coloured by beautiful level."""
    frame = reaches(context)
    tips = {row.river_id: level_text(row.level, row.beautiful_year) for row in frame.itertuples()}
    states = dict(zip(frame["river_id"], frame["level"], strict=True))
    return lines(context, states, level_looks(context), tips)


def level_text(level: str, beautiful_year: float | None) -> str:
    """Level and year of award as a tooltip says them."""
    if level in ("unknown", "none"):
        return "美丽河湖等级未填" if level == "unknown" else "尚未创建美丽河湖"
    year = "年份未填" if pd.isna(beautiful_year) else f"{beautiful_year:.0f} 年"
    return f"{BEAUTIFUL_LEVELS[level]}（{year}）"


def lines(
    context: Context,
    states: Mapping[str, str],
    looks: Mapping[str, Look],
    tips: Mapping[str, str],
) -> pdk.Layer:
    """Reaches coloured by the state of their river, those of later looks above those of earlier ones.

    Width follows the rank; outside the chosen subdistricts they stay pale. A click gives the river.
    """
    scale, focus = context.screen.scale, context.focus
    order = {state: place for place, state in enumerate(looks)}
    frame = reaches(context).assign(state=lambda f: f["river_id"].map(states))
    frame = frame.iloc[frame["state"].map(order).fillna(-1).argsort(kind="stable")]
    features = ",".join(_feature(row, looks, tips) for row in frame.itertuples())
    colours = {state: rgba(look.colour) for state, look in looks.items()}
    colour = colour_test("properties.state", colours, rgba(context.palette.muted))
    return pdk.Layer(
        "GeoJsonLayer",
        data=collection(f"[{features}]"),
        # A layer of its own for each river in focus: what was clicked before can be clicked again.
        id=f"rivers-{focus.entry_id}" if focus and focus.kind == "river" else "rivers",
        get_line_color=f"properties.chosen?{colour}:{rgba(context.palette.water_deep, 90)}",
        get_line_width="properties.width_m",
        line_width_min_pixels=1.6 * scale,
        line_width_max_pixels=9 * scale,
        line_cap_rounded=True,
        line_joint_rounded=True,
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(context.palette.text, 160),
    )


def _feature(row: tuple, looks: Mapping[str, Look], tips: Mapping[str, str]) -> str:
    look = looks.get(row.state)
    width_m = WIDTHS_M.get(row.rank, BRANCH_WIDTH_M) * (WIDER if look and look.is_wide else 1)
    whole = "" if pd.isna(row.river_length_m) else f"，全河区内 {row.river_length_m / 1000:.2f} km"
    properties = {
        "state": row.state,
        "chosen": bool(row.is_chosen),
        "width_m": round(width_m, 1),
        "pick": f"river:{row.river_id}",
        "tip": f"{row.river_name}\n{tips.get(row.river_id, '')}\n"
        f"{row.subdistrict_name}段 {row.length_m / 1000:.2f} km{whole}\n点击看河道详情",
    }
    written = json.dumps(properties, ensure_ascii=False)
    return f'{{"type":"Feature","properties":{written},"geometry":{row.geometry_json}}}'


def level_labels(context: Context) -> list[MapLabel]:
    """Names of the larger rivers, those not yet beautiful before the others."""
    frame = reaches(context)
    return labels(context, weights=dict.fromkeys(frame[frame["level"] == "none"]["river_id"], 15))


def labels(
    context: Context,
    weights: Mapping[str, int] | None = None,
    words: Mapping[str, str] | None = None,
    always: frozenset[str] = frozenset(),
    colours: Mapping[str, str] | None = None,
) -> list[MapLabel]:
    """Names of rivers at the middle of their longest reach, trunks first.

    Of the whole district the trunk and main ones and those of unknown rank; of chosen
    subdistricts every named one there. ``weights`` adds to what people look for, ``words`` gives
    another text than the name, ``colours`` another colour; ``always`` names rivers of any rank.
    """
    frame = reaches(context)
    if context.focus:
        # The map names the river in focus itself.
        frame = frame[frame["river_id"] != context.focus.entry_id]
    frame = frame[frame["is_chosen"] & (frame["is_named"] | frame["river_id"].isin(always))]
    if context.filter.is_whole_district:
        frame = frame[(frame["rank"] != "branch") | frame["river_id"].isin(always)]
    longest = frame.sort_values("length_m", ascending=False).drop_duplicates("river_id")
    made = []
    for row in longest.head(MOST_NAMED).itertuples():
        lon, lat = _middle(row.geometry_json)
        weight, size_px = (20, 14.5) if row.rank == "trunk" else (10, 12.5)
        weight += (weights or {}).get(row.river_id, 0)
        name = (words or {}).get(row.river_id) or clipped(row.river_name)
        colour = (colours or {}).get(row.river_id, context.palette.belt)
        made.append(MapLabel(lon, lat, name, size_px, colour, weight))
    return made


@lru_cache(maxsize=2000)
def _middle(geometry_json: str) -> tuple[float, float]:
    at = middle_of_longest(shapely.from_geojson(geometry_json))
    return at.x, at.y
