"""会前检查: is a story ready to be shown? Its data, their dates, its scenes, each of them drawn once."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from data.catalog import Dataset
from data.story import Story
from ui import cards, catalog, layout, play_list, play_stories, play_words
from ui.component import component
from ui.pages import DATASETS
from ui.session import Context
from ui.text import SOURCE_KINDS

TRIAL_WIDTH_PX, TRIAL_HEIGHT_PX = 1920, 1080
HINT = "每一幕在后台画一次，放映时就不用等。请开着本页，到试完为止。"
MOST_S = 20
"""So long a scene may take to be drawn."""
LIST_REM = 20
_URGENT = ("overdue", "due")
_WORDS = {
    "start": "逐幕试放",
    "stop": "停止",
    "again": "再试一次",
    "running": "正在试放 {place}/{count}",
    "stopped": "已停止，试放了 {place}/{count} 幕",
    "sound": "● {count} 幕全部正常",
    "faulty": "▲ {count} 幕中 {faulty} 幕有误",
    "ok": "● 正常",
    "wrong": "▲ 有误",
    "waiting": "○ 待试",
    "drawing": "◐ 正在画",
    "late": "{seconds} 秒内没有画完",
    "unreachable": "打不开，服务没有应答",
    "second": "{seconds} 秒",
}


def panel(context: Context, key: str, story: Story) -> None:
    """The whole check of a story; ``key`` is its name in the address."""
    datasets = used_datasets(context, story)
    left, right = layout.columns(context, (0.5, 0.5))
    with left:
        cards.findings(sentences(context, story, datasets))
        cards.block_title("所用数据", f"{len(datasets)} 个数据集，过期的和示例在前")
        with st.container(height=layout.rem(context, LIST_REM), key="check_datasets"):
            st.html(_datasets_html(datasets))
    with right:
        found = play_stories.problems(context, story)
        cards.block_title("场景", play_words.fault_text(found) or "没有发现问题")
        if found:
            st.html(play_list.problems_html(found, is_numbered=True))
        cards.block_title("逐幕试放")
        layout.note(HINT)
        component("trial")(key="play_trial", data=trial_data(context, key, story))


def used_datasets(context: Context, story: Story) -> list[Dataset]:
    """What the scenes of a story rest on: the overdue first, then what falls due, then samples."""
    names = {name for page in _pages(story) for name in DATASETS[page]}
    used = {row.dataset for row in context.datasets_of(tuple(names))}
    found = [one for one in catalog.listed(context) if one.path in used and one.rows]
    return sorted(found, key=_urgency)


def _urgency(one: Dataset) -> tuple[int, bool]:
    state = one.freshness.state
    place = _URGENT.index(state) if state in _URGENT else len(_URGENT)
    return place, one.source_kind != "sample"


def _pages(story: Story) -> list[str]:
    """Titles of the pages that a story shows, each once, in its order."""
    return list(dict.fromkeys(play_words.page_word(scene) for scene in story.scenes))


def sentences(context: Context, story: Story, datasets: list[Dataset]) -> list[str]:
    """Of when the data are, what is overdue, and which pages still show samples."""
    if not story.scenes:
        return ["这个演示没有可放映的场景。"]
    newest = {one.source_kind: one.as_of for one in sorted(datasets, key=lambda one: one.as_of)}
    dates = "、".join(
        f"{SOURCE_KINDS[kind]} **{as_of}**" for kind, as_of in newest.items() if as_of
    )
    told = [f"{len(_pages(story))} 个页面用到 {len(datasets)} 个数据集，截至：{dates}。"]
    overdue = [one.title for one in datasets if one.freshness.state == "overdue"]
    told.append(
        f"▲ **{len(overdue)} 个**已过更新周期：{'、'.join(overdue)}。"
        if overdue
        else "● 没有过期的数据。"
    )
    on_sample = [page for page in _pages(story) if context.rests_on_sample(DATASETS[page])]
    told.append(
        f"◐ 仍有**示例**数据的页面：{'、'.join(on_sample)}；示例不能当作实际情况来讲。"
        if on_sample
        else "● 没有示例数据。"
    )
    return told


def _datasets_html(datasets: list[Dataset]) -> str:
    head = "".join(f"<th>{word}</th>" for word in ("数据集", "性质", "数据日期", "时效"))
    rows = "".join(
        f"<tr><td>{escape(one.title)}</td><td>{catalog.kind_html(one)}</td>"
        f"<td>{escape(one.as_of or '—')}</td>"
        f'<td style="color:var(--{catalog.FRESHNESS[one.freshness.state].role})">'
        f"{escape(catalog.freshness_text(one))}</td></tr>"
        for one in datasets
    )
    return f'<table class="fields check-data"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


# --- every scene drawn once ----------------------------------------------------------------------


def trial_data(context: Context, key: str, story: Story) -> dict:
    """What the browser needs to draw each scene: its address, or why it is not shown at all."""
    sound = dict(zip(story.numbers, story.scenes, strict=True))
    faults = {
        one.scene_no: one.message
        for one in reversed(play_stories.problems(context, story))
        if one.scene_no is not None
    }
    scenes = []
    for number in sorted({*sound, *faults}):
        scene = sound.get(number)
        # The theme stays as it is: trying another would keep it for the visitor's own pages.
        asked = {k: v for k, v in scene.query.items() if k != "theme"} if scene else {}
        scenes.append({
            "number": number,
            "title": scene.title if scene else "",
            "address": f"./{play_stories.page_path(scene.page)}?{urlencode(asked, doseq=True)}"
            if scene else None,
            "fault": faults.get(number, ""),
        })  # fmt: skip
    return {
        "story": key,
        "scenes": scenes,
        "width": TRIAL_WIDTH_PX,
        "height": TRIAL_HEIGHT_PX,
        "mostMs": MOST_S * 1000,
        "words": _WORDS,
    }
