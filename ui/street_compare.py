"""Two streets side by side: the figures of their cards in aligned rows, the difference beside them.

What is compared stands in the address (``compare=<name>``, twice), so that a link shows the same. Two
subdistricts are compared on the page of the subdistricts; this leads there.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pydeck as pdk
import streamlit as st

from data.bridge_condition import BridgeShares, bridge_shares
from queries.filter import shortened
from ui import cards, header, layout, maps, strips
from ui.focus import Entry, clear_focus, find_entry
from ui.session import Context
from ui.street_nearby import REACH_M, nearby
from ui.text import (
    DESIGNATIONS,
    NO_DATA,
    UNMAPPED,
    UNREPORTED,
    joined,
    number,
)
from ui.theme import DEMONSTRATION_LOOKS, rgba

KEY = "compare"
COMPARED = 2
BEST_WORD = "较好"
DATASETS = ("streets.demonstration_streets", "streets.road_projects", "streets.pavement",
            "streets.accessibility_points", "streets.bridges", "lighting.assets", "toilets.toilets")  # fmt: skip
"""What the rows rest on beside the map itself."""
_PICKS = ("compare_first", "compare_second")


# --- what is compared ----------------------------------------------------------------------------


def compare_with(street_name: str) -> None:
    """Open the comparison with this street first; its card gives way."""
    st.query_params[KEY] = [street_name]
    clear_focus()


def close() -> None:
    """Leave the comparison."""
    st.query_params.pop(KEY, None)


def asked_streets(context: Context) -> list[Entry]:
    """The streets that the address compares, two at most; a notice tells of what does not exist."""
    found: dict[str, Entry] = {}
    for name in dict.fromkeys(st.query_params.get_all(KEY)):
        entry = find_entry(context.snapshot, "street", name)
        if entry is None:
            header.notices([f"网址中对比的道路“{shortened(name)}”不存在，已忽略。"])
        else:
            found[entry.entry_id] = entry
    return list(found.values())[:COMPARED]


# --- beside the map ------------------------------------------------------------------------------


def panel(context: Context, streets: Sequence[Entry]) -> None:
    """The two choices, the aligned rows, and the way to the subdistricts."""
    tag = cards.sample_tag(context.is_sample(*DATASETS))
    with st.container(horizontal=True, vertical_alignment="center", key="street_compare_head"):
        st.html(
            f'<div class="focus"><b>道路对比</b> {tag}<small>{context.filter.year} 年底 · 全线，'
            "不随街道筛选</small></div>",
            width="stretch",
        )
        st.button("‹ 返回", key="street_compare_back", on_click=close, width="content")
    _choices(context, streets)
    if len(streets) < COMPARED:
        layout.note("请再选择一条道路")
    st.html(_table_html(context, streets))
    _subdistricts_link(context, streets)


def _choices(context: Context, streets: Sequence[Entry]) -> None:
    """Two boxes; what is chosen in one is not offered in the other."""
    names = list(context.frame("street_names")["street_name"])
    own = [*(street.entry_id for street in streets), None][:COMPARED]
    with st.container(horizontal=True, key="street_compare_choice"):
        for key, name, other in zip(_PICKS, own, reversed(own), strict=True):
            st.session_state[key] = name
            st.selectbox(
                "对比的道路", [one for one in names if one != other], key=key, index=None,
                placeholder="选择道路", label_visibility="collapsed", on_change=_take,
            )  # fmt: skip


def _take() -> None:
    chosen = [st.session_state[key] for key in _PICKS if st.session_state[key]]
    if chosen:
        st.query_params[KEY] = chosen
    else:
        close()


def _subdistricts_link(context: Context, streets: Sequence[Entry]) -> None:
    """A link to the comparison of the subdistricts that the streets mainly lie in, where they differ."""
    pieces = [context.frame("street_pieces", street_name=street.entry_id) for street in streets]
    codes = list(dict.fromkeys(one["subdistrict_code"].iloc[0] for one in pieces if len(one)))
    if len(codes) < COMPARED:
        return
    names = "与".join(context.names[code] for code in codes)
    keys = "&amp;".join([*(f"sub={code}" for code in codes), f"year={context.filter.year}"])
    st.html(
        f'<div class="scope-note"><a class="pick" href="profile?{keys}" target="_self">'
        f"在街道画像中对比{escape(names)} ›</a></div>"
    )


# --- the aligned rows ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One measure of the compared streets: what is written, the values where these can be compared.

    ``unit`` makes their difference readable; ``is_judged`` where more of it is better.
    """

    word: str
    texts: Sequence[str]
    values: Sequence[float | None] = ()
    unit: str = ""
    digits: int = 0
    is_judged: bool = False

    @property
    def _known(self) -> list[float] | None:
        known = [round(float(v), self.digits) for v in self.values if v is not None and v == v]
        return known if len(known) == COMPARED else None

    @property
    def difference(self) -> str:
        """How much the first has more than the second (＋ or －); 相同 where they are alike."""
        if self._known is None:
            return ""
        first, second = self._known
        if first == second:
            return "相同"
        return f"{'＋' if first > second else '－'}{number(abs(first - second), self.digits)}{self.unit}"

    @property
    def best(self) -> int | None:
        """Which is the better one; None where that is not known, or nothing is better."""
        if not self.is_judged or self._known is None or self._known[0] == self._known[1]:
            return None
        return self._known.index(max(self._known))


