"""The projects' map: lines and signs by state, the plan's named places as quiet labels."""

import json
from collections.abc import Sequence

import pandas as pd
import pydeck as pdk

from ui import basemap, layers
from ui.legend import Key, legend_html
from ui.maps import MapLabel, collection
from ui.projects import LOOKS
from ui.session import Context
from ui.text import UNMAPPED, clipped
from ui.theme import rgba

DASHES = {
    "completed": [0, 0],
    "under_construction": [6, 3],
    "planned": [2, 3],
    "suspended": [1, 4],
    "unreported": [3, 3],
}
"""Dashes of a line by state (in line widths): the farther a work is, the fuller its line."""
LEAST_FIRST = ("suspended", "planned", "under_construction", "unreported", "completed")
"""Of several projects in one place the least advanced gives the colour."""
NAME_WEIGHT = 30
SIGN_PX = 13.5
SIGN_PX_NEAR = 19
"""Size of the signs on the whole district's map, and of those on one subdistrict's."""


def project_layers(context: Context, frame: pd.DataFrame) -> list[pdk.Layer]:
    """Courses and areas of the mapped projects, and a sign at each of the others."""
    mapped = frame[frame["is_mapped"]]
    drawn = mapped[mapped["geometry_json"].notna()]
    features = [
        f'{{"type":"Feature","properties":{_properties(group)},"geometry":{geometry}}}'
        for geometry, group in drawn.groupby("geometry_json", sort=False)
    ]
    signs = mapped[mapped["geometry_json"].isna()]
    return [layers.quiet_waterways(context), _courses(context, features), *_signs(context, signs)]


def _properties(group: pd.DataFrame) -> str:
    found = {"state": _least(group), "tip": _tip(group)} | _pick(group)
    return json.dumps(found, ensure_ascii=False)


def _pick(group: pd.DataFrame) -> dict[str, str]:
    """What a click gives, where the frame says so in ``pick``."""
    given = group["pick"].dropna() if "pick" in group else []
    return {"pick": given.iloc[0]} if len(given) else {}


def _least(group: pd.DataFrame) -> str:
    return min(group["state"], key=LEAST_FIRST.index)


def _tip(group: pd.DataFrame) -> str:
    """What stands here: each project with its state, and by what it was located."""
    lines = [
        f"{row.project_name}\n{LOOKS[row.state].shape} {LOOKS[row.state].word}{_dates(row)}"
        + ("（逾期）" if row.is_overdue else "")
        for row in group.itertuples()
    ]
    return "\n".join([*lines, f"定位：{group['located_by'].iloc[0]}"])


def _dates(row: tuple) -> str:
    known = [day for day in (row.started_on, row.completed_on) if isinstance(day, str)]
    return f"，{' 至 '.join(known)}" if known else ""


def _courses(context: Context, features: list[str]) -> pdk.Layer:
    scale = context.screen.scale
    states = {state: rgba(look.colour(context.palette)) for state, look in LOOKS.items()}
    colour = layers.colour_test("properties.state", states, rgba(context.palette.muted))
    dashes = layers.colour_test("properties.state", DASHES, [0, 0])
    return pdk.Layer(
        "GeoJsonLayer",
        data=collection(f"[{','.join(features)}]"),
        id="project-courses",
        filled=True,
        get_fill_color=layers.colour_test(
            "properties.state", {s: [*c[:3], 90] for s, c in states.items()}, [0, 0, 0, 0]
        ),
        get_line_color=colour,
        get_line_width=30,
        line_width_min_pixels=3 * scale,
        line_width_max_pixels=6 * scale,
        extensions=[{"@@type": "PathStyleExtension", "dash": True, "highPrecisionDash": True}],
        get_dash_array=pdk.types.String(f"@@={dashes}"),
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(context.palette.text, 160),
    )


