"""Commands on registers: import, publish, template, and the check of one file."""

import argparse
import os
import secrets
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from data.commands.output import Shown, say, say_json
from data.commands.snapshots import version_number
from data.publishing import publish_version
from data.registers.options import Options, Progress
from data.registers.register import Register
from data.registers.registry import REGISTERS, register
from data.registers.report import report_bytes, report_text
from data.registers.run import (
    Checked,
    Published,
    check_source,
    kept_while_open,
    part,
    publish_staged,
    remember_mapping,
    require_snapshot,
)
from data.registers.staging import Staged, is_staging_id, load
from data.registers.template import template_bytes
from data.registers.turns import turn
from data.snapshot import SnapshotError, store_folder, version_name
from data.system_faults import reason

OK, FAULTY = 0, 1
CHECK_SHARE = 0.6
"""Share of the whole work that the check is; publishing is the rest."""


def import_source(options: argparse.Namespace) -> int:
    """Check a source and publish it at once, or stage it, or change nothing."""
    store, wanted = store_folder(), named_register(options.register)
    if not options.dry_run:
        require_snapshot(store)
        _require_origin(options)
    _refuse_report_over_source(options)
    with Shown(options.as_json) as progress:
        if options.dry_run or options.stage:
            checked = _check(store, wanted, options.source, options, progress)
            return _show(checked, options) if options.dry_run else _stage(store, checked, options)
        checked = _check(store, wanted, options.source, options, part(progress, 0.0, CHECK_SHARE))
        consequences = checked.consequences
        with kept_while_open(store, checked.staged(store)) as staged:
            # What is published comes from disk, as after --stage; the check's frames may go.
            del checked
            _write_report(staged, options)
            if not options.as_json:
                say(_told(staged, consequences))
            done = publish_staged(
                store, staged.staging_id, options.actor, options.allow_rejected,
                part(progress, CHECK_SHARE, 1.0),
            )  # fmt: skip
    _tell_published(done, options.as_json, consequences)
    return OK


def _require_origin(options: argparse.Namespace) -> None:
    """SnapshotError when whose data it is, or of when, is not said: footer and freshness need it."""
    wanted = {"--provider 报送单位": options.provider, "--as-of 数据日期": options.as_of}
    missing = [option for option, given in wanted.items() if not given.strip()]
    if missing:
        raise SnapshotError(
            f"导入须注明数据的来源和日期，请补上 {'、'.join(missing)}；只想校验的请加 --dry-run"
        )


def check_file(options: argparse.Namespace) -> int:
    """Check one file as a register without changing anything."""
    if not (options.file and options.dataset):
        raise SnapshotError("--file 与 --dataset 须同时给出")
    wanted = named_register(options.dataset)
    options.actor, options.source = "", options.file
    _refuse_report_over_source(options)
    with Shown(options.as_json) as progress:
        checked = _check(store_folder(), wanted, options.file, options, progress)
        return _show(checked, options)


def publish(options: argparse.Namespace) -> int:
    """Publish a staged import by its id, or a version that is on disk by its number."""
    store, target = store_folder(), options.target
    if not is_staging_id(target):
        try:
            version = version_number(target)
        except ValueError:
            raise SnapshotError(f"“{target}”既不是暂存编号也不是版本号") from None
        publish_version(store, version, options.actor)
        if options.as_json:
            say_json({"version": version})
        else:
            say(f"已发布版本 {version_name(version)}")
        return OK
    with Shown(options.as_json) as progress:
        done = publish_staged(store, target, options.actor, options.allow_rejected, progress)
    _tell_published(done, options.as_json, ())
    return OK


def write_template(options: argparse.Namespace) -> int:
    """Write the Excel template of a register; a file that is there is never overwritten."""
    wanted = named_register(options.register)
    path = options.out or Path(f"{wanted.title}填报模板.xlsx")
    try:
        with path.open("xb") as file:
            file.write(template_bytes(wanted))
    except FileExistsError:
        raise SnapshotError(
            f"{path} 已存在，为免覆盖已填的内容未写入，请用 --out 换一个文件名"
        ) from None
    say(f"已生成 {path}")
    return OK


