"""The contract of every table in a snapshot: columns, types, units, allowed values, grain.

One place that build creates tables from, ``python -m data check`` verifies against, and a reader
looks a column up in. Types are DuckDB's. Coordinates are degrees (WGS-84 ≈ CGCS2000, lon before
lat); ``geometry_json`` is a GeoJSON geometry as text, rounded to 5 decimals (about 1 m).
"""

from dataclasses import dataclass

SOURCE_KINDS = ("plan", "standard", "osm", "register", "sample")
FIRST_YEAR, LAST_YEAR = 2020, 2025
YEARS = tuple(range(FIRST_YEAR, LAST_YEAR + 1))


@dataclass(frozen=True)
class Column:
    """One column: what it means, its type and what it may hold."""

    name: str
    title: str
    type: str = "VARCHAR"
    required: bool = True
    unit: str = ""
    allowed: tuple = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Table:
    """One table of one snapshot file: its columns and the key that makes a row unique."""

    database: str
    name: str
    title: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def path(self) -> str:
        """``database.table`` as written in queries."""
        return f"{self.database}.{self.name}"

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    def create_sql(self) -> str:
        """CREATE TABLE statement with NOT NULL where the contract requires a value."""
        body = ", ".join(
            f'"{c.name}" {c.type}{" NOT NULL" if c.required else ""}' for c in self.columns
        )
        return f"CREATE TABLE {self.path} ({body})"


def _code(required: bool = True) -> Column:
    return Column("subdistrict_code", "街道代码", required=required)


def _subdistrict(required: bool = True) -> tuple[Column, Column]:
    return _code(required), Column("subdistrict_name", "街道", required=required)


def _position(required: bool = True) -> tuple[Column, Column]:
    return (
        Column("lon", "经度", "DOUBLE", required, "°", low=119.9, high=120.5),
        Column("lat", "纬度", "DOUBLE", required, "°", low=30.0, high=30.6),
    )


def _year(name: str, title: str, required: bool = False, low: int = 1950) -> Column:
    return Column(name, title, "INTEGER", required, low=low, high=2035)


def _concentration(name: str, title: str, high: float) -> Column:
    return Column(name, title, "DOUBLE", False, "mg/L", low=0, high=high)


def _metres(name: str, title: str, required: bool = True) -> Column:
    return Column(name, title, "DOUBLE", required, "m", low=0)


def _matched_street() -> tuple[Column, Column]:
    """The street of the map that a register's own wording means, and how that was found."""
    return (
        Column("street_name", "底图道路", required=False),
        _choice("name_match", "对应方式", *NAME_MATCHES, required=False),
    )


def _count(name: str, title: str, required: bool = True) -> Column:
    return Column(name, title, "INTEGER", required, "个", low=0)


def _flag(name: str, title: str, required: bool = True) -> Column:
    return Column(name, title, "BOOLEAN", required)


def _choice(name: str, title: str, *allowed: str, required: bool = True) -> Column:
    return Column(name, title, required=required, allowed=allowed)


SOURCE = _choice("source_kind", "数据来源类别", *SOURCE_KINDS)
GEOMETRY = Column("geometry_json", "几何", required=False)
CLAUSE = Column("clause", "规划条款", required=False)

