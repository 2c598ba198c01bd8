"""Stores whose registers lack what samples have, or hold names of any form."""

import json
from dataclasses import replace
from itertools import cycle, islice

import pandas as pd

from data.contracts import table
from data.frames import contract_frame, empty_frame
from data.search import search_table
from data.snapshot import publish, write_snapshot
from data.water_quality import classify

REGISTERS = (
    "rivers.rivers", "rivers.reaches", "rivers.sections", "rivers.water_quality",
    "rivers.facilities",
    "streets.demonstration_streets", "toilets.toilets", "toilets.coverage_cells",
    "lighting.assets", "lighting.yearly", "lighting.projects", "lighting.dark_spots",
    "lighting.cabinets", "lighting.roads", "lighting.status", "lighting.energy",
    "plan.projects",
)  # fmt: skip
SURVEY_YEAR = 2025
HOSTILE = (
    "<b>粗体</b>公园", "“引号”与'单引号'\"双引号\"", "**星号**河", "@@=alert(1)", "=HYPERLINK(\"x\")",
    "🚻公厕😀", "极长" * 90, "</span><script>alert(1)</script>", "{tip}{{x}} %s $year \\u0000 \\n",
    "&amp;&nbsp;", "--; DROP TABLE toilets", "NUL\u200b\u202e反写",
)  # fmt: skip


def only_required(frame, path, *keep):
    """The frame with nothing but what the contract requires, and the columns to keep."""
    contract = table(path)
    dropped = [c.name for c in contract.columns if not c.required and c.name not in keep]
    return contract_frame(path, frame.drop(columns=dropped))


def lamp_counts(assets):
    """``lighting.yearly`` as one survey gives it: lamps counted, rates where columns are filled."""
    places = ["subdistrict_code", "subdistrict_name", "asset_kind"]
    grouped = assets.groupby(places)
    counts = pd.DataFrame({"asset_count": grouped.size()})
    for column, flag in (
        ("lit_count", assets["state"].map({"lit": True, "unlit": False})),
        ("sound_count", assets["is_sound"]),
        ("controlled_count", assets["is_centrally_controlled"]),
        ("led_count", assets["is_led"]),
    ):
        known = flag.astype("boolean").astype("Int32")
        counts[column] = known.groupby([assets[c] for c in places]).sum(min_count=1)
    rows = counts.reset_index().assign(year=SURVEY_YEAR, source_kind="register")
    return contract_frame("lighting.yearly", rows)


def sparse(built):
    """Tables with registers that hold only what a register must hold."""
    tables, _ = built
    t = {path: tables[path] for path in REGISTERS}
    t["toilets.toilets"] = only_required(t["toilets.toilets"], "toilets.toilets", "is_social")
    # Rivers as an office lists them: the first third on no map.
    rivers = only_required(t["rivers.rivers"], "rivers.rivers", "geometry_json", "length_m")
    on_map = rivers["river_id"].isin(t["rivers.reaches"]["river_id"])
    t["rivers.rivers"] = rivers.assign(is_mapped=on_map)
    # Sections without position, measured on nothing but what decides no class.
    t["rivers.sections"] = only_required(t["rivers.sections"], "rivers.sections").assign(
        is_mapped=False
    )
    t["rivers.water_quality"] = only_required(
        t["rivers.water_quality"], "rivers.water_quality"
    ).assign(limiting_item="缺 DO、CODMn、NH3-N、TP")
    t["rivers.facilities"] = only_required(t["rivers.facilities"], "rivers.facilities").assign(
        is_mapped=False
    )
    for path in ("streets.demonstration_streets", "lighting.projects"):
        t[path] = only_required(t[path], path, "geometry_json", "lon", "lat")
    t["lighting.assets"] = only_required(t["lighting.assets"], "lighting.assets")
    t["lighting.yearly"] = lamp_counts(t["lighting.assets"])
    for path in ("lighting.cabinets", "lighting.roads", "lighting.dark_spots"):
        t[path] = only_required(t[path], path)
    t["lighting.status"] = only_required(
        t["lighting.status"], "lighting.status", "cabinet_id", "road_name"
    )
    t["plan.projects"] = only_required(
        t["plan.projects"], "plan.projects", "subdistrict_code", "subdistrict_name", "touched_codes"
    ).assign(is_mapped=False)
    return registered(built, t)


