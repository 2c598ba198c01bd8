"""Any file handed in: what it is by its content, and what is refused before it is opened."""

import os
import struct
import zipfile

import openpyxl
import pytest

from data.registers import archive, raw, read
from data.registers.raw import ImportProblem
from data.registers.read import layers, read_file
from data.registers.registry import register

TOILETS = register("toilets")
TABLE = "编号,名称,经度,纬度\nA1,湖滨公厕,120.17,30.25\n"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.fixture
def file(tmp_path):
    """Write a file of this name and content."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def zipped(tmp_path):
    """Write a zip of these files."""

    def write(name, files, method=zipfile.ZIP_DEFLATED):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", method) as made:
            for inner, content in files.items():
                made.writestr(inner, content)
        return path

    return write


@pytest.fixture
def workbook(tmp_path):
    """Write a workbook with one toilet under this name."""

    def write(name):
        book = openpyxl.Workbook()
        for row in (["编号", "名称", "经度", "纬度"], ["A1", "湖滨公厕", 120.17, 30.25]):
            book.active.append(row)
        book.save(tmp_path / "made.xlsx")
        return (tmp_path / "made.xlsx").rename(tmp_path / name)

    return write


def refusal(path):
    """What the officer is told; the sentence names the file."""
    with pytest.raises(ImportProblem) as caught:
        read_file(path, TOILETS)
    assert path.name in str(caught.value)
    return str(caught.value)


def test_the_table_carries_name_and_checksum_of_the_file_itself(file):
    found = read_file(file("公厕.csv", TABLE), TOILETS)
    assert found.file_name == "公厕.csv"
    assert len(found.sha256) == 64
    assert found.sha256 == read_file(file("又一份.csv", TABLE), TOILETS).sha256
    assert found.sha256 != read_file(file("公厕.csv", TABLE + "A2,b,120,30\n"), TOILETS).sha256


@pytest.mark.parametrize("name", ["公厕.xlsx", "公厕.zip", "公厕.geojson", "公厕"])
def test_a_table_under_a_wrong_name_is_read_with_a_note(file, name):
    found = read_file(file(name, TABLE), TOILETS)
    assert found.cells["名称"].tolist() == ["湖滨公厕"]
    assert found.notes[0].rule == "文件类型"
    assert "CSV" in found.notes[0].reason


def test_a_workbook_under_the_name_of_a_csv_is_read_with_a_note(workbook):
    found = read_file(workbook("公厕.csv"), TOILETS)
    assert found.cells["经度"].tolist() == ["120.17"]
    assert found.notes[0].remedy.endswith(".xlsx")


def test_a_right_name_needs_no_note(file, workbook):
    assert read_file(file("公厕.CSV", TABLE), TOILETS).notes == []
    assert read_file(workbook("公厕.xlsx"), TOILETS).notes == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空文件"),
        (b" \r\n\t\n", "空文件"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "图片"),
        (b"\xff\xd8\xff\xe0....", "图片"),
        (b"Rar!\x1a\x07\x00...", "RAR"),
        (b"7z\xbc\xaf\x27\x1c...", "7z"),
        (b"\x1f\x8b\x08...", "gzip"),
        (b"AC1032\0\0\0", "DWG"),
        (b"\0\0\x27\x0a" + bytes(96), ".shp、.shx、.dbf、.prj"),
        (b"SQLite format 3\0" + bytes(84), "已损坏"),
        (OLE2 + "Workbook".encode("utf-16-le"), "另存为 .xlsx"),
        (OLE2 + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (OLE2 + "WordDocument".encode("utf-16-le"), "Word"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b'<?xml version="1.0"?><kml xmlns="x"></kml>', "KML"),
        (b"<?xml version='1.0'?><osm version='0.6'></osm>", ".osm.pbf"),
        (bytes(range(256)) * 4, "NUL"),
    ],
)
@pytest.mark.parametrize("name", ["公厕.xlsx", "公厕.csv"])
def test_what_is_no_table_is_named_whatever_it_is_called(file, name, content, words):
    assert words in refusal(file(name, content))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "空的压缩包"),
        ({"公厕.xlsx": b"x", "说明.txt": b"y"}, "“公厕.xlsx”、“说明.txt”"),
        ({"word/document.xml": b"x"}, "Word"),
        ({"xl/workbook.bin": b"x"}, "xlsb"),
        ({"content.xml": b"x", "mimetype": b"y"}, "OpenDocument"),
        ({"公厕.gdb/a00000001.gdbtable": b"x"}, "GeoPackage"),
        ({"doc.kml": b"x"}, "KMZ"),
    ],
)
def test_a_zip_without_a_register_says_what_is_in_it(zipped, files, words):
    assert words in refusal(zipped("公厕.zip", files))


def test_a_csv_that_begins_like_an_image_is_still_a_csv(file):
    found = read_file(file("公厕.csv", "BM,名称,经度,纬度\nA1,湖滨公厕,120.17,30.25\n"), TOILETS)
    assert found.cells.loc[2, "BM"] == "A1"


def test_what_is_not_there_or_no_file_is_told(tmp_path):
    assert "找不到" in refusal(tmp_path / "没有.csv")
    (tmp_path / "公厕").mkdir()
    assert "文件夹" in refusal(tmp_path / "公厕")


def test_too_large_a_file_is_refused_before_it_is_read(file, monkeypatch):
    monkeypatch.setattr(read, "MAX_FILE_BYTES", 1024)
    assert "上限" in refusal(file("公厕.csv", "x" * 2000))
    assert raw.MAX_FILE_BYTES == 200 * 1024**2


@pytest.mark.parametrize("shows", [True, False])
def test_a_file_that_changes_while_it_is_read_is_refused(file, monkeypatch, shows):
    path = file("公厕.csv", TABLE)
    times = path.stat()
    copy = read._copy

    def copy_while_changed(source, target):
        digest = copy(source, target)
        path.write_bytes(path.read_bytes().replace(b"120.17", b"120.71"))
        if not shows:
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        return digest

    monkeypatch.setattr(read, "_copy", copy_while_changed)
    assert "被修改" in refusal(path)


def test_layers_of_a_csv_are_one_without_name_and_of_a_workbook_its_sheets(file, workbook):
    assert layers(file("公厕.csv", TABLE)) == [""]
    assert layers(workbook("公厕.xlsx")) == ["Sheet"]


def opened(path):
    with archive.open_archive(path) as found:
        return found.names


def bomb_refusal(path):
    with pytest.raises(ImportProblem) as caught:
        opened(path)
    assert path.name in str(caught.value)
    return str(caught.value)


def patched(path, signature, offset, value, last=False):
    """Overwrite a field of the last or of all headers of a kind in a zip."""
    content = bytearray(path.read_bytes())
    at = content.rfind(signature) if last else content.find(signature)
    while at >= 0:
        struct.pack_into("<I", content, at + offset, value)
        at = -1 if last else content.find(signature, at + 1)
    path.write_bytes(content)
    return path


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def test_a_sound_archive_gives_names_and_content(zipped, tmp_path):
    path = zipped("数据.zip", {"公厕/公厕.shp": b"a" * 3_000_000, "公厕/公厕.dbf": b"b"})
    with archive.open_archive(path) as found:
        assert found.names == ["公厕/公厕.shp", "公厕/公厕.dbf"]
        found.extract("公厕/公厕.shp", tmp_path / "1.shp")
        assert found.read("公厕/公厕.dbf") == b"b"
    assert (tmp_path / "1.shp").stat().st_size == 3_000_000


def test_names_in_gbk_without_a_mark_are_read(zipped):
    path = zipped("数据.zip", {"aabb.shp": b"x"})
    name = "公厕".encode("gb18030")
    path.write_bytes(path.read_bytes().replace(b"aabb", name))
    assert opened(path) == ["公厕.shp"]


@pytest.fixture
def small_bombs(monkeypatch):
    """Bombs are told from a megabyte on, so that tests need not write large ones."""
    monkeypatch.setattr(archive, "RATIO_FROM_BYTES", 1 << 20)


def test_a_zip_bomb_is_refused_by_its_size(zipped, small_bombs):
    path = zipped("炸弹.zip", {"xl/workbook.xml": bytes(archive.RATIO_FROM_BYTES + 1)})
    assert "炸弹" in bomb_refusal(path)
    assert "炸弹" in refusal(path)


def test_a_zip_bomb_that_lies_about_its_size_is_refused(zipped, small_bombs):
    path = zipped("炸弹.zip", {"a.shp": bytes(archive.RATIO_FROM_BYTES + 1)})
    patched(path, LOCAL, 22, 1000)
    patched(path, CENTRAL, 24, 1000)
    assert "炸弹" in bomb_refusal(path)


def test_a_small_entry_that_inflates_to_more_than_it_says_is_refused(zipped):
    path = zipped("数据.zip", {"a.shp": bytes(5000)})
    patched(path, CENTRAL, 24, 1000)
    assert "损坏" in bomb_refusal(path)


def test_entries_that_overlap_are_refused(zipped):
    path = zipped("炸弹.zip", {"a.shp": b"a" * 999, "b.shp": b"a" * 999})
    assert "重叠" in bomb_refusal(patched(path, CENTRAL, 42, 0, last=True))


def test_too_many_entries_or_bytes_are_refused(zipped, monkeypatch):
    path = zipped("炸弹.zip", {f"{n}.txt": b"x" * 100 for n in range(30)})
    assert len(opened(path)) == 30
    monkeypatch.setattr(archive, "MAX_INFLATED_BYTES", 2_000)
    assert "炸弹" in bomb_refusal(path)
    monkeypatch.setattr(archive, "MAX_ENTRIES", 20)
    assert "30 个文件" in bomb_refusal(path)


@pytest.mark.parametrize(
    "name", ["../a.shp", "a/../../b.shp", "/etc/a.shp", "C:/a.shp", "..\\a.shp"]
)
def test_paths_that_lead_out_of_the_archive_are_refused(zipped, name):
    assert "压缩包之外" in bomb_refusal(zipped("数据.zip", {name: b"x"}))


def test_an_archive_with_a_password_is_named_as_such(zipped):
    path = zipped("数据.zip", {"a.shp": b"x"})
    content = bytearray(path.read_bytes())
    content[content.find(CENTRAL) + 8] |= 1
    path.write_bytes(content)
    assert "密码" in bomb_refusal(path)


def test_two_entries_of_one_name_are_refused(zipped):
    path = zipped("数据.zip", {"aa.shp": b"x", "ab.shp": b"y"})
    path.write_bytes(path.read_bytes().replace(b"ab.shp", b"aa.shp"))
    assert "同名" in bomb_refusal(path)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_an_archive_cut_short_is_refused(workbook, kept):
    path = workbook("公厕.xlsx")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    assert "损坏" in refusal(path)


def test_an_archive_with_spoilt_bytes_is_refused(zipped):
    path = zipped("数据.zip", {"a.shp": os.urandom(5000)})
    content = bytearray(path.read_bytes())
    content[2000] ^= 0xFF
    path.write_bytes(content)
    assert "损坏" in bomb_refusal(path)
