"""One scene of a story: what it is, and how it is read from a file that people write by hand.

A scene with a fault is not shown, so each fault says what is wrong and what to write instead.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from data.contracts import FIRST_YEAR, LAST_YEAR
from data.registers.subdistricts import by_code, by_name
from data.scene_contract import (
    DEFAULT_SECONDS,
    ITEM_KINDS,
    LEAST_SECONDS,
    MOST_SECONDS,
    THEMES,
    KeyRule,
    page_rules,
)
from geo import district

_TOLD_CHARS = 40
_LISTED = 12
"""So many values are told one by one."""
_MOST_NUMBER = 10**9
"""TOML may hold numbers so large that Python refuses to write them out."""
_ITEM_EXAMPLE = "street:解放路"


@dataclass(frozen=True)
class Scene:
    """A page under a filter, what it points at, what is said meanwhile, and for how long."""

    title: str
    page: str
    """Stem of its file in ``views``."""
    note: str = ""
    """讲解词; may have several lines."""
    seconds: int = DEFAULT_SECONDS
    sub: tuple[str, ...] = ()
    """Codes of subdistricts; none is the whole district."""
    year: int | None = None
    """None is the last year."""
    theme: str | None = None
    """``dark`` or ``light``; None leaves it as it is."""
    item: str | None = None
    """What is pointed at, ``kind:id``."""
    keys: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict, hash=False)
    """Keys of the page's own in the address; one with several values as a tuple."""

    @property
    def query(self) -> dict[str, str | list[str]]:
        """The address of the scene, without the page: ``sub``, ``year``, ``theme``, ``item``, own keys."""
        shared = {
            "sub": list(self.sub) or None,
            "year": None if self.year is None else str(self.year),
            "theme": self.theme,
            "item": self.item,
        }
        own = {k: v if isinstance(v, str) else list(v) for k, v in self.keys.items()}
        return {key: value for key, value in shared.items() if value is not None} | own


@dataclass(frozen=True)
class Fault:
    """What is wrong with one key of a scene (``keys.show`` for one of the page's own), and the remedy."""

    key: str
    message: str


def read_scene(raw: Mapping[str, object]) -> tuple[Scene | None, list[Fault]]:
    """The scene that a table of TOML describes, or everything that is wrong with it."""
    faults = [Fault(key, _unknown_field(key)) for key in raw if key not in _FIELDS]
    values: dict = {}
    for name, read in _READERS.items():
        try:
            if name in raw:
                values[name] = read(raw[name])
            elif name in _REQUIRED:
                raise ValueError(f"缺少 {name}；{_REQUIRED[name]}")
        except ValueError as fault:
            faults.append(Fault(name, str(fault)))
    if "page" in values:
        values["keys"], wrong = _read_keys(values["page"], raw.get("keys", {}))
        faults += wrong
    return (None if faults else Scene(**values)), faults


# --- words ---------------------------------------------------------------------------------------


def told(value: object) -> str:
    """A value of a file as a message repeats it."""
    text = str(value)
    return f"“{text if len(text) <= _TOLD_CHARS else f'{text[:_TOLD_CHARS]}…'}”"


def meant(text: str, known: Iterable[str]) -> str:
    """A question after what is probably meant, where anything is like it; a number is like no other."""
    like = [] if text.isdecimal() else difflib.get_close_matches(text, list(known), 1)
    return f"，是不是“{like[0]}”？" if like else "；"


def _listed(values: tuple[str, ...]) -> str:
    """Values to choose from; a run of numbers by its ends, of many the first few."""
    if all(value.isdecimal() for value in values):
        numbers = [int(value) for value in values]
        if numbers == list(range(numbers[0], numbers[-1] + 1)):
            return f"{values[0]}～{values[-1]}"
    if len(values) <= _LISTED:
        return "、".join(values)
    return f"{'、'.join(values[:3])} 等 {len(values)} 种"


def _pages() -> str:
    return "、".join(f"{name} {rule.title}" for name, rule in page_rules().items())


# --- keys of the page's own ----------------------------------------------------------------------


def _read_keys(page: str, raw: object) -> tuple[dict, list[Fault]]:
    if not isinstance(raw, Mapping):
        return {}, [Fault("keys", 'keys 要写成 keys = { show = "quality" } 的样子')]
    known = page_rules()[page].keys
    values, faults = {}, []
    for key, value in raw.items():
        try:
            if key not in known:
                raise ValueError(_unknown_key(page, key))
            values[key] = _key_value(key, known[key], value)
        except ValueError as fault:
            faults.append(Fault(f"keys.{key}", str(fault)))
    return values, faults


def _unknown_key(page: str, key: str) -> str:
    if key in _FIELDS:
        return f"{key} 不写在 keys 里；请移到外面，与 page 并列"
    rule = page_rules()[page]
    if not rule.keys:
        return f"页面 {page}（{rule.title}）没有自己的键；请删去 keys 里的{told(key)}"
    known = "、".join(f"{name} {one.title}" for name, one in rule.keys.items())
    return f"页面 {page}（{rule.title}）没有键{told(key)}{meant(key, rule.keys)}可用：{known}"


