"""Typed values of a column's texts: numbers, words, yes and no, years, months and dates.

Works on the distinct texts of a column. What cannot be read comes back missing with a rejecting
remark; what is read as something else than it says, with a correcting one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.contracts import Column
from data.frames import PANDAS_TYPES
from data.registers.days import FIRST_YEAR, LAST_YEAR, read_days
from data.registers.raw import Severity
from data.registers.register import Field
from data.registers.texts import Texts
from data.registers.units import SPELLINGS

LARGEST = 2**31 - 1
"""No quantity of a district is larger; an INTEGER column holds no more."""
LARGEST_NUMBER = 2**53
"""Numbers of things (a BIGINT column) are exact up to here."""

COUNTERS = ("个", "座", "处", "间", "位", "只", "盏", "条", "项", "家", "蹲", "厕位", "蹲位")
"""Measure words that may follow a count."""

YES = ("是", "有", "对", "√", "✓", "✔", "☑", "v", "y", "yes", "true", "t", "1", "1.0", "已")
NO = ("否", "无", "没有", "错", "×", "✗", "✘", "╳", "x", "n", "no", "false", "f", "0", "0.0", "未")

WORDS_REMEDY = "请改为：{}"
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_GROUPED = r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?"
_LOST_DIGITS = r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2}"
_BELOW_LIMIT = r"^(?:[<＜]\s*([0-9]+(?:\.[0-9]+)?)|([0-9]+(?:\.[0-9]+)?)\s*[Ll])$"
_UNDETECTED = r"(?:未检出|n\.?d\.?)(?:\([^)]*\))?"
_HEMISPHERE = r"^(?:东经|北纬|经度|纬度|[ENen])\s*[::]?\s*|\s*[ENen]$"
_SEXAGESIMAL = (
    r"([0-9]{1,3})\s*[°度]\s*([0-9]{1,2}(?:\.[0-9]+)?)\s*[′'’分]"
    r"(?:\s*([0-9]{1,2}(?:\.[0-9]+)?)\s*(?:″|\"|”|''|’’|秒))?"
)
_LOST_ZERO = r"[0-9]{4}\.1"
"""«2021.10» that Excel took for a number; it may as well be January."""


@dataclass(frozen=True)
class Remark:
    """What is to be said of some distinct texts of a column."""

    chosen: np.ndarray
    """Which distinct texts (boolean)."""
    severity: Severity
    rule: str
    reason: str | pd.Series
    """Shared, or one a distinct text."""
    remedy: str


@dataclass
class Converted:
    """Values of the distinct texts and what is to be said of them."""

    values: pd.Series
    remarks: list[Remark] = field(default_factory=list)

    def reject(self, chosen: np.ndarray, rule: str, reason: str, remedy: str) -> None:
        """Texts that cannot be used: their value becomes missing."""
        chosen = np.asarray(chosen, dtype=bool)
        if chosen.any():
            self.values = self.values.mask(chosen)
            self.remarks.append(Remark(chosen, "rejected", rule, reason, remedy))

    def correct(self, chosen: np.ndarray, rule: str, reason: str | pd.Series, remedy: str) -> None:
        """Texts that were read as something else than they say."""
        chosen = np.asarray(chosen, dtype=bool)
        if chosen.any():
            self.remarks.append(Remark(chosen, "corrected", rule, reason, remedy))


def convert(item: Field, column: Column, texts: Texts) -> Converted:
    """Values of a field's distinct texts in the type of its column, within its range and words."""
    plain = _known_words(item, column, texts.plain)
    if column.type == "DATE":
        found = _months(plain) if item.name == "month" else _dates(plain, item.may_be_month)
    elif column.type == "BOOLEAN":
        found = _flags(plain)
    elif column.type == "INTEGER" and _is_year(item.name):
        found = _years(plain)
    elif item.name in ("lon", "lat"):
        found = _coordinates(plain, column)
    elif column.type in ("DOUBLE", "INTEGER", "BIGINT"):
        found = _numbers(plain, column)
    else:
        found = _words(item, column, plain)
    _check_range(found, column)
    found.values = found.values.astype(PANDAS_TYPES[column.type])
    was_read = found.values.notna().to_numpy() & texts.is_changed
    reason = "含全角或特殊字符，已按“" + texts.plain.fillna("") + "”读取"
    found.correct(was_read, "全角字符", reason, "请改用半角字符")
    return found


