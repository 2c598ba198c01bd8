"""What a file is, told by its first bytes and what it holds; the name is only compared with it."""

import re
import sqlite3
from pathlib import Path
from typing import Literal

from data.registers.archive import names_in
from data.registers.raw import ImportProblem, Note

Kind = Literal["csv", "xlsx", "shapefile", "geopackage", "geojson", "osm"]

TITLES: dict[Kind, str] = {
    "csv": "CSV 文本表格",
    "xlsx": "Excel 工作簿（.xlsx）",
    "shapefile": "Shapefile 压缩包",
    "geopackage": "GeoPackage",
    "geojson": "GeoJSON",
    "osm": "OpenStreetMap 数据（.osm.pbf）",
}
SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "csv": (".csv", ".txt", ".tsv"),
    "xlsx": (".xlsx", ".xlsm"),
    "shapefile": (".zip",),
    "geopackage": (".gpkg",),
    "geojson": (".geojson", ".json"),
    "osm": (".pbf",),
}

_AS_XLSX = "请用 Excel 或 WPS 打开，另存为 .xlsx 后导入"
_AS_TABLE = "请导入表格（.xlsx 或 .csv）或空间数据"
_UNPACK = "请解压后导入其中的文件"
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF 文档", _AS_TABLE),
    (b"\x89PNG", "图片", _AS_TABLE),
    (b"\xff\xd8\xff", "图片", _AS_TABLE),
    (b"GIF8", "图片", _AS_TABLE),
    (b"BM", "图片", _AS_TABLE),
    (b"II*\0", "图片", _AS_TABLE),
    (b"MM\0*", "图片", _AS_TABLE),
    (b"{\\rtf", "Word（RTF）文档", _AS_TABLE),
    (b"Rar!", "RAR 压缩包", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", _UNPACK),
    (b"\x1f\x8b", "gzip 压缩包", _UNPACK),
    (b"PAR1", "Parquet 文件", "请导出为 .csv 或 .xlsx 后导入"),
    (b"AC10", "CAD 图纸（DWG）", "请导出为 Shapefile 或 GeoPackage 后导入"),
    (
        b"\0\0\x27\x0a",
        "单独的 .shp 文件",
        "请把同名的 .shp、.shx、.dbf、.prj 一起压缩成 .zip 后导入",
    ),
    (b"MZ", "可执行程序", _AS_TABLE),
)
"""First bytes, what it is, what to do."""

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")
_HEAD_BYTES = 4096
_IN_ZIP: tuple[tuple[str, str, str], ...] = (
    (r"^xl/workbook\.bin$", "二进制 Excel 工作簿（.xlsb）", _AS_XLSX),
    (r"^word/", "Word 文档", _AS_TABLE),
    (r"^ppt/", "PowerPoint 演示文稿", _AS_TABLE),
    (r"^content\.xml$", "OpenDocument 文档（.ods）", _AS_XLSX),
    (r"\.gdb/", "ArcGIS 文件地理数据库", "请导出为 GeoPackage 或 Shapefile 后导入"),
    (r"\.kml$", "KMZ 文件", "请转换为 GeoJSON 或 GeoPackage 后导入"),
)
"""Pattern of a name inside the zip, what it is, what to do."""
_MARKUP: tuple[tuple[str, str, str], ...] = (
    (r"<kml", "KML 文件", "请转换为 GeoJSON 或 GeoPackage 后导入"),
    (r"<osm\b", "OpenStreetMap XML", "请使用 .osm.pbf 格式的数据"),
    (r"<(!doctype html|html|table|head|meta)\b", "网页（HTML）", _AS_XLSX),
    (r"urn:schemas-microsoft-com:office:spreadsheet", "XML 表格 2003", _AS_XLSX),
)


