"""What publishing a register changes beside the register itself, told before it is done."""

import pandas as pd

from data.contracts import table
from data.derive import DERIVED, PROJECTS, STREETS, dependents_of, survey_year
from data.registers.register import Register
from data.street_courses import DEMONSTRATIONS
from data.street_names import NAMING_STREETS


def consequences(register: Register, datasets: pd.DataFrame, as_of: str = "") -> list[str]:
    """What a publication changes beside the register itself, as sentences for the data officer.

    ``datasets`` are the descriptions of what stands: ``dataset``, ``source_kind``, ``row_count``.
    """
    state = datasets.set_index("dataset")
    title = register.title
    told = []
    for derived in DERIVED.get(register.dataset, ()):
        if derived == "lighting.yearly":
            told.append(
                f"“{table(derived).title}”将只保留 {survey_year(as_of)} 年（由本次{title}统计），"
                "其他年份待填报。"
            )
        else:
            told.append(f"“{table(derived).title}”将按新的{title}重新计算。")
    for path in dependents_of(register.dataset):
        if path not in state.index or not state.at[path, "row_count"]:
            continue
        count, name = int(state.at[path, "row_count"]), table(path).title
        if state.at[path, "source_kind"] == "sample":
            told.append(
                f"“{name}”的示例数据（{count:,} 行）所指的{title}将不存在，会清空并转为待填报。"
            )
        else:
            told.append(
                f"已登记的“{name}”（{count:,} 行）引用{title}：编号变化的按名称对应；"
                "对应不上时这份文件不能发布。"
            )
    if register.dataset == STREETS:
        named = [path for path in (DEMONSTRATIONS, *NAMING_STREETS) if path in state.index]
        titles = "、".join(f"“{table(p).title}”" for p in named if state.at[p, "row_count"])
        if titles:
            told.append(f"{titles}中的道路将按新的{title}重新对应，对应不上的列为“未上图”。")
    if register.dataset == PROJECTS:
        told.append("未列入本次文件的规划项目将转为未填报状态；项目的其余各项仍以规划为准。")
    return told
