"""Mode «盲区暗点» of the lighting page: registered dark spots, and where lamps stand too far apart.

Spots are told as they stand at the end of the filter's year, candidates as the registers stand now.
"""

from html import escape

import streamlit as st

from data.contracts import DARK_SPOT_KINDS
from ui import cards, figures, layers, layout, light_gaps, light_glow, light_map, tables
from ui.legend import Key, legend_html
from ui.maps import Drawing, MapLabel, positions, subdistrict_labels
from ui.session import Context
from ui.tables import TableColumn
from ui.text import SAMPLE_TAG, UNFILLED, clipped, joined, number, plain

SPOTS = "lighting.dark_spots"
LAMP_STRENGTH = 0.5
"""How strongly the lamps show, so that one sees where they stop."""
OPEN_WEIGHT = 60
"""How much names of open spots matter: more than those of subdistricts and candidates."""
LIST_ROWS, LIST_REM = 7, 13.9
"""From how many spots on their list scrolls, and how high it is then."""
STATE_WORDS = {True: "● 已消除", False: "▲ 未消除"}


def figures_of(context: Context) -> list[cards.Figure]:
    """The figures at the head of the page: spots fixed, open, how long; candidates."""
    told = context.row("light_spots_summary", SPOTS)
    return [
        figures.dark_spots(context, context.row("lighting_dark_spots")),
        *_open_figures(context, told),
        *light_gaps.figures_of(context),
    ]


def _open_figures(context: Context, told: dict) -> list[cards.Figure]:
    """Spots that are open, the longest of them, and how long the others took."""
    absent = "所选范围内没有暗点" if told["found_count"] == 0 else ""
    sample = context.is_sample(SPOTS)
    deadline = context.row("lighting_dark_spots")
    return [
        cards.Figure(
            "未消除", told["open_count"] if told["found_count"] else None, "处",
            detail=_deadline_words(told, deadline), when_empty=absent,
            is_sample=sample, definition=f"{context.filter.year} 年底已登记而尚未消除的暗点",
        ),
        cards.Figure(
            "最长未消除", told["longest_open_days"], "天", detail=told["longest_open_name"] or "",
            when_empty=absent or ("没有未消除的暗点" if told["open_count"] == 0 else ""),
            is_sample=sample, definition="自发现之日到年底（当年为今日）的天数，取最长的一处",
        ),
        cards.Figure(
            "平均消除用时", told["mean_fixed_days"], "天",
            detail=f"最长 {number(told['longest_fixed_days'])} 天",
            when_empty=absent or ("没有已消除的暗点" if told["found_count"] else ""),
            is_sample=sample, definition="已消除暗点自发现到消除的平均天数",
        ),
    ]  # fmt: skip


def _deadline_words(told: dict, deadline: dict) -> str:
    """How the open spots stand to the plan's deadline, the end of 2022."""
    if not told["open_count"]:
        return ""
    if deadline["overdue_count"]:
        return f"其中 {deadline['overdue_count']} 处逾规划期限"
    return "均为规划期限后发现" if deadline["found_later_count"] else "规划期限 2022 年年末"


# --- sentences and lists -------------------------------------------------------------------------


def sentences(context: Context) -> list[str]:
    """The sentences on the left, the answer first."""
    spots = context.frame("light_spots")
    found = []
    if len(spots):
        is_open = ~spots["is_fixed"].astype(bool)
        told = f"截至 {context.filter.year} 年底登记盲区暗点 **{len(spots)} 处**，"
        if is_open.any():
            longest = spots[is_open].iloc[0]
            told += (
                f"余 **{is_open.sum()} 处**未消除，最久的是**{plain(longest['spot_name'])}**"
                f"（{longest['day_count']:,} 天）。"
            )
        else:
            told += "**已全部消除**。"
        found.append(told)
        if late := _deadline_sentence(context):
            found.append(late)
    return [*found, *light_gaps.sentences(context)]


def _deadline_sentence(context: Context) -> str:
    """How the plan's spots stood to its deadline, and how many were found since."""
    told = context.row("lighting_dark_spots")
    parts = [
        f"**{told['overdue_count']} 处**逾期未消除" if told["overdue_count"] else "",
        f"{told['fixed_late_count']} 处逾期后消除" if told["fixed_late_count"] else "",
        f"{told['found_later_count']} 处为期限后新发现" if told["found_later_count"] else "",
    ]
    said = "，".join(part for part in parts if part)
    return f"规划期限为 2022 年年末：{said}。" if said else ""


