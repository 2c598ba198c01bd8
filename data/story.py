"""Stories: lists of scenes that a presenter or a wall plays, as files that people can write by hand.

Shipped ones lie in ``data/stories``, saved ones in ``stories`` of the store; one can also be carried by
its address alone. A faulty scene is left out and named with its file, line and remedy; the rest plays.
"""

import base64
import re
import tomllib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path

import pandas as pd

from data.scene import Scene, meant, read_scene, told
from data.scene_contract import ITEM_KINDS, page_rules
from data.snapshot import PROJECT_ROOT, write_whole
from data.street_names import aliases, normalised
from data.system_faults import reason
from data.toml_text import HEADING, array_text, key_lines, line_of, quoted, table_text

SHIPPED_FOLDER = Path(__file__).parent / "stories"
SAVED_FOLDER = "stories"
MOST_BYTES = 200_000
"""The largest story that is read: hundreds of scenes with their notes."""
SHARED_FILE, SHARED_ID = "网址中的演示", "shared"
_ID = re.compile(r"[a-z0-9-]{1,40}")
_ID_RULE = "只能用小写字母、数字和连字符，最多 40 个字符，如 weekly-meeting"
_FIELDS = ("title", "summary", "scenes")
_TOO_LARGE = f"演示超过 {MOST_BYTES // 1000} kB，请拆成几个"
_UNSHARED = "链接不完整或已损坏，请重新复制完整的链接"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a story, where, and what to write instead."""

    file: str
    line: int
    scene_no: int | None
    """Number of the scene in the file, from 1; None for the story itself."""
    message: str


@dataclass(frozen=True)
class Story:
    """A story as it can be played: its sound scenes, and what is wrong with the others."""

    story_id: str
    title: str
    summary: str
    scenes: tuple[Scene, ...]
    problems: tuple[Problem, ...] = ()
    is_shipped: bool = False
    numbers: tuple[int, ...] = ()
    """Of each sound scene its number in the file, from 1."""
    file: str = ""
    lines: tuple[Mapping[str, int], ...] = field(default=(), compare=False, repr=False)
    """Of each sound scene the lines of its keys (see ``toml_text.key_lines``)."""

    @property
    def total_seconds(self) -> int:
        return sum(scene.seconds for scene in self.scenes)


# --- reading -------------------------------------------------------------------------------------


def parse(text: str, file: str, story_id: str) -> Story:
    """A story of its TOML text; whatever is wrong with it becomes a problem, never an error."""
    if len(text.encode(errors="replace")) > MOST_BYTES:
        return _unreadable(file, story_id, 1, _TOO_LARGE)
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = _line_of_error(str(error), text)
        remedy = "请检查引号、方括号是否成对，文字是否放在引号里，同一项是否写了两遍"
        return _unreadable(file, story_id, line, f"这一行附近不是有效的 TOML；{remedy}")
    top, entries = key_lines(text, "scenes")
    problems = [
        Problem(file, top.get(key, 1), None, message) for key, message in _story_faults(raw)
    ]
    listed = raw.get("scenes") if isinstance(raw.get("scenes"), list) else []
    # Scenes written as an array in brackets have no headings of their own.
    if len(entries) != len(listed):
        entries = [{HEADING: top.get("scenes", 1)}] * len(listed)
    sound: list[tuple[int, Scene, Mapping[str, int]]] = []
    for number, (table, lines) in enumerate(zip(listed, entries, strict=True), 1):
        scene, faults = read_scene(table if isinstance(table, dict) else {})
        if scene is not None:
            sound.append((number, scene, lines))
        problems += [
            Problem(file, line_of(lines, fault.key), number, fault.message) for fault in faults
        ]
    return Story(
        story_id=story_id,
        title=_text_of(raw, "title") or story_id,
        summary=_text_of(raw, "summary"),
        scenes=tuple(scene for _, scene, _ in sound),
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
        numbers=tuple(number for number, _, _ in sound),
        file=file,
        lines=tuple(lines for _, _, lines in sound),
    )


def _unreadable(file: str, story_id: str, line: int, message: str) -> Story:
    return Story(story_id, story_id, "", (), (Problem(file, line, None, message),), file=file)


def _line_of_error(error: str, text: str) -> int:
    found = re.search(r"at line (\d+)", error)
    if found:
        return int(found[1])
    return text.rstrip("\n").count("\n") + 1 if "end of document" in error else 1


def _text_of(raw: Mapping[str, object], key: str) -> str:
    value = raw.get(key)
    return value if isinstance(value, str) else ""


def _story_faults(raw: Mapping[str, object]) -> list[tuple[str, str]]:
    """What is wrong with the story itself, by the key that it concerns."""
    faults = [
        (
            key,
            f"不认识{told(key)}{meant(key, _FIELDS)}演示的开头只写 title 和 summary，再写 [[scenes]]",
        )
        for key in raw
        if key not in _FIELDS
    ]
    if not _text_of(raw, "title").strip():
        faults.append(("title", "缺少 title；请在文件开头写演示的标题，放在引号里"))
    if not isinstance(raw.get("summary", ""), str):
        faults.append(("summary", "summary 要写文字，放在引号里"))
    listed = raw.get("scenes", [])
    if not isinstance(listed, list):
        faults.append(("scenes", "每个场景要以 [[scenes]] 开头，两对方括号"))
    elif not listed:
        faults.append(("scenes", "没有场景；每个场景以 [[scenes]] 开头"))
    return faults


# --- shipped and saved ---------------------------------------------------------------------------


def shipped() -> dict[str, Story]:
    """Stories that come with the cockpit by their ids, the longest, which tells most, first."""
    return dict(_shipped())


@cache
def _shipped() -> dict[str, Story]:
    found = [
        replace(_read(path, path.relative_to(PROJECT_ROOT).as_posix()), is_shipped=True)
        for path in SHIPPED_FOLDER.glob("*.toml")
    ]
    found.sort(key=lambda story: (-story.total_seconds, story.story_id))
    return {story.story_id: story for story in found}


def saved(store: Path) -> dict[str, Story]:
    """Stories saved in a store by their ids; a file is read again when it has changed.

    Files that cannot be read, or whose name is no id, are stories with problems.
    """
    found = {}
    for path in sorted((Path(store) / SAVED_FOLDER).glob("*.toml")):
        try:
            state = path.stat()
        except OSError:
            # Deleted a moment ago.
            continue
        file = f"{Path(store).name}/{SAVED_FOLDER}/{path.name}"
        found[path.stem] = _read_saved(path, file, state.st_ino, state.st_mtime_ns, state.st_size)
    return found


def all_stories(store: Path) -> dict[str, Story]:
    """Shipped stories, then saved ones; a saved one never stands in for a shipped one."""
    own = shipped()
    return own | {key: story for key, story in saved(store).items() if key not in own}


@lru_cache(maxsize=256)
def _read_saved(path: Path, file: str, *state: int) -> Story:
    """The story of a file in the state (inode, time of change, size) in which it was found."""
    story = _read(path, file)
    wrong = _id_fault(story.story_id)
    if not wrong:
        return story
    problem = Problem(file, 1, None, f"文件名不能作演示的编号：{wrong}；请改文件名")
    return replace(story, problems=(problem, *story.problems))


def _read(path: Path, file: str) -> Story:
    try:
        # Editors of Windows put an invisible sign before the first letter.
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        return _unreadable(file, path.stem, 1, f"文件读不出来：{reason(error)}")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return _unreadable(file, path.stem, line, "不是 UTF-8 编码的文本；请另存为 UTF-8")
    return parse(text, file, path.stem)


def _require_id(story_id: str) -> None:
    if wrong := _id_fault(story_id):
        raise ValueError(f"演示的编号不能用：{wrong}，请换一个")


def _id_fault(story_id: str) -> str:
    """Why an id cannot be a saved story's; empty where it can."""
    if not _ID.fullmatch(story_id):
        return f"{told(story_id)}{_ID_RULE}"
    return f"{told(story_id)}是自带演示的编号" if story_id in shipped() else ""


