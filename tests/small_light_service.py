"""Registers of lamps, roads, cabinets and energy small enough to work out by hand."""

from tests.small_tables import HERE, SUBDISTRICTS, SmallTables, day

LINE = '{"type":"LineString","coordinates":[[120.1,30.2],[120.2,30.3]]}'
NAMES = {row["subdistrict_code"]: row["subdistrict_name"] for row in SUBDISTRICTS}


def placed(row):
    """The row in a subdistrict, 清波 unless it says another; None for one that is in none."""
    code = row.get("subdistrict_code", HERE)
    return {"subdistrict_code": code, "subdistrict_name": NAMES.get(code)} | row


class SmallService(SmallTables):
    """``ask`` runs one of the queries over the rows given.

    Rows are dictionaries of columns, the rest of which is filled in; ``energy`` are (cabinet, month
    as «2025-03», kWh), ``streets`` are (street, subdistrict).
    """

    def __init__(self, lamps=(), yearly=(), roads=(), cabinets=(), energy=(), streets=()):
        here = {"lon": 120.15, "lat": 30.25, "source_kind": "register"}
        super().__init__(
            {
                "base.subdistricts": SUBDISTRICTS,
                "lighting.assets": [
                    {"asset_id": f"L{n}", "asset_kind": "street_lamp", **here} | placed(lamp)
                    for n, lamp in enumerate(lamps)
                ],
                "lighting.yearly": [
                    {"year": 2025, "asset_kind": "street_lamp", "source_kind": "register"} | placed(row)
                    for row in yearly
                ],
                "lighting.roads": [
                    {"road_id": f"R{n}", "road_name": f"路{n}", "has_lamps": True, "source_kind": "register"}
                    | placed(road)
                    for n, road in enumerate(roads)
                ],
                "lighting.cabinets": [
                    {"cabinet_id": f"K{n}", "cabinet_name": f"{n} 号柜", **here} | placed(cabinet)
                    for n, cabinet in enumerate(cabinets)
                ],
                "lighting.energy": [
                    {"cabinet_id": cabinet, "month": day(f"{month}-01"), "energy_kwh": kwh,
                     "source_kind": "register"}
                    for cabinet, month, kwh in energy
                ],
                "streets.streets": [
                    {"street_id": f"S{n}", "street_name": name}
                    for n, name in enumerate(dict.fromkeys(name for name, _ in streets))
                ],
                "streets.segments": [
                    {"street_id": f"S{list(dict.fromkeys(s for s, _ in streets)).index(name)}",
                     "subdistrict_code": code, "length_m": 100.0, "geometry_json": LINE}
                    for name, code in streets
                ],
            }
        )  # fmt: skip

    def by_id(self, name, key, **given):
        """Rows of a query by one of its columns."""
        return {row[key]: row for row in self.ask(name, **given)}
