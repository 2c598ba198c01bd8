"""The import page: five steps for editors, the work in a process of its own, and nothing lost."""

import contextlib
import gc
import io
import json
import os
import shutil
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import openpyxl
import pandas as pd
import pytest

from data.__main__ import main as data_main
from data.publishing import history, rollback
from data.registers import run, staging
from data.registers.difference import Difference
from data.registers.peek import main as peek_main
from data.registers.registry import REGISTERS
from data.registers.template import template_bytes
from data.snapshot import current_version, store_folder
from geo.crs import SYSTEMS, from_wgs84
from tests.reading import View
from ui import import_columns, import_draft, import_preview, import_publish, import_report
from ui.import_draft import Draft, Upload, file_name
from ui.import_job import CANCELLED, Job

WAIT_S = 120
HEADINGS = "公厕编号,公厕,经度,纬度,类别,备注\n"
SOUND = [
    "G001,湖滨一公园公厕,120.1600,30.2500,一类,好",
    "G002,钱江路公厕,120.2019,30.2507,二类,",
    "G003,吴山公厕,120.1650,30.2400,三类,",
]


@pytest.fixture(autouse=True)
def editing(monkeypatch):
    monkeypatch.setenv("COCKPIT_EDITING", "1")
    monkeypatch.delenv("COCKPIT_POSTGIS", raising=False)


@pytest.fixture(scope="module")
def checking_store(built_store, tmp_path_factory):
    """A store in which files are checked and nothing is published."""
    return shutil.copytree(built_store, tmp_path_factory.mktemp("checking") / "store")


class QuickJob:
    """The same commands, run at once in this process: starting another one takes seconds."""

    step, share = "", None

    def __init__(self, arguments, environment):
        assert environment["COCKPIT_STORE"] == str(store_folder())
        said = io.StringIO()
        module, *rest = arguments[1:]
        with contextlib.redirect_stdout(said):
            {"data": data_main, "data.registers.peek": peek_main}[module](rest)
        self.outcome = json.loads(said.getvalue().splitlines()[-1])

    def wait(self, timeout_s):
        return self.outcome

    def cancel(self):
        """Nothing is left to end."""


@pytest.fixture
def office(servers, checking_store, monkeypatch):
    """The app over that store."""
    monkeypatch.setattr(import_draft, "Job", QuickJob)
    servers.serve(checking_store)
    return servers


@pytest.fixture
def own_store(servers, built_store, tmp_path):
    """The app over a store of its own, which may be published to."""
    store = shutil.copytree(built_store, tmp_path / "store")
    servers.restart(store)
    return store


def csv(*rows, encoding="utf-8"):
    return (HEADINGS + "\n".join(rows) + "\n").encode(encoding)


def opened(site, **query):
    """The import page in a new session; its address is known once a page has run."""
    return site.open("catalog", **query).switch_page("views/imports.py").run()


class Officer:
    """One data officer at the import page."""

    def __init__(self, site, **query):
        self.app = opened(site, **query)

    @property
    def view(self):
        return View(self.app)

    @property
    def step(self):
        (now,) = self.view.texts("now")
        return now

    @property
    def refusals(self):
        return self.view.texts("refusal")

    @property
    def draft(self):
        return self.app.session_state["import_draft"]

    def upload(self, name, content):
        self.app.file_uploader(key="import_file").set_value((name, content, "")).run()

    def click(self, key):
        """Click a button and wait for the work that it starts."""
        self.app.button(key=key).click().run()
        deadline = time.monotonic() + WAIT_S
        while "import_draft" in self.app.session_state and self.draft.job:
            assert time.monotonic() < deadline, "the work does not end"
            self.draft.job.wait(1)
            self.app.run()

    def to_columns(self, content, name="公厕.csv"):
        self.upload(name, content)
        self.click("import_next")

    def to_report(self, content, crs="wgs84", name="公厕.csv"):
        self.to_columns(content, name)
        self.app.radio(key="import_crs").set_value(crs).run()
        self.tell_origin()
        self.click("import_next")

    def tell_origin(self, provider="区城管局", as_of="2026-06"):
        self.app.text_input(key="import_provider").set_value(provider).run()
        self.app.text_input(key="import_as_of").set_value(as_of).run()

    def to_publish(self, content):
        self.to_report(content)
        self.click("import_next")
        self.click("import_next")


