"""The plan's projects: words, filter, figures, sentences and lists. States stand at a year's end."""

from collections.abc import Iterable, Mapping
from html import escape

import pandas as pd
import streamlit as st

from ui import address, cards, tables
from ui.cards import Figure
from ui.session import Context
from ui.text import UNMAPPED, UNREPORTED, plain
from ui.theme import StatusLook

DATASET = "plan.projects"
KIND_KEY, BODY_KEY, STATE_KEY, PLACES_KEY = "kind", "body", "state", "places"
"""Keys of the address: what is listed (each repeatable), and ``places=1`` for the plan's named places."""
KINDS = {
    "road": "道路修缮",
    "river": "河道整治",
    "pump_sluice": "泵站水闸",
    "sewage_free": "污水零直排",
    "water_supply": "二次供水",
    "beautiful_river": "美丽河湖",
    "lighting": "景观照明",
    "street": "示范街",
    "accessibility": "无障碍",
    "games": "亚运环境",
    "municipal": "市政设施",
    "waste": "垃圾治理",
    "digital": "数字治理",
}
LOOKS = {
    "completed": StatusLook("已完工", "●", "met"),
    "under_construction": StatusLook("在建", "◐", "near"),
    "planned": StatusLook("未开工", "△", "missed"),
    "suspended": StatusLook("停工", "■", "belt"),
    "unreported": StatusLook(UNREPORTED, "○", "unreported"),
}
"""How a project's state shows: never by colour alone."""
STATE_WORDS = {state: f"{look.shape} {look.word}" for state, look in LOOKS.items()}
BODY_WORDS = {"none": "规划未写明"}
"""What stands in place of an implementing body; one that the plan names is its own word."""
MOST_NAMED = 3
LEAST_COMPARED = 5
"""Kinds with fewer projects are not compared by the share done."""
OVERDUE = "已过规划年份，仍未完工（或未开工）"

COLUMNS = {
    "project_name": tables.TableColumn("项目"),
    "project_kind": tables.TableColumn("类别", words=KINDS),
    "implementing_body": tables.TableColumn("实施主体"),
    "managed_level": tables.TableColumn("管理级别"),
    "place": tables.TableColumn("街道"),
    "quantity": tables.TableColumn("数量", "%g"),
    "unit": tables.TableColumn("单位"),
    "plan_start_year": tables.TableColumn("规划开工", "%d"),
    "plan_end_year": tables.TableColumn("规划完成", "%d"),
    "started_on": tables.TableColumn("开工日期"),
    "completed_on": tables.TableColumn("完工日期"),
    "state": tables.TableColumn("状态", words=STATE_WORDS),
    "is_overdue": tables.TableColumn("逾期", words={True: "▲ 逾期", False: ""}),
    "located_by": tables.TableColumn("定位依据"),
    "clause": tables.TableColumn("规划条款"),
    "note": tables.TableColumn("说明"),
}
"""Columns of the table under the page."""


ANY = {"kinds": None, "bodies": None, "states": None}
"""No filter of the page's own: all projects of the chosen subdistricts."""


def filter_row(context: Context) -> tuple[dict, bool]:
    """The page's own filter as parameters of ``projects_rows``, and whether places are drawn.

    The address holds both.
    """
    known = context.frame("projects_bodies")["body"].tolist()
    kinds = address.several(KIND_KEY, KINDS, "类别")
    bodies = address.several(BODY_KEY, known, "实施主体")
    states = address.several(STATE_KEY, LOOKS, "状态")
    with_places = address.chosen(PLACES_KEY, ["1"], "", "规划格局") == "1"
    has_places = not context.frame("projects_places").empty
    with st.container(horizontal=True, vertical_alignment="center", key="projects_filter"):
        _choice(KIND_KEY, "全部类别", KINDS, kinds, KINDS)
        _choice(BODY_KEY, "全部实施主体", known, bodies, BODY_WORDS)
        _choice(STATE_KEY, "全部状态", LOOKS, states, STATE_WORDS)
        if has_places:
            st.toggle("规划格局", **address.bound(PLACES_KEY, "project_places", with_places))
    asked = {"kinds": kinds or None, "bodies": bodies or None, "states": states or None}
    return asked, with_places and has_places


