"""Where to build next: the proposed sites or a planner's own, on the map, in a list, to take along.

Nothing here is registered: every figure after the sites wears «假设» and stands beside the real one. The
list is the engine's until the first change; from then on it stands in the address.
"""

from collections.abc import Callable
from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from ui import (
    cards,
    charts,
    header,
    layers,
    layout,
    maps,
    tables,
    toilet_card,
    toilet_field,
    toilet_marks,
)
from ui import toilet_proposal as proposal
from ui.legend import legend_html
from ui.maps import Picks
from ui.session import Context
from ui.site_export import UNNAMED, SiteExport
from ui.text import (
    ASSUMED_TAG,
    SAMPLE_BANNERS,
    SAMPLE_TAG,
    SOURCE_KINDS,
    joined,
    map_notice,
    number,
)
from ui.toilet_assumed import (
    MOST_SITES,
    add_site,
    clear,
    has_own_sites,
    propose_again,
    remove_site,
)
from ui.toilet_choices import Circle
from ui.toilet_map import QUIET_PX, Drawing
from ui.toilet_proposal import GAPS_M, WEIGHTS, ListedSite, SiteList, Wanted
from ui.toilet_shares import Shown

DATASET = "toilets.cell_walks"
RESTS_ON = ("toilets.toilets", "toilets.coverage_cells", "streets.walk_ways", "base.population")
_EDIT = "toilet_sites_edit"
_COUNT, _WEIGHT, _GAP = "sites_count", "sites_weight", "sites_gap"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_GEOJSON = "application/geo+json"
_FORMATS = {
    "经度（WGS-84）": "%.5f",
    "纬度（WGS-84）": "%.5f",
    "东坐标 m（EPSG:4549）": "%.2f",
    "北坐标 m（EPSG:4549）": "%.2f",
}
_GUARANTEE = (
    "算法逐处选取新增覆盖最多的位置（贪心），并同时算出任何同样数量的选址都无法超过的上限。"
    "该比例 = 本方案新增覆盖 ÷ 上限，即本方案至少达到最优方案的这一比例；实际往往更高。"
)


def asked(context: Context, circle: Circle) -> tuple[Wanted, SiteList | None]:
    """What the address asks for, and the list that answers it."""
    wanted = proposal.wanted(context)
    return wanted, proposal.site_list(context, circle, wanted)


# --- editing -------------------------------------------------------------------------------------


def _note_edit(kind: str) -> Callable[[str], None]:
    """A click on the map is taken up in the run that follows: only that has a snapshot at hand."""

    def note(rest: str) -> None:
        st.session_state[_EDIT] = f"{kind}:{rest}"

    return note


PICKS: Picks = {"cell": _note_edit("cell"), "site": _note_edit("site")}
"""A cell out of reach adds a site near it, a site's disc takes it off."""


def follow(context: Context, circle: Circle) -> None:
    """Take up a click on the map or in the list, tell of choices that do not exist.

    Once a run in this mode, before anything assumed is asked for.
    """
    proposal.notices(context)
    edit = st.session_state.pop(_EDIT, None) or context.picked or ""
    kind, _, rest = edit.partition(":")
    if kind not in PICKS:
        return
    wanted, found = asked(context, circle)
    if found is None:
        return
    if kind == "site":
        if rest.isascii() and rest.isdecimal():
            remove_site(found.positions, int(rest))
        return
    if len(found.sites) >= MOST_SITES:
        header.notices([f"选址最多 {MOST_SITES} 处；先移除一处再添加。"])
        return
    place = proposal.candidate_near(context, circle, wanted, rest, found.positions)
    if place is None:
        gap = f"且与现有公厕、其他选址相距 {wanted.gap_m} m 以上" if wanted.gap_m else ""
        header.notices([f"所点位置附近没有可选址处（须在道路旁{gap}）；可减小最小间距再试。"])
        return
    add_site(found.positions, *place)


# --- the panel -----------------------------------------------------------------------------------


