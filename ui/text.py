"""Wording that pages share: everything a user reads and that is said in more than one place."""

import os
from collections.abc import Sequence

APP_TITLE = "上城区城市管理驾驶舱"
NO_DATA = "无数据"
UNREPORTED = "待填报"
SAMPLE_TAG = "示例"
ASSUMED_TAG = "假设"
UNMAPPED = "未上图"
UNFILLED = "未填"
NO_MEASURE = "登记册尚无该项数据"
WHOLE_DISTRICT = "上城区"
NO_FINDINGS = "所选范围内暂无登记数据；规划目标见各卡片。"
FAILED_PAGE = "本页暂时无法显示，错误已记入服务日志。请刷新；若仍出现，请联系管理员。"
SAMPLE_NOTES = {False: "登记册未导入，为示例数据", True: "部分登记册未导入，为示例数据"}
SAMPLE_BANNERS = {
    False: "当前登记册为示例数据（固定种子生成，总数与规划一致），仅供演示；导入正式登记册后自动替换。",
    True: "部分登记册仍为示例数据（固定种子生成），仅供演示；导入正式登记册后自动替换。",
}
"""What a page with sample rows says; True where other registers of the page are imported."""
COORDINATES_NOTE = "坐标系 CGCS2000（≈WGS-84）经纬度"
BOUNDARY_NOTE = "虚线界线（笕桥–丁兰、彭埠–九堡、笕桥–九堡）为推定"
GEOGRAPHY_NOTE = "底图 © OpenStreetMap contributors（ODbL 1.0）"

SOURCE_KINDS = {
    "plan": "规划",
    "standard": "标准",
    "osm": "开放地图",
    "register": "登记册",
    "sample": "示例",
}
SEARCH_KINDS = {
    "subdistrict": "街道",
    "river": "河道",
    "street": "道路",
    "toilet": "公厕",
    "project": "项目",
    "clause": "条款",
    "indicator": "指标",
    "place": "地名",
}
BEAUTIFUL_LEVELS = {"provincial": "省级美丽河湖", "municipal": "市级美丽河湖", "none": "未创建"}
RIVER_RANKS = {"trunk": "干流", "main": "主要河道", "branch": "支流"}
PROJECT_STATES = {"completed": "已建成", "open": "未建成"}
STREET_CLASSES = {
    "trunk": "快速路",
    "primary": "主干路",
    "secondary": "次干路",
    "tertiary": "支路",
    "residential": "街巷",
    "pedestrian": "步行街",
    "service": "内部道路",
    "footway": "步行道",
    "path": "小路",
}
"""Classes of streets by the map's own word; one that is not here is told as it is registered."""
DESIGNATIONS = {"boutique": "精品示范街", "provincial": "省级街容示范街"}
ASSET_KINDS = {"street_lamp": "路灯（功能照明）", "ground_lamp": "地灯", "scenery_light": "景观灯"}
STRUCTURE_GROUPS = {"belt": "一带", "corridor": "两廊", "axis": "三轴", "zone": "五区"}
FACT_ROLES = {"base": "基期", "goal": "目标", "task": "任务"}
PLAN_THEMES = {
    "rivers": "河道",
    "streets": "街路",
    "toilets": "公厕",
    "lighting": "亮灯",
    "waste": "垃圾",
    "municipal": "市政",
    "digital": "数字",
    "enforcement": "执法",
    "appearance": "市容",
    "governance": "体制",
}
LIGHTING_KINDS = {
    "venue": "亚运场馆",
    "hub": "交通枢纽",
    "city_entrance": "入城口",
    "window_road": "窗口道路",
    "key_line": "重点沿线",
    "building": "楼宇",
    "public_place": "公共部位",
    "embankment": "堤岸线",
    "green_belt": "绿化带",
}
LIGHTING_TECHNIQUES = {"micro": "微照明", "light": "轻照明", "other": "其他方式"}


def map_notice() -> str:
    """The map-review line of every map and export; set by COCKPIT_MAP_NOTICE once reviewed."""
    return os.environ.get("COCKPIT_MAP_NOTICE", "示意图 · 未经审图 · 仅供内部使用")


def data_note(year: int) -> str:
    """What stands at the head of every page beside the filter."""
    return f"数据截至 {year}-12 · {map_notice()}"


def after_number(word: str) -> str:
    """What a file's rows are called as it stands after a number: 行, but 个要素."""
    return word if word == "行" else f"个{word}"


def joined(*parts: str) -> str:
    """The parts that say something, with dots between them."""
    return " · ".join(part for part in parts if part)


def plain(name: str) -> str:
    """A name from a register for a sentence: the marks for bold type in it stay what they are."""
    return name.replace("**", "＊＊")


def map_alt(place: str, subject: str, sentences: Sequence[str]) -> str:
    """What a map is for those who do not see it: where, what it shows, and the first finding.

    ``place`` is the filter's sentence; ``**`` of the sentences is left out.
    """
    told = sentences[0].replace("**", "") if sentences else f"{NO_DATA}。"
    return f"{place}：{subject}。{told}"


def clipped(name: str, most: int = 16) -> str:
    """A name short enough for a map or the head of a card."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def basis(known: int | None, total: int | None, filled: str, unit: str) -> str:
    """On how many of ``total`` things a figure rests, where not on all: 按已填等级的 40 条计."""
    if not known or not total or known >= total:
        return ""
    return f"按已填{filled}的 {known:,} {unit}计"


def number(value: float | None, digits: int = 0, missing: str = NO_DATA) -> str:
    """A number with thousands separators; 无数据 (or ``missing``) where there is none."""
    if value is None or value != value:
        return missing
    return f"{value:,.{digits}f}"
