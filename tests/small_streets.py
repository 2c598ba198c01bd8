"""Streets with their registers small enough to work out by hand, for the queries on repair and pavement."""

from tests.small_tables import HERE, SUBDISTRICTS, SmallTables, day

FACTS = {"trunk_road_service_years": (15, None), "secondary_road_service_years": (10, None),
         "repaired_road_count": (54, 2022)}  # fmt: skip


class SmallStreets(SmallTables):
    """``ask`` runs one of the queries over the rows given.

    ``streets`` are (street, class, subdistrict, length in metres); ``repairs`` and ``sections`` are
    dictionaries of columns, the rest of which is filled in; ``projects`` are rows of the plan.
    """

    def __init__(self, streets=(), repairs=(), sections=(), projects=()):
        line = '{"type":"LineString","coordinates":[[120.1,30.2],[120.2,30.3]]}'
        ids = {name: f"S{n}" for n, name in enumerate(dict.fromkeys((s[0], s[1]) for s in streets))}
        rows = {
            "base.subdistricts": SUBDISTRICTS,
            "plan.facts": [
                {"fact_key": key, "value": value, "deadline_year": year}
                for key, (value, year) in FACTS.items()
            ],
            "plan.projects": list(projects),
            "streets.streets": [
                {"street_id": id_, "street_name": name, "street_class": street_class}
                for (name, street_class), id_ in ids.items()
            ],
            "streets.segments": [
                {"street_id": ids[name, street_class], "subdistrict_code": code,
                 "length_m": length_m, "geometry_json": line}
                for name, street_class, code, length_m in streets
            ],
            "streets.road_projects": [
                {"road_id": f"X{n}", "road_name": f"路{n}", "plan_year": 2021, "clause": "box1",
                 "source_kind": "register"} | repair
                for n, repair in enumerate(repairs)
            ],
            "streets.pavement": [
                {"section_id": "P1", "road_name": "长街", "street_name": "长街", "road_class": "main",
                 "subdistrict_code": HERE, "subdistrict_name": "清波街道", "length_m": 1000.0,
                 "inspected_on": day("2025-10-01"), "grade": "优", "source_kind": "register"}
                | section
                for section in sections
            ],
        }  # fmt: skip
        super().__init__(rows)
