"""Structure of the night (一带两廊三轴五区): named by the plan, drawn where the geography knows it.

Coordinates are degrees (WGS-84).
"""

import pandas as pd
from shapely.geometry.base import BaseGeometry

from data.frames import contract_frame
from data.geography import shoreline_in_metres, street_in_metres
from data.landmarks import on_line, river_in_metres, station_position
from geo import along

STRUCTURE_CLAUSE = "annex.5"
BELT = "钱塘江景观带"
CORRIDORS = (("运河夜景观廊道", "京杭大运河"), ("新塘河夜景观廊道", "新塘河"))
AXES = (
    ("德胜高架", ("德胜快速路",)),
    ("秋石高架", ("秋石高架路",)),
    ("艮山高架", ("艮山西路", "艮山东路")),
)
ZONES = (
    ("钱江新城", "市民中心"),
    ("钱江新城二期", "御道"),
    ("城东新城", "杭州东"),
    ("丁兰智慧小镇", None),
    ("钱塘智慧城", None),
)


def structure_table() -> pd.DataFrame:
    """``lighting.structure``: what the plan names, with the geography's lines and points."""
    rows = [_element("belt", BELT, shoreline_in_metres())]
    rows += [_element("corridor", name, river_in_metres(river)) for name, river in CORRIDORS]
    rows += [
        _element("axis", name, along.gathered([street_in_metres(street) for street in streets]))
        for name, streets in AXES
    ]
    for name, station in ZONES:
        lon, lat = station_position(station) if station else (None, None)
        rows.append(
            {
                "element_group": "zone",
                "element_name": name,
                "is_mapped": station is not None,
                "lon": lon,
                "lat": lat,
            }
        )
    frame = pd.DataFrame(rows).assign(clause=STRUCTURE_CLAUSE, source_kind="plan")
    frame["element_id"] = [f"L{number:02d}" for number in range(1, len(frame) + 1)]
    return contract_frame("lighting.structure", frame)


def located_by() -> dict[str, str]:
    """What each mapped element of the structure was located by, by its name."""
    return {
        BELT: "岸线 钱塘江",
        **{name: f"河道 {river}" for name, river in CORRIDORS},
        **{name: f"道路 {'、'.join(streets)}" for name, streets in AXES},
        **{name: f"站点 {station}" for name, station in ZONES if station},
    }


def _element(group: str, name: str, line_m: BaseGeometry) -> dict:
    return {"element_group": group, "element_name": name, "is_mapped": True, **on_line(line_m)}
