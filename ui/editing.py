"""Who may change data: whoever uses a server that was started with editing allowed."""

import os

VARIABLE = "COCKPIT_EDITING"
NOT_ALLOWED = (
    "本服务以只读方式启动，不能在此导入或回退数据。如需导入，请数据管理员以 "
    "make run EDIT=1 启动一个编辑用的驾驶舱，或使用命令 python -m data import。"
)


def is_allowed() -> bool:
    """Whether registers may be imported, published and rolled back from the pages."""
    return os.environ.get(VARIABLE) == "1"
