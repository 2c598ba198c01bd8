"""What the address of the toilet page chooses: map mode, the circle, and what a planner assumes.

``show`` is the mode; ``scope``, ``minutes`` and ``kmh`` make the circle; ``site`` (lon,lat, repeatable)
and ``without`` (toilet number, repeatable) are what is assumed to be built or closed.
"""

from dataclasses import dataclass

import streamlit as st

from data.contracts import TOILET_SCOPES
from data.office_rules import office_rules
from ui import address

MODES = {
    "walk": "步行分钟",
    "grade": "类别与设施",
    "density": "密度",
    "spacing": "道路间距",
    "sites": "新增选址",
}
"""What the map can show, by the key ``show`` of the address; panel and table follow it."""
SCOPES = dict(
    zip(TOILET_SCOPES, ("全部公厕（含沿街单位开放）", "仅公共厕所", "24 小时开放"), strict=True)
)
SHORT_SCOPES = dict(zip(TOILET_SCOPES, ("全部公厕", "仅公共厕所", "24 小时"), strict=True))
MINUTES = tuple(range(5, 21))
SPEEDS_KMH = (3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0)
PLAN_MINUTES = 10
"""The circle that the plan names (规划 4.1.1)."""
M_PER_KM, MINUTES_PER_HOUR = 1000, 60

MODE_KEY, SCOPE_KEY, MINUTES_KEY, SPEED_KEY = "show", "scope", "minutes", "kmh"
SITE_KEY, WITHOUT_KEY = "site", "without"


@dataclass(frozen=True)
class Circle:
    """How far is near: which toilets count, and the walk that is granted."""

    scope: str
    minutes: int
    kmh: float

    @property
    def m_per_minute(self) -> float:
        """Metres walked in a minute."""
        return self.kmh * M_PER_KM / MINUTES_PER_HOUR

    @property
    def reach_m(self) -> float:
        """Metres walked in the granted minutes."""
        return self.m_per_minute * self.minutes

    @property
    def params(self) -> dict:
        """As parameters of queries."""
        return {"scope": self.scope, "walk_minutes": self.minutes, "walk_kmh": self.kmh}

    @property
    def short_words(self) -> str:
        """The circle as its control names it: 步行 10 分钟 · 4.5 km/h · 全部公厕."""
        return f"步行 {self.minutes} 分钟 · {self.kmh:g} km/h · {SHORT_SCOPES[self.scope]}"

    @property
    def scope_words(self) -> str:
        """Which toilets count."""
        return SCOPES[self.scope]

    @property
    def title(self) -> str:
        """The circle by its name: 十分钟如厕圈 as the plan says, otherwise with its minutes."""
        return "十分钟如厕圈" if self.minutes == PLAN_MINUTES else f"{self.minutes} 分钟如厕圈"

    @property
    def words(self) -> str:
        """The circle as people say it: 步行 10 分钟（4.5 km/h，750 m）."""
        return f"步行 {self.minutes} 分钟（{self.kmh:g} km/h，{self.reach_m:.0f} m）"


def chosen_mode() -> str:
    """What the map shows."""
    return address.chosen(MODE_KEY, list(MODES), "walk", "图层")


def chosen_circle() -> Circle:
    """The circle by the address, else by the office's rules."""
    rules = office_rules()
    minutes = {str(one): one for one in MINUTES}
    speeds = {f"{one:g}": one for one in SPEEDS_KMH}
    asked_minutes = address.chosen(
        MINUTES_KEY, list(minutes), f"{rules['walk_minutes'].value:g}", "步行时间"
    )
    asked_speed = address.chosen(
        SPEED_KEY, list(speeds), f"{rules['walk_kmh'].value:g}", "步行速度"
    )
    scope = address.chosen(SCOPE_KEY, list(SCOPES), "all", "公厕范围")
    return Circle(scope, int(float(asked_minutes)), float(asked_speed))


def controls(mode: str, circle: Circle) -> None:
    """The switch between what the map shows, and the circle."""
    with st.container(horizontal=True, vertical_alignment="center", key="toilet_controls"):
        address.switch(MODE_KEY, MODES, mode, "toilet_mode", "图层")
        with st.popover(circle.short_words, width="content", key="toilet_circle"):
            _circle_control(circle)


def _circle_control(circle: Circle) -> None:
    st.select_slider(
        "步行时间（分钟）", [str(one) for one in MINUTES],
        **address.bound(MINUTES_KEY, "toilet_minutes", str(circle.minutes)),
    )  # fmt: skip
    st.select_slider(
        "步行速度（km/h）", [f"{one:g}" for one in SPEEDS_KMH],
        **address.bound(SPEED_KEY, "toilet_speed", f"{circle.kmh:g}"),
    )  # fmt: skip
    st.radio(
        "计入的公厕", list(SCOPES), format_func=SCOPES.get,
        **address.bound(SCOPE_KEY, "toilet_scope", circle.scope),
    )  # fmt: skip
    rules = office_rules()
    st.caption(f"时间：{rules['walk_minutes'].source}；速度：{rules['walk_kmh'].source}")
