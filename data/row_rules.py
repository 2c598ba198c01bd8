"""What a row of each table must satisfy: columns, keys, codes, positions, and rules across columns.

One set of rules for a whole snapshot (``data.check``) and for a register before it gets into one
(``data.registers.validation``). A violation says which rows break a rule and in which columns.
"""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from data.contracts import Column, Table
from data.indicators import indicator_rules
from data.lighting_rules import LIGHTING_RULES, component_codes
from data.rule_parts import (
    BEGUN_STATES,
    Condition,
    Rule,
    Violation,
    is_earlier,
    is_later,
    is_repeated,
    is_true,
    progress_rules,
)
from data.walk_network import CLOSED_AREA, WALKED
from data.water_quality import ITEM_COLUMNS, JUDGED, classify
from geo import district
from geo.overlay import near
from geo.projection import to_metres

NODE_APART_M = 10.0
"""Ends that bear one number lie together but for the rounding of stored lines (1 m a point)."""


def rule_violations(contract: Table, frame: pd.DataFrame) -> list[Violation]:
    """Every rule of a table that rows of ``frame`` break, in the contract's order.

    The frame has the contract's types; rules on columns that it lacks are left out.
    """
    if frame.empty:
        return []
    groups = (
        _key,
        _columns,
        _indicator_ranges,
        _subdistricts,
        _positions,
        _walk_ways,
        component_codes,
        _across,
    )
    return [found for group in groups for found in group(contract, frame) if found.wrong.any()]


def _is_no_photo(column: str) -> Condition:
    return lambda f: is_true(f[column].notna() & ~f[column].str.fullmatch(_PHOTO).fillna(False))


def _key(contract: Table, frame: pd.DataFrame) -> Iterator[Violation]:
    if set(contract.key) <= set(frame.columns):
        wrong = frame.duplicated(list(contract.key)).to_numpy()
        text = f"{'、'.join(contract.key)} 重复，请只保留一行"
        yield Violation("主键唯一", text, contract.key, wrong)


def _columns(contract: Table, frame: pd.DataFrame) -> Iterator[Violation]:
    for column in contract.columns:
        if column.name in frame:
            yield from _column(column, frame[column.name])


def _column(column: Column, values: pd.Series) -> Iterator[Violation]:
    named = f"{column.name}（{column.title}）"
    at = (column.name,)
    if column.required:
        yield Violation("必填", f"{named} 为空，请补填", at, values.isna().to_numpy())
    if column.allowed:
        wrong = values.notna() & ~values.isin(column.allowed)
        text = f"{named} 只能是 {'、'.join(column.allowed)}，请改正"
        yield Violation("取值", text, at, wrong.to_numpy(dtype=bool))
    for limit, beyond, word in ((column.low, "lt", "小于"), (column.high, "gt", "大于")):
        if limit is not None:
            text = f"{named} {word} {limit:g}{column.unit}，请核对数值与单位"
            yield Violation("范围", text, at, is_true(getattr(values, beyond)(limit)))


def _indicator_ranges(contract: Table, frame: pd.DataFrame) -> Iterator[Violation]:
    if contract.path != "plan.indicator_values":
        return
    at = ("value", "indicator_no")
    for indicator_no, rule in indicator_rules().items():
        of_it = (frame["indicator_no"] == indicator_no).fillna(False) & frame["value"].notna()
        wrong = of_it & ~frame["value"].between(rule.low, rule.high)
        text = (
            f"第 {indicator_no} 项指标的 value（数值）超出 {rule.low:g}～{rule.high:g}，"
            "请核对数值与单位（百分数填 98.5，不填 0.985 或 98.5%）"
        )
        yield Violation("指标范围", text, at, is_true(wrong))
        if rule.digits == 0:
            text = f"第 {indicator_no} 项指标按个数计，value（数值）应为整数，请改正"
            yield Violation("指标范围", text, at, is_true(of_it & (frame["value"] % 1 != 0)))


def _subdistricts(contract: Table, frame: pd.DataFrame) -> Iterator[Violation]:
    if "subdistrict_code" not in frame:
        return
    names = district.subdistrict_names()
    code = frame["subdistrict_code"]
    is_known = code.isin(list(names))
    text = "subdistrict_code 不是本区 14 个街道的代码，请按 2021 年后的代码填写"
    yield Violation("街道代码", text, ("subdistrict_code",), is_true(code.notna() & ~is_known))
    if "subdistrict_name" in frame:
        wrong = is_known & (frame["subdistrict_name"] != code.map(names)).fillna(True)
        text = "subdistrict_name 与代码不符，请以代码为准改正"
        yield Violation("街道名称", text, ("subdistrict_name", "subdistrict_code"), is_true(wrong))


