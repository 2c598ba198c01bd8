"""What follows from a register: derived tables, the search index, and samples that must go.

Reaches, segments, coverage and yearly counts are made of registers here, never by hand. Rows that
refer to a register's rows follow it: a register's ids are found again by name, sample rows that
point to what is no more are emptied (待填报), and rows of another register without their target
stop the publication.
"""

import json
from collections import ChainMap
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import shapely

from data.contracts import FIRST_YEAR, LAST_YEAR, table
from data.coverage import cell_walks, model_of, walk_model
from data.dark_gaps import DARK_GAPS, dark_gaps
from data.database_files import DatasetMeta, SnapshotError
from data.frames import contract_frame, empty_frame
from data.geography import pieces_table, widened_areas
from data.history import Change
from data.origins import AWAITED, OSM, PLAN_ON_MAP, is_from_register
from data.projects import projects_table
from data.registers.named_streets import with_streets
from data.registers.register import Register
from data.registers.registry import register as _register
from data.search import search_table
from data.street_courses import DEMONSTRATIONS
from data.street_names import NAMING_STREETS
from data.toilet_spacing import street_spacing
from data.water_quality import classify
from geo import district

Tables = Mapping[str, pd.DataFrame]

RIVERS, STREETS = "rivers.rivers", "streets.streets"
SECTIONS, QUALITY = "rivers.sections", "rivers.water_quality"
TOILETS, LAMPS, PROJECTS = "toilets.toilets", "lighting.assets", "plan.projects"
CABINETS, STATUS = "lighting.cabinets", "lighting.status"
WALK_WAYS, POPULATION = "streets.walk_ways", "base.population"
CELLS, WALKS, SPACING = "toilets.coverage_cells", "toilets.cell_walks", "toilets.street_spacing"
SEARCH = "base.search_entries"
DERIVED = {
    RIVERS: ("rivers.reaches", DARK_GAPS),
    STREETS: ("streets.segments", SPACING, DARK_GAPS),
    TOILETS: (WALKS, SPACING),
    WALK_WAYS: (CELLS, WALKS, SPACING),
    POPULATION: (CELLS,),
    LAMPS: ("lighting.yearly", DARK_GAPS),
}
"""Tables that are computed from a register."""
DESCRIBED_BY = {WALKS: TOILETS, SPACING: TOILETS, DARK_GAPS: LAMPS}
"""Of tables that follow several registers the one that they are about: its origin is theirs."""
DEPENDENTS = {
    RIVERS: (SECTIONS, "rivers.facilities"),
    SECTIONS: (QUALITY,),
    DEMONSTRATIONS: ("streets.street_scores",),
    CABINETS: (STATUS, "lighting.energy"),
}
"""Tables whose rows point to a register's rows, by the register's key column."""
SEARCHED = {
    RIVERS: "river",
    STREETS: "street",
    DEMONSTRATIONS: "street",
    TOILETS: "toilet",
    PROJECTS: "project",
}
"""Registers that the search knows, and the kind of their entries."""
REPORTED = ("state", "started_on", "completed_on")
"""What a register says of a project; all else is the plan's."""
MEASURES = {
    "lit_count": ("state", "lit"),
    "sound_count": ("is_sound", True),
    "controlled_count": ("is_centrally_controlled", True),
    "led_count": ("is_led", True),
}
"""Counts of ``lighting.yearly``: the column of the lamps and the value that counts."""
UNKNOWN = "未注明"
EXAMPLES = 3


