"""The page of the stories: what it lists, the draft from page to file, the check before a meeting."""

import json
import shutil
import tomllib
from types import SimpleNamespace

import pytest

from data.contracts import LAST_YEAR
from data.story import SHIPPED_FOLDER, Scene, decoded, encoded, parse, save, saved, shipped, to_toml
from geo.district import subdistrict_names
from tests.reading import View, said
from ui import catalog, play_check, play_draft, play_keep, play_stories, play_words
from ui.pages import DATASETS

ATTACK = "<img src=x onerror=alert(1)>$x^2$ **粗**"
HUBIN, DINGLAN = "330102003", "330102017"
WATER = Scene("水质", "rivers", "看水质。", 30, (DINGLAN,), 2023, None, None, {"show": "quality"})
LAMPS = Scene("灯", "lighting", "", 20)
FAULTY = """title = "周会"
summary = "每周一次"

[[scenes]]
title = "水质"
page = "rivers"

[[scenes]]
title = "没有这一页"
page = "lakes"

[[scenes]]
title = "没有这条河"
page = "rivers"
item = "river:R99"
"""
ALL_BAD = 'title = "全错"\n\n[[scenes]]\ntitle = "一"\npage = "lakes"\n'
TOML = {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in SHIPPED_FOLDER.glob("*.toml")}  # fmt: skip


@pytest.fixture(autouse=True)
def reading_only(monkeypatch):
    monkeypatch.delenv("COCKPIT_EDITING", raising=False)


@pytest.fixture
def editing(monkeypatch):
    monkeypatch.setenv("COCKPIT_EDITING", "1")


@pytest.fixture(scope="module")
def store_of_stories(built_store, tmp_path_factory):
    return shutil.copytree(built_store, tmp_path_factory.mktemp("stories") / "store")


@pytest.fixture
def store(servers, store_of_stories):
    """A store without saved stories; the app serves it."""
    shutil.rmtree(store_of_stories / "stories", ignore_errors=True)
    servers.serve(store_of_stories)
    return store_of_stories


@pytest.fixture
def listed(servers, store):
    """Opens the page over the store: ``listed(story="…")``."""
    return lambda **query: servers.open("play", **query)


def put(store, story_id, text):
    folder = store / "stories"
    folder.mkdir(exist_ok=True)
    (folder / f"{story_id}.toml").write_text(text, encoding="utf-8")


def asked(app):
    """What the address asks for, every value in a list."""
    found = {key: app.query_params[key] for key in app.query_params}
    return {key: [value] if isinstance(value, str) else value for key, value in found.items()}


def button(app, key):
    return app.button(key=key)


def keys_of(app):
    return {one.key for one in app.button}


def component(app, name):
    """What a component of the page was given."""
    (found,) = [c for c in app.get("bidi_component") if c.proto.component_name == name]
    return json.loads(found.proto.json)


def draft(app):
    return app.session_state["_play_draft"]


def with_draft(app, *scenes, **fields):
    """The draft open on the page, with these scenes."""
    made = play_draft.Draft(**fields)
    for scene in scenes:
        made.add(scene)
    app.session_state["_play_draft"] = made
    app.query_params["edit"] = "1"
    return app.run()


# --- the list ------------------------------------------------------------------------------------


def time_of(seconds):
    return play_words.time_text(sum(seconds))


@pytest.mark.parametrize("story_id", TOML)
def test_a_card_tells_what_the_file_says(listed, story_id):
    told = TOML[story_id]
    view = View(listed())
    assert view.failures == []
    (card,) = [text for text in view.texts("story") if text.startswith(told["title"])]
    seconds = [scene["seconds"] for scene in told["scenes"]]
    assert told["summary"] in card
    assert f"{len(seconds)} 幕 · {time_of(seconds)}" in card
    assert "自带" in card
    assert "有误" not in card


