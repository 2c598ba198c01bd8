"""Shapes that fade the map out beyond the district instead of ending it in straight cuts."""

import shapely
from shapely.geometry.base import BaseGeometry

from geo.projection import to_degrees, to_metres

FADE_STEPS_M = tuple(range(120, 1300, 98))
"""Distances from the border at which another veil begins; what lies outside is drawn to about 1.5 km."""

_REACH_M = 60_000


def fade_rings(outline: BaseGeometry) -> list[BaseGeometry]:
    """One veil per fade step: everything farther than that from the outline (degrees in, out).

    Drawn over one another with a part-transparent colour, they make the outside fade away.
    """
    metric = to_metres(outline).simplify(15)
    everywhere = shapely.box(*metric.buffer(_REACH_M).bounds)
    return [
        to_degrees(everywhere.difference(metric.buffer(step_m, quad_segs=6).simplify(6)))
        for step_m in FADE_STEPS_M
    ]