def _positions(contract: Table, frame: pd.DataFrame) -> Iterator[Violation]:
    if not {"lon", "lat", "subdistrict_code"} <= set(frame.columns):
        return
    lon, lat = (frame[name].to_numpy(dtype=float, na_value=np.nan) for name in ("lon", "lat"))
    placed = ~(np.isnan(lon) | np.isnan(lat))
    code = frame["subdistrict_code"]
    stated = code.notna().to_numpy()
    in_district = near(district.outline(), lon, lat)
    in_stated = np.zeros(len(frame), dtype=bool)
    for subdistrict_code, area in district.subdistrict_areas().items():
        here = is_true(code == subdistrict_code)
        in_stated[here] = near(area, lon[here], lat[here])
    text = "lon、lat 在本区之外，请核对坐标系（应为 WGS-84 经纬度）与经纬度顺序"
    yield Violation("位置在区内", text, ("lon", "lat"), placed & stated & ~in_district)
    elsewhere = placed & stated & in_district & ~in_stated
    text = "lon、lat 不在所填街道内，请核对位置或街道代码"
    yield Violation("位置与街道相符", text, ("subdistrict_code", "lon", "lat"), elsewhere)


def _walk_ways(contract: Table, frame: pd.DataFrame) -> Iterator[Violation]:
    """Edges of a network lead from node to node, and what bounds an area is closed."""
    if contract.path != "streets.walk_ways":
        return
    kind, drawn = frame["way_kind"], frame["geometry_json"].notna().to_numpy()
    walked = is_true(kind.isin(WALKED))
    unjoined = (frame["from_node"].isna() | frame["to_node"].isna()).to_numpy(bool)
    text = "可步行的路段须有 from_node 与 to_node，否则无从知道与哪些路段相接，请补填两端的节点编号"
    yield Violation("路网节点", text, ("from_node", "to_node"), walked & unjoined)
    lines = shapely.from_geojson(frame["geometry_json"].where(drawn, None).to_numpy(dtype=object))
    is_one = shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING
    text = "可步行的路段须是一条连续的线，请在节点处拆分后重新导出"
    yield Violation("路网线形", text, ("geometry_json",), walked & drawn & ~is_one)
    usable = walked & ~unjoined & is_one
    text = (
        f"from_node 或 to_node 处的端点与同一编号的其他端点偏离 {NODE_APART_M:g} 米以上，"
        "请核对节点编号及其与线的方向"
    )
    yield Violation("路网节点", text, ("from_node", "to_node"), _apart(frame, lines, usable))
    parts, owner = shapely.get_parts(lines, return_index=True)
    is_open = np.zeros(len(frame), dtype=bool)
    is_open[owner[~shapely.is_closed(parts)]] = True
    text = "封闭区域的界线须首尾闭合，请在地理软件中补画"
    wrong = is_true(kind == CLOSED_AREA) & is_open
    yield Violation("封闭区域", text, ("geometry_json", "way_kind"), wrong)


