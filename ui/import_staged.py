"""The checked import as the last three steps read it, and whether it still fits what stands."""

import streamlit as st

from data.consequences import consequences as consequences_of
from data.registers import staging
from data.registers.run import is_stale
from data.registers.staging import Staged
from data.snapshot import store_folder, version_name
from ui import cards, import_columns
from ui.import_draft import COLUMNS, Draft
from ui.session import Context
from ui.text import after_number


def load(draft: Draft) -> Staged:
    """The staged check of this draft, read from disk once; SnapshotError when it is gone."""
    if draft.staged is None or draft.staged.staging_id != draft.staging_id:
        draft.staged = staging.load(store_folder(), draft.staging_id)
    return draft.staged


def unit(staged: Staged) -> str:
    """The word after a number of the file's rows."""
    return after_number(staged.row_word)


def gone(draft: Draft, reason: str) -> None:
    """The check has been swept or damaged: say so, and offer to do it again."""
    cards.refusal("校验结果已不可用", f"{reason}。文件仍在，可以重新校验。")
    _check_again(draft)


def stale(context: Context, draft: Draft, staged: Staged) -> bool:
    """Tell that this register changed after the check, so that the difference is not today's."""
    if staged.base_version == context.snapshot.version or not is_stale(store_folder(), staged):
        return False
    before = version_name(staged.base_version) if staged.base_version else "尚无数据"
    cards.refusal(
        "校验之后这份登记册已更新",
        f"校验时的数据版本是 {before}，现在是 {version_name(context.snapshot.version)}："
        "下面的变化可能已不准确，请重新校验后再发布。",
    )
    _check_again(draft)
    return True


def _check_again(draft: Draft) -> None:
    st.button("重新校验", key="import_check_again", on_click=_again, args=(draft,))


def _again(draft: Draft) -> None:
    draft.forget_check()
    draft.step = COLUMNS
    import_columns.check(draft)


def consequences(context: Context, staged: Staged) -> list[str]:
    """What publishing changes beside the register itself, in sentences."""
    return consequences_of(staged.register, context.frame("datasets"), staged.options.as_of)
