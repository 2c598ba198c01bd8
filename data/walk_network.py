"""The street network that walking distances are taken over, and what cannot be walked through.

By default it is made of the named streets of the geography; an OpenStreetMap extract brings paths,
bridges and steps, and railways and closed areas besides. Stored ways are degrees (WGS-84); in the
network everything is metres (EPSG:4549).
"""

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from data.contracts import WALK_METHODS
from data.frames import contract_frame
from data.office_rules import office_rules
from geo import district
from geo.geojson import are_points, to_text
from geo.projection import to_degrees, to_metres
from geo.walking import WalkNetwork, joined, merged_nodes, network_of

WALKED = ("street", "path", "steps")
"""Kinds of ways that one walks on."""
SEALED = ("bridge", "tunnel")
RAILWAY, CLOSED_AREA = "railway", "closed_area"
NETWORK, STRAIGHT = WALK_METHODS

NO_WALK_CLASSES = ("trunk",)
"""Street classes without a way for those on foot: motorways and expressways."""
NOT_ON_THE_GROUND = ("隧道", "高架", "立交", "快速路", "跨线桥")
"""Streets whose name says so run below or above the ground and are for cars alone."""
PATH_CLASSES = ("footway", "path", "pedestrian")
M2_PER_HA = 10_000


def rule(key: str) -> float:
    """One of the office's figures."""
    return office_rules()[key].value


def default_walk_ways() -> pd.DataFrame:
    """``streets.walk_ways`` out of the named streets: joined where they cross or nearly meet.

    The geography has no levels: streets for cars alone are left out by class and name, all others
    count as meeting where they cross.
    """
    streets = [
        feature.geometry
        for feature in district.layer("streets")
        if feature.properties["street_class"] not in NO_WALK_CLASSES
        and not any(word in feature.properties["street_name"] for word in NOT_ON_THE_GROUND)
    ]
    edges, from_node, to_node = joined([to_metres(line) for line in streets], rule("joint_m"))
    edges = to_degrees(edges)
    is_point = are_points(edges)
    same = merged_nodes(from_node[is_point], to_node[is_point])
    edges = edges[~is_point]
    frame = pd.DataFrame(
        {
            "way_id": [f"B{number:05d}" for number in range(1, len(edges) + 1)],
            "way_kind": "street",
            "from_node": pd.Series(from_node[~is_point]).replace(same) + 1,
            "to_node": pd.Series(to_node[~is_point]).replace(same) + 1,
            "geometry_json": [to_text(line) for line in edges],
            "source_kind": "osm",
        }
    )
    return contract_frame("streets.walk_ways", frame)


def walk_network(ways: pd.DataFrame) -> WalkNetwork:
    """The network of the walkable rows of ``streets.walk_ways``.

    Bridges and tunnels are stepped onto at their ends alone: a spot beside one is not on its level.
    """
    walked = ways[ways["way_kind"].isin(WALKED)]
    lines = to_metres(shapely.from_geojson(walked["geometry_json"].to_numpy(dtype=object)))
    return network_of(
        lines,
        walked["from_node"].to_numpy(dtype="int64"),
        walked["to_node"].to_numpy(dtype="int64"),
        rule("least_component_m"),
        walked["structure"].isin(SEALED).to_numpy(dtype=bool),
    )


def barrier(ways: pd.DataFrame) -> BaseGeometry:
    """What nobody walks straight through, in metres: large waters, and railways where loaded."""
    least_m2 = rule("barrier_water_ha") * M2_PER_HA
    waters = [to_metres(feature.geometry) for feature in district.layer("water_areas")]
    railways = ways.loc[ways["way_kind"] == RAILWAY, "geometry_json"].to_numpy(dtype=object)
    lines = to_metres(shapely.from_geojson(railways))
    return shapely.union_all([*(one for one in waters if one.area >= least_m2), *lines])


def closed_areas(ways: pd.DataFrame) -> BaseGeometry:
    """Areas that the public may not enter, in metres: their rings are rows of the ways."""
    rings = ways.loc[ways["way_kind"] == CLOSED_AREA, "geometry_json"].to_numpy(dtype=object)
    # Of several rings of one area the inner ones are holes in it.
    return shapely.union_all(shapely.build_area(to_metres(shapely.from_geojson(rings))))
