"""亚运亮灯: the city by night, the structure and the projects, faults, dark spots, lamps and energy."""

from ui import (
    cards,
    layout,
    light_card,
    light_choices,
    light_faults,
    light_lit,
    light_map,
    light_plan,
    light_service,
    light_spots,
    light_wall,
    maps,
)
from ui.light_choices import MODES, NIGHT_MODES
from ui.session import current, focus_on_pick
from ui.text import map_alt

MODULES = {
    "lit": light_lit,
    "plan": light_plan,
    "faults": light_faults,
    "spots": light_spots,
    "service": light_service,
}
"""What stands on, beside and under the map in each of its modes."""
CONTROLS_REM = 2.4
"""Height of the mode switch above the map."""

context, mode = current(), light_choices.chosen_mode()
for kind in ("street", "river"):
    context = focus_on_pick(context, kind)
module = MODULES[mode]
context = light_card.follow(context)

if light_choices.is_wall(mode):
    light_wall.wall(context, mode, module)
else:
    cards.figures(module.figures_of(context))
    left, middle, right = layout.three_columns(context)
    with left:
        sentences = module.sentences(context)
        cards.findings(sentences)
        module.beside_findings(context)
    with middle:
        light_choices.controls(mode)
        map_context = light_map.night(context) if mode in NIGHT_MODES else context
        drawing = module.drawing(map_context)
        maps.map_panel(
            map_context,
            "night" if mode in NIGHT_MODES else "lighting",
            [*drawing.layers, *light_card.marks(map_context)],
            drawing.legend,
            labels=drawing.labels,
            signs=drawing.signs,
            height_px=layout.body_height_px(context, CONTROLS_REM),
            alt=map_alt(context.sentence, MODES[mode], sentences),
            picks=light_card.PICKS,
        )
    with right:
        if light_card.is_open(context):
            light_card.card(context)
        else:
            module.panel(context)
    module.table(context)