# --- writing -------------------------------------------------------------------------------------


def to_toml(title: str, summary: str, scenes: Iterable[Scene]) -> str:
    """The text of a story's file; ``parse`` reads the same story from it."""
    head = f"title = {quoted(title)}\nsummary = {quoted(summary, in_lines=True)}\n"
    return "\n".join([head, *map(_scene_text, scenes)])


def _scene_text(scene: Scene) -> str:
    fields = {
        "title": quoted(scene.title),
        "page": quoted(scene.page),
        "seconds": str(scene.seconds),
        "sub": array_text(scene.sub) if scene.sub else None,
        "year": None if scene.year is None else str(scene.year),
        "theme": None if scene.theme is None else quoted(scene.theme),
        "item": None if scene.item is None else quoted(scene.item),
        "keys": table_text(scene.keys) if scene.keys else None,
        "note": quoted(scene.note, in_lines=True) if scene.note else None,
    }
    lines = [f"{key} = {text}\n" for key, text in fields.items() if text is not None]
    return "".join(["[[scenes]]\n", *lines])


def save(store: Path, story_id: str, title: str, summary: str, scenes: Sequence[Scene]) -> Story:
    """Write a story into the store, whole or not at all, and return it as it reads back.

    ValueError (Chinese) for an id that is none or a shipped story's, and for a story that the check
    would refuse; OSError where the store cannot be written.
    """
    _require_id(story_id)
    text = to_toml(title, summary, scenes)
    file = f"{Path(store).name}/{SAVED_FOLDER}/{story_id}.toml"
    story = parse(text, file, story_id)
    if story.problems:
        first = story.problems[0]
        of_scene = "" if first.scene_no is None else f"第 {first.scene_no} 个场景："
        raise ValueError(f"演示没有保存。{of_scene}{first.message}")
    path = _saved_path(store, story_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text)
    return story


