"""The catalog of datasets: figures, sentence, the list by theme and the one that is chosen."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html import escape

import pandas as pd
import streamlit as st

from data.catalog import TYPE_WORDS, Dataset, Definition, datasets, definitions, title_of
from data.registers.template import template_bytes
from data.snapshot import version_name
from ui import cards, editing, plan, session, tables
from ui.cards import Figure
from ui.history import LOCAL_TIME, local_time
from ui.session import Context
from ui.text import SOURCE_KINDS, UNREPORTED
from ui.theme import StatusLook

THEMES = {
    "plan": "规划",
    "rivers": "河道",
    "streets": "街路",
    "toilets": "公厕",
    "lighting": "亮灯",
    "base": "底图与检索",
}
"""Files of a snapshot in the order of the list."""
FRESHNESS = {
    "current": StatusLook("正常", "●", "met"),
    "due": StatusLook("将到期", "◐", "near"),
    "overdue": StatusLook("已过期", "▲", "missed"),
    "inapplicable": StatusLook("不适用", "—", "muted"),
}
KIND_TONES = {
    "plan": "text",
    "standard": "text",
    "osm": "belt",
    "register": "met",
    "sample": "near",
}
PREVIEW_ROWS = 50
CELL_CHARS = 80
_HEADINGS = ("数据集", "来源", "报送单位", "数据日期", "行数", "时效", "问题", "许可")


def listed(context: Context) -> list[Dataset]:
    """Every dataset of the snapshot, judged by today's date in the district."""
    return datasets(context.frame("datasets"), datetime.now(UTC).astimezone(LOCAL_TIME).date())


def figures(found: Sequence[Dataset]) -> list[Figure]:
    """Datasets, registers, samples, awaited, overdue, with findings."""
    delivered = [one for one in found if one.register]
    registered = _count(delivered, lambda one: one.source_kind in ("register", "osm") and one.rows)
    samples = _count(found, _is_sample)
    awaited = _count(found, lambda one: one.is_awaited)
    due = _count(found, lambda one: one.freshness.state == "due")
    overdue = _count(found, lambda one: one.freshness.state == "overdue")
    faulty = _count(found, lambda one: one.finding_count > 0)
    return [
        Figure("数据集", len(found), "个", detail=f"共 {sum(one.rows for one in found):,} 行"),
        Figure("已有正式数据", registered, f"/ {len(delivered)} 种登记册", detail="由登记册或开放地图填充"),
        Figure("示例数据", samples, "个", detail="导入登记册后替换" if samples else "没有示例数据"),
        Figure(UNREPORTED, awaited, "个", detail="○ 还没有任何记录" if awaited else "没有空的数据集"),
        Figure("已过期", overdue, "个", detail=f"另有 {due} 个将到期" if due else "按各自更新周期"),
        Figure("导入时有问题", faulty, "个", detail="拒绝或更正，见明细" if faulty else "没有遗留问题"),
    ]  # fmt: skip


def _count(found: Sequence[Dataset], test: Callable[[Dataset], object]) -> int:
    return sum(1 for one in found if test(one))


def _is_sample(one: Dataset) -> bool:
    return one.source_kind == "sample" and one.rows > 0


def sentences(context: Context, found: Sequence[Dataset]) -> list[str]:
    """How many there are, which are samples, overdue, faulty."""
    samples = [one for one in found if _is_sample(one)]
    overdue = [one.title for one in found if one.freshness.state == "overdue"]
    faulty = [one.title for one in found if one.finding_count]
    made = f"数据版本 {version_name(context.snapshot.version)} 共 **{len(found)} 个数据集**，"
    made += f"其中 **{len(samples)} 个**是示例数据。" if samples else "没有示例数据。"
    made += f"**{len(overdue)} 个**已过期：{_named(overdue)}。" if overdue else "没有过期的登记册。"
    made += f"**{len(faulty)} 个**导入时有问题：{_named(faulty)}。" if faulty else ""
    return [made]


def _named(titles: Sequence[str]) -> str:
    return "、".join(titles[:3]) + ("等" if len(titles) > 3 else "")


def kind_html(one: Dataset) -> str:
    """What kind of source a dataset has, as a tag: 规划, 开放地图, 登记册, 示例, 待填报; or 推算."""
    if one.is_awaited:
        return f'<i class="kind waiting">○ {UNREPORTED}</i>'
    tone = KIND_TONES.get(one.source_kind, "muted")
    dashed = " sample-kind" if one.source_kind == "sample" else ""
    word = escape(SOURCE_KINDS.get(one.source_kind, one.source_kind))
    return f'<i class="kind{dashed}" style="--tone:var(--{tone})">{word}</i>'


