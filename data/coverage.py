"""How far it is on foot from every spot of the district's land to the nearest public toilet.

The land lies in cells of 50 m (EPSG:4549), cut at the water's edge and at the borders of
subdistricts, so that the areas of the pieces add up to the land of each. A cell is attached to the
nearest walkable street and walks over the network; where no street is near, the straight line times
a detour stands in, and the cell says so.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from data.contracts import TOILET_SCOPES, YEARS
from data.frames import contract_frame, empty_frame
from data.geography import water
from data.walk_network import NETWORK, STRAIGHT, barrier, closed_areas, rule, walk_network
from geo import district
from geo.projection import points_to_degrees, points_to_metres, to_metres
from geo.straight import straight_nearest
from geo.walking import Snapped, WalkNetwork, nearest, snap

CELL_M = 50.0
MIN_PIECE_M2 = 25.0
"""Smaller pieces are slivers between two edges drawn apart."""
FARTHEST_SNAP_M = 1_000.0
"""A toilet farther than this from every street is reached by straight walks alone."""


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
        column, row, pieces = column[touched], row[touched], squares[touched]
        cut = ~shapely.contains_properly(land, pieces)
        pieces[cut] = shapely.intersection(land, pieces[cut])
        parts.append(
            pd.DataFrame(
                {
                    "column": column.astype(int),
                    "row": row.astype(int),
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
    lon, lat = points_to_degrees(east_m, north_m)
    return pd.DataFrame(
        {
            "cell_id": [
                f"{column}-{row}-{code}"
                for column, row, code in zip(cells["column"], cells["row"], short_code, strict=True)
            ],
            "subdistrict_code": cells["subdistrict_code"],
            "subdistrict_name": cells["subdistrict_name"],
            "lon": lon.round(6),
            "lat": lat.round(6),
            "area_km2": cells["area_m2"] / 1e6,
        }
    )


@dataclass(frozen=True, eq=False)
class WalkModel:
    """The network with the cells attached to it: asked for distances again and again.

    Each model is equal to itself alone, so that what is made of it can be kept beside it.
    """

    network: WalkNetwork
    barrier: BaseGeometry
    cells: pd.DataFrame
    """Rows of ``toilets.coverage_cells`` (or of ``land_cells``)."""
    cells_m: np.ndarray
    """(cells, 2) east and north."""
    snapped: Snapped

    @property
    def is_straight(self) -> np.ndarray:
        """Cells that no street is near."""
        return ~self.snapped.is_attached

    def places(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, Snapped]:
        """Positions (degrees) in metres, and attached to the network.

        The way to a street that is farther than a thin network's is estimated with the detour.
        """
        places_m = np.column_stack(points_to_metres(np.asarray(lon), np.asarray(lat)))
        snapped = snap(self.network, places_m, FARTHEST_SNAP_M, self.barrier)
        far = snapped.off_m > rule("thin_network_m")
        off_m = np.where(far, snapped.off_m * rule("detour_ratio"), snapped.off_m)
        return places_m, Snapped(snapped.edge, snapped.along_m, off_m)

    def walks(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Walking distance (m) from every cell to the nearest of these places, and which it is.

        NaN, and -1, where none can be reached.
        """
        places_m, places = self.places(lon, lat)
        return self.walks_to(places_m, places)

    def walks_to(
        self, places_m: np.ndarray, places: Snapped, below_m: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The same for places that were attached before.

        With ``below_m`` (by cell; NaN: any) a straight walk that is no shorter counts as none.
        """
        return self._walks(places_m, places, self.cells_m, self.snapped, below_m)

    def walks_from(self, points_m: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """The distances from points (n, 2) instead of cells, attached as cells are."""
        places_m, places = self.places(lon, lat)
        snapped = snap(self.network, points_m, rule("thin_network_m"), self.barrier)
        return self._walks(places_m, places, points_m, snapped)[0]

    def _walks(
        self,
        places_m: np.ndarray,
        places: Snapped,
        points_m: np.ndarray,
        snapped: Snapped,
        below_m: np.ndarray | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        walk_m, which = nearest(self.network, places, snapped)
        thin, detour = ~snapped.is_attached, rule("detour_ratio")
        limit_m = np.inf if below_m is None else np.nan_to_num(below_m[thin], nan=np.inf) / detour
        apart_m, found = straight_nearest(places_m, points_m[thin], self.barrier, limit_m)
        walk_m[thin], which[thin] = apart_m * detour, found
        return np.where(np.isfinite(walk_m), walk_m, np.nan), which


def walk_model(ways: pd.DataFrame, cells: pd.DataFrame) -> WalkModel:
    """The network of ``streets.walk_ways`` with cells (``lon``, ``lat``) attached to it."""
    network, wall = walk_network(ways), barrier(ways)
    cells_m = np.column_stack(points_to_metres(cells["lon"].to_numpy(), cells["lat"].to_numpy()))
    snapped = snap(network, cells_m, rule("thin_network_m"), wall)
    return WalkModel(network, wall, cells, cells_m, snapped)


def model_of(ways: pd.DataFrame, population: pd.DataFrame) -> WalkModel:
    """The model of a network, its cells being rows of ``toilets.coverage_cells``."""
    cells, closed = land_cells(), closed_areas(ways)
    points = shapely.points(np.column_stack(points_to_metres(cells["lon"], cells["lat"])))
    shapely.prepare(closed)
    open_cells = cells[~shapely.intersects(closed, points)].reset_index(drop=True)
    model = walk_model(ways, open_cells)
    frame = contract_frame(
        "toilets.coverage_cells",
        open_cells.assign(
            method=np.where(model.is_straight, STRAIGHT, NETWORK),
            street_m=model.snapped.off_m.round(1),
            residents=_residents(open_cells, model.cells_m, population),
            source_kind="osm",
        ),
    )
    return WalkModel(model.network, model.barrier, frame, model.cells_m, model.snapped)


def land_near_ways(ways: pd.DataFrame) -> pd.DataFrame:
    """Land by subdistrict (name) and how much of it a walkable street is near: ``area_km2``,
    ``near_km2``."""
    cells = land_cells()
    places_m = np.column_stack(points_to_metres(cells["lon"].to_numpy(), cells["lat"].to_numpy()))
    is_near = snap(walk_network(ways), places_m, rule("thin_network_m")).is_attached
    land = cells.assign(near_km2=cells["area_km2"].where(is_near, 0.0))
    return land.groupby("subdistrict_name")[["area_km2", "near_km2"]].sum()


def _residents(cells: pd.DataFrame, cells_m: np.ndarray, population: pd.DataFrame) -> np.ndarray:
    """People by cell: those of a point live in the nearest cell of their subdistrict, those without
    a point are spread evenly over its land. NaN in subdistricts of which no population is known."""
    people = np.full(len(cells), np.nan)
    for code, rows in population.groupby("subdistrict_code"):
        here = np.flatnonzero(cells["subdistrict_code"] == code)
        people[here] = 0.0
        placed = rows[rows["lon"].notna() & rows["lat"].notna()]
        if len(placed):
            points_m = np.column_stack(points_to_metres(placed["lon"], placed["lat"]))
            tree = shapely.STRtree(shapely.points(cells_m[here]))
            home = here[tree.nearest(shapely.points(points_m))]
            np.add.at(people, home, placed["residents"].to_numpy(dtype=float))
        area = cells["area_km2"].to_numpy()[here]
        spread = rows["residents"].sum() - placed["residents"].sum()
        people[here] += float(spread) * area / area.sum()
    return people


def in_scope(toilets: pd.DataFrame, scope: str) -> np.ndarray:
    """Which toilets a scope takes in: all, the public ones alone, those open day and night."""
    if scope == "public":
        return ~toilets["is_social"].fillna(False).to_numpy(dtype=bool)
    if scope == "open_24h":
        return toilets["is_open_24h"].fillna(False).to_numpy(dtype=bool)
    return np.ones(len(toilets), dtype=bool)


def is_open(toilets: pd.DataFrame, year: int) -> np.ndarray:
    """Which toilets are open at the end of the year; one without a year counts in every year."""
    return toilets["opened_year"].le(year).fillna(True).to_numpy(dtype=bool)


def cell_walks(model: WalkModel, toilets: pd.DataFrame, source_kind: str) -> pd.DataFrame:
    """``toilets.cell_walks``: distance and nearest toilet by cell and scope, year by year.

    Years in which the walk from a cell stays the same share a row. A scope of which the register
    holds nothing (no toilet says whether it is open at night) has none.
    """
    if toilets.empty:
        return empty_frame("toilets.cell_walks")
    places_m, places = model.places(toilets["lon"].to_numpy(), toilets["lat"].to_numpy())
    ids = np.append(toilets["toilet_id"].to_numpy(dtype=object), None)
    parts = []
    for scope in TOILET_SCOPES:
        if scope == "open_24h" and toilets["is_open_24h"].isna().all():
            continue
        spans = _spans(toilets, in_scope(toilets, scope))
        walks = []
        for _, _, chosen in spans:
            rows = np.flatnonzero(chosen)
            walk_m, which = model.walks_to(places_m[rows], places.take(rows))
            walks.append((walk_m.round(1), np.append(rows, -1)[which]))
        parts += [
            pd.DataFrame(
                {
                    "cell_id": model.cells["cell_id"].to_numpy()[begun],
                    "scope": scope,
                    "from_year": from_year,
                    "to_year": to_year[begun],
                    "walk_m": walk_m[begun],
                    "toilet_id": ids[nearest_toilet[begun]],
                    "source_kind": source_kind,
                }
            )
            for (from_year, _, _), (walk_m, nearest_toilet), (begun, to_year) in zip(
                spans, walks, _runs(spans, walks), strict=True
            )
        ]
    return contract_frame("toilets.cell_walks", pd.concat(parts, ignore_index=True))


def _runs(
    spans: list[tuple[int, int, np.ndarray]], walks: list[tuple[np.ndarray, np.ndarray]]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each span the cells whose walk changes with it, and until which year it then stays."""
    until = np.full(len(walks[0][0]), spans[-1][1])
    runs = []
    for number in range(len(spans) - 1, -1, -1):
        begun = np.ones(len(until), dtype=bool)
        if number:
            (walk_m, toilet), (walk_before_m, toilet_before) = walks[number], walks[number - 1]
            begun = (toilet != toilet_before) | (
                (walk_m != walk_before_m) & ~(np.isnan(walk_m) & np.isnan(walk_before_m))
            )
        runs.append((begun, until.copy()))
        until[begun] = spans[number][0] - 1
    return runs[::-1]


def _spans(toilets: pd.DataFrame, wanted: np.ndarray) -> list[tuple[int, int, np.ndarray]]:
    """First and last year of each span in which the same toilets are open, and which these are."""
    spans: list[tuple[int, int, np.ndarray]] = []
    for year in YEARS:
        chosen = wanted & is_open(toilets, year)
        if spans and np.array_equal(spans[-1][2], chosen):
            spans[-1] = (spans[-1][0], year, chosen)
        else:
            spans.append((year, year, chosen))
    return spans
