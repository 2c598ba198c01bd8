"""The gallery of demonstration streets: a card for each of the 14, for meetings.

One look tells which streets are named, which are not and why. A click on a card puts its street into
focus, which shows it on the map with its scorecard.
"""

import math
from collections import Counter
from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from data.contracts import SCORE_ELEMENTS
from ui import cards, layout, street_photos, street_pictures, street_register, street_scoring
from ui.browser import Screen
from ui.maps import map_height_px
from ui.session import Context
from ui.street_choices import chosen_order, close_gallery, mode_switch, order_switch
from ui.text import UNFILLED, UNMAPPED, UNREPORTED, clipped, joined, number
from ui.theme import DEMONSTRATION_LOOKS

CARDS_A_ROW, NARROW_A_ROW = 7, 1
HEAD_REM, KEY_REM, GAP_REM, PAGE_EDGE_REM = 3.4, 2.1, 0.75, 1.25
"""What stands above and below the cards, between and beside them."""
LEAST_CARD_REM, WIDEST_CARD_REM = 19, 34
WORDS_REM = 12.0
"""Height of what a card says; the rest of it is the picture."""
WIDE, TALL = 1.7, 1.1
"""Width to height of a picture by itself, and where a card is so tall that a course would be cut."""
WIDEST_SHAPE = 2.0
"""Width to height up to which the usual picture fits its frame; in a wider one it would be cut."""
WIDTH_STEP = 20
LETTERS = {"无障碍": "碍"}
"""How a cell names its element where that is not the first character of it."""


def gallery(context: Context, mode: str) -> None:
    """The whole width: states counted, the switches, the cards in the order chosen, what they mean."""
    order = chosen_order()
    frame = street_register.streets(context)
    boutique = street_register.boutique(frame)
    if order == "open":
        boutique = street_register.open_first(boutique)
    missing = street_register.without_street(context, frame)
    left, middle, right = layout.three_columns(context)
    with left:
        st.html(_states_html(boutique, missing))
    with middle:
        mode_switch(mode)
    with right, st.container(horizontal=True, vertical_alignment="center", key="gallery_controls"):
        order_switch(order)
        st.button("‹ 地图", key="gallery_close", on_click=close_gallery, width="content")
    newest = street_scoring.newest_scores(context)
    width = picture_width(context.screen, *_grid(context.screen, len(boutique) + len(missing)))
    made = [_card_html(context, street, newest, width) for street in boutique.itertuples()]
    # Nothing can be said of what is not registered: it comes last.
    made += [_missing_html(context, place, width) for place in missing]
    st.html(_cards_html(context, made))
    st.html(f'<div class="scores-key">{_key_html()}</div>')


def _cards_html(context: Context, made: Sequence[str]) -> str:
    """The cards in as many rows as needed, together as high as the window leaves room for."""
    a_row, rows = _grid(context.screen, len(made))
    height = card_height_rem(context.screen, a_row, rows)
    return (
        f'<div class="street-cards" style="--columns:{a_row};--height:{height:.2f}rem">'
        f"{''.join(made)}</div>"
    )


def _grid(screen: Screen, count: int) -> tuple[int, int]:
    """Cards in a row, and rows."""
    a_row = NARROW_A_ROW if screen.is_narrow else min(CARDS_A_ROW, max(count, 1))
    return a_row, math.ceil(count / a_row)


def _card_width_rem(screen: Screen, a_row: int) -> float:
    across = screen.width_px / (16 * screen.scale) - 2 * PAGE_EDGE_REM - GAP_REM * (a_row - 1)
    return min(WIDEST_CARD_REM, across / a_row)


def picture_width(screen: Screen, a_row: int, rows: int) -> int:
    """Units across a drawn picture: as wide for its height as the room that a card leaves for it."""
    shape = _card_width_rem(screen, a_row) / (card_height_rem(screen, a_row, rows) - WORDS_REM)
    if shape <= WIDEST_SHAPE:
        return street_pictures.WIDTH
    return math.ceil(street_pictures.HEIGHT * shape / WIDTH_STEP) * WIDTH_STEP


def card_height_rem(screen: Screen, a_row: int, rows: int) -> float:
    """Height of a card: together as high as the window leaves room for, each fit for its picture."""
    rem_px = 16 * screen.scale
    width = _card_width_rem(screen, a_row)
    if screen.is_narrow:
        return WORDS_REM + width / WIDE
    room = map_height_px(screen) / rem_px - HEAD_REM - KEY_REM
    return max(LEAST_CARD_REM, min((room - GAP_REM * (rows - 1)) / rows, WORDS_REM + width / TALL))


def _states_html(boutique: pd.DataFrame, missing: Sequence) -> str:
    """How many streets are in each state, how many are late, of how many places none is registered."""
    counts = Counter(boutique["state"].fillna("unknown"))
    late_count = sum(map(street_register.is_late, boutique.itertuples()))
    # Works that wait for acceptance are under way, as in the figure above.
    accepted = DEMONSTRATION_LOOKS["in_acceptance"]
    counts["under_construction"] += counts["in_acceptance"]
    parts = [
        (look.role, look.shape, look.word, counts[state])
        for state, look in DEMONSTRATION_LOOKS.items()
        if look is not accepted
    ]
    parts.insert(
        2, (accepted.role, accepted.shape, f"其中{accepted.word}", counts["in_acceptance"])
    )
    parts += [
        ("missed", "▲", "其中逾期", late_count),
        ("unreported", "○", UNREPORTED, len(missing)),
    ]
    counted = "".join(
        f'<span style="--tone:var(--{role})"><b>{shape}</b> {word} <strong>{count}</strong></span>'
        for role, shape, word, count in parts
        if count
    )
    return f'<div class="states gallery-states">{counted}</div>'