@pytest.mark.parametrize("story_id", TOML)
def test_the_chosen_story_shows_its_scenes_in_order(listed, story_id):
    told = TOML[story_id]
    view = View(listed(story=story_id))
    assert view.failures == []
    assert view.notices == []
    (head,) = view.texts("story-head")
    assert head.startswith(told["title"])
    (scenes,) = [e for root in view.blocks for e in root.iter() if e.get("class") == "scenes"]
    assert len(scenes) == len(told["scenes"])
    for number, (row, scene) in enumerate(zip(scenes, told["scenes"], strict=True), 1):
        assert said(row.find("b")) == str(number)
        assert said(row.find("div/strong")) == scene["title"]
        assert said(row.find("div/small")) == play_words.time_text(scene["seconds"])
        assert said(row.find("div/p")) == scene["note"].strip()
        names = subdistrict_names()
        shown = said(row.find("div/span"))
        assert f"截至 {scene.get('year', LAST_YEAR)} 年底" in shown
        for code in scene.get("sub", []):
            assert names[code] in shown


def test_without_a_choice_the_longest_story_is_shown(listed):
    (head,) = View(listed()).texts("story-head")
    assert head.startswith("五分钟看懂上城城管")


def test_saved_stories_follow_the_shipped_ones(listed, store):
    save(store, "weekly", "周会", "每周一次", [WATER])
    cards = View(listed(story="weekly")).texts("story")
    assert [card[:2] for card in cards] == ["五分", "亚运", "美丽", "周会", "新建"]
    assert "已保存" in cards[3]
    assert "1 幕 · 30 秒" in cards[3]


def test_scenes_that_are_wrong_are_counted_and_told_with_file_and_line(listed, store):
    put(store, "weekly", FAULTY)
    view = View(listed(story="weekly"))
    assert view.failures == []
    (card,) = [text for text in view.texts("story") if text.startswith("周会")]
    assert "2 幕 · 40 秒" in card
    assert "▲ 2 幕有误" in card
    page, river, whole = view.texts("faults")
    assert "第 2 幕：没有页面" in whole
    assert "没有页面“lakes”" in page
    assert "store/stories/weekly.toml 第 10 行" in page
    assert "当前数据中没有河道“R99”" in river
    assert "第 15 行" in river
    assert "放映时跳过" in view.text


def test_a_story_of_faulty_scenes_alone_opens_with_its_problems(listed, store):
    put(store, "bad", ALL_BAD)
    app = listed(story="bad")
    view = View(app)
    assert view.failures == []
    assert "没有页面“lakes”" in view.text
    assert button(app, "story_play").disabled
    assert button(app, "story_rotate").disabled
    assert button(app, "story_edit").disabled
    assert app.get("link_button")[0].proto.disabled


def test_a_file_that_is_no_toml_is_listed_with_the_reason(listed, store):
    put(store, "broken", "<html>")
    view = View(listed(story="broken"))
    assert view.failures == []
    (card,) = [text for text in view.texts("story") if text.startswith("broken")]
    assert "▲ 文件有误" in card
    assert "不是有效的 TOML" in view.text


@pytest.mark.parametrize("story_id", ["none-such", ATTACK, "", "~"])
def test_an_unknown_story_is_told_of(listed, story_id):
    view = View(listed(story=story_id))
    assert view.failures == []
    (notice,) = view.notices
    assert "不存在，已忽略" in notice
    assert view.texts("story-head")


def test_texts_of_a_story_are_texts_everywhere(listed, store):
    scene = Scene(ATTACK, "rivers", f"=1+1\n{ATTACK}", 20, item="street:<b>x</b>")
    save(store, "weekly", ATTACK, ATTACK, [scene])
    view = View(listed(story="weekly"))
    assert view.failures == []
    assert not [e for root in view.blocks for e in root.iter() if e.tag == "img"]
    (head,) = view.texts("story-head")
    assert head.startswith(ATTACK)
    (shown,) = view.texts("scenes")
    assert ATTACK in shown
    assert "=1+1" in shown
    assert "定位道路 <b>x</b>" in shown
    labels = [one.label for one in (*view.app.button, *view.app.markdown)]
    assert not [label for label in labels if "img" in label]


