"""Zip files from outside: looked through before anything of them is read or unpacked.

One guard for workbooks (.xlsx is a zip) and zipped shapefiles. What an archive declares of itself is
not believed: every entry is inflated once in small pieces and counted, so a zip bomb is told by what
it does, and a damaged entry by its checksum, before another library opens the file.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from data.registers.raw import ImportProblem

MAX_ENTRIES = 5_000
MAX_INFLATED_BYTES = 2 * 1024**3
"""All entries together; a workbook of a million rows and 15 columns inflates to about 1 GB."""
MAX_RATIO = 250
"""Inflated to packed size of one entry; sheets and shapes stay below 100, a bomb is near 1,000."""
RATIO_FROM_BYTES = 50 * 1024**2
"""Entries smaller than this may be as dense as they like: a blank template is."""

_CHUNK = 1 << 20
_ENCRYPTED, _UTF8 = 0x1, 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCAL_HEADER_BYTES = 30
_FAULTS = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, RuntimeError)
"""OSError too: a spoilt list sends the reader to places before the file's beginning."""


class Archive:
    """An archive that has passed the guard; made by ``open_archive``."""

    def __init__(self, name: str, zipped: zipfile.ZipFile) -> None:
        self.file_name = name
        self._zipped = zipped
        self._entries = {_name_of(entry): entry for entry in zipped.infolist()}
        if len(self._entries) < len(zipped.infolist()):
            raise ImportProblem(f"{name} 中有同名的文件，无法确定用哪一个，请重新压缩后导入")

    @property
    def names(self) -> list[str]:
        """Paths of the files inside, «/» between folders; Chinese names as they were written."""
        return [name for name, entry in self._entries.items() if not entry.is_dir()]

    def read(self, name: str) -> bytes:
        """Content of one file inside."""
        return self._zipped.read(self._entries[name])

    def stream(self, name: str) -> Iterator[bytes]:
        """Content of one file inside, in pieces of about a megabyte."""
        with self._zipped.open(self._entries[name]) as stream:
            while piece := stream.read(_CHUNK):
                yield piece

    def extract(self, name: str, target: Path) -> None:
        """Write one file inside to ``target``: a name the caller chose, never the archive's."""
        with target.open("wb") as written:
            for piece in self.stream(name):
                written.write(piece)


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a zip file that has passed every check; ImportProblem (Chinese) when it has not.

    Refused: damaged or cut short, encrypted, too many entries, paths that lead out of the archive,
    entries that overlap, inflated sizes beyond the limits, entries that inflate to more than they
    declare.
    """
    with _opened(path) as zipped:
        _check_declared(path, zipped.infolist())
        _check_inflated(path, zipped)
        yield Archive(path.name, zipped)


def names_in(path: Path) -> list[str]:
    """Names of the files in a zip by its own list, nothing inflated; ImportProblem if damaged."""
    with _opened(path) as zipped:
        return [_name_of(entry) for entry in zipped.infolist() if not entry.is_dir()]


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _FAULTS as error:
        raise _damaged(path.name) from error


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name inside; Chinese programs write GBK without saying so, which zipfile takes for CP437."""
    name = entry.filename
    if not entry.flag_bits & _UTF8:
        packed = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = packed.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _damaged(name: str) -> ImportProblem:
    return ImportProblem(f"{name} 已损坏或不完整，无法打开，请重新保存或重新传送后导入")


def _bomb(name: str, why: str) -> ImportProblem:
    return ImportProblem(f"{name} {why}，疑为压缩炸弹，未解压；请核实文件来源后重新压缩")


def _check_declared(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """What the archive's own list says, before a byte is inflated."""
    if len(entries) > MAX_ENTRIES:
        raise _bomb(path.name, f"内含 {len(entries)} 个文件，超过 {MAX_ENTRIES} 个")
    if sum(entry.file_size for entry in entries) > MAX_INFLATED_BYTES:
        raise _too_large(path.name)
    for entry in entries:
        name = _name_of(entry)
        if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
            raise ImportProblem(
                f"{path.name} 中的文件路径“{name}”指向压缩包之外，未解压，请重新压缩"
            )
        if entry.flag_bits & _ENCRYPTED:
            raise ImportProblem(f"{path.name} 设有密码，请取消密码后重新压缩导入")
        if entry.compress_type not in _METHODS:
            raise ImportProblem(f"{path.name} 的压缩方式不受支持，请用系统自带的 zip 压缩重新打包")
        _check_ratio(path.name, entry, entry.file_size)
    # Entries that share their bytes inflate to many times what the file could hold.
    placed = sorted(entries, key=lambda entry: entry.header_offset)
    for before, after in pairwise(placed):
        if before.header_offset + _LOCAL_HEADER_BYTES + before.compress_size > after.header_offset:
            raise _bomb(path.name, "内部文件相互重叠")


def _too_large(name: str) -> ImportProblem:
    return _bomb(name, f"解压后超过 {MAX_INFLATED_BYTES // 1024**3} GB")


def _check_ratio(name: str, entry: zipfile.ZipInfo, size: int) -> None:
    if size > RATIO_FROM_BYTES and size > MAX_RATIO * max(entry.compress_size, 1):
        raise _bomb(name, f"中的“{_name_of(entry)}”解压后膨胀 {MAX_RATIO} 倍以上")


def _check_inflated(path: Path, zipped: zipfile.ZipFile) -> None:
    """What inflating really gives, counted past what the entry declares."""
    total = 0
    with path.open("rb") as packed:
        for entry in zipped.infolist():
            size, checksum = 0, 0
            try:
                # Compares the entry's own header with the archive's list.
                zipped.open(entry).close()
                for piece in _inflated(packed, entry):
                    size += len(piece)
                    checksum = zlib.crc32(piece, checksum)
                    if total + size > MAX_INFLATED_BYTES:
                        raise _too_large(path.name)
                    _check_ratio(path.name, entry, size)
            except (*_FAULTS, zlib.error) as error:
                raise _damaged(path.name) from error
            if (size, checksum) != (entry.file_size, entry.CRC):
                raise _damaged(path.name)
            total += size


def _inflated(packed, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry's bytes in pieces, to the end of its packed data whatever length it declares."""
    packed.seek(entry.header_offset)
    header = packed.read(_LOCAL_HEADER_BYTES)
    names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed.seek(names, 1)
    left = entry.compress_size
    engine = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (data := packed.read(min(left, _CHUNK))):
        left -= len(data)
        if engine is None:
            yield data
            continue
        while data and not engine.eof:
            yield engine.decompress(data, _CHUNK)
            data = engine.unconsumed_tail
    if engine is not None:
        yield engine.flush(_CHUNK)