def _choice(
    key: str, all_of_it: str, known: Iterable[str], chosen: list[str], words: Mapping[str, str]
) -> None:
    st.multiselect(
        all_of_it, list(known), placeholder=all_of_it, select_all=False,
        format_func=lambda option: words.get(option, option), label_visibility="collapsed",
        **address.bound(key, f"project_{key}", chosen),
    )  # fmt: skip


def rows(context: Context, asked: dict) -> pd.DataFrame:
    """Projects under both filters by kind, what is open first.

    Kinds with an overdue project come first, then in the order of ``KINDS``; within a kind the
    overdue come before the other open ones and these before the done, each by start.
    """
    frame = context.frame("projects_rows", **asked)
    late_kinds = set(frame.loc[frame["is_overdue"], "project_kind"])
    order = {kind: (kind not in late_kinds, place) for place, kind in enumerate(KINDS)}
    places = {kind: place for place, kind in enumerate(sorted(KINDS, key=order.get))}
    openness = (frame["state"] == "completed") * 2 - frame["is_overdue"].astype(int)
    sorted_rows = frame.assign(kind_place=frame["project_kind"].map(places), openness=openness)
    return sorted_rows.sort_values(
        ["kind_place", "openness", "started_on", "project_id"], na_position="last", kind="stable"
    ).drop(columns=["kind_place", "openness"])


def _count(frame: pd.DataFrame, state: str) -> int | None:
    """Projects in a state; None while no state at all has been reported."""
    if frame.empty or (frame["state"] == "unreported").all():
        return None
    return int((frame["state"] == state).sum())


def figures(context: Context, frame: pd.DataFrame) -> list[Figure]:
    """Projects, done, under construction, not begun, overdue, mapped."""
    total = len(frame)
    is_sample = context.is_sample(DATASET)
    waiting = int((frame["state"] == "unreported").sum())
    known = {"when_empty": UNREPORTED if total else "所选范围内没有项目", "is_sample": is_sample}
    suspended = _count(frame, "suspended")
    late = int(frame["is_overdue"].sum())
    done_late = int(frame["is_done_late"].sum())
    mapped = int(frame["is_mapped"].sum())
    return [
        Figure("规划项目", total, "项", detail="按规划条目计，数量见名录",
               definition="专栏 1、2、4 列出的项目，以及正文点名或给出数量的工程任务"),
        Figure("已完工", _count(frame, "completed"), f"/ {total} 项", **known,
               detail=f"其中逾期完工 {done_late} 项" if done_late else ""),
        Figure("在建", _count(frame, "under_construction"), "项", **known,
               detail=f"另停工 {suspended} 项" if suspended else ""),
        Figure("未开工", _count(frame, "planned"), "项", **known,
               detail=f"另待填报 {waiting} 项" if waiting and waiting < total else ""),
        Figure("逾期", None if _count(frame, "planned") is None else late, "项", **known,
               detail="▲ 超过规划年份" if late else "没有超过规划年份的项目", definition=OVERDUE),
        Figure("已上图", mapped, f"/ {total} 项", detail=f"{UNMAPPED} {total - mapped} 项",
               definition="按道路、河道、水面、小区名称在底图上找到的项目；其余不猜位置"),
    ]  # fmt: skip


def findings(context: Context, frame: pd.DataFrame, asked: dict) -> list[str]:
    """How many are done, which are overdue, which kind is slowest, what the filter leaves out."""
    found = [] if frame.empty else _state_sentences(context, frame)
    if not context.filter.is_whole_district:
        unplaced = context.row("projects_unplaced", **asked)["project_count"]
        if unplaced:
            found.append(f"另有 {unplaced} 项规划未写所在街道，只计入全区。")
    return found


