"""Sample register of demonstration streets: real streets, invented progress.

The plan asks for 14 精品示范街, one a subdistrict, and at least one new 省级街容示范街 beside the
11 of the base year (clauses 4.1.4 and 1.1.3). Lengths are metres along every carriageway that the
map draws, so a street with two carriageways counts twice.
"""

import numpy as np
import pandas as pd

from data.frames import contract_frame
from data.geography import short_names, street_pieces
from data.sample.common import generator
from geo import along, district
from geo.geojson import to_text
from geo.projection import points_to_degrees, to_metres

BOUTIQUE = (
    ("清波", "南山路", "市级", 2021),
    ("湖滨", "湖滨路", "市级", 2021),
    ("小营", "建国中路", "区级", 2022),
    ("南星", "复兴南街", "区级", 2023),
    ("紫阳", "中山南路", "市级", 2022),
    ("望江", "婺江路", "区级", 2023),
    ("凯旋", "景昙路", "区级", 2022),
    ("采荷", "采荷路", "区级", 2023),
    ("闸弄口", "天运路", "区级", 2024),
    ("四季青", "城星路", "市级", 2021),
    ("彭埠", "昙花庵路", "区级", 2024),
    ("笕桥", "环站北路", "区级", 2025),
    ("丁兰", "临丁路", "区级", None),
    ("九堡", "九和路", "区级", 2025),
)
"""精品示范街: subdistrict, street, level, year of completion (None: still under construction)."""

PROVINCIAL = (
    ("清波", "河坊街", 2016),
    ("湖滨", "延安路", 2016),
    ("湖滨", "平海路", 2017),
    ("小营", "解放路", 2017),
    ("湖滨", "庆春路", 2017),
    ("四季青", "富春路", 2018),
    ("小营", "西湖大道", 2018),
    ("采荷", "解放东路", 2019),
    ("望江", "钱江路", 2019),
    ("凯旋", "庆春东路", 2020),
    ("四季青", "新业路", 2020),
    ("望江", "望江东路", 2023),
)
"""省级街容示范街: subdistrict, street, year of completion; 11 in the base year and one new."""

OPEN_PROGRESS_PCT = 85.0
OPEN_STARTED = 2024


def street_sample_tables() -> dict[str, pd.DataFrame]:
    """``streets.demonstration_streets``."""
    random = generator("streets")
    codes = {name: code for code, name in short_names().items()}
    rows = [
        _row(f"D{i:02d}", "boutique", codes[short], street, level, year, "4.1.4", random)
        for i, (short, street, level, year) in enumerate(BOUTIQUE, start=1)
    ]
    rows += [
        _row(
            f"P{i:02d}",
            "provincial",
            codes[short],
            street,
            "省级",
            year,
            "1.1.3" if year <= 2020 else "4.1.4",
            random,
        )
        for i, (short, street, year) in enumerate(PROVINCIAL, start=1)
    ]
    path = "streets.demonstration_streets"
    return {path: contract_frame(path, rows)}


def _row(
    demonstration_id: str,
    designation: str,
    code: str,
    street_name: str,
    level: str,
    completed: int | None,
    clause: str,
    random: np.random.Generator,
) -> dict:
    return {
        "demonstration_id": demonstration_id,
        "designation": designation,
        "street_name": street_name,
        "subdistrict_code": code,
        "subdistrict_name": district.subdistrict_names()[code],
        "level": level,
        "state": "completed" if completed else "under_construction",
        "progress_pct": 100.0 if completed else OPEN_PROGRESS_PCT,
        "started_year": completed - int(random.integers(1, 3)) if completed else OPEN_STARTED,
        "completed_year": completed,
        "clause": clause,
        "source_kind": "sample",
        **_place(street_name, code),
    }


def _place(street_name: str, code: str) -> dict:
    """Course, length and label position of a street in a subdistrict, if the map knows it."""
    pieces = [
        piece
        for piece in street_pieces()
        if piece.street_name == street_name and piece.subdistrict_code == code
    ]
    if not pieces:
        return {"is_mapped": False}
    lines = along.gathered([piece.geometry for piece in pieces])
    lon, lat = points_to_degrees(*along.point_at(to_metres(lines), 0.5))
    return {
        "is_mapped": True,
        "length_m": sum(piece.length_m for piece in pieces),
        "lon": round(lon, 6),
        "lat": round(lat, 6),
        "geometry_json": to_text(lines),
    }