def odd(built):
    """Tables with registers half filled, of which every name is hostile."""
    tables, _ = built
    t = {path: tables[path].copy() for path in REGISTERS}
    for path, names in (
        ("toilets.toilets", ["toilet_name", "street_name"]),
        ("rivers.rivers", ["river_name"]),
        ("rivers.sections", ["section_name"]),
        ("rivers.facilities", ["facility_name"]),
        ("streets.demonstration_streets", ["street_name", "lag_note", "photo_before"]),
        ("lighting.assets", ["place_name"]),
        ("lighting.projects", ["project_name", "unit"]),
        ("lighting.dark_spots", ["spot_name"]),
        ("lighting.cabinets", ["cabinet_name", "place_name"]),
        ("lighting.roads", ["road_name"]),
        ("plan.projects", ["project_name", "implementing_body", "unit", "note", "located_by"]),
    ):
        for name in names:
            t[path][name] = list(islice(cycle(HOSTILE), len(t[path])))
    for path, key in (("toilets.toilets", "toilet_id"), ("plan.projects", "project_id")):
        t[path][key] = [f"{HOSTILE[n % len(HOSTILE)]}-{n}" for n in range(len(t[path]))]
    toilets = t["toilets.toilets"]
    blank(toilets, 2, "grade", "has_accessible", "has_third_room", "opened_year", "women_stalls")
    blank(toilets, 3, "star_rating", "men_stalls", "renewed_year")
    blank(t["rivers.rivers"], 2, "rank", "beautiful_level", "beautiful_year")
    blank(t["rivers.rivers"], 3, "beautiful_year", "length_m", "chief_level")
    blank(t["rivers.sections"], 2, "control_level")
    blank(t["rivers.sections"], 3, "lon", "lat", "subdistrict_code", "subdistrict_name")
    t["rivers.sections"]["is_mapped"] = t["rivers.sections"]["lon"].notna()
    quality = t["rivers.water_quality"]
    blank(quality, 3, "tp_mg_l", "cod_mg_l", "ph")
    blank(quality, 5, "do_mg_l", "nh3n_mg_l")
    t["rivers.water_quality"] = quality.assign(**classify(quality))
    blank(
        t["rivers.facilities"], 2, "river_id", "dry_flow_fixed_on", "completed_year", "project_id"
    )
    blank(t["rivers.facilities"], 3, "lon", "lat", "state", "work", "clause")
    t["rivers.facilities"]["is_mapped"] = t["rivers.facilities"]["lon"].notna()
    blank(t["streets.demonstration_streets"], 2, "started_year", "length_m")
    blank(t["streets.demonstration_streets"], 3, "completed_year", "lon", "lat", "clause")
    blank(t["lighting.projects"], 2, "completed_on", "completed_quantity", "technique")
    blank(t["plan.projects"], 2, "started_on", "plan_end_year", "lon", "lat", "located_by")
    blank(t["plan.projects"], 3, "state", "completed_on", "plan_start_year")
    blank(t["lighting.cabinets"], 2, "is_on_central_switch", "connected_year")
    blank(t["lighting.roads"], 2, "meets_standard", "is_new", "street_name", "name_match")
    blank(t["lighting.roads"], 3, "subdistrict_code", "subdistrict_name", "road_class")
    blank(t["lighting.status"], 2, "fault_count", "repair_hours")
    blank(t["lighting.status"], 3, "repaired_count", "fault_night_count")
    assets = t["lighting.assets"]
    blank(assets, 1, "is_led", "is_centrally_controlled", "is_sound")
    blank(assets, 2, "installed_year", "place_name")
    t["lighting.yearly"] = lamp_counts(assets)
    return registered(built, t)


def blank(frame, every, *columns):
    """Leave out every so many rows' values of some columns."""
    for column in columns:
        frame[column] = frame[column].mask(pd.Series(range(len(frame))) % every == 0)


def registered(built, changed):
    """The default build with these tables in the place of its samples, and no sample left."""
    tables, meta = built
    changed = {
        path: frame.assign(source_kind="register")
        if "position_source" not in frame
        else frame.assign(source_kind="register", position_source="register")
        for path, frame in changed.items()
    }
    whole = {**tables, **changed}
    rest = [m.dataset for m in meta if m.source_kind == "sample" and m.dataset not in changed]
    whole |= {path: empty_frame(path) for path in rest}
    whole["base.search_entries"] = search_table(whole)
    described = [
        replace(
            m, source_kind="register", source=f"{m.title}.xlsx", as_of="2026-06", provider="一科"
        )
        if m.dataset in [*changed, *rest]
        else m
        for m in meta
    ]
    return whole, described


def store_of(folder, tables_and_meta):
    """A store whose published snapshot holds these tables."""
    publish(folder, write_snapshot(folder, *tables_and_meta))
    return folder


def tips(view):
    """What the map says when pointed at, by layer."""
    found = {}
    for layer in view.map["layers"]:
        data = layer.get("data")
        rows = data["features"] if isinstance(data, dict) else data
        if isinstance(rows, list):
            told = [r.get("properties", r) if isinstance(r, dict) else {} for r in rows]
            found[layer["id"]] = [t["tip"] for t in told if "tip" in t]
    return found


def shown_texts(view):
    """Everything a reader may meet on a page, as one text: blocks, captions, charts, tips, labels."""
    parts = [view.text, *(c.value for c in view.app.caption)]
    parts += [e.get("title", "") for root in view.blocks for e in root.iter()]
    for frame, alt in view.charts:
        parts.append(alt)
        parts += [str(v) for c in frame for v in frame[c] if isinstance(v, str)]
    for chart in view.app.get("deck_gl_json_chart"):
        for layer in json.loads(chart.proto.json)["layers"]:
            data = layer.get("data")
            for row in (data["features"] if isinstance(data, dict) else data) or ():
                if isinstance(row, dict):
                    told = row.get("properties", row)
                    parts += [str(told[key]) for key in ("tip", "t") if key in told]
    return "\n".join(parts)