def _state_sentences(context: Context, frame: pd.DataFrame) -> list[str]:
    total, done = len(frame), _count(frame, "completed")
    if done is None:
        return [f"规划列出 **{total} 项**，开工、完工情况**{UNREPORTED}**。"]
    open_states = "、".join(
        f"{look.word} **{count} 项**"
        for state, look in LOOKS.items()
        if state != "completed" and (count := _count(frame, state))
    )
    reported = frame[frame["state"] != "unreported"]
    of = "" if len(reported) == total else f"占已填报 {len(reported)} 项的 "
    found = [
        f"{total} 项中，截至 {context.filter.year} 年底完工 **{done} 项**（{of}{100 * done / len(reported):.0f}%）"
        + (f"，{open_states}。" if open_states else "。")
    ]
    overdue = frame[frame["is_overdue"]]
    if len(overdue):
        found.append(f"**{len(overdue)} 项**超过规划年份：{_named(overdue['project_name'])}。")
    else:
        found.append("没有项目超过规划年份。")
    return found + _slowest(reported)


def _named(names: pd.Series) -> str:
    """The first few names."""
    shown = "、".join(map(plain, names.head(MOST_NAMED)))
    return f"{shown}等" if len(names) > MOST_NAMED else shown


def _slowest(frame: pd.DataFrame) -> list[str]:
    """The kind with the smallest share done, where kinds can be compared."""
    kinds = by_kind(frame)
    # Of two rows one undone is half: no ground to compare kinds on.
    kinds = kinds[kinds["total"] >= LEAST_COMPARED]
    slow = kinds[kinds["done"] < kinds["total"]].sort_values("share", kind="stable")
    if len(kinds) < 2 or slow.empty:
        return []
    last = slow[slow["share"] == slow["share"].iloc[0]]
    if len(last) > 1:
        names = pd.Series([KINDS[kind] for kind in last.index])
        told = f"**{_named(names)}**（{100 * last['share'].iloc[0]:.0f}%）"
    else:
        row = slow.iloc[0]
        told = f"**{KINDS[row.name]}**：{row.done:.0f} / {row.total:.0f} 项"
    return [f"{LEAST_COMPARED} 项及以上的类别中，完工占比最低的是{told}。"]


def by_kind(frame: pd.DataFrame) -> pd.DataFrame:
    """Projects and completed ones by kind, in the order of ``KINDS``."""
    is_done = frame["state"] == "completed"
    kinds = frame.assign(done=is_done).groupby("project_kind")["done"].agg(["sum", "count"])
    kinds = kinds.set_axis(["done", "total"], axis=1).reindex(
        [k for k in KINDS if k in kinds.index]
    )
    return kinds.assign(share=kinds["done"] / kinds["total"])


def kind_lines(frame: pd.DataFrame) -> None:
    """Kinds with what is done of what the plan lists."""
    if frame.empty:
        return
    is_unreported = _count(frame, "completed") is None
    cards.block_title("分类别", "完工 / 规划条目")
    cards.lines(
        (KINDS[row.Index], f"{UNREPORTED if is_unreported else row.done} / {row.total} 项")
        for row in by_kind(frame).itertuples()
    )


def _signed_html(row: tuple) -> str:
    """A project's name with the sign of its state, and whether it is overdue."""
    late = "（逾期）" if row.is_overdue else ""
    named = f"{LOOKS[row.state].shape} {escape(row.project_name)}{late}"
    return f"<b>{named}</b>" if row.is_overdue else named


def unmapped_list(frame: pd.DataFrame) -> None:
    """Projects that no map here shows, by kind: a closed list under the page's columns."""
    missing = frame[~frame["is_mapped"]]
    if missing.empty:
        return
    entries = "".join(
        f"<p><b>{KINDS[kind]}</b>（{len(group)}）{'；'.join(map(_signed_html, group.itertuples()))}</p>"
        for kind, group in missing.groupby("project_kind", sort=False)
    )
    with st.expander(
        f"{UNMAPPED} {len(missing)} 项：规划未写位置，或底图没有同名的道路、河道、小区"
    ):
        st.html(f'<div class="unmapped">{entries}</div>')
