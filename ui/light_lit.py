"""Mode «亮灯» of the lighting page: the city as it shines, and how far it does."""

from ui import (
    cards,
    charts,
    figures,
    findings,
    layers,
    layout,
    light_glow,
    light_map,
    measures,
    tables,
)
from ui.legend import Key, legend_html
from ui.maps import Drawing, subdistrict_labels
from ui.session import Context
from ui.text import UNFILLED, joined


def figures_of(context: Context) -> list[cards.Figure]:
    """The figures at the head of the page: the plan's indicators 1–4, buildings, dark spots."""
    summary = context.row("lighting_summary")
    projects = context.frame("lighting_projects_by_kind").set_index("project_kind")
    return [
        figures.rate(context, measures.road_lit_rate(context), summary),
        figures.rate(context, measures.functional_sound_rate(context), summary),
        figures.rate(context, measures.scenery_sound_rate(context), summary),
        figures.rate(context, measures.central_control_rate(context), summary),
        figures.lit_buildings(context, projects),
        figures.dark_spots(context, context.row("lighting_dark_spots")),
    ]


def sentences(context: Context) -> list[str]:
    """The sentences on the left, the answer first."""
    projects = context.frame("lighting_projects_by_kind").set_index("project_kind")
    return findings.lighting(
        context.row("lighting_summary"),
        context.row("lighting_dark_spots"),
        figures.projects_sentence(projects, context.filter.year),
        context.frame("lighting_by_subdistrict"),
        measures.central_control_rate(context),
        measures.road_lit_rate(context),
        context.filter.subdistrict_codes,
    )


def beside_findings(context: Context) -> None:
    """What stands under the sentences."""
    control = measures.central_control_rate(context)
    charts.year_trend(
        context,
        context.frame("lighting_by_year"),
        control,
        "lighting_trend",
        layout.rem(context, 12),
    )
    charts.year_trend(
        context, context.frame("lighting_by_year"), measures.road_lit_rate(context),
        "lighting_lit_trend", layout.rem(context, 10),
    )  # fmt: skip


def drawing(context: Context) -> Drawing:
    """The light of all lamps, the structure's lines through it, buildings as warm points."""
    is_lit = context.row("light_drawn")["lamp_count"] > 0
    return Drawing(
        [
            layers.pick(context),
            layers.quiet_waterways(context),
            *light_map.structure(context, 0.5),
            *light_glow.layer(context),
            layers.veil(context),
            light_map.lamps(context),
            *light_map.project_points(context),
        ],
        legend_html(
            f"夜景 · {context.filter.year} 年底",
            [
                *(_lamp_keys(context) if is_lit else []),
                *light_map.structure_keys(context),
                Key("dot", context.palette.text, "场馆、枢纽、入城口"),
            ],
            stacked=True,
            note=joined(*light_map.lamp_notes(context), light_map.structure_note(context)),
        ),
        [
            *light_map.structure_labels(context),
            *subdistrict_labels(context, size_px=12, colour=context.palette.muted),
        ],
    )


def _lamp_keys(context: Context) -> list[Key]:
    colours, drawn = context.palette, context.row("light_drawn")
    keys = [
        Key("dot", colours.light, "路灯、亮灯楼宇"),
        Key("dot", colours.scenery, "地灯、景观灯"),
    ]
    if light_map.has_single_lamps(context):
        if drawn["unlit_count"]:
            keys.append(Key("dot", f"{colours.unreported}96", "未亮的灯具"))
        if drawn["unstated_count"]:
            keys.append(Key("dot", f"{colours.muted}aa", f"亮灭{UNFILLED}的灯具"))
    return keys


def panel(context: Context) -> None:
    """The subdistricts compared."""
    charts.subdistrict_bars(
        context, context.frame("lighting_by_subdistrict"), measures.road_lit_rate(context),
        "lighting_bars", layout.body_height_px(context, 2.2),
    )  # fmt: skip


def table(context: Context) -> None:
    """Lamps by street: counts, because of few lamps a percentage says nothing."""
    tables.register_table(
        context,
        context.frame("lighting_by_place"),
        {
            "place_name": tables.TableColumn("道路或位置"),
            "subdistrict_name": tables.TableColumn("街道"),
            "lamp_count": tables.TableColumn("灯具", "%d"),
            "functional_count": tables.TableColumn("其中路灯", "%d"),
            "unlit_count": tables.TableColumn("未亮", "%d"),
            "unsound_count": tables.TableColumn("不完好", "%d"),
            "uncontrolled_count": tables.TableColumn("未集中控制", "%d"),
            "led_count": tables.TableColumn("LED", "%d"),
            "lit_rate_pct": tables.TableColumn("亮灯率（%）", "%.1f"),
        },
        "各道路灯具",
        "lighting_places",
        hint="搜索道路、街道……",
    )
