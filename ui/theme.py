"""水墨淡彩: the two palettes, and what status looks like (shape, word and colour together)."""

from dataclasses import dataclass

from data.contracts import QUALITY_CLASSES

FONT = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
SERIF = "'Noto Serif CJK SC','Noto Serif SC','Source Han Serif SC','Songti SC',SimSun,serif"


@dataclass(frozen=True)
class Palette:
    """Colours of one theme as ``#rrggbb``; every role has the same name in both."""

    name: str
    ground: str
    panel: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    link: str
    water: str
    water_deep: str
    road: str
    land: str
    border: str
    halo: str
    met: str
    near: str
    missed: str
    unreported: str
    light: str
    scenery: str
    axis: str
    corridor: str
    belt: str
    zone: str
    bar: str
    ramp: tuple[str, ...]
    quality: tuple[str, ...]
    """Classes Ⅰ … 劣Ⅴ of surface water in the standard's hues: blue, blue, green, yellow, orange, red."""

    def quality_class(self, quality_class: str | None) -> str:
        """Colour of a class of surface water; the quiet one of what is not evaluated for any other."""
        if quality_class not in QUALITY_CLASSES:
            return self.unreported
        return self.quality[QUALITY_CLASSES.index(quality_class)]


DARK = Palette(
    name="dark",
    ground="#0F1B24",
    panel="#16262F",
    raised="#1B2E39",
    line="#2A3D48",
    text="#E8EEF0",
    muted="#9FB1BA",
    accent="#E3B04B",
    link="#8CC7C4",
    water="#1B3B50",
    water_deep="#3E7CA6",
    road="#2F4552",
    land="#162833",
    border="#5C7684",
    halo="#0B141B",
    met="#5BB5B1",
    near="#E3B04B",
    missed="#E57F60",
    unreported="#8FA3AD",
    light="#F2C66D",
    scenery="#9BDCC8",
    axis="#F2C66D",
    corridor="#7FD1AE",
    belt="#79BCE8",
    zone="#E8D9B0",
    bar="#447486",
    ramp=("#1A303B", "#1F434E", "#265861", "#2F6D72", "#3F8381", "#57998F"),
    quality=("#7CC0F5", "#4A90D9", "#56B97C", "#E6D04F", "#F08C33", "#E5504A"),
)

LIGHT = Palette(
    name="light",
    ground="#F7F4EC",
    panel="#FFFFFF",
    raised="#F0ECE0",
    line="#D9D3C4",
    text="#1D2B33",
    muted="#5D6D76",
    accent="#8A5A00",
    link="#1F6663",
    water="#CFE1EA",
    water_deep="#4F8DB3",
    road="#D8D1C0",
    land="#FCFAF4",
    border="#9AA39F",
    halo="#FFFFFF",
    met="#1F7471",
    near="#8E5E00",
    missed="#A03620",
    unreported="#5D6D76",
    light="#AB7311",
    scenery="#2E7D5B",
    axis="#98660F",
    corridor="#2E7D5B",
    belt="#2C6E9E",
    zone="#6E5A2A",
    bar="#68949F",
    ramp=("#EFF2EA", "#DCE9E2", "#C5DDD6", "#ABCEC8", "#90BEB9", "#76ADA9"),
    quality=("#3583C4", "#1B5BA0", "#2B8553", "#9A7A00", "#C25A0C", "#B01F24"),
)


def palette(theme_name: str) -> Palette:
    """The palette called ``dark`` or ``light``; dark for anything else."""
    return LIGHT if theme_name == "light" else DARK


@dataclass(frozen=True)
class StatusLook:
    """How one status shows: never by colour alone."""

    word: str
    shape: str
    role: str

    def colour(self, colours: Palette) -> str:
        return getattr(colours, self.role)


STATUS_LOOKS = {
    "met": StatusLook("达标", "●", "met"),
    "near": StatusLook("接近", "◐", "near"),
    "missed": StatusLook("未达标", "▲", "missed"),
    "unreported": StatusLook("待填报", "○", "unreported"),
}


WARNING_LOOKS = {
    "red": StatusLook("红色", "▲", "missed"),
    "yellow": StatusLook("黄色", "◐", "near"),
    "green": StatusLook("绿色", "●", "met"),
    "unknown": StatusLook("未评价", "○", "unreported"),
}
"""The three colours of the warning on rivers, and what is not known, from the worst on but for it."""

DEMONSTRATION_LOOKS = {
    "completed": StatusLook("已命名", "●", "met"),
    "in_acceptance": StatusLook("验收", "◎", "belt"),
    "under_construction": StatusLook("在建", "◐", "near"),
    "planned": StatusLook("策划", "△", "missed"),
    "unknown": StatusLook("状态不详", "○", "unreported"),
}
"""States of a demonstration street from its end to its beginning, and what is not known."""


def rgba(colour: str, alpha: int = 255) -> list[int]:
    """``#rrggbb`` as deck.gl wants it: [red, green, blue, alpha], each 0–255."""
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)] + [alpha]