RIVER_RANKS = ("trunk", "main", "branch")
BEAUTIFUL_LEVELS = ("provincial", "municipal", "none")
QUALITY_CLASSES = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ")
WATER_KINDS = ("river", "lake")
CONTROL_LEVELS = ("national", "provincial", "municipal", "district")
FACILITY_KINDS = ("outfall", "pump_station", "sluice", "sand_basin", "dead_end")
FACILITY_WORKS = ("new", "renewed", "continued", "opened")
WALK_WAY_KINDS = ("street", "path", "steps", "railway", "closed_area")
WALK_STRUCTURES = ("ground", "bridge", "tunnel")
WALK_METHODS = ("network", "straight")
TOILET_SCOPES = ("all", "public", "open_24h")
SPACING_KINDS = ("commercial", "living", "traffic")
STREET_STATES = ("completed", "under_construction", "planned")
DEMONSTRATION_STATES = ("planned", "under_construction", "in_acceptance", "completed")
SCORE_ELEMENTS = ("洁化", "序化", "绿化", "亮化", "美化", "设施", "立面", "标识", "无障碍")
ROAD_CLASSES = ("main", "secondary", "branch")
PAVEMENT_GRADES = ("优", "良", "中", "次", "差")
BRIDGE_CONDITIONS = ("A", "B", "C", "D", "E")
ACCESSIBILITY_KINDS = (
    "盲道",
    "缘石坡道",
    "轮椅坡道",
    "无障碍厕位",
    "无障碍停车位",
    "过街设施",
    "标识",
)
NAME_MATCHES = ("exact", "alias")
PROJECT_STATES = ("planned", "under_construction", "completed", "suspended")
PROJECT_KINDS = (
    "road", "river", "pump_sluice", "sewage_free", "water_supply", "beautiful_river", "lighting",
    "street", "accessibility", "games", "municipal", "waste", "digital",
)  # fmt: skip
SEARCH_KINDS = ("subdistrict", "river", "street", "toilet", "project", "clause", "indicator",
                "place")  # fmt: skip
LIGHTING_KINDS = (
    "venue", "hub", "city_entrance", "window_road", "key_line", "building", "public_place",
    "embankment", "green_belt",
)  # fmt: skip
LIGHTING_TECHNIQUES = ("micro", "light", "other")
STRUCTURE_GROUPS = ("belt", "corridor", "axis", "zone")
ASSET_KINDS = ("street_lamp", "ground_lamp", "scenery_light")
"""Lamps: the first is functional lighting, the others are scenery lighting."""
ASSET_STATES = ("lit", "unlit")
COUNT_SPANS = ("day", "month")
DARK_SPOT_KINDS = ("绿地", "公园", "河道游步道", "道路", "其他")
DARK_SPOT_SOURCES = ("市民反映", "巡查普查")
GAP_PLACES = ("street", "riverside")
THEMES = ("rivers", "streets", "toilets", "lighting", "waste", "municipal", "digital",
          "enforcement", "appearance", "governance")  # fmt: skip

