"""美丽河湖: coverage, water quality, warning, facilities and projects over the months of the plan."""

from ui import (
    cards,
    layout,
    months,
    river_card,
    river_choices,
    river_coverage,
    river_facilities,
    river_map,
    river_projects,
    river_summary,
    river_warning,
    water_quality,
)
from ui.session import current

MODULES = {
    "beautiful": river_coverage,
    "quality": water_quality,
    "warning": river_warning,
    "facilities": river_facilities,
    "projects": river_projects,
}
"""What stands beside and under the map in each of its modes."""
CONTROLS_REM = 7.8
"""Height of the mode switch and of the slider of months, above and below the map."""

context = river_card.follow_pick(current())
river_choices.follow_assumptions(context)
mode, month = river_choices.chosen_mode(), river_choices.chosen_month(context)

cards.figures(river_summary.figures(context, month, mode))

left, middle, right = layout.three_columns(context)
with left:
    sentences = river_summary.findings(context, month)
    cards.findings(sentences)
    # An assumption is a sentence more.
    course_rem = 15 if river_choices.assumed_rivers(context) else 20
    river_coverage.course(context, layout.rem(context, course_rem))
with middle:
    river_choices.mode_switch(mode)
    river_map.river_map(
        context,
        mode,
        month,
        layout.body_height_px(context, CONTROLS_REM),
        river_summary.of_map(context, month, mode) or sentences,
    )
    months.month_slider(context, month, river_choices.scope(mode))
with right:
    if river_card.is_open(context):
        river_card.card(context, month)
    else:
        MODULES[mode].panel(context, month)

MODULES[mode].table(context, month)
