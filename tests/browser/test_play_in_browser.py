"""Stories in the browser: from a page into a show, the speaker's window beside it, the trial before it."""

import pytest

from data.story import Scene, encoded, shipped

from .cockpit import WAIT_MS, Cockpit

pytestmark = pytest.mark.browser

DINGLAN = "330102017"
RIVERS = shipped()["beautiful-rivers"]
STANDS_IN_ONE_ROW = """() => {
  const boxes = [...document.querySelectorAll(".st-key-header_row > *")].map((e) => e.getBoundingClientRect());
  return Math.max(...boxes.map((b) => b.top)) < Math.min(...boxes.map((b) => b.bottom));
}"""


@pytest.fixture
def editor(chromium, editing_address):
    """Somebody who may save stories, at a laptop."""
    with Cockpit.visit(chromium, editing_address) as cockpit:
        yield cockpit


def press(cockpit, key):
    """Press the button with this key; Streamlit keeps a hidden copy of those in a row."""
    cockpit.page.locator(f".st-key-{key} button").first.click()


def type_into(cockpit, label, text):
    entry = cockpit.page.get_by_label(label, exact=True)
    entry.fill(text)
    entry.press("Enter")
    cockpit.settle()


def wait_value(cockpit, label, text):
    cockpit.page.wait_for_function(
        "([label, text]) => document.querySelector(`input[aria-label='${label}']`)?.value === text",
        arg=[label, text],
        timeout=WAIT_MS,
    )


def test_a_view_becomes_a_scene_that_is_saved_played_replaced_and_deleted(editor):
    page = editor.page
    editor.open(f"/rivers?show=quality&sub={DINGLAN}&year=2023")
    assert page.evaluate(STANDS_IN_ONE_ROW)
    press(editor, "page_menu")
    press(editor, "menu_add")
    editor.wait_text("[data-testid=stToast]", "已加入演示草稿（第 1 幕）")
    page.keyboard.press("Escape")
    editor.go("演示")
    page.locator("[data-pick=play-draft]").click()
    editor.wait_query("edit", ["1"])
    wait_value(editor, "第 1 幕的标题", "美丽河湖 · 水质类别 · 丁兰街道")
    type_into(editor, "标题", "周会")
    wait_value(editor, "编号（小写字母、数字、连字符）", "zhouhui")
    press(editor, "draft_save")
    editor.wait_text(".achieved", "已保存：周会（zhouhui，1 幕）")

    press(editor, "story_play")
    editor.wait_text(".kiosk-scene", "1/1 周会")
    editor.wait_query("story", ["zhouhui"])
    assert editor.path == "/rivers"
    assert editor.query["sub"] == [DINGLAN]
    assert editor.query["year"] == ["2023"]
    assert editor.query["show"] == ["quality"]
    page.keyboard.press("Escape")
    editor.wait_query("kiosk", [])

    editor.open("/play?story=zhouhui")
    press(editor, "story_edit")
    editor.wait_query("edit", ["1"])
    type_into(editor, "第 1 幕的标题", "丁兰的水质")
    press(editor, "draft_save")
    editor.wait_text("[role=dialog]", "会被这份草稿替换")
    press(editor, "draft_overwrite")
    editor.wait_text(".scenes", "丁兰的水质")
    press(editor, "story_delete")
    editor.wait_text("[role=dialog]", "不能恢复")
    press(editor, "story_delete_confirm")
    editor.wait_text(".achieved", "已删除：周会")
    assert page.locator("[data-pick=story-zhouhui]").count() == 0


def test_the_speakers_window_goes_along_with_the_show_and_moves_it_on(open_cockpit):
    cockpit = open_cockpit(f"/play?story={RIVERS.story_id}")
    with cockpit.page.context.expect_page() as opened:
        cockpit.page.get_by_role("link", name="讲解词窗口").click()
    notes = opened.value
    title, state = notes.locator(".notes h2"), notes.locator(".notes .state")
    state.filter(has_text="等待放映窗口").wait_for()
    assert title.inner_text() == RIVERS.scenes[0].title
    assert notes.locator(".notes .note").inner_text() == RIVERS.scenes[0].note
    assert notes.locator(".notes .toNext").is_disabled()
    assert not notes.locator("[data-testid=stHeader]").is_visible()
    assert notes.locator("[data-testid=stDeckGlJsonChart]").count() == 0

    press(cockpit, "story_play")
    cockpit.wait_text(".kiosk-scene", "1/8")
    cockpit.settle()
    state.filter(has_text="手动放映").wait_for()
    notes.locator(".time", has_text="剩余 3:").wait_for()
    cockpit.page.keyboard.press("ArrowRight")
    title.filter(has_text=RIVERS.scenes[1].title).wait_for()
    assert notes.locator(".place").inner_text() == "2/8"
    assert RIVERS.scenes[2].title in notes.locator(".next").inner_text()
    cockpit.wait_query("scene", ["2"])
    notes.locator(".notes .toNext").click()
    cockpit.wait_query("scene", ["3"])
    title.filter(has_text=RIVERS.scenes[2].title).wait_for()
    notes.keyboard.press("PageUp")
    cockpit.wait_query("scene", ["2"])
    notes.keyboard.press("8")
    cockpit.wait_query("scene", ["8"])
    notes.locator(".next", has_text="最后一幕").wait_for()
    notes.keyboard.press(" ")
    cockpit.wait_query("rotate", ["0"])
    state.filter(has_text="自动放映").wait_for()
    notes.locator(".notes button", has_text="暂停").click()
    cockpit.page.locator(".cockpit-show .said", has_text="已暂停").wait_for()
    state.filter(has_text="已暂停").wait_for()
    notes.locator(".notes .toBlack").click()
    cockpit.page.locator(".cockpit-show .black").wait_for(state="visible")
    cockpit.page.close()
    state.filter(has_text="等待放映窗口").wait_for()
    assert title.inner_text() == RIVERS.scenes[7].title


def test_the_trial_draws_each_scene_out_of_sight_and_names_the_broken_one(open_cockpit):
    scenes = [Scene("指标", "indicators"), Scene("没有的河", "rivers", item="river:R99")]
    cockpit = open_cockpit(f"/play?told={encoded('周会', '', scenes)}")
    page = cockpit.page
    page.get_by_role("tab", name="会前检查").click()
    steps = page.evaluate("history.length")
    rows = page.locator(".trial li")
    press(cockpit, "play_trial")
    page.locator("iframe[data-trial][aria-hidden=true]").wait_for(state="attached")
    frame = page.locator("iframe[data-trial]").bounding_box()
    assert frame["x"] + frame["width"] <= 0
    assert (frame["width"], frame["height"]) == (1920, 1080)
    page.locator(".trial .told", has_text="▲ 2 幕中 1 幕有误").wait_for()
    assert "● 正常" in rows.nth(0).inner_text()
    assert "▲ 有误" in rows.nth(1).inner_text()
    assert "没有对应的内容" in rows.nth(1).inner_text()
    assert page.locator("iframe").count() == 0
    assert page.evaluate("history.length") == steps
    assert cockpit.path == "/play"

    press(cockpit, "play_trial")
    page.locator(".trial .told", has_text="正在试放").wait_for()
    press(cockpit, "play_trial")
    page.locator(".trial .told", has_text="已停止").wait_for()
    assert page.locator("iframe").count() == 0
