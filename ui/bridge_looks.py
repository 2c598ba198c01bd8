"""How a bridge of each grade (CJJ 99-2017) shows: its colour, shape and words."""

from data.bridge_condition import bridge_conditions
from ui.theme import StatusLook

GOOD = StatusLook("良好及以上", "◆", "met")
PASSED = StatusLook("合格", "◇", "near")
FAILED = StatusLook("不合格", "✖", "missed")
UNKNOWN = StatusLook("未评价", "○", "unreported")


def bridge_look(condition: str | None) -> StatusLook:
    """How a bridge of this grade shows: good, passed, failed, or not known."""
    known = bridge_conditions().get(condition)
    if known is None:
        return UNKNOWN
    return GOOD if known.is_good else PASSED if known.is_passed else FAILED


def condition_text(condition: object) -> str:
    """A grade with its word: B 级（良好）; 未评价 where none is known."""
    known = bridge_conditions().get(condition)
    return f"{condition} 级（{known.title}）" if known else UNKNOWN.word
