"""Open a file or a database as one raw table; the content decides what it is, not the name."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

from data.registers.formats import Kind, kind_of, name_note
from data.registers.raw import MAX_FILE_BYTES, ImportProblem, RawTable
from data.registers.register import Register
from data.registers.validation import Progress, no_progress
from data.system_faults import reason

_READERS: dict[Kind, str] = {
    "csv": "csv_file",
    "xlsx": "excel",
    "shapefile": "vector",
    "geopackage": "vector",
    "geojson": "vector",
    "osm": "osm",
}
_CHUNK = 1 << 22


def layers(path: Path) -> list[str]:
    """Names of the sheets or layers of a file, in its order; one empty name where it has none."""
    with _private_copy(path) as (copy, _):
        reader = _reader(kind_of(copy))
        return reader.layers(copy) if hasattr(reader, "layers") else [""]


def read_file(
    path: Path,
    register: Register,
    layer: str | None = None,
    progress: Progress = no_progress,
) -> RawTable:
    """Cells and geometries of one sheet or layer (the first with rows unless named).

    ImportProblem, in Chinese with file, fault and remedy, for anything that cannot be read whole:
    empty, damaged, cut short, changed while read, too large, a zip bomb, a format not known.
    """
    progress("读取文件", 0.0)
    with _private_copy(path) as (copy, sha256):
        kind = kind_of(copy)
        raw = _reader(kind).read(copy, register, layer, progress)
    raw.sha256 = sha256
    if note := name_note(path.name, kind):
        raw.notes.insert(0, note)
    progress("读取文件", 1.0)
    return raw


def read_postgis(
    url: str, relation: str, register: Register, progress: Progress = no_progress
) -> RawTable:
    """Rows of a table or view ``schema.table`` of a PostGIS database, read-only."""
    return import_module("data.registers.postgis").read(url, relation, register, progress)


def postgis_url(secrets: Mapping | None = None) -> str | None:
    """Connection string of COCKPIT_POSTGIS or the secrets (``[postgis] url``); None if none."""
    return import_module("data.registers.postgis").url(secrets)


def _reader(kind: Kind) -> ModuleType:
    """The module that reads a format, loaded only when needed: GDAL takes its time."""
    return import_module(f"data.registers.{_READERS[kind]}")


@contextmanager
def _private_copy(path: Path) -> Iterator[tuple[Path, str]]:
    """A copy of the file under its own name, and the SHA-256 of what was copied.

    Readers open a file several times, at different places. From a share that others write to, they
    would put parts of two versions together; from a copy they cannot. The copy itself is whole when
    the original, read a second time, still is the same.
    """
    try:
        if path.is_dir():
            raise ImportProblem(f"{path} 是文件夹，请选择其中的文件（Shapefile 请压缩成 .zip）")
        before = path.stat()
        _check_size(path.name, before.st_size)
        with tempfile.TemporaryDirectory(prefix="cockpit-import-") as folder:
            copy = Path(folder) / path.name
            sha256 = _copy(path, copy)
            after = path.stat()
            if _identity(before) != _identity(after) or sha256 != _sha256(path):
                raise ImportProblem(
                    f"{path.name} 在读取过程中被修改，请等它保存或传送完毕、关闭正在编辑它的程序后重新导入"
                )
            yield copy, sha256
    except FileNotFoundError as error:
        raise ImportProblem(f"找不到文件 {path}，请核对路径") from error
    except PermissionError as error:
        raise ImportProblem(f"没有权限读取 {path}，请检查文件权限或关闭占用它的程序") from error
    except OSError as error:
        raise ImportProblem(f"{path.name} 读取失败：{reason(error)}，请检查磁盘和网络") from error


def _check_size(name: str, size: int) -> None:
    if size == 0:
        raise ImportProblem(f"{name} 是空文件（0 字节），请填写数据并保存后重新导入")
    if size > MAX_FILE_BYTES:
        raise ImportProblem(
            f"{name} 有 {size / 1024**2:.0f} MB，超过 {MAX_FILE_BYTES // 1024**2} MB 的上限，"
            "请拆分或删去无关的工作表和图片后导入"
        )


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _copy(source: Path, target: Path) -> str:
    """Copy a file, never more than the limit; returns the SHA-256 of what was copied."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read, target.open("wb") as written:
        while piece := read.read(_CHUNK):
            size += len(piece)
            _check_size(source.name, size)
            digest.update(piece)
            written.write(piece)
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