TABLES = (
    Table("base", "subdistricts", "街道", ("subdistrict_code",), (
        *_subdistrict(),
        Column("short_name", "街道简称"),
        Column("area_km2", "面积", "DOUBLE", unit="km²", low=0),
        Column("label_lon", "标注经度", "DOUBLE"), Column("label_lat", "标注纬度", "DOUBLE"),
        Column("west", "西界", "DOUBLE"), Column("south", "南界", "DOUBLE"),
        Column("east", "东界", "DOUBLE"), Column("north", "北界", "DOUBLE"),
        _choice("boundary_quality", "界线质量", "mapped", "estimated"),
        GEOMETRY, SOURCE)),
    Table("base", "water_areas", "水面", ("water_id",), (
        Column("water_id", "编号"), Column("water_name", "名称", required=False),
        Column("area_km2", "面积", "DOUBLE", unit="km²", low=0), GEOMETRY, SOURCE)),
    Table("base", "stations", "站点", ("station_id",), (
        Column("station_id", "编号"), Column("station_name", "名称", required=False),
        *_subdistrict(required=False), *_position(), SOURCE)),
    Table("base", "population", "人口", ("area_id",), (
        Column("area_id", "编号"), Column("area_name", "社区、网格或楼栋"), *_subdistrict(),
        *_position(required=False),
        Column("residents", "常住人口", "INTEGER", unit="人", low=0, high=1_000_000), SOURCE)),
    Table("base", "search_entries", "检索目录", ("entry_kind", "entry_id"), (
        _choice("entry_kind", "类别", *SEARCH_KINDS), Column("entry_id", "编号"),
        Column("entry_name", "名称"), Column("name_key", "检索名"),
        Column("aliases", "别名与编号（空格分隔）", required=False),
        Column("initials", "拼音首字母（各读音，空格分隔）"), Column("pinyin", "拼音（各读音，空格分隔）"),
        Column("further_key", "其他检索文字", required=False),
        Column("detail", "说明", required=False),
        Column("subdistrict_codes", "所在街道代码（空格分隔）", required=False),
        Column("west", "西界", "DOUBLE", required=False),
        Column("south", "南界", "DOUBLE", required=False),
        Column("east", "东界", "DOUBLE", required=False),
        Column("north", "北界", "DOUBLE", required=False), SOURCE)),
    Table("plan", "clauses", "规划条款", ("clause",), (
        Column("clause", "条款号"), Column("chapter", "章"), Column("section", "节", required=False),
        Column("title", "标题"), Column("summary", "摘要", required=False), SOURCE)),
    Table("plan", "indicators", "28 项发展指标", ("indicator_no",), (
        Column("indicator_no", "序号", "INTEGER", low=1, high=28), Column("category", "类别"),
        Column("indicator_name", "指标"), _choice("operator", "关系", ">", ">=", "="),
        Column("target_value", "目标值", "DOUBLE", low=0), Column("unit", "单位"),
        Column("target_text", "目标原文"), _choice("theme", "专题", *THEMES),
        Column("clause", "规划条款"), Column("note", "说明", required=False),
        _flag("is_core", "核心指标（3.3.3）"),
        Column("base_value", "基期值（2020 年）", "DOUBLE", required=False),
        Column("base_clause", "基期值条款", required=False),
        Column("base_note", "基期值说明", required=False), SOURCE)),
    Table("plan", "indicator_values", "指标填报值", ("indicator_no", "year"), (
        Column("indicator_no", "指标序号", "INTEGER", low=1, high=28),
        Column("year", "年份", "INTEGER", low=FIRST_YEAR, high=LAST_YEAR),
        Column("value", "数值", "DOUBLE"), Column("reporting_unit", "填报单位"),
        Column("reported_on", "填报日期", "DATE"), SOURCE)),
    Table("plan", "facts", "规划数字", ("fact_key",), (
        Column("fact_key", "键"), Column("label", "名称"),
        _choice("operator", "关系", ">", ">=", "=", "<", "<=", required=False),
        Column("value", "数值", "DOUBLE"), Column("unit", "单位"),
        _year("year", "所指年份"), _year("deadline_year", "期限"),
        _choice("role", "性质", "base", "goal", "task"), _choice("theme", "专题", *THEMES),
        _code(required=False), Column("clause", "规划条款"),
        Column("note", "说明", required=False), SOURCE)),
    Table("plan", "places", "规划点名的地方", ("place_group", "place_name"), (
        Column("place_group", "组"), Column("place_kind", "类"), Column("place_name", "名称"),
        Column("clause", "规划条款"), Column("note", "说明", required=False),
        _flag("is_mapped", "已上图"), Column("located_by", "定位依据", required=False),
        *_position(required=False), GEOMETRY, SOURCE)),
    Table("plan", "glossary", "名词解释", ("term_no",), (
        Column("term_no", "序号", "INTEGER", low=1, high=11), Column("term", "名词"),
        Column("explanation", "释义"), Column("clause", "规划条款"), SOURCE)),
    Table("plan", "milestones", "污水零直排区节点", ("year", "milestone_no"), (
        _year("year", "年份", required=True), Column("milestone_no", "序号", "INTEGER", low=1),
        Column("milestone", "节点任务"), Column("clause", "规划条款"), SOURCE)),
    Table("plan", "contradictions", "规划内部不一致", ("contradiction_no",), (
        Column("contradiction_no", "序号", "INTEGER", low=1), Column("topic", "事项"),
        Column("first_says", "一处"), Column("first_clause", "一处条款"),
        Column("second_says", "另一处"), Column("second_clause", "另一处条款"),
        Column("reading", "本系统的处理"),
        Column("indicator_no", "指标序号", "INTEGER", required=False, low=1, high=28),
        Column("fact_key", "规划数字键", required=False), SOURCE)),
    Table("plan", "projects", "规划项目", ("project_id",), (
        Column("project_id", "项目编号"), Column("project_name", "项目"),
        _choice("project_kind", "类别", *PROJECT_KINDS),
        Column("implementing_body", "实施主体", required=False),
        _choice("managed_level", "管理级别", "市管", "区管", required=False),
        *_subdistrict(required=False),
        Column("touched_codes", "所涉街道代码（逗号分隔）", required=False),
        Column("quantity", "数量", "DOUBLE", low=0),
        Column("unit", "单位"), _year("plan_start_year", "规划开工年份"),
        _year("plan_end_year", "规划完成年份"),
        _choice("state", "状态", *PROJECT_STATES, required=False),
        Column("started_on", "开工日期", "DATE", required=False),
        Column("completed_on", "完工日期", "DATE", required=False),
        _flag("is_mapped", "已上图"), Column("located_by", "定位依据", required=False),
        *_position(required=False), GEOMETRY, Column("clause", "规划条款"),
        Column("note", "说明", required=False), SOURCE)),
    Table("plan", "project_rivers", "规划项目所在河道", ("project_id", "river_name"), (
        Column("project_id", "项目编号"), Column("river_name", "河道"), SOURCE)),
    Table("rivers", "rivers", "河道", ("river_id",), (
        Column("river_id", "河道编号"), Column("river_name", "河道"), _flag("is_named", "有名称"),
        _flag("is_mapped", "已上图"), _choice("rank", "等级", *RIVER_RANKS, required=False),
        _metres("length_m", "区内长度", required=False),
        _choice("beautiful_level", "美丽河湖等级", *BEAUTIFUL_LEVELS, required=False),
        _year("beautiful_year", "创建年份"),
        _choice("chief_level", "河长级别", "区级", "街道级", required=False),
        GEOMETRY, CLAUSE, SOURCE)),
    Table("rivers", "reaches", "河段（河道 × 街道）", ("river_id", "subdistrict_code"), (
        Column("river_id", "河道编号"), *_subdistrict(), _metres("length_m", "河段长度"), GEOMETRY,
        SOURCE)),
    Table("rivers", "sections", "水质断面", ("section_id",), (
        Column("section_id", "断面编号"), Column("section_name", "断面"),
        Column("river_id", "河道编号"),
        _choice("water_kind", "水体类型", *WATER_KINDS),
        _choice("control_level", "控制级别", *CONTROL_LEVELS, required=False),
        *_subdistrict(required=False), *_position(required=False), _flag("is_mapped", "已上图"),
        SOURCE)),
    Table("rivers", "water_quality", "月度水质", ("section_id", "month"), (
        Column("section_id", "断面编号"), Column("month", "月份（当月 1 日）", "DATE"),
        _choice("water_kind", "水体类型", *WATER_KINDS),
        _concentration("do_mg_l", "溶解氧", 25), _concentration("codmn_mg_l", "高锰酸盐指数", 100),
        _concentration("cod_mg_l", "化学需氧量", 500),
        _concentration("bod5_mg_l", "五日生化需氧量", 200),
        _concentration("nh3n_mg_l", "氨氮", 50), _concentration("tp_mg_l", "总磷", 10),
        Column("ph", "pH", "DOUBLE", False, low=0, high=14),
        _choice("quality_class", "水质类别", *QUALITY_CLASSES, required=False),
        Column("limiting_item", "定类项目", required=False),
        Column("spare_pct", "距Ⅳ类限值的余量", "DOUBLE", False, "%"),
        Column("spare_item", "余量最小的项目", required=False), SOURCE)),
    Table("rivers", "quality_limits", "水质类别限值",
          ("item", "water_kind", "quality_class"), (
        Column("item", "项目"), Column("item_title", "项目名称"),
        Column("column_name", "数据列"), _choice("water_kind", "水体类型", *WATER_KINDS),
        _choice("quality_class", "水质类别", *QUALITY_CLASSES[:-1]),
        Column("low", "不低于", "DOUBLE", required=False),
        Column("high", "不高于", "DOUBLE", required=False),
        Column("unit", "单位", required=False), _flag("is_required", "缺测即不评价"),
        Column("clause", "标准条款"), SOURCE)),
    Table("rivers", "facilities", "河道设施", ("facility_id",), (
        Column("facility_id", "设施编号"), Column("facility_name", "设施"),
        _choice("facility_kind", "类别", *FACILITY_KINDS),
        Column("river_id", "河道编号", required=False), *_subdistrict(required=False),
        *_position(required=False), _flag("is_mapped", "已上图"),
        _choice("work", "建设性质", *FACILITY_WORKS, required=False),
        _choice("state", "状态", *STREET_STATES, required=False),
        _year("completed_year", "建成年份"),
        Column("dry_flow_found_on", "晴天出水发现日期", "DATE", False),
        Column("dry_flow_fixed_on", "晴天出水处置日期", "DATE", False),
        Column("project_id", "规划项目编号", required=False), CLAUSE, SOURCE)),
    Table("streets", "streets", "街道（道路）", ("street_id",), (
        Column("street_id", "道路编号"), Column("street_name", "道路"), Column("street_class", "等级"),
        _metres("length_m", "区内长度"), GEOMETRY, SOURCE)),
    Table("streets", "segments", "路段（道路 × 街道）", ("street_id", "subdistrict_code"), (
        Column("street_id", "道路编号"), *_subdistrict(), _metres("length_m", "路段长度"), GEOMETRY,
        SOURCE)),
    Table("streets", "walk_ways", "步行路网", ("way_id",), (
        Column("way_id", "路段编号"), _choice("way_kind", "类别", *WALK_WAY_KINDS),
        _choice("structure", "构造", *WALK_STRUCTURES, required=False),
        Column("way_name", "道路", required=False),
        Column("from_node", "起点编号", "BIGINT", required=False),
        Column("to_node", "终点编号", "BIGINT", required=False),
        Column("geometry_json", "几何"), SOURCE)),
    Table("streets", "demonstration_streets", "示范街", ("demonstration_id",), (
        Column("demonstration_id", "编号"),
        _choice("designation", "类型", "boutique", "provincial"),
        Column("street_name", "道路"), *_subdistrict(),
        _choice("level", "级别", "市级", "区级", "省级"),
        _choice("state", "状态", *DEMONSTRATION_STATES), Column("progress_pct", "进度", "DOUBLE", unit="%",
                                                      low=0, high=100),
        _year("started_year", "开工年份"), _year("completed_year", "建成年份"),
        Column("lag_note", "滞后原因", required=False),
        Column("photo_before", "改造前照片", required=False),
        Column("photo_after", "改造后照片", required=False),
        _metres("length_m", "长度", required=False), _flag("is_mapped", "已上图"),
        *_position(required=False), GEOMETRY, CLAUSE, SOURCE)),
    Table("streets", "street_scores", "示范街评分", ("demonstration_id", "scored_on", "element"), (
        Column("demonstration_id", "示范街编号"), Column("scored_on", "评分日期", "DATE"),
        _choice("element", "要素", *SCORE_ELEMENTS),
        Column("score", "得分", "DOUBLE", unit="分", low=0, high=100),
        Column("remark", "扣分说明", required=False), SOURCE)),
    Table("streets", "road_projects", "迎亚运道路修缮", ("road_id",), (
        Column("road_id", "编号"), Column("road_name", "道路"), *_matched_street(),
        Column("section", "起讫", required=False),
        _choice("managed_level", "管理级别", "市管", "区管", required=False),
        Column("project_id", "规划项目编号", required=False),
        _year("plan_year", "规划开工年份"),
        _choice("state", "状态", *PROJECT_STATES, required=False),
        Column("started_on", "开工日期", "DATE", False),
        Column("completed_on", "完工日期", "DATE", False), CLAUSE, SOURCE)),
    Table("streets", "pavement", "路面状况", ("section_id", "inspected_on"), (
        Column("section_id", "路段编号"), Column("road_name", "道路"), *_matched_street(),
        *_subdistrict(required=False), _choice("road_class", "道路等级", *ROAD_CLASSES),
        _choice("managed_level", "管理级别", "市管", "区管", required=False),
        _metres("length_m", "检测长度"), Column("inspected_on", "检测日期", "DATE"),
        _choice("grade", "路面状况", *PAVEMENT_GRADES),
        Column("pci", "路面状况指数 PCI", "DOUBLE", False, low=0, high=100),
        _year("renewed_year", "建成或最近大修年份"), SOURCE)),
    Table("streets", "accessibility_points", "无障碍问题点", ("point_id",), (
        Column("point_id", "编号"), Column("place_name", "位置", required=False),
        Column("road_name", "道路", required=False), *_matched_street(), *_subdistrict(),
        *_position(), _choice("point_kind", "问题类别", *ACCESSIBILITY_KINDS),
        Column("found_on", "发现日期", "DATE"), Column("closed_on", "销号日期", "DATE", False), CLAUSE,
        SOURCE)),
    Table("streets", "bridges", "桥梁", ("bridge_id",), (
        Column("bridge_id", "编号"), Column("bridge_name", "桥梁"),
        Column("road_name", "道路", required=False), *_matched_street(),
        *_subdistrict(required=False), *_position(required=False), _flag("is_mapped", "已上图"),
        _choice("managed_level", "管理级别", "市管", "区管", required=False),
        _choice("condition", "技术状况", *BRIDGE_CONDITIONS, required=False),
        Column("checked_on", "结构检测日期", "DATE", False), SOURCE)),
    Table("toilets", "toilets", "公共厕所", ("toilet_id",), (
        Column("toilet_id", "公厕编号"), Column("toilet_name", "公厕"), *_subdistrict(), *_position(),
        Column("street_name", "所在道路", required=False),
        _choice("grade", "类别", "一类", "二类", "三类", required=False),
        Column("star_rating", "星级", "INTEGER", False, "星", low=1, high=5),
        _flag("has_third_room", "第三卫生间", False), _flag("has_nursing_room", "母婴室", False),
        _flag("has_accessible", "无障碍", False), _flag("has_tidal_stalls", "潮汐厕位", False),
        _flag("is_open_24h", "24 小时开放", False), _flag("is_social", "沿街单位开放", False),
        Column("women_stalls", "女厕位", "INTEGER", False, low=0, high=200),
        Column("men_stalls", "男厕位", "INTEGER", False, low=0, high=200),
        _year("opened_year", "启用年份"), _year("renewed_year", "提升改造年份"),
        _choice("position_source", "位置来源", "osm", "sample", "register"), SOURCE)),
    Table("toilets", "service_stations", "城管驿站", ("station_id",), (
        Column("station_id", "驿站编号"), Column("station_name", "驿站"), *_subdistrict(),
        *_position(), Column("street_name", "所在道路", required=False),
        _flag("has_toilet", "可如厕", False), _flag("is_open_24h", "24 小时开放", False),
        _year("opened_year", "启用年份"), SOURCE)),
    Table("toilets", "coverage_cells", "如厕圈网格", ("cell_id",), (
        Column("cell_id", "网格编号"), *_subdistrict(), *_position(),
        Column("area_km2", "网格陆地面积", "DOUBLE", unit="km²", low=0),
        _choice("method", "步行距离算法", *WALK_METHODS),
        _metres("street_m", "到最近可步行道路的距离", required=False),
        Column("residents", "网格人口", "DOUBLE", required=False, unit="人", low=0), SOURCE)),
    Table("toilets", "cell_walks", "网格到最近公厕的步行距离", ("cell_id", "scope", "from_year"), (
        Column("cell_id", "网格编号"), _choice("scope", "计入的公厕", *TOILET_SCOPES),
        _year("from_year", "起始年份", required=True), _year("to_year", "截止年份", required=True),
        _metres("walk_m", "到最近公厕的步行距离", required=False),
        Column("toilet_id", "最近公厕编号", required=False), SOURCE)),
    Table("toilets", "spacing_limits", "公厕设置间距限值", ("street_class",), (
        _choice("spacing_kind", "道路性质", *SPACING_KINDS), Column("spacing_title", "性质名称"),
        Column("street_class", "道路等级"), _metres("max_spacing_m", "设置间距不大于"),
        Column("clause", "标准条款"), SOURCE)),
    Table("toilets", "street_spacing", "道路公厕间距", ("street_id", "subdistrict_code"), (
        Column("street_id", "道路编号"), Column("street_name", "道路"), *_subdistrict(),
        _choice("spacing_kind", "道路性质", *SPACING_KINDS), _metres("length_m", "检查长度"),
        _metres("beyond_m", "超出间距的长度"),
        _metres("farthest_m", "沿路到最近公厕的最远步行距离", required=False), SOURCE)),
    Table("lighting", "assets", "灯具", ("asset_id",), (
        Column("asset_id", "部件编码（GB/T 30428.2）"), _choice("asset_kind", "类别", *ASSET_KINDS),
        Column("place_name", "位置", required=False), *_subdistrict(), *_position(),
        Column("cabinet_id", "控制柜编号", required=False),
        _flag("is_led", "LED", False), _flag("is_centrally_controlled", "集中控制", False),
        _flag("is_sound", "设施完好", False),
        _choice("state", "亮灯状态", *ASSET_STATES, required=False),
        _flag("has_5g_station", "搭载 5G 基站", False), _flag("has_sensor", "搭载感知设备", False),
        _year("installed_year", "安装年份"), SOURCE)),
    Table("lighting", "yearly", "灯具年度统计", ("year", "subdistrict_code", "asset_kind"), (
        _year("year", "年份", required=True), *_subdistrict(),
        _choice("asset_kind", "类别", *ASSET_KINDS), _count("asset_count", "灯具数"),
        _count("lit_count", "亮灯数", False), _count("sound_count", "完好数", False),
        _count("controlled_count", "集中控制数", False), _count("led_count", "LED 数", False),
        SOURCE)),
    Table("lighting", "cabinets", "照明控制柜", ("cabinet_id",), (
        Column("cabinet_id", "控制柜编号"), Column("cabinet_name", "控制柜"), *_subdistrict(),
        *_position(), Column("place_name", "位置", required=False),
        _flag("is_on_central_switch", "接入一把闸刀", False), _year("connected_year", "接入年份"),
        SOURCE)),
    Table("lighting", "roads", "道路照明检测", ("road_id",), (
        Column("road_id", "编号"), Column("road_name", "道路"), *_matched_street(),
        *_subdistrict(required=False), _choice("road_class", "道路等级", *ROAD_CLASSES, required=False),
        _flag("is_new", "新建改建扩建", False), _year("built_year", "建成或改建年份"),
        _flag("has_lamps", "已装灯"),
        _flag("meets_standard", "照明指标达标", False),
        Column("average_lux", "平均照度", "DOUBLE", False, "lx", low=0, high=500),
        Column("measured_on", "检测日期", "DATE", False), SOURCE)),
    Table("lighting", "status", "亮灯与故障统计", (
        "counted_on", "span", "cabinet_id", "road_name", "subdistrict_code"), (
        Column("counted_on", "统计日期（按月的填当月 1 日）", "DATE"),
        _choice("span", "统计周期", *COUNT_SPANS), Column("cabinet_id", "控制柜编号", required=False),
        Column("road_name", "道路", required=False), *_matched_street(),
        *_subdistrict(required=False),
        _count("due_count", "应亮灯数"), _count("lit_count", "实亮灯数"),
        _count("fault_count", "新增故障数", False), _count("repaired_count", "修复数", False),
        Column("repair_hours", "修复总时长", "DOUBLE", False, "小时", low=0),
        Column("fault_night_count", "有故障的夜数", "INTEGER", False, "夜", low=0, high=31),
        SOURCE)),
    Table("lighting", "energy", "照明用电", ("month", "cabinet_id"), (
        Column("month", "月份（当月 1 日）", "DATE"), Column("cabinet_id", "控制柜编号"),
        Column("energy_kwh", "用电量", "DOUBLE", unit="kWh", low=0, high=10_000_000), SOURCE)),
    Table("lighting", "projects", "亚运亮灯项目", ("project_id",), (
        Column("project_id", "项目编号"), Column("project_name", "项目"),
        _choice("project_kind", "类别", *LIGHTING_KINDS), *_subdistrict(),
        *_position(), Column("quantity", "计划数量", "DOUBLE", low=0),
        Column("completed_quantity", "已完成数量", "DOUBLE", False, low=0), Column("unit", "单位"),
        _choice("technique", "改造方式", *LIGHTING_TECHNIQUES, required=False),
        _choice("state", "状态", *STREET_STATES), Column("started_on", "开工日期", "DATE", False),
        Column("completed_on", "完工日期", "DATE", False),
        GEOMETRY, CLAUSE, SOURCE)),
    Table("lighting", "structure", "照明总格局", ("element_id",), (
        Column("element_id", "编号"), _choice("element_group", "组", *STRUCTURE_GROUPS),
        Column("element_name", "名称"), _flag("is_mapped", "已上图"), *_position(required=False),
        GEOMETRY, CLAUSE, SOURCE)),
    Table("lighting", "dark_spots", "盲区暗点", ("spot_id",), (
        Column("spot_id", "编号"), Column("spot_name", "位置"), *_subdistrict(), *_position(),
        _choice("spot_kind", "类别", *DARK_SPOT_KINDS),
        _choice("found_by", "发现方式", *DARK_SPOT_SOURCES, required=False),
        Column("found_on", "发现日期", "DATE"), Column("fixed_on", "消除日期", "DATE", False), CLAUSE,
        SOURCE)),
    Table("lighting", "dark_gaps", "疑似盲区", ("gap_id",), (
        Column("gap_id", "编号"), _choice("place_kind", "类别", *GAP_PLACES),
        Column("place_name", "道路或河道"), *_subdistrict(), *_position(),
        _metres("gap_m", "相邻灯具间距"), _flag("has_lamps", "所在段有灯"), GEOMETRY, SOURCE)),
)  # fmt: skip

DATABASES = tuple(dict.fromkeys(table.database for table in TABLES))

META = Table("", "_meta", "数据集说明", ("dataset",), (
    Column("dataset", "数据集"), Column("title", "名称"), SOURCE, Column("source", "来源"),
    Column("as_of", "数据日期"), Column("imported_at", "入库时间"),
    Column("row_count", "行数", "BIGINT"), Column("sha256", "内容校验和"),
    Column("provider", "报送单位"), Column("licence", "许可"),
    Column("findings_json", "导入时发现的问题（规则与数量）")))  # fmt: skip


def table(path: str) -> Table:
    """Contract of ``database.table``; KeyError when there is none."""
    for candidate in TABLES:
        if candidate.path == path:
            return candidate
    raise KeyError(path)
