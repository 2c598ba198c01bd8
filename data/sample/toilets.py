"""Sample register of the 454 public toilets: 49 real positions, the others beside real streets.

Toilets of businesses that are open to all follow them (``data.sample.social_toilets``).
Positions are degrees (WGS-84); distances and gaps metres (EPSG:4549). All attributes are invented
with a fixed seed; ``position_source`` says which positions are real.
"""

from collections import Counter

import numpy as np
import pandas as pd
import shapely

from data.frames import contract_frame
from data.geography import short_names, street_pieces, with_subdistrict
from data.sample.common import apportion, exact_flags, generator
from data.sample.roadside import (
    beside_ground,
    chosen_beside_streets,
    places_metres,
    roadside_candidates,
)
from data.sample.social_toilets import social_toilets
from geo import district
from geo.projection import points_to_metres, to_metres

RENEWED_BY_2020 = 92
RENEWED_YEARLY = {2021: 16, 2022: 20, 2023: 18, 2024: 14, 2025: 12}

TOILETS_BY_SUBDISTRICT = {
    "清波": 40,
    "湖滨": 29,
    "小营": 46,
    "南星": 38,
    "紫阳": 44,
    "望江": 31,
    "凯旋": 24,
    "采荷": 21,
    "闸弄口": 25,
    "四季青": 43,
    "彭埠": 40,
    "笕桥": 30,
    "丁兰": 17,
    "九堡": 26,
}
"""454 in all: dense in the old town, sparse in the north-east."""

MIN_GAP_M = 120.0
OLD_TOWN = ("清波", "湖滨", "小营", "南星", "紫阳")
OLD_TOWN_24H, ELSEWHERE_24H, AT_STATION_24H = 0.42, 0.2, 0.7
"""How likely a toilet is open day and night; a third of all come out so."""
STATION_M = 250.0
"""So near a station a toilet serves its passengers."""

GRADES = ("一类", "二类", "三类")
GRADE_SHARES = {"dense": (0.35, 0.5, 0.15), "sparse": (0.2, 0.55, 0.25)}
STAR_SHARES = {"一类": (0.05, 0.35, 0.6), "二类": (0.25, 0.55, 0.2), "三类": (0.7, 0.25, 0.05)}
SPARSE_NAMES = ("笕桥", "丁兰", "九堡", "彭埠")


def toilet_tables() -> dict[str, pd.DataFrame]:
    """``toilets.toilets``."""
    random = generator("toilets")
    mapped = _mapped()
    places = pd.concat([mapped, _placed(mapped, random)], ignore_index=True)
    places = places.sort_values(["subdistrict_code", "position_source", "lat"], kind="stable")
    places = _named(places.reset_index(drop=True))
    public = _with_attributes(places, random)
    public = public.assign(is_open_24h=_open_24h(public), is_social=False)
    parts = [
        contract_frame("toilets.toilets", part)
        for part in (public, social_toilets(places_metres(public)))
    ]
    return {"toilets.toilets": pd.concat(parts, ignore_index=True)}


def _mapped() -> pd.DataFrame:
    """The real positions with the name, if any, and the nearest street."""
    frame = pd.DataFrame(
        {
            "toilet_name": feature.properties["toilet_name"],
            "lon": feature.geometry.x,
            "lat": feature.geometry.y,
        }
        for feature in district.layer("toilets")
    )
    frame = with_subdistrict(frame).dropna(subset="subdistrict_code")
    pieces = [piece for piece in street_pieces() if beside_ground(piece.street_name)]
    tree = shapely.STRtree([to_metres(piece.geometry) for piece in pieces])
    points = shapely.points(*points_to_metres(frame["lon"].to_numpy(), frame["lat"].to_numpy()))
    nearest = tree.nearest(points)
    return frame.assign(street_name=[pieces[i].street_name for i in nearest], position_source="osm")