def freshness_text(one: Dataset) -> str:
    """Shape and word of a dataset's freshness."""
    look = FRESHNESS[one.freshness.state]
    return f"{look.shape} {look.word}"


def rows(found: Sequence[Dataset], chosen: str) -> None:
    """All datasets by theme, each a row that can be picked."""
    head = "".join(f'<span class="{name}">{word}</span>' for name, word in zip(
        ("", "", "provider", "as-of", "rows", "fresh", "faults", "licence"), _HEADINGS, strict=True))  # fmt: skip
    body = "".join(_theme_html(found, database, chosen) for database in THEMES)
    st.html(f'<div class="datasets"><div class="dataset head">{head}</div>{body}</div>')


def wall(found: Sequence[Dataset]) -> None:
    """All datasets at a glance for a kiosk, where nobody scrolls or picks one: themes in columns."""
    body = "".join(f"<section>{_theme_html(found, database)}</section>" for database in THEMES)
    st.html(f'<div class="datasets wall">{body}</div>')


def _theme_html(found: Sequence[Dataset], database: str, chosen: str = "") -> str:
    members = [one for one in found if one.database == database]
    if not members:
        return ""
    body = "".join(_row_html(one, one.path == chosen) for one in members)
    return f"<h3>{THEMES[database]}<small>{len(members)} 个</small></h3>{body}"


def _row_html(one: Dataset, is_chosen: bool) -> str:
    look = FRESHNESS[one.freshness.state]
    derived = ' <span class="quiet">推算</span>' if one.derived_from else ""
    faults = f"▲ {one.finding_count:,} 条" if one.finding_count else "—"
    tone = "near" if one.finding_count else "muted"
    no_faults = "" if one.finding_count else " none"
    no_date = " none" if one.freshness.state == "inapplicable" else ""
    return (
        f'<div class="dataset{" chosen" if is_chosen else ""}" data-pick="{escape(one.path, quote=True)}" '
        f'role="button" tabindex="0" aria-label="{escape(f"数据集 {one.title}", quote=True)}">'
        f"<b>{escape(one.title)}{derived}</b><span>{kind_html(one)}</span>"
        f'<span class="provider quiet">{escape(one.provider or "—")}</span>'
        f'<span class="as-of">{escape(one.as_of or "—")}</span>'
        f'<span class="rows">{f"{one.rows:,}" if one.rows else "—"}</span>'
        f'<span class="fresh{no_date}" style="--tone:var(--{look.role})">{freshness_text(one)}</span>'
        f'<span class="faults{no_faults}" style="--tone:var(--{tone})">{faults}</span>'
        f'<span class="licence quiet">{escape(one.licence or "—")}</span></div>'
    )


# --- the one chosen ------------------------------------------------------------------------------


def detail(context: Context, one: Dataset) -> None:
    """Where a dataset comes from, how fresh it is, its findings, and what can be taken along."""
    st.html(
        f'<div class="figure detail" style="--tone:var(--{FRESHNESS[one.freshness.state].role})">'
        f'<div class="label"><span>{THEMES[one.database]} · {escape(one.path)}</span></div>'
        f"<h2>{escape(one.title)}{kind_html(one)}</h2></div>"
    )
    plan.explained("来源与时效", [(name, _plain(text)) for name, text in provenance(one) if text])
    if one.findings:
        cards.block_title("导入时发现的问题", "含被拒绝、未收入的行")
        cards.lines((_plain(rule), f"{count:,} 条") for rule, count in one.findings)
    _buttons(context, one)


def _plain(text: str) -> str:
    """Text of others: its asterisks are no marks for bold type."""
    return text.replace("**", "＊＊")


def provenance(one: Dataset) -> list[tuple[str, str]]:
    """Names with what is known of a dataset's origin; empty texts for what is not."""
    derived = "、".join(title_of(path) for path in one.derived_from)
    cycle = one.freshness.update_days
    age = one.freshness.age_days
    fresh = freshness_text(one) if age is None else f"{freshness_text(one)}，数据截止至今 {age} 天"
    return [
        ("推算自", f"{derived}；随这些数据自动更新，不单独导入" if derived else ""),
        ("来源", one.source),
        ("报送单位", one.provider),
        ("数据日期", one.as_of),
        ("入库时间", f"{local_time(one.imported_at)}（北京时间）" if one.imported_at else ""),
        ("行数", f"{one.rows:,}" if one.rows else UNREPORTED),
        ("更新周期", f"{cycle} 天" if cycle else ""),
        ("时效", fresh if cycle else "没有更新周期，不计时效"),
        ("使用许可", one.licence),
        ("登记册", f"{one.register.title}（命令中写 {one.register.name}）" if one.register else ""),
    ]


