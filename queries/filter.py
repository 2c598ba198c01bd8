"""The one filter of all pages: what SQL gets and what a human reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Filter:
    """Subdistricts (none = whole district) and the year whose end is shown."""

    subdistrict_codes: tuple[str, ...]
    year: int

    @property
    def is_whole_district(self) -> bool:
        return not self.subdistrict_codes

    @property
    def single_code(self) -> str | None:
        """The chosen subdistrict when it is exactly one."""
        return self.subdistrict_codes[0] if len(self.subdistrict_codes) == 1 else None

    def params(self) -> dict:
        """Named SQL parameters: ``codes`` (list, or None for the whole district) and ``year``."""
        return {"codes": list(self.subdistrict_codes) or None, "year": self.year}

    def place_text(self, names: Mapping[str, str]) -> str:
        """The place part of the sentence: 全区 14 个街道, or the names, or their number."""
        chosen = [names[code] for code in self.subdistrict_codes]
        if not chosen:
            return f"全区 {len(names)} 个街道"
        if len(chosen) <= 3:
            return "、".join(chosen)
        return f"{'、'.join(chosen[:2])}等 {len(chosen)} 个街道"

    def sentence(self, names: Mapping[str, str]) -> str:
        """What is shown, for captions, exports and alternative texts."""
        return f"{self.place_text(names)} · 截至 {self.year} 年底"


MOST_NAMED = 3
_LONGEST_NAMED = 40


def shortened(text: str) -> str:
    """Text from the address, short enough to be repeated in a notice."""
    return text if len(text) <= _LONGEST_NAMED else f"{text[:_LONGEST_NAMED]}…"


def parse_filter(
    requested_codes: Iterable[str],
    requested_year: str | int | None,
    known_codes: Sequence[str],
    known_years: Sequence[int],
) -> tuple[Filter, list[str]]:
    """Filter from untrusted text (the URL), and a notice for each part that was ignored.

    Codes keep the order of ``known_codes``; the year defaults to the newest known one.
    """
    requested = list(dict.fromkeys(requested_codes))
    unknown = [code for code in requested if code not in known_codes]
    notices = [
        f"网址中的街道代码“{shortened(code)}”不在本区，已忽略。" for code in unknown[:MOST_NAMED]
    ]
    if len(unknown) > MOST_NAMED:
        notices.append(f"网址中另有 {len(unknown) - MOST_NAMED} 个街道代码不在本区，已忽略。")
    codes = tuple(code for code in known_codes if code in requested)
    year = max(known_years)
    if requested_year not in (None, ""):
        text = str(requested_year)
        by_text = {str(known): known for known in known_years}
        if text in by_text:
            year = by_text[text]
        else:
            span = f"{min(known_years)}–{max(known_years)}"
            notices.append(
                f"网址中的年份“{shortened(text)}”没有数据（可选 {span}），已改用 {year} 年。"
            )
    return Filter(codes, year), notices
