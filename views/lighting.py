"""亚运亮灯: the structure 一带两廊三轴五区, the projects, lamps by cell or one by one."""

from ui import (
    cards,
    charts,
    figures,
    findings,
    layers,
    layout,
    light_map,
    maps,
    measures,
    tables,
    text,
)
from ui.session import current

context = current()
summary = context.row("lighting_summary")
spots = context.row("lighting_dark_spots")
projects = context.frame("lighting_projects_by_kind").set_index("project_kind")
by_subdistrict = context.frame("lighting_by_subdistrict")
control = measures.central_control_rate(context)
lit = measures.road_lit_rate(context)

cards.figures(
    [
        figures.rate(context, lit, summary),
        figures.rate(context, measures.functional_sound_rate(context), summary),
        figures.rate(context, measures.scenery_sound_rate(context), summary),
        figures.rate(context, control, summary),
        figures.lit_buildings(context, projects),
        figures.dark_spots(context, spots),
    ]
)

left, middle, right = layout.three_columns(context)
with left:
    built = figures.projects_sentence(projects, context.filter.year)
    cards.findings(
        findings.lighting(
            summary, spots, built, by_subdistrict, control, lit, context.filter.subdistrict_codes
        )
    )
    cards.block_title("亚运亮灯项目", "建成 / 计划")
    figures.project_lines(projects)
    charts.year_trend(context, context.frame("lighting_by_year"), control, "lighting_trend",
                      layout.rem(context, 12))  # fmt: skip
with middle:
    maps.map_panel(
        context,
        "lighting",
        [layers.pick(context), *light_map.lighting(context)],
        light_map.lighting_legend(context),
        labels=maps.subdistrict_labels(context, size_px=12.5, colour=context.palette.muted)
        + light_map.structure_labels(context),
        alt=f"{context.sentence}：照明格局、项目与灯具",
    )
with right:
    charts.subdistrict_bars(context, by_subdistrict, lit, "lighting_bars",
                            layout.body_height_px(context, 2.2))  # fmt: skip

tables.register_table(
    context,
    context.frame("lighting_table"),
    {
        "project_name": tables.TableColumn("项目"),
        "project_kind": tables.TableColumn("类别", words=text.LIGHTING_KINDS),
        "subdistrict_name": tables.TableColumn("街道"),
        "quantity": tables.TableColumn("数量", "%g"),
        "unit": tables.TableColumn("单位"),
        "state": tables.TableColumn("状态", words=text.PROJECT_STATES),
        "completed_year": tables.TableColumn("建成年份", "%d"),
        "clause": tables.TableColumn("规划条款"),
    },
    "亚运亮灯项目名录",
    "lighting",
)
