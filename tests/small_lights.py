"""Lamps, cabinets, counts, dark spots and gaps small enough to work out by hand, for the queries on them."""

import json

from tests.small_tables import HERE, PLACES, SUBDISTRICTS, THERE, SmallTables, day

LON, LAT = 120.2, 30.25
DEGREE_M = 111_320
"""A degree of latitude; one of longitude is less."""
CABINETS = {"KZ1": HERE, "KZ2": HERE, "KZ3": THERE}


def north(metres):
    """So many metres north of the middle of what is laid out here."""
    return LAT + metres / DEGREE_M


def line(*corners):
    """The text of a line through these corners (degrees)."""
    return json.dumps({"type": "LineString", "coordinates": corners})


def of_place(code):
    return {"subdistrict_code": code, "subdistrict_name": f"{PLACES[code]}街道"}


class SmallLights(SmallTables):
    """``ask`` runs one of the queries over the rows given: dictionaries of columns, the rest is filled in.

    Counts are of December 2025, of 100 lamps of which all shine; one with a ``cabinet_id`` lies where that
    stands, one with a ``road_name`` in the first subdistrict.
    """

    def __init__(self, counts=(), lamps=(), cabinets=None, spots=(), gaps=(), rivers=()):
        cabinets = [{"cabinet_id": name} for name in CABINETS] if cabinets is None else cabinets
        place = {"lon": LON, "lat": LAT, "source_kind": "register"}
        super().__init__(
            {
                "base.subdistricts": SUBDISTRICTS,
                "plan.indicators": [{"indicator_no": 1, "operator": ">", "target_value": 98}],
                "lighting.status": [
                    {"counted_on": day("2025-12-01"), "span": "month", "due_count": 100, "lit_count": 100,
                     "source_kind": "register"}
                    | of_place(CABINETS.get(row.get("cabinet_id"), HERE)) | row
                    for row in counts
                ],
                "lighting.assets": [
                    {"asset_id": f"L{n}", "asset_kind": "street_lamp", "state": "lit"} | of_place(HERE) | place | row
                    for n, row in enumerate(lamps)
                ],
                "lighting.cabinets": [
                    {"cabinet_name": f"{row['cabinet_id']} 柜"}
                    | of_place(CABINETS[row["cabinet_id"]]) | place | row
                    for row in cabinets
                ],
                "lighting.dark_spots": [
                    {"spot_id": f"B{n}", "spot_name": f"暗点{n}", "spot_kind": "绿地", "found_on": day("2024-03-01")}
                    | of_place(HERE) | place | row
                    for n, row in enumerate(spots)
                ],
                "lighting.dark_gaps": [
                    {"gap_id": f"G{n}", "place_kind": "street", "place_name": "长街", "gap_m": 100.0,
                     "has_lamps": True, "geometry_json": line((LON, LAT), (LON + 0.001, LAT))}
                    | of_place(HERE) | place | row
                    for n, row in enumerate(gaps)
                ],
                "rivers.rivers": [{"river_id": id_, "river_name": name} for id_, name in rivers],
            }
        )  # fmt: skip
