"""总览: the plan's six core indicators, all 28 on a board, the district by a measure, the worst gaps."""

import streamlit as st

from ui import (
    cards,
    charts,
    figures,
    findings,
    indicators,
    layers,
    layout,
    maps,
    measures,
    scoreboard,
    tables,
)
from ui.legend import legend_html
from ui.session import current
from ui.text import map_alt

context = current()
found = indicators.indicators(context)
if context.picked in {f"{one.no}" for one in found}:
    st.switch_page("views/indicators.py", query_params={"indicator": context.picked})
chosen = measures.chosen()
_, make = measures.BY_SUBDISTRICT[chosen]
measure = make(context)
by_subdistrict = context.frame("measures_by_subdistrict")
streets = layout.only_chosen(context, context.frame("streets_by_subdistrict"))
is_part = not context.filter.is_whole_district

cards.figures(figures.core_indicator(one, is_part) for one in found if one.plan.is_core)

left, middle, right = layout.three_columns(context)
with middle:
    measures.choice(chosen)
    values = {
        row.subdistrict_code: charts.marked_value(getattr(row, measure.field), measure)
        for row in by_subdistrict.itertuples()
    }
    choropleth, ramp = layers.choropleth(context, by_subdistrict, measure)
    maps.map_panel(
        context,
        "overview",
        [choropleth, layers.quiet_waterways(context)],
        legend_html(f"{measure.title}（{measure.unit}）", [], ramp),
        labels=maps.subdistrict_labels(context, values),
        height_px=layout.body_height_px(context, 3.1),
        alt=map_alt(
            context.sentence,
            f"{measure.title}分街道地图",
            findings.of_choropleth(by_subdistrict, measure, context.filter.subdistrict_codes),
        ),
    )
with left:
    own = indicators.following_filter(context, found)
    cards.block_title("最紧迫的缺口", "按距目标的远近")
    cards.findings(
        findings.overview(
            f"按街道计算的 {len(own)} 项指标" if is_part else f"{len(own)} 项规划指标",
            indicators.counts(own),
            [
                (one, figures.gap_place(context, one, by_subdistrict, streets))
                for one in indicators.most_urgent(own, 3)
            ],
        )
    )
    cards.block_title("28 项规划指标（表 1）", "点击看明细")
    scoreboard.tiles(found, is_part)
    layout.note(indicators.scope_sentence(context, found))
with right:
    charts.subdistrict_bars(context, by_subdistrict, measure, "overview_bars",
                            layout.body_height_px(context, 2.2))  # fmt: skip

tables.register_table(
    context,
    layout.only_chosen(context, by_subdistrict),
    {"subdistrict_name": tables.TableColumn("街道")}
    | {
        m.field: tables.TableColumn(f"{m.title}（{m.unit}）", f"%.{max(m.digits, 1)}f")
        for m in (make(context) for _, make in measures.BY_SUBDISTRICT.values())
    },
    "各街道主要指标",
    "overview",
)
