"""Entry: page configuration, navigation, the filter bar, the footer; nothing else.

Start with ``make run`` or ``streamlit run app.py``.
"""

import logging

import streamlit as st

from data.contracts import YEARS
from data.store import StoreError
from ui import browser, editing, focus, footer, header, kiosk, menu, session, show, style
from ui.pages import DATASETS, UNFILTERED
from ui.text import APP_TITLE, FAILED_PAGE, data_note, map_notice
from ui.theme import palette

PAGES = [
    st.Page("views/overview.py", title="总览", icon=":material/dashboard:", default=True),
    st.Page("views/indicators.py", title="规划指标", icon=":material/flag:", url_path="indicators"),
    st.Page("views/rivers.py", title="美丽河湖", icon=":material/water:", url_path="rivers"),
    st.Page("views/streets.py", title="示范街", icon=":material/signpost:", url_path="streets"),
    st.Page("views/toilets.py", title="公共厕所", icon=":material/wc:", url_path="toilets"),
    st.Page(
        "views/lighting.py", title="亚运亮灯", icon=":material/lightbulb:", url_path="lighting"
    ),
    st.Page(
        "views/projects.py", title="规划项目", icon=":material/view_timeline:", url_path="projects"
    ),
    st.Page("views/profile.py", title="街道画像", icon=":material/badge:", url_path="profile"),
    st.Page("views/play.py", title="演示", icon=":material/slideshow:", url_path="play"),
    st.Page("views/catalog.py", title="数据目录", icon=":material/database:", url_path="catalog"),
    st.Page(
        "views/imports.py",
        title="导入",
        icon=":material/upload_file:",
        url_path="import",
        visibility="visible" if editing.is_allowed() else "hidden",
    ),
]


def run_page(page: st.Page, context: session.Context) -> None:
    """Run the page; whatever fails is logged in full and told in one Chinese sentence."""
    session.begin(context)
    try:
        page.run()
    except Exception:
        logging.exception("page %s failed", page.title)
        st.error(FAILED_PAGE)


def main() -> None:
    """One run of the app."""
    st.set_page_config(page_title=APP_TITLE, page_icon="🏙️", layout="wide")
    is_kiosk = show.is_kiosk()
    is_bare = is_kiosk or st.context.is_embedded
    page = st.navigation(PAGES, position="hidden" if is_bare else "top")
    name = page.url_path or "overview"
    theme = st.session_state.get("theme") or st.context.theme.type or "dark"
    text_size = header.text_size()
    style.apply(palette(theme), text_size)
    try:
        store = session.open_store()
        with store.reading() as snapshot:
            names = session.subdistrict_names(snapshot)
            chosen, notices = header.read_url_filter(list(names), YEARS)
            shown, show_notices = show.read_show(name)
            with st.container(key="browser_side", height=1, border=False):
                screen, picked = browser.connect_browser(
                    st.session_state.get("theme"), is_kiosk, text_size
                )
                if shown is not None:
                    show.remote(shown)
                show.follow()
            item, item_notices = focus.read_focus(snapshot, chosen)
            told = header.kept_notices(chosen, [*notices, *item_notices, *show_notices])
            context = session.Context(chosen, names, snapshot, palette(theme), screen, item, picked)
            has_sample = context.rests_on_sample(DATASETS[page.title])
            place = "上城区城市管理" if chosen.is_whole_district else chosen.place_text(names)
            title = f"{page.title} · {place}"
            is_filtered = page.title not in UNFILTERED
            if is_kiosk:
                sentence = context.sentence if is_filtered else ""
                kiosk.head(page.title, sentence, shown, chosen.year, has_sample)
            else:
                header.page_head(
                    title if is_filtered else page.title, chosen, names, YEARS, theme,
                    data_note(chosen.year) if is_filtered else map_notice(), has_sample,
                    context.rests_on_register(DATASETS[page.title]), is_filtered,
                    lambda: menu.more(context, name),
                )  # fmt: skip
                header.notices([*told, *([store.refusal] if store.refusal else [])])
            run_page(page, context)
            if is_kiosk:
                kiosk.foot(context, DATASETS[page.title], shown)
            else:
                footer.page_foot(context, DATASETS[page.title])
    except StoreError as problem:
        st.error(str(problem))


main()
