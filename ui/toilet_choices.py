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
MINUTES = tuple(range(5, 21))
SPEEDS_KMH = (3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0)
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


def asked(key: str) -> tuple[str, ...]:
    """Values of a repeatable key of the address, each once."""
    return tuple(dict.fromkeys(st.query_params.get_all(key)))


def write(key: str, values: tuple[str, ...]) -> None:
    """Put the values of a repeatable key into the address; none takes it off."""
    if values:
        st.query_params[key] = list(values)
    else:
        st.query_params.pop(key, None)
