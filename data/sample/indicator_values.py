"""Sample of reported indicator values: what offices would report for indicators no register holds.

Whole-district values for 2021–2025 (and 2020 where the plan states the base value), drawn between
a start and an end with small seeded steps. One value of the newest year is left out on purpose, so
that 待填报 shows; two indicators stay short of their target.
"""

from datetime import date

import numpy as np
import pandas as pd

from data.contracts import FIRST_YEAR, LAST_YEAR
from data.frames import contract_frame
from data.indicators import indicator_rules
from data.sample.common import generator

# Indicator: value of 2021, value of 2025, scatter, who reports.
COURSES = {
    8: (93.6, 100.0, 0.5, "环境卫生服务中心"),
    9: (42.0, 83.5, 2.0, "环境卫生服务中心"),
    10: (1.85, -0.62, 0.3, "区分类办"),
    11: (100.0, 100.0, 0.0, "区分类办"),
    12: (46.5, 61.2, 0.9, "区分类办"),
    13: (92.4, 100.0, 0.7, "区分类办"),
    14: (100.0, 100.0, 0.0, "区分类办"),
    15: (41.0, 57.4, 1.2, "上城区综合行政执法局"),
    17: (96.8, 100.0, 0.4, "市政养护所"),
    21: (71.3, 96.4, 1.6, "市政养护所"),
    22: (8.0, 23.6, 1.1, "上城区综合行政执法局"),
    23: (95.1, 98.0, 0.3, "综合指挥中心"),
    24: (93.9, 96.8, 0.4, "上城区综合行政执法局"),
    25: (2.0, 7.0, 0.0, "综合指挥中心"),
    26: (12.5, 24.4, 0.8, "上城区综合行政执法局"),
    27: (38.0, 54.1, 1.3, "上城区综合行政执法局"),
    28: (18.8, 50.0, 1.5, "上城区综合行政执法局"),
}
BASE_VALUES = {11: 100.0}
"""Values that the plan states for the base year (clause 1.1.5)."""
NOT_YET = {(24, LAST_YEAR)}
"""Reports that are still awaited."""


def indicator_values_table() -> pd.DataFrame:
    """``plan.indicator_values``."""
    random = generator("indicator_values")
    rows = []
    for indicator_no, (start, end, scatter, unit) in COURSES.items():
        years = np.arange(FIRST_YEAR + 1, LAST_YEAR + 1)
        steps = np.linspace(start, end, len(years)) + random.normal(0, scatter, len(years))
        steps[-1] = end  # the newest value is the one chosen above
        rule = indicator_rules()[indicator_no]
        values = np.clip(steps, rule.low, rule.high).round(rule.digits)
        course = dict(zip(years.tolist(), values.tolist(), strict=True))
        if indicator_no in BASE_VALUES:
            course = {FIRST_YEAR: BASE_VALUES[indicator_no], **course}
        rows += [
            {
                "indicator_no": indicator_no,
                "year": year,
                "value": value,
                "reporting_unit": unit,
                "reported_on": date(year, 12, 31),
                "source_kind": "sample",
            }
            for year, value in course.items()
            if (indicator_no, year) not in NOT_YET
        ]
    return contract_frame("plan.indicator_values", rows)
