"""Commands on whole snapshots: build, check, history, rollback."""

import argparse
import re
import sys
import time

from data.build import build
from data.check import check_snapshot, check_stories, report
from data.commands.output import say, say_json, table_text
from data.history import HistoryEntry
from data.publishing import history, rollback, version_before
from data.registers.difference import difference_text
from data.registers.registry import title_of
from data.snapshot import (
    SnapshotError,
    current_version,
    snapshot_folder,
    store_folder,
    version_name,
)

OK, FAULTY = 0, 1
ACTIONS = {"build": "构建", "import": "导入", "publish": "发布", "rollback": "回退"}
_HEADINGS = ("版本", "时间（UTC）", "动作", "操作人", "数据", "行数", "变化", "来源", "状态")


def version_number(text: str) -> int:
    """Number of a version as people write it: ``12`` or ``v00012``; ValueError for anything else."""
    found = re.fullmatch(r"v?0*([1-9][0-9]{0,8})", text.strip())
    if not found:
        raise ValueError(text)
    return int(found[1])


def build_snapshot(options: argparse.Namespace) -> int:
    """Build, check and publish plan, geography and samples anew; registers are carried over."""
    started = time.monotonic()
    built = build(store_folder(), not options.no_sample, options.fresh, options.actor)
    say(report(built.tables, built.findings))
    if built.carried:
        say(f"沿用已发布的登记册：{'、'.join(built.carried)}")
    name = version_name(built.version)
    if built.findings:
        say(f"版本 {name} 有问题，未发布", sys.stderr)
        return FAULTY
    say(f"已发布版本 {name}，用时 {time.monotonic() - started:.1f} 秒")
    return OK


def check(options: argparse.Namespace) -> int:
    """Hold a snapshot to its contract, and the stories to it."""
    store = store_folder()
    version = options.version if options.version is not None else current_version(store)
    if version is None:
        raise SnapshotError("还没有发布的数据快照，请先运行 python -m data build")
    folder = snapshot_folder(store, version)
    if not folder.is_dir():
        raise SnapshotError(f"没有版本 {version_name(version)}")
    tables, findings = check_snapshot(folder)
    findings += check_stories(store, tables)
    if options.as_json:
        say_json({"version": version, "findings": [vars(finding) for finding in findings]})
    else:
        say(f"检查版本 {version_name(version)} 和演示\n{report(tables, findings)}")
    return FAULTY if findings else OK


def roll_back(options: argparse.Namespace) -> int:
    """Let the pointer name a kept version again."""
    store = store_folder()
    version = options.version if options.version is not None else version_before(store)
    if version is None:
        raise SnapshotError("没有可以回退的版本；保留的版本见 python -m data history")
    rollback(store, version, options.actor)
    if options.as_json:
        say_json({"version": version})
    else:
        say(f"已回退到版本 {version_name(version)}")
    return OK


def show_history(options: argparse.Namespace) -> int:
    """List publications and rollbacks, the latest first."""
    entries = history(store_folder())[::-1]
    if options.as_json:
        for entry in entries:
            say_json(vars(entry) | {"change": vars(entry.change)})
    elif entries:
        say(table_text(_HEADINGS, [_line(entry) for entry in entries]))
    else:
        say("还没有发布过数据")
    return OK


def _line(entry: HistoryEntry) -> tuple[str, ...]:
    change = entry.change
    state = "当前" if entry.is_current else "可回退" if entry.is_kept else "已清理"
    counts = f"{change.accepted_count:,}" if change.dataset else ""
    if change.rejected_count:
        counts += f"（拒绝 {change.rejected_count:,}）"
    moved = difference_text(
        change.dataset, change.new_count, change.changed_count, change.gone_count,
        change.sample_count,
    )  # fmt: skip
    return (
        version_name(entry.version),
        entry.at[:16].replace("T", " "),
        ACTIONS.get(change.action, change.action),
        change.actor or "—",
        title_of(change.dataset) if change.dataset else "全部",
        counts,
        moved if change.dataset else "",
        "，".join(filter(None, (change.provider, change.source))),
        state,
    )
