"""Dates as offices write them: which year, month and day a text names, and what it leaves open."""

import calendar
from dataclasses import dataclass

import numpy as np
import pandas as pd

FIRST_YEAR, LAST_YEAR = 1950, 2035
SERIAL_ORIGIN = pd.Timestamp("1899-12-30")
"""Day 0 of Excel's 1900 system, counted past its 29 February 1900 that never was."""

_TIME = r"(?:[T ]?[0-9]{1,2}[:时][0-9]{1,2}(?:[:分][0-9]{1,2}(?:\.[0-9]+)?秒?)?分?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_DATE = rf"([0-9]{{4}})[-/.年]([0-9]{{1,2}})(?:[-/.月]([0-9]{{1,2}})[日号]?|月份?)?{_TIME}"
_COMPACT = r"([0-9]{4})([0-9]{2})([0-9]{2})?"
_YEAR_ONLY = r"([0-9]{4})(?:\.0*)?年?度?"
_SERIAL = r"([0-9]{5})(?:\.[0-9]*)?"


@dataclass(frozen=True)
class Days:
    """Dates read of plain texts; day or month 0 where the text leaves them open."""

    year: np.ndarray
    month: np.ndarray
    day: np.ndarray
    is_serial: np.ndarray
    is_valid: np.ndarray

    @property
    def lacks_day(self) -> np.ndarray:
        """Which name their month alone."""
        return self.is_valid & (self.month > 0) & (self.day == 0)

    def dates(self) -> pd.Series:
        """Dates, the first where the day is open; missing where the month is."""
        parts = {"year": self.year, "month": self.month, "day": np.maximum(self.day, 1)}
        dates = pd.to_datetime(pd.DataFrame(parts), errors="coerce")
        return dates.where(self.is_valid & (self.month > 0)).astype("datetime64[s]")


def read_days(plain: pd.Series) -> Days:
    """Dates of plain texts as offices write them: whole, to the month, to the year, or a serial number."""
    text = plain.str.replace(r"\s*([年月日/.:\-])\s*", r"\1", regex=True)
    year, month, day = (np.zeros(len(plain), dtype="int64") for _ in range(3))
    is_valid = np.zeros(len(plain), dtype=bool)
    for pattern in (_DATE, _COMPACT, _YEAR_ONLY):
        # The last step leaves whole dates alone: only what is still open is tried again.
        parts = text.where(~is_valid).str.extract(f"^{pattern}$")
        matched = parts[0].notna().to_numpy()
        for target, name in zip((year, month, day), parts.columns, strict=False):
            target[matched] = pd.to_numeric(parts[name][matched]).fillna(0).astype("int64")
        is_valid |= matched
    serial = pd.to_numeric(text.str.extract(f"^{_SERIAL}$")[0], errors="coerce")
    dates = SERIAL_ORIGIN + pd.to_timedelta(serial, unit="D")
    is_serial = (~is_valid) & dates.dt.year.between(FIRST_YEAR, LAST_YEAR).to_numpy()
    year[is_serial] = dates.dt.year[is_serial]
    month[is_serial] = dates.dt.month[is_serial]
    day[is_serial] = dates.dt.day[is_serial]
    is_valid |= is_serial
    has_month = month > 0
    last_day = _days_in_month(year, np.clip(month, 1, 12))
    is_valid &= ~has_month | ((month <= 12) & (day <= last_day))
    # «2021-00-05»: a month that is written must be one.
    is_valid &= has_month | (day == 0)
    is_valid &= (year >= FIRST_YEAR) & (year <= LAST_YEAR)
    return Days(year, month, day, is_serial, is_valid)


def _days_in_month(year: np.ndarray, month: np.ndarray) -> np.ndarray:
    usual = np.array(calendar.mdays)[month]
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return usual + ((month == 2) & is_leap)