# --- presenting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "rotate"), [("story_play", {}), ("story_rotate", {"rotate": ["0"]})]
)
def test_playing_begins_with_the_first_scene(listed, key, rotate):
    story = shipped()["lights-and-streets"]
    view = View(button(listed(story=story.story_id), key).click().run())
    assert view.failures == []
    assert view.texts("kiosk-scene")[0].startswith("1/10")
    first = {name: [value] for name, value in story.scenes[0].query.items()}
    assert asked(view.app) == first | rotate | {
        "story": [story.story_id], "scene": ["1"], "kiosk": ["1"],
    }  # fmt: skip


def test_playing_takes_the_filter_and_the_theme_of_the_scene(listed, store):
    save(
        store, "weekly", "周会", "", [Scene("一", "rivers", sub=(HUBIN,), year=2022, theme="light")]
    )
    app = button(listed(story="weekly", sub=DINGLAN), "story_play").click().run()
    assert View(app).failures == []
    assert asked(app)["sub"] == [HUBIN]
    assert asked(app)["year"] == ["2022"]
    assert app.session_state["theme"] == "light"


def test_a_story_that_the_address_holds_is_played_from_the_address(listed):
    told = encoded("别人的", "", [WATER, LAMPS])
    app = listed(told=told)
    view = View(app)
    assert view.texts("story-head")[0].startswith("别人的")
    assert "网址带来" in view.texts("story")[0]
    app = button(app, "story_play").click().run()
    view = View(app)
    assert view.texts("kiosk-scene")[0].startswith("1/2")
    assert asked(app)["told"] == [told]
    assert asked(app)["story"] == ["~"]
    played = app.session_state["_show"]
    assert played.query(1)["told"] == told
    assert played.query(1)["story"] == "~"


def test_an_address_that_was_cut_off_says_so(listed):
    view = View(listed(told=encoded("别人的", "", [WATER])[:-5]))
    assert view.failures == []
    assert "链接不完整或已损坏" in view.text


def test_the_list_is_no_show_whatever_story_it_names(listed):
    app = listed(story="beautiful-rivers", scene="3")
    names = [c.proto.component_name for c in app.get("bidi_component")]
    assert "cockpit_show" not in names
    assert View(app).notices == []


def test_addresses_to_send_lead_to_the_list_and_into_the_show(listed, store):
    save(store, "weekly", "周会", "", [WATER])
    here, into = [code.value for code in listed(story="weekly").code]
    assert here.endswith("/play?story=weekly")
    assert into.endswith(
        f"/rivers?sub={DINGLAN}&year=2023&show=quality&story=weekly&scene=1&kiosk=1"
    )


def test_the_file_is_downloaded_as_it_lies_on_the_disk(listed, store):
    put(store, "weekly", f"# 备注\n{FAULTY}")
    app = listed(story="weekly")
    (download,) = app.get("download_button")
    assert download.proto.label == "下载 TOML"


# --- the speaker's window ------------------------------------------------------------------------


def test_the_speakers_window_holds_the_notes_and_no_map(listed):
    told = TOML["beautiful-rivers"]
    app = listed(notes="beautiful-rivers")
    assert View(app).failures == []
    given = component(app, "cockpit_notes")
    assert given["story"] == "beautiful-rivers"
    assert given["storyTitle"] == told["title"]
    assert [(one["title"], one["note"], one["seconds"]) for one in given["scenes"]] == [
        (one["title"], one["note"], one["seconds"]) for one in told["scenes"]
    ]
    assert not app.get("deck_gl_json_chart")
    assert not View(app).texts("story")


def test_the_speakers_window_of_a_story_in_the_address(listed):
    app = listed(notes="~", told=encoded("别人的", "", [WATER]))
    given = component(app, "cockpit_notes")
    assert given["story"] == decoded(encoded("别人的", "", [WATER])).story_id
    assert [one["note"] for one in given["scenes"]] == ["看水质。"]


@pytest.mark.parametrize("notes", ["none-such", "~", ATTACK, "bad"])
def test_notes_of_no_story_are_told_of(listed, store, notes):
    put(store, "bad", ALL_BAD)
    view = View(listed(notes=notes))
    assert view.failures == []
    assert "没有讲解词" in view.notices[0]
    assert view.texts("stories")


