"""Mode «示范街» of the street page: states, scores, gallery and photos against the files themselves."""

import json
import re

import pandas as pd
import pytest
import shapely
from PIL import Image

from data.contracts import SCORE_ELEMENTS
from data.frames import contract_frame
from data.snapshot import publish, write_snapshot
from geo.sketch import LEAST_M, PADDING, sheet_around
from tests.incomplete import HOSTILE, odd, sparse, store_of
from tests.reading import APP, SHOWN, TWO, WHOLE, View, said, within
from ui import street_demonstration, street_photos, street_scoring
from ui.browser import Screen
from ui.maps import map_height_px
from ui.street_gallery import (
    CARDS_A_ROW,
    WIDEST_CARD_REM,
    WORDS_REM,
    card_height_rem,
    picture_width,
)
from ui.street_pictures import HEIGHT, WIDTH

STREETS, SCORES = "streets.demonstration_streets", "streets.street_scores"
DINGLAN, JIUBAO, HUBIN = "330102017", "330102018", "330102003"
every_place = pytest.mark.parametrize(("codes", "year"), SHOWN.values(), ids=SHOWN)


def opened(server, codes=WHOLE, year=2025, **query):
    asked = {"year": str(year), **query} | ({"sub": list(codes)} if codes else {})
    return View(server.open("streets", **asked))


def gallery(server, codes=WHOLE, year=2025, **query):
    return opened(server, codes, year, view="gallery", **query)


def cards_of(view):
    """The gallery's cards: name of the street or place, its place, its state, its reason."""
    found = []
    for root in view.blocks:
        for card in root.iter():
            if card.get("class", "").split(" ")[0] == "street-card":
                parts = {e.get("class", "").split(" ")[0]: e for e in card.iter()}
                found.append(
                    {
                        "name": said(parts["top"].find("b")),
                        "place": said(parts["top"].find("small")).split(" · ")[0],
                        "state": said(parts["state"].find("b")),
                        "why": said(parts["why"]),
                        "pick": card.get("data-pick"),
                        "pictures": [e.get("src") for e in card.iter("img")],
                    }
                )
    return found


@pytest.fixture
def over(servers, built, tmp_path):
    """The app over the default build with other rows in some of the streets' tables."""

    def serve(**changed):
        tables = dict(built[0])
        for name, frame in changed.items():
            path = f"streets.{name}"
            tables[path] = contract_frame(path, frame)
        folder = tmp_path / "store"
        publish(folder, write_snapshot(folder, tables, built[1]))
        servers.serve(folder)
        return servers

    return serve


@pytest.fixture
def with_street(over, built_tables):
    """The app over the default build with other values in the row of one demonstration street."""

    def serve(demonstration_id, **values):
        frame = built_tables[STREETS].copy()
        for column, value in values.items():
            frame.loc[frame["demonstration_id"] == demonstration_id, column] = value
        return over(demonstration_streets=frame)

    return serve


# --- scores --------------------------------------------------------------------------------------


def scored(*rows):
    """Rows of «demonstration_scores»: street, day, element, score."""
    frame = pd.DataFrame(rows, columns=["demonstration_id", "scored_on", "element", "score"])
    return frame.assign(
        scored_on=pd.to_datetime(frame["scored_on"]), designation="boutique", remark=None
    )


OLD_AND_NEW = scored(
    ("A", "2024-06-30", "洁化", 70.0),
    ("A", "2024-12-31", "洁化", 80.0),
    ("A", "2024-06-30", "绿化", 90.0),
    ("A", "2024-12-31", "亮化", 60.0),
    ("B", "2024-06-30", "洁化", 100.0),
)


def test_the_newest_score_of_each_element_counts_whenever_it_was_given():
    newest = street_scoring.newest(OLD_AND_NEW).set_index(["demonstration_id", "element"])
    assert newest["score"].to_dict() == {
        ("A", "洁化"): 80.0, ("A", "绿化"): 90.0, ("A", "亮化"): 60.0, ("B", "洁化"): 100.0,
    }  # fmt: skip
    assert newest.at[("A", "洁化"), "before"] == 70.0
    assert newest["before"].notna().sum() == 1