def named_register(name: str) -> Register:
    """The register of this name, table or Chinese title; SnapshotError lists them all."""
    by_title = {one.title: one for one in REGISTERS}
    try:
        return by_title.get(name) or register(name)
    except KeyError:
        listed = "、".join(f"{one.name}（{one.title}）" for one in REGISTERS)
        raise SnapshotError(f"没有登记册“{name}”，可用的有：{listed}") from None


def _check(
    store: Path, wanted: Register, source: str, options: argparse.Namespace, progress: Progress
) -> Checked:
    declared = Options(
        crs=options.crs,
        swap_axes=options.swap_axes,
        crs_confirmed=options.crs_confirmed,
        mapping=mapping_of(options.map),
        provider=options.provider,
        as_of=options.as_of,
        licence=options.licence,
    )
    with turn(store, progress):
        return check_source(store, wanted, source, declared, options.layer, progress)


def mapping_of(pairs: Iterable[str]) -> dict[str, str]:
    """Heading → field of «表头=字段»; the last «=» divides, for a heading may hold one."""
    mapping = {}
    for pair in pairs:
        heading, divider, field = pair.rpartition("=")
        if not divider or not heading.strip():
            raise SnapshotError(f"--map {pair} 应写成 表头=字段，如 --map 厕所名=toilet_name")
        mapping[heading] = field.strip()
    return mapping


def _show(checked: Checked, options: argparse.Namespace) -> int:
    """The report on a check that changes nothing: staged beside the store, for a moment."""
    with (
        tempfile.TemporaryDirectory(prefix="cockpit-check-") as folder,
        kept_while_open(Path(folder), checked.staged(Path(folder))) as staged,
    ):
        _write_report(staged, options)
        return _tell(staged, checked.consequences, options.as_json, staging_id=None)


def _stage(store: Path, checked: Checked, options: argparse.Namespace) -> int:
    staged = load(store, checked.staged(store))
    remember_mapping(store, staged)
    _write_report(staged, options)
    code = _tell(staged, checked.consequences, options.as_json, staged.staging_id)
    if not options.as_json:
        say(f"已暂存，编号 {staged.staging_id}\n发布：python -m data publish {staged.staging_id}")
    return code


def _tell(
    staged: Staged, consequences: tuple[str, ...], as_json: bool, staging_id: str | None
) -> int:
    if as_json:
        say_json({"staging_id": staging_id, **_counts(staged), "consequences": list(consequences)})
    else:
        say(_told(staged, consequences))
    return FAULTY if staged.rejected_count or staged.blockers else OK


def _told(staged: Staged, consequences: tuple[str, ...]) -> str:
    return "\n".join([report_text(staged), *(f"! 发布后：{text}" for text in consequences)])


def _tell_published(done: Published, as_json: bool, consequences: tuple[str, ...]) -> None:
    staged = done.staged
    if as_json:
        record = {"version": done.version, "staging_id": staged.staging_id, **_counts(staged)}
        say_json(record | {"consequences": list(consequences)})
    else:
        say(
            f"已发布版本 {version_name(done.version)}：{staged.register.title} "
            f"{staged.accepted_count:,} {staged.row_word}；回退：python -m data rollback"
        )


def _counts(staged: Staged) -> dict[str, Any]:
    compared = staged.difference
    return {
        "register": staged.register.name,
        "read_count": staged.read_count,
        "accepted_count": staged.accepted_count,
        "corrected_count": staged.corrected_count,
        "rejected_count": staged.rejected_count,
        "new_count": len(compared.new),
        "changed_count": len(compared.changed_keys),
        "gone_count": compared.gone_count,
        "sample_count": compared.sample_count,
        "blockers": list(staged.blockers),
    }


def _refuse_report_over_source(options: argparse.Namespace) -> None:
    """The report must not take the place of the office's file."""
    report = options.report
    if report and report.exists() and report.resolve() == Path(options.source).resolve():
        raise SnapshotError(f"--report 不能写到来源文件 {report} 上，请换一个文件名")


def _write_report(staged: Staged, options: argparse.Namespace) -> None:
    """Whole or not at all: an officer may have the one before open."""
    if not options.report:
        return
    path: Path = options.report
    beside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        beside.write_bytes(report_bytes(staged, options.actor))
        os.replace(beside, path)
    except OSError as error:
        raise SnapshotError(f"校验报告无法写到 {path}：{reason(error)}") from error
    finally:
        beside.unlink(missing_ok=True)