# --- from a page into the draft ------------------------------------------------------------------


def added(app):
    """The scene that «加入演示» on this page puts into the draft."""
    app = button(app, "menu_add").click().run()
    assert View(app).failures == []
    return list(draft(app).scenes.values())[-1]


@pytest.mark.parametrize(
    ("page", "query", "expected"),
    [
        ("overview", {}, Scene("总览", "overview")),
        (
            "rivers", {"show": "quality", "month": "6", "sub": DINGLAN, "year": "2023"},
            Scene("美丽河湖 · 水质类别 · 丁兰街道", "rivers", sub=(DINGLAN,), year=2023,
                  keys={"show": "quality", "month": "6"}),
        ),
        ("rivers", {"show": "beautiful"}, Scene("美丽河湖", "rivers", keys={"show": "beautiful"})),
        (
            "rivers", {"item": "place:丰收湖", "theme": "light"},
            Scene("美丽河湖 · 丰收湖", "rivers", theme="light", item="place:丰收湖"),
        ),
        (
            "streets", {"compare": ["解放路", "庆春路"], "show": "none-such"},
            Scene("示范街", "streets", keys={"compare": ("解放路", "庆春路")}),
        ),
        ("toilets", {"minutes": "99", "kmh": "4"}, Scene("公共厕所", "toilets", keys={"kmh": "4"})),
        ("overview", {"measure": "density"},
         Scene("总览 · 公厕密度", "overview", keys={"measure": "density"})),
        ("overview", {"measure": "none-such"}, Scene("总览", "overview")),
        ("indicators", {"part": "contradictions", "sub": DINGLAN},
         Scene("规划指标 · 规划前后不一致 · 丁兰街道", "indicators", sub=(DINGLAN,),
               keys={"part": "contradictions"})),
        (
            "projects",
            {"kind": ["river", "none-such", "road", "river"], "body": "none", "state": "planned",
             "places": "1"},
            Scene("规划项目", "projects", keys={"kind": ("river", "road"), "body": "none",
                                                "state": "planned", "places": "1"}),
        ),
        ("projects", {"kind": "", "places": "0"}, Scene("规划项目", "projects")),
        ("rivers", {"show": ["quality", "warning"]},
         Scene("美丽河湖 · 三色预警", "rivers", keys={"show": "warning"})),
        ("catalog", {"dataset": "toilets.toilets"},
         Scene("数据目录", "catalog", keys={"dataset": "toilets.toilets"})),
    ],
)  # fmt: skip
def test_a_page_becomes_a_scene_with_all_that_it_shows(site, page, query, expected):
    assert added(site.open(page, **query)) == expected


def test_the_scene_of_a_page_opens_the_same_page(site):
    first = site.open("lighting", show="spots", gap="100", sub=HUBIN, year="2022")
    again = site.open("lighting", **added(first).query)
    assert View(again).sentence == View(first).sentence
    assert added(again) == draft(first).scenes[1]


def test_what_was_chosen_by_hand_goes_into_the_scene_and_is_played(site):
    app = site.open("projects")
    app.multiselect(key="project_kind").set_value(["river", "pump_sluice"]).run()
    app.toggle(key="project_places").set_value(True).run()
    scene = added(app)
    assert scene.keys == {"kind": ("river", "pump_sluice"), "places": "1"}
    again = site.open("projects", **scene.query)
    assert View(again).notices == []
    assert View(again).rows.equals(View(app).rows)
    told = encoded("工程", "", [scene])
    played = button(site.open("play", told=told), "story_play").click().run()
    assert asked(played)["kind"] == ["river", "pump_sluice"]
    assert View(played).cards["规划项目"] == View(app).cards["规划项目"]


def test_each_scene_goes_to_the_end_and_a_toast_tells_its_place(site):
    app = site.open("rivers")
    for place in (1, 2):
        app = button(app, "menu_add").click().run()
        assert [toast.value for toast in app.toast] == [f"已加入演示草稿（第 {place} 幕）"]
    assert len(draft(app).scenes) == 2


