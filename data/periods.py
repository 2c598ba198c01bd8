"""Dates of data as offices state them: a year, a month or a day."""

import calendar
import re
import unicodedata
from datetime import date

_FORM = re.compile(
    r"(?P<year>\d{4})(?:\s*(?:年|[-/.])\s*(?P<month>\d{1,2})(?:\s*(?:月|[-/.])\s*(?P<day>\d{1,2}))?)?"
    r"\s*[年月日]?"
)


def normal_period(text: str) -> str | None:
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` of what was typed («2025年3月»); None if no date."""
    parts = _parts(text)
    if parts is None:
        return None
    year, *rest = parts
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest if part is not None)])


def period_end(text: str) -> date | None:
    """Last day of the year, month or day that the text names; None when it names none."""
    parts = _parts(text)
    if parts is None:
        return None
    year, month, day = parts
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def _parts(text: str) -> tuple[int, int | None, int | None] | None:
    found = _FORM.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return year, month, day
