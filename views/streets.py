"""示范街: demonstration streets, road repair, pavement, barrier-free findings and bridges, all streets."""

from ui import (
    cards,
    layout,
    maps,
    street_beside,
    street_choices,
    street_demonstration,
    street_gallery,
    street_pavement,
    street_points,
    street_repair,
    street_whole,
)
from ui.session import current
from ui.street_choices import CONTROLS_REM, MODES
from ui.text import map_alt

MODULES = {
    "demonstration": street_demonstration,
    "repair": street_repair,
    "pavement": street_pavement,
    "points": street_points,
    "whole": street_whole,
}
"""What stands on, beside and under the map in each of its modes."""

context, mode = street_beside.follow(current()), street_choices.chosen_mode()
module = street_beside.with_card(context, MODULES[mode])

cards.figures(module.figures_of(context))

is_map_wanted = context.focus is not None or module.has_own_card(context)
if street_choices.is_gallery(mode, is_map_wanted):
    street_gallery.gallery(context, mode)
else:
    left, middle, right = layout.three_columns(context)
    with left:
        sentences = module.findings(context)
        cards.findings(sentences)
        module.beside_findings(context)
    with middle:
        street_choices.mode_switch(mode)
        drawing = module.drawing(context)
        maps.map_panel(
            module.map_context(context),
            "streets",
            drawing.layers,
            drawing.legend,
            labels=drawing.labels,
            signs=drawing.signs,
            height_px=layout.body_height_px(context, CONTROLS_REM),
            alt=map_alt(context.sentence, MODES[mode], sentences),
            with_focus_card=not module.has_own_card(context),
        )
    with right:
        module.panel(context)

module.table(context)
