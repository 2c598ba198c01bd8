"""The attribute table of a shapefile (.dbf): whole or cut short, and in which encoding its text is.

GDAL believes what the file says of its encoding, and turns text into mojibake, or stops, where that
is wrong. So the bytes decide: they are read here, and the encoding found is written beside the table
(.cpg) for GDAL to follow.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.registers.raw import ImportProblem

ENCODINGS = {
    "utf-8": "UTF-8",
    "gb18030": "GB18030",
    "cp950": "CP950",
    "cp932": "CP932",
    "cp949": "CP949",
}
"""Python's name of every encoding that is tried, and the name GDAL knows it by."""

_DECLARED = {
    "utf8": "utf-8", "65001": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "936": "gb18030",
    "gb18030": "gb18030", "54936": "gb18030", "euccn": "gb18030", "big5": "cp950", "950": "cp950",
    "932": "cp932", "shiftjis": "cp932", "949": "cp949",
}  # fmt: skip
"""What a .cpg file names, without «ANSI», «CP» and signs. Single-byte ones are left out: programs
write ISO-8859-1 and 1252 when they know nothing, and those decode any bytes at all."""

_LANGUAGES = {0x4D: "gb18030", 0x4F: "cp950", 0x13: "cp932", 0x7B: "cp932",
              0x4E: "cp949", 0x79: "cp949", 0x7A: "gb18030", 0x78: "cp950"}  # fmt: skip
"""Language driver byte of the .dbf header, where it says something."""

_LANGUAGE_AT, _HEADER_END = 29, 0x0D
_DESCRIPTOR_BYTES, _NAME_BYTES = 32, 11
_HAN = re.compile(r"[\u3400-\u9fff]")
_BLOCK_ROWS = 50_000


@dataclass(frozen=True)
class _Column:
    start: int
    """Offset in a record, past the deletion mark."""
    width: int
    kind: str