def test_elements_come_in_the_order_of_the_plan_and_the_unscored_do_not_count_as_zero():
    newest = street_scoring.newest(OLD_AND_NEW)
    assert newest.loc[newest["demonstration_id"] == "A", "element"].to_list() == [
        "洁化", "绿化", "亮化",
    ]  # fmt: skip
    streets = street_scoring.by_street(newest)
    assert streets.at["A", "score"] == pytest.approx((80 + 90 + 60) / 3)
    assert streets.at["A", "element_count"] == 3
    assert streets.at["B", "score"] == 100


def test_only_what_was_scored_before_has_changed():
    streets = street_scoring.by_street(street_scoring.newest(OLD_AND_NEW))
    assert streets.at["A", "change"] == pytest.approx(10)
    assert pd.isna(streets.at["B", "change"])


def test_the_mean_of_an_element_is_that_of_the_streets_scored_in_it():
    means = street_scoring.by_element(street_scoring.newest(OLD_AND_NEW))
    assert means.to_dict() == {"洁化": 90.0, "绿化": 90.0, "亮化": 60.0}


def test_without_scores_there_are_no_figures():
    newest = street_scoring.newest(OLD_AND_NEW.iloc[:0])
    assert newest.empty
    assert street_scoring.by_street(newest).empty
    assert street_scoring.by_element(newest).empty
    assert street_scoring.scorings(OLD_AND_NEW.iloc[:0]).empty


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (1.24, "↑1.2"),
        (-0.8, "↓0.8"),
        (0.0, "持平"),
        (-0.04, "持平"),
        (float("nan"), ""),
        (None, ""),
    ],
)
def test_a_change_says_its_direction(change, text):
    assert street_scoring.change_text(change) == text


@pytest.mark.parametrize(("count", "said_of"), [(9, ""), (7, "7"), (1, "1")])
def test_a_score_of_some_elements_says_of_how_many(count, said_of):
    text = street_scoring.scored_basis(count)
    assert bool(text) == bool(said_of)
    assert said_of in text


@pytest.mark.parametrize(
    ("codes", "year"), [(WHOLE, 2025), (WHOLE, 2021), (TWO, 2023), ((DINGLAN,), 2025)]
)
def test_the_average_score_is_what_sql_finds(site, sql, codes, year):
    newest = f"""
        SELECT demonstration_id, element, arg_max(score, scored_on) AS score
        FROM {SCORES} JOIN {STREETS} USING (demonstration_id)
        WHERE designation = 'boutique' AND scored_on <= DATE '{year}-12-31' AND {within(codes)}
        GROUP BY ALL
    """
    mean = f"SELECT avg(s) FROM (SELECT avg(score) s FROM ({newest}) GROUP BY demonstration_id)"
    assert opened(site, codes, year).cards["平均得分"].agrees(sql(mean).iat[0, 0])


def test_a_year_before_the_first_score_says_so(site):
    card = opened(site, (DINGLAN,), 2022).cards["平均得分"]
    assert card.number is None
    assert card.status == "截至 2022 年底没有评分"


# --- states and sentences ------------------------------------------------------------------------


SUMMARY = {
    "boutique_count": 14, "completed_count": 13, "completed_km": 25.4, "provincial_count": 12,
    "new_provincial_count": 1,
}  # fmt: skip


def register(*states, is_late=False, lag_note=None):
    names = "甲乙丙丁戊"[: len(states)]
    rows = [
        {"demonstration_id": name, "designation": "boutique", "subdistrict_code": number,
         "short_name": name, "street_name": f"{name}路", "state": state, "progress_pct": None,
         "is_late": is_late and state != "completed", "lag_note": lag_note, "score": None}
        for number, (name, state) in enumerate(zip(names, states, strict=True))
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    return frame.astype(object).where(frame.notna(), None)


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (("completed", "completed"), "**已全部建成命名**"),
        (("completed", "planned"), "尚未命名：**乙** 乙路（策划）。"),
        (("completed", None, "under_construction"), "尚未命名：**丙** 丙路（在建）。"),
        (("completed", "in_acceptance", "planned"), "**丙** 丙路（策划）、**乙** 乙路（验收）。"),
        (("planned",) * 5, "**丙** 丙路（策划）等 5 条。"),
    ],
    ids=["all named", "one open", "one unknown", "least advanced first", "many open"],
)
def test_the_sentence_names_what_is_not_named(states, words):
    assert words in street_demonstration.open_sentence(register(*states))


def test_with_an_unknown_state_nothing_is_said_to_be_complete():
    assert street_demonstration.open_sentence(register("completed", None)) == ""
    assert "1 条开工年份未填" in street_demonstration.unknown_sentence(register(None), 2021)