@pytest.mark.parametrize("page", ["play", "imports"])
def test_pages_that_no_scene_can_show_do_not_offer_it(site, editing, page):
    keys = keys_of(site.open("catalog").switch_page(f"views/{page}.py").run())
    assert "menu_add" not in keys
    assert "menu_kiosk" not in keys
    assert "menu_rotate" in keys


def test_the_view_of_a_scene_is_taken_again(servers, store):
    app = with_draft(servers.open("play"), WATER, LAMPS, title="周会")
    app = button(app, "scene_open_2").click().run()
    assert View(app).title.startswith("亚运亮灯")
    app.query_params["show"] = "faults"
    app = button(app.switch_page("views/lighting.py").run(), "menu_update").click().run()
    assert draft(app).scenes[2] == Scene("灯", "lighting", "", 20, keys={"show": "faults"})
    assert [toast.value for toast in app.toast] == ["已更新演示草稿的第 2 幕"]
    assert "menu_update" not in keys_of(app)


def test_the_size_of_the_text_is_chosen_in_the_menu(site):
    app = site.open("rivers")
    app.segmented_control(key="menu_size").set_value("l").run()
    assert asked(app)["size"] == ["l"]
    assert View(app).failures == []


def test_a_page_fills_the_screen_and_pages_take_turns(site):
    app = button(site.open("toilets", show="grade"), "menu_kiosk").click().run()
    assert asked(app) == {"show": ["grade"], "kiosk": ["1"]}
    assert View(app).texts("kiosk-head")
    app = button(site.open("toilets"), "menu_rotate").click().run()
    assert View(app).texts("kiosk-head")[0].startswith("公共厕所")
    assert asked(app) == {"kiosk": ["1"], "rotate": ["20"]}
    app = button(site.open("play"), "menu_rotate").click().run()
    assert View(app).texts("kiosk-head")[0].startswith("总览")
    assert asked(app) == {"kiosk": ["1"], "rotate": ["20"]}


# --- the draft -----------------------------------------------------------------------------------


def faults_of(app):
    return View(app).texts("faults")


def test_an_empty_draft_says_how_it_is_filled(listed):
    app = listed(edit="1")
    assert View(app).failures == []
    assert "加入演示" in View(app).text
    assert "还没有场景" in faults_of(app)[0]


def test_fields_of_the_draft_are_written_into_it(listed):
    app = with_draft(listed(), WATER, LAMPS)
    assert "请写演示的标题" in faults_of(app)[0]
    app.text_input(key="draft_title").set_value("周会")
    app.text_input(key="draft_summary").set_value(ATTACK)
    app.text_input(key="scene_title_2").set_value(ATTACK)
    app.number_input(key="scene_seconds_2").set_value(45)
    app.text_area(key="scene_note_2").set_value("一句。\n=2+2")
    app.run()
    assert faults_of(app) == []
    made = draft(app)
    assert (made.title, made.summary) == ("周会", ATTACK)
    assert made.scenes == {1: WATER, 2: Scene(ATTACK, "lighting", "一句。\n=2+2", 45)}
    assert View(app).failures == []


def test_scenes_move_and_go(listed):
    app = with_draft(listed(), WATER, LAMPS, Scene("三", "projects"), title="周会")
    app = button(app, "scene_-1_3").click().run()
    assert [one.title for one in draft(app).scenes.values()] == ["水质", "三", "灯"]
    app = button(app, "scene_1_1").click().run()
    assert [one.title for one in draft(app).scenes.values()] == ["三", "水质", "灯"]
    assert button(app, "scene_-1_3").disabled
    assert button(app, "scene_1_2").disabled
    app = button(app, "scene_remove_1").click().run()
    assert [one.title for one in draft(app).scenes.values()] == ["三", "灯"]
    assert app.text_input(key="scene_title_3").value == "三"