def delete(store: Path, story_id: str) -> None:
    """Delete a saved story; no error where there is none. ValueError for an id that no saved one has."""
    _require_id(story_id)
    _saved_path(store, story_id).unlink(missing_ok=True)


def _saved_path(store: Path, story_id: str) -> Path:
    return Path(store) / SAVED_FOLDER / f"{story_id}.toml"


# --- a story in its address ----------------------------------------------------------------------


def encoded(title: str, summary: str, scenes: Iterable[Scene]) -> str:
    """A story as a text of letters, digits, - and _ for an address; ``decoded`` reads it."""
    packed = zlib.compress(to_toml(title, summary, scenes).encode(), level=9)
    return base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def decoded(text: str) -> Story:
    """The story that an address carries; one with a problem where it carries none."""
    unpacker = zlib.decompressobj()
    try:
        packed = base64.b64decode(f"{text}{'=' * (-len(text) % 4)}", altchars="-_", validate=True)
        # One byte more than is read: a small text may unpack to gigabytes.
        unpacked = unpacker.decompress(packed, MOST_BYTES + 1)
        if len(unpacked) > MOST_BYTES:
            return _unreadable(SHARED_FILE, SHARED_ID, 1, _TOO_LARGE)
        plain = unpacked.decode() if unpacker.eof else None
    except (ValueError, zlib.error):
        plain = None
    if plain is None:
        return _unreadable(SHARED_FILE, SHARED_ID, 1, _UNSHARED)
    return parse(plain, SHARED_FILE, SHARED_ID)


# --- against the data ----------------------------------------------------------------------------


def missing_items(story: Story, entries: pd.DataFrame) -> list[Problem]:
    """Things that scenes name and that the data do not have.

    ``entries``: the search index (``base.search_entries``) with ``entry_kind`` and ``entry_id``.
    """
    known = set(zip(entries["entry_kind"], entries["entry_id"], strict=True))
    return [
        Problem(
            story.file,
            line_of(lines, key),
            number,
            f"当前数据中没有{ITEM_KINDS[kind]}{told(entry_id)}；请在页面的搜索框中查到它，"
            "照网址中的写法写",
        )
        for scene, number, lines in zip(story.scenes, story.numbers, story.lines, strict=True)
        for key, kind, entry_id in _named(scene)
        if (kind, _street(entry_id) if kind == "street" else entry_id) not in known
    ]


def _named(scene: Scene) -> Iterable[tuple[str, str, str]]:
    """What a scene names: the key that does, the kind of thing, its id."""
    if scene.item is not None:
        kind, _, entry_id = scene.item.partition(":")
        yield "item", kind, entry_id
    for key, value in scene.keys.items():
        kind = page_rules()[scene.page].keys[key].entry_kind
        if kind:
            for entry_id in (value,) if isinstance(value, str) else value:
                yield f"keys.{key}", kind, entry_id


def _street(name: str) -> str:
    """A street as the map names it."""
    return aliases().get(normalised(name), name)
