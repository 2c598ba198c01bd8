"""How far apart toilets stand along streets, against the standard by kind of street."""

import streamlit as st

from data.contracts import LAST_YEAR
from data.office_rules import office_rules
from ui import cards, charts, layout, tables
from ui.charts import Measure
from ui.session import Context
from ui.text import NO_DATA, SAMPLE_TAG, clipped, joined, plain
from ui.toilet_shares import Shown

DATASET = "toilets.street_spacing"
MEASURE = Measure(
    "beyond_share_pct", "超出设置间距的道路长度", "%", 1, None,
    "超出设置间距的道路长度 ÷ 已检查的道路长度",
)  # fmt: skip
MOST_LISTED = 8
M_PER_KM = 1000


def how_checked() -> str:
    """How a street is checked, in words."""
    step_m = office_rules()["street_point_m"].value
    return (
        f"沿路每 {step_m:g} m 取一点，步行到最近公厕（含沿街单位开放）不超过间距的一半为符合；"
        "绕到相邻道路上的公厕也算。快速路、支小路等没有限值的道路不检查。"
    )


def panel(context: Context, _shown: Shown) -> None:
    """What of each kind of street keeps the spacing, with limit and clause; the subdistricts."""
    sample = SAMPLE_TAG if context.is_sample(DATASET) else ""
    cards.block_title("各类道路", joined(f"{LAST_YEAR} 年底的公厕", sample))
    kinds = context.frame("spacing_by_kind")
    cards.lines(
        (f"**{row.spacing_title}**道路 {row.max_spacing_m:g} m 以内（{row.clause}）", _kept(row))
        for row in kinds.itertuples()
    )
    layout.note(how_checked())
    if not context.has_rows(DATASET):
        cards.empty("公厕登记册尚未导入，道路间距未检查")
        return
    charts.subdistrict_bars(
        context, context.frame("spacing_by_subdistrict"), MEASURE, "toilets_bars",
        layout.body_height_px(context, 15),
    )  # fmt: skip


def _kept(row: object) -> str:
    if row.length_m != row.length_m or not row.length_m:
        return NO_DATA
    share = 100 * (1 - row.beyond_m / row.length_m)
    return f"{share:.1f}% 符合 · {row.length_m / M_PER_KM:,.0f} km"


def sentence(context: Context) -> str:
    """How much of the checked streets keeps the spacing; empty where nothing was checked."""
    kinds = context.frame("spacing_by_kind")
    length_m, beyond_m = kinds["length_m"].sum(), kinds["beyond_m"].sum()
    if not length_m:
        return ""
    kept = 100 * (1 - beyond_m / length_m)
    return (
        f"已检查道路 **{length_m / M_PER_KM:,.0f} km**，**{kept:.1f}%** 符合公厕设置间距，"
        f"**{beyond_m / M_PER_KM:.1f} km** 超出。"
    )


def beside_findings(context: Context, _shown: Shown, height_px: float) -> None:
    """The streets with the most length beyond their spacing."""
    frame = context.frame("street_spacing")
    worst = frame[frame["beyond_m"] > 0]
    cards.block_title("超出间距最长的道路", "超出 / 全长")
    if worst.empty:
        cards.empty(
            "所选范围内的道路都符合" if len(frame) else "公厕登记册尚未导入，道路间距未检查"
        )
        return
    with st.container(height=round(height_px), border=False, key="spacing_list"):
        cards.lines(
            (f"**{plain(clipped(row.street_name))}** {row.subdistrict_name} · {row.spacing_title}",
             f"{row.beyond_m / M_PER_KM:.2f} / {row.length_m / M_PER_KM:.2f} km")
            for row in worst.head(MOST_LISTED).itertuples()
        )  # fmt: skip


def table(context: Context, _shown: Shown) -> None:
    """One row a street and subdistrict, most length beyond the spacing first."""
    tables.register_table(
        context,
        context.frame("street_spacing"),
        {
            "street_name": tables.TableColumn("道路"),
            "subdistrict_name": tables.TableColumn("街道"),
            "spacing_title": tables.TableColumn("性质"),
            "max_spacing_m": tables.TableColumn("间距不大于（m）", "%d"),
            "length_m": tables.TableColumn("检查长度（m）", "%.0f"),
            "beyond_m": tables.TableColumn("超出长度（m）", "%.0f"),
            "beyond_share_pct": tables.TableColumn("超出（%）", "%.1f"),
            "farthest_m": tables.TableColumn("最远步行（m）", "%.0f"),
        },
        "道路公厕间距",
        "spacing",
        sentence=f"{context.filter.place_text(context.names)} · 截至 {LAST_YEAR} 年底",
        hint="搜索道路、街道……",
    )
