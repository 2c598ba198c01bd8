"""总览: six core figures, the district by a chosen measure, where the gaps are."""

import streamlit as st

from ui import cards, charts, figures, findings, layers, layout, maps, measures, tables
from ui.session import current

context = current()
rivers = context.row("rivers_summary", "rivers.rivers")
quality = context.row("rivers_quality")
streets = context.row("streets_summary", "streets.demonstration_streets")
toilets = context.row("toilets_summary", "toilets.toilets")
lighting = context.row("lighting_summary")
projects = context.frame("lighting_projects_by_kind").set_index("project_kind")
by_subdistrict = context.frame("measures_by_subdistrict", walk_m=measures.WALK_M)

cards.figures(
    [
        figures.beautiful_share(context, rivers),
        figures.class_iv(context, quality),
        figures.demonstration(context, streets),
        figures.toilet_density(context, toilets),
        figures.rate(context, measures.scenery_sound_rate(context), lighting),
        figures.lit_buildings(context, projects),
    ]
)

left, middle, right = layout.three_columns(context)
with middle:
    picked = st.segmented_control(
        "地图指标", list(measures.BY_SUBDISTRICT), key="overview_measure", default="美丽河湖覆盖率",
        required=True, label_visibility="collapsed", width="stretch",
    )  # fmt: skip
    measure = measures.BY_SUBDISTRICT[picked](context)
    values = {
        row.subdistrict_code: charts.marked_value(getattr(row, measure.field), measure)
        for row in by_subdistrict.itertuples()
    }
    choropleth, ramp = layers.choropleth(context, by_subdistrict, measure)
    maps.map_panel(
        context,
        "overview",
        [choropleth, layers.quiet_waterways(context)],
        maps.legend_html(f"{measure.title}（{measure.unit}）", [], ramp),
        labels=maps.subdistrict_labels(context, values),
        height_px=layout.body_height_px(context, 3.1),
        alt=f"{context.sentence}：{measure.title}分街道地图",
    )
with left:
    cards.findings(
        findings.overview(
            rivers,
            quality,
            toilets,
            lighting,
            by_subdistrict,
            measures.beautiful_length_share(context),
            measures.toilet_density(context),
            context.target(18),
            context.filter.subdistrict_codes,
        )  # fmt: skip
    )
    charts.year_trend(
        context, context.frame("rivers_by_year"), figures.beautiful_count_measure(context),
        "overview_trend", layout.rem(context, 12),
    )  # fmt: skip
    figures.indicator_lines(context, lighting, streets, toilets, quality, rivers)
with right:
    charts.subdistrict_bars(context, by_subdistrict, measure, "overview_bars",
                            layout.body_height_px(context, 2.2))  # fmt: skip

tables.register_table(
    context,
    layout.only_chosen(context, by_subdistrict),
    {"subdistrict_name": tables.TableColumn("街道")}
    | {
        m.field: tables.TableColumn(f"{m.title}（{m.unit}）", f"%.{max(m.digits, 1)}f")
        for m in (make(context) for make in measures.BY_SUBDISTRICT.values())
    },
    "各街道主要指标",
    "overview",
)
