"""The ten-minute circle: how much land and how many people are near a toilet, by subdistrict."""

import pandas as pd
import streamlit as st

from ui import cards, charts, layout, tables, toilet_field, toilet_shares, toilet_summary
from ui.charts import Measure
from ui.session import Context
from ui.text import ASSUMED_TAG, SAMPLE_TAG, joined
from ui.toilet_shares import Shown
from ui.toilet_summary import WALKS


def measure(shown: Shown) -> Measure:
    """Land within the walk over land; the plan gives no target."""
    return Measure(
        "covered_share_pct", f"{shown.circle.title}覆盖", "%", 1, None,
        f"{shown.circle.words}内可到最近公厕的陆域占比；规划未设目标",
    )  # fmt: skip


# --- beside the map ------------------------------------------------------------------------------


def panel(context: Context, shown: Shown) -> None:
    """Land by band and by method, then the subdistricts."""
    if shown.real.cells.empty:
        cards.block_title(f"{shown.circle.title}覆盖")
        cards.empty(toilet_summary.walks_absent(context, shown) or "公厕登记册尚未导入")
        return
    sample = SAMPLE_TAG if context.is_sample(WALKS) else ""
    assumed = "" if shown.then is None else ASSUMED_TAG
    cards.block_title("陆域按步行时间", joined(shown.circle.words, assumed, sample))
    st.html(_bands_html(context, shown))
    cards.block_title("按算法", "占陆域 · 其中已覆盖")
    cards.lines(_method_lines(context, shown))
    _bars(context, shown)


def _bands_html(context: Context, shown: Shown) -> str:
    """One bar of the bands and what each holds; under an assumption as it would be."""
    found = toilet_shares.by_band(shown.drawn, shown.circle, context.filter.subdistrict_codes)
    colours = toilet_field.band_css(context.palette)
    bar = "".join(
        f'<i style="flex:{band.km2:.4f};--c:{colours[band.number]}"></i>'
        for band in found
        if band.km2
    )
    words = "".join(
        f'<span><i style="--c:{colours[band.number]}"></i>{band.words} <b>{_share(band.share_pct)}</b></span>'
        for band in found
    )
    return f'<div class="class-bar">{bar}</div><div class="class-key">{words}</div>'


def _share(share_pct: float) -> str:
    """A small share is not told as none: <0.1%."""
    if not share_pct:
        return "0%"
    return "＜0.1%" if share_pct < 0.05 else f"{share_pct:.1f}%"


def _method_lines(context: Context, shown: Shown) -> list[tuple[str, str]]:
    frame = toilet_shares.by_method(shown.real, shown.circle, context.filter.subdistrict_codes)
    return [
        (f"**{toilet_field.METHOD_WORDS[row.Index]}**",
         f"{row.part_pct:.1f}% · {row.covered_share_pct:.1f}%")
        for row in frame.itertuples()
    ]  # fmt: skip


def _bars(context: Context, shown: Shown) -> None:
    frame = toilet_summary.every_place(context, shown)
    told = measure(shown)
    if shown.then is not None:
        then = toilet_shares.by_place(shown.then, shown.circle)["covered_share_pct"]
        changed = frame["subdistrict_code"].map(then)
        now = frame["covered_share_pct"].map(lambda value: f"{value:.1f}")
        after = changed.map(lambda value: f"{value:.1f}")
        frame = frame.assign(label=now.where(now == after, now + " → " + after))
    charts.subdistrict_bars(
        context, frame, told, "toilets_bars", layout.body_height_px(context, 18.5)
    )


