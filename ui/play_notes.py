"""The window of a speaker: what to say now, what comes next, how much time is left.

It goes along with the window that shows the story, and moves that on, from browser window to browser
window; the server is asked once.
"""

import streamlit as st

from data.story import Story
from ui import play_words
from ui.component import component
from ui.session import Context

_WORDS = {
    "waiting": "○ 等待放映窗口……",
    "waitingHint": "请在另一个窗口打开这个演示，点“放映”或“自动放映”",
    "byHand": "● 手动放映",
    "rotating": "● 自动放映",
    "paused": "‖ 已暂停",
    "resting": "‖ 稍候继续",
    "scene": "本幕",
    "whole": "全程",
    "elapsed": "已用 {time}",
    "left": "剩余 {time}",
    "over": "超出 {time}",
    "planned": "计划 {time}",
    "next": "下一幕",
    "last": "这是最后一幕",
    "noNote": "这一幕没有讲解词",
    "toPrevious": "‹ 上一幕",
    "toNext": "下一幕 ›",
    "toPlay": "自动放映",
    "toPause": "暂停",
    "toResume": "继续",
    "toBlack": "黑屏",
    "keys": "键盘和翻页器在这个窗口里同样有效：← → 翻，空格暂停，B 黑屏，1–9 跳到第几幕",
}


def window(context: Context, story: Story) -> None:
    """The notes of a story that has scenes, over the whole window."""
    with st.container(key="notes_window"):
        component("notes")(key="play_notes", data=notes_data(context, story))


def notes_data(context: Context, story: Story) -> dict:
    """What the browser shows until it hears from the window that shows the story, and what that does not tell."""
    return {
        "story": story.story_id,
        "storyTitle": story.title,
        "scenes": [
            {
                "title": scene.title,
                "note": scene.note,
                "seconds": scene.seconds,
                "shown": play_words.sentence(context, scene),
            }
            for scene in story.scenes
        ],
        "words": _WORDS,
    }
