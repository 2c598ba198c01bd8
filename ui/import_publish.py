"""Step 5 of the import: who publishes what, the outcome, and the way back."""

import streamlit as st

from data.registers.difference import difference_text
from data.registers.staging import Staged
from data.snapshot import version_name
from ui import cards, history, import_draft, import_staged, importing, layout, plan
from ui.import_draft import Draft
from ui.session import Context
from ui.text import plain

PAGES = {
    "toilets": ("views/toilets.py", "公共厕所"),
    "rivers": ("views/rivers.py", "美丽河湖"),
    "streets": ("views/streets.py", "示范街"),
    "lighting": ("views/lighting.py", "亚运亮灯"),
    "plan.projects": ("views/projects.py", "规划项目"),
    "plan.indicator_values": ("views/indicators.py", "规划指标"),
}
"""Page that shows a register, by dataset or database."""


def page_of(dataset: str) -> tuple[str, str]:
    """Path and title of the page that shows a dataset."""
    database = dataset.partition(".")[0]
    return PAGES.get(dataset) or PAGES.get(database) or ("views/overview.py", "总览")


def publish_step(context: Context, draft: Draft, staged: Staged) -> None:
    """What will be published, who does it, and the choice about rejected rows."""
    left, middle, right = layout.columns(context, (0.3, 0.35, 0.35))
    with left:
        plan.explained("将要发布", _facts(staged))
    with middle:
        cards.block_title("发布之后")
        cards.findings(_afterwards(context, staged))
    with right:
        cards.block_title("确认", "记入发布历史")
        actor = st.text_input(
            "操作人（必填）", value=st.session_state.get("actor", ""), key="import_actor",
            max_chars=40, placeholder="姓名或工号",
        ).strip()  # fmt: skip
        st.session_state["actor"] = actor
        if staged.rejected_count:
            word = import_staged.unit(staged)
            draft.leaves_out = st.checkbox(
                f"不含被拒绝的 {staged.rejected_count:,} {word}，"
                f"只发布合格的 {staged.accepted_count:,} {word}",
                value=draft.leaves_out, key="import_leave_out",
            )  # fmt: skip
            layout.note("也可以先下载校验报告，在原文件中改正后从第一步重新导入。")
        _confirmation(draft, staged, actor)
    history.publications(context)


def _confirmation(draft: Draft, staged: Staged, actor: str) -> None:
    hint = ""
    if staged.blockers:
        hint = f"这份文件不能发布：{'；'.join(staged.blockers)}"
    elif not actor:
        hint = "请填写操作人"
    elif staged.rejected_count and not draft.leaves_out:
        hint = "请勾选只发布合格的部分，或改正后重新导入"
    importing.navigation(
        draft, "发布", lambda: publish(draft, actor), is_ready=not hint, hint=hint
    )  # fmt: skip


def publish(draft: Draft, actor: str) -> None:
    """Run the publication of the staged check."""
    allowed = ["--allow-rejected"] if draft.leaves_out else []
    draft.start(
        "publish",
        importing.command("publish", draft.staging_id, f"--actor={actor}", *allowed),
    )


def _facts(staged: Staged) -> list[tuple[str, str]]:
    options, word = staged.options, import_staged.unit(staged)
    compared = staged.difference
    change = difference_text(
        staged.register.dataset, len(compared.new), len(compared.changed_keys),
        compared.gone_count, compared.sample_count, compared.unchanged_count,
    )  # fmt: skip
    facts = [
        ("登记册", staged.register.title),
        ("文件", f"{staged.file_name}（{staged.format}）"),
        (
            "数量",
            f"**{staged.accepted_count:,} {word}**（读取 {staged.read_count:,}，拒绝 {staged.rejected_count:,}）",
        ),
        ("变化", change),
        ("报送单位", options.provider or "未填"),
        ("数据日期", options.as_of or "未填"),
        ("使用许可", options.licence or "未填"),
    ]
    return [(name, text if name == "数量" else text.replace("**", "＊＊")) for name, text in facts]


def _afterwards(context: Context, staged: Staged) -> list[str]:
    """What readers see then, what else changes, and the way back."""
    title = page_of(staged.register.dataset)[1]
    now = version_name(context.snapshot.version)
    told = [plain(text) for text in import_staged.consequences(context, staged)]
    return [
        f"“{title}”页和数据目录改用新数据；已经打开的页面在下一次操作时换过来，不会出错。",
        *told,
        f"现在的版本 **{now}** 会保留，可在发布历史中一键回退。",
    ]


def published_page(context: Context, draft: Draft) -> None:
    """What was published, the page that shows it, and the way back."""
    done = draft.published
    version = int(done.get("version", context.snapshot.version))
    previous = _before(version)
    path, title = page_of(draft.register.dataset)
    is_current = version == context.snapshot.version
    now = (
        "所有页面已改用新数据"
        if is_current
        else f"驾驶舱现在使用 {version_name(context.snapshot.version)}"
    )
    cards.done(f"已发布 {draft.register.title}", f"数据版本 {version_name(version)}；{now}。")
    with st.container(horizontal=True, vertical_alignment="center", key="import_done"):
        st.page_link(path, label=f"查看{title}页", icon=":material/arrow_forward:")
        st.page_link("views/catalog.py", label="查看数据目录", icon=":material/list:")
        is_way_back = is_current and previous is not None
        if is_way_back and st.button("回退到发布前的版本", key="import_rollback"):
            history.confirm_rollback(previous, f"发布前的版本 {version_name(previous)}")
        st.button("再导入一份", key="import_again", on_click=import_draft.begin_anew)
    history.publications(context)


def _before(version: int) -> int | None:
    """The version that stood before this one, if it is kept."""
    found = history.entries()
    kept = {one.version for one in found if one.is_kept}
    before = next((one.previous for one in found if one.version == version), None)
    return before if before in kept else None
