"""The foot of every page: sources, as-of dates, coordinate system, map review, data version."""

from html import escape

import streamlit as st

from ui.session import Context
from ui.text import BOUNDARY_NOTE, COORDINATES_NOTE, SAMPLE_BANNER, SOURCE_KINDS, map_notice


def page_foot(context: Context, databases: tuple[str, ...]) -> None:
    """Say where the page's figures come from (``databases`` are the snapshot files it reads)."""
    meta = context.frame("datasets")
    used = meta[meta["database"].isin(databases) & (meta["row_count"] > 0)]
    parts = []
    for (kind, source, as_of), group in used.groupby(
        ["source_kind", "source", "as_of"], sort=False
    ):
        titles = "、".join(group["title"])
        parts.append(f"{SOURCE_KINDS[kind]}（{titles}）：{source}，{as_of}")
    lines = [
        "来源：" + "；".join(parts),
        f"{COORDINATES_NOTE} · {map_notice()} · {BOUNDARY_NOTE} · 数据版本 v{context.snapshot.version:05d}",
    ]
    if (used["source_kind"] == "sample").any():
        lines.append(SAMPLE_BANNER)
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    st.html(f'<div class="page-foot">{body}</div>')