@dataclass
class Replacement:
    """New tables and their descriptions, and which sample datasets had to go."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    meta: list[DatasetMeta] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)


def replacement(
    register: Register, rows: pd.DataFrame, standing: Tables, change: Change
) -> Replacement:
    """Everything that changes when a register's rows take the place of what stands.

    ``rows`` have columns of the register's table; those they lack are missing. SnapshotError, with
    counts and remedy, when rows of another register would lose what they refer to, or these rows
    refer to what is not there.
    """
    rows = contract_frame(register.dataset, rows)
    kind = _source_kind(rows)
    made = Replacement()
    if register.dataset == PROJECTS:
        made.tables[PROJECTS] = _projects(rows)
    else:
        made.tables[register.dataset] = rows
        _derive(register.dataset, made, standing, kind, change)
    made.meta.insert(0, _meta(register.dataset, kind, change))
    _follow(register.dataset, standing, made)
    _match_streets(register.dataset, standing, made)
    if lost := _lost_targets(standing, made):
        raise SnapshotError("；".join(lost))
    if register.dataset in SEARCHED:
        made.tables[SEARCH] = _search(SEARCHED[register.dataset], made, standing)
    return made


def obstacles(register: Register, rows: pd.DataFrame, standing: Tables) -> list[str]:
    """Why these rows cannot take the place of what stands, in Chinese; empty when they can.

    What ``replacement`` refuses, told before anything is computed or written.
    """
    made = Replacement({register.dataset: contract_frame(register.dataset, rows)})
    _follow(register.dataset, standing, made)
    return _lost_targets(standing, made)


def dependents_of(dataset: str) -> list[str]:
    """Tables whose rows point to those of a dataset, directly or through others."""
    near = DEPENDENTS.get(dataset, ())
    return [*near, *(far for path in near for far in dependents_of(path))]


def survey_year(as_of: str) -> int:
    """Year that a survey counts for: that of its date, within the plan's years."""
    year = int(as_of[:4]) if as_of[:4].isdigit() else date.today().year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


# --- descriptions --------------------------------------------------------------------------------


def _source_kind(rows: pd.DataFrame) -> str:
    return "osm" if not rows.empty and (rows["source_kind"] == "osm").all() else "register"


def _source(kind: str, change: Change) -> str:
    origin = OSM[1] if kind == "osm" else change.provider
    named = [part for part in (origin, change.source) if part]
    return f"{named[0]}（{named[1]}）" if len(named) == 2 else (named or [UNKNOWN])[0]


def _meta(dataset: str, kind: str, change: Change) -> DatasetMeta:
    source = _source(kind, change)
    if dataset == PROJECTS:
        source = f"{PLAN_ON_MAP[1]}；进展：{source}"
    return DatasetMeta(
        dataset,
        table(dataset).title,
        kind,
        source,
        change.as_of or UNKNOWN,
        change.provider,
        change.licence,
        json.dumps(dict(change.findings), ensure_ascii=False),
    )


# --- tables that are computed --------------------------------------------------------------------


def _derive(dataset: str, made: Replacement, standing: Tables, kind: str, change: Change) -> None:
    """Add the tables that are computed from a register, and their descriptions."""
    rows = made.tables[dataset]
    if dataset == LAMPS:
        made.tables["lighting.yearly"] = yearly_counts(rows, survey_year(change.as_of), kind)
    elif dataset in (RIVERS, STREETS):
        path = DERIVED[dataset][0]
        made.tables[dataset], made.tables[path] = _cut(dataset, path, rows, kind)
    if SPACING in DERIVED.get(dataset, ()) or dataset == POPULATION:
        made.tables |= walk_tables(ChainMap(made.tables, standing), DERIVED[dataset])
    if DARK_GAPS in DERIVED.get(dataset, ()):
        made.tables[DARK_GAPS] = dark_gaps(ChainMap(made.tables, standing))
    for path in DERIVED.get(dataset, ()):
        if DESCRIBED_BY.get(path, dataset) != dataset:
            continue  # Still about the same toilets or lamps: their description stays.
        made.meta.append(
            DatasetMeta(
                path,
                table(path).title,
                kind,
                f"由{_register(dataset).title}计算：{_source(kind, change)}",
                change.as_of or UNKNOWN,
                change.provider,
                change.licence,
            )
        )


