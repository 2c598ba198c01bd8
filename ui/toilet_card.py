"""The card of a toilet: what the register says, whom it serves, what its closing would do.

A toilet comes into focus as every item does (``item=toilet:<number>``); a spot of land has a card of its
own (``toilet_spot``), which lies below the toilet's until that is closed. What is served is as registered:
assumptions change the page's other figures, not what the card says of its toilet.
"""

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
import pydeck as pdk
import shapely
import streamlit as st

from data.coverage import CELL_M
from geo.geojson import to_text
from geo.projection import to_degrees
from ui import cards, layout, maps, toilet_spot
from ui.focus import clear_focus
from ui.legend import Key
from ui.maps import Picks
from ui.session import Context, focus_on_pick
from ui.text import COORDINATES_NOTE, SOURCE_KINDS, UNFILLED, UNREPORTED, joined, number
from ui.theme import rgba
from ui.toilet_assumed import close_toilet, current, reopen
from ui.toilet_choices import SCOPES, Circle
from ui.toilet_walks import Assumed, Walks, assumed_walks, registered

FLAGS = {
    "has_accessible": "无障碍",
    "has_third_room": "第三卫生间",
    "has_nursing_room": "母婴室",
    "has_tidal_stalls": "潮汐厕位",
    "is_open_24h": "24 小时开放",
}
PICKS: Picks = {"cell": toilet_spot.visit}
"""Clicks on the map beside those on toilets."""
_GAP_M = 1.0
"""Squares of cells are grown by this before they are joined, so that corners hold together."""


@dataclass(frozen=True)
class Catchment:
    """The land from which a toilet is the nearest on foot, and what its closing would uncover."""

    cell_ids: tuple[str, ...]
    km2: float
    near_km2: float
    """Of it within the circle."""
    residents: float | None
    farthest_m: float
    lost_km2: float
    """Land of the whole district that would no longer be covered."""
    lost_residents: float | None


# --- which card is open --------------------------------------------------------------------------


def follow(context: Context, mode: str) -> Context:
    """Take up a click on a toilet's name, tell of a spot that does not exist. Once a run, first."""
    context = focus_on_pick(context, "toilet")
    toilet_spot.notices(context, mode)
    return context


def is_open(context: Context, mode: str) -> bool:
    """Whether a toilet or a spot has its card open in place of the mode's panel."""
    return bool(_toilet_id(context)) or toilet_spot.is_open(context, mode)


def card(context: Context, circle: Circle) -> None:
    """The card of the toilet in focus, else of the spot."""
    if _toilet_id(context):
        _toilet_card(context, circle)
    else:
        toilet_spot.card(context, circle)


def layers(context: Context, circle: Circle, mode: str) -> list[pdk.Layer]:
    """What the open card marks on the map: the toilet's catchment, or the spot."""
    if not _toilet_id(context):
        return toilet_spot.layers(context, mode)
    served = catchment(context, circle, _toilet_id(context))
    if served is None:
        return []
    colours, scale = context.palette, context.screen.scale
    shape = f'[{{"type":"Feature","properties":{{}},"geometry":{outline_text(served.cell_ids)}}}]'
    return [
        pdk.Layer(
            "GeoJsonLayer",
            data=maps.collection(shape),
            id=f"catchment-{_toilet_id(context)}",
            filled=True,
            get_fill_color=rgba(colours.text, 34),
            get_line_color=rgba(colours.text, 220),
            get_line_width=1.8 * scale,
            line_width_units=pdk.types.String("pixels"),
        )
    ]


def keys(context: Context, circle: Circle, mode: str) -> list[Key]:
    """What the legend says of it."""
    if not _toilet_id(context):
        return toilet_spot.keys(context, mode)
    if catchment(context, circle, _toilet_id(context)) is None:
        return []
    return [Key("fill", f"{context.palette.text}40", "以该公厕为最近的范围")]


def _toilet_id(context: Context) -> str | None:
    focus = context.focus
    return focus.entry_id if focus and focus.kind == "toilet" else None


# --- whom it serves ------------------------------------------------------------------------------


def catchment(context: Context, circle: Circle, toilet_id: str) -> Catchment | None:
    """What the toilet serves as registered; None where the circle does not count it, or nobody is nearest."""
    before = registered(context, circle)
    served = before.toilet_id == toilet_id
    if not served.any():
        return None
    after = assumed_walks(context, circle, Assumed(closed=(toilet_id,)))
    near = before.covered(circle.reach_m)
    lost = near & ~after.covered(circle.reach_m)
    area = before.cells["area_km2"].to_numpy()
    return Catchment(
        cell_ids=tuple(before.cells["cell_id"].to_numpy()[served]),
        km2=float(area[served].sum()),
        near_km2=float(area[served & near].sum()),
        residents=_people(before, served),
        farthest_m=float(np.nanmax(before.walk_m[served])),
        lost_km2=float(area[lost].sum()),
        lost_residents=_people(before, lost),
    )


def _people(walks: Walks, chosen: np.ndarray) -> float | None:
    """People of these cells; None while no population is registered."""
    people = walks.cells["residents"]
    return float(people[chosen].sum()) if people.notna().any() else None


