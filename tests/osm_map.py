"""Small OpenStreetMap extracts for tests, drawn by hand and written with osmium."""

from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Relation, Way

CENTRE = (120.20, 30.25)
"""In the middle of the district."""


class Map:
    """An extract in the making: positions are degrees east and north of the centre, × 1,000."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._nodes: list[Node] = []
        self._others: list[Way | Relation] = []
        self._next = 1_000

    def node(self, east: float, north: float, at=CENTRE, node_id=None, **tags) -> int:
        if node_id is None:
            self._next += 1
            node_id = self._next
        position = (at[0] + east / 1000, at[1] + north / 1000)
        self._nodes.append(Node(id=node_id, location=position, tags=_tags(tags)))
        return node_id

    def way(self, way_id, points, at=CENTRE, closed=False, missing=(), **tags) -> int:
        """A way over positions, or over nodes drawn before, by their ids."""
        nodes = [one if isinstance(one, int) else self.node(*one, at=at) for one in points]
        nodes += nodes[:1] if closed else []
        for place in missing:
            nodes[place] = 999_999_999
        self._others.append(Way(id=way_id, nodes=nodes, tags=_tags(tags)))
        return way_id

    def relation(self, relation_id, members, **tags) -> None:
        listed = [("w", way_id, role) for way_id, role in members]
        self._others.append(Relation(id=relation_id, members=listed, tags=_tags(tags)))

    def write(self) -> Path:
        with osmium.SimpleWriter(str(self._path)) as writer:
            for node in sorted(self._nodes, key=lambda item: item.id):
                writer.add_node(node)
            ways = [item for item in self._others if isinstance(item, Way)]
            for way in sorted(ways, key=lambda item: item.id):
                writer.add_way(way)
            for item in self._others:
                if isinstance(item, Relation):
                    writer.add_relation(item)
        return self._path


def _tags(tags: dict) -> dict:
    return {name.replace("__", ":"): value for name, value in tags.items()}
