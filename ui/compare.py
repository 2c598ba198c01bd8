"""Two to four subdistricts side by side: who is compared, the aligned rows, strips and map."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

import pydeck as pdk
import streamlit as st

from geo.labels import text_size_px
from geo.view import union_box
from ui import cards, layers, maps, strips
from ui.browser import Screen
from ui.legend import Key, legend_html
from ui.session import Context, toggle_subdistrict
from ui.standing import NEUTRAL_WORD, Row, met_counts, strongest_and_weakest
from ui.strips import Mark
from ui.subjects import Subject, open_findings, untold, with_codes
from ui.text import NO_DATA, UNREPORTED, map_alt, number
from ui.theme import STATUS_LOOKS, rgba

COLUMN_SHARES = (0.6, 0.4)
"""Aligned rows, strips over the map: parts of the window's width."""
FEWEST, MOST = 2, 4
BAND_SHARES = (0.5, 0.29, 0.21)
"""The same with the map beside the strips, in a kiosk that is very wide and low."""
BEST_WORD = "较好"
"""Said of the best of the compared alone: among all 14 it may be far behind."""
LABEL_PX = 14
LEAST_ROOM = 1.4
"""A subdistrict less than so many times as large as its label has it beside, or little of it would show."""


def column_shares(screen: Screen) -> tuple[float, ...]:
    """Aligned rows, strips, map: parts of the window's width; two where the map stands under the strips."""
    return BAND_SHARES if screen.is_kiosk and screen.is_band else COLUMN_SHARES


def _pair_sentence(rows: Sequence[Row], strong: str, weak: str, names: Mapping[str, str]) -> str:
    counts = met_counts(rows)
    if not any(judged for _, judged in counts.values()):
        return f"登记册尚未导入，各街道没有可比较的指标；先列出{names[strong]}与{names[weak]}。"
    (most, of_most), (fewest, of_fewest) = counts[strong], counts[weak]
    if most == fewest:
        return (
            f"各街道达标项数相同（{most} 项）；默认对比平均名次最前的 **{names[strong]}** 与最后的 "
            f"**{names[weak]}**。"
        )
    return (
        f"默认对比：达标指标最多的 **{names[strong]}**（{most} / {of_most} 项）与最少的 "
        f"**{names[weak]}**（{fewest} / {of_fewest} 项），项数相同时看平均名次。"
    )


def choose(context: Context, rows: Sequence[Row]) -> tuple[str, ...]:
    """The subdistricts to compare: those of the filter (the first four), or those picked here."""
    filtered = context.filter.subdistrict_codes
    if filtered:
        if len(filtered) > MOST:
            _notice(f"并排对比最多 {MOST} 个街道，已取所选 {len(filtered)} 个中的前 {MOST} 个。")
        return filtered[:MOST]
    pair = strongest_and_weakest(rows)
    with st.container(horizontal=True, vertical_alignment="center", key="compare_bar"):
        picked = st.multiselect(
            "对比的街道", list(context.names), default=pair, key="profile_compare",
            format_func=lambda code: context.names[code], max_selections=MOST, select_all=False,
            label_visibility="collapsed", placeholder=f"选择 {FEWEST} 至 {MOST} 个街道对比",
            width=round(480 * context.screen.scale),
        )  # fmt: skip
        codes = tuple(code for code in context.names if code in picked)
        said = (
            _pair_sentence(rows, *pair, context.names)
            if len(codes) < FEWEST or set(codes) == set(pair)
            else f"正在对比 {len(codes)} 个街道，最多 {MOST} 个。"
        )
        st.html(f'<div class="compare-note">{cards.strong(said)}</div>', width="stretch")
    if len(codes) < FEWEST:
        _notice(f"请选择 {FEWEST} 至 {MOST} 个街道；先显示默认的对比。")
        return tuple(code for code in context.names if code in pair)
    return codes


def _notice(text: str) -> None:
    st.html(f'<div class="notice" role="status">⚠ {escape(text)}</div>')


def _best(row: Row, codes: Sequence[str]) -> set[str]:
    """The best of the compared; none where the measure has no better or they are all alike."""
    places = {code: row.standings[code].place for code in codes}
    known = [place for place in places.values() if place is not None]
    if row.is_neutral or len(known) < 2 or min(known) == max(known):
        return set()
    return {code for code, place in places.items() if place == max(known)}


def _counted(value: float | None, unit: str, digits: int = 0) -> str:
    return NO_DATA if value is None else f"{number(value, digits)} {unit}"