def _apart(frame: pd.DataFrame, lines: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """Edges of which an end lies far from where the other edges put its node."""
    rows = np.flatnonzero(usable)
    ends_m = to_metres(np.concatenate([shapely.get_point(lines[rows], i) for i in (0, -1)]))
    node = np.concatenate([frame[name].to_numpy()[rows] for name in ("from_node", "to_node")])
    at = pd.DataFrame(shapely.get_coordinates(ends_m), columns=["east_m", "north_m"])
    apart_m = (at - at.groupby(node).transform("median")).abs().max(axis=1).to_numpy()
    wrong = np.zeros(len(frame), dtype=bool)
    wrong[np.tile(rows, 2)[apart_m > NODE_APART_M]] = True
    return wrong


def _across(contract: Table, frame: pd.DataFrame) -> Iterator[Violation]:
    for path, rule, message, columns, wrong in _RULES:
        if path == contract.path and set(columns) <= set(frame.columns):
            text = message if "，请" in message else f"{message}，请改正"
            yield Violation(rule, text, columns, wrong(frame))


def _misjudged(frame: pd.DataFrame) -> np.ndarray:
    judged = classify(frame)
    texts = ["quality_class", "limiting_item"]
    return (frame[texts].fillna("") != judged[texts].fillna("")).any(axis=1).to_numpy()


_PHOTO = re.compile(r"(?!\.)[^/\\:*?\"<>|%#\x00-\x1f]{1,100}\.(?:jpe?g|png|webp)", re.IGNORECASE)
"""A bare file name: no folder, drive or address, nothing hidden, nothing that an address changes."""
_NO_PHOTO = "{} 只能是照片的文件名（jpg、jpeg、png、webp），不能有文件夹或网址"
_ITEMS = (*JUDGED, "water_kind", *ITEM_COLUMNS.values())
_RULES: tuple[Rule, ...] = (
    ("rivers.rivers", "等级与年份", "beautiful_year 与 beautiful_level 须同有同无",
     ("beautiful_year", "beautiful_level"),
     lambda f: ((f["beautiful_level"].fillna("none") != "none") != f["beautiful_year"].notna())
     .to_numpy()),
    ("rivers.rivers", "上图", "is_mapped 为真的河道须有 length_m 与 geometry_json",
     ("is_mapped", "length_m", "geometry_json"),
     lambda f: is_true(f["is_mapped"] & (f["length_m"].isna() | f["geometry_json"].isna()))),
    ("rivers.water_quality", "定类", "quality_class、limiting_item 与各项数值按 GB 3838-2002 得出的不符",
     _ITEMS, lambda f: _misjudged(f)),
    ("rivers.water_quality", "日期", "month 在今天以后，还不会有监测结果", ("month",),
     is_later("month")),
    ("rivers.facilities", "晴天出水", "不是排出口，不会有 dry_flow_found_on",
     ("dry_flow_found_on", "facility_kind"),
     lambda f: is_true((f["facility_kind"] != "outfall") & f["dry_flow_found_on"].notna())),
    ("rivers.facilities", "晴天出水", "有 dry_flow_fixed_on 而没有 dry_flow_found_on",
     ("dry_flow_fixed_on", "dry_flow_found_on"),
     lambda f: is_true(f["dry_flow_found_on"].isna() & f["dry_flow_fixed_on"].notna())),
    ("rivers.facilities", "日期", "dry_flow_fixed_on 不能早于 dry_flow_found_on",
     ("dry_flow_fixed_on", "dry_flow_found_on"),
     is_earlier("dry_flow_fixed_on", "dry_flow_found_on")),
    ("rivers.facilities", "建成", "completed_year 只能在状态为已建成时填",
     ("completed_year", "state"),
     lambda f: is_true(f["completed_year"].notna() & (f["state"].fillna("") != "completed"))),
    ("streets.demonstration_streets", "建成", "completed 的须有 completed_year 且进度 100%",
     ("completed_year", "progress_pct", "state"),
     lambda f: is_true((f["state"] == "completed")
                       & (f["completed_year"].isna() | (f["progress_pct"] < 100)))),
    ("streets.demonstration_streets", "建成", "completed_year 只能在状态为 completed 时填",
     ("completed_year", "state"),
     lambda f: is_true(f["completed_year"].notna() & (f["state"] != "completed"))),
    ("streets.demonstration_streets", "年份", "completed_year 不能早于 started_year",
     ("completed_year", "started_year"),
     is_earlier("completed_year", "started_year")),
    ("streets.demonstration_streets", "重复", "同一街道的同一条道路已有一行同类的示范街",
     ("street_name", "designation", "subdistrict_code"),
     is_repeated("street_name", "designation", "subdistrict_code")),
    ("streets.demonstration_streets", "照片", _NO_PHOTO.format("photo_before"), ("photo_before",),
     _is_no_photo("photo_before")),
    ("streets.demonstration_streets", "照片", _NO_PHOTO.format("photo_after"), ("photo_after",),
     _is_no_photo("photo_after")),
    ("streets.street_scores", "日期", "scored_on 在今天以后，还不会有评分", ("scored_on",),
     is_later("scored_on")),
    *progress_rules("streets.road_projects"),
    ("streets.road_projects", "重复", "同一道路、同一段、同一年份已有一行，分段修缮的请分别填 section",
     ("road_name", "section", "plan_year", "managed_level"),
     is_repeated("road_name", "section", "plan_year", "managed_level")),
    ("streets.pavement", "日期", "inspected_on 在今天以后，还不会有检测结果", ("inspected_on",),
     is_later("inspected_on")),
    ("streets.pavement", "年份", "renewed_year 不能晚于 inspected_on 的年份",
     ("renewed_year", "inspected_on"),
     lambda f: is_true(f["renewed_year"] > f["inspected_on"].dt.year)),
    ("streets.accessibility_points", "日期", "closed_on 不能早于 found_on", ("closed_on", "found_on"),
     is_earlier("closed_on", "found_on")),
    ("streets.accessibility_points", "日期", "found_on 或 closed_on 在今天以后，应为实际日期",
     ("found_on", "closed_on"), is_later("found_on", "closed_on")),
    ("streets.bridges", "日期", "checked_on 在今天以后，还不会有检测结果", ("checked_on",),
     is_later("checked_on")),
    ("plan.projects", "完工", "completed 的须有 completed_on，其他状态不能有",
     ("completed_on", "state"),
     lambda f: ((f["state"] == "completed").fillna(False) != f["completed_on"].notna()).to_numpy(bool)),
    ("plan.projects", "开工", "在建、停工、完工的须有 started_on，未开工的不能有",
     ("started_on", "state"),
     lambda f: (f["state"].isin(BEGUN_STATES) != f["started_on"].notna()).to_numpy(bool)),
    ("plan.projects", "日期", "completed_on 不能早于 started_on", ("completed_on", "started_on"),
     is_earlier("completed_on", "started_on")),
    ("plan.projects", "上图", "is_mapped 为真的项目须有 lon、lat 与 located_by，未上图的不能有位置",
     ("is_mapped", "lon", "lat", "located_by"),
     lambda f: is_true(f["is_mapped"].ne(f["lon"].notna() & f["lat"].notna())
                       | f["is_mapped"].ne(f["located_by"].notna()))),
    ("plan.projects", "规划年份", "plan_end_year 不能早于 plan_start_year",
     ("plan_end_year", "plan_start_year"),
     is_earlier("plan_end_year", "plan_start_year")),
    *LIGHTING_RULES,
)  # fmt: skip
"""Rules across columns; a message without a remedy of its own asks to put it right."""
