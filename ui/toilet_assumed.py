"""What a planner assumes of toilets: sites that are built, toilets that are closed.

It stands in the address (``site=lon,lat`` and ``without=<toilet number>``, both repeatable), so that a
link carries it. Places are WGS-84 degrees with five decimals, about a metre.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

import shapely
import streamlit as st

from geo import district
from ui import header
from ui.address import every, named, write
from ui.session import Context
from ui.toilet_choices import SITE_KEY, WITHOUT_KEY, Circle
from ui.toilet_walks import Assumed

MOST_SITES = 30
DECIMALS = 5
NO_SITE = ""
"""Value of ``site`` that stands for a list from which everything was taken: not the same as no list."""
_PLACE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,12})?),([0-9]{1,2}(?:\.[0-9]{1,12})?)", re.ASCII)

Position = tuple[float, float]
"""Longitude and latitude."""


# --- reading -------------------------------------------------------------------------------------


def current(context: Context, circle: Circle) -> Assumed:
    """What the address assumes: sites inside the district, toilets that count in the circle and year.

    A toilet that another year or scope counts stays in the address, so that going back brings it back.
    """
    closed = every(WITHOUT_KEY)
    if closed:
        known = set(context.frame("toilet_places", scope=circle.scope)["toilet_id"])
        closed = tuple(toilet_id for toilet_id in closed if toilet_id in known)
    return Assumed(_sites()[0], closed)


def has_own_sites() -> bool:
    """Whether the address holds a list of sites, be it an empty one, in place of the proposal.

    Texts that are no sites make no list.
    """
    return NO_SITE in st.query_params.get_all(SITE_KEY) or bool(_sites()[0])


def notices(context: Context) -> None:
    """Tell in the head of the page what the address assumes and does not exist. Once a run."""
    told = []
    _, wrong, over = _sites()
    if wrong:
        told.append(f"网址中的选址{named(wrong, '处')}不是本区内的“经度,纬度”，已忽略。")
    if over:
        told.append(f"网址中的选址超过 {MOST_SITES} 处，多出的 {over} 处已忽略。")
    closed = every(WITHOUT_KEY)
    if closed:
        known = set(context.frame("toilet_ids")["toilet_id"])
        unknown = [toilet_id for toilet_id in closed if toilet_id not in known]
        if unknown:
            told.append(f"网址中假设关闭的公厕{named(unknown, '座')}不存在，已忽略。")
    header.notices(told)


def _sites() -> tuple[tuple[Position, ...], list[str], int]:
    """Sites of the address, the texts that are none, and how many sites are beyond the most."""
    found: dict[Position, None] = {}
    wrong = []
    for text in every(SITE_KEY):
        place = _place(text)
        if place:
            found[place] = None
        elif text != NO_SITE:
            wrong.append(text)
    return tuple(found)[:MOST_SITES], wrong, max(0, len(found) - MOST_SITES)


def _place(text: str) -> Position | None:
    """The position that a text of the address means; None where it is none inside the district."""
    match = _PLACE.fullmatch(text)
    if not match:
        return None
    lon, lat = (round(float(part), DECIMALS) for part in match.groups())
    return (lon, lat) if shapely.contains_xy(_outline(), lon, lat) else None


@cache
def _outline() -> shapely.Geometry:
    outline = district.outline()
    shapely.prepare(outline)
    return outline


# --- writing -------------------------------------------------------------------------------------


def write_sites(sites: Iterable[Position]) -> None:
    """Put a list of sites into the address in place of the proposal; it may be empty."""
    texts = tuple(f"{lon:.{DECIMALS}f},{lat:.{DECIMALS}f}" for lon, lat in sites)
    write(SITE_KEY, tuple(dict.fromkeys(texts)) or (NO_SITE,))


def add_site(before: Sequence[Position], lon: float, lat: float) -> None:
    """Add a site to those shown (the proposal's, until the first change); thirty at the most."""
    write_sites([*before, (lon, lat)][:MOST_SITES])


def remove_site(before: Sequence[Position], number: int) -> None:
    """Take the site of this number (from 1) off those shown; another number changes nothing."""
    if 1 <= number <= len(before):
        write_sites([*before[: number - 1], *before[number:]])


def propose_again() -> None:
    """Give up the list of the address: the proposal takes its place."""
    write(SITE_KEY, ())


def close_toilet(toilet_id: str) -> None:
    """Assume that a toilet is closed."""
    write(WITHOUT_KEY, (*every(WITHOUT_KEY), toilet_id))


def reopen(toilet_id: str) -> None:
    """Assume it no longer."""
    write(WITHOUT_KEY, tuple(one for one in every(WITHOUT_KEY) if one != toilet_id))


def clear() -> None:
    """Assume nothing at all."""
    write(SITE_KEY, ())
    write(WITHOUT_KEY, ())