def test_what_is_wrong_stands_beside_the_scene_and_hinders_the_show(listed, editing):
    lost = Scene("河", "rivers", item="river:R99")
    app = with_draft(listed(), lost, Scene(" ", "lighting"), title="周会")
    (of_river, of_title) = faults_of(app)
    assert "当前数据中没有河道“R99”" in of_river
    assert "请写这一幕的标题" in of_title
    assert button(app, "story_play").disabled
    assert button(app, "draft_save").disabled
    app.text_input(key="scene_title_2").set_value("灯").run()
    assert len(faults_of(app)) == 1


def test_a_note_that_takes_longer_than_its_scene_is_told_of(listed):
    long = Scene("长", "rivers", "字" * 90, 10)
    assert "讲解词约需 20 秒，长过这一幕" in View(with_draft(listed(), long, title="一")).text
    assert "长过" not in View(with_draft(listed(), Scene("短", "rivers", "字" * 40, 10))).text


def test_the_draft_is_played_from_the_address(listed):
    app = button(with_draft(listed(), WATER, title="周会"), "story_play").click().run()
    assert View(app).texts("kiosk-scene")[0].startswith("1/1")
    assert decoded(asked(app)["told"][0]).scenes == (WATER,)
    assert len(draft(app).scenes) == 1


def test_the_draft_is_shared_by_its_address(listed):
    (address,) = with_draft(listed(), WATER, title="周会").code
    told = address.value.partition("told=")[2]
    assert decoded(told).scenes == (WATER,)
    assert "截断" not in View(with_draft(listed(), WATER, title="周会")).text


def test_an_address_too_long_is_told_of(listed):
    texts = [
        "".join(chr(0x4E00 + (seed * 7919 + place * 104729) % 20000) for place in range(600))
        for seed in range(8)
    ]
    app = with_draft(listed(), *[Scene("一", "rivers", text, 300) for text in texts], title="长")
    assert len(draft(app).told) > play_stories.LONGEST_ADDRESS
    assert "超过 8,000 个字符" in View(app).text
    assert View(app).failures == []


def test_a_story_is_taken_as_a_draft(listed):
    story = shipped()["beautiful-rivers"]
    app = button(listed(story=story.story_id), "story_edit").click().run()
    assert asked(app)["edit"] == ["1"]
    made = draft(app)
    assert tuple(made.scenes.values()) == story.scenes
    assert made.story_id == ""


def test_a_draft_gives_way_only_when_asked(listed):
    app = with_draft(listed(), WATER, title="周会")
    del app.query_params["edit"]
    app = button(app.run(), "story_edit").click().run()
    assert "现有草稿有 1 幕" in View(app).text
    assert len(draft(app).scenes) == 1
    assert "edit" not in asked(app)


def test_a_draft_is_dropped_only_when_asked(listed):
    app = button(with_draft(listed(), WATER, title="周会"), "draft_drop").click().run()
    assert "草稿的 1 幕会丢失" in View(app).text
    assert len(draft(app).scenes) == 1


# --- saved ---------------------------------------------------------------------------------------


def test_without_editing_a_draft_is_kept_by_other_means(listed):
    app = with_draft(listed(), WATER, title="周会")
    assert "draft_save" not in keys_of(app)
    assert "只读" in View(app).text
    assert app.get("download_button")[0].proto.label == "下载 TOML"


def test_a_draft_is_saved_and_opened(listed, store, editing):
    app = with_draft(listed(), WATER, LAMPS, title="周会", summary="每周")
    assert app.text_input(key="draft_id").value == "zhouhui"
    app = button(app, "draft_save").click().run()
    assert View(app).failures == []
    assert "已保存：周会（zhouhui，2 幕）" in View(app).text
    assert asked(app) == {"story": ["zhouhui"]}
    text = (store / "stories" / "zhouhui.toml").read_text(encoding="utf-8")
    assert text == to_toml("周会", "每周", [WATER, LAMPS])
    assert parse(text, "", "").scenes == (WATER, LAMPS)
    assert draft(app).scenes == {}