def kind_of(path: Path) -> Kind:
    """The readable format that the file's content is; ImportProblem names any other by its kind."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip():
        raise ImportProblem(f"{path.name} 是空文件，请填写数据并保存后重新导入")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_in_zip(path)
    if head.startswith(b"SQLite format 3\0"):
        return _kind_of_sqlite(path, head)
    if b"\x0a\x09OSMHeader" in head[:64]:
        return "osm"
    if head.startswith(_OLE2):
        raise _ole2_problem(path)
    for magic, title, remedy in _FOREIGN:
        if head.startswith(magic) and not _is_plain_text(head):
            raise _foreign(path.name, title, remedy)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if re.match(rb'\{\s*("|\})|\[\s*[{\[\]]', start):
        return "geojson"
    if start.startswith(b"<"):
        raise _markup_problem(path.name, start.decode("latin-1").lower())
    return "csv"


def name_note(name: str, kind: Kind) -> Note | None:
    """A note where the name's ending promises something other than the content is."""
    suffix = Path(name).suffix.lower()
    if suffix in SUFFIXES[kind]:
        return None
    reason = f"文件名以“{suffix}”结尾" if suffix else "文件名没有扩展名"
    return Note(
        row=0,
        heading="",
        value=name,
        severity="noted",
        rule="文件类型",
        reason=f"{reason}，内容实为 {TITLES[kind]}，已按内容读取",
        remedy=f"建议把扩展名改为 {SUFFIXES[kind][0]}",
    )


def _foreign(name: str, title: str, remedy: str) -> ImportProblem:
    return ImportProblem(f"{name} 的内容是{title}，不能作为台账导入，{remedy}")


def _is_plain_text(head: bytes) -> bool:
    """Whether letters like «BM» or «MZ» begin a text: no control bytes follow, and commas do."""
    return head[:1] in b"BGMA" and b"\n" in head and not re.search(rb"[\0-\x08\x0e-\x1f]", head)


def _kind_in_zip(path: Path) -> Kind:
    names = names_in(path)
    if any(name.lower().endswith(".shp") for name in names):
        return "shapefile"
    if "xl/workbook.xml" in names:
        return "xlsx"
    for pattern, title, remedy in _IN_ZIP:
        if any(re.search(pattern, name, re.IGNORECASE) for name in names):
            raise _foreign(path.name, title, remedy)
    if not names:
        raise ImportProblem(f"{path.name} 是空的压缩包，请把数据文件压缩进去后重新导入")
    listed = "、".join(f"“{name}”" for name in names[:3])
    raise ImportProblem(
        f"{path.name} 是压缩包，内有 {len(names)} 个文件（{listed}{'等' if len(names) > 3 else ''}），"
        f"没有 Shapefile（.shp）；其他格式{_UNPACK}"
    )


def _kind_of_sqlite(path: Path, head: bytes) -> Kind:
    if head[68:72] in _GPKG_IDS:
        return "geopackage"
    try:
        # «immutable»: a journal beside the file is not looked for, nothing is written.
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)
        try:
            found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_contents'")
            if found.fetchone():
                return "geopackage"
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise ImportProblem(f"{path.name} 已损坏，无法打开，请重新导出后导入") from error
    raise _foreign(path.name, "SQLite 数据库，不是 GeoPackage", "请导出为 GeoPackage 或表格后导入")


def _ole2_problem(path: Path) -> ImportProblem:
    """Old Office files, and new ones with a password: their parts are named in UTF-16 inside."""
    content = path.read_bytes()
    if _utf16("EncryptedPackage") in content:
        return ImportProblem(f"{path.name} 设有打开密码，请在 Excel 中取消密码、另存后重新导入")
    if _utf16("WordDocument") in content:
        return _foreign(path.name, "旧版 Word 文档（.doc）", _AS_TABLE)
    if _utf16("PowerPoint Document") in content:
        return _foreign(path.name, "旧版 PowerPoint 演示文稿（.ppt）", _AS_TABLE)
    if _utf16("Workbook") in content or _utf16("Book") in content:
        return ImportProblem(f"{path.name} 是旧版 Excel 格式（.xls），请另存为 .xlsx 后导入")
    return _foreign(path.name, "旧版 Office 文档", _AS_XLSX)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _markup_problem(name: str, text: str) -> ImportProblem:
    for pattern, title, remedy in _MARKUP:
        if re.search(pattern, text):
            return _foreign(name, title, remedy)
    return _foreign(name, "XML 文件", "请导出为 .xlsx、.csv 或 GeoJSON 后导入")