def test_past_the_deadline_the_sentence_says_so_and_why():
    late = register("in_acceptance", is_late=True, lag_note="管线**未迁**")
    sentence = street_demonstration.open_sentence(late)
    assert sentence.startswith("▲ 规划期限已到，尚未命名")
    assert "（验收，管线＊＊未迁＊＊）" in sentence


@pytest.mark.parametrize("length_km", [None, 0.0])
def test_no_street_built_is_no_length(length_km):
    text = street_demonstration.built_sentence(
        SUMMARY | {"completed_count": 0, "completed_km": length_km}, 2020
    )
    assert "**0 条**" in text
    assert "km" not in text


def test_no_street_built_is_a_length_of_zero(site):
    cards = site.view("streets", year=2020).cards
    assert cards["精品示范街"].number == 0
    assert cards["建成长度"].number == 0


@every_place
def test_the_map_holds_every_mapped_street_whole(site, sql, codes, year):
    features = site.view("streets", codes, year).layer("demonstration-streets")
    rows = sql(f"SELECT geometry_json FROM {STREETS} WHERE is_mapped AND {within(codes)}")
    drawn = [shapely.from_geojson(json.dumps(one["geometry"])).length for one in features]
    known = [shapely.from_geojson(text).length for text in rows["geometry_json"]]
    assert sorted(drawn) == pytest.approx(sorted(known))


def test_acceptance_and_why_a_street_lags_are_known_of_the_newest_year_alone(site):
    now = {card["place"]: card for card in cards_of(gallery(site))}
    assert now["九堡"]["state"] == "▲ 逾期 · 验收"
    assert "待市级验收" in now["九堡"]["why"]
    before = {card["place"]: card for card in cards_of(gallery(site, year=2024))}
    assert before["九堡"]["state"] == "◐ 在建"
    assert "验收" not in before["九堡"]["why"]
    assert {card["place"]: card for card in cards_of(gallery(site, year=2023))}["九堡"][
        "state"
    ] == "△ 策划"


def test_a_street_that_is_not_named_shows_without_its_colour_too(site):
    keys = opened(site).texts("key")
    assert [key for key in keys if "◎" in key and "验收" in key]
    (layer,) = [x for x in site.view("streets").map["layers"] if x["id"] == "demonstration-streets"]
    assert "in_acceptance" in layer["getDashArray"]


# --- the gallery ---------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2020, 2022, 2025])
def test_the_gallery_has_a_card_for_each_street_with_its_state(site, sql, year):
    cards = cards_of(gallery(site, year=year))
    assert len(cards) == 14
    assert len({card["place"] for card in cards}) == 14
    named = sql(f"SELECT street_name FROM {STREETS} WHERE designation = 'boutique' "
                f"AND completed_year <= {year}")["street_name"]  # fmt: skip
    assert {card["name"] for card in cards if card["state"] == "● 已命名"} == set(named)
    assert all(card["pick"] == f"street:{card['name']}" for card in cards)


def test_what_is_not_named_comes_first_the_least_advanced_before_the_others(site):
    cards = cards_of(gallery(site))
    assert [card["place"] for card in cards[:2]] == ["丁兰", "九堡"]
    assert cards[0]["state"] == "▲ 逾期 · 在建 85%"
    assert "管线" in cards[0]["why"]
    assert all(card["state"] == "● 已命名" for card in cards[2:])


def test_the_states_above_the_cards_agree_with_the_figure(site):
    view = gallery(site)
    (states,) = view.texts("gallery-states")
    card = view.cards["在建"]
    assert f"在建 {card.number:.0f}" in states
    count = re.search(r"其中验收 (\d+)", states)[1]
    assert f"其中验收 {count} 条" in card.status


def names_on_map(view):
    """What the labels of the map say."""
    labels = [layer for layer in view.map["layers"] if layer["id"].startswith("labels-")]
    return [row["t"] for layer in labels for row in layer["data"]]


def test_one_subdistrict_has_all_its_demonstration_streets_named_once(site, sql):
    named = sql(f"SELECT DISTINCT street_name FROM {STREETS} WHERE subdistrict_code = '{HUBIN}' "
                "AND is_mapped")["street_name"]  # fmt: skip
    texts = names_on_map(opened(site, (HUBIN,)))
    assert len(named) == 4
    assert all(texts.count(name) == 1 for name in named)
    # Of the whole district they would be too many.
    whole = names_on_map(opened(site))
    assert "湖滨路" in whole and "延安路" not in whole