# --- who may ---------------------------------------------------------------------------------------


def test_readers_are_told_kindly_that_nothing_can_be_imported_here(site, monkeypatch):
    monkeypatch.delenv("COCKPIT_EDITING")
    app = opened(site)
    view = View(app)
    assert view.failures == []
    (told,) = view.texts("refusal")
    assert "此处不能导入" in told
    assert "make run EDIT=1" in told
    assert len(app.get("file_uploader")) == 0


@pytest.mark.parametrize("value", ["0", "", "true", "yes"])
def test_only_the_one_value_allows_editing(site, monkeypatch, value):
    monkeypatch.setenv("COCKPIT_EDITING", value)
    assert View(opened(site)).texts("refusal")


# --- step 1 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [one.name for one in REGISTERS])
def test_every_register_can_be_chosen_by_address_and_says_what_it_needs(site, name):
    officer = Officer(site, register=name)
    assert officer.view.failures == []
    assert officer.draft.register_name == name
    facts = "".join(officer.view.texts("explained"))
    for field in officer.draft.register.field_names:
        assert officer.draft.register.column(field).title in facts


def test_an_unknown_register_in_the_address_is_told_and_ignored(site):
    officer = Officer(site, register="<b>x</b>")
    assert officer.view.failures == []
    assert any("登记册“" in text for text in officer.view.notices)


def test_without_a_file_it_does_not_go_on(site):
    officer = Officer(site)
    assert "①" in officer.step
    assert officer.app.button(key="import_next").disabled
    assert "请先选择文件" in officer.view.text


def test_a_file_stays_chosen_until_it_is_replaced_and_goes_from_the_disk_then(site):
    officer = Officer(site)
    officer.upload("公厕.csv", csv(*SOUND))
    path = officer.draft.upload.path
    assert path.read_bytes() == csv(*SOUND)
    assert path.parent.stat().st_mode & 0o077 == 0
    officer.click("import_replace")
    assert not path.exists()
    assert officer.app.button(key="import_next").disabled


def test_a_database_is_offered_where_one_is_configured(office, monkeypatch):
    assert not Officer(office).app.text_input
    monkeypatch.setenv("COCKPIT_POSTGIS", "postgresql://nobody:geheim@127.0.0.1:1/none")
    officer = Officer(office)
    officer.app.text_input(key="import_relation").set_value("public.toilets").run()
    assert officer.draft.source == "postgis:public.toilets"
    officer.click("import_next")
    assert officer.view.failures == []
    (told,) = officer.refusals
    assert "geheim" not in told
    assert "①" in officer.step


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("公厕.csv", "公厕.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\资料\\河道.xlsx", "河道.xlsx"),
        ("", "upload"),
        ("...", "upload"),
        ("a\x00b\n.csv", "ab.csv"),
        ("名" * 200 + ".xlsx", "名" * 60 + ".xlsx"),
    ],
)
def test_names_of_files_are_harmless_on_disk(given, kept):
    assert file_name(given) == kept


# --- step 2 ----------------------------------------------------------------------------------------


def test_headings_are_matched_and_shown_with_their_first_values(office):
    officer = Officer(office)
    officer.to_columns(csv(*SOUND))
    assert officer.view.failures == []
    assert "②" in officer.step
    assert officer.app.selectbox(key="import_field_toilet_id").value == "公厕编号"
    assert officer.app.selectbox(key="import_field_lon").value == "经度"
    assert "例：G001、G002、G003" in officer.view.texts("samples")
    assert "备注" in officer.view.text
    assert officer.app.button(key="import_next").disabled
    assert "请选择坐标系" in officer.view.text


@pytest.mark.parametrize("odd", ["=奇怪=的列", "-奇怪的列", "--map"])
def test_a_column_not_recognised_is_mapped_by_hand(office, odd):
    officer = Officer(office)
    officer.to_columns(csv(*SOUND).replace("公厕编号".encode(), odd.encode()))
    assert "还没有对应的必填列：公厕编号" in officer.view.text
    officer.app.radio(key="import_crs").set_value("wgs84").run()
    officer.app.selectbox(key="import_field_toilet_id").set_value(odd).run()
    officer.tell_origin()
    officer.click("import_next")
    assert officer.refusals == []
    assert "③" in officer.step
    assert officer.view.cards["合格"].number == 3


