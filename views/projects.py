"""规划项目: every project of the plan."""

from ui import cards
from ui.session import current

context = current()
cards.empty("尚未建成")