def _key_value(key: str, rule: KeyRule, value: object) -> str | tuple[str, ...]:
    texts = [_as_text(key, one) for one in (value if isinstance(value, list) else [value])]
    if not texts:
        raise ValueError(f"{key}（{rule.title}）是空的；请写一个值，或删去这一项")
    if rule.most is not None and len(texts) > rule.most:
        raise ValueError(f"{key}（{rule.title}）最多写 {rule.most} 个值，现有 {len(texts)} 个")
    for text in texts:
        if rule.values and text not in rule.values:
            raise ValueError(
                f"{key}（{rule.title}）不能是{told(text)}{meant(text, rule.values)}"
                f"可用：{_listed(rule.values)}"
            )
        if rule.form and not re.fullmatch(rule.form, text):
            raise ValueError(f"{key}（{rule.title}）不能是{told(text)}；写法如 {rule.example}")
    return texts[0] if len(texts) == 1 else tuple(texts)


def _as_text(key: str, value: object) -> str:
    """A value as the address writes it; numbers may stand without quotes."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MOST_NUMBER:
        return str(value)
    raise ValueError(f"{key} 要写文字或数字，文字放在引号里")


# --- the other fields ----------------------------------------------------------------------------


def _text(name: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str):
            raise ValueError(f"{name} 要写文字，放在引号里")
        return value

    return read


def _title(value: object) -> str:
    if not _text("title")(value).strip():
        raise ValueError(f"title 是空的；{_REQUIRED['title']}")
    return value


def _page(value: object) -> str:
    name = _text("page")(value)
    if name not in page_rules():
        raise ValueError(f"没有页面{told(name)}{meant(name, page_rules())}可用：{_pages()}")
    return name


def _whole_number(name: str, value: object, low: int, high: int, remedy: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} 要写整数，不加引号；{remedy}")
    if not low <= value <= high:
        raise ValueError(f"{name} 超出范围；{remedy}")
    return value


def _seconds(value: object) -> int:
    remedy = f"请写 {LEAST_SECONDS} 到 {MOST_SECONDS} 之间的秒数"
    return _whole_number("seconds", value, LEAST_SECONDS, MOST_SECONDS, remedy)


def _year(value: object) -> int:
    remedy = f"请写 {FIRST_YEAR} 到 {LAST_YEAR} 之间的年份，不写即 {LAST_YEAR} 年"
    return _whole_number("year", value, FIRST_YEAR, LAST_YEAR, remedy)


def _codes(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError('sub 要写成方括号里的街道代码，如 sub = ["330102003"]')
    names = district.subdistrict_names()
    for text in value:
        if text in names:
            continue
        stated = pd.Series([text], dtype="str")
        code = by_code(stated).code.fillna(by_name(stated).code).iloc[0]
        if pd.isna(code):
            raise ValueError(
                f"没有街道代码{told(text)}；{len(names)} 个街道的代码见使用手册的“演示”一章"
            )
        raise ValueError(f"没有街道代码{told(text)}；请写 {code}（{names[code]}）")
    return tuple(dict.fromkeys(value))


def _theme(value: object) -> str:
    if _text("theme")(value) not in THEMES:
        known = "或".join(f" {key}（{word}）" for key, word in THEMES.items())
        raise ValueError(f"theme 不能是{told(value)}；请写{known}，不写即保持不变")
    return value


def _item(value: object) -> str:
    kind, _, entry_id = _text("item")(value).partition(":")
    if kind in ("indicator", "clause"):
        raise ValueError(
            f"{kind} 不在地图上，不能写在 item 里；请用页面 indicators，"
            f'写 keys = {{ {kind} = "{entry_id}" }}'
        )
    if kind not in ITEM_KINDS:
        known = "、".join(f"{key} {word}" for key, word in ITEM_KINDS.items())
        hint = meant(kind, ITEM_KINDS)
        raise ValueError(
            f"item 不能指向{told(kind)}{hint}写法是“类别:编号”，如 {_ITEM_EXAMPLE}；类别：{known}"
        )
    if not entry_id:
        raise ValueError(f"item 只有类别，没有编号或名称；写法如 {_ITEM_EXAMPLE}")
    return value


def _unknown_field(key: str) -> str:
    pages = [name for name, rule in page_rules().items() if key in rule.keys]
    if pages:
        return f'{key} 是页面自己的键；请写在 keys 里，如 keys = {{ {key} = "…" }}'
    return f"不认识{told(key)}{meant(key, _FIELDS)}可用：{'、'.join(_FIELDS)}"


_READERS: dict[str, Callable[[object], object]] = {
    "title": _title,
    "page": _page,
    "note": _text("note"),
    "seconds": _seconds,
    "sub": _codes,
    "year": _year,
    "theme": _theme,
    "item": _item,
}
_FIELDS = (*_READERS, "keys")
_REQUIRED = {
    "title": "请写场景的标题",
    "page": "请写要显示的页面，如 rivers",
}
