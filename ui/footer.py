"""The foot of every page: sources, as-of dates, coordinate system, map review, data version."""

from html import escape

import streamlit as st

from ui.session import Context
from ui.text import BOUNDARY_NOTE, COORDINATES_NOTE, SAMPLE_BANNERS, SOURCE_KINDS, map_notice


def page_foot(context: Context, names: tuple[str, ...]) -> None:
    """Say where the page's figures come from (``names`` of snapshot files or datasets it reads)."""
    used = [row for row in context.datasets_of(names) if row.row_count > 0]
    titles: dict[tuple[str, str, str], list[str]] = {}
    for row in used:
        titles.setdefault((row.source_kind, row.source, row.as_of), []).append(row.title)
    parts = [
        f"{SOURCE_KINDS[kind]}（{'、'.join(named)}）：{source}，{as_of}"
        for (kind, source, as_of), named in titles.items()
    ]
    lines = [
        "来源：" + "；".join(parts),
        f"{COORDINATES_NOTE} · {map_notice()} · {BOUNDARY_NOTE} · 数据版本 v{context.snapshot.version:05d}",
    ]
    if any(row.source_kind == "sample" for row in used):
        lines.append(SAMPLE_BANNERS[context.rests_on_register(names)])
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    st.html(f'<div class="page-foot">{body}</div>')
