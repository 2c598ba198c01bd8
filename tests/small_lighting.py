"""Registers of lighting small enough to see through: three cabinets, what is counted at them, lamps."""

import pandas as pd

from data.contracts import TABLES
from data.frames import contract_frame, empty_frame
from data.geography import street_tables

CABINETS, STATUS, ENERGY = "lighting.cabinets", "lighting.status", "lighting.energy"
LAMPS = "lighting.assets"
PLACES = {
    "小营": {"subdistrict_code": "330102004", "subdistrict_name": "小营街道", "lon": 120.175, "lat": 30.247},
    "湖滨": {"subdistrict_code": "330102003", "subdistrict_name": "湖滨街道", "lon": 120.165, "lat": 30.252},
}  # fmt: skip
DECEMBER = pd.Timestamp("2025-12-01")


def cabinets(kind="register", **columns):
    """KZ1 and KZ2 in 小营, KZ3 in 湖滨."""
    rows = [
        {"cabinet_id": f"KZ{n}", "cabinet_name": f"解放路 {n} 号柜", **PLACES[place]}
        for n, place in enumerate(("小营", "小营", "湖滨"), start=1)
    ]
    return contract_frame(CABINETS, rows).assign(source_kind=kind, **columns)


def status(kind="register"):
    """December at each cabinet, and on one road by subdistrict."""
    counted = {"counted_on": DECEMBER, "span": "month", "due_count": 100, "lit_count": 99}
    rows = [{"cabinet_id": f"KZ{n}", **counted} for n in (1, 2, 3)]
    rows += [{"road_name": "解放路", **counted, **of(place)} for place in PLACES]
    places = cabinets().set_index("cabinet_id")
    for row in rows[:3]:
        row |= places.loc[row["cabinet_id"], ["subdistrict_code", "subdistrict_name"]].to_dict()
    rows[3:] = [row | {"street_name": "解放路", "name_match": "exact"} for row in rows[3:]]
    return contract_frame(STATUS, rows).assign(source_kind=kind)


def of(place):
    """The subdistrict of a place, without its position."""
    return {name: PLACES[place][name] for name in ("subdistrict_code", "subdistrict_name")}


def energy(kind="register"):
    """December at each cabinet."""
    rows = [{"month": DECEMBER, "cabinet_id": f"KZ{n}", "energy_kwh": 900.5} for n in (1, 2, 3)]
    return contract_frame(ENERGY, rows).assign(source_kind=kind)


def lamps(kind="register", cabinet_ids=("KZ1", "KZ2", None)):
    """One lamp of each kind."""
    kinds = ("street_lamp", "ground_lamp", "scenery_light")
    rows = [
        {"asset_id": f"L{n}", "asset_kind": lamp, "cabinet_id": cabinet, "state": "lit", **PLACES["小营"]}
        for n, (lamp, cabinet) in enumerate(zip(kinds, cabinet_ids, strict=True), start=1)
    ]  # fmt: skip
    return contract_frame(LAMPS, rows).assign(source_kind=kind)


def standing(**tables):
    """Every table of the contract: the streets of the map, and lighting with these rows in place.

    Names are those of the tables without their database.
    """
    given = {f"lighting.{name}": frame for name, frame in tables.items()}
    return {each.path: empty_frame(each.path) for each in TABLES} | street_tables() | given
