"""Columns of a register's own table that follow from its fields and positions."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from data.frames import contract_frame, pandas_types
from data.registers.formats import TITLES
from data.registers.named_streets import with_streets
from data.registers.placing import Places
from data.registers.sheet import Sheet
from data.registers.subdistricts import settle
from data.water_quality import classify
from geo import district
from geo.geojson import from_text, to_text
from geo.projection import area_km2, length_m

ADDING_TO_PLAN = ("plan.projects",)
"""Tables whose rows the plan names: a register only adds its own fields to them."""

UNNAMED = ("未命名", "无名")
"""How the name of a river without a name begins."""


def contract_rows(
    sheet: Sheet, places: Places, current: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Rows not refused so far, with all columns of the register's table, by row number.

    ``current`` holds the tables that the register's lookups and street names refer to. Rows that
    lack a subdistrict which the table requires are refused here.
    """
    contract = sheet.register.table
    columns = dict(sheet.values)
    if contract.path in ADDING_TO_PLAN:
        kept = ~sheet.rejected
        types = pandas_types(contract)
        names = sheet.register.field_names
        empty = pd.Series(np.nan, index=range(len(sheet)), dtype="object")
        frame = pd.DataFrame({name: columns.get(name, empty) for name in names})
        frame = frame.astype({name: types[name] for name in names})
        return frame[kept].set_axis(sheet.numbers[kept])
    _require_subdistrict(sheet)
    kept = np.flatnonzero(~sheet.rejected)
    frame = pd.DataFrame(
        {name: values.iloc[kept].array for name, values in columns.items()}, index=range(len(kept))
    )
    names = contract.column_names
    if "lon" in names:
        frame["lon"], frame["lat"] = places.lon[kept], places.lat[kept]
    if "is_mapped" in names:
        frame["is_mapped"] = places.is_placed[kept] | places.is_drawn[kept]
    if "geometry_json" in names:
        _add_shapes(frame, names, places.shape[kept])
    if "is_named" in names:
        frame["is_named"] = ~frame["river_name"].str.startswith(UNNAMED)
    if contract.path == "rivers.water_quality":
        kinds = current["rivers.sections"].set_index("section_id")["water_kind"]
        frame["water_kind"] = frame["section_id"].map(kinds)
        frame = frame.assign(**classify(frame))
    kind = "osm" if sheet.raw.format == TITLES["osm"] else "register"
    if "position_source" in names:
        frame["position_source"] = kind
    frame["source_kind"] = kind
    frame = contract_frame(contract.path, frame).set_axis(sheet.numbers[kept])
    return with_streets(contract.path, frame, current)


def add_subdistricts(sheet: Sheet, places: Places, current: Mapping[str, pd.DataFrame]) -> None:
    """The subdistrict of every row, where its table has one: by its place, else as stated.

    A row that counts by cabinet lies where that stands.
    """
    if "subdistrict_code" not in sheet.register.table.column_names:
        return
    by_place = places.code
    cabinet_ids = sheet.values.get("cabinet_id")
    if sheet.register.dataset == "lighting.status" and cabinet_ids is not None:
        codes = current["lighting.cabinets"].set_index("cabinet_id")["subdistrict_code"]
        by_place = cabinet_ids.map(codes).to_numpy(dtype=object)
    code = settle(sheet, by_place)
    sheet.values["subdistrict_code"] = code
    sheet.values["subdistrict_name"] = code.map(district.subdistrict_names()).astype("str")


def _require_subdistrict(sheet: Sheet) -> None:
    columns = {column.name: column for column in sheet.register.table.columns}
    if "subdistrict_code" in columns and columns["subdistrict_code"].required:
        lacking = sheet.values["subdistrict_code"].isna().to_numpy() & ~sheet.rejected
        text = "无法确定街道：既无位置，也未填街道"
        sheet.flag(lacking, "subdistrict_name", "rejected", "街道", text, "请补填街道或位置")


def _add_shapes(frame: pd.DataFrame, names: list[str], shapes: np.ndarray) -> None:
    """Shapes as text, and lengths and areas of just that text: what is cut from it adds up."""
    drawn = np.flatnonzero(~shapely.is_missing(shapes))
    texts = pd.Series(np.nan, index=frame.index, dtype="object")
    texts.iloc[drawn] = [to_text(shapes[i]) for i in drawn]
    frame["geometry_json"] = texts.astype("str")
    for name, measure in (("length_m", length_m), ("area_km2", area_km2)):
        if name in names:
            sizes = np.full(len(frame), np.nan)
            sizes[drawn] = [measure(from_text(texts.iloc[i])) for i in drawn]
            frame[name] = sizes