def test_one_column_for_two_fields_is_refused_before_the_check(office):
    officer = Officer(office)
    officer.to_columns(csv(*SOUND))
    officer.app.selectbox(key="import_field_street_name").set_value("公厕编号").run()
    assert "同一列不能对应两个字段：公厕编号" in officer.view.text
    assert officer.app.button(key="import_next").disabled


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.csv", b"\n"),
        ("坏.xlsx", b"PK\x03\x04rubbish"),
        ("图.csv", b"\x89PNG\r\n\x1a\n" + bytes(99)),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_chinese_and_nothing_is_lost(
    own_store, office, name, content
):
    officer = Officer(office)
    officer.to_columns(content, name)
    assert officer.view.failures == []
    assert "①" in officer.step
    (told,) = officer.refusals
    assert "未能继续" in told
    assert any("一" <= c <= "鿿" for c in told.replace("未能继续", ""))
    assert "Traceback" not in told
    assert officer.draft.upload is not None
    assert current_version(store_folder()) == 1
    assert officer.app.button(key="import_next").disabled, "it would end the same"
    assert "无法读取，请按提示改正后更换文件" in officer.view.text
    officer.click("import_replace")
    officer.upload("公厕.csv", csv(*SOUND))
    assert not officer.app.button(key="import_next").disabled


@pytest.mark.parametrize(
    ("provider", "as_of", "hint"),
    [
        ("", "2026-06", "请填写报送单位"),
        ("  ", "2026-06", "请填写报送单位"),
        ("区城管局", "", "请填写数据日期"),
        ("区城管局", "去年", "数据日期“去年”无法识别"),
        ("区城管局", "2026年6月", ""),
    ],
)
def test_a_register_needs_a_provider_and_a_date(office, provider, as_of, hint):
    officer = Officer(office)
    officer.to_columns(csv(*SOUND))
    officer.app.radio(key="import_crs").set_value("wgs84").run()
    officer.tell_origin(provider, as_of)
    assert hint in officer.view.text
    assert officer.app.button(key="import_next").disabled == bool(hint)


def test_every_coordinate_system_is_explained():
    assert set(import_columns.CRS_NOTES) == set(SYSTEMS)


# --- steps 3 to 5 ----------------------------------------------------------------------------------


def test_from_the_template_to_the_page_and_back(own_store, servers):
    officer = Officer(servers, register="toilets")
    book = openpyxl.load_workbook(io.BytesIO(template_bytes(officer.draft.register)))
    sheet = book["填报"]
    headings = [cell.value for cell in sheet[1]]
    for row in range(2, 4):
        sheet.cell(row, headings.index("公厕编号") + 1).value = f"T{row}"
        sheet.cell(row, headings.index("公厕") + 1).value = f"新公厕{row}"
    filled = io.BytesIO()
    book.save(filled)
    officer.to_publish(filled.getvalue())
    assert officer.refusals == []
    assert "⑤" in officer.step
    assert officer.app.button(key="import_next").disabled
    officer.app.text_input(key="import_actor").set_value("值班员甲").run()
    officer.click("import_next")
    assert officer.refusals == []
    assert "已发布 公共厕所" in officer.view.texts("achieved")[0]
    assert View(servers.open("toilets")).cards["公共厕所"].number == 2
    (entry,) = [one for one in history(own_store) if one.change.dataset == "toilets.toilets"]
    assert (entry.change.actor, entry.change.accepted_count) == ("值班员甲", 2)
    officer.app.button(key="import_rollback").click().run()
    assert officer.app.text_input(key="rollback_actor").value == "值班员甲"
    rollback(own_store, entry.previous, "值班员甲")
    officer.app.run()
    assert "驾驶舱现在使用 v00001" in officer.view.texts("achieved")[0]
    assert View(servers.open("toilets")).cards["公共厕所"].number == 454


