"""规划项目: every project of the plan as figures, timeline, map and table."""

from ui import cards, gantt, layers, layout, maps, project_map, projects, tables
from ui.session import current
from ui.text import map_alt

context = current()
asked, with_places = projects.filter_row(context)
frame = projects.rows(context, asked)

cards.figures(projects.figures(context, frame))

FILTER_REM = 3.6
left, middle, right = layout.columns(context, (0.21, 0.43, 0.36))
with left:
    sentences = projects.findings(context, frame, asked)
    cards.findings(sentences)
    projects.kind_lines(frame)
with middle:
    gantt.timeline(
        context,
        frame,
        layout.body_height_px(context, FILTER_REM + 2.4),
        is_gathered=asked["kinds"] is None,
    )
with right:
    drawn = project_map.project_layers(context, frame)
    places = project_map.place_layers(context) if with_places else []
    named = project_map.place_labels(context) if with_places else []
    maps.map_panel(
        context,
        "projects",
        [layers.pick(context), *places, *drawn],
        project_map.legend(context, frame),
        labels=maps.subdistrict_labels(context) + project_map.labels(context, frame, named),
        width_share=0.35,
        height_px=layout.body_height_px(context, FILTER_REM),
        alt=map_alt(context.sentence, "规划项目", sentences),
    )

projects.unmapped_list(frame)
tables.register_table(context, frame, projects.COLUMNS, "规划项目名录", "projects")