def panel(context: Context, shown: Shown) -> None:
    """Share before and after, what the proposal is worth, its choices, the list."""
    wanted, found = asked(context, shown.circle)
    sample = SAMPLE_TAG if context.is_sample(DATASET) else ""
    cards.block_title("新增选址", joined(ASSUMED_TAG, "不改动登记册", sample))
    if found is None:
        cards.empty("公厕登记册尚未导入，或所选范围没有可计算的土地")
        return
    with st.container(height=layout.body_height_px(context, 2.2), border=False, key="sites_panel"):
        st.html(f'<div class="ways">{"".join(_ways(wanted, found))}</div>')
        _choices(context, wanted, found)
        if not found.sites:
            cards.empty(_why_none(found))
            return
        most = max(site.gain for site in found.sites)
        st.html(
            '<div class="sites">'
            + "".join(_site_html(site, wanted, most) for site in found.sites)
            + "</div>"
        )
        layout.note(_hint(context, found))


def _why_none(found: SiteList) -> str:
    if not found.is_proposed:
        return "名单已清空；点击地图上未覆盖的位置添加，或“重新推荐”"
    return "没有可新增覆盖的位置：所选范围已全部覆盖，或最小间距内无可选址处"


def _hint(context: Context, found: SiteList) -> str:
    where = "" if context.filter.is_whole_district else "仅在所选街道内推荐并计算新增覆盖；"
    list_words = "推荐名单" if found.is_proposed else "自选名单（已写入网址，可发送链接）"
    return f"{where}{list_words}：点击地图上未覆盖处添加，点击编号或 × 移除。"


def _ways(wanted: Wanted, found: SiteList) -> list[str]:
    """Three small cards: the real share, the assumed one, how good the proposal surely is."""
    what = {"area": "陆域覆盖", "people": "人口覆盖"}[wanted.by]
    closed = f"假设关闭 {len(found.closed)} 座后 {found.before_pct:.1f}%" if found.closed else ""
    gain = f"新增 {number(found.gain, wanted.digits)} {wanted.unit}"
    if found.guarantee_pct is None:
        worth = _way_html(
            "与最优相比", "—", "自选名单不评估" if not found.is_proposed else "无可新增"
        )
    else:
        share = f"≥ {min(found.guarantee_pct, 100):.1f}%"
        worth = _way_html("与最优相比", share, "不低于最优方案的这一比例 ⓘ", _GUARANTEE)
    return [
        _way_html(f"{what} · 现状", f"{found.real_pct:.1f}%", closed or "登记的公厕"),
        _way_html(
            f"新增 {len(found.sites)} 处后", f"{found.after_pct:.1f}%", gain, is_assumed=True
        ),
        worth,
    ]


def _way_html(
    title: str, value: str, note: str, hint: str = "", *, is_assumed: bool = False
) -> str:
    tag = f'<span class="assumed-tag">{ASSUMED_TAG}</span>' if is_assumed else ""
    return (
        f"<section{cards.hint(hint)}><h4><span>{escape(title)}</span>{tag}</h4>"
        f"<p><strong>{escape(value)}</strong></p><span>{escape(note)}</span></section>"
    )


def _site_html(site: ListedSite, wanted: Wanted, most: float) -> str:
    """One site: number, where, what it adds, the share after it, and the cross that takes it off."""
    label = escape(f"移除第 {site.number} 处", quote=True)
    width = 100 * site.gain / most if most else 0
    return (
        f'<div class="site"><i>{site.number}</i><b>{escape(site.place or UNNAMED)}</b>'
        f"<small>{escape(site.subdistrict_name)} · 之后 {site.share_after_pct:.1f}%</small>"
        f"<strong>+{number(site.gain, wanted.digits)}<small> {wanted.unit}</small></strong>"
        f'<a data-pick="site:{site.number}" role="button" tabindex="0" aria-label="{label}" '
        f'title="{label}">×</a><div class="bar"><u style="width:{width:.1f}%"></u></div></div>'
    )


# --- choices -------------------------------------------------------------------------------------


