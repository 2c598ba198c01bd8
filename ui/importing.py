"""The import page: its five steps, what leads from one to the next, and the first of them."""

from collections.abc import Callable
from html import escape

import streamlit as st

from data.registers.raw import MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS
from data.registers.register import Register
from data.registers.registry import REGISTERS, register
from data.registers.template import template_bytes
from ui import address, cards, history, import_draft, import_job, layout, plan
from ui.import_draft import COLUMNS, PREVIEW, PUBLISH, REPORT, SOURCE, Draft
from ui.session import Context
from ui.text import SOURCE_KINDS, UNREPORTED

STEPS = {
    SOURCE: "登记册与文件",
    COLUMNS: "坐标系与列对应",
    REPORT: "校验报告",
    PREVIEW: "预览",
    PUBLISH: "发布",
}
_NUMBERS = "①②③④⑤"
JOBS = {"peek": "读取文件", "check": "逐行校验", "publish": "发布"}
ENDINGS = ("xlsx", "csv", "zip", "geojson", "json", "gpkg", "pbf")
OSM = "OpenStreetMap"
FORMATS = (
    ("Excel", ".xlsx，可选工作表"),
    ("CSV", ".csv，UTF-8 或 GB18030"),
    ("Shapefile", ".zip，内含 .shp .dbf .shx"),
    ("GeoPackage", ".gpkg，可选图层"),
    ("GeoJSON", ".geojson 或 .json"),
    (OSM, ".osm.pbf"),
)
GEOMETRIES = {"point": "点", "line": "线", "polygon": "面"}
_PICK = "import-step-"


def draft_of_page(context: Context) -> Draft:
    """This session's draft, with the register that the address asks for and the step clicked."""
    draft = import_draft.current()
    if draft.source is None and draft.published is None:
        known = [item.name for item in REGISTERS]
        draft.choose_register(address.chosen("register", known, draft.register_name, "登记册"))
    picked = (context.picked or "").removeprefix(_PICK)
    if draft.job is None and picked in {str(step) for step in range(1, reached(draft) + 1)}:
        draft.step = int(picked)
    return draft


def reached(draft: Draft) -> int:
    """The last step that can be opened."""
    if draft.published:
        return PUBLISH
    if draft.is_checked:
        return PUBLISH
    return COLUMNS if draft.seen else SOURCE


def stepper(draft: Draft) -> None:
    """The five steps: done, current and to come, those done can be clicked."""
    entries = []
    for step, name in STEPS.items():
        is_open = step <= reached(draft) and step != draft.step and not draft.job
        state = "now" if step == draft.step else "done" if step < draft.step else "next"
        sign = "✓" if state == "done" else _NUMBERS[step - 1]
        click = f' data-pick="{_PICK}{step}" role="button" tabindex="0"' if is_open else ""
        current = ' aria-current="step"' if state == "now" else ""
        entries.append(f'<li class="{state}"{click}{current}><b>{sign}</b> {name}</li>')
    st.html(f'<ol class="steps">{"".join(entries)}</ol>')


def problem(text: str) -> None:
    """Why it does not go on, as the commands say it."""
    if text:
        cards.refusal("未能继续", text)


def working(draft: Draft) -> bool:
    """Progress of a job under way; True while the page has nothing else to show."""
    if draft.job is None:
        return False
    import_job.watch(draft.job, JOBS[draft.job_kind])
    return True


def outcome(draft: Draft) -> None:
    """Take in what the job that has just ended brought."""
    ended = draft.take_outcome()
    if ended is None:
        return
    kind, found = ended
    if kind == "peek":
        _take_seen(draft, found)
        draft.step = COLUMNS
    elif kind == "check":
        draft.staging_id, draft.checked = found["staging_id"], draft.settings
        draft.step = REPORT
    else:
        draft.published = found


def _take_seen(draft: Draft, found: dict) -> None:
    draft.seen = found
    draft.headings = {one["field"]: one["heading"] for one in found["headings"] if one["field"]}
    draft.crs = found["declared_crs"]


def go(draft: Draft, step: int) -> None:
    """Callback: show another step."""
    draft.step, draft.problem = step, ""


def navigation(
    draft: Draft,
    onward: str = "",
    on_click: Callable[[], None] | None = None,
    *,
    is_ready: bool = True,
    hint: str = "",
) -> None:
    """Back, on, and afresh; ``hint`` says what is still missing where it cannot go on."""
    with st.container(horizontal=True, vertical_alignment="center", key="import_navigation"):
        if draft.step > SOURCE:
            st.button("‹ 上一步", key="import_back", on_click=go, args=(draft, draft.step - 1))
        if onward:
            st.button(
                onward, key="import_next", type="primary", on_click=on_click, disabled=not is_ready
            )
        if hint and not is_ready:
            st.html(f'<div class="scope-note">{escape(hint)}</div>', width="stretch")
        if draft.source:
            st.button("放弃此次导入", key="import_anew", on_click=import_draft.begin_anew)


# --- step 1 ----------------------------------------------------------------------------------------