def test_a_saved_story_is_overwritten_only_when_asked(listed, store, editing):
    save(store, "weekly", "周会", "", [WATER])
    app = button(listed(story="weekly"), "story_edit").click().run()
    app.text_input(key="draft_title").set_value("月会").run()
    assert app.text_input(key="draft_id").value == "weekly"
    app = button(app, "draft_save").click().run()
    assert saved(store)["weekly"].title == "周会"
    assert "编号 weekly 已有演示“周会”" in View(app).text
    assert View(app).failures == []


@pytest.mark.parametrize(
    ("story_id", "words"),
    [("beautiful-rivers", "自带演示的编号"), ("周会", "小写字母"), ("../x", "小写字母"), ("A", "小写字母")],
)  # fmt: skip
def test_an_id_that_is_none_is_refused_and_the_draft_stays(listed, store, editing, story_id, words):
    app = with_draft(listed(), WATER, title="周会")
    app.text_input(key="draft_id").set_value(story_id).run()
    app = button(app, "draft_save").click().run()
    assert View(app).failures == []
    (refusal,) = View(app).texts("refusal")
    assert words in refusal
    assert len(draft(app).scenes) == 1
    assert saved(store) == {}


def test_a_store_that_cannot_be_written_is_told_of(listed, store, editing):
    (store / "stories").write_text("no folder", encoding="utf-8")
    app = button(with_draft(listed(), WATER, title="周会"), "draft_save").click().run()
    (store / "stories").unlink()
    assert View(app).failures == []
    assert "数据仓写不进去" in View(app).texts("refusal")[0]


def test_a_saved_story_is_deleted_only_by_editors_and_when_asked(listed, store, monkeypatch):
    save(store, "weekly", "周会", "", [WATER])
    assert "story_delete" not in keys_of(listed(story="weekly"))
    monkeypatch.setenv("COCKPIT_EDITING", "1")
    assert "story_delete" not in keys_of(listed(story="beautiful-rivers"))
    app = button(listed(story="weekly"), "story_delete").click().run()
    assert "不能恢复" in View(app).text
    assert list(saved(store)) == ["weekly"]


@pytest.mark.parametrize(
    ("title", "story_id"),
    [
        ("周会", "zhouhui"), ("Weekly 会", "weeklyhui"), ("", "story"), ("！？", "story"),
        ("会" * 60, "hui" * 13 + "h"), ("2026 年第 3 次", "2026niandi3ci"),
    ],
)  # fmt: skip
def test_ids_made_of_titles(title, story_id):
    assert play_keep.suggested_id(title) == story_id


# --- before a meeting ----------------------------------------------------------------------------


def test_the_check_tells_of_when_the_data_are_and_where_samples_are(listed, store, sql):
    save(store, "weekly", "周会", "", [WATER, Scene("项目", "projects")])
    view = View(listed(story="weekly"))
    (findings,) = view.texts("findings")
    used = sql(
        "SELECT dataset, as_of, source_kind FROM ("
        + " UNION ALL ".join(
            f"SELECT '{name}' AS base, * FROM {name}._meta" for name in ("base", "plan", "rivers")
        )
        + ") WHERE row_count > 0 AND (base IN ('base', 'rivers') OR dataset IN "
        "('plan.projects', 'plan.places', 'plan.indicators', 'plan.facts'))"
    )
    assert f"2 个页面用到 {len(used)} 个数据集" in findings
    newest = used[used["source_kind"] == "sample"]["as_of"].max()
    assert f"示例 {newest}" in findings
    assert "仍有示例数据的页面：美丽河湖、规划项目" in findings
    assert "没有过期的数据" in findings
    assert view.text.count("2025-12") >= 3


def test_the_check_of_a_story_without_scenes(listed, store):
    put(store, "bad", ALL_BAD)
    app = listed(story="bad")
    assert "没有可放映的场景" in View(app).text
    (one,) = component(app, "cockpit_trial")["scenes"]
    assert one["address"] is None
    assert "没有页面“lakes”" in one["fault"]