def _buttons(context: Context, one: Dataset) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="dataset_buttons"):
        if one.rows:
            st.download_button(
                "导出 CSV", data=lambda: whole_csv(one), key=f"csv_{one.path}", mime="text/csv",
                file_name=f"{one.title}{'_示例' if _is_sample(one) else ''}.csv", on_click="ignore",
            )  # fmt: skip
        if one.register:
            wanted = one.register
            st.download_button(
                "下载填报模板", data=lambda: template_bytes(wanted), key=f"template_{one.path}",
                file_name=f"{wanted.title}_填报模板.xlsx", on_click="ignore",
            )  # fmt: skip
            if editing.is_allowed():
                st.page_link("views/imports.py", label=f"导入{wanted.title}", width="content",
                             icon=":material/upload_file:", query_params={"register": wanted.name})  # fmt: skip


def whole_csv(one: Dataset) -> bytes:
    """All rows of a dataset as CSV, with what they are in the last column."""
    with session.open_store().reading() as snapshot:
        frame = snapshot.query(f"SELECT * FROM {one.path}")
        version = version_name(snapshot.version)
    kind = SOURCE_KINDS.get(one.source_kind, one.source_kind)
    sentence = f"{one.title} · {kind}{'数据，仅供演示' if _is_sample(one) else ''} · {version}"
    return tables.csv_bytes(tables.readable(frame, _columns(one.path)), sentence)


def _columns(path: str) -> dict[str, tables.TableColumn]:
    """Columns as an office reads and writes them: its own words for coded values."""
    return {
        column.name: tables.TableColumn(column.title, words=_words(column))
        for column in definitions(path)
        if column.name != "source_kind"
    }


def _words(column: Definition) -> dict | None:
    if column.type == TYPE_WORDS["BOOLEAN"]:
        return {True: "是", False: "否"}
    is_coded = column.type == TYPE_WORDS["VARCHAR"] and column.allowed
    return dict(column.allowed) if is_coded else None


def fields_table(one: Dataset) -> None:
    """What every column means and what it may hold."""
    found = definitions(one.path)
    cards.block_title(f"{one.title}的列", f"{len(found)} 列；＊ 为必填，◇ 为主键")
    head = "".join(
        f"<th>{word}</th>" for word in ("列", "字段名", "类型", "单位", "范围与取值", "说明")
    )
    body = "".join(map(_field_html, found))
    st.html(f'<table class="fields"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')


def _field_html(column: Definition) -> str:
    signs = ("◇" if column.is_key else "") + ("＊" if column.is_required else "")
    allowed = "、".join(
        word if word == value else f"{word}（{value}）" for value, word in column.allowed
    )
    values = "；".join(part for part in (column.range, allowed) if part)
    cells = (f"{column.title} {signs}", column.type, column.unit, values, column.note)
    texts = [escape(cell) for cell in cells]
    return (
        f"<tr><td>{texts[0]}</td><td><code>{escape(column.name)}</code></td>"
        + "".join(f"<td>{text}</td>" for text in texts[1:])
        + "</tr>"
    )


def preview(context: Context, one: Dataset) -> None:
    """The first rows of a dataset, as they lie in the snapshot."""
    if not one.rows:
        cards.block_title("预览")
        cards.empty(f"{one.title}{UNREPORTED}")
        return
    frame = context.snapshot.query(f"SELECT * FROM {one.path} LIMIT {PREVIEW_ROWS}")
    shown = tables.readable(frame, _columns(one.path))
    for name in shown.columns[shown.dtypes.map(pd.api.types.is_string_dtype)]:
        # A geometry of a thousand points would fill the message, not the eye.
        is_long = (shown[name].str.len() > CELL_CHARS).fillna(False)
        shown[name] = shown[name].mask(is_long, shown[name].str[:CELL_CHARS] + "…")
    count = (
        f"前 {len(frame)} 行，共 {one.rows:,} 行"
        if one.rows > len(frame)
        else f"共 {one.rows:,} 行"
    )
    cards.block_title("预览", count)
    row_px = context.screen.target_px(tables.ROW_REM)
    st.dataframe(
        shown, hide_index=True, key=f"preview_{one.path}", row_height=row_px,
        height=min(10, len(shown) + 1) * row_px + 3, placeholder="—", alt=f"{one.title}，{count}",
    )  # fmt: skip
