"""Command line of the data: ``python -m data build|check|import|publish|rollback|history|template``.

Exit codes: 0 all well, 1 the data are not as they should be, 2 the command cannot be carried out;
130 when it was interrupted.
"""

import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from data.commands.output import Stopped, say, say_json
from data.commands.parser import parser
from data.publishing import RefusedError
from data.registers.raw import ImportProblem
from data.snapshot import SnapshotError, current_version, store_folder, version_name
from data.system_faults import told

OK, FAULTY, IMPOSSIBLE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    options = parser().parse_args(arguments)
    before = current_version(store_folder())
    try:
        return options.run(options)
    except (ImportProblem, RefusedError) as problem:
        return _failed(FAULTY, str(problem), "不能导入：", options.as_json)
    except SnapshotError as error:
        return _failed(IMPOSSIBLE, str(error), "无法完成：", options.as_json)
    except OSError as error:
        return _failed(IMPOSSIBLE, told(error), "无法完成：", options.as_json)
    except MemoryError:
        text = "内存不足，请拆分文件后分次导入"
        return _failed(IMPOSSIBLE, text, "无法完成：", options.as_json)
    except (KeyboardInterrupt, Stopped):
        return _failed(INTERRUPTED, _interrupted(before), "", options.as_json)


def _interrupted(before: int | None) -> str:
    now = current_version(store_folder())
    if now is None or now == before:
        return "已中断，没有改动任何数据"
    return f"已中断；中断前版本 {version_name(now)} 已经发布"


def _failed(code: int, text: str, before: str, as_json: bool) -> int:
    if as_json:
        say_json({"problem": text})
    else:
        say(f"{before}{text}", sys.stderr)
    return code


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise Stopped


if __name__ == "__main__":
    # A polite end lets the work clear its temporary files away.
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
