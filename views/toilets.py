"""公共厕所: the ten-minute circle on foot, grades and features, density, spacing, where to build next."""

from ui import (
    cards,
    layout,
    toilet_assumed,
    toilet_card,
    toilet_choices,
    toilet_circle,
    toilet_density,
    toilet_features,
    toilet_map,
    toilet_shares,
    toilet_sites,
    toilet_spacing,
    toilet_summary,
)
from ui.session import current

MODULES = {
    "walk": toilet_circle,
    "grade": toilet_features,
    "density": toilet_density,
    "spacing": toilet_spacing,
    "sites": toilet_sites,
}
"""What stands beside and under the map in each of its modes."""
CONTROLS_REM = 3.4
"""Height of the controls above the map."""

mode, circle = toilet_choices.chosen_mode(), toilet_choices.chosen_circle()
context = toilet_card.follow(current(), mode)
toilet_assumed.notices(context)
if mode == "sites":
    toilet_sites.follow(context, circle)
shown = toilet_shares.shown(context, circle, toilet_assumed.current(context, circle))

cards.figures(toilet_summary.cards_of(context, shown))

left, middle, right = layout.three_columns(context)
with left:
    sentences = toilet_summary.findings(context, shown, mode)
    cards.findings(sentences)
    MODULES[mode].beside_findings(context, shown, layout.rem(context, 17))
with middle:
    toilet_choices.controls(mode, circle)
    if mode == "sites":
        drawing, picks = toilet_sites.drawing(context, shown), toilet_sites.PICKS
    else:
        drawing, picks = toilet_map.drawing(context, mode, shown), toilet_card.PICKS
    height_px = layout.body_height_px(context, CONTROLS_REM)
    toilet_map.toilet_map(context, mode, shown, height_px, drawing, picks, sentences)
with right:
    if toilet_card.is_open(context, mode):
        toilet_card.card(context, circle)
    else:
        MODULES[mode].panel(context, shown)

MODULES[mode].table(context, shown)