def test_rejected_rows_are_left_out_only_knowingly(office):
    officer = Officer(office)
    officer.to_report(csv(*SOUND, "G001,重复公厕,120.16,30.25,一类,", "G009,,120.16,30.25,一类,"))
    view = officer.view
    assert view.failures == []
    assert view.cards["读取"].number == 5
    rejected = view.cards["拒绝"].number
    assert rejected >= 1
    assert view.cards["合格"].number + rejected == 5
    officer.click("import_next")
    officer.click("import_next")
    officer.app.text_input(key="import_actor").set_value("甲").run()
    assert officer.app.button(key="import_next").disabled
    officer.app.checkbox(key="import_leave_out").set_value(True).run()
    assert not officer.app.button(key="import_next").disabled
    assert current_version(store_folder()) == 1


def test_what_keeps_a_file_from_being_published_stands_by_the_button(office, monkeypatch):
    reason = "“月度水质”有 3 行所指的河道不在河道名录中"
    monkeypatch.setattr(run, "obstacles", lambda *_: [reason])
    officer = Officer(office)
    officer.to_report(csv(*SOUND))
    assert officer.app.button(key="import_next").disabled
    assert reason in officer.view.text
    officer.draft.step = import_draft.PUBLISH
    officer.app.run()
    officer.app.text_input(key="import_actor").set_value("甲").run()
    assert officer.app.button(key="import_next").disabled
    assert f"这份文件不能发布：{reason}" in officer.view.text


def test_a_wrong_coordinate_system_is_told_and_changed_with_one_click(office):
    cells = [row.split(",") for row in SOUND]
    x, y = from_wgs84(*(np.array([float(row[at]) for row in cells]) for at in (2, 3)), "gk120")
    for row, east, north in zip(cells, x, y, strict=True):
        row[2:4] = f"{east:.2f}", f"{north:.2f}"
    officer = Officer(office)
    officer.to_report(csv(*map(",".join, cells)), crs="wgs84")
    assert officer.view.failures == []
    assert "不能发布" in "".join(officer.view.texts("findings"))
    assert officer.app.button(key="import_next").disabled
    officer.click("import_suggestion")
    assert officer.draft.crs == "gk120"
    assert officer.view.cards["合格"].number == 3


def test_a_doubted_coordinate_system_can_be_stood_by(office, built_tables):
    known = built_tables["toilets.toilets"].head(40)
    x, y = from_wgs84(known["lon"].to_numpy(), known["lat"].to_numpy(), "gcj02")
    rows = pd.DataFrame({"公厕编号": known["toilet_id"], "名称": known["toilet_name"]})
    content = rows.assign(经度=x.round(7), 纬度=y.round(7)).to_csv(index=False).encode()
    officer = Officer(office)
    officer.to_report(content, crs="wgs84")
    assert "核实后确认" in "".join(officer.view.texts("findings"))
    assert officer.app.button(key="import_next").disabled
    officer.click("import_stand_by")
    assert officer.view.failures == []
    assert not officer.app.button(key="import_next").disabled
    assert "import_stand_by" not in [button.key for button in officer.app.button]


def test_going_back_loses_nothing_and_the_same_check_is_not_made_twice(office):
    officer = Officer(office)
    officer.to_columns(csv(*SOUND))
    officer.app.radio(key="import_crs").set_value("wgs84").run()
    officer.tell_origin(provider="--区城管局")
    officer.click("import_next")
    first = officer.draft.staging_id
    officer.click("import_back")
    officer.click("import_back")
    assert "①" in officer.step
    officer.click("import_next")
    assert officer.app.text_input(key="import_provider").value == "--区城管局"
    assert officer.app.text_input(key="import_as_of").value == "2026-06"
    assert officer.app.radio(key="import_crs").value == "wgs84"
    officer.click("import_next")
    assert officer.draft.staging_id == first
    officer.click("import_back")
    officer.app.radio(key="import_crs").set_value("cgcs2000").run()
    officer.click("import_next")
    assert officer.draft.staging_id != first