def outline_text(cell_ids: tuple[str, ...]) -> str:
    """GeoJSON text of the cells as one area in degrees."""
    corner = np.array([one.split("-")[:2] for one in cell_ids], dtype=float) * CELL_M
    west, south = corner.T
    squares = shapely.box(
        west - _GAP_M, south - _GAP_M, west + CELL_M + _GAP_M, south + CELL_M + _GAP_M
    )
    return to_text(to_degrees(shapely.union_all(squares)))


# --- the card ------------------------------------------------------------------------------------


def _toilet_card(context: Context, circle: Circle) -> None:
    toilet_id = _toilet_id(context)
    found = context.frame("toilet_card", toilet_id=toilet_id).iloc[0]
    toilet = found.astype(object).where(found.notna(), None)
    with st.container(horizontal=True, vertical_alignment="center", key="toilet_card_head"):
        st.html(_head_html(context, circle, toilet), width="stretch")
        st.button("‹ 返回", key="toilet_card_back", on_click=clear_focus, width="content")
    with st.container(height=layout.body_height_px(context, 4.2), border=False, key="toilet_card"):
        cards.facts(_facts(context, toilet).items())
        _served(context, circle, toilet_id)


def _head_html(context: Context, circle: Circle, toilet: pd.Series) -> str:
    tag = cards.sample_tag(toilet["source_kind"] == "sample")
    is_closed = toilet["toilet_id"] in current(context, circle).closed
    assumed = '<span class="assumed-tag">假设关闭</span>' if is_closed else ""
    told = joined(
        {True: "沿街单位开放", False: "公共厕所", None: f"性质{UNFILLED}"}[toilet["is_social"]],
        toilet["grade"] or f"类别{UNFILLED}",
        f"{context.filter.year} 年底",
    )
    return (
        f'<div class="focus"><b>{escape(toilet["toilet_name"])}</b> {assumed}{tag}'
        f"<small>{escape(told)}</small></div>"
    )


def _facts(context: Context, toilet: pd.Series) -> dict[str, str]:
    """Everything that is registered, by its heading; what is not filled in says so."""
    words = {True: "有", False: "无", None: UNFILLED}
    position = SOURCE_KINDS[toilet["position_source"]]
    return {
        "街道": toilet["subdistrict_name"],
        "所在道路": toilet["street_name"] or UNFILLED,
        "星级": f"{toilet['star_rating']} 星" if toilet["star_rating"] is not None else UNFILLED,
        "厕位": _stalls(toilet["women_stalls"], toilet["men_stalls"]),
        **{title: words[toilet[key]] for key, title in FLAGS.items()},
        "启用": _year(context, toilet["opened_year"], "届时启用"),
        "提升改造": _year(context, toilet["renewed_year"], "届时改造"),
        "位置": f"{toilet['lon']:.5f}, {toilet['lat']:.5f}（{COORDINATES_NOTE}；来源：{position}）",
        "编号": toilet["toilet_id"],
    }


def _stalls(women: int | None, men: int | None) -> str:
    told = "、".join(
        f"{word} {UNFILLED if count is None else count}"
        for word, count in (("女", women), ("男", men))
    )
    return f"{told}（{women / men:.2f} : 1）" if women is not None and men else told


def _year(context: Context, year: int | None, later: str) -> str:
    if year is None:
        return UNFILLED
    return f"{year} 年" + (f"（{later}）" if year > context.filter.year else "")


def _served(context: Context, circle: Circle, toilet_id: str) -> None:
    served = catchment(context, circle, toilet_id)
    cards.block_title("服务范围", "以该公厕为最近的土地，现状")
    if served is None:
        cards.empty(
            f"{context.filter.year} 年底“{SCOPES[circle.scope]}”不计入该公厕，或没有土地以它为最近"
        )
        return
    minutes = served.farthest_m / circle.m_per_minute
    cards.lines(
        [
            ("土地面积", f"{served.km2:.2f} km²，其中 {circle.minutes} 分钟内 {served.near_km2:.2f} km²"),
            ("居民", _people_text(served.residents)),
            ("最远处步行", f"{minutes:.1f} 分钟（{served.farthest_m:,.0f} m）"),
        ]
    )  # fmt: skip
    _closing(context, circle, toilet_id, served)


def _people_text(people: float | None) -> str:
    return UNREPORTED if people is None else f"{number(people)} 人"


def _closing(context: Context, circle: Circle, toilet_id: str, served: Catchment) -> None:
    """What its closing would uncover, and the button that assumes it."""
    people = "" if served.lost_residents is None else f"、{number(served.lost_residents)} 人"
    told = (
        f"**{served.lost_km2:.2f} km²**{people}将不再覆盖"
        if served.lost_km2 >= 0.005
        else "周边公厕仍能覆盖，覆盖面积基本不变"
    )
    cards.findings([f"按{circle.words}计，若关闭，{told}。"])
    is_closed = toilet_id in current(context, circle).closed
    if is_closed:
        st.button("恢复（取消假设）", key="toilet_reopen", on_click=reopen, args=(toilet_id,))
    else:
        st.button(
            "假设关闭", key="toilet_close", on_click=close_toilet, args=(toilet_id,),
            help="写入网址，不改动登记册；本页覆盖率随即并列显示现状与假设",
        )  # fmt: skip
