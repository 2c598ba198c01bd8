"""Step 2 of the import: sheet, coordinate system, which column is which, whose data it is."""

from html import escape

import streamlit as st

from data.periods import normal_period
from data.registers.register import Register
from geo.crs import SYSTEMS
from ui import cards, importing, layout
from ui.import_draft import REPORT, Draft
from ui.session import Context
from ui.text import after_number

CRS_NOTES = {
    "wgs84": "GPS 设备、OpenStreetMap；经度 120 点几，纬度 30 点几",
    "cgcs2000": "国家大地坐标系，测绘成果；与 WGS-84 相差不到 1 米",
    "gk120": "单位为米：东坐标 51～54 万，北坐标 334～338 万",
    "gk120_zone": "同上，东坐标前带“40”：4051～4054 万",
    "gcj02": "高德、腾讯地图取的点；与 WGS-84 相差约 500 米",
    "bd09": "百度地图取的点；与 WGS-84 相差约 1 公里",
}
POSITION_FIELDS = ("lon", "lat", "geometry_json")
FIELDS_A_ROW = 3
FEW_FIELDS = 12
"""So many leave room below them for the provenance, where the coordinates fill the other column."""
NONE = ""


def columns_step(context: Context, draft: Draft) -> None:
    """Declare what the file cannot say of itself, then check it."""
    left, right = layout.columns(context, (0.36, 0.64))
    with left:
        _sheet(draft)
        has_positions = _has_positions(draft)
        if has_positions:
            _coordinates(draft)
        is_long = len(_field_names(draft)) > FEW_FIELDS
        if is_long or not has_positions:
            _provenance(draft)
    with right:
        _fields(context, draft)
        if has_positions and not is_long:
            _provenance(draft)
    missing = _missing(draft, has_positions)
    importing.navigation(
        draft, "下一步：校验", lambda: check(draft), is_ready=not missing, hint=missing
    )


def check(draft: Draft) -> None:
    """Run the check of the file with these settings, unless its outcome is at hand."""
    if draft.is_checked:
        draft.step = REPORT
        return
    draft.forget_check()
    used = {heading: name for name, heading in draft.headings.items()}
    arguments = ["import", draft.register_name, draft.source, "--stage"]
    # With «=», so that a heading or value that begins with a dash is no option.
    for one in draft.seen["headings"]:
        field = used.get(one["heading"], "")
        # A column left as it was found is no choice to be remembered for the next file.
        if field or one["field"]:
            arguments += [f"--map={one['heading']}={field}"]
    given = {"--crs": draft.crs, "--layer": draft.layer, "--provider": draft.provider,
             "--as-of": draft.as_of, "--licence": draft.licence}  # fmt: skip
    for option, value in given.items():
        arguments += [f"{option}={value}"] if value else []
    arguments += ["--swap-axes"] if draft.swap_axes else []
    arguments += ["--crs-confirmed"] if draft.crs and draft.confirmed_crs == draft.crs else []
    draft.start("check", importing.command(*arguments))


def _has_positions(draft: Draft) -> bool:
    mapped = any(draft.headings.get(name) for name in POSITION_FIELDS)
    return bool(draft.register.geometry) and (draft.seen["has_geometry"] or mapped)


def _missing(draft: Draft, has_positions: bool) -> str:
    """What must still be said before the file can be checked; empty when nothing."""
    wanted: Register = draft.register
    lacking = [
        wanted.column(name).title
        for name in wanted.field_names
        if wanted.is_required(name) and not draft.headings.get(name)
        and not (draft.seen["has_geometry"] and name in POSITION_FIELDS)
    ]  # fmt: skip
    headings = [heading for heading in draft.headings.values() if heading]
    twice = sorted({heading for heading in headings if headings.count(heading) > 1})
    if lacking:
        return f"还没有对应的必填列：{'、'.join(lacking)}"
    if twice:
        return f"同一列不能对应两个字段：{'、'.join(twice)}"
    if has_positions and draft.crs is None:
        return "请选择坐标系"
    # Without them the register would have no source in the footer and no freshness.
    if not draft.provider:
        return "请填写报送单位"
    if normal_period(draft.as_of) is None:
        return (
            f"数据日期“{draft.as_of}”无法识别，请写成 2025、2025-03 或 2025-03-31"
            if draft.as_of
            else "请填写数据日期"
        )
    return ""


