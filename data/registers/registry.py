"""Every register that can be imported, with its fields, headings, words and examples."""

from collections.abc import Mapping
from dataclasses import replace

from data.contracts import TABLES
from data.registers.register import Field, Lookup, Register


def _words(by_value: Mapping[str, str] | None = None, **more: str) -> dict[str, str]:
    """Word → value, of value → words separated by blanks."""
    listed = {**(by_value or {}), **more}
    return {word: value for value, words in listed.items() for word in words.split()}


def _field(name: str, first: str, second: str, *aliases: str, **more) -> Field:
    return Field(name, (first, second), aliases, **more)


_LON = Field("lon", ("120.158000", "120.201946"), ("x", "lng", "long", "longitude", "X坐标", "东坐标", "横坐标",
    "经度坐标"),
             note="按所声明的坐标系填写；投影坐标填东坐标（米）")  # fmt: skip
_LAT = Field("lat", ("30.253500", "30.250713"), ("y", "latitude", "Y坐标", "北坐标", "纵坐标", "纬度坐标"),
             note="按所声明的坐标系填写；投影坐标填北坐标（米）")  # fmt: skip
_CODE = Field("subdistrict_code", ("330102003", "330102014"), ("街道编码", "街道编号", "所属街道代码",
    "行政区划代码"),
              must=False, note="可不填：由位置得出；2021 年前的代码自动换算")  # fmt: skip
_NAME = Field("subdistrict_name", ("湖滨街道", "四季青街道"), ("街道名称", "所属街道", "所在街道", "镇街",
    "辖区", "属地街道"),
              must=False, note="可不填：由位置得出；与位置不符时以位置为准")  # fmt: skip
_GEOMETRY = Field("geometry_json", ("", ""), ("wkt", "geometry", "geom", "geojson", "空间数据"), must=False,
                  note="地理格式自带几何时不填；表格中可填 WKT 或 GeoJSON")  # fmt: skip
_OPEN_24H = Field("is_open_24h", ("是", "否"), ("24小时", "24h", "24小时公厕", "24小时厕所", "是否24小时开放",
    "是否24小时", "全天开放", "是否全天开放", "全天候开放", "全时段开放"),
                  words=_words(是="24小时 24h 24小时开放 全天 全天开放 全天候 全天候开放 全时段 通宵",
                               否="非24小时 非24小时开放 非全天 定时 定时开放 限时 限时开放 夜间关闭"))  # fmt: skip
_RIVER = Lookup("rivers.rivers", "river_id", "river_name")
_SECTION = Lookup("rivers.sections", "section_id", "section_name")
_PROJECT = Lookup("plan.projects", "project_id", "project_name")
_CABINET = Lookup("lighting.cabinets", "cabinet_id", "cabinet_name")
_DEMONSTRATION = Lookup("streets.demonstration_streets", "demonstration_id", "street_name")
_STATES = {
    "completed": "已建成 建成 完工 已完工 竣工 已竣工 已完成",
    "under_construction": "在建 建设中 施工中",
    "planned": "未开工 未启动 计划 规划 待建 拟建 筹备",
}
_DEMONSTRATION_STATES = {
    "planned": "策划 方案设计 " + _STATES["planned"],
    "under_construction": _STATES["under_construction"],
    "in_acceptance": "验收 验收中 待验收 完工待验收 已完工待验收",
    "completed": "已命名 命名 已授牌 " + _STATES["completed"],
}
_ROAD = Field("road_name", ("解放路", "钱江路"), ("道路名称", "路名", "所在道路", "路段名称"),
              note="与底图道路同名（括号内的起讫不计）或用其常用别名的上图；对应不上的保留并列为“未上图”")  # fmt: skip
_MANAGED = Field("managed_level", ("市管", "区管"), ("管养级别", "管理权限", "管养单位级别", "市管/区管"),
                 words=_words(市管="市管 市属 市级", 区管="区管 区属 区级"))  # fmt: skip
_PHOTO = "只填文件名（jpg、jpeg、png、webp），不含文件夹和网址"


