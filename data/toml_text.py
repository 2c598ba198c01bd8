"""TOML as text: on which line a key stands, and how a text is written so that it reads back the same.

The standard library reads TOML, but it tells no lines and writes none.
"""

import re
from collections.abc import Iterable, Mapping

_STRINGS_AND_COMMENTS = re.compile(
    r'(?P<block>"""(?:\\.|[^\\])*?"""+|\'\'\'.*?\'\'\'+)'
    r'|(?P<text>"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<comment>#[^\n]*)",
    re.DOTALL,
)
_NAME = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_PATH = rf"({_NAME}(?:[ \t]*\.[ \t]*{_NAME})*)"
_HEADING = re.compile(rf"[ \t]*\[(\[?)[ \t]*{_PATH}[ \t]*\]")
_KEY = re.compile(rf"[ \t]*{_PATH}[ \t]*=")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ESCAPES = str.maketrans(
    {one: f"\\u{one:04X}" for one in (*range(0x20), 0x7F)}
    | {ord("\t"): "\\t", ord("\n"): "\\n", ord('"'): '\\"', ord("\\"): "\\\\"}
)
_ESCAPES_IN_LINES = {key: text for key, text in _ESCAPES.items() if key != ord("\n")}

HEADING = ""
"""Key under which the line of a table's heading stands."""


# --- lines ---------------------------------------------------------------------------------------


def key_lines(text: str, array: str) -> tuple[dict[str, int], list[dict[str, int]]]:
    """Lines (from 1) of the keys of a TOML text that can be read: at its top, in each ``[[array]]``.

    In an entry of the array ``""`` is its heading, ``keys.show`` a key of a table inside it, where
    that has a line of its own. An array written in brackets (``array = [{…}]``) has no entries here.
    """
    top: dict[str, int] = {}
    entries: list[dict[str, int]] = []
    section: tuple[dict[str, int], str] | None = (top, "")
    plain = _STRINGS_AND_COMMENTS.sub(_without_lines, text)
    for number, line in enumerate(plain.split("\n"), 1):
        if heading := _HEADING.match(line):
            path = _dotted(heading[2])
            if heading[1] and path == array:
                entries.append({HEADING: number})
                section = (entries[-1], "")
            elif path.startswith(f"{array}.") and entries:
                inner = path.removeprefix(f"{array}.")
                _note(entries[-1], inner, number)
                section = (entries[-1], f"{inner}.")
            else:
                _note(top, path, number)
                section = None
        elif section and (key := _KEY.match(line)):
            lines, before = section
            _note(lines, before + _dotted(key[1]), number)
    return top, entries


def _note(lines: dict[str, int], path: str, number: int) -> None:
    """Note the line of a key, and of the tables around it where theirs are not known."""
    parts = path.split(".")
    for end in range(1, len(parts) + 1):
        lines.setdefault(".".join(parts[:end]), number)


def line_of(lines: Mapping[str, int], key: str) -> int:
    """Line of a key in an entry of the array, or of the table that it is in, at last of the heading."""
    while key not in lines:
        key = key.rpartition(".")[0]
    return lines[key]


def _without_lines(found: re.Match) -> str:
    """Strings over several lines and comments as nothing but their line ends; names in quotes stay."""
    return found["text"] or "\n" * found[0].count("\n")


def _dotted(path: str) -> str:
    return ".".join(part.strip("\"'") for part in re.findall(_NAME, path))


# --- writing -------------------------------------------------------------------------------------


def quoted(text: str, *, in_lines: bool = False) -> str:
    """A text as a TOML string; ``in_lines`` over several lines where the text has several.

    Half a surrogate pair, which is no character, becomes the sign for one that is missing.
    """
    whole = _SURROGATES.sub("\ufffd", text)
    if in_lines and "\n" in whole:
        return f'"""\n{whole.translate(_ESCAPES_IN_LINES)}"""'
    return f'"{whole.translate(_ESCAPES)}"'


def array_text(texts: Iterable[str]) -> str:
    """Texts as a TOML array."""
    return f"[{', '.join(map(quoted, texts))}]"


def table_text(values: Mapping[str, str | tuple[str, ...]]) -> str:
    """Texts, or arrays of them, as a TOML table in one line."""
    parts = (
        f"{key if _BARE.fullmatch(key) else quoted(key)} = "
        f"{quoted(value) if isinstance(value, str) else array_text(value)}"
        for key, value in values.items()
    )
    return f"{{ {', '.join(parts)} }}"