def office_words(item: Field, column: Column) -> list[str]:
    """What an officer may write in a coded column: the first word of each value, in order."""
    if column.type == "BOOLEAN":
        return ["是", "否"]
    first: dict[str, str] = {}
    for word, value in item.words.items():
        first.setdefault(value, word)
    if not column.allowed:
        # Numbers with words (星级) are written as numbers.
        return list(first) if column.type == "INTEGER" else list(first.values())
    return [first.get(value, value) if value.isascii() else value for value in column.allowed]


def word_key(text: str) -> str:
    """A word as it is compared: small letters, no blanks."""
    return "".join(text.split()).casefold()


def _word_keys(plain: pd.Series) -> pd.Series:
    return plain.str.replace(" ", "", regex=False).str.casefold()


def _is_year(name: str) -> bool:
    return name == "year" or name.endswith("_year")


# --- words ---------------------------------------------------------------------------------------


def _known_words(item: Field, column: Column, plain: pd.Series) -> pd.Series:
    """Texts with an officer's words replaced by the contract's values."""
    if not (item.words or column.allowed):
        return plain
    return _word_keys(plain).map(_values_by_word(item, column)).astype("str").fillna(plain)


def knows_word(item: Field, column: Column, plain: pd.Series) -> np.ndarray:
    """Which plain texts are words or values of a coded field."""
    return _word_keys(plain).isin(_values_by_word(item, column)).to_numpy()


def _values_by_word(item: Field, column: Column) -> dict[str, str]:
    values = {word_key(value): value for value in (*item.words.values(), *column.allowed)}
    return values | {word_key(word): value for word, value in item.words.items()}


def _words(item: Field, column: Column, plain: pd.Series) -> Converted:
    found = Converted(plain)
    if column.allowed:
        words = "、".join(office_words(item, column))
        wrong = plain.notna() & ~plain.isin(column.allowed)
        found.reject(wrong, "取值", f"不是“{column.title}”可填的内容", WORDS_REMEDY.format(words))
    elif item.name.endswith("_id"):
        wrong = plain.str.fullmatch(_LOST_DIGITS).fillna(False)
        found.reject(
            wrong,
            "编码",
            "编码被 Excel 改成了科学计数法，后几位已丢失",
            "请把该列设为文本格式，重新填写完整编码",
        )
    return found


def _flags(plain: pd.Series) -> Converted:
    flags = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
    values = _word_keys(plain).map(flags).astype("boolean")
    found = Converted(values)
    found.reject(plain.notna() & values.isna(), "格式", "应填是或否", "请改为：是、否")
    return found


# --- numbers -------------------------------------------------------------------------------------


def read_numbers(plain: pd.Series, units: Iterable[str] = ()) -> tuple[pd.Series, np.ndarray]:
    """Numbers (float, NaN where none) of plain texts, and where a unit was taken off."""
    text = plain.str.replace("−", "-", regex=False)
    is_grouped = text.str.fullmatch(_GROUPED).fillna(False)
    text = text.mask(is_grouped, text.str.replace(",", "", regex=False))
    is_number = text.str.fullmatch(_NUMBER).fillna(False)
    had_unit = np.zeros(len(plain), dtype=bool)
    rest = np.flatnonzero(plain.notna() & ~is_number)
    if units and len(rest):
        without = text.iloc[rest].str.casefold()
        for unit in sorted(units, key=len, reverse=True):
            without = without.str.removesuffix(unit.casefold())
        without = without.str.rstrip()
        without = without.where(
            ~without.str.fullmatch(_GROUPED).fillna(False),
            without.str.replace(",", "", regex=False),
        )
        had_unit[rest] = without.str.fullmatch(_NUMBER).fillna(False)
        text = text.copy()
        text.iloc[rest] = without
        is_number = is_number | had_unit
    return pd.to_numeric(text.where(is_number), errors="coerce").astype("float64"), had_unit


def _units(column: Column) -> list[str]:
    counters = COUNTERS if column.type == "INTEGER" else ()
    units = {column.unit, *SPELLINGS.get(column.unit, ()), *counters}
    return [unit for unit in units if unit]