def _choices(context: Context, wanted: Wanted, found: SiteList) -> None:
    """How many, by what, how far apart; and back to the proposal, or to nothing assumed."""
    weights = proposal.weights(context)
    st.session_state.update({_COUNT: wanted.count, _WEIGHT: wanted.by, _GAP: wanted.gap_m})
    with st.container(horizontal=True, vertical_alignment="bottom", key="sites_choices"):
        st.number_input(
            "推荐数量", 1, MOST_SITES, key=_COUNT, on_change=_take, disabled=not found.is_proposed,
            args=(proposal.COUNT_KEY, _COUNT), width=layout.rem(context, 7.5),
        )  # fmt: skip
        st.selectbox(
            "与公厕及彼此最小间距", GAPS_M, key=_GAP, format_func=lambda gap: f"{gap} m",
            on_change=_take, args=(proposal.GAP_KEY, _GAP), width=layout.rem(context, 9.5),
        )  # fmt: skip
        if len(weights) > 1:
            st.segmented_control(
                "口径", weights, key=_WEIGHT, format_func=WEIGHTS.get, required=True,
                on_change=_take, args=(proposal.WEIGHT_KEY, _WEIGHT), width="content",
            )  # fmt: skip
        if not found.is_proposed:
            st.button("重新推荐", key="sites_again", on_click=propose_again, width="content",
                      help="放弃自选名单，由系统重新推荐")  # fmt: skip
        if has_own_sites() or found.closed:
            st.button("清除假设", key="sites_clear", on_click=clear, width="content",
                      help="选址与假设关闭的公厕全部撤销")  # fmt: skip


def _take(address_key: str, widget_key: str) -> None:
    st.query_params[address_key] = str(st.session_state[widget_key])


# --- beside the findings: the course -------------------------------------------------------------


def beside_findings(context: Context, shown: Shown, height_px: float) -> None:
    """The share after each site: where the course flattens, more sites gain little."""
    _, found = asked(context, shown.circle)
    cards.block_title("覆盖率随选址数量（%）", ASSUMED_TAG)
    if found is None or not found.sites:
        cards.empty("没有选址")
        return
    scale, colours = context.screen.scale, context.palette
    shares = [found.before_pct, *(site.share_after_pct for site in found.sites)]
    values = [
        {"number": number_, "share": round(share, 3), "label": f"{share:.1f}",
         "end": number_ in (0, len(found.sites)), "where": where}
        for number_, (share, where) in enumerate(
            zip(shares, ["现有公厕", *(_where(site) for site in found.sites)], strict=True)
        )
    ]  # fmt: skip
    room = max(0.3, (shares[-1] - shares[0]) * 0.3)
    x = {"field": "number", "type": "quantitative", "title": None,
         "scale": {"domain": [-0.4, len(found.sites) + 0.6], "nice": False},
         "axis": {"tickMinStep": 1, "format": "d", "labelExpr": "datum.value + ' 处'"}}  # fmt: skip
    y = {"field": "share", "type": "quantitative", "title": None, "axis": None,
         "scale": {"domain": [shares[0] - room, shares[-1] + room], "zero": False, "nice": False}}  # fmt: skip
    tips = [{"field": "number", "type": "quantitative", "title": "选址"},
            {"field": "where", "type": "nominal", "title": "位置"},
            {"field": "label", "type": "nominal", "title": "假设覆盖（%）"}]  # fmt: skip
    marks = [
        {"mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2.2 * scale,
                  "strokeDash": [5, 3], "color": colours.light}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "filled": True, "opacity": 1, "size": 55 * scale**2,
                  "color": colours.light}, "encoding": {"x": x, "y": y, "tooltip": tips}},
        {"transform": [{"filter": "datum.end"}],
         "mark": {"type": "text", "dy": -14 * scale, "fontSize": 14 * scale, "fontWeight": 600,
                  "color": colours.text}, "encoding": {"x": x, "y": y, "text": {"field": "label"}}},
    ]  # fmt: skip
    charts.show(
        context, values, marks, height_px, key="sites_course",
        alt=f"假设新增 {len(found.sites)} 处：{shares[0]:.1f}% → {shares[-1]:.1f}%",
    )  # fmt: skip


def _where(site: ListedSite) -> str:
    return joined(site.subdistrict_name, site.place or UNNAMED)


# --- the map -------------------------------------------------------------------------------------


