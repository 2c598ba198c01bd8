"""Who published what and when, and the way back to a kept version."""

from datetime import datetime, timedelta, timezone
from html import escape

import streamlit as st

from data.publishing import HistoryEntry, history, rollback
from data.registers import difference
from data.registers.registry import title_of
from data.snapshot import SnapshotError, store_folder, version_name
from ui import cards, editing
from ui.session import Context
from ui.text import number

ACTIONS = {"build": "生成全部数据", "import": "导入", "rollback": "回退", "publish": "发布"}
LOCAL_TIME = timezone(timedelta(hours=8))
MOST_ENTRIES = 30
_PICK = "rollback-"
_DONE = "rollback_done"


def local_time(moment: str) -> str:
    """A UTC moment (ISO 8601) as the district's clocks show it; the text itself when it is none."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    if at.tzinfo is None:
        at = at.replace(tzinfo=timezone.utc)  # noqa: UP017
    return at.astimezone(LOCAL_TIME).strftime("%Y-%m-%d %H:%M")


def entries() -> list[HistoryEntry]:
    """The publications, newest first; none when the log cannot be read."""
    try:
        return history(store_folder())[::-1]
    except (SnapshotError, OSError):
        return []


def publications(context: Context) -> None:
    """The list of publications; editors go back from here."""
    done = st.session_state.pop(_DONE, "")
    if done:
        cards.done(done)
    found = entries()
    cards.block_title("发布历史", f"共 {len(found)} 次，最新在前；时间为北京时间" if found else "")
    if not found:
        cards.empty("还没有发布记录")
        return
    shown = found[:MOST_ENTRIES]
    current = next((one.version for one in found if one.is_current), None)
    st.html(f'<div class="history">{"".join(_entry_html(one, current) for one in shown)}</div>')
    if len(found) > len(shown):
        st.caption(f"更早的 {len(found) - len(shown)} 次见命令 python -m data history")
    _open_asked(context, found)


def _entry_html(one: HistoryEntry, current: int | None) -> str:
    change = one.change
    if one.is_current:
        state, tone = "● 当前", "met"
    elif one.version == current:
        state, tone = "● 同当前", "muted"
    else:
        state, tone = ("○ 可回退", "text") if one.is_kept else ("— 已清理", "muted")
    what = f"{ACTIONS.get(change.action, change.action)} {title_of(change.dataset)}".strip()
    details = [part for part in (change.provider, change.source, change.as_of) if part]
    button = ""
    if editing.is_allowed() and one.is_kept and one.version != current:
        button = (
            f'<span class="go" data-pick="{_PICK}{one.version}" role="button" tabindex="0">'
            "回退到此版本</span>"
        )
    return (
        f'<div><i style="--tone:var(--{tone})">{state}</i><b>{version_name(one.version)}</b>'
        f"<span>{escape(local_time(one.at))}</span><span>{escape(change.actor or '—')}</span>"
        f"<strong>{escape(what)}<small>{escape(' · '.join(details))}</small></strong>"
        f"<span>{escape(difference_text(one))}</span>{button or '<span></span>'}</div>"
    )


def difference_text(one: HistoryEntry) -> str:
    """Rows published and what changed against the version before."""
    change = one.change
    if not change.read_count:
        return ""
    rejected = f"，拒绝 {change.rejected_count:,}" if change.rejected_count else ""
    moved = difference.difference_text(
        change.dataset, change.new_count, change.changed_count, change.gone_count,
        change.sample_count,
    )  # fmt: skip
    return f"{number(change.accepted_count)} 行：{moved}{rejected}"


def _open_asked(context: Context, found: list[HistoryEntry]) -> None:
    """Open the question that a click asked for, if that version can be gone back to."""
    asked = (context.picked or "").removeprefix(_PICK)
    for one in found:
        if asked == str(one.version) and one.is_kept and one.version != context.snapshot.version:
            confirm_rollback(one.version, f"{local_time(one.at)} 的版本")
            return


def confirm_rollback(version: int, words: str) -> None:
    """Ask for a name and a confirmation, then go back; for editors only."""
    if not editing.is_allowed():
        return

    @st.dialog(f"回退到 {version_name(version)}", on_dismiss="ignore")
    def ask() -> None:
        st.html(
            f'<div class="scope-note">驾驶舱将立即改用 {escape(words)}，所有页面随之变化。'
            "现在的版本仍然保留，可以再回来；此次回退记入发布历史。</div>"
        )
        actor = st.text_input(
            "操作人（必填）", value=st.session_state.get("actor", ""), key="rollback_actor", max_chars=40,
            placeholder="姓名或工号",
        ).strip()  # fmt: skip
        if st.button("确认回退", key="rollback_confirm", type="primary", disabled=not actor):
            st.session_state["actor"] = actor
            try:
                with st.spinner("正在校验并切换……"):
                    rollback(store_folder(), version, actor)
            except (SnapshotError, OSError) as problem:
                cards.refusal("未能回退", str(problem))
                return
            st.session_state[_DONE] = f"已回退到 {version_name(version)}"
            st.rerun()

    ask()