def _signs(context: Context, signs: pd.DataFrame) -> list[pdk.Layer]:
    """One layer a state: its shape as text, so that colour is never the only sign."""
    size_px = (SIGN_PX_NEAR if context.filter.single_code else SIGN_PX) * context.screen.scale
    made = []
    for state, group in signs.groupby("state", sort=False):
        look = LOOKS[state]
        points = [
            {"p": [place[0], place[1]], "t": look.shape, "o": [0, 0], "tip": _tip(here)}
            | _pick(here)
            for place, here in group.groupby(["lon", "lat"], sort=False)
        ]
        layer = basemap.text_layer(
            points, f"project-signs-{state}", context.palette, size_px=size_px,
            colour=look.colour(context.palette),
        )  # fmt: skip
        layer.pickable = True
        made.append(layer)
    return made


def labels(
    context: Context, frame: pd.DataFrame, places: Sequence[MapLabel] = ()
) -> list[MapLabel]:
    """Names of the streets and rivers of projects; of other projects once one subdistrict shows.

    ``places`` are names that stand on the map as well: these come with them, and once.
    """
    mapped = frame[frame["is_mapped"] & frame["lon"].notna()]
    along = mapped[mapped["geometry_json"].notna()]
    if not context.filter.is_whole_district:
        # From near, the map writes the names of its streets itself.
        along = along[~along["located_by"].str.startswith("道路 ")]
    signs = mapped[mapped["geometry_json"].isna() & (context.filter.single_code is not None)]
    named = [(row, _place_name(row.located_by)) for row in along.itertuples()]
    # Under the sign: the lines on it stay empty.
    named += [
        (row, f"\u3000\n\u3000\n{clipped(row.project_name.partition('（')[0])}")
        for row in signs.itertuples()
    ]
    made = {
        (row.lon, row.lat): MapLabel(
            row.lon, row.lat, name, 11.5, context.palette.zone, NAME_WEIGHT
        )
        for row, name in named
    }
    placed = {place.text for place in places}
    return [*(label for label in made.values() if label.text not in placed), *places]


def _place_name(located_by: str) -> str:
    """The street, river or lake of «河道 白石港（已上图河段…）»."""
    return clipped(located_by.partition(" ")[2].partition("（")[0])


def _places(context: Context, group: str | None) -> pd.DataFrame:
    frame = context.frame("projects_places")
    return frame if group is None else frame[frame["place_group"] == group]


def place_layers(context: Context, group: str | None = None) -> list[pdk.Layer]:
    """Lines of the plan's named places, or of one group of them, quietly; none where there are none."""
    frame = _places(context, group)
    features = [
        f'{{"type":"Feature","properties":{json.dumps({"tip": row.place_name}, ensure_ascii=False)},'
        f'"geometry":{row.geometry_json}}}'
        for row in frame[frame["geometry_json"].notna()].itertuples()
    ]
    scale = context.screen.scale
    return [
        pdk.Layer(
            "GeoJsonLayer",
            data=collection(f"[{','.join(features)}]"),
            id="plan-places",
            filled=False,
            get_line_color=rgba(context.palette.zone, 110),
            get_line_width=8 * scale,
            line_width_units=pdk.types.String("pixels"),
        )
    ]


def place_labels(context: Context, group: str | None = None) -> list[MapLabel]:
    """Names of the plan's named places, or of one group of them."""
    return [
        MapLabel(row.lon, row.lat, row.place_name, 12.5, context.palette.belt, NAME_WEIGHT + 10)
        for row in _places(context, group).itertuples()
    ]


def legend(context: Context, frame: pd.DataFrame, further: Sequence[Key] = ()) -> str:
    """States of the projects drawn, ``further`` keys; how many no map shows, how many of them overdue."""
    mapped, missing = frame[frame["is_mapped"]], frame[~frame["is_mapped"]]
    present = [state for state in LOOKS if (mapped["state"] == state).any()]
    shapes = {state: "line" if state == "completed" else "dash" for state in LOOKS}
    keys = [
        Key(
            shapes[state],
            LOOKS[state].colour(context.palette),
            f"{LOOKS[state].shape} {LOOKS[state].word}",
        )
        for state in present
    ]
    late = int(missing["is_overdue"].sum())
    listed = "" if context.screen.is_kiosk else "，见图下名单"
    note = f"{UNMAPPED} {len(missing)} 项{f'（其中逾期 {late} 项）' if late else ''}{listed}"
    note = note if len(missing) else ""
    title = f"规划项目状态 · {context.filter.year} 年底"
    return legend_html(title, [*keys, *further], stacked=True, note=note)
