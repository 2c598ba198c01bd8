"""The whole way in the browser: a filled template becomes the page's figure, and back again."""

import io

import openpyxl
import pytest

from data.registers.registry import register
from data.registers.template import template_bytes

from .cockpit import Cockpit

pytestmark = pytest.mark.browser

ROWS = 3
ACTOR = "值班员甲"


@pytest.fixture
def officer(chromium, editing_address):
    """A data officer with the import page of the toilets before them."""
    with Cockpit.visit(chromium, editing_address, width=1920, height=1080) as cockpit:
        cockpit.open("/import?register=toilets")
        yield cockpit


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The template of the toilets with three rows of its own."""
    book = openpyxl.load_workbook(io.BytesIO(template_bytes(register("toilets"))))
    sheet = book["填报"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, 2 + ROWS):
        sheet.cell(row, columns["公厕编号"], f"330102030100010{row}")
        sheet.cell(row, columns["公厕"], f"新建公厕{row}")
        sheet.cell(row, columns["经度"], 120.16 + row / 1000)
        sheet.cell(row, columns["纬度"], 30.25)
    path = tmp_path_factory.mktemp("office") / "公厕填报.xlsx"
    book.save(path)
    return path


def choose_file(cockpit, path):
    cockpit.page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(path)


def onward(cockpit, step):
    """Click the button that leads on and wait for the step."""
    cockpit.page.locator(".st-key-import_next button:enabled").click()
    cockpit.wait_text(".steps .now", step)
    cockpit.settle()


def fill(cockpit, key, text):
    field = cockpit.page.locator(f".st-key-{key} input")
    field.fill(text)
    field.press("Enter")
    cockpit.settle()


def toilets(cockpit):
    """The figure of the toilets' page, as a reader of the same server sees it."""
    cockpit.go("公共厕所")
    return cockpit.page.locator(".figure .value").first.inner_text()


def test_a_filled_template_becomes_the_page_and_goes_back_again(officer, filled):
    choose_file(officer, filled)
    officer.page.locator(".chosen-file").wait_for()
    officer.settle()
    onward(officer, "坐标系与列对应")
    officer.page.locator(".st-key-import_crs label", has_text="WGS-84").first.click()
    officer.settle()
    fill(officer, "import_provider", "区城管局")
    fill(officer, "import_as_of", "2026-06")
    onward(officer, "校验报告")
    onward(officer, "预览")
    officer.page.locator("#deckgl-overlay").wait_for()
    assert "新增 3" in officer.page.locator(".legend").inner_text()
    onward(officer, "发布")
    fill(officer, "import_actor", ACTOR)
    officer.page.locator(".st-key-import_next button:enabled").click()
    officer.wait_text(".achieved", "已发布 公共厕所")
    officer.settle()
    assert toilets(officer).startswith(str(ROWS))
    officer.go("数据目录")
    officer.page.locator(".go[data-pick='rollback-1']").click()
    officer.page.locator("[role=dialog]").wait_for()
    fill(officer, "rollback_actor", ACTOR)
    officer.page.get_by_role("button", name="确认回退").click()
    officer.wait_text(".achieved", "已回退到 v00001")
    officer.settle()
    assert toilets(officer).startswith("454")


def test_a_file_of_a_wrong_kind_is_refused_in_chinese_before_it_is_sent(officer, tmp_path):
    path = tmp_path / "照片.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    choose_file(officer, path)
    told = officer.page.locator("[data-testid=stFileUploader] [role=alert]")
    told.filter(has_text="不能导入").wait_for()
    assert not any("a" <= letter.casefold() <= "z" for letter in told.inner_text())
    # Streamlit tells it to screen readers alone and hides it from the rest.
    assert told.bounding_box()["width"] > 150


def test_a_reader_at_the_address_is_told_that_nothing_can_be_imported(open_cockpit):
    cockpit = open_cockpit("/import")
    cockpit.wait_text(".refusal", "此处不能导入")
    assert cockpit.page.locator("[data-testid=stTopNavLink]", has_text="导入").count() == 0
    assert cockpit.page.locator("[role=dialog]").count() == 0


def test_no_text_of_the_widgets_is_left_in_english(officer, filled):
    assert "per file" not in officer.page.locator("[data-testid=stFileUploader]").inner_text()
    choose_file(officer, filled)
    officer.page.locator(".chosen-file").wait_for()
    onward(officer, "坐标系与列对应")
    for word in ("Choose", "Select", "Press Enter", "Browse"):
        assert word not in officer.page.locator("[data-testid=stMain]").inner_text()