def test_a_register_that_changed_after_the_check_is_told(own_store, servers, monkeypatch):
    monkeypatch.setattr(import_draft, "Job", QuickJob)
    slow, quick = Officer(servers), Officer(servers)
    slow.to_report(csv(*SOUND))
    assert slow.refusals == []
    quick.to_publish(csv(*SOUND[:2]))
    quick.app.text_input(key="import_actor").set_value("乙").run()
    quick.click("import_next")
    assert quick.refusals == []
    slow.app.run()
    (told,) = slow.refusals
    assert "这份登记册已更新" in told
    slow.click("import_check_again")
    assert slow.refusals == []


def test_a_check_that_was_swept_can_be_made_again(office):
    officer = Officer(office)
    officer.to_report(csv(*SOUND))
    staging.drop(store_folder(), officer.draft.staging_id)
    officer.draft.staged = None
    officer.app.run()
    assert officer.view.failures == []
    (told,) = officer.refusals
    assert "校验结果已不可用" in told
    officer.click("import_check_again")
    assert "③" in officer.step


def test_texts_of_the_file_stay_text(office):
    attack = "<img src=x onerror=alert(1)>**粗**"
    officer = Officer(office)
    officer.to_report(
        csv(*SOUND, f"G007,{attack},120.16,30.25,{attack},"), name=f"{attack[:8]}.csv"
    )
    for _ in range(3):
        view = officer.view
        assert view.failures == []
        assert not any(e.tag == "img" for root in view.blocks for e in root.iter())
        if not officer.app.button(key="import_next").disabled:
            officer.click("import_next")


def test_abandoning_an_import_leaves_no_file_behind(office):
    officer = Officer(office)
    officer.to_report(csv(*SOUND))
    path, staged = officer.draft.upload.path, officer.draft.staged.folder
    assert staged.is_dir()
    officer.click("import_anew")
    assert not path.exists()
    assert not staged.exists()
    assert "①" in officer.step


# --- parts -----------------------------------------------------------------------------------------


def test_settings_decide_whether_a_check_still_holds():
    draft = Draft(register_name="toilets", seen={}, crs="wgs84", staging_id="x")
    draft.checked = draft.settings
    assert draft.is_checked
    draft.headings["toilet_id"] = "编号"
    assert not draft.is_checked


def test_an_upload_goes_when_nobody_holds_it_any_more():
    upload = Upload("a.csv", memoryview(b"x"))
    path = upload.path
    assert path.exists()
    del upload
    gc.collect()
    assert not path.exists()


def test_folders_left_by_a_killed_server_are_swept(tmp_path, monkeypatch):
    monkeypatch.setattr(import_draft.tempfile, "gettempdir", lambda: str(tmp_path))
    old, fresh = tmp_path / "cockpit-upload-old", tmp_path / "cockpit-upload-new"
    old.mkdir()
    fresh.mkdir()
    os.utime(old, (0, 0))
    import_draft._sweep()
    assert not old.exists()
    assert fresh.exists()


def job(code):
    return Job(["-c", code], {})


def test_a_job_tells_its_steps_and_its_outcome():
    running = job(
        "import json, time\n"
        "print(json.dumps({'step': '校验数值', 'share': 0.4}), flush=True)\n"
        "print('noise'); print('[1]')\n"
        "print(json.dumps({'staging_id': 'x', 'read_count': 3}))"
    )
    assert running.wait(WAIT_S) == {"staging_id": "x", "read_count": 3}
    assert (running.step, running.share) == ("校验数值", 0.4)


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.abort()",
        "raise SystemExit(2)",
        "1/0",
        "import sys; sys.stdout.buffer.write(b'\\xff\\n')",
    ],
)
def test_a_job_that_dies_is_told_in_chinese(code):
    outcome = job(code).wait(WAIT_S)
    assert "没有改动任何数据" in outcome["problem"]
    assert "Traceback" not in outcome["problem"]


def test_a_job_can_be_cancelled():
    running = job("import time; time.sleep(600)")
    running.cancel()
    assert running.wait(WAIT_S) == {"problem": CANCELLED}


def test_a_job_ends_when_its_session_does():
    running = job("import time; time.sleep(600)")
    process = running._process
    del running
    gc.collect()
    assert process.wait(WAIT_S) is not None


def test_a_talkative_job_does_not_block():
    code = "import sys\nfor i in range(20000): print('x' * 99, file=sys.stderr)\nprint('{\"done\": 1}')"
    assert job(code).wait(WAIT_S) == {"done": 1}


