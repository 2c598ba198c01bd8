"""What a scene of a story may ask for: pages, the keys of each page's address, their values, limits.

The pages read their keys in ``ui`` and ``views``; this table says the same without them, so that a
story can be checked where no page runs. A test holds the two to one another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from data.contracts import PROJECT_KINDS, TABLES, TOILET_SCOPES
from data.office_rules import office_rules
from data.plan import read_csv

LEAST_SECONDS, MOST_SECONDS, DEFAULT_SECONDS = 5, 600, 20
THEMES = {"dark": "深色", "light": "浅色"}
ITEM_KINDS = {
    "subdistrict": "街道",
    "river": "河道",
    "street": "道路",
    "toilet": "公厕",
    "project": "项目",
    "place": "地名",
}
"""Kinds of things that a map can point at, as ``item`` names them."""
ANY_NUMBER = None


@dataclass(frozen=True)
class KeyRule:
    """One key of a page's address: what it chooses and what may stand there."""

    title: str
    values: tuple[str, ...] = ()
    """All it may be; empty where that depends on the data or follows a form."""
    form: str = ""
    """Regular expression of what it may be; empty for any text."""
    example: str = ""
    entry_kind: str = ""
    """Kind in the search index of the thing whose number (a street: name) it is."""
    most: int | None = 1
    """How many values it may have at once."""


@dataclass(frozen=True)
class PageRule:
    """One page: what it is called, and the keys of its own in the address."""

    title: str
    keys: Mapping[str, KeyRule] = field(default_factory=dict)


@cache
def page_rules() -> Mapping[str, PageRule]:
    """Pages that a scene can show, by the stem of their file in ``views``, in the order of the menu."""
    return {
        "overview": PageRule("总览", {
            "measure": KeyRule("地图指标", (
                "beautiful", "quality", "density", "lit", "sound", "scenery", "control", "supply",
                "pavement", "walk", "accessible", "beautiful_length", "river_length",
            )),
        }),
        "indicators": PageRule("规划指标", {
            "part": KeyRule("内容", ("indicators", "clauses", "contradictions", "terms")),
            "indicator": KeyRule("指标", tuple(read_csv("indicators")["indicator_no"])),
            "clause": KeyRule("条款", tuple(read_csv("clauses")["clause"])),
        }),
        "rivers": PageRule("美丽河湖", {
            "show": KeyRule("图层", ("beautiful", "quality", "warning", "facilities", "projects")),
            "month": KeyRule("月份", _numbers(range(1, 13))),
            "panel": KeyRule("项目面板", ("list", "layout")),
            "assume": KeyRule("假设创建的河道", entry_kind="river", most=ANY_NUMBER),
        }),
        "streets": PageRule("示范街", {
            "show": KeyRule("图层", ("demonstration", "repair", "pavement", "points", "whole")),
            "view": KeyRule("视图", ("map", "gallery")),
            "order": KeyRule("卡片次序", ("open", "place")),
            "by": KeyRule("路面图层", ("grade", "life", "warning")),
            "compare": KeyRule("对比的道路", entry_kind="street", most=2),
        }),
        "toilets": PageRule("公共厕所", {
            "show": KeyRule("图层", ("walk", "grade", "density", "spacing", "sites")),
            "scope": KeyRule("计入的公厕", TOILET_SCOPES),
            "minutes": KeyRule("步行时间", _numbers(range(5, 21))),
            "kmh": KeyRule("步行速度", _numbers((3, 3.5, 4, 4.5, 5, 5.5, 6))),
            "cell": KeyRule("位置"),
            "n": KeyRule("选址数量", _numbers(range(1, 31))),
            "by": KeyRule("选址口径", ("area", "people")),
            "gap": KeyRule("最小间距", _numbers((0, 100, 150, 200, 250, 300, 400, 500, 600, 800))),
            "site": KeyRule("选址", form=r"|[0-9]{1,3}(\.[0-9]{1,12})?,[0-9]{1,2}(\.[0-9]{1,12})?",
                            example="120.21034,30.25521", most=30),
            "without": KeyRule("假设关闭的公厕", entry_kind="toilet", most=ANY_NUMBER),
        }),
        "lighting": PageRule("亚运亮灯", {
            "show": KeyRule("图层", ("lit", "plan", "faults", "spots", "service")),
            "view": KeyRule("视图", ("desk", "wall")),
            "light": KeyRule("卡片", form=r"(lamp|cabinet|work|spot):.+", example="cabinet:KZ001"),
            "gap": KeyRule("灯距上限", _lamp_gaps()),
            "measure": KeyRule("指标", ("control", "led", "standard", "energy", "poles")),
        }),
        "projects": PageRule("规划项目", {
            "kind": KeyRule("类别", PROJECT_KINDS, most=ANY_NUMBER),
            "body": KeyRule("实施主体", most=ANY_NUMBER),
            "state": KeyRule("状态", (
                "completed", "under_construction", "planned", "suspended", "unreported",
            ), most=ANY_NUMBER),
            "places": KeyRule("规划格局", ("1",)),
        }),
        "profile": PageRule("街道画像"),
        "catalog": PageRule("数据目录", {
            "dataset": KeyRule("数据集", tuple(table.path for table in TABLES)),
        }),
    }  # fmt: skip


def _numbers(values: range | tuple[float, ...]) -> tuple[str, ...]:
    """Numbers as the address writes them: 4 and 4.5."""
    return tuple(f"{value:g}" for value in values)


def _lamp_gaps() -> tuple[str, ...]:
    """Metres between lamps to choose from: in tens up to 200, and the office's own."""
    rules = office_rules()
    least, own = (rules[key].value for key in ("dark_gap_least_m", "dark_gap_m"))
    return _numbers(tuple(sorted({own, *range(round(least), 201, 10)})))
