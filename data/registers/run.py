"""The way of one file from its source to a checked import, and from there to the map."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from data.consequences import consequences
from data.derive import dependents_of, obstacles
from data.history import Change
from data.periods import normal_period
from data.publishing import publish_register
from data.registers import read, staging
from data.registers.columns import plain_heading, remember, remembered, require_headings
from data.registers.difference import Difference, difference
from data.registers.options import Options, Progress, no_progress
from data.registers.raw import ImportProblem, RawTable
from data.registers.register import Register
from data.registers.staging import Staged
from data.registers.validation import Validation, lookup_tables, validate
from data.snapshot import (
    PROJECT_ROOT,
    SnapshotError,
    current_version,
    snapshot_folder,
)
from data.standing import StandingTables
from data.system_faults import reason

POSTGIS = "postgis:"
"""What a source that is a table or view of the database begins with."""
OSM_LICENCE = "ODbL 1.0"
SECRETS = Path(".streamlit") / "secrets.toml"
_UNBUILT = "还没有发布的数据快照，请先运行 python -m data build"
_LICENCE = Options().licence


@dataclass(frozen=True)
class Checked:
    """A file checked against what stands; nothing has been changed by it."""

    validation: Validation
    difference: Difference
    base_version: int | None
    """Version it was compared with; None where nothing is published yet."""
    consequences: tuple[str, ...]
    """What publishing changes beside the register itself, in Chinese."""

    def staged(self, store: Path) -> str:
        """Keep it in ``store`` until it is published; returns the id."""
        return staging.stage(store, self.validation, self.base_version, self.difference)


@dataclass(frozen=True)
class Published:
    """A staged import that has become the current version."""

    version: int
    staged: Staged


def check_source(
    store: Path,
    register: Register,
    source: str | Path,
    options: Options,
    layer: str | None = None,
    progress: Progress = no_progress,
) -> Checked:
    """Read a file or ``postgis:schema.table`` and check it against the published snapshot.

    What officers mapped before for this register holds where ``options.mapping`` says nothing.
    Where nothing is published yet everything is new. ImportProblem when the source cannot be used
    as a whole, SnapshotError when there is none.
    """
    declared = options.mapping
    options = replace(
        options,
        mapping={**remembered(store, register), **declared},
        as_of=_as_of(options.as_of),
    )
    version = current_version(store)
    raw = _read(register, source, layer, part(progress, 0.0, 0.4))
    require_headings(raw.cells.columns, declared, raw.file_name)
    with _standing(store, version) as standing:
        validation = validate(raw, register, options, standing, part(progress, 0.4, 0.9))
        validation.options = _with_licence(options, validation)
        progress("与现有数据比较", 0.9)
        if validation.accepted_count:
            validation.obstacles = _obstacles(validation, standing)
        return Checked(
            validation,
            difference(validation.rows, standing[register.dataset], register.dataset),
            version,
            tuple(consequences(register, standing.meta(), options.as_of)),
        )


def _obstacles(validation: Validation, standing: StandingTables) -> tuple[str, ...]:
    """What keeps the accepted rows from standing beside the other registers."""
    refused = "（被拒绝的行不算在内，请先改正）" if validation.rejected_count else ""
    found = obstacles(validation.register, validation.rows, standing)
    return tuple(f"{text}{refused}" for text in found)


def _standing(store: Path, version: int | None) -> StandingTables:
    """Tables of a version; without one a folder that holds none of them, so that all are empty."""
    return StandingTables(Path(store) if version is None else snapshot_folder(store, version))


def require_snapshot(store: Path) -> int:
    """The current version; SnapshotError, with what to do, where nothing is published yet."""
    version = current_version(store)
    if version is None:
        raise SnapshotError(_UNBUILT)
    return version


def part(progress: Progress, first: float, last: float) -> Progress:
    """Progress of one step as a share of the whole way."""

    def told(step: str, share: float | None) -> None:
        progress(step, None if share is None else first + (last - first) * share)

    return told


def _as_of(text: str) -> str:
    if not text.strip():
        return ""
    known = normal_period(text)
    if known is None:
        raise SnapshotError(f"数据日期“{text}”无法识别，请写成 2025、2025-03 或 2025-03-31")
    if known > date.today().isoformat()[: len(known)]:
        raise SnapshotError(f"数据日期“{text}”晚于今天，请核对")
    return known


def _read(
    register: Register, source: str | Path, layer: str | None, progress: Progress
) -> RawTable:
    named = str(source)
    if named.startswith(POSTGIS):
        url = read.postgis_url(_secrets())
        if not url:
            raise SnapshotError(
                f"没有配置数据库连接：请在 {SECRETS} 的 [postgis] 中填写 url，"
                "或设置环境变量 COCKPIT_POSTGIS"
            )
        progress("读取数据库", 0.0)
        return read.read_postgis(url, named.removeprefix(POSTGIS), register)
    path = Path(source)
    if not path.exists():
        raise SnapshotError(f"找不到文件 {path}，请核对路径")
    return read.read_file(path, register, layer, progress)


def _secrets() -> dict:
    """The secrets file of the app; empty where there is none."""
    try:
        return tomllib.loads((PROJECT_ROOT / SECRETS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SnapshotError(f"{SECRETS} 无法读取，请检查格式") from error


def _with_licence(options: Options, validation: Validation) -> Options:
    """The map's own licence for what comes from the map, unless another one was declared."""
    rows = validation.rows
    is_osm = len(rows) > 0 and "source_kind" in rows and bool((rows["source_kind"] == "osm").all())
    return (
        replace(options, licence=OSM_LICENCE) if is_osm and options.licence == _LICENCE else options
    )