def rows(context: Context, streets: Sequence[Entry]) -> list[Row]:
    """The measures of the streets, in their order."""
    frame = context.frame("compared_streets", street_names=tuple(s.entry_id for s in streets))
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    beside = [nearby(context, street) for street in streets]
    has_toilets = context.has_rows("toilets.toilets")
    toilets = [len(one.toilets) if one and has_toilets else None for one in beside]
    stops = [len(one.stops) if one else None for one in beside]
    share = {"unit": " 个百分点", "digits": 1, "is_judged": True}
    return [
        _counted("道路长度", [r["length_km"] for r in records], "km", UNMAPPED, 2),
        Row("示范街", [_designation(context, street) for street in streets]),
        Row("迎亚运修缮", [_repaired(r) for r in records]),
        Row("路面优良率", [_pavement(context, r) for r in records],
            [r["pavement_good_share_pct"] for r in records], **share),
        Row("无障碍问题点", [_open_findings(r) for r in records]),
        Row("问题销号率", [_share(_closed_share(r), "—") for r in records],
            [_closed_share(r) for r in records], **share),
        _counted("桥梁", [r["bridge_count"] for r in records], "座"),
        Row("桥梁良好率", [_good_bridges(r) for r in records],
            [_shares(r).good_share_pct for r in records], **share),
        _counted("灯具", [r["lamp_count"] for r in records], "盏"),
        _counted(f"公厕（{REACH_M} m 内）", toilets, "座", NO_DATA if has_toilets else UNREPORTED),
        _counted(f"站点（{REACH_M} m 内）", stops, "个", NO_DATA),
    ]  # fmt: skip


def _counted(
    word: str, values: list[float | None], unit: str, missing: str = UNREPORTED, digits: int = 0
) -> Row:
    texts = [missing if v is None else f"{number(v, digits)} {unit}" for v in values]
    return Row(word, texts, values, f" {unit}", digits)


def _share(value: float | None, missing: str) -> str:
    return missing if value is None else f"{value:.1f}%"


def _designation(context: Context, street: Entry) -> str:
    """What kinds of demonstration street it is, with their state."""
    if not context.has_rows("streets.demonstration_streets"):
        return UNREPORTED
    frame = context.frame("street_designations", street_name=street.entry_id)
    told = [joined(DESIGNATIONS[row.designation], _state(row.state)) for row in frame.itertuples()]
    return "；".join(told) or "不是"


def _state(state: object) -> str:
    return DEMONSTRATION_LOOKS[state if isinstance(state, str) else "unknown"].word


def _repaired(record: dict) -> str:
    if not record["repair_count"]:
        return UNREPORTED if record["repair_count"] is None else "未列入"
    return f"{record['repaired_count']:.0f} / {record['repair_count']:.0f} 条完工"


def _pavement(context: Context, record: dict) -> str:
    absent = "未检测" if context.has_rows("streets.pavement") else UNREPORTED
    return _share(record["pavement_good_share_pct"], absent)


def _open_findings(record: dict) -> str:
    if not record["finding_count"]:
        return UNREPORTED if record["finding_count"] is None else "无登记"
    return f"余 {record['open_count']:.0f} / {record['finding_count']:.0f} 处"


def _closed_share(record: dict) -> float | None:
    if not record["finding_count"]:
        return None
    return 100 * (1 - record["open_count"] / record["finding_count"])


def _shares(record: dict) -> BridgeShares:
    return bridge_shares(Counter(record["conditions"] if record["conditions"] is not None else ()))


def _good_bridges(record: dict) -> str:
    if not record["bridge_count"]:
        return "—"
    own = _shares(record)
    if own.good_share_pct is None:
        return "未评价"
    return f"{own.good_share_pct:.1f}%（{own.good_count} / {own.graded_count}）"


def _table_html(context: Context, streets: Sequence[Entry]) -> str:
    head = "".join(
        f'<th scope="col"><i style="color:{mark.colour}">{mark.glyph}</i> {escape(street.name)}</th>'
        for street, mark in zip(streets, _marks(context, streets), strict=True)
    )
    if len(streets) == COMPARED:
        head += '<th scope="col">相差</th>'
    body = "".join(_row_html(row) for row in rows(context, streets))
    return (
        f'<table class="versus streets"><thead><tr><th scope="col">截至 {context.filter.year} 年底</th>'
        f"{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row_html(row: Row) -> str:
    best = f'<em class="best">{BEST_WORD}</em>'
    cells = "".join(
        f"<td>{escape(text)}{best if at == row.best else ''}</td>"
        for at, text in enumerate(row.texts)
    )
    if len(row.texts) == COMPARED:
        cells += f'<td class="none">{escape(row.difference)}</td>'
    return f'<tr><th scope="row">{escape(row.word)}</th>{cells}</tr>'


# --- the map -------------------------------------------------------------------------------------


def _marks(context: Context, streets: Sequence[Entry]) -> list[strips.Mark]:
    """How each of the compared is marked in the table and on the map."""
    marks = strips.compared_marks(context.palette, [street.entry_id for street in streets])
    return list(marks.values())


def layers(context: Context, streets: Sequence[Entry]) -> list[pdk.Layer]:
    """Each of the compared in its own colour over the theme."""
    scale = context.screen.scale
    return [
        pdk.Layer(
            "GeoJsonLayer",
            data=maps.collection(street.features),
            id=f"compared-{at}",
            get_line_color=rgba(mark.colour),
            get_line_width=5 * scale,
            line_width_units=pdk.types.String("pixels"),
            line_cap_rounded=True,
            line_joint_rounded=True,
        )
        for at, (street, mark) in enumerate(zip(streets, _marks(context, streets), strict=True), 1)
        if street.features
    ]