REGISTERS = (
    Register("toilets", "公共厕所", "toilets.toilets", (
        _field("toilet_id", "3301020301000001", "3301020301000002", "编号", "部件编码", "公厕编码", "标识码",
               "objid", "id"),
        _field("toilet_name", "湖滨一公园公厕", "钱江路地铁口公厕", "名称", "公厕名称", "厕所名称", "name",
               "objname"),
        _LON, _LAT, _CODE, _NAME,
        _field("street_name", "湖滨路", "钱江路", "道路", "位置", "地址", "详细地址", "所在位置", "路名"),
        _field("grade", "一类", "二类", "公厕类别", "等级", "公厕等级", "级别",
               words=_words(一类="1类 一级 1 一类公厕 一类厕所", 二类="2类 二级 2 二类公厕 二类厕所",
                            三类="3类 三级 3 三类公厕 三类厕所")),
        _field("star_rating", "5", "4", "星级等级", "评星", words=_words({
            "1": "一星 1星 一星级 ★", "2": "二星 2星 二星级 ★★", "3": "三星 3星 三星级 ★★★",
            "4": "四星 4星 四星级 ★★★★", "5": "五星 5星 五星级 ★★★★★"})),
        _field("has_third_room", "是", "否", "有无第三卫生间", "是否有第三卫生间", "家庭卫生间"),
        _field("has_nursing_room", "是", "否", "有无母婴室", "母婴设施"),
        _field("has_accessible", "是", "是", "无障碍厕位", "无障碍设施", "有无无障碍设施"),
        _field("has_tidal_stalls", "否", "否", "有无潮汐厕位"),
        _OPEN_24H,
        _field("is_social", "否", "否", "社会厕所", "社会公厕", "是否社会厕所", "是否沿街单位", "沿街单位厕所",
               "单位内部厕所对外开放", "单位内部厕所", "社会单位开放",
               words=_words(是="社会厕所 社会公厕 沿街单位 沿街单位厕所 沿街单位开放 单位内部厕所 社会",
                            否="公共厕所 公厕 市政公厕 环卫公厕 公共 市政 环卫"),
               note="沿街单位对外开放的内部厕所填是；公厕座数与密度不计这些，步行可达可以计入"),
        _field("women_stalls", "12", "6", "女厕位数", "女蹲位", "女蹲位数"),
        _field("men_stalls", "8", "4", "男厕位数", "男蹲位", "男蹲位数"),
        _field("opened_year", "2008", "2022", "建成年份", "投用年份", "建设年份", "启用时间"),
        _field("renewed_year", "2021", "", "改造年份", "提升年份"),
    ), update_days=365, geometry="point", needs_position=True, from_osm=True),
    Register("service_stations", "城管驿站", "toilets.service_stations", (
        _field("station_id", "YZ001", "YZ002", "编号", "驿站编码", "站点编号", "部件编码", "objid", "id"),
        _field("station_name", "湖滨路城管驿站", "钱江路城管驿站", "名称", "驿站名称", "城管驿站名称", "站点名称",
               "name"),
        _LON, _LAT, _CODE, _NAME,
        _field("street_name", "湖滨路", "钱江路", "道路", "位置", "地址", "详细地址", "所在位置", "路名"),
        _field("has_toilet", "是", "否", "有无厕所", "有无公厕", "内设厕所", "厕所", "是否可如厕",
               words=_words(是="内设 可用 配有", 否="未设 不可用")),
        _OPEN_24H,
        _field("opened_year", "2018", "2020", "建成年份", "投用年份", "开放年份", "启用时间"),
    ), update_days=365, geometry="point", needs_position=True),
    Register("rivers", "河道", "rivers.rivers", (
        _field("river_id", "R001", "R002", "编号", "河道编码", "河流编码", "id"),
        _field("river_name", "新塘河", "新开河", "名称", "河道名称", "河流", "河流名称", "河名", "name"),
        _field("rank", "主要河道", "支流", "河道等级", "河流等级", words=_words(trunk="干流 骨干河道",
               main="主要河道 主干河道", branch="支流 一般河道")),
        _field("beautiful_level", "省级", "未创建", "美丽河湖", "创建等级", "美丽河湖级别",
               words=_words(provincial="省级 省级美丽河湖", municipal="市级 市级美丽河湖", none="未创建 无 否"),
               all_or_none=True,
               note="整列都填或整列都不填：缺填的河道会使覆盖率失实"),
        _field("beautiful_year", "2021", "", "授牌年份", "获评年份", "美丽河湖创建年份"),
        _field("chief_level", "区级", "街道级", "河长", "河长等级", words=_words(街道级="镇街级 街道", 区级="区")),
        _GEOMETRY,
        _field("clause", "4.3.5", "", "条款"),
    ), update_days=365, geometry="line", from_osm=True),
    Register("water_sections", "水质断面", "rivers.sections", (
        _field("section_id", "D001", "D002", "编号", "断面编码", "断面代码", "id"),
        _field("section_name", "新塘河解放东路断面", "新开河监测断面", "名称", "断面名称", "name"),
        _field("river_id", "新塘河", "R002", "河道", "所在河道", "河道名称", "河流", "河流名称", "断面所在河道",
               lookup=_RIVER, note="河道编号或河道名称，须在河道名录中"),
        _field("water_kind", "河流", "河流", "水体", "水体类别", words=_words(river="河流 河道",
               lake="湖库 湖泊 水库 湖、库"), note="湖库的总磷限值与河流不同（GB 3838-2002 表 1）"),
        _field("control_level", "市控", "区控", "断面级别", "断面等级", "控制等级", words=_words(
               national="国控", provincial="省控", municipal="市控 市(县)控 县控", district="区控")),
        _LON, _LAT, _CODE, _NAME,
    ), update_days=365, geometry="point"),
    Register("water_quality", "月度水质", "rivers.water_quality", (
        _field("section_id", "新塘河解放东路断面", "D002", "断面", "断面名称", "监测断面", "监测断面名称",
               "断面编码", "点位名称", lookup=_SECTION, note="断面编号或断面名称，须在水质断面登记册中"),
        _field("month", "2025-03", "2025年3月", "月份", "监测月份", "监测时间", "采样时间", "采样日期",
               note="一个断面一个月一行；一个月测了几次的填平均值"),
        _field("do_mg_l", "6.2", "5.1", "do", "溶解氧(mg/l)"),
        _field("codmn_mg_l", "4.1", "5.6", "codmn", "高锰酸盐", "高锰酸盐指数(mg/l)"),
        _field("cod_mg_l", "14", "", "cod", "codcr", "化学需氧量(mg/l)"),
        _field("bod5_mg_l", "2.1", "", "bod5", "bod", "五日生化需氧量(mg/l)", "生化需氧量"),
        _field("nh3n_mg_l", "0.62", "1.10", "nh3-n", "nh3n", "氨氮(mg/l)"),
        _field("tp_mg_l", "0.12", "0.21", "tp", "总磷(mg/l)"),
        _field("ph", "7.6", "", "ph值", "酸碱度"),
    ), update_days=45),
    Register("river_facilities", "河道设施", "rivers.facilities", (
        _field("facility_id", "F001", "F002", "编号", "设施编码", "id"),
        _field("facility_name", "新塘河排出口 01", "八号港闸", "名称", "设施名称", "name"),
        _field("facility_kind", "排出口", "闸", "设施类别", "设施类型", "类型",
               words=_words(outfall="排出口 沿河排出口 入河排出口 排水口 排口 雨水排口 入河排口",
                            pump_station="泵站 排涝泵站 污水泵站", sluice="闸 水闸 闸站 节制闸",
                            sand_basin="沉砂池", dead_end="断头断点 断头河 断点")),
        _field("river_id", "新塘河", "", "河道", "所在河道", "河道名称", lookup=_RIVER),
        _LON, _LAT, _CODE, _NAME,
        _field("work", "", "新建", "建设类型", "建设内容", words=_words(new="新建",
               renewed="改造 升级改造 提升改造 扩容", continued="续建", opened="打通")),
        _field("state", "", "在建", "建设状态", "进展", words=_words(_STATES)),
        _field("completed_year", "", "", "完工年份", "竣工年份"),
        _field("dry_flow_found_on", "2025-08-12", "", "晴天出水日期", "发现晴天出水日期", "发现日期"),
        _field("dry_flow_fixed_on", "2025-09-03", "", "处置日期", "封堵日期", "处置完成日期"),
        _field("project_id", "", "P05", "项目编号", lookup=_PROJECT, note="对应的规划项目，可填编号或名称"),
        _field("clause", "", "box2", "条款"),
    ), update_days=90, geometry="point"),
    Register("water_areas", "水面", "base.water_areas", (
        _field("water_id", "W001", "W002", "编号", "水体编码", "id"),
        _field("water_name", "西湖", "丰收湖", "名称", "水体名称", "name"), _GEOMETRY,
    ), update_days=730, geometry="polygon", needs_position=True, from_osm=True),
    Register("streets", "道路", "streets.streets", (
        _field("street_id", "S001", "S002", "编号", "道路编码", "id"),
        _field("street_name", "解放路", "钱江路", "名称", "道路名称", "路名", "name"),
        _field("street_class", "次干路", "主干路", "道路等级", "道路类别", words=_words(trunk="快速路",
               primary="主干路 主干道", secondary="次干路 次干道", tertiary="支路", residential="街巷",
               pedestrian="步行街")),
        _GEOMETRY,
    ), update_days=365, geometry="line", needs_position=True, from_osm=True),
    Register("streets-osm", "步行路网", "streets.walk_ways", (
        _field("way_id", "L001", "L002", "编号", "路段编码", "id"),
        _field("way_kind", "道路", "步行道", "类型", "路段类别", "路段类型", words=_words(
               street="道路 街道 车行道 慢行道", path="步行道 人行道 步道 小路 通道 绿道", steps="台阶 梯道 楼梯",
               railway="铁路 轨道", closed_area="封闭区域 禁入区域"),
               note="铁路和封闭区域（画成闭合的线）不是路：走路不能穿过、其中不算陆域网格"),
        _field("structure", "地面", "桥梁", "结构", "敷设方式", words=_words(
               ground="地面", bridge="桥梁 桥 天桥 高架", tunnel="隧道 地道 地下 地下通道")),
        _field("way_name", "解放路", "", "名称", "路名", "道路名称", "name"),
        _field("from_node", "1001", "1002", "起点", "起点节点", "起始节点", "from", "source"),
        _field("to_node", "1002", "1003", "终点", "终点节点", "终止节点", "to", "target",
               note="两条路段的端点编号相同才算相接：桥与桥下的路编号不同，便不相通"),
        _GEOMETRY,
    ), update_days=730, geometry="line", needs_position=True, beyond_m=1_500, from_osm=True),
    Register("demonstration_streets", "示范街", "streets.demonstration_streets", (
        _field("demonstration_id", "D01", "D02", "编号", "id"),
        _field("designation", "精品示范街", "省级街容示范街", "示范类型",
               words=_words(boutique="精品示范街 精品街", provincial="省级街容示范街 街容示范街")),
        _field("street_name", "解放路", "钱江路", "名称", "道路名称", "路名"),
        _CODE, _NAME,
        _field("level", "市级", "省级", "示范级别"),
        _field("state", "已命名", "在建", "建设状态", "进展", words=_words(_DEMONSTRATION_STATES)),
        _field("progress_pct", "100", "60", "进度(%)", "形象进度", "完成比例"),
        _field("started_year", "2021", "2024"), _field("completed_year", "2022", "", "完成年份", "命名年份"),
        _field("lag_note", "", "管线迁改未完成", "滞后说明", "滞后原因说明", "存在问题"),
        _field("photo_before", "D01-before.jpg", "", "改造前", note=_PHOTO),
        _field("photo_after", "D01-after.jpg", "", "改造后", note=_PHOTO),
        _LON, _LAT,
        replace(_GEOMETRY, note="不填的按道路名称取底图上该街道内的走向；对应不上的列为“未上图”"),
        _field("clause", "4.1.4", "", "条款"),
    ), update_days=90, geometry="line"),
    Register("street_scores", "示范街评分", "streets.street_scores", (
        _field("demonstration_id", "D01", "解放路", "编号", "示范街", "示范街名称", "道路", "道路名称", "路名",
               lookup=_DEMONSTRATION, note="示范街编号或道路名称，须在示范街登记册中"),
        _field("scored_on", "2025-06-30", "2025-12-31", "评分时间", "考评日期", "检查日期", "打分日期"),
        _field("element", "洁化", "无障碍", "评分要素", "评分项", "考评项目", words=_words(
               洁化="洁化 净化", 设施="设施 市政设施", 立面="立面 建筑立面 外立面", 标识="标识 标识标牌 标志标识",
               无障碍="无障碍 无障碍设施 无障碍环境")),
        _field("score", "92.5", "78", "分数", "评分", "分值", note="百分制；一条街一次一个要素一行"),
        _field("remark", "", "盲道不连续", "扣分原因", "问题说明", "备注"),
    ), update_days=180),
    Register("road_projects", "迎亚运道路修缮", "streets.road_projects", (
        _field("road_id", "X01", "X02", "道路编号", "项目序号", "id"), _ROAD,
        _field("section", "", "婺江路-望江东路", "起讫点", "起止点", "起止", "修缮范围"), _MANAGED,
        _field("project_id", "R02", "钱江路修缮", "项目编号", "规划项目", lookup=_PROJECT,
               note="对应的规划项目，可填编号或名称"),
        _field("plan_year", "2021", "2022", "计划年份", "计划开工年份"),
        _field("state", "已建成", "在建", "项目状态", "进展", words=_words(_STATES, suspended="停工 暂停")),
        _field("started_on", "2021-04-12", "2022-03-01", "开工时间", "实际开工"),
        _field("completed_on", "2021-11-30", "", "完工时间", "竣工日期", "实际完工", "完成日期"),
        _field("clause", "box1", "", "条款"),
    ), update_days=90),
    Register("pavement", "路面状况", "streets.pavement", (
        _field("section_id", "PV001", "PV002", "编号", "检测路段编号", "id"), _ROAD, _CODE, _NAME,
        _field("road_class", "主干路", "支路", "等级", "道路类别", words=_words(main="主干路 主干道",
               secondary="次干路 次干道", branch="支路 支小路 背街小巷")), _MANAGED,
        _field("length_m", "860", "1250", "长度", "路段长度", "检测长度(m)", note="单位米，不填公里"),
        _field("inspected_on", "2025-10-18", "2025-10-19", "检测时间", "评定日期", "检查日期"),
        _field("grade", "优", "良", "路面等级", "评定等级", "路况等级", "优良中次差", words=_words(
               优="优 优等 优秀", 良="良 良好", 中="中 中等", 次="次 次等", 差="差 差等")),
        _field("pci", "92.4", "", "pci", "路面状况指数", "pci值"),
        _field("renewed_year", "2021", "", "建成年份", "大修年份", "最近大修年份", "修缮年份"),
    ), update_days=365),
    Register("accessibility_points", "无障碍问题点", "streets.accessibility_points", (
        _field("point_id", "WZA0001", "WZA0002", "问题编号", "点位编号", "id"),
        _field("place_name", "解放路与建国中路口东北角", "钱江路公交站", "点位", "点位名称", "地点", "具体位置"),
        _ROAD, _LON, _LAT, _CODE, _NAME,
        _field("point_kind", "盲道", "缘石坡道", "问题类型", "类别", "设施类别", words=_words(
               盲道="盲道 盲人道", 缘石坡道="缘石坡道 路缘坡道", 轮椅坡道="轮椅坡道 无障碍坡道",
               无障碍厕位="无障碍厕位 无障碍厕所 无障碍卫生间", 无障碍停车位="无障碍停车位 无障碍车位",
               过街设施="过街设施 人行过街设施", 标识="标识 无障碍标识")),
        _field("found_on", "2021-03-15", "2021-04-02", "发现时间", "排查日期"),
        _field("closed_on", "2021-11-20", "", "销号时间", "整改日期", "整改完成日期", "完成日期"),
        _field("clause", "4.2.2", "", "条款"),
    ), update_days=90, geometry="point", needs_position=True),
    Register("bridges", "桥梁", "streets.bridges", (
        _field("bridge_id", "QL001", "QL002", "桥梁编号", "桥梁编码", "id"),
        _field("bridge_name", "解放路东河桥", "钱江路新开河桥", "名称", "桥梁名称", "桥名", "name"),
        _ROAD, _LON, _LAT, _CODE, _NAME, _MANAGED,
        _field("condition", "A级", "B级", "技术状况等级", "状况等级", "评定等级", "桥梁等级", words=_words(
               A="A级 完好", B="B级 良好", C="C级 合格", D="D级 不合格", E="E级 危险"),
               note="CJJ 99-2017 的 A～E 级；未检测评定的留空"),
        _field("checked_on", "2024-05-20", "", "检测日期", "检测时间", "结构检测时间", "评定日期"),
    ), update_days=365, geometry="point"),
    Register("lighting_assets", "灯具", "lighting.assets", (
        _field("asset_id", "3301020118000001", "3301020120000001", "编号", "部件编码", "灯杆编号", "标识码",
               "objid", "id", note="16 位部件编码的第 7–10 位须与类别相符：路灯 0118、地灯 0119、景观灯 0120"),
        _field("asset_kind", "路灯", "景观灯", "灯具类别", "类型", "灯具类型",
               words=_words(street_lamp="路灯 LED路灯 功能照明 0118", ground_lamp="地灯 地埋灯 0119",
                            scenery_light="景观灯 景观照明 0120")),
        _field("place_name", "解放路", "钱江新城", "位置", "所在道路", "道路", "地址"),
        _LON, _LAT, _CODE, _NAME,
        _field("cabinet_id", "KZ001", "", "控制柜", "所属控制柜", "控制箱", "控制箱编号", "配电箱编号",
               note="照明控制柜登记册中的编号"),
        _field("is_led", "是", "是", "是否LED", "LED灯", all_or_none=True),
        _field("is_centrally_controlled", "是", "否", "是否集中控制", "集控", all_or_none=True),
        _field("is_sound", "是", "是", "是否完好", "完好", all_or_none=True,
               words=_words(是="完好 好", 否="损坏 坏 不完好")),
        _field("state", "亮", "不亮", "状态", "亮灯情况", words=_words(lit="亮 正常 亮灯", unlit="不亮 灭 灭灯 故障"),
               all_or_none=True),
        _field("has_5g_station", "否", "否", "5G基站", "是否搭载5G基站", "5G"),
        _field("has_sensor", "是", "否", "感知设备", "是否搭载感知设备", "传感器"),
        _field("installed_year", "2018", "2022", "投用年份", "建成年份", "安装时间"),
    ), update_days=90, geometry="point", needs_position=True, from_osm=True),
    Register("lighting_cabinets", "照明控制柜", "lighting.cabinets", (
        _field("cabinet_id", "KZ001", "KZ002", "编号", "控制柜编码", "控制箱编号", "配电箱编号", "设备编号", "id"),
        _field("cabinet_name", "解放路 1 号控制柜", "钱江路 2 号控制柜", "名称", "控制柜名称", "控制箱", "控制箱名称",
               "设备名称", "name"),
        _LON, _LAT, _CODE, _NAME,
        _field("place_name", "解放路", "钱江路", "所在道路", "道路", "地址"),
        _field("is_on_central_switch", "是", "否", "一把闸刀", "是否接入一把闸刀", "接入集控", "远程控制",
               all_or_none=True, words=_words(是="已接入 接入", 否="未接入")),
        _field("connected_year", "2019", "", "接入时间", "接入一把闸刀年份"),
    ), update_days=180, geometry="point", needs_position=True),
    Register("lighting_roads", "道路照明检测", "lighting.roads", (
        _field("road_id", "ZM001", "ZM002", "编号", "道路编号", "id"), _ROAD, _CODE, _NAME,
        _field("road_class", "主干路", "支路", "等级", "道路类别", words=_words(main="主干路 主干道",
               secondary="次干路 次干道", branch="支路 支小路 背街小巷")),
        _field("is_new", "是", "否", "新改扩建", "是否新改扩建", "是否新建", "建设性质",
               words=_words(是="新建 改建 扩建 新改扩建", 否="既有 原有")),
        _field("built_year", "2022", "", "建成年份", "改建年份", "竣工年份"),
        _field("has_lamps", "是", "是", "是否装灯", "装灯", "装灯情况",
               words=_words(是="已装灯 已装 有灯", 否="未装灯 未装 无灯")),
        _field("meets_standard", "是", "否", "是否达标", "达标", "照明达标", "检测结论",
               words=_words(是="达标 合格", 否="不达标 不合格"),
               note="检测单位按 CJJ 45-2015 的结论；未检测的留空"),
        _field("average_lux", "24.6", "6.1", "照度", "平均照度(lx)", "平均照度lx"),
        _field("measured_on", "2025-09-12", "2025-09-13", "检测时间", "测试日期"),
    ), update_days=365),
    Register("lighting_status", "亮灯与故障统计", "lighting.status", (
        _field("counted_on", "2025-11-01", "2025-11-01", "日期", "统计日期", "统计时间", "统计月份",
               may_be_month=True, note="按日统计的填当日；按月统计的填当月 1 日，或只写到月（2025-11）"),
        _field("span", "月", "月", "周期", "按日或按月",
               words=_words(day="日 按日 每日 天", month="月 按月 每月 月度")),
        _field("cabinet_id", "解放路 1 号控制柜", "", "控制柜", "控制箱", "控制柜名称", lookup=_CABINET,
               note="按控制柜统计的填编号或名称，须在照明控制柜登记册中；按道路统计的留空"),
        replace(_ROAD, examples=("", "钱江路"), must=False,
                note="按道路统计的填道路名称；按控制柜统计的留空"),
        replace(_CODE, note="按控制柜统计的可不填；按道路统计的须填街道，一条道路分街道各填一行"),
        replace(_NAME, note="同上"),
        _field("due_count", "96", "210", "应亮数", "应亮", "应亮盏数"),
        _field("lit_count", "95", "207", "实亮数", "实亮", "亮灯数", "实亮盏数"),
        _field("fault_count", "2", "4", "新增故障", "故障数", "报修数"),
        _field("repaired_count", "2", "3", "修复", "已修复", "修复盏数"),
        _field("repair_hours", "31.5", "52", "修复时长", "修复总时长（小时）", "修复用时"),
        _field("fault_night_count", "3", "6", "故障夜数", "有故障夜数", "故障天数"),
    ), update_days=45),
    Register("lighting_energy", "照明用电", "lighting.energy", (
        _field("month", "2025-11", "2025年11月", "月份", "用电月份", "抄表月份"),
        _field("cabinet_id", "KZ001", "钱江路 2 号控制柜", "控制柜", "控制箱", "控制柜名称", "电表所在控制柜",
               lookup=_CABINET, note="编号或名称，须在照明控制柜登记册中；一个柜一个月一行"),
        _field("energy_kwh", "1862.4", "2410", "电量", "用电量(kwh)", "电量(kwh)", "千瓦时"),
    ), update_days=45),
    Register("lighting_projects", "亚运亮灯项目", "lighting.projects", (
        _field("project_id", "LP001", "LP002", "编号", "项目编码", "id"),
        _field("project_name", "杭州东站亮灯", "钱江路亮灯", "名称", "项目名称"),
        _field("project_kind", "交通枢纽", "窗口道路", "项目类别", "类型", words=_words(venue="亚运场馆 场馆",
               hub="交通枢纽", city_entrance="入城口", window_road="窗口道路 窗口展示道路",
               key_line="重点沿线 重点区域沿线", building="楼宇 建筑楼宇", public_place="公共部位",
               embankment="堤岸线", green_belt="绿化带")),
        _LON, _LAT, _CODE, _NAME,
        _field("quantity", "1", "1", "工程量", "数量", "计划数"),
        _field("completed_quantity", "1", "0", "完成数", "已完成", "完成数量", "完成工程量"),
        _field("unit", "个", "条"),
        _field("technique", "微照明", "轻照明", "照明方式", "技术", "改造技术",
               words=_words(micro="微照明", light="轻照明", other="其他 常规 常规照明")),
        _field("state", "已建成", "在建", "建设状态", words=_words(_STATES)),
        _field("started_on", "2022-03-01", "2022-06-10", "开工时间", "实际开工"),
        _field("completed_on", "2022-11-20", "", "完工时间", "竣工日期", "实际完工", "完成日期"),
        _GEOMETRY, _field("clause", "4.1.3", "", "条款"),
    ), update_days=90, geometry="point", needs_position=True),
    Register("dark_spots", "盲区暗点", "lighting.dark_spots", (
        _field("spot_id", "DS01", "DS02", "id"),
        _field("spot_name", "贴沙河游步道南段", "东河绿地", "名称", "点位", "点位名称", "地点"),
        _LON, _LAT, _CODE, _NAME,
        _field("spot_kind", "河道游步道", "绿地", "点位类别", "类型"),
        _field("found_by", "市民反映", "巡查普查", "来源", "问题来源", words=_words(
               市民反映="市民反映 群众反映 投诉 12345", 巡查普查="巡查普查 巡查 普查")),
        _field("found_on", "2021-03-15", "2021-04-02", "发现时间", "排查日期"),
        _field("fixed_on", "2021-11-20", "", "消除时间", "整改日期", "完成日期"),
        _field("clause", "4.1.3", "", "条款"),
    ), update_days=180, geometry="point", needs_position=True),
    Register("projects", "规划项目进展", "plan.projects", (
        _field("project_id", "A01", "V02", "编号", "项目编码", "id", lookup=_PROJECT,
               note="规划项目页所列的项目编号"),
        _field("state", "在建", "已建成", "项目状态", "进展", words=_words(_STATES, suspended="停工 暂停"),
               must=True),
        _field("started_on", "2022-03-01", "2021-05-10", "开工时间", "实际开工"),
        _field("completed_on", "", "2022-11-30", "完工时间", "竣工日期", "实际完工", "完成日期"),
    ), update_days=45),
    Register("indicator_values", "指标填报值", "plan.indicator_values", (
        _field("indicator_no", "8", "19", "序号", "指标编号"),
        _field("year", "2024", "2024", "年度"),
        _field("value", "98.5", "12", "指标值", "完成值"),
        _field("reporting_unit", "区城管局", "区城管局", "单位", "报送单位"),
        _field("reported_on", "2025-01-10", "2025-01-10", "报送日期", "填报时间"),
    ), update_days=365),
    Register("population", "人口", "base.population", (
        _field("area_id", "P001", "P002", "编号", "社区编码", "网格编码", "小区编码", "id"),
        _field("area_name", "涌金门社区", "采荷社区", "名称", "社区", "社区名称", "网格", "网格名称", "小区",
               "小区名称", "楼栋", "name"),
        _field("residents", "5200", "8100", "人口", "人口数", "常住人口数", "实有人口", "居住人口",
               note="一处人口只在一行：社区已分网格填报的，不再填社区合计"),
        _LON, _LAT, _CODE, _NAME,
    ), update_days=365, geometry="point"),
)  # fmt: skip


def register(name: str) -> Register:
    """The register of this name (``toilets``) or table (``toilets.toilets``); KeyError if none."""
    for candidate in REGISTERS:
        if name in (candidate.name, candidate.dataset):
            return candidate
    raise KeyError(name)


def title_of(dataset: str) -> str:
    """What a dataset is called: as its register, else as its table; one not known by itself."""
    titles = {contract.path: contract.title for contract in TABLES}
    titles |= {candidate.dataset: candidate.title for candidate in REGISTERS}
    return titles.get(dataset, dataset)