def remember_mapping(store: Path, staged: Staged) -> None:
    """Let the columns that an officer mapped be found in the next file of this register."""
    chosen = {plain_heading(heading) for heading in staged.options.mapping}
    known = {name: field for name, field in staged.mapping.items() if plain_heading(name) in chosen}
    try:
        remember(store, staged.register, known)
    except OSError as error:
        raise SnapshotError(f"列对应无法保存到 {store}：{reason(error)}") from error


def publish_staged(
    store: Path,
    staging_id: str,
    actor: str,
    allow_rejected: bool = False,
    progress: Progress = no_progress,
) -> Published:
    """Publish a staged import and forget the staging.

    ImportProblem when it cannot be published as it is: blocked, rows rejected and not allowed to
    be left out, or the register changed since it was checked.
    """
    staged = staging.load(store, staging_id)
    _refuse_unfit(staged, allow_rejected)
    if is_stale(store, staged):
        raise ImportProblem(
            f"校验之后“{staged.register.title}”或它所引用的数据已更新，校验结果不再适用，请重新导入文件"
        )
    remember_mapping(store, staged)
    version = publish_register(
        store, staged.register, staged.rows, change_of(staged, actor), progress
    )
    staging.drop(store, staging_id)
    return Published(version, staged)


def _refuse_unfit(staged: Staged, allow_rejected: bool) -> None:
    """ImportProblem when the import is blocked or would leave rows out unasked."""
    if staged.blockers:
        raise ImportProblem(f"{staged.file_name} 不能发布：{'；'.join(staged.blockers)}")
    if staged.rejected_count and not allow_rejected:
        word = staged.row_word
        raise ImportProblem(
            f"{staged.file_name} 有 {staged.rejected_count:,} {word}被拒绝，未发布：请按报告改正后重新导入，"
            f"或加 --allow-rejected 只发布合格的 {staged.accepted_count:,} {word}"
        )


def is_stale(store: Path, staged: Staged) -> bool:
    """Whether the register, or what it refers to or is referred to by, changed since the check."""
    current = require_snapshot(store)
    if staged.base_version == current:
        return False
    register = staged.register
    named = {register.dataset, *lookup_tables(register), *dependents_of(register.dataset)}
    before, now = (_contents(store, version, named) for version in (staged.base_version, current))
    return before is None or before != now


def _contents(store: Path, version: int | None, datasets: set[str]) -> dict[str, str] | None:
    """Checksum of each dataset's rows in a version; None when the version is no more."""
    if version is None or not snapshot_folder(store, version).is_dir():
        return None
    with StandingTables(snapshot_folder(store, version)) as standing:
        meta = standing.meta().set_index("dataset")["sha256"]
    return {dataset: meta.get(dataset, "") for dataset in datasets}


def change_of(staged: Staged, actor: str) -> Change:
    """What publishing a staged import brings, for history and catalog."""
    options, compared = staged.options, staged.difference
    # Notes say what the reader did; only what was wrong with the data is their quality.
    faults = staged.findings[staged.findings["severity"] != "noted"]
    return Change(
        action="import",
        actor=actor,
        dataset=staged.register.dataset,
        provider=options.provider,
        as_of=options.as_of,
        licence=options.licence,
        source=staged.file_name,
        file_sha256=staged.file_sha256,
        crs=(staged.crs.declared if staged.crs else None) or options.crs or "",
        read_count=staged.read_count,
        accepted_count=staged.accepted_count,
        corrected_count=staged.corrected_count,
        rejected_count=staged.rejected_count,
        new_count=len(compared.new),
        changed_count=len(compared.changed_keys),
        gone_count=compared.gone_count,
        sample_count=compared.sample_count,
        findings=tuple((str(rule), int(n)) for rule, n in faults["rule"].value_counts().items()),
    )


@contextmanager
def kept_while_open(store: Path, staging_id: str) -> Iterator[Staged]:
    """A staged import that is forgotten at the end of the block, whatever happens in it."""
    try:
        yield staging.load(store, staging_id)
    finally:
        staging.drop(store, staging_id)