def _facts(
    context: Context, chosen: Sequence[Subject], rows: Sequence[Row]
) -> list[tuple[str, list[str]]]:
    """Rows above the measures: what each of the compared has, and what is open."""
    counts = met_counts(rows)
    records = [subject.record for subject in chosen]

    def with_rest(record: dict, head: str, unit: str, rest: str, word: str, digits: int = 0) -> str:
        said = _counted(record[head], unit, digits)
        return (
            said
            if record[head] is None or record[rest] is None
            else f"{said} · {word.format(number(record[rest]))}"
        )

    def projects(subject: Subject) -> str:
        if subject.completed_count is None:
            return f"{len(subject.projects)} 项 · 状态{UNREPORTED}" if len(subject.projects) else (
                "规划未列" if context.has_rows("plan.projects") else NO_DATA)  # fmt: skip
        late = int(subject.projects["is_overdue"].sum())
        said = f"{subject.completed_count} / {len(subject.reported)} 项完工"
        return f"{said} · ▲ 逾期 {late}" if late else said

    def compounds(subject: Subject) -> str:
        if subject.compounds.empty:
            return "专栏 4 未列" if context.has_rows("plan.projects") else NO_DATA
        states = subject.compounds["state"]
        done = (
            UNREPORTED
            if (states == "unreported").all()
            else f"{(states == 'completed').sum()} 个完工"
        )
        return f"{len(subject.compounds)} 个 · {done}"

    def still_open(subject: Subject) -> str:
        count, unknown = len(open_findings(subject, list(rows))), untold(subject)
        said = f"{count} 类" if count else ("" if unknown else "暂无")
        return " · ".join(
            part for part in (said, f"{len(unknown)} 类{NO_DATA}" if unknown else "") if part
        )

    return [
        ("面积", [f"{number(r['area_km2'], 2)} km² · 占全区 {number(r['area_share_pct'], 1)}%" for r in records]),
        ("达标指标", [f"{met} / {of} 项" if of else NO_DATA for met, of in (counts[s.code] for s in chosen)]),
        ("精品示范街", [subject.street_text for subject in chosen]),
        ("河道", [with_rest(r, "river_count", "条", "beautiful_count", "美丽河湖 {} 条") for r in records]),
        ("公共厕所", [_counted(r["toilet_count"], "座") for r in records]),
        ("灯具", [with_rest(r, "asset_count", "盏", "unlit_count", "未亮 {}") for r in records]),
        ("规划项目", [projects(subject) for subject in chosen]),
        ("专栏 4 小区", [compounds(subject) for subject in chosen]),
        ("未结事项", [still_open(subject) for subject in chosen]),
    ]  # fmt: skip


def _cell(row: Row, code: str, mark: Mark, is_best: bool) -> str:
    """Value, status and rank of one subdistrict over a bar from zero to the largest of the 14."""
    standing = row.standings[code]
    if standing.value is None:
        return f'<td class="none">{standing.absent}</td>'
    look = STATUS_LOOKS[standing.status] if standing.status else None
    shape = (
        f'<i class="shape" style="color:var(--{look.role})" title="{look.word}">{look.shape}</i>'
        if look
        else ""
    )
    largest = max(s.value for s in row.standings.values() if s.value is not None)
    width = 100 * max(standing.value, 0) / largest if largest > 0 else 0
    best = f'<em class="best">{BEST_WORD}</em>' if is_best else ""
    unit = row.measure.unit
    value = number(standing.value, row.measure.digits)
    value += "%" if unit == "%" else f" <small>{escape(unit)}</small>"
    return (
        f'<td><div class="versus-cell"><span class="value">{shape}{f"<b>{value}</b>" if is_best else value}'
        f'{best}</span><span class="rank">{escape(standing.rank_text)}</span></div>'
        f'<div class="versus-bar" style="--w:{width:.1f}%;--c:{mark.colour}"></div></td>'
    )


def side_by_side(
    context: Context, chosen: Sequence[Subject], rows: Sequence[Row], marks: Mapping[str, Mark]
) -> None:
    """The same figures of all compared, aligned in rows; the best of each measure is named."""
    codes = [subject.code for subject in chosen]
    head = "".join(
        f'<th scope="col"><i style="color:{marks[s.code].colour}">{marks[s.code].glyph}</i> '
        f"{escape(s.name)}</th>"
        for s in chosen
    )
    facts = "".join(
        f'<tr><th scope="row">{escape(word)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for word, cells in _facts(context, chosen, rows)
    )
    measured = ""
    for row in rows:
        best = _best(row, codes)
        goal = row.measure.target.text if row.measure.target else ""
        note = f"<small>{escape(NEUTRAL_WORD if row.is_neutral else goal)}</small>"
        cells = "".join(_cell(row, code, marks[code], code in best) for code in codes)
        measured += f'<tr><th scope="row">{escape(row.word)}{note}</th>{cells}</tr>'
    st.html(
        f'<table class="versus"><thead><tr><th scope="col">街道</th>{head}</tr></thead>'
        f"<tbody>{facts}</tbody><tbody>{measured}</tbody></table>"
    )