def test_by_place_the_cards_stand_in_the_order_of_the_subdistricts(site, sql):
    places = sql("SELECT short_name FROM base.subdistricts ORDER BY subdistrict_code")["short_name"]
    assert [card["place"] for card in cards_of(gallery(site, order="place"))] == list(places)


def test_the_gallery_follows_the_filter(site):
    (card,) = cards_of(gallery(site, (HUBIN,), 2022))
    assert (card["place"], card["name"]) == ("湖滨", "湖滨路")
    assert len(gallery(site, (HUBIN,), 2022).rows) == len(opened(site, (HUBIN,), 2022).rows)


def test_a_subdistrict_without_a_street_has_a_card_that_waits(over, built_tables):
    frame = built_tables[STREETS]
    server = over(demonstration_streets=frame[frame["subdistrict_code"] != HUBIN])
    cards = cards_of(gallery(server))
    assert len(cards) == 14
    assert cards[-1]["name"] == "湖滨"
    assert cards[-1]["state"] == "○ 待填报"
    assert cards[-1]["pick"] is None
    assert "**" not in opened(server).text
    assert "湖滨尚未登记精品示范街" in "".join(opened(server).texts("findings"))


def test_without_a_register_every_card_waits(bare):
    view = gallery(bare)
    assert view.failures == []
    cards = cards_of(view)
    assert [card["state"] for card in cards] == ["○ 待填报"] * 14
    assert "已命名" not in view.text


@pytest.mark.parametrize("make", [sparse, odd])
@pytest.mark.parametrize("year", [2021, 2025])
def test_a_half_filled_register_makes_whole_cards(servers, built, tmp_path, make, year):
    servers.serve(store_of(tmp_path / "store", make(built)))
    view = gallery(servers, year=year)
    assert view.failures == []
    cards = cards_of(view)
    assert len(cards) == 14
    assert all(card["state"] and card["why"] for card in cards)
    if make is odd:
        shown = "".join(card["name"] for card in cards)
        assert any(name[:6] in shown for name in HOSTILE)
    assert opened(servers, year=year).failures == []


@pytest.mark.parametrize(
    "wanted", [{"item": "street:九和路"}, {"compare": ["九和路", "湖滨路"]}, {"compare": "九和路"}]
)
def test_what_needs_the_map_is_shown_on_it_not_among_the_cards(site, wanted):
    view = gallery(site, **wanted)
    assert cards_of(view) == []
    assert view.map["layers"]


def test_an_unknown_view_is_told_and_the_map_is_shown(site):
    view = opened(site, view="wall")
    assert any("视图“wall”不存在" in notice for notice in view.notices)
    assert cards_of(view) == []


def test_the_button_opens_the_gallery_and_another_leads_back(site):
    app = site.open("streets", item="street:九和路")
    shown = View(app.button(key="gallery_open").click().run())
    assert len(cards_of(shown)) == 14
    assert "item" not in app.query_params
    back = View(app.button(key="gallery_close").click().run())
    assert cards_of(back) == []
    assert back.map["layers"]


def test_a_card_draws_the_course_or_says_that_there_is_none(site):
    cards = {card["name"]: card for card in cards_of(gallery(site))}
    assert all(card["pictures"][0].startswith("data:image/svg+xml,") for card in cards.values())
    assert "未上图" in "".join(gallery(site, (DINGLAN,)).texts("picture"))
    assert "未上图" not in "".join(gallery(site, (JIUBAO,)).texts("picture"))


@pytest.mark.parametrize(("width_px", "height_px"), [(1920, 1080), (3840, 2160), (1920, 1200)])
def test_fourteen_cards_fit_the_window_in_two_rows(width_px, height_px):
    screen = Screen(width_px, height_px)
    height_px_of_cards = 2 * card_height_rem(screen, CARDS_A_ROW, 2) * 16 * screen.scale
    assert height_px_of_cards < map_height_px(screen)


