"""演示: the stories and one of them in detail, the draft of a new one, or the notes of a speaker alone."""

import streamlit as st

from ui import layout, play_check, play_edit, play_keep, play_list, play_notes, play_stories
from ui.session import current

context = current()
known = play_stories.stories()
play_list.follow_pick(context)
noted = play_stories.noted(known)

if noted is not None:
    play_notes.window(context, known[noted])
elif play_stories.is_draft_open():
    play_keep.done()
    play_edit.editor(context)
else:
    play_keep.done()
    chosen = play_stories.chosen_id(context, known)
    left, right = layout.columns(context, (0.34, 0.66))
    with left:
        play_list.list_of(context, known, chosen)
    with right:
        play_list.head(chosen, known[chosen])
        scenes, check = st.tabs(["各幕与讲解词", "会前检查"])
        with scenes:
            play_list.scenes(context, known[chosen])
        with check:
            play_check.panel(context, chosen, known[chosen])