def drawing(context: Context, shown: Shown) -> Drawing:
    """The field after the sites, land newly covered, the sites by number; a click edits the list."""
    wanted, found = asked(context, shown.circle)
    title = f"新增选址 · {context.filter.year} 年底"
    names = maps.subdistrict_labels(context)
    if found is None:
        return Drawing(
            [layers.pick(context)], legend_html(title, [], note="尚无可计算的公厕"), names
        )
    tips = [
        f"选址 {site.number}（{ASSUMED_TAG}）\n{_where(site)}\n"
        f"新增 {number(site.gain, wanted.digits)} {wanted.unit}\n点击移除"
        for site in found.sites
    ]
    keys = [
        *toilet_field.keys(context, shown.circle, with_gained=True),
        *toilet_marks.assumed_keys(context, len(found.sites), len(found.closed)),
        *toilet_card.keys(context, shown.circle, "sites"),
    ]
    return Drawing(
        [
            layers.pick(context),
            *toilet_field.layers(context, found.after, shown.circle, found.before),
            layers.toilets(context, context.palette.text, shown.circle.scope, (), QUIET_PX),
            *toilet_marks.site_layers(context, found.positions, tips, is_editable=True),
        ],
        legend_html(title, keys, stacked=True,
                    note=f"{ASSUMED_TAG}：{shown.circle.words}，点未覆盖处添加，点编号移除"),
        names,
    )  # fmt: skip


# --- table and files -----------------------------------------------------------------------------


def table(context: Context, shown: Shown) -> None:
    """The list with positions, and the files to take along."""
    wanted, found = asked(context, shown.circle)
    export = site_export(context, shown.circle, wanted, found)
    frame = pd.DataFrame(export.rows())
    name = f"公厕新增选址_{context.filter.year}"
    with st.container(horizontal=True, key="sites_files"):
        for label, ending, mime, data in (
            ("导出 Excel", ".xlsx", _XLSX, export.excel),
            ("导出 GeoJSON（WGS-84）", "_WGS84.geojson", _GEOJSON, export.geojson_degrees),
            ("导出 GeoJSON（CGCS2000 120E）", "_EPSG4549.geojson", _GEOJSON, export.geojson_metres),
        ):
            st.download_button(
                label, data=data, file_name=name + ending, mime=mime, key=f"sites{ending}",
                on_click="ignore", disabled=frame.empty, width="content",
            )  # fmt: skip
    tables.register_table(
        context, frame, {title: tables.TableColumn(title, _FORMATS.get(title)) for title in frame},
        "新增选址名单（假设）", "sites",
        sentence=f"{context.sentence} · {shown.circle.words} · {shown.circle.scope_words}",
    )  # fmt: skip


def site_export(
    context: Context, circle: Circle, wanted: Wanted, found: SiteList | None
) -> SiteExport:
    """The list as files say it, with everything it rests on."""
    if found is None:
        return SiteExport((), f"新增覆盖（{wanted.unit}）", {})
    sources = "；".join(
        f"{row.title}：{SOURCE_KINDS[row.source_kind]}，{row.source}，{row.as_of}"
        for row in context.datasets_of(RESTS_ON)
        if row.row_count
    )
    is_sample = context.is_sample(*RESTS_ON)
    worth = (
        "" if found.guarantee_pct is None
        else f"，新增覆盖不低于最优方案的 {min(found.guarantee_pct, 100):.1f}%"
    )  # fmt: skip
    made = "系统推荐（贪心最大覆盖）" if found.is_proposed else "自选名单"
    closed = f"；假设关闭公厕：{'、'.join(found.closed)}" if found.closed else ""
    notes = {
        "性质": f"{ASSUMED_TAG}：选址均未建设，不在登记册中{closed}",
        "名单": f"{made}，{WEIGHTS[wanted.by]}，最小间距 {wanted.gap_m} m{worth}",
        "范围": context.sentence,
        "如厕圈": f"{circle.words}；计入：{circle.scope_words}",
        "覆盖率": f"现状 {found.real_pct:.2f}%，{ASSUMED_TAG}后 {found.after_pct:.2f}%",
        "来源": sources,
        "导出日期": date.today().isoformat(),
        "地图": map_notice(),
        **({SAMPLE_TAG: SAMPLE_BANNERS[context.rests_on_register(RESTS_ON)]} if is_sample else {}),
    }
    return SiteExport(found.sites, f"新增覆盖（{wanted.unit}）", notes)
