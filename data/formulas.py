"""Text that leaves for spreadsheets: never run as a formula there."""

import unicodedata

_FORMULA_STARTS = {"=", "+", "-", "@", "\t", "\r", "\n"}


def guard_formula(value: object) -> object:
    """Text that a spreadsheet would run as a formula, made harmless by a leading apostrophe."""
    if isinstance(value, str):
        # Spreadsheets skip blanks before a sign and know its full-width form.
        first = unicodedata.normalize("NFKC", value).lstrip()[:1]
        if first in _FORMULA_STARTS or value[:1] in _FORMULA_STARTS:
            return "'" + value
    return value
