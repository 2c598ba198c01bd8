"""A street's card and the comparison of two, which stand beside the map of every mode.

A mode of the street page is wrapped once (``with_card``): its panel gives way while a card or a comparison is
open, and its map takes clicks on every street. All else is the mode's own.
"""

from dataclasses import dataclass, replace
from types import ModuleType

from geo.view import union_box
from ui import street_card, street_classes, street_compare
from ui.focus import Entry
from ui.maps import Drawing
from ui.session import Context, focus_on_pick

PICKED = ("street", "place")
"""Kinds of items that lists on this page name."""


def follow(context: Context) -> Context:
    """The context with the item in focus that was clicked in a list just now; once a run, first."""
    for kind in PICKED:
        context = focus_on_pick(context, kind)
    return context


@dataclass(frozen=True)
class WithCard:
    """A mode with what may stand in place of its panel."""

    mode: ModuleType
    compared: tuple[Entry, ...]

    def __getattr__(self, name: str) -> object:
        return getattr(self.mode, name)

    def map_context(self, context: Context) -> Context:
        """The context whose map shows all that is compared, with nothing else in focus."""
        if not self.compared:
            return context
        boxes = [street.box for street in self.compared if street.box]
        if not boxes:
            return replace(context, focus=None)
        both = replace(self.compared[0], box=union_box(boxes), features=None)
        return replace(context, focus=both)

    def has_own_card(self, context: Context) -> bool:
        """Whether what is in focus is told beside the map, so that the map itself need not."""
        return bool(self.compared) or street_card.is_open(context)

    def drawing(self, context: Context) -> Drawing:
        """The mode's drawing with every street to be clicked, and what is compared."""
        drawn = self.mode.drawing(context)
        layers = street_classes.with_unseen(context, drawn.layers)
        return replace(drawn, layers=[*layers, *street_compare.layers(context, self.compared)])

    def panel(self, context: Context) -> None:
        """The comparison, else the card, else the mode's panel."""
        if self.compared:
            street_compare.panel(context, self.compared)
        elif street_card.is_open(context):
            street_card.card(context)
        else:
            self.mode.panel(context)


def with_card(context: Context, mode: ModuleType) -> WithCard:
    """The mode with the card of the street in focus, or the comparison that the address asks for."""
    return WithCard(mode, tuple(street_compare.asked_streets(context)))