def openers(chosen: Sequence[Subject]) -> None:
    """A button a subdistrict that shows it alone, and what the signs of the rows mean."""
    with st.container(horizontal=True, vertical_alignment="center", key="compare_open"):
        for subject in chosen:
            st.button(
                f"查看{subject.short_name}画像", key=f"open_{subject.code}", width="content",
                on_click=toggle_subdistrict, args=(subject.code,),
            )  # fmt: skip
        st.html(
            f'<div class="strip-key end">{strips.status_key_html()}'
            "<span>横条自 0 起，满格为 14 个街道中的最大值</span></div>",
            width="stretch",
        )


def map_of(
    context: Context, chosen: Sequence[Subject], rows: Sequence[Row], marks: Mapping[str, Mark],
    height_px: int, width_share: float,
) -> None:  # fmt: skip
    """The whole district, the compared subdistricts outlined and tinted with their marks' colours."""
    counts = met_counts(rows)
    tints = {code: rgba(mark.colour, 95) for code, mark in marks.items()}
    features, outlined, labels = [], [], {}
    for row in context.frame("subdistrict_shapes").itertuples():
        met, judged = counts[row.subdistrict_code]
        said = f"达标 {met}/{judged}" if judged else NO_DATA
        if row.subdistrict_code in marks:
            labels[row.subdistrict_code] = said
        fill = tints.get(row.subdistrict_code, [0, 0, 0, 0])
        tip = f"{row.subdistrict_name}\n{said}\n点击只看此街道"
        feature = layers.subdistrict_feature(row.subdistrict_code, row.geometry_json, fill, tip)
        features.append(feature)
        if row.subdistrict_code in marks:
            outlined.append(feature)
    tinted = layers.filled_subdistricts(context, features)
    keys = [
        Key("fill", marks[s.code].colour, f"{marks[s.code].glyph} {s.short_name}") for s in chosen
    ]
    maps.map_panel(
        # Of the whole district: where the compared lie in it is what the map is for.
        with_codes(context, ()),
        "compare",
        [tinted, layers.quiet_waterways(context), _outlines(context, outlined, tuple(marks))],
        legend_html("对比的街道", keys, stacked=True),
        labels=_labels(context, labels, marks, height_px),
        width_share=width_share,
        height_px=height_px,
        alt=map_alt(
            context.sentence,
            "对比的街道",
            ["，".join(f"{s.short_name}{labels[s.code]}" for s in chosen) + "。"],
        ),
    )


def _outlines(context: Context, features: Sequence[str], codes: Sequence[str]) -> pdk.Layer:
    """The borders of the compared subdistricts."""
    return pdk.Layer(
        "GeoJsonLayer",
        data=maps.collection(f"[{','.join(features)}]"),
        # A name of its own for each choice: kept under one name, an outline stays where it was.
        id=f"compared-{'-'.join(codes)}",
        filled=False,
        stroked=True,
        get_line_color=rgba(context.palette.text),
        line_width_min_pixels=1.9 * context.screen.scale,
        get_line_width=1,
    )


def _labels(
    context: Context, values: Mapping[str, str], marks: Mapping[str, Mark], height_px: float
) -> list[maps.MapLabel]:
    """Mark, name and value of the compared subdistricts; beside the small ones, which it would cover."""
    screen, places = context.screen, context.subdistricts
    west, south, east, north = union_box([(p.west, p.south, p.east, p.north) for p in places])
    y_px = height_px / (north - south)
    x_px = y_px * math.cos(math.radians((north + south) / 2))
    size_px = LABEL_PX * screen.scale * (maps.LABEL_GROWTH if screen.is_kiosk else 1)
    made = []
    for place, label in zip(places, maps.subdistrict_labels(context, dict(values)), strict=True):
        if place.subdistrict_code not in marks:
            continue
        text = f"{marks[place.subdistrict_code].glyph} {label.text}"
        width_px, needed_px = text_size_px(text, size_px)
        lon = label.lon
        if (
            (place.east - place.west) * x_px < LEAST_ROOM * width_px
            or (place.north - place.south) * y_px < LEAST_ROOM * needed_px
        ):  # fmt: skip
            # On its side towards the edge of the district, where less of the map lies.
            aside = (0.5 * width_px + 0.4 * size_px) / x_px
            is_west = label.lon < (west + east) / 2
            lon = place.west - aside if is_west else place.east + aside
        made.append(replace(label, lon=round(lon, 6), text=text, size_px=LABEL_PX))
    return made