def _placed(mapped: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Invented positions beside streets, well apart from the real ones and from one another."""
    have = mapped["subdistrict_code"].map(short_names()).value_counts()
    wanted = {
        short: number - have.get(short, 0) for short, number in TOILETS_BY_SUBDISTRICT.items()
    }
    chosen = chosen_beside_streets(
        roadside_candidates(random), wanted, MIN_GAP_M, random, places_metres(mapped)
    )
    return chosen.assign(position_source="sample")


def _named(places: pd.DataFrame) -> pd.DataFrame:
    """Readable unique names: ``{subdistrict}{street}公厕``, from the second on with a number."""
    short = short_names()
    used: Counter = Counter()
    names = []
    for place in places.itertuples():
        if isinstance(place.toilet_name, str):
            name = place.toilet_name
        else:
            name = f"{short[place.subdistrict_code]}{place.street_name}公厕"
        used[name] += 1
        names.append(name if used[name] == 1 else f"{name} {used[name]}")
    return places.assign(toilet_name=names)


def _with_attributes(places: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    count = len(places)
    short = places["subdistrict_code"].map(short_names())
    sparse = short.isin(SPARSE_NAMES).to_numpy()
    dense_grade = random.choice(GRADES, count, p=GRADE_SHARES["dense"])
    grade = np.where(sparse, random.choice(GRADES, count, p=GRADE_SHARES["sparse"]), dense_grade)
    stars = np.zeros(count, dtype=int)
    for name, shares in STAR_SHARES.items():
        here = np.flatnonzero(grade == name)
        stars[here] = random.choice([3, 4, 5], len(here), p=shares)
    men = random.integers(3, 8, count) + 2 * (grade == "一类")
    # The standard asks for three women's stalls to two men's, in busy places for two to one.
    women = np.ceil(men * np.where(grade == "一类", 2.0, 1.5)).astype(int)
    women -= exact_flags(random, count, 0.3) * 2
    opened = random.integers(1988, 2021, count)
    third_room = random.random(count) < np.select(
        [grade == "一类", grade == "二类"], [0.8, 0.4], 0.1
    )
    return places.assign(
        toilet_id=[f"C{number:03d}" for number in range(1, count + 1)],
        grade=grade,
        star_rating=stars,
        has_third_room=third_room,
        has_nursing_room=third_room & (random.random(count) < 0.55),
        has_accessible=(grade != "三类") | (random.random(count) < 0.5),
        has_tidal_stalls=(grade == "一类") & (random.random(count) < 0.4),
        women_stalls=women,
        men_stalls=men,
        opened_year=opened,
        renewed_year=_renewed(opened, random),
        source_kind="sample",
    )


def _renewed(opened: np.ndarray, random: np.random.Generator) -> pd.array:
    """Year of renewal: exactly as many by 2020 as the plan counts, then some every year."""
    renewed = np.zeros(len(opened), dtype=int)
    old = random.permutation(np.flatnonzero(opened <= 2012))
    counts = dict(zip(range(2016, 2021), apportion(RENEWED_BY_2020, np.ones(5)), strict=True))
    counts |= RENEWED_YEARLY
    start = 0
    for year, number in counts.items():
        renewed[old[start : start + number]] = year
        start += number
    return pd.array(np.where(renewed > 0, renewed, np.nan), dtype="Float64").astype("Int32")


def _open_24h(places: pd.DataFrame) -> np.ndarray:
    """Which toilets are open day and night: more in the old town, most at stations."""
    random = generator("toilets open day and night")
    stations = shapely.STRtree([to_metres(f.geometry) for f in district.layer("stations")])
    points = shapely.points(places_metres(places))
    _, apart_m = stations.query_nearest(points, return_distance=True, all_matches=False)
    in_old_town = places["subdistrict_code"].map(short_names()).isin(OLD_TOWN)
    likely = np.where(in_old_town, OLD_TOWN_24H, ELSEWHERE_24H)
    likely[apart_m <= STATION_M] = AT_STATION_24H
    return random.random(len(places)) < likely