def _numbers(plain: pd.Series, column: Column) -> Converted:
    units = _units(column)
    numbers, had_unit = read_numbers(plain, units)
    # Oxygen is no pollutant: the less, the worse, and half of it would be a guess.
    is_pollutant = column.unit == "mg/L" and column.name != "do_mg_l"
    if is_pollutant:
        below = _halves_of_limits(plain)
        numbers = numbers.fillna(below)
    found = Converted(numbers)
    wanted = "整数" if column.type != "DOUBLE" else "数字"
    unit = f"（单位 {column.unit}，不必写）" if column.unit else "（不带单位和百分号）"
    unread = plain.notna() & numbers.isna()
    if is_pollutant:
        undetected = unread & plain.str.fullmatch(_UNDETECTED, case=False).fillna(False)
        remedy = "请写明检出限，如 0.01L 或 <0.01（按一半计）；确未监测的请留空"
        found.reject(undetected, "格式", "未检出，而未写检出限", remedy)
        unread &= ~undetected
    found.reject(unread, "格式", f"不是{wanted}", f"请填{wanted}{unit}")
    too_large = numbers.abs() > (LARGEST_NUMBER if column.type == "BIGINT" else LARGEST)
    found.reject(too_large, "格式", "数值过大", "请核对数值与单位")
    if column.type != "DOUBLE":
        found.reject(found.values % 1 > 0, "格式", "应为整数，填了小数", "请改为整数")
    kept = had_unit & found.values.notna().to_numpy()
    reason = "带有单位，已按 " + _number_texts(found.values) + " 读取"
    found.correct(kept, "带单位的数", reason, "请只填数字")
    if is_pollutant:
        reason = "低于检出限，按检出限的一半 " + _number_texts(below) + " 计"
        found.correct(below.notna() & found.values.notna(), "低于检出限", reason, "请核对检出限")
    return found


def _halves_of_limits(plain: pd.Series) -> pd.Series:
    """Half the limit of detection where a laboratory found less: «0.01L» or «<0.01».

    Usual in statistics of surface water since HJ/T 91-2002 (its clause was not at hand).
    """
    return pd.to_numeric(plain.str.extract(_BELOW_LIMIT).bfill(axis=1)[0], errors="coerce") / 2


def _coordinates(plain: pd.Series, column: Column) -> Converted:
    """Coordinates in the file's own system: numbers, or degrees with minutes and seconds."""
    text = plain.str.replace(_HEMISPHERE, "", regex=True)
    numbers, had_unit = read_numbers(text, ("°", "度", "米", "m"))
    rest = text.where(numbers.isna()).str.replace("′′", "″", regex=False)
    parts = (
        rest.str.extract(f"^{_SEXAGESIMAL}$")
        .apply(pd.to_numeric, errors="coerce")
        .astype("float64")
    )
    degrees = parts[0] + parts[1].fillna(0) / 60 + parts[2].fillna(0) / 3600
    is_written_out = (degrees.notna() & (parts[[1, 2]].max(axis=1).fillna(0) < 60)).to_numpy()
    numbers = numbers.where(~is_written_out, degrees)
    found = Converted(numbers.where(numbers.abs() <= LARGEST))
    found.reject(
        plain.notna() & found.values.isna(), "格式", "不是坐标数值",
        f"请填{column.title}的数值，如 120.171300",
    )  # fmt: skip
    had_sign = (text != plain).to_numpy() & plain.notna().to_numpy()
    reason = "已按 " + found.values.round(7).map("{:.10g}".format).astype("str") + " 读取"
    changed = (is_written_out | had_unit | had_sign) & found.values.notna().to_numpy()
    found.correct(changed, "坐标写法", reason, "请只填十进制数值")
    return found


def _number_texts(values: pd.Series) -> pd.Series:
    return values.map("{:.10g}".format).astype("str")


def _check_range(found: Converted, column: Column) -> None:
    # Coordinates are degrees only once they have been converted: see ``placing``.
    if column.name in ("lon", "lat"):
        return
    unit = column.unit
    for limit, beyond, word in ((column.low, "lt", "小于"), (column.high, "gt", "大于")):
        if limit is not None:
            wrong = getattr(found.values, beyond)(limit).fillna(False)
            text = f"{word} {limit:g}{unit}"
            found.reject(wrong, "范围", text, f"请核对数值与单位；可填{range_text(column)}")


