"""规划指标: the plan's 28 indicators."""

from ui import cards
from ui.session import current

context = current()
cards.empty("尚未建成")
