"""Rules on the rows of lighting: codes of lamps, cabinets, tested roads, counts, works, dark spots."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from data.component_codes import LAMP_CLASSES, component_class
from data.contracts import Table
from data.rule_parts import Rule, Violation, is_earlier, is_later, is_true, progress_rules

_COUNTS = ("lit_count", "sound_count", "controlled_count", "led_count")


def component_codes(contract: Table, frame: pd.DataFrame) -> Iterator[Violation]:
    """Lamps whose identifier is that of another kind of component; ids of another form are free."""
    if contract.path != "lighting.assets" or not {"asset_id", "asset_kind"} <= set(frame.columns):
        return
    found = component_class(frame["asset_id"])
    for kind, own in LAMP_CLASSES.items():
        of_kind = is_true(frame["asset_kind"] == kind)
        told = f"asset_kind 为 {kind}，而 asset_id 的第 7–10 位{{}}（应为 {own}），请核对类别与编码"
        for other, code in LAMP_CLASSES.items():
            if other != kind:
                text = told.format(f" {code} 是 {other} 的编码")
                yield _miscoded(text, of_kind & is_true(found == code))
        is_no_lamp = found.notna() & ~found.isin(LAMP_CLASSES.values())
        yield _miscoded(told.format("不是灯具的编码"), of_kind & is_true(is_no_lamp))


def _miscoded(message: str, wrong: np.ndarray) -> Violation:
    return Violation("部件编码", message, ("asset_id", "asset_kind"), wrong)


def _too_many_nights(frame: pd.DataFrame) -> np.ndarray:
    """Counts with more nights of faults than their day or month has."""
    nights = frame["counted_on"].dt.days_in_month.where(frame["span"] == "month", 1)
    return is_true(frame["fault_night_count"] > nights)


LIGHTING_RULES: tuple[Rule, ...] = (
    ("lighting.yearly", "计数", "亮灯、完好、集中控制、LED 数都不能多于 asset_count",
     ("asset_count", *_COUNTS),
     lambda f: is_true(f[list(_COUNTS)].max(axis=1) > f["asset_count"])),
    ("lighting.cabinets", "接入", "connected_year 只能在 is_on_central_switch 为“是”时填，请核对是否接入，或清空年份",
     ("connected_year", "is_on_central_switch"),
     lambda f: is_true(f["connected_year"].notna() & ~f["is_on_central_switch"].fillna(False))),
    ("lighting.roads", "装灯", "has_lamps 为“否”的道路，meets_standard 不能为“是”，请核对是否装灯",
     ("meets_standard", "has_lamps"),
     lambda f: is_true(f["meets_standard"] & ~f["has_lamps"])),
    ("lighting.roads", "日期", "measured_on 在今天以后，还不会有检测结果", ("measured_on",),
     is_later("measured_on")),
    ("lighting.status", "统计对象", "cabinet_id 与 road_name 都填了，请按控制柜或按道路统计，只填一个",
     ("road_name", "cabinet_id"),
     lambda f: is_true(f["cabinet_id"].notna() & f["road_name"].notna())),
    ("lighting.status", "统计对象", "cabinet_id 与 road_name 都未填，请填其中一个",
     ("cabinet_id", "road_name"),
     lambda f: is_true(f["cabinet_id"].isna() & f["road_name"].isna())),
    ("lighting.status", "街道", "按道路统计的须有 subdistrict_name，请分街道各填一行",
     ("subdistrict_name", "subdistrict_code", "road_name"),
     lambda f: is_true(f["road_name"].notna() & f["subdistrict_code"].isna())),
    ("lighting.status", "统计日期", "按月统计的 counted_on 应为当月 1 日，请改为 1 日，或只写到月",
     ("counted_on", "span"),
     lambda f: is_true((f["span"] == "month") & (f["counted_on"].dt.day != 1))),
    ("lighting.status", "日期", "counted_on 在今天以后，还不会有统计", ("counted_on",),
     is_later("counted_on")),
    ("lighting.status", "计数", "lit_count 不能多于 due_count，请核对两个数",
     ("lit_count", "due_count"),
     lambda f: is_true(f["lit_count"] > f["due_count"])),
    ("lighting.status", "计数", "fault_night_count 不能多于统计周期的天数（按日的至多 1 夜），请核对夜数与周期",
     ("fault_night_count", "span", "counted_on"), _too_many_nights),
    ("lighting.status", "修复", "repaired_count 不大于 0，不会有 repair_hours，请补填修复数，或清空时长",
     ("repair_hours", "repaired_count"),
     lambda f: is_true((f["repair_hours"] > 0) & (f["repaired_count"].fillna(0) == 0))),
    ("lighting.energy", "日期", "month 在今天以后，还不会有用电量", ("month",), is_later("month")),
    ("lighting.projects", "计数", "completed_quantity 不能多于 quantity，请核对两个数",
     ("completed_quantity", "quantity"),
     lambda f: is_true(f["completed_quantity"] > f["quantity"])),
    ("lighting.projects", "完工", "completed 的 completed_quantity 不能少于 quantity，请核对数量与状态",
     ("completed_quantity", "quantity", "state"),
     lambda f: is_true((f["state"] == "completed") & (f["completed_quantity"] < f["quantity"]))),
    *progress_rules("lighting.projects"),
    ("lighting.dark_spots", "日期", "fixed_on 不能早于 found_on", ("fixed_on", "found_on"),
     is_earlier("fixed_on", "found_on")),
    ("lighting.dark_spots", "日期", "found_on 或 fixed_on 在今天以后，应为实际日期",
     ("found_on", "fixed_on"), is_later("found_on", "fixed_on")),
)  # fmt: skip
"""Rules across columns, in the order of the contract's tables."""
