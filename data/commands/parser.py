"""The grammar of ``python -m data``, with help and complaints in Chinese."""

import argparse
import getpass
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from data.commands import registers, snapshots
from data.registers.options import Options
from data.registers.registry import REGISTERS
from geo.crs import SYSTEMS

_COMPLAINTS: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.*)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
    (r"argument (.*): expected one argument", r"参数 \1 后面要有一个值"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"参数 \1 不能是 \2，可用：\3"),
    (r"argument (.*): not allowed with argument (.*)", r"参数 \1 不能与 \2 同用"),
    (r"argument (.*): invalid \w+ value: (.*)", r"参数 \1 的值 \2 格式不对"),
    (r"argument (.*): ignored explicit argument (.*)", r"参数 \1 不带值：\2"),
    (r"argument (.*): (.*)", r"参数 \1：\2"),
)
"""What the library says in English, and how it is said here."""


class _Help(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that speaks Chinese."""

    def __init__(self, **more) -> None:
        super().__init__(add_help=False, formatter_class=_Help, allow_abbrev=False, **more)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def error(self, message: str) -> NoReturn:
        for pattern, text in _COMPLAINTS:
            if found := re.fullmatch(pattern, message, re.DOTALL):
                message = found.expand(text)
                break
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}：{message}\n")


def parser() -> argparse.ArgumentParser:
    """The parser of all commands; each sets ``run``, which returns the exit code."""
    top = Parser(
        prog="python -m data",
        description="驾驶舱的数据：构建、导入登记册、发布与回退",
        epilog="退出码：0 正常，1 数据有问题，2 无法执行。数据仓文件夹由环境变量 COCKPIT_STORE 指定。",
    )
    commands = top.add_subparsers(title="命令", required=True, metavar="命令", parser_class=Parser)

    def command(
        name: str, run: Callable[[argparse.Namespace], int], help: str, epilog: str = ""
    ) -> Parser:
        made = commands.add_parser(name, help=help, description=help, epilog=epilog)
        made.set_defaults(run=run, as_json=False)
        return made

    build = command("build", snapshots.build_snapshot, "构建、检查并发布一个新的数据快照")
    build.add_argument("--no-sample", action="store_true", help="不含示例数据：只有规划和地理底图")
    build.add_argument("--fresh", action="store_true", help="放弃已导入的登记册，不再沿用")
    _add_actor(build)

    check = command("check", _check, "检查数据快照和演示，或只校验一个待导入的文件", _lists())
    check.add_argument(
        "--version", type=snapshots.version_number, metavar="版本",
        help="版本号；不写则检查当前发布的版本",
    )  # fmt: skip
    check.add_argument("--file", metavar="来源", help="不查快照，只校验这个文件，什么都不改")
    check.add_argument("--dataset", metavar="登记册", help="文件所属的登记册")
    _add_source_options(check)

    take = command(
        "import", registers.import_source, "校验一个文件或数据库表，并发布为登记册", _lists()
    )
    take.add_argument("register", metavar="登记册", help="要导入的登记册，见下")
    take.add_argument("source", metavar="来源", help="文件路径，或 postgis:模式.表")
    _add_source_options(take)
    how = take.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="只校验，什么都不改")
    how.add_argument(
        "--stage", action="store_true", help="校验后暂存，给出编号，另用 publish 编号 发布"
    )
    _add_allow_rejected(take)
    _add_actor(take)

    publish = command("publish", registers.publish, "发布暂存的导入，或发布一个已有的版本")
    publish.add_argument("target", metavar="编号|版本", help="import --stage 给出的编号，或版本号")
    _add_allow_rejected(publish)
    _add_actor(publish)
    _add_json(publish)

    back = command("rollback", snapshots.roll_back, "回退到保留的版本")
    back.add_argument(
        "version", nargs="?", type=snapshots.version_number, metavar="版本",
        help="版本号；不写则回退到当前版本之前的那一个",
    )  # fmt: skip
    _add_actor(back)
    _add_json(back)

    past = command("history", snapshots.show_history, "列出发布与回退的历史，最近的在前")
    _add_json(past)

    form = command("template", registers.write_template, "生成登记册的 Excel 填报模板", _lists())
    form.add_argument("register", metavar="登记册", help="见下")
    form.add_argument("--out", type=Path, metavar="文件", help="写到哪里；不写则写到当前文件夹")
    return top


def _check(options: argparse.Namespace) -> int:
    is_file = options.file or options.dataset
    return registers.check_file(options) if is_file else snapshots.check(options)


def _lists() -> str:
    """Registers and coordinate systems, one a line, below the options."""
    names = {one.name: one.title for one in REGISTERS}
    width = max(map(len, [*names, *SYSTEMS]))
    return "\n".join(
        line
        for heading, known in (("登记册：", names), ("坐标系：", SYSTEMS))
        for line in (heading, *(f"  {key:{width}}  {title}" for key, title in known.items()))
    )


def _add_source_options(made: Parser) -> None:
    made.add_argument(
        "--crs", choices=tuple(SYSTEMS), metavar="坐标系", help="文件所用的坐标系，见下"
    )
    made.add_argument("--swap-axes", action="store_true", help="经纬度（东、北坐标）两列填反了")
    made.add_argument(
        "--crs-confirmed",
        action="store_true",
        help="坐标系存疑时：已向提供单位核实，按所声明的发布",
    )
    made.add_argument("--layer", metavar="图层", help="工作表或图层的名称；不写则取第一个有数据的")
    made.add_argument(
        "--map", action="append", default=[], metavar="表头=字段",
        help="指明一列是哪个字段，可多次使用；“表头=”表示不导入该列",
    )  # fmt: skip
    made.add_argument("--provider", default="", metavar="单位", help="报送单位；除只校验外必填")
    made.add_argument(
        "--as-of",
        default="",
        metavar="日期",
        help="数据日期：2025、2025-03 或 2025-03-31；除只校验外必填",
    )
    made.add_argument(
        "--licence", default=Options().licence, metavar="许可", help="默认：%(default)s"
    )
    made.add_argument("--report", type=Path, metavar="文件.xlsx", help="把校验报告写成 Excel 文件")
    _add_json(made)


def _add_allow_rejected(made: Parser) -> None:
    made.add_argument(
        "--allow-rejected", action="store_true", help="只发布合格的行，不含被拒绝的行"
    )


def _add_actor(made: Parser) -> None:
    made.add_argument("--actor", default=_login(), metavar="姓名", help="操作人；默认为登录名")


def _add_json(made: Parser) -> None:
    made.add_argument(
        "--json", dest="as_json", action="store_true", help="每步进度和结果各输出一行 JSON"
    )


def _login() -> str:
    """The login name; a service account without one is not named."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
