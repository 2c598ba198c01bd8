"""What each page rests on and whether the filter changes it, by the page's title."""

_PLAN_TEXT = ("plan.indicators", "plan.facts")
_REGISTERS = ("rivers", "streets", "toilets", "lighting")
DATASETS = {
    "总览": ("base", "plan", *_REGISTERS),
    "规划指标": ("base", "plan", *_REGISTERS),
    "美丽河湖": ("base", *_PLAN_TEXT, "rivers"),
    "示范街": ("base", *_PLAN_TEXT, "streets"),
    "公共厕所": ("base", "streets.walk_ways", *_PLAN_TEXT, "toilets"),
    "亚运亮灯": ("base", *_PLAN_TEXT, "lighting"),
    "规划项目": ("base", "plan.projects", "plan.places", *_PLAN_TEXT),
    "街道画像": ("base", "plan.projects", *_PLAN_TEXT, *_REGISTERS),
    "演示": ("base", "plan", *_REGISTERS),
    "数据目录": ("base", "plan", *_REGISTERS),
    "导入": ("base.subdistricts",),
}
"""What each page's figures rest on, for its sample tag and its foot: snapshot files or datasets."""
UNFILTERED = ("演示", "数据目录", "导入")
"""Pages that neither a subdistrict nor a year changes."""
