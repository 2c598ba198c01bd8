"""What is said of a section of pavement: index, design life, why there is a warning, and by which rule."""

import pandas as pd

from data.contracts import PAVEMENT_GRADES
from data.office_rules import office_rules
from ui.pavement_looks import WARNINGS
from ui.session import Context

RULE_KEYS = (
    "red_grade_rank", "red_overdue_years", "yellow_grade_rank", "yellow_years_left",
    "blue_years_left", "blue_pci_fall",
)  # fmt: skip


def rule(key: str) -> float:
    """Value of one of the rules of the warning (``data/rules/streets.csv``)."""
    return office_rules()[key].value


def pci_text(row: object) -> str:
    """The index, where it was measured."""
    return "" if pd.isna(row.pci) else f"PCI {row.pci:.1f}"


def due_text(row: object) -> str:
    """When the design life ends: 2024 年到期，已超期 1 年; empty for roads that the plan gives no life."""
    if row.life == "none":
        return ""
    if row.life == "unknown":
        return "大修年份未填，到期年份不详"
    left = int(row.years_left)
    if left == 0:
        return f"{row.due_year} 年当年到期"
    told = f"{row.due_year} 年到期"
    return f"{told}，已超期 {-left} 年" if left < 0 else f"{told}，还有 {left} 年"


def reason_text(row: object) -> str:
    """All that the rule finds the matter with a section, the gravest first."""
    reasons = []
    if pd.notna(row.grade_rank) and row.grade_rank >= rule("yellow_grade_rank"):
        reasons.append(f"路面状况{row.grade}")
    least_left = max(rule("yellow_years_left"), rule("blue_years_left"))
    if pd.notna(row.years_left) and row.years_left <= least_left:
        reasons.append(due_text(row))
    if pd.notna(row.pci_fall) and row.pci_fall >= rule("blue_pci_fall"):
        reasons.append(f"PCI 每年降 {row.pci_fall:.1f}")
    if row.warning == "unknown":
        reasons.append("路面状况、大修年份均未填")
    return "；".join(reasons)


def rule_lines() -> list[tuple[str, str]]:
    """The rule in words, a line a colour, the gravest first."""
    words = {key: f"{look.shape} {look.word}" for key, look in WARNINGS.items()}
    overdue = f"主次干道超期 {rule('red_overdue_years'):g} 年及以上"
    fall = f"PCI 每年下降 {rule('blue_pci_fall'):g} 及以上"
    return [
        (words["red"], f"路面状况{_grades_from('red_grade_rank')}；或{overdue}"),
        (words["yellow"], f"路面状况{_grades_from('yellow_grade_rank', 'red_grade_rank')}；"
                          f"或主次干道{_left_text('yellow_years_left')}"),
        (words["blue"], f"主次干道{_left_text('blue_years_left')}；或 {fall}"),
        (words["unknown"], "路面状况、大修年份均未填；不按无预警计"),
        (words["none"], "其余路段"),
    ]  # fmt: skip


def life_definition(context: Context) -> str:
    """How the year is found in which a section is due, and for which roads."""
    main, secondary = (context.fact(f"{one}_road_service_years") for one in ("trunk", "secondary"))
    return (
        f"到期年份 = 建成或最近大修年份 + 使用年限（规划 4.2.1：主干道 {main:g} 年、次干道 {secondary:g} 年）；"
        "支路规划未给年限，不列到期；大修年份未填的不作到期论"
    )


def _grades_from(key: str, before: str | None = None) -> str:
    """Grades from the rank of one rule up to that of another: 次、差."""
    last = int(rule(before)) - 1 if before else len(PAVEMENT_GRADES)
    return "、".join(PAVEMENT_GRADES[int(rule(key)) - 1 : last])


def _left_text(key: str) -> str:
    years = rule(key)
    return "已到使用年限" if years == 0 else f"距到期不超过 {years:g} 年"
