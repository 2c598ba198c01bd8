"""A scene and a story in words: what is shown, of which places and when, and for how long."""

from collections.abc import Iterable

from data.catalog import title_of
from data.contracts import LAST_YEAR
from data.scene import Scene
from data.scene_contract import ITEM_KINDS, THEMES, KeyRule, page_rules
from data.story import Problem
from queries.filter import Filter
from ui import (
    light_choices,
    light_service_counts,
    measures,
    pavement_looks,
    plan,
    projects,
    river_choices,
    street_choices,
    toilet_choices,
    toilet_proposal,
)
from ui.focus import find_entry
from ui.session import Context
from ui.text import joined

CHARS_PER_S = 4.5
"""How many characters of a note are spoken in a second."""
_LAYER_KEYS = {"overview": "measure", "indicators": "part"}
"""The key that names what a page shows, where it is not ``show``."""
_WORDS = {
    ("overview", "measure"): measures.WORDS,
    ("indicators", "part"): plan.PARTS,
    ("rivers", "show"): river_choices.MODES,
    ("streets", "show"): street_choices.MODES,
    ("streets", "view"): {"map": "地图", "gallery": "卡片"},
    ("streets", "order"): street_choices.ORDERS,
    ("streets", "by"): pavement_looks.VIEWS,
    ("toilets", "show"): toilet_choices.MODES,
    ("toilets", "scope"): toilet_choices.SHORT_SCOPES,
    ("toilets", "by"): toilet_proposal.WEIGHTS,
    ("lighting", "show"): light_choices.MODES,
    ("lighting", "view"): {"desk": "有表有图", "wall": "大屏夜景"},
    ("lighting", "measure"): light_service_counts.MEASURE_WORDS,
    ("projects", "kind"): projects.KINDS,
    ("projects", "body"): projects.BODY_WORDS,
    ("projects", "state"): {state: look.word for state, look in projects.LOOKS.items()},
    ("projects", "places"): {"1": "显示"},
}
"""Words of the values of a page's own keys."""
_UNITS = {"month": "月", "minutes": "分钟", "kmh": "km/h", "n": "处", "gap": "米"}
"""What follows the number that a key holds."""


def page_word(scene: Scene) -> str:
    """The page of a scene as the menu calls it."""
    return page_rules()[scene.page].title


def sentence(context: Context, scene: Scene) -> str:
    """What a scene shows: page, choices of the page's own, what it points at, places and year."""
    rules = page_rules()[scene.page].keys
    chosen = [_choice(context, scene.page, key, rules[key], scene.keys[key]) for key in scene.keys]
    shown = Filter(scene.sub, scene.year or LAST_YEAR).sentence(context.names)
    theme = f"{THEMES[scene.theme]}主题" if scene.theme else ""
    return joined(page_word(scene), *chosen, item_word(context, scene.item), shown, theme)


def view_title(context: Context, scene: Scene) -> str:
    """A title for a scene that nobody has named yet: page, layer, and what it points at or where it is."""
    key = _LAYER_KEYS.get(scene.page, "show")
    layer = _WORDS.get((scene.page, key), {}).get(scene.keys.get(key), "")
    where = "" if not scene.sub else Filter(scene.sub, LAST_YEAR).place_text(context.names)
    if scene.item and context.focus is not None:
        where = context.focus.name
    return joined(page_word(scene), "" if layer == page_word(scene) else layer, where)


def item_word(context: Context, item: str | None) -> str:
    """What a scene points at: its kind and its name, the number where the data do not have it."""
    if item is None:
        return ""
    kind, _, entry_id = item.partition(":")
    return f"定位{ITEM_KINDS[kind]} {_name(context, kind, entry_id)}"


def _name(context: Context, kind: str, entry_id: str) -> str:
    entry = find_entry(context.snapshot, kind, entry_id)
    return entry_id if entry is None else entry.name


def _choice(
    context: Context, page: str, key: str, rule: KeyRule, value: str | tuple[str, ...]
) -> str:
    values = (value,) if isinstance(value, str) else value
    words = "、".join(_value_word(context, page, key, rule, one) for one in values)
    return f"{rule.title} {words}".strip()


def _value_word(context: Context, page: str, key: str, rule: KeyRule, value: str) -> str:
    if rule.entry_kind:
        return _name(context, rule.entry_kind, value)
    if key == "dataset":
        return title_of(value)
    known = _WORDS.get((page, key), {})
    return known.get(value) or f"{value} {_UNITS.get(key, '')}".strip()


def time_text(seconds: int) -> str:
    """So long: 45 秒, 5 分, 4 分 15 秒."""
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"{rest} 秒"
    return f"{minutes} 分 {rest} 秒" if rest else f"{minutes} 分"


def spoken_seconds(note: str) -> int:
    """How long it takes to speak a note."""
    return round(len("".join(note.split())) / CHARS_PER_S)


def length_text(scenes: Iterable[Scene]) -> str:
    """How many scenes, and how long they take."""
    seconds = [scene.seconds for scene in scenes]
    return f"{len(seconds)} 幕 · {time_text(sum(seconds))}"


def fault_text(problems: Iterable[Problem]) -> str:
    """How many scenes are wrong, or that the file itself is; empty where nothing is."""
    found = list(problems)
    scenes = {one.scene_no for one in found if one.scene_no is not None}
    if scenes:
        return f"{len(scenes)} 幕有误"
    return "文件有误" if found else ""
