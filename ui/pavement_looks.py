"""How pavement shows: its grades, its design life and its warnings; never by colour alone."""

from dataclasses import replace

from data.contracts import PAVEMENT_GRADES
from data.office_rules import office_rules
from ui import address
from ui.theme import Palette, StatusLook

DATASET = "streets.pavement"
VIEWS = {"grade": "路面状况", "life": "使用年限", "warning": "红黄蓝预警"}
"""What pavement is shown by, by the key ``by`` of the address; map, panel and table follow it."""
VIEW_KEY = "by"
CLASSES = {"main": "主干道", "secondary": "次干道", "branch": "支路背街小巷"}

GRADE_SHAPES = dict(zip(PAVEMENT_GRADES, "●●◐▲▲", strict=True))
NOT_GRADED = "未评价"
_GRADE_HUES = (1, 0, 3, 4, 5)
"""Where in the palette's water classes a grade finds its hue: two blues, yellow, orange, red.

No green: beside orange and red it is lost on the colour-blind.
"""
LIFE_LOOKS = {
    "over": StatusLook("已超期", "▲", "missed"),
    "due": StatusLook("当年到期", "◐", "near"),
    "soon": StatusLook("今后 {years} 年到期", "◇", "belt"),
    "later": StatusLook("更晚到期", "●", "met"),
    "unknown": StatusLook("大修年份未填", "○", "unreported"),
    "none": StatusLook("支路，规划未给年限", "·", "unreported"),
}
"""How far a section's design life reaches at the end of the year, from the most urgent on."""
WARNINGS = {
    "red": StatusLook("红色", "▲", "missed"),
    "yellow": StatusLook("黄色", "◐", "near"),
    "blue": StatusLook("蓝色", "◇", "belt"),
    "unknown": StatusLook(NOT_GRADED, "○", "unreported"),
    "none": StatusLook("无预警", "●", "met"),
}
"""The colours of the warning «红黄蓝», the most urgent first."""


def chosen_view() -> str:
    """What pavement is shown by."""
    return address.chosen(VIEW_KEY, list(VIEWS), "grade", "路面图层")


def view_switch(view: str) -> None:
    """The switch between them."""
    address.switch(VIEW_KEY, VIEWS, view, "pavement_view", "路面图层")


def grade_colour(colours: Palette, grade: object) -> str:
    """Colour of a grade; the quiet one of what is not evaluated for any other."""
    if grade not in PAVEMENT_GRADES:
        return colours.unreported
    return colours.quality[_GRADE_HUES[PAVEMENT_GRADES.index(grade)]]


def grade_text(grade: object) -> str:
    """A grade with its shape: ▲ 次; what has none is 未评价."""
    return f"{GRADE_SHAPES[grade]} {grade}" if grade in GRADE_SHAPES else f"○ {NOT_GRADED}"


def soon_years() -> int:
    """How many years the due list looks ahead."""
    return int(office_rules()["soon_years_left"].value)


def life_look(life: str) -> StatusLook:
    """How a key of ``LIFE_LOOKS`` shows, its word with the years that the list looks ahead."""
    look = LIFE_LOOKS[life]
    return replace(look, word=look.word.format(years=soon_years()))
