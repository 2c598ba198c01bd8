"""How Chinese names are typed in Latin letters: initials and full pinyin, in every everyday reading.

The library reads a name by its dictionary of words; characters that people read in two ways (弄 in
闸弄口 is nòng or lòng) are found under both.
"""

import re
from functools import lru_cache
from itertools import islice, product

_RUNS = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")
MOST_READINGS = 16
"""Readings kept of one name: four characters with two readings each."""

_POLYPHONES = {
    "长": ("chang", "zhang"), "重": ("zhong", "chong"), "行": ("xing", "hang"),
    "都": ("du", "dou"), "朝": ("chao", "zhao"), "弄": ("nong", "long"),
    "堡": ("bao", "pu", "bu"), "乐": ("le", "yue"), "会": ("hui", "kuai"),
    "调": ("tiao", "diao"), "巷": ("xiang", "hang"), "单": ("dan", "shan"),
    "曾": ("zeng", "ceng"), "藏": ("cang", "zang"), "便": ("bian", "pian"),
    "将": ("jiang", "qiang"), "车": ("che", "ju"), "厦": ("sha", "xia"), "柏": ("bai", "bo"),
    "省": ("sheng", "xing"), "校": ("xiao", "jiao"), "盛": ("sheng", "cheng"),
    "澄": ("cheng", "deng"), "传": ("chuan", "zhuan"), "圈": ("quan", "juan"),
    "解": ("jie", "xie"), "参": ("can", "shen"), "降": ("jiang", "xiang"),
    "率": ("lv", "lu", "shuai"), "绿": ("lv", "lu"), "吕": ("lv", "lu"), "律": ("lv", "lu"),
    "闾": ("lv", "lu"), "女": ("nv", "nu"),
}  # fmt: skip
"""Characters with several readings in everyday use, or with ü, which people type as v or as u."""


def readings(name: str) -> tuple[list[str], list[str]]:
    """Initials and full pinyin of a name, one text a reading, the likeliest first.

    Letters and digits stay as they are; other signs are left out.
    """
    ways = [way for run in _RUNS.findall(name) for way in _ways_of(run)]
    return _joined([tuple(dict.fromkeys(s[0] for s in way)) for way in ways]), _joined(ways)


@lru_cache(maxsize=50_000)
def _ways_of(run: str) -> tuple[tuple[str, ...], ...]:
    """Readings of each character of a run (remembered: registers repeat the words of their names)."""
    if run.isascii():
        return tuple((char,) for char in run if char.isalnum())
    # Not above: a quarter of a second that only a build needs.
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(run, style=Style.NORMAL, errors=list)
    return tuple(_ways(*pair) for pair in zip(run, syllables, strict=True) if pair[0].isalnum())


def _ways(char: str, read: str) -> tuple[str, ...]:
    """Readings of one character, first the one that the words of the name suggest."""
    return tuple(dict.fromkeys((read, *_POLYPHONES.get(char, ()))))


def _joined(ways: list[tuple[str, ...]]) -> list[str]:
    # Where there are too many, the first characters keep all their readings: those are typed first.
    combined = product(*reversed(ways))
    return list(dict.fromkeys("".join(reversed(one)) for one in islice(combined, MOST_READINGS)))