@pytest.mark.parametrize(
    ("screen", "a_row", "rows"),
    [(Screen(420, 900), 1, 14), (Screen(1920, 1080), 1, 1), (Screen(1920, 1080), 3, 1),
     (Screen(1920, 1080), 7, 2), (Screen(1920, 3000), 7, 2), (Screen(1360, 760), 7, 2),
     (Screen(3840, 1080, is_kiosk=True), 7, 2), (Screen(3840, 1080, is_kiosk=True), 1, 1)],
)  # fmt: skip
def test_no_card_is_so_tall_or_wide_that_a_course_would_be_cut(screen, a_row, rows):
    rem_px = 16 * screen.scale
    width = min(WIDEST_CARD_REM, (screen.width_px / rem_px - 2.5 - 0.75 * (a_row - 1)) / a_row)
    shape = width / (card_height_rem(screen, a_row, rows) - WORDS_REM)
    drawn = picture_width(screen, a_row, rows) / HEIGHT
    # The course takes no more than this share of the picture in either direction.
    kept = 1 - 2 * PADDING
    assert drawn * kept <= shape <= drawn / kept


def test_a_picture_is_drawn_wider_for_a_wide_card_alone():
    assert picture_width(Screen(1920, 1080, is_kiosk=True), CARDS_A_ROW, 2) == WIDTH
    assert picture_width(Screen(3840, 2160, is_kiosk=True), CARDS_A_ROW, 2) == WIDTH
    assert picture_width(Screen(3840, 1080, is_kiosk=True), CARDS_A_ROW, 2) > 1.8 * WIDTH


# --- the scorecard -------------------------------------------------------------------------------


def rows_of(view):
    """Rows of the scorecard by element."""
    (block,) = [e for root in view.blocks for e in root.iter() if e.get("class") == "scores"]
    return {said(row.find("span")): row for row in block}


def test_the_scorecard_shows_the_newest_score_of_every_element(site, sql):
    rows = rows_of(opened(site, item="street:九和路"))
    assert list(rows) == list(SCORE_ELEMENTS)
    newest = sql(f"SELECT element, arg_max(score, scored_on) AS score FROM {SCORES} JOIN {STREETS} "
                 "USING (demonstration_id) WHERE street_name = '九和路' GROUP BY element")  # fmt: skip
    for row in newest.itertuples():
        shown = said(rows[row.element].find("b"))
        assert shown.removeprefix("▲ ") == f"{row.score:.1f}"
        assert shown.startswith("▲") == (row.score < 80)
        assert "low" in rows[row.element].get("class") if row.score < 80 else True


def test_scores_after_the_year_that_is_shown_do_not_count(site, sql):
    rows = rows_of(opened(site, item="street:九和路", year=2024))
    (score,) = sql(
        f"SELECT score FROM {SCORES} JOIN {STREETS} USING (demonstration_id) WHERE "
        "street_name = '九和路' AND element = '洁化' AND scored_on = DATE '2024-12-31'"
    )["score"]
    assert said(rows["洁化"].find("b")).removeprefix("▲ ") == f"{score:.1f}"


def test_an_element_never_scored_says_so(over, built_tables):
    scores = built_tables[SCORES]
    server = over(street_scores=scores[scores["element"] != "立面"])
    view = opened(server, item="street:九和路")
    assert said(rows_of(view)["立面"].find("b")) == "未评分"
    assert "按已填分数的 8 项要素计" in "".join(view.texts("block-title"))


def test_without_any_score_the_streets_are_compared_by_progress(over, built_tables):
    server = over(street_scores=built_tables[SCORES].iloc[:0])
    view = opened(server)
    assert view.failures == []
    assert view.bars["value"].max() == 100
    assert "未评分" in opened(server, item="street:九和路").text


# --- photos --------------------------------------------------------------------------------------


@pytest.fixture
def album(tmp_path, monkeypatch):
    """The folder of photos, with one that carries a camera's notes, and what is no photo."""
    folder = tmp_path / "photos"
    folder.mkdir()
    monkeypatch.setenv("COCKPIT_PHOTOS", str(folder))
    notes = Image.Exif()
    notes[0x010F] = "Camera"
    notes[0x0112] = 6  # lies on its side
    Image.new("RGB", (3000, 2000), "teal").save(folder / "前.jpg", exif=notes)
    Image.new("RGBA", (40, 30), "red").save(folder / "小.png")
    (folder / "坏.jpg").write_bytes(b"\xff\xd8 no picture")
    (folder / "说明.txt").write_text("x")
    (folder / "文件夹.jpg").mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "外.jpg")
    (folder / "链接.jpg").symlink_to(tmp_path / "外.jpg")
    return folder


def stored(photo):
    return Image.open(APP.parent / photo.address.removeprefix("app/"))


