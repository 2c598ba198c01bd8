"""Land of the district in grid cells, and how far each is from the nearest public toilet.

Cells are 200 m squares on whole hundreds of metres (EPSG:4549), cut at the water's edge and at the
borders of subdistricts, so that the areas of the pieces add up to the land of each subdistrict.
"""

from functools import cache

import numpy as np
import pandas as pd
import shapely

from data.frames import contract_frame, empty_frame
from data.geography import water
from geo import district
from geo.projection import points_to_degrees, points_to_metres, to_metres

CELL_M = 200.0
MIN_PIECE_M2 = 100.0
"""Smaller pieces are slivers between two edges drawn apart."""


@cache
def land_cells() -> pd.DataFrame:
    """Pieces of grid cells by subdistrict: id, subdistrict, land area (km²), position in metres.

    The position is the middle of the cell where that is land of the subdistrict, otherwise a point
    inside the piece.
    """
    names = district.subdistrict_names()
    parts = []
    for code, area in district.subdistrict_areas().items():
        land = to_metres(shapely.difference(area, water()))
        west, south, east, north = land.bounds
        column, row = np.meshgrid(
            np.arange(np.floor(west / CELL_M), np.ceil(east / CELL_M)),
            np.arange(np.floor(south / CELL_M), np.ceil(north / CELL_M)),
        )
        column, row = column.ravel(), row.ravel()
        squares = shapely.box(
            column * CELL_M, row * CELL_M, (column + 1) * CELL_M, (row + 1) * CELL_M
        )
        shapely.prepare(land)
        touched = shapely.intersects(land, squares)
        pieces = shapely.intersection(land, squares[touched])
        parts.append(
            pd.DataFrame(
                {
                    "column": column[touched].astype(int),
                    "row": row[touched].astype(int),
                    "subdistrict_code": code,
                    "subdistrict_name": names[code],
                    "piece": pieces,
                    "area_m2": shapely.area(pieces),
                }
            )
        )
    cells = pd.concat(parts, ignore_index=True)
    cells = cells[cells["area_m2"] >= MIN_PIECE_M2].reset_index(drop=True)
    return _with_position(cells)


def _with_position(cells: pd.DataFrame) -> pd.DataFrame:
    pieces = cells["piece"].to_numpy()
    middle = shapely.points((cells["column"] + 0.5) * CELL_M, (cells["row"] + 0.5) * CELL_M)
    point = np.where(shapely.contains(pieces, middle), middle, shapely.point_on_surface(pieces))
    east_m, north_m = shapely.get_coordinates(point).T
    short_code = cells["subdistrict_code"].str[-2:]
    return pd.DataFrame(
        {
            "cell_id": [
                f"{column}-{row}-{code}"
                for column, row, code in zip(cells["column"], cells["row"], short_code, strict=True)
            ],
            "subdistrict_code": cells["subdistrict_code"],
            "subdistrict_name": cells["subdistrict_name"],
            "area_km2": cells["area_m2"] / 1e6,
            "east_m": east_m,
            "north_m": north_m,
        }
    )


def coverage_cells(toilets: pd.DataFrame, source_kind: str) -> pd.DataFrame:
    """``toilets.coverage_cells`` for toilets with ``lon`` and ``lat`` (degrees).

    Distances are straight lines in metres from a piece's position to the nearest toilet.
    """
    if toilets.empty:
        return empty_frame("toilets.coverage_cells")
    cells = land_cells()
    positions = toilets[["lon", "lat"]].to_numpy(dtype=float)
    toilet_m = np.column_stack(points_to_metres(positions[:, 0], positions[:, 1]))
    cell_m = cells[["east_m", "north_m"]].to_numpy()
    # A tree, not all pairs: a hundred thousand toilets would be a billion of them.
    nearest = shapely.STRtree(shapely.points(toilet_m)).nearest(shapely.points(cell_m))
    apart_m = np.hypot(*(cell_m - toilet_m[nearest]).T)
    lon, lat = points_to_degrees(cells["east_m"].to_numpy(), cells["north_m"].to_numpy())
    frame = cells.drop(columns=["east_m", "north_m"]).assign(
        lon=lon.round(6),
        lat=lat.round(6),
        nearest_toilet_m=apart_m.round(1),
        source_kind=source_kind,
    )
    return contract_frame("toilets.coverage_cells", frame)
