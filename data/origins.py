"""Where rows come from: source kind, source and date of the data, as descriptions name them."""

import pandas as pd

PLAN = ("plan", "上城区城市管理“十四五”规划", "2021")
STANDARD = ("standard", "GB 3838-2002《地表水环境质量标准》表 1", "2002-06-01")
SPACING_STANDARD = ("standard", "CJJ 27-2012《环境卫生设施设置标准》", "2013-05-01")
OSM = ("osm", "© OpenStreetMap contributors (ODbL 1.0)", "2026-09")
SAMPLE = (
    "sample",
    "示例数据（固定种子生成，非真实登记；几何取自 © OpenStreetMap contributors, ODbL 1.0）",
    "2025-12",
)
AWAITED = ("register", "待填报", "待填报")
"""A dataset that only a register can fill and none has filled yet."""
PLAN_ON_MAP = (
    "plan",
    "上城区城市管理“十四五”规划；位置取自 © OpenStreetMap contributors (ODbL 1.0)",
    "2021",
)


def is_from_register(frame: pd.DataFrame) -> bool:
    """Whether rows were imported, from an office or from OpenStreetMap, and are not shipped."""
    return not frame.empty and bool(frame["source_kind"].isin(["register", "osm"]).all())