def test_a_photo_is_shrunk_upright_and_without_the_cameras_notes(album):
    with stored(street_photos.photo("前.jpg")) as image:
        assert image.size == (853, 1280)
        assert not dict(image.getexif())
    with stored(street_photos.photo("小.png")) as image:
        assert image.size == (40, 30)


@pytest.mark.parametrize(
    "name",
    ["../外.jpg", "/etc/passwd", "C:\\外.jpg", "..\\外.jpg", "子/前.jpg", "链接.jpg", "没有.jpg", "坏.jpg",
     "说明.txt", "文件夹.jpg", "http://x/前.jpg", "a\0b.jpg", "长" * 400 + ".jpg", "", None],
)  # fmt: skip
def test_what_is_no_photo_of_the_folder_is_refused_in_words(album, name):
    photo = street_photos.photo(name)
    assert photo.address is None
    assert photo.refusal.startswith("照片未提供")
    assert str(album) not in photo.refusal


def test_a_photo_too_large_is_refused(album, monkeypatch):
    monkeypatch.setattr(street_photos, "MOST_BYTES", 10)
    assert "超过" in street_photos.photo("前.jpg").refusal


def test_a_photo_replaced_under_its_name_is_read_anew(album):
    first = street_photos.photo("小.png").address
    Image.new("RGB", (400, 300), "blue").save(album / "小.png")
    assert street_photos.photo("小.png").address != first


def test_before_and_after_stand_beside_one_another_and_what_is_missing_says_so(album, with_street):
    server = with_street("D02", photo_before="前.jpg", photo_after="没有.jpg")
    view = opened(server, item="street:湖滨路")
    assert view.failures == []
    (photos,) = view.texts("photos")
    assert "改造前" in photos
    assert "照片未提供" in photos
    (card,) = cards_of(gallery(server, (HUBIN,)))
    assert card["pictures"][0].startswith("app/static/")


def test_there_is_no_photo_of_after_the_works_before_they_are_done(album, with_street):
    server = with_street("D02", photo_before="前.jpg", photo_after="小.png", started_year=2021,
                         completed_year=2023)  # fmt: skip
    (done,) = cards_of(gallery(server, (HUBIN,), 2023))
    (building,) = cards_of(gallery(server, (HUBIN,), 2022))
    assert len(done["pictures"]) == 2
    assert len(building["pictures"]) == 1


def test_a_street_without_photos_shows_no_room_for_them(site):
    assert opened(site, item="street:湖滨路").texts("photos") == []


# --- the drawing of a course ---------------------------------------------------------------------


def points(path):
    return [tuple(map(int, pair.split())) for pair in path.removeprefix("M").rstrip("Z").split("L")]


def test_a_course_keeps_its_proportions_and_stands_in_the_middle():
    line = shapely.LineString([(1000, 1000), (3000, 1000), (3000, 2000)])
    sheet = sheet_around(line, 320, 190)
    (left, low), (right, _), (_, top) = points(sheet.path(line))
    assert (right - left) / (low - top) == pytest.approx(2, rel=0.03)
    assert left + right == pytest.approx(320, abs=2)
    assert low + top == pytest.approx(190, abs=2)
    assert left > 0 and top > 0


def test_a_short_street_keeps_its_surroundings():
    sheet = sheet_around(shapely.LineString([(0, 0), (10, 0)]), 320, 190)
    assert sheet.m_per_unit * 320 == pytest.approx(LEAST_M)


def test_what_lies_beyond_the_sheet_is_cut_and_areas_are_closed():
    sheet = sheet_around(shapely.LineString([(0, 0), (1000, 0)]), 320, 190)
    path = sheet.path(shapely.box(-9e5, -9e5, 9e5, 9e5))
    assert path.endswith("Z")
    assert all(-20 <= x <= 340 and -20 <= y <= 210 for x, y in points(path))
    assert sheet.path(shapely.box(8e5, 8e5, 9e5, 9e5)) == ""


def test_a_line_that_crosses_itself_keeps_every_bend():
    line = shapely.LineString([(0, 0), (500, 500), (1000, 0), (500, 500), (500, 900)])
    assert len(points(sheet_around(line, 320, 190).path(line))) == 5


def test_nothing_cannot_be_drawn_around():
    with pytest.raises(ValueError, match="empty"):
        sheet_around(shapely.LineString(), 320, 190)