def walk_tables(tables: Tables, wanted: Collection[str]) -> dict[str, pd.DataFrame]:
    """Of the tables on walking distances those ``wanted``, from network, toilets and people."""
    ways = tables[WALK_WAYS]
    renewed = CELLS in wanted
    model = model_of(ways, tables[POPULATION]) if renewed else walk_model(ways, tables[CELLS])
    toilets = tables[TOILETS]
    kind = "sample" if toilets.empty else str(toilets["source_kind"].iloc[0])
    makers = {
        CELLS: lambda: model.cells,
        WALKS: lambda: cell_walks(model, toilets, kind),
        SPACING: lambda: street_spacing(
            model, tables[STREETS], tables["streets.segments"], toilets, kind
        ),
    }
    return {path: make() for path, make in makers.items() if path in wanted}


def _cut(
    dataset: str, path: str, rows: pd.DataFrame, kind: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with the length of their parts in the district, and these parts."""
    key = table(dataset).key[0]
    drawn = rows[rows["geometry_json"].notna()]
    shapes = shapely.from_geojson(drawn["geometry_json"].to_numpy(dtype=object))
    parts = pieces_table(path, dict(zip(drawn[key], shapes, strict=True)), kind, widened_areas())
    lengths_m = parts.groupby(key)["length_m"].sum().reindex(drawn[key], fill_value=0.0)
    whole_m = rows["length_m"].astype("float64").copy()
    whole_m.loc[drawn.index] = lengths_m.to_numpy()
    return rows.assign(length_m=whole_m), parts


def yearly_counts(lamps: pd.DataFrame, year: int, source_kind: str) -> pd.DataFrame:
    """``lighting.yearly`` of one survey: counts by subdistrict and kind of lamp.

    A measure that the survey did not take for every lamp is missing, never a part of them.
    """
    by = [lamps[name] for name in ("subdistrict_code", "subdistrict_name", "asset_kind")]
    frame = lamps.groupby(by).size().to_frame("asset_count")
    for measure, (column, value) in MEASURES.items():
        if lamps[column].notna().all():
            frame[measure] = (lamps[column] == value).groupby(by).sum()
    frame = frame.reset_index().assign(year=year, source_kind=source_kind)
    return contract_frame("lighting.yearly", frame)


def _projects(rows: pd.DataFrame) -> pd.DataFrame:
    """The plan's projects with the state and dates that the register gives."""
    plan = projects_table()
    unknown = rows.loc[~rows["project_id"].isin(plan["project_id"]), "project_id"]
    if len(unknown):
        raise SnapshotError(
            f"{len(unknown)} 个项目编号不在规划中（{_some(unknown)}），"
            "请按规划项目页所列的编号改正后重新导入"
        )
    told = contract_frame(PROJECTS, rows[["project_id", *REPORTED]]).set_index("project_id")
    place = plan.set_index("project_id").index.get_indexer(told.index)
    for column in REPORTED:
        plan.loc[place, column] = told[column].to_numpy()
    plan.loc[place, "source_kind"] = "register"
    return plan


# --- tables that refer to the register -----------------------------------------------------------


def _follow(dataset: str, standing: Tables, made: Replacement) -> None:
    """Let dependents follow the new ids, and empty sample rows that point to nothing."""
    for path in DEPENDENTS.get(dataset, ()):
        frame = standing[path]
        if frame.empty:
            continue
        if not is_from_register(frame):
            made.tables[path] = empty_frame(path)
            made.meta.append(DatasetMeta(path, table(path).title, *AWAITED))
            made.emptied.append(path)
        else:
            moved = _renamed(frame, standing[dataset], made.tables[dataset], table(dataset).key[0])
            if path == QUALITY:
                moved = _judged_anew(moved, made.tables[SECTIONS])
            elif path == STATUS:
                moved = _placed_anew(moved, made.tables[CABINETS])
            if moved.equals(frame):
                continue
            made.tables[path] = moved
        _follow(path, standing, made)


def _renamed(
    frame: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, key: str
) -> pd.DataFrame:
    """Rows that refer to others by ``key``, with the new ids of those whose names stayed the same."""
    name = _name_column(key)
    old = before.drop_duplicates(name, keep=False).set_index(key)[name]
    new = after.drop_duplicates(name, keep=False).set_index(name)[key]
    lost = frame[key].notna() & ~frame[key].isin(after[key])
    found = frame[key].map(old).map(new)
    return frame.assign(**{key: frame[key].where(~lost | found.isna(), found)})


def _name_column(key: str) -> str:
    # A demonstration street is called as its street is.
    return "street_name" if key == "demonstration_id" else f"{key.removesuffix('_id')}_name"


def _judged_anew(samples: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """Samples of sections that became a lake or a river, with the class by their new limits."""
    kinds = samples["section_id"].map(sections.set_index("section_id")["water_kind"])
    changed = kinds.notna() & (kinds != samples["water_kind"])
    if not changed.any():
        return samples
    judged = samples.assign(water_kind=kinds.where(changed, samples["water_kind"]))
    return contract_frame(QUALITY, judged.assign(**classify(judged)))


def _placed_anew(counts: pd.DataFrame, cabinets: pd.DataFrame) -> pd.DataFrame:
    """Counts by cabinet with the subdistrict in which their cabinet stands now."""
    codes = cabinets.set_index("cabinet_id")["subdistrict_code"]
    code = counts["cabinet_id"].map(codes).fillna(counts["subdistrict_code"])
    names = code.map(district.subdistrict_names())
    return contract_frame(STATUS, counts.assign(subdistrict_code=code, subdistrict_name=names))


def _match_streets(dataset: str, standing: Tables, made: Replacement) -> None:
    """Find the streets that registers name, in the rows that are new or, if the streets are, in all.

    What was matched before is matched anew: a street may be gone, have come, or run otherwise.
    """
    naming = (DEMONSTRATIONS, *NAMING_STREETS)
    tables = ChainMap(made.tables, standing)
    before = standing if dataset == STREETS else None
    for path in naming if dataset == STREETS else {dataset}.intersection(naming):
        matched = with_streets(path, tables[path], tables, before)
        if not matched.equals(tables[path]):
            made.tables[path] = matched


def _lost_targets(standing: Tables, made: Replacement) -> list[str]:
    """A sentence for each table whose rows would refer to rows that are not there."""
    tables, told = ChainMap(made.tables, standing), []
    for target, paths in DEPENDENTS.items():
        key = table(target).key[0]
        for path in paths:
            if target not in made.tables and path not in made.tables:
                continue
            ids = tables[path][key]
            lost = ids[ids.notna() & ~ids.isin(tables[target][key])]
            if len(lost):
                title, of = table(path).title, table(target).title
                # Rows of a sample that has to go can be kept in no file: theirs must come first.
                first = f"先导入“{of}”，其中" if target in made.emptied else f"在{of}登记册中"
                told.append(
                    f"“{title}”有 {len(lost):,} 行所指的 {lost.nunique():,} 个{of}编号不在{of}名录中"
                    f"（{_some(_named(lost, standing[target], key))}）。请{first}保留这些编号或名称，"
                    f"或从“{title}”中删去这些行后重新导入"
                )
    return told


def _named(ids: pd.Series, before: pd.DataFrame, key: str) -> pd.Series:
    """Ids with the names that their rows had before, where these are known."""
    names = before.drop_duplicates(key).set_index(key)[_name_column(key)]
    return (ids + " " + ids.map(names)).fillna(ids)


def _some(ids: pd.Series) -> str:
    distinct = ids.astype("str").unique()
    return "、".join(distinct[:EXAMPLES]) + (" 等" if len(distinct) > EXAMPLES else "")


def _search(kind: str, made: Replacement, standing: Tables) -> pd.DataFrame:
    """The search index with the entries of one kind made anew."""
    entries = standing[SEARCH]
    fresh = search_table(ChainMap(made.tables, standing), (kind,))
    return pd.concat([entries[entries["entry_kind"] != kind], fresh], ignore_index=True)