def beside_findings(context: Context, shown: Shown, height_px: float) -> None:
    """How coverage grows with the minutes that are granted; the circle's are marked."""
    cards.block_title("覆盖率随步行时间（%）", f"{shown.circle.kmh:g} km/h")
    if shown.real.cells.empty:
        cards.empty(toilet_summary.walks_absent(context, shown) or "公厕登记册尚未导入")
        return
    codes, scale, colours = context.filter.subdistrict_codes, context.screen.scale, context.palette
    courses = {"现状": shown.real} | ({} if shown.then is None else {ASSUMED_TAG: shown.then})
    values = [
        {"minutes": int(row.minutes), "share": round(row.covered_share_pct, 2), "which": which,
         "label": f"{row.covered_share_pct:.1f}", "now": int(row.minutes) == shown.circle.minutes}
        for which, walks in courses.items()
        for row in toilet_shares.by_minutes(walks, shown.circle.kmh, codes).itertuples()
    ]  # fmt: skip
    x = {"field": "minutes", "type": "quantitative", "title": None,
         "axis": {"values": list(range(0, toilet_shares.MOST_MINUTES + 1, 5)),
                  "labelExpr": "datum.value + ' 分'"}}  # fmt: skip
    y = {"field": "share", "type": "quantitative", "title": None, "scale": {"domain": [0, 108]},
         "axis": {"values": [0, 50, 100], "grid": True, "gridColor": colours.line}}  # fmt: skip
    marked = {"transform": [{"filter": "datum.now"}]}
    layers = [
        {"mark": {"type": "line", "strokeWidth": 2.4 * scale, "clip": True}, "encoding": {
            "x": x, "y": y,
            "color": {"field": "which", "type": "nominal", "legend": None,
                      "scale": {"domain": list(courses),
                                "range": [colours.met, colours.light][: len(courses)]}},
            "strokeDash": {"condition": {"test": f"datum.which=='{ASSUMED_TAG}'", "value": [5, 4]},
                           "value": [1, 0]}}},
        {"mark": {"type": "point", "filled": True, "size": 30 * scale**2, "opacity": 0},
         "encoding": {"x": x, "y": y, "tooltip": [
             {"field": "minutes", "type": "quantitative", "title": "分钟"},
             {"field": "which", "type": "nominal", "title": "情形"},
             {"field": "label", "type": "nominal", "title": "覆盖（%）"}]}},
        {**marked, "mark": {"type": "rule", "color": colours.muted, "strokeDash": [4, 4],
                            "strokeWidth": 1.2 * scale}, "encoding": {"x": x}},
        {**marked, "mark": {"type": "point", "filled": True, "opacity": 1, "size": 120 * scale**2,
                            "color": colours.text}, "encoding": {"x": x, "y": y}},
        {"transform": [{"filter": f"datum.now && datum.which=='{list(courses)[-1]}'"}],
         "mark": {"type": "text", "align": "left", "dx": 9 * scale, "dy": 14 * scale,
                  "fontSize": 14 * scale, "fontWeight": 600, "color": colours.text},
         "encoding": {"x": x, "y": y, "text": {"field": "label"}}},
    ]  # fmt: skip
    spoken = "，".join(f"{v['which']} {v['label']}%" for v in values if v["now"])
    charts.show(
        context, values, layers, height_px, key="toilets_minutes",
        alt=f"步行 {shown.circle.minutes} 分钟覆盖：{spoken}",
    )  # fmt: skip


# --- the table -----------------------------------------------------------------------------------


def table(context: Context, shown: Shown) -> None:
    """One row a subdistrict: land, what is covered of it and how that is known, people."""
    frame = toilet_summary.places(context, shown)
    frame = frame[frame["land_km2"].notna()] if "land_km2" in frame else frame.head(0)
    frame = frame.assign(source_kind=context.datasets_of((WALKS,))[0].source_kind)
    columns = {
        "subdistrict_name": tables.TableColumn("街道"),
        "land_km2": tables.TableColumn("陆域（km²）", "%.2f"),
        "covered_km2": tables.TableColumn("已覆盖（km²）", "%.2f"),
        "uncovered_km2": tables.TableColumn("未覆盖（km²）", "%.2f"),
        "covered_share_pct": tables.TableColumn("覆盖（%）", "%.1f"),
        "straight_share_pct": tables.TableColumn("按直线估算的陆域（%）", "%.1f"),
        "unreached_share_pct": tables.TableColumn("走不到的陆域（%）", "%.2f"),
    }
    if frame["residents"].notna().any():
        columns |= {
            "residents": tables.TableColumn("人口", "%.0f"),
            "uncovered_residents": tables.TableColumn("未覆盖人口", "%.0f"),
            "people_share_pct": tables.TableColumn("按人口覆盖（%）", "%.1f"),
        }
    if shown.then is not None and len(frame):
        then = toilet_shares.by_place(shown.then, shown.circle)["covered_share_pct"]
        frame = frame.assign(assumed_share_pct=frame["subdistrict_code"].map(then))
        columns["assumed_share_pct"] = tables.TableColumn(f"{ASSUMED_TAG}下覆盖（%）", "%.1f")
    tables.register_table(
        context, pd.DataFrame(frame), columns, f"{shown.circle.title} 各街道", "circle",
        sentence=f"{context.sentence} · {shown.circle.words} · {shown.circle.scope_words}",
        hint="搜索街道……",
    )  # fmt: skip
