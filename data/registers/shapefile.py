"""Zipped shapefiles: which are in the archive, whether each is whole, and where GDAL can read it."""

from pathlib import Path, PurePosixPath

from data.registers.archive import Archive
from data.registers.dbf import ENCODINGS, Dbf
from data.registers.raw import ImportProblem, Note

_PARTS = {".shp": "几何", ".shx": "索引", ".dbf": "属性表"}
_OPTIONAL = (".prj", ".cpg")
_UNPACKED = {".prj": ".wkt"}
"""Kept from GDAL, which stops at a .prj with Chinese names in GBK."""
_SHP_CODE = b"\0\0\x27\x0a"
_HEADER_BYTES = 100
_DIMENSIONS = {1: 0, 8: 0, 3: 1, 5: 2, 31: 2}
"""Dimension of the geometry by shape type; +10 with heights, +20 with measures."""


class Shapefile:
    """One shapefile inside an archive: its name and its parts."""

    def __init__(self, archive: Archive, name: str, parts: dict[str, str]) -> None:
        self._archive, self._parts = archive, parts
        self.name = name
        """Path inside the archive without the ending."""

    @property
    def row_count(self) -> int:
        """Records of the attribute table; without one, 1: there is something to complain of."""
        if ".dbf" not in self._parts:
            return 1
        return int.from_bytes(self._head(".dbf")[4:8], "little")

    @property
    def dimension(self) -> int | None:
        """0 points, 1 lines, 2 areas; None when the header does not say."""
        kind = int.from_bytes(self._head(".shp")[32:36], "little")
        return _DIMENSIONS.get(kind % 10 if kind < 31 else kind)

    def _head(self, ending: str) -> bytes:
        return next(iter(self._archive.stream(self._parts[ending])), b"")[:_HEADER_BYTES]

    def unpack(self, shp: Path, file_name: str) -> tuple[list[Note], str]:
        """Write its parts to ``shp`` and beside it, text ready for GDAL; returns notes, encoding.

        ImportProblem when parts are missing, cut short or do not belong together.
        """
        shown = f"{file_name} 中的“{self.name}"
        missing = [ending for ending in _PARTS if ending not in self._parts]
        if missing:
            listed = "、".join(f"{ending}（{_PARTS[ending]}）" for ending in missing)
            raise ImportProblem(
                f"{shown}.shp”缺少同名的 {listed}，请把 .shp、.shx、.dbf、.prj 一起压缩后导入"
            )
        for ending, inside in self._parts.items():
            self._archive.extract(inside, shp.with_suffix(_UNPACKED.get(ending, ending)))
        shx, cpg = shp.with_suffix(".shx"), shp.with_suffix(".cpg")
        for part in (shp, shx):
            _check_whole(part, f"{shown}{part.suffix}”")
        table = Dbf(shp.with_suffix(".dbf"), f"{shown}.dbf”")
        shapes = (shx.stat().st_size - _HEADER_BYTES) // 8
        if shapes != table.count:
            raise ImportProblem(
                f"{shown}”的几何有 {shapes} 个、属性有 {table.count} 条，两者不是同一份，"
                "请重新导出、压缩后导入"
            )
        declared = cpg.read_bytes()[:40].decode("ascii", "replace").strip() if cpg.exists() else ""
        encoding, why = table.recognise(declared)
        notes = []
        if why:
            remedy = "请抽查中文是否正确；导出时请附 .cpg 文件"
            notes.append(Note(0, "", "", "noted", "文字编码", why, remedy))
        if cut := table.cut_half_characters(encoding):
            reason = f"{cut} 处文字超出字段宽度，导出时被截断，末尾的半个汉字已去掉"
            remedy = "请核对较长的文字和列名；导出时加大字段宽度"
            notes.append(Note(0, "", "", "corrected", "文字截断", reason, remedy))
        cpg.write_text(ENCODINGS[encoding])
        return notes, ENCODINGS[encoding]


def projection(shp: Path) -> str | None:
    """Text of the .prj file beside an unpacked shapefile; None when there is none."""
    path = shp.with_suffix(_UNPACKED[".prj"])
    if not path.exists():
        return None
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    return text.strip() or None


def shapefiles(archive: Archive) -> list[Shapefile]:
    """Every shapefile of an archive, in its order; what macOS adds is left out."""
    found: dict[str, dict[str, str]] = {}
    for name in archive.names:
        path = PurePosixPath(name)
        if path.name.startswith("._") or "__MACOSX" in path.parts:
            continue
        ending = path.suffix.lower()
        if ending in _PARTS or ending in _OPTIONAL:
            found.setdefault(str(path.with_suffix("")), {})[ending] = name
    return [Shapefile(archive, name, parts) for name, parts in found.items() if ".shp" in parts]


def _check_whole(path: Path, shown: str) -> None:
    """Whether a .shp or .shx has the length that its header declares."""
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    declared = 2 * int.from_bytes(head[24:28], "big")
    if not head.startswith(_SHP_CODE):
        raise ImportProblem(f"{shown} 不是有效的 Shapefile，请重新导出、压缩后导入")
    if len(head) < _HEADER_BYTES or path.stat().st_size < declared:
        raise ImportProblem(f"{shown} 不完整，被截断，请重新导出、压缩后导入")
