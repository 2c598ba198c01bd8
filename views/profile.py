"""街道画像: one subdistrict on one page."""

from ui import cards
from ui.session import current

context = current()
cards.empty("尚未建成")
