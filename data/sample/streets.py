"""Sample register of demonstration streets: real streets, invented progress.

The plan asks for 14 精品示范街, one a subdistrict, and at least one new 省级街容示范街 beside the
11 of the base year (clauses 4.1.4 and 1.1.3). Lengths are metres along every carriageway that the
map draws, so a street with two carriageways counts twice.
"""

import numpy as np
import pandas as pd

from data.contracts import SCORE_ELEMENTS
from data.frames import contract_frame
from data.geography import short_names
from data.sample.common import generator, map_courses
from data.street_courses import with_courses
from geo import district

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
    ("九堡", "九和路", "区级", None),
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

IN_ACCEPTANCE = ("九堡",)
"""Streets that are finished and not yet named at the end; the others without a year are being built."""
LAG_NOTES = {"丁兰": "沿线管线迁改未完成（示例）", "九堡": "待市级验收（示例）"}
REMARKS = {
    "洁化": "路面有零星垃圾", "序化": "非机动车停放不齐", "绿化": "行道树缺株",
    "亮化": "部分灯具不亮", "美化": "家具有污损", "设施": "井盖、路缘破损",
    "立面": "空调外机未规整", "标识": "标识标牌不统一", "无障碍": "盲道不连续",
}  # fmt: skip
"""What was found where an element scored low."""
LOW_SCORE = 80.0
LAST_SCORED = "2025-12-31"
OPEN_PROGRESS_PCT = 85.0
OPEN_STARTED = 2024


def street_sample_tables() -> dict[str, pd.DataFrame]:
    """``streets.demonstration_streets``."""
    random = generator("streets")
    codes = {name: code for code, name in short_names().items()}
    rows = [
        _row(f"D{i:02d}", "boutique", codes[short], street, level, year, "4.1.4", random)
        | _state(short, year)
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
    streets = with_courses(contract_frame(path, rows), map_courses())
    return {path: streets, "streets.street_scores": _scores(streets, generator("scores"))}


def _scores(streets: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Scores of each boutique street by element, twice a year from its start on.

    They rise while the street is being built and stay high once it is named; each street has an
    element that it finds hard.
    """
    rows = []
    for street in streets[streets["designation"] == "boutique"].itertuples():
        hard = random.integers(0, len(SCORE_ELEMENTS))
        level = random.normal(0, 2, len(SCORE_ELEMENTS))
        for day in pd.date_range(f"{int(street.started_year)}-06-30", LAST_SCORED, freq="6ME"):
            is_done = (
                street.completed_year <= day.year if street.completed_year is not pd.NA else False
            )
            years = (day.year - int(street.started_year)) + (day.month - 6) / 12
            reached = 91.0 if is_done else min(88.0, 70.0 + 8.0 * years)
            for number, element in enumerate(SCORE_ELEMENTS):
                score = reached + level[number] + random.normal(0, 1.2) - 6.0 * (number == hard)
                is_low = score < LOW_SCORE
                rows.append(
                    {"demonstration_id": street.demonstration_id, "scored_on": day,
                     "element": element, "score": round(float(np.clip(score, 40, 100)), 1),
                     "remark": REMARKS[element] if is_low else None, "source_kind": "sample"}
                )  # fmt: skip
    return contract_frame("streets.street_scores", rows)


def _state(short: str, completed: int | None) -> dict:
    """State and progress of a boutique street that is not completed."""
    if completed:
        return {}
    is_accepted = short in IN_ACCEPTANCE
    return {
        "state": "in_acceptance" if is_accepted else "under_construction",
        "progress_pct": 100.0 if is_accepted else OPEN_PROGRESS_PCT,
        "lag_note": LAG_NOTES[short],
    }


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
        "is_mapped": False,
    }