def test_what_happens_to_a_row_is_never_told_by_colour_alone():
    for looks in (import_preview.LOOKS, import_report.LOOKS):
        assert len({look.shape for look in looks.values()}) == len(looks)
        assert len({look.word for look in looks.values()}) == len(looks)


@pytest.mark.parametrize(
    ("rejected", "detail"), [(0, "现有而文件中没有"), (1, "现有而合格的行中没有")]
)
def test_a_row_that_goes_because_it_was_refused_is_not_said_to_be_missing_from_the_file(
    rejected, detail
):
    one, none = pd.DataFrame({"toilet_id": ["T1"]}), pd.DataFrame({"toilet_id": []})
    compared = Difference(none, none, none, one, 2, replaces_sample=False)
    staged = SimpleNamespace(
        difference=compared, row_word="行", rejected_count=rejected, register=REGISTERS[0]
    )
    gone = next(one for one in import_preview.figures(staged) if "减少" in one.label)
    assert gone.detail == detail


@pytest.mark.parametrize("one", REGISTERS, ids=lambda one: one.name)
def test_every_register_leads_to_a_page_that_exists(one):
    path, title = import_publish.page_of(one.dataset)
    assert Path(path).is_file()
    assert title


def test_peek_answers_in_json_lines(office, tmp_path, capsys):
    path = tmp_path / "公厕.csv"
    path.write_bytes(csv(*SOUND, encoding="gb18030"))
    assert peek_main(["toilets", str(path)]) == 0
    *_, last = capsys.readouterr().out.splitlines()
    seen = json.loads(last)
    assert seen["row_count"] == 3
    assert {"heading": "备注", "field": "", "samples": ["好"]} in seen["headings"]
    assert peek_main(["toilets", str(tmp_path / "nothing.csv")]) == 2
    *_, last = capsys.readouterr().out.splitlines()
    assert "nothing.csv" in json.loads(last)["problem"]


def test_the_map_of_the_preview_says_what_publishing_does(office):
    officer = Officer(office)
    officer.to_report(csv(*SOUND))
    officer.click("import_next")
    (chart,) = officer.app.get("deck_gl_json_chart")
    place, _, told = chart.proto.alt.partition("：")
    assert place == "公共厕所"
    assert told.startswith("发布后的变化。公共厕所现为示例数据：")
    assert "3 行" in told and "**" not in told


def test_a_register_without_positions_shows_its_new_rows_in_place_of_a_map(office):
    officer = Officer(office, register="water_quality")
    officer.to_columns("断面,月份,溶解氧\nD001,2025-05,6.2\n".encode(), name="水质.csv")
    officer.tell_origin()
    officer.click("import_next")
    officer.click("import_next")
    assert officer.view.failures == []
    assert "④" in officer.step
    (table,) = officer.app.dataframe
    assert table.value["月份（当月 1 日）"].tolist() == ["2025-05-01"]


def test_the_preview_says_what_a_register_of_people_adds_up_to(office):
    officer = Officer(office, register="population")
    officer.to_columns("编号,社区,人口,街道\n1,涌金门社区,5200,湖滨\n".encode(), name="人口.csv")
    officer.tell_origin()
    officer.click("import_next")
    officer.click("import_next")
    assert officer.view.failures == []
    assert "④" in officer.step
    assert "共 5,200 人：湖滨街道 5,200；没有数据的 13 个街道" in officer.view.text
    assert "并补报缺少的街道。" in officer.view.text


def test_a_page_says_when_only_some_of_its_registers_are_samples(own_store, servers):
    assert "示例 登记册未导入" in View(servers.open("overview")).text
    officer = Officer(servers)
    officer.to_publish(csv(*SOUND))
    officer.app.text_input(key="import_actor").set_value("甲").run()
    officer.click("import_next")
    view = View(servers.open("overview"))
    assert "部分登记册未导入" in view.text
    assert "部分登记册仍为示例数据" in view.text
    # The toilets are registered, the service stations of their page are not yet.
    assert "部分登记册未导入" in View(servers.open("toilets")).texts("head-note")[0]