def _sheet(draft: Draft) -> None:
    seen = draft.seen
    size = f"{seen['row_count']:,} {after_number(seen['row_word'])} · {len(seen['headings'])} 列"
    cards.block_title("文件", f"{seen['format']} · {size}")
    st.html(f'<div class="chosen-file"><b>{escape(draft.source_name)}</b></div>')
    for note in seen["notes"]:
        layout.note(note)
    names = seen["layers"]
    if len(names) > 1:
        chosen = st.selectbox(
            "工作表或图层", names, index=names.index(draft.layer) if draft.layer in names else 0,
            key="import_layer",
        )  # fmt: skip
        if chosen != (draft.layer or names[0]):
            draft.forget_file()
            draft.layer = chosen
            importing.read_source(draft)
            st.rerun()


def _coordinates(draft: Draft) -> None:
    cards.block_title("坐标系", "文件中坐标所用的系统")
    declared = draft.seen["declared_crs"]
    if declared:
        layout.note(f"文件自带声明：{SYSTEMS.get(declared, declared)}")
    keys = list(SYSTEMS)
    draft.crs = st.radio(
        "坐标系", keys, index=keys.index(draft.crs) if draft.crs else None, key="import_crs",
        format_func=SYSTEMS.get, captions=[CRS_NOTES.get(key, "") for key in keys],
        label_visibility="collapsed",
    )  # fmt: skip
    draft.swap_axes = st.checkbox(
        "经度与纬度（或东、北坐标）两列填反了", value=draft.swap_axes, key="import_swap"
    )


def _provenance(draft: Draft) -> None:
    cards.block_title("来源", "＊ 为必填；公布在数据目录与各页页脚")
    draft.provider = st.text_input(
        "报送单位 ＊", value=draft.provider, key="import_provider", max_chars=60,
        placeholder="如：区城管局环卫科",
    ).strip()  # fmt: skip
    left, right = st.columns(2)
    with left:
        draft.as_of = st.text_input(
            "数据日期 ＊", value=draft.as_of, key="import_as_of", max_chars=10,
            placeholder="如：2025-06-30 或 2025-06",
        ).strip()  # fmt: skip
    with right:
        draft.licence = st.text_input(
            "使用许可", value=draft.licence, key="import_licence", max_chars=60
        ).strip()


def _field_names(draft: Draft) -> list[str]:
    """Fields that a column can stand for: a file with geometries needs none for them."""
    own = POSITION_FIELDS if draft.seen["has_geometry"] else ()
    return [name for name in draft.register.field_names if name not in own]


def _fields(context: Context, draft: Draft) -> None:
    found = {one["heading"]: one for one in draft.seen["headings"]}
    cards.block_title("列对应", "＊ 为必填；选定的对应关系下次自动沿用")
    across = 1 if context.screen.is_narrow else FIELDS_A_ROW
    names = _field_names(draft)
    for first in range(0, len(names), across):
        for name, cell in zip(names[first : first + across], st.columns(across), strict=False):
            with cell:
                _field(draft, name, found)
    used = set(draft.headings.values())
    unused = [heading for heading in found if heading not in used]
    if unused:
        layout.note(
            f"不导入的列（{len(unused)}）：{'、'.join(unused[:40])}{'……' if len(unused) > 40 else ''}"
        )


def _field(draft: Draft, name: str, found: dict[str, dict]) -> None:
    wanted = draft.register
    column = wanted.column(name)
    chosen = draft.headings.get(name, NONE)
    options = [NONE, *found]
    must = " ＊" if wanted.is_required(name) else ""
    unit = f"（{column.unit}）" if column.unit else ""
    heading = st.selectbox(
        f"{column.title}{unit}{must}", options, index=options.index(chosen) if chosen in found else 0,
        key=f"import_field_{name}", format_func=lambda option: option or "—— 不导入 ——",
    )  # fmt: skip
    draft.headings[name] = heading
    samples = "、".join(found[heading]["samples"]) if heading else ""
    st.html(f'<div class="samples">{escape(f"例：{samples}") if samples else "&nbsp;"}</div>')