def test_overdue_data_come_first(monkeypatch):
    def one(path, state, kind="register"):
        return SimpleNamespace(
            path=path, title=path, rows=1, source_kind=kind, as_of="2024-01",
            freshness=SimpleNamespace(state=state),
        )  # fmt: skip

    found = [one("a", "current"), one("b", "inapplicable", "sample"), one("c", "due"),
             one("d", "overdue"), one("e", "overdue", "osm")]  # fmt: skip
    monkeypatch.setattr(catalog, "listed", lambda context: found)
    rows = [SimpleNamespace(dataset=each.path) for each in found]
    context = SimpleNamespace(datasets_of=lambda names: rows, rests_on_sample=lambda names: False)
    story = parse(to_toml("一", "", [WATER]), "", "")
    used = play_check.used_datasets(context, story)
    assert [each.path for each in used] == ["d", "e", "c", "b", "a"]
    dates, overdue, samples = play_check.sentences(context, story, used)
    assert "登记册 **2024-01**" in dates
    assert overdue == "▲ **2 个**已过更新周期：d、e。"
    assert samples == "● 没有示例数据。"


def test_every_page_of_a_scene_says_what_it_rests_on():
    pages = {play_words.page_word(scene) for story in shipped().values() for scene in story.scenes}
    assert pages <= set(DATASETS)


def test_each_scene_is_tried_at_its_own_address_without_its_theme(listed, store):
    scenes = [
        WATER,
        Scene("总览", "overview", theme="light"),
        Scene("河", "rivers", item="river:R99"),
    ]
    save(store, "weekly", "周会", "", scenes)
    given = component(listed(story="weekly"), "cockpit_trial")
    assert [(one["number"], one["title"], one["address"]) for one in given["scenes"]] == [
        (1, "水质", f"./rivers?sub={DINGLAN}&year=2023&show=quality"),
        (2, "总览", "./?"),
        (3, "河", "./rivers?item=river%3AR99"),
    ]
    assert [bool(one["fault"]) for one in given["scenes"]] == [False, False, True]
    assert (given["width"], given["height"]) == (1920, 1080)


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 秒"), (45, "45 秒"), (60, "1 分"), (255, "4 分 15 秒"), (3600, "60 分")],
)
def test_times_in_words(seconds, text):
    assert play_words.time_text(seconds) == text


WORDS = [
    (Scene("一", "overview"), "总览 · 全区 14 个街道 · 截至 2025 年底"),
    (WATER, "美丽河湖 · 图层 水质类别 · 丁兰街道 · 截至 2023 年底"),
    (Scene("一", "rivers", keys={"month": "6"}), "月份 6 月"),
    (Scene("一", "toilets", keys={"minutes": "12", "kmh": "4.5"}), "步行时间 12 分钟 · 步行速度 4.5 km/h"),
    (Scene("一", "catalog", keys={"dataset": "toilets.toilets"}), "数据集 公共厕所"),
    (Scene("一", "streets", keys={"compare": ("解放路", "庆春路")}), "对比的道路 解放路、庆春路"),
    (Scene("一", "lighting", theme="dark", keys={"view": "wall"}), "视图 大屏夜景 · 全区"),
    (Scene("一", "overview", keys={"measure": "walk"}), "总览 · 地图指标 十分钟如厕圈 · 全区"),
    (Scene("一", "indicators", keys={"part": "terms"}), "内容 节点、名词与格局"),
    (
        Scene("一", "projects", keys={"kind": ("river", "road"), "state": "planned", "body": "none"}),
        "类别 河道整治、道路修缮 · 状态 未开工 · 实施主体 规划未写明",
    ),
    (Scene("一", "projects", keys={"body": "某公司", "places": "1"}),
     "实施主体 某公司 · 规划格局 显示"),
    (Scene("一", "rivers", item="place:丰收湖"), "定位地名 丰收湖"),
    (Scene("一", "rivers", item="river:R99"), "定位河道 R99"),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "words"), WORDS)
def test_a_scene_in_words(listed, store, scene, words):
    save(store, "weekly", "周会", "", [scene])
    assert words in View(listed(story="weekly")).texts("scenes")[0]