def beside_findings(context: Context) -> None:
    """Open spots and those fixed last, kinds, and who found them."""
    spots = context.frame("light_spots")
    tag = SAMPLE_TAG if context.is_sample(SPOTS) else ""
    cards.block_title("暗点", joined("未消除的在前，其后为最近消除的", tag))
    if spots.empty:
        cards.empty("所选范围内没有暗点" if context.has_rows(SPOTS) else "盲区暗点登记册尚未导入")
        return
    height = layout.rem(context, LIST_REM) if len(spots) > LIST_ROWS else "content"
    with st.container(height=height, border=False, key="light_spots"):
        st.html(f'<ul class="lines picked">{"".join(map(_spot_html, spots.itertuples()))}</ul>')
    cards.block_title("按类别", "已消除 / 登记")
    kinds = spots.groupby("spot_kind")["is_fixed"].agg(["sum", "count"])
    cards.lines(
        (kind, f"{kinds.at[kind, 'sum']:.0f} / {kinds.at[kind, 'count']} 处")
        for kind in DARK_SPOT_KINDS
        if kind in kinds.index
    )
    ways = spots["found_by"].fillna(f"发现方式{UNFILLED}").value_counts()
    cards.block_title("如何发现")
    cards.lines((way, f"{count} 处") for way, count in ways.items())


def _spot_html(row: tuple) -> str:
    if row.is_fixed:
        shape, role, told = "●", "met", f"{row.fixed_on:%Y-%m} 消除，历时 {row.day_count:,} 天"
    else:
        shape, role, told = "▲", "missed", f"已 {row.day_count:,} 天"
    place = row.subdistrict_name.removesuffix("街道")
    return (
        f'<li data-pick="spot:{escape(row.spot_id, quote=True)}" role="button" tabindex="0">'
        f'<span><b style="color:var(--{role})">{shape}</b> {escape(row.spot_name)}</span>'
        f"<span>{escape(joined(place, told))}</span></li>"
    )


# --- the map -------------------------------------------------------------------------------------


def drawing(context: Context) -> Drawing:
    """Lamps faintly, candidates where they stop, spots above all."""
    colours = context.palette
    return Drawing(
        [
            layers.pick(context),
            layers.quiet_waterways(context),
            *light_glow.layer(context, LAMP_STRENGTH, colours.muted),
            layers.veil(context),
            # Unseen: only to be pointed at and clicked.
            light_map.lamps(context, alpha=0),
            *light_gaps.lines(context),
            light_map.dark_spots(context),
        ],
        legend_html(
            f"盲区暗点 · {context.filter.year} 年底",
            _keys(context), stacked=True, note=light_gaps.note(context),
        ),
        [
            *_open_labels(context),
            *light_gaps.labels(context),
            *subdistrict_labels(context, size_px=12.5, colour=colours.muted),
        ],
        positions(context.frame("light_spots")),
    )  # fmt: skip


def _open_labels(context: Context) -> list[MapLabel]:
    """Names of the spots that are open, the longest first: before all others."""
    frame = context.frame("light_spots")
    is_open = ~frame["is_fixed"].astype(bool) & frame["lon"].notna()
    return [
        MapLabel(
            row.lon, row.lat, clipped(row.spot_name, 10), 13.5, context.palette.missed,
            OPEN_WEIGHT + row.day_count / 1e5, is_beside=True,
        )
        for row in frame[is_open].itertuples()
    ]  # fmt: skip


def _keys(context: Context) -> list[Key]:
    colours = context.palette
    spots = [
        Key("dot", colours.missed, "未消除的暗点"),
        Key("ring", colours.met, "已消除的暗点"),
    ]
    return [*(spots if context.has_rows(SPOTS) else []), *light_gaps.keys(context)]


def panel(context: Context) -> None:
    """The longest candidates and their length by subdistrict."""
    light_gaps.panel(context)


def table(context: Context) -> None:
    """The register of spots, and below it all candidates."""
    tables.register_table(
        context,
        context.frame("light_spots"),
        {
            "spot_name": TableColumn("位置"),
            "spot_kind": TableColumn("类别"),
            "subdistrict_name": TableColumn("街道"),
            "is_fixed": TableColumn("状态", words=STATE_WORDS),
            "found_by": TableColumn("发现方式"),
            "found_on": TableColumn("发现日期"),
            "fixed_on": TableColumn("消除日期"),
            "day_count": TableColumn("历时（天）", "%d"),
            "clause": TableColumn("规划条款"),
            "spot_id": TableColumn("编号"),
        },
        "盲区暗点登记册",
        "dark_spots",
        hint="搜索位置、街道……",
    )
    light_gaps.table(context)