def source_step(context: Context, draft: Draft) -> None:
    """Which register, and which file or database table."""
    left, right = layout.columns(context, (0.42, 0.58))
    with left:
        _register(context, draft)
    with right:
        _source(draft)
    hint = "请先选择文件" if draft.source is None else ""
    if draft.is_unreadable:
        hint = "这个文件无法读取，请按提示改正后更换文件"
    navigation(draft, "下一步：读取文件", lambda: read_source(draft), is_ready=not hint, hint=hint)
    history.publications(context)


def read_source(draft: Draft) -> None:
    """Look into the file, unless that has been done already."""
    if draft.seen:
        draft.step = COLUMNS
        return
    draft.start("peek", ["-m", "data.registers.peek", draft.register_name, draft.source,
                         *(["--layer", draft.layer] if draft.layer else [])])  # fmt: skip


def _register(context: Context, draft: Draft) -> None:
    cards.block_title("要更新的登记册", f"共 {len(REGISTERS)} 种")
    names = [item.name for item in REGISTERS]
    chosen = st.selectbox(
        "登记册", names, index=names.index(draft.register_name), label_visibility="collapsed",
        format_func=lambda name: register(name).title, key="import_register", filter_mode=None,
    )  # fmt: skip
    if chosen != draft.register_name:
        draft.choose_register(chosen)
        st.query_params.pop("register", None)
    plan.explained("这份登记册", register_facts(context, draft.register))
    wanted = draft.register
    st.download_button(
        "下载填报模板（Excel）", data=lambda: template_bytes(wanted), key="import_template",
        file_name=f"{wanted.title}_填报模板.xlsx", on_click="ignore", icon=":material/download:",
    )  # fmt: skip


def register_facts(context: Context, wanted: Register) -> list[tuple[str, str]]:
    """What stands now, what the file must hold, how often it is renewed."""
    stands = next(row for row in context.datasets if row.dataset == wanted.dataset)
    now = UNREPORTED
    if stands.row_count:
        now = f"**{SOURCE_KINDS[stands.source_kind]}** {stands.row_count:,} 行，{stands.as_of}"
    must = [wanted.column(name).title for name in wanted.field_names if wanted.is_required(name)]
    more = [item for item in wanted.field_names if not wanted.is_required(item)]
    facts = [
        ("当前数据", now),
        ("必填列", "、".join(must)),
        ("其他列", "、".join(wanted.column(name).title for name in more)),
        ("更新周期", f"{wanted.update_days} 天"),
    ]
    if wanted.geometry:
        refused = "，没有位置的行会被拒绝" if wanted.needs_position else "，没有位置的行记为未上图"
        facts.insert(3, ("位置", f"{GEOMETRIES[wanted.geometry]}{refused}"))
    return facts


def _source(draft: Draft) -> None:
    cards.block_title("数据文件", "整份导入：新文件替换这份登记册的全部内容")
    if draft.upload:
        _chosen_file(draft)
    else:
        uploaded = st.file_uploader(
            "数据文件", type=list(ENDINGS), key="import_file", label_visibility="collapsed",
            max_upload_size=MAX_FILE_BYTES // 1024**2,
        )  # fmt: skip
        if uploaded is not None:
            try:
                draft.replace_upload(uploaded.name, uploaded.getbuffer())
            except OSError as failed:
                draft.problem = (
                    f"无法暂存文件：{failed.strerror or failed}。请联系管理员检查磁盘空间。"
                )
            st.rerun()
        if import_draft.database_url():
            _relation(draft)
        layout.note("也可以把文件拖到上面的框里。")
    limits = f"{MAX_FILE_BYTES // 1024**2} MB、{MAX_ROWS // 10000} 万行、{MAX_COLUMNS} 列"
    cards.block_title("可以导入的格式", f"不超过 {limits}")
    cards.lines((name, note) for name, note in FORMATS if name != OSM or draft.register.from_osm)


def _chosen_file(draft: Draft) -> None:
    size = draft.upload.size
    text = f"{size / 1024**2:.1f} MB" if size >= 1024**2 else f"{max(1, size // 1024):,} KB"
    with st.container(horizontal=True, vertical_alignment="center", key="import_chosen"):
        st.html(
            f'<div class="chosen-file"><b>{escape(draft.upload.path.name)}</b><small>{text}</small></div>',
            width="stretch",
        )
        st.button("更换文件", key="import_replace", on_click=_replace, args=(draft,))


def _replace(draft: Draft) -> None:
    draft.forget_file()
    if draft.upload:
        draft.upload.delete()
    draft.upload = None


def _relation(draft: Draft) -> None:
    wanted = st.text_input(
        "或者：PostGIS 数据库中的表或视图", value=draft.relation, key="import_relation",
        placeholder="模式.表名，如 public.toilets",
    ).strip()  # fmt: skip
    if wanted != draft.relation:
        draft.forget_file()
        draft.relation = wanted


def command(*arguments: str) -> list[str]:
    """Arguments of the data command line that answers in JSON lines."""
    return ["-m", "data", *arguments, "--json"]
