"""Command line of the data: ``python -m data build|check``.

Exit codes: 0 all well, 1 the data are not as they should be, 2 the command cannot be carried out.
"""

import argparse
import getpass
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from data.build import build
from data.check import check_snapshot, findings_text, report
from data.check_file import check_file
from data.snapshot import (
    SnapshotError,
    current_version,
    snapshot_folder,
    store_folder,
    version_name,
)

OK, FAULTY, IMPOSSIBLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except (SnapshotError, OSError) as error:
        print(f"无法完成：{error}", file=sys.stderr)
        return IMPOSSIBLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data", description="驾驶舱数据的构建与检查")
    commands = parser.add_subparsers(title="命令", required=True, metavar="命令")
    make = commands.add_parser("build", help="构建、检查并发布一个新的数据快照")
    make.add_argument("--no-sample", action="store_true", help="不含示例数据：只有规划和地理底图")
    make.add_argument("--fresh", action="store_true", help="放弃已导入的登记册，不再沿用")
    make.set_defaults(run=_build)
    check = commands.add_parser("check", help="按数据契约和规划总数检查一个数据快照")
    check.add_argument("--version", type=int, metavar="N", help="版本号；不写则检查当前发布的版本")
    check.add_argument(
        "--file", type=Path, metavar="CSV", help="不查快照，只查一个待导入的 CSV 文件"
    )
    check.add_argument(
        "--dataset", metavar="表", help="CSV 文件所属的数据集，如 plan.indicator_values"
    )
    check.set_defaults(run=_check)
    return parser


def _build(options: argparse.Namespace) -> int:
    started = time.monotonic()
    built = build(store_folder(), not options.no_sample, options.fresh, getpass.getuser())
    print(report(built.tables, built.findings))
    if built.carried:
        print(f"沿用已发布的登记册：{'、'.join(built.carried)}")
    name = version_name(built.version)
    if built.findings:
        print(f"版本 {name} 有问题，未发布", file=sys.stderr)
        return FAULTY
    print(f"已发布版本 {name}，用时 {time.monotonic() - started:.1f} 秒")
    return OK


def _check(options: argparse.Namespace) -> int:
    if options.file or options.dataset:
        return _check_file(options)
    store = store_folder()
    version = options.version if options.version is not None else current_version(store)
    if version is None:
        raise SnapshotError("还没有发布的数据快照，请先运行 python -m data build")
    folder = snapshot_folder(store, version)
    if not folder.is_dir():
        raise SnapshotError(f"没有版本 {version_name(version)}")
    print(f"检查版本 {version_name(version)}")
    tables, findings = check_snapshot(folder)
    print(report(tables, findings))
    return FAULTY if findings else OK


def _check_file(options: argparse.Namespace) -> int:
    if not (options.file and options.dataset):
        raise SnapshotError("--file 与 --dataset 须同时给出")
    count, findings = check_file(options.dataset, options.file)
    print(f"{options.file.name}：{count:,} 行")
    print(findings_text(findings))
    return FAULTY if findings else OK


if __name__ == "__main__":
    sys.exit(main())
