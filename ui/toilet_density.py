"""Density of public toilets against the plan's four to the square kilometre, and what is missing."""

import pandas as pd

from data.indicators import missing_units
from ui import cards, charts, layout, measures, tables
from ui.session import Context
from ui.text import number
from ui.toilet_shares import Shown
from ui.toilet_summary import DATASET

MOST_LISTED = 8


def _places(context: Context) -> pd.DataFrame:
    """The 14 subdistricts with ``missing_count``: toilets that reach the target in each by itself."""
    frame, target = context.frame("toilets_by_subdistrict"), context.target(7)
    missing = [
        missing_units(int(row.toilet_count), row.area_km2, target) if known else None
        for row, known in zip(frame.itertuples(), frame["toilet_count"].notna(), strict=True)
    ]
    return frame.assign(missing_count=missing)


def panel(context: Context, _shown: Shown) -> None:
    """The subdistricts against the target."""
    density = measures.toilet_density(context)
    charts.subdistrict_bars(
        context, context.frame("toilets_by_subdistrict"), density, "toilets_bars",
        layout.body_height_px(context, 5.2),
    )  # fmt: skip
    layout.note(f"{density.definition}；只计公共厕所，不含沿街单位开放的厕所。")


def beside_findings(context: Context, _shown: Shown, _height_px: float) -> None:
    """Where how many toilets are missing."""
    cards.block_title("各街道单独达标还差", context.target(7).text)
    if not context.has_rows(DATASET):
        cards.empty("公厕登记册尚未导入")
        return
    frame = layout.only_chosen(context, _places(context))
    short = frame[frame["missing_count"] > 0].sort_values(
        "missing_count", ascending=False, kind="stable"
    )
    if short.empty:
        layout.note("所选街道都已达标。")
        return
    cards.lines(
        (
            f"**{row.short_name}** {row.density_per_km2:.2f} 座/km²",
            f"{number(row.missing_count)} 座",
        )
        for row in short.head(MOST_LISTED).itertuples()
    )
    rest = f"等 {len(short)} 个街道" if len(short) > MOST_LISTED else f"{len(short)} 个街道"
    layout.note(
        f"{rest}逐一达标共需 {number(short['missing_count'].sum())} 座；按全区平均的差额见卡片，两者口径不同。"
    )


def table(context: Context, _shown: Shown) -> None:
    """One row a subdistrict: area, toilets, density, what is missing."""
    frame = layout.only_chosen(context, _places(context))
    frame = frame.assign(source_kind=context.datasets_of((DATASET,))[0].source_kind)
    tables.register_table(
        context,
        frame,
        {
            "subdistrict_name": tables.TableColumn("街道"),
            "area_km2": tables.TableColumn("面积（km²）", "%.2f"),
            "toilet_count": tables.TableColumn("公共厕所（座）", "%d"),
            "density_per_km2": tables.TableColumn("密度（座/km²）", "%.2f"),
            "missing_count": tables.TableColumn("达标还差（座）", "%d"),
        },
        "公厕密度 各街道",
        "density",
        hint="搜索街道……",
    )