def range_text(column: Column) -> str:
    """The range of a column in words: «0～200», «不小于 0»."""
    if column.low is None and column.high is None:
        return ""
    if column.high is None:
        return f"不小于 {column.low:g} 的数"
    if column.low is None:
        return f"不大于 {column.high:g} 的数"
    return f" {column.low:g}～{column.high:g}"


# --- years, months, dates ------------------------------------------------------------------------


_SERIAL_REMEDY = "请把该列设为日期格式后重新填写"
_DATE_REMEDY = f"请填 {FIRST_YEAR}～{LAST_YEAR} 年间的日期，如 2025-12-31"


def _dates(plain: pd.Series, may_be_month: bool) -> Converted:
    days = read_days(plain)
    dates = days.dates()
    found = Converted(dates)
    only_year = days.is_valid & (days.month == 0)
    found.reject(only_year, "格式", "只写到年，缺月和日", "请填完整的日期，如 2025-12-31")
    unread = plain.notna() & dates.isna() & ~only_year
    found.reject(unread, "格式", "不是可识别的日期", _DATE_REMEDY)
    if may_be_month:
        _refuse_lost_zeros(found, plain)
    else:
        text = "只写到月，已按当月 1 日计"
        found.correct(days.lacks_day, "日期不全", text, "请补填日")
    reason = "是 Excel 的日期序号，已换算为 " + dates.dt.strftime("%Y-%m-%d").astype("str")
    found.correct(dates.notna() & days.is_serial, "日期序号", reason, _SERIAL_REMEDY)
    return found


def _months(plain: pd.Series) -> Converted:
    days = read_days(plain)
    dates = days.dates()
    firsts = dates.dt.to_period("M").dt.to_timestamp().astype("datetime64[s]")
    found = Converted(firsts)
    _refuse_lost_zeros(found, plain)
    only_year = days.is_valid & (days.month == 0)
    found.reject(only_year, "格式", "只写到年，缺月份", "请填年月，如 2025-03")
    unread = plain.notna() & dates.isna() & ~only_year
    found.reject(unread, "格式", "不是可识别的月份", "请填年月，如 2025-03 或 2025年3月")
    reason = "是 Excel 的日期序号，已换算为 " + firsts.dt.strftime("%Y-%m").astype("str")
    found.correct(firsts.notna() & days.is_serial, "日期序号", reason, _SERIAL_REMEDY)
    return found


def _refuse_lost_zeros(found: Converted, plain: pd.Series) -> None:
    is_doubtful = plain.str.fullmatch(_LOST_ZERO).fillna(False)
    text = "可能是 1 月，也可能是 10 月（Excel 会把 2021.10 改成 2021.1）"
    found.reject(is_doubtful, "格式", text, "请写成 2021-01 或 2021-10")


def _years(plain: pd.Series) -> Converted:
    days = read_days(plain)
    # «2021.5» is a number with a fraction rather than May.
    is_fraction = plain.str.fullmatch(r"[0-9]+\.[0-9]+").fillna(False) & ~days.is_serial
    is_whole = days.is_valid & ~(is_fraction & (days.month > 0)).to_numpy()
    years = pd.Series(days.year, dtype="Int64").where(is_whole)
    # A number that is no year at all is told by the range of the column, not as a wrong format.
    numbers, _ = read_numbers(plain)
    is_number = numbers.notna() & (numbers.abs() <= LARGEST) & years.isna() & (numbers % 1 == 0)
    found = Converted(years.mask(is_number, numbers.where(is_number).astype("Int64")))
    unread = plain.notna() & found.values.isna()
    found.reject(unread, "格式", "不是可识别的年份（应为整数）", "请填四位数的年份，如 2021")
    dated = is_whole & (days.month > 0)
    named = years.astype("str").fillna("")
    found.correct(dated & ~days.is_serial, "取年份", "填的是日期，已取年份 " + named, "请只填年份")
    reason = "是 Excel 的日期序号，已取年份 " + named
    found.correct(dated & days.is_serial, "日期序号", reason, "请只填年份")
    return found