class Dbf:
    """The layout of one .dbf file; ImportProblem when it is cut short or no .dbf at all."""

    def __init__(self, path: Path, shown: str) -> None:
        self._path, self._shown = path, shown
        head = path.read_bytes()[:32] if path.stat().st_size >= 32 else b""
        self.count = int.from_bytes(head[4:8], "little")
        self._head_bytes = int.from_bytes(head[8:10], "little")
        self._record_bytes = int.from_bytes(head[10:12], "little")
        needed = self._head_bytes + self.count * self._record_bytes
        if self._head_bytes < 33 or self._record_bytes < 1 or path.stat().st_size < needed:
            raise ImportProblem(
                f"{shown} 已损坏或不完整（应有 {self.count} 条记录），请重新导出、压缩后导入"
            )
        self._language = head[_LANGUAGE_AT]
        self._columns = self._read_columns()

    def _read_columns(self) -> list[_Column]:
        with self._path.open("rb") as file:
            self._head = file.read(self._head_bytes)
        columns, start = [], 1
        at = 32
        while at + _DESCRIPTOR_BYTES <= len(self._head) and self._head[at] != _HEADER_END:
            field = self._head[at : at + _DESCRIPTOR_BYTES]
            columns.append(_Column(start, field[16], chr(field[11])))
            start += field[16]
            at += _DESCRIPTOR_BYTES
        if start > self._record_bytes:
            raise ImportProblem(f"{self._shown} 的字段说明已损坏，请重新导出、压缩后导入")
        return columns

    def _names(self) -> list[bytes]:
        starts = range(32, 32 + _DESCRIPTOR_BYTES * len(self._columns), _DESCRIPTOR_BYTES)
        return [self._head[at : at + _NAME_BYTES].split(b"\0")[0] for at in starts]

    def _records(self) -> np.ndarray:
        """Records as a matrix of bytes (records × bytes), mapped from the file for writing."""
        shape = (self.count, self._record_bytes)
        return np.memmap(self._path, np.uint8, "r+", self._head_bytes, shape)

    def _texts(self) -> set[bytes]:
        """Every different text with bytes beyond ASCII, headings included."""
        found = {name for name in self._names() if not name.isascii()}
        text_columns = [column for column in self._columns if column.kind == "C" and column.width]
        if not self.count or not text_columns:
            return found
        records = self._records()
        for start in range(0, self.count, _BLOCK_ROWS):
            block = records[start : start + _BLOCK_ROWS]
            for column in text_columns:
                part = block[:, column.start : column.start + column.width]
                beyond = (part >= 0x80).any(axis=1)
                if beyond.any():
                    texts = np.ascontiguousarray(part[beyond]).view(f"S{column.width}").ravel()
                    found.update(texts.tolist())
        return found

    def recognise(self, cpg: str | None) -> tuple[str, str]:
        """The encoding that every text and heading really is in, and why (empty: as declared).

        UTF-8 with Chinese in it cannot be anything else; next comes what the .cpg file or the
        header declares, where every text agrees; then GB18030, the usual one in Chinese offices.
        ImportProblem when none fits.
        """
        texts = self._texts()
        named = _DECLARED.get(_plain(cpg)) if cpg else None
        by_language = _LANGUAGES.get(self._language)
        declared = named or by_language
        if not texts:
            return declared or "utf-8", ""
        candidates = dict.fromkeys(filter(None, (named, by_language, "gb18030", "utf-8")))
        if _fits(texts, "utf-8") and (_has_han(texts, "utf-8") or not _has_han(texts, "gb18030")):
            candidates = {"utf-8": None}
        for encoding in candidates:
            if _fits(texts, encoding):
                return encoding, _why(encoding, named, by_language, cpg)
        raise ImportProblem(
            f"{self._shown} 的文字编码无法识别（不是 UTF-8，也不是 GBK/GB18030），"
            "请以 UTF-8 或 GBK 编码重新导出，并附上 .cpg 文件"
        )

    def cut_half_characters(self, encoding: str) -> int:
        """Blank the half character at the end of texts that filled their column; returns how many.

        GDAL would refuse the whole table for one of them.
        """
        cut = 0
        changed = bytearray(self._head)
        for number, name in enumerate(self._names()):
            half = _half_bytes(name, encoding)
            if half:
                end = 32 + _DESCRIPTOR_BYTES * number + len(name)
                changed[end - half : end] = bytes(half)
                cut += 1
        if changed != self._head:
            with self._path.open("r+b") as file:
                file.write(changed)
        records = self._records() if self.count else np.empty((0, self._record_bytes))
        for column in self._columns:
            if column.kind != "C" or not column.width:
                continue
            last = column.start + column.width - 1
            for row in np.flatnonzero(records[:, last] >= 0x80):
                text = records[row, column.start : last + 1].tobytes()
                half = _half_bytes(text, encoding)
                if half:
                    records[row, last + 1 - half : last + 1] = 0x20
                    cut += 1
        if self.count:
            records.flush()
        return cut


def _plain(cpg: str) -> str:
    """A .cpg file's word without the signs and prefixes that programs vary."""
    return re.sub(r"^(ansi|cp|ms|windows|oem)+", "", re.sub(r"[^a-z0-9]", "", cpg.lower()))


def _decoded(text: bytes, encoding: str) -> str | None:
    """A text without the half character at its end; None when it is not in this encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(text.rstrip(b"\0 "), final=False)
    except UnicodeDecodeError:
        return None


def _fits(texts: set[bytes], encoding: str) -> bool:
    try:
        b"\n".join(texts).decode(encoding)
        return True
    except UnicodeDecodeError:
        # Half characters at the end of columns are no sign of another encoding.
        pass
    return all(_decoded(text, encoding) is not None for text in texts)


def _has_han(texts: set[bytes], encoding: str) -> bool:
    return any(_HAN.search(_decoded(text, encoding) or "") for text in texts)


def _half_bytes(text: bytes, encoding: str) -> int:
    """How many bytes of an unfinished character a text ends with."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(text, final=False)
    except UnicodeDecodeError:
        return 0
    return len(decoder.getstate()[0])


def _why(encoding: str, named: str | None, by_language: str | None, cpg: str | None) -> str:
    if encoding == (named or by_language):
        return ""
    if cpg:
        return f".cpg 声明的编码“{cpg[:20]}”与内容不符，按内容识别为 {ENCODINGS[encoding]}"
    return f"没有声明文字编码（缺 .cpg），按内容识别为 {ENCODINGS[encoding]}"
