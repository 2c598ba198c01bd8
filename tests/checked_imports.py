"""Checked imports put together by hand: what staging, report and commands are tested with."""

import pandas as pd

from data.frames import contract_frame
from data.registers.difference import Difference
from data.registers.findings import Findings
from data.registers.raw import RawTable
from data.registers.registry import register
from data.registers.validation import CrsVerdict, Options, Validation

TOILETS = register("toilets")
HEADINGS = {
    "公厕编号": "toilet_id",
    "公厕": "toilet_name",
    "经度": "lon",
    "纬度": "lat",
    "星级": "star_rating",
    "备注": "",
}


def toilet(number, **changes):
    """A row of the table of toilets."""
    row = {
        "toilet_id": f"T{number}", "toilet_name": f"公厕{number}",
        "subdistrict_code": "330102003", "subdistrict_name": "湖滨街道",
        "lon": 120.16 + number / 1e4, "lat": 30.25, "star_rating": 4,
        "position_source": "register", "source_kind": "register",
    }  # fmt: skip
    return row | changes


def checked(findings=None, accepted=(1, 2), cells=None, crs=None, **raw_changes):
    """A validation of four rows of which those numbered ``accepted`` pass."""
    numbers = range(1, 5)
    if cells is None:
        cells = pd.DataFrame(
            {
                "公厕编号": [f"T{n}" for n in numbers],
                "公厕": [f"公厕{n}" for n in numbers],
                "经度": ["120.1601", "120.1602", "120.1603", "abc"],
                "纬度": ["30.25", "30.25", "30.25", "30.25"],
                "星级": ["4", "４", "9", "4"],
                "备注": [None, None, None, "-"],
            },
            index=pd.Index([n + 1 for n in numbers], name="row"),
            dtype="str",
        )
    rows = contract_frame("toilets.toilets", [toilet(n) for n in accepted])
    rows.index = pd.Index([n + 1 for n in accepted], name="row")
    raw = RawTable(
        **{
            "file_name": "公厕.xlsx", "format": "Excel 工作表“填报”", "sha256": "0" * 64,
            "cells": cells, "blank_rows": 1,
        } | raw_changes
    )  # fmt: skip
    options = Options(crs="wgs84", provider="区城管局", as_of="2025-12", mapping={"备注": ""})
    return Validation(
        TOILETS, raw, options, {name: HEADINGS.get(name, "") for name in cells}, rows,
        faults() if findings is None else findings, verdict() if crs is None else crs,
    )  # fmt: skip


def faults():
    """The findings of the four rows: one corrected, two rejected, one for the whole file."""
    found = Findings()
    found.add([0], "备注", "", "noted", "未用的列", "登记册没有这一列", "无需处理")
    found.add([3], "星级", "４", "corrected", "全角字符", "含全角字符，已按“4”读取", "请改用半角")
    found.add([4], "星级", "9", "rejected", "范围", "大于 5星", "可填 1～5")
    found.add([5], "经度", "abc", "rejected", "格式", "不是数字", "请填数字")
    return found.frame()


def verdict(**changes):
    """A verdict on the coordinate system without objections."""
    known = {
        "declared": "wgs84", "swapped": False, "inside_pct": {"wgs84": 100.0, "gcj02": 98.5},
        "landmark_m": {"wgs84": 12.0}, "landmark_count": 3, "suggestion": None,
        "message": "按 WGS-84 解释，100% 落在区内", "blocks": False,
    }  # fmt: skip
    return CrsVerdict(**known | changes)


def compared(validation, **changes):
    """A difference in which every accepted row is new."""
    keys = list(validation.register.table.key)
    none = validation.rows.iloc[:0]
    known = {
        "new": validation.rows, "changed_keys": none, "gone": none, "unchanged_count": 0,
        "changed": pd.DataFrame(columns=[*keys, "column", "before", "after"], dtype="str"),
        "replaces_sample": True,
    }  # fmt: skip
    return Difference(**known | changes)