def _key_html() -> str:
    elements = " ".join(
        f"{one}（{LETTERS[one]}）" if one in LETTERS else one for one in SCORE_ELEMENTS
    )
    said = (
        f"格内为各要素最近一次得分：{elements}",
        f"红框加粗：不足 {street_scoring.low_score():g} 分（本系统默认）",
        "▲ 逾期：已到规划期限，尚未命名",
        "点击卡片看地图与评分卡",
    )
    return "".join(f"<span>{escape(one)}</span>" for one in said)


# --- one card ------------------------------------------------------------------------------------


def _card_html(context: Context, street: object, newest: pd.DataFrame, width: int) -> str:
    state = street_register.marked_state(street)
    own = newest[newest["demonstration_id"] == street.demonstration_id]
    spoken = joined(street.subdistrict_name, street.street_name, state, street.lag_note or "")
    tag = cards.sample_tag(street.source_kind == "sample")
    return (
        f'<div class="street-card" style="--tone:var(--{street_register.tone_of(street)})"'
        f' data-pick="{escape(f"street:{street.street_name}", quote=True)}" role="button" tabindex="0"'
        f' aria-label="{escape(spoken, quote=True)}">'
        f'<div class="top"><b>{escape(clipped(street.street_name, 12))}</b>{tag}'
        f"<small>{escape(joined(street.short_name, street.level, _length(street)))}</small></div>"
        f'<div class="picture">{_picture_html(context, street, width)}</div>'
        f'<div class="state"><b>{escape(state)}</b>{_progress_html(street)}</div>'
        f'<div class="why">{escape(_why(street))}</div>{_score_html(street, own)}</div>'
    )


def _missing_html(context: Context, place: object, width: int) -> str:
    """The card of a subdistrict of which no street is registered."""
    picture = _place_picture(context, place.subdistrict_code, width)
    return (
        '<div class="street-card missing" style="--tone:var(--unreported)">'
        f'<div class="top"><b>{escape(place.short_name)}</b><small>精品示范街</small></div>'
        f'<div class="picture"><img src="{picture}" alt=""/></div>'
        f'<div class="state"><b>○ {UNREPORTED}</b></div><div class="why">登记册中没有该街道的精品示范街</div>'
        "</div>"
    )


def _length(street: object) -> str:
    return "" if street.length_km is None else f"{number(street.length_km, 2)} km"


def _picture_html(context: Context, street: object, width: int) -> str:
    """The photos that are given, else the course on the map, else the subdistrict."""
    shown = street_photos.before_and_after(street.photo_before, street.photo_after)
    shown = {word: one for word, one in shown.items() if one.address}
    if shown:
        return street_photos.side_by_side_html(shown, street.street_name)
    if street.geometry_json:
        colour = getattr(context.palette, street_register.tone_of(street))
        picture = street_pictures.course(
            context.snapshot, street.geometry_json, colour, context.palette, width
        )
        return f'<img src="{picture}" alt="走向"/>'
    picture = _place_picture(context, street.subdistrict_code, width)
    return f'<img src="{picture}" alt=""/><span class="unmapped">{UNMAPPED}</span>'


def _place_picture(context: Context, code: str, width: int) -> str:
    shapes = context.frame("subdistrict_shapes").set_index("subdistrict_code")["geometry_json"]
    return street_pictures.place(context.snapshot, shapes[code], context.palette, width)


def _progress_html(street: object) -> str:
    if street.progress_pct is None or street.state == "completed":
        return ""
    return f'<i style="--w:{street.progress_pct:.0f}%"></i>'


def _why(street: object) -> str:
    """Why a street lags, else since when it is what it is."""
    if street.lag_note:
        return street.lag_note
    if street_register.is_late(street):
        return f"滞后原因{UNFILLED}"
    return street_register.years_text(street)


def _score_html(street: object, own: pd.DataFrame) -> str:
    """The score, a cell for each element, and the elements that are weak."""
    if own.empty:
        return f'<div class="score"><b class="none">{street_scoring.UNSCORED}</b></div>'
    scores = dict(zip(own["element"], own["score"], strict=True))
    low = street_scoring.low_score()
    cells = "".join(_cell_html(one, scores.get(one), low) for one in SCORE_ELEMENTS)
    change = street_scoring.change_text(street.change)
    when = f"{street.scored_on:%Y-%m-%d}"
    basis = street_scoring.scored_basis(street.element_count)
    return (
        f'<div class="score" title="{escape(joined(f"{when} 评分", basis, street_scoring.MEAN_NOTE), quote=True)}">'
        f"<b>{street.score:.1f}<small>分 {change}</small></b><em>{escape(_weak_text(scores, low))}</em></div>"
        f'<div class="cells">{cells}</div>'
    )


def _cell_html(element: str, score: float | None, low: float) -> str:
    told = street_scoring.UNSCORED if score is None else f"{score:.1f} 分"
    kind = "none" if score is None else "low" if score < low else ""
    return f'<i class="{kind}" title="{element} {told}">{LETTERS.get(element, element[0])}</i>'


def _weak_text(scores: dict[str, float], low: float) -> str:
    """The lowest element; how many are below the limit, where several are."""
    ordered = sorted(scores.items(), key=lambda one: one[1])
    element, score = ordered[0]
    count = sum(one < low for one in scores.values())
    if not count:
        return f"最低 {element} {score:.1f}"
    return f"▲ {element} {score:.1f}" if count == 1 else f"▲ {count} 项不足 {low:g}"
