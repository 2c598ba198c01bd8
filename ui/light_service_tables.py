"""The tables of mode «设施与能耗»: tested roads, cabinets with their energy, energy by month."""

import pandas as pd

from data.office_rules import office_rules
from ui import layout, tables
from ui.light_service_counts import KWH_PER_MWH, MONTHS, year_kwh_per_lamp
from ui.light_service_map import ROAD_STATES
from ui.pavement_looks import CLASSES
from ui.session import Context
from ui.tables import TableColumn
from ui.text import UNMAPPED

_ROAD_WORDS = {state: f"{sign} {word}" for state, (sign, word) in ROAD_STATES.items()}


def tables_under_page(context: Context) -> None:
    """The three tables under the page, each to be searched and taken away."""
    _roads(context)
    _cabinets(context)
    _energy(context)


def _roads(context: Context) -> None:
    frame = layout.only_chosen(context, context.frame("light_service_roads"))
    least = office_rules()["least_rate_lamps"].value
    is_enough = frame["led_known_count"] >= least
    tables.register_table(
        context,
        frame.assign(
            led_pct=(100 * frame["led_count"] / frame["led_known_count"]).where(is_enough),
            measured_on=pd.to_datetime(frame["measured_on"]).dt.strftime("%Y-%m-%d"),
            mapped=frame["street_name"].fillna(UNMAPPED),
        ),
        {
            "road_name": TableColumn("道路"),
            "subdistrict_name": TableColumn("街道"),
            "road_class": TableColumn("等级", words=CLASSES),
            "state": TableColumn("照明", words=_ROAD_WORDS),
            "average_lux": TableColumn("平均照度（lx）", "%.1f"),
            "measured_on": TableColumn("检测日期"),
            "is_new": TableColumn("新改扩建", words={True: "是", False: "否"}),
            "built_year": TableColumn("建成年份", "%d"),
            "lamp_count": TableColumn("路灯（盏）", "%d"),
            "led_count": TableColumn("LED（盏）", "%d"),
            "led_pct": TableColumn("LED（%）", "%.1f"),
            "mapped": TableColumn("底图道路"),
        },
        "道路照明检测",
        "light_roads",
        hint="搜索道路、街道、未达标……",
    )


def _cabinets(context: Context) -> None:
    frame = layout.only_chosen(context, context.frame("light_service_cabinets"))
    shown = frame.assign(
        energy_mwh=frame["energy_kwh"] / KWH_PER_MWH,
        kwh_per_lamp=year_kwh_per_lamp(frame),
        change_pct=100 * (frame["like_kwh"] / frame["like_before_kwh"] - 1),
    )
    tables.register_table(
        context,
        shown.sort_values("kwh_per_lamp", ascending=False, kind="stable", na_position="last"),
        {
            "cabinet_id": TableColumn("编号"),
            "cabinet_name": TableColumn("控制柜"),
            "subdistrict_name": TableColumn("街道"),
            "is_connected": TableColumn("一把闸刀", words={True: "● 已接入", False: "○ 未接入"}),
            "connected_year": TableColumn("接入年份", "%d"),
            "lamp_count": TableColumn("灯具（盏）", "%d"),
            "energy_mwh": TableColumn("年用电（MWh）", "%.2f"),
            "month_count": TableColumn("有记录的月份", "%d"),
            "kwh_per_lamp": TableColumn("单灯年用电（kWh）", "%.0f"),
            "change_pct": TableColumn("比上年（%）", "%+.1f"),
        },
        "照明控制柜",
        "light_cabinets",
        hint="搜索控制柜、街道、未接入……",
    )


def _energy(context: Context) -> None:
    """Energy in MWh: a row a subdistrict, a column a month."""
    frame = layout.only_chosen(context, context.frame("light_service_energy"))
    tables.register_table(
        context,
        by_month(frame, context.filter.year),
        {"subdistrict_name": TableColumn("街道")}
        | {f"m{month}": TableColumn(f"{month} 月", "%.1f") for month in range(1, MONTHS + 1)}
        | {"whole": TableColumn("全年", "%.1f"), "before": TableColumn("上年", "%.1f")},
        "分街道用电量（MWh）",
        "light_energy",
        hint="搜索街道……",
    )


def by_month(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """A row a subdistrict with ``m1`` … ``m12``, ``whole`` and ``before`` (the year before) in MWh.

    ``frame``: «light_service_energy» (kWh). Months that are not known are missing.
    """
    months = pd.to_datetime(frame["month"])
    energy_mwh = frame["energy_kwh"] / KWH_PER_MWH
    kept = frame.assign(energy_mwh=energy_mwh, year=months.dt.year, month=months.dt.month)
    place = ["subdistrict_code", "subdistrict_name"]
    own = kept[kept["year"] == year]
    wide = own.pivot_table(index=place, columns="month", values="energy_mwh")
    wide = wide.reindex(columns=range(1, MONTHS + 1)).add_prefix("m")
    wide["whole"] = own.groupby(place)["energy_mwh"].sum()
    wide["before"] = kept[kept["year"] == year - 1].groupby(place)["energy_mwh"].sum()
    kind = own.groupby(place)["source_kind"].first()
    return wide.assign(source_kind=kind).reset_index()
