"""The catalog page: every dataset with its source, freshness and findings; columns, rows, history."""

import io
import json
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from data.catalog import datasets
from data.contracts import TABLES, table
from data.publishing import Change, HistoryEntry
from data.snapshot import publish, write_snapshot
from tests.reading import View
from ui import catalog, history

ATTACK = "<img src=x onerror=alert(1)>**粗**"


@pytest.fixture
def described(servers, built, tmp_path):
    """Serve the default build with one dataset described otherwise; returns the page's view."""
    tables, meta = built

    def serve(dataset, **changes):
        said = [replace(one, **changes) if one.dataset == dataset else one for one in meta]
        publish(tmp_path, write_snapshot(tmp_path, tables, said))
        servers.restart(tmp_path)
        return View(servers.open("catalog", dataset=dataset))

    return serve


@pytest.fixture
def past(monkeypatch):
    """Three publications: a first build that was pruned, a register, and a way back."""
    register = Change(
        "import", "值班员甲", dataset="toilets.toilets", provider=ATTACK, as_of="2026-06",
        source="公厕.xlsx", read_count=455, accepted_count=452, rejected_count=3, new_count=12,
        changed_count=40, gone_count=2,
    )  # fmt: skip
    made = [
        HistoryEntry("2026-06-01T00:00:00+00:00", 1, None, Change("build", "系统"), False, False),
        HistoryEntry("2026-07-01T16:30:00+00:00", 2, 1, register, True, False),
        HistoryEntry("2026-07-02T00:00:00+00:00", 3, 2, Change("rollback", "乙"), True, True),
    ]
    monkeypatch.setattr(history, "history", lambda store: made)


def row_of(view, title):
    (row,) = [text for text in view.texts("dataset") if text.startswith(title)]
    return row


def ways_to_import(view):
    labels = [link.proto.label for link in view.app.get("page_link")]
    return [label for label in labels if label.startswith("导入")]


def picks(view):
    return [e.get("data-pick") for root in view.blocks for e in root.iter() if e.get("data-pick")]


# --- the list ------------------------------------------------------------------------------------


def test_every_dataset_of_the_contract_is_listed_once(site):
    view = site.view("catalog")
    assert view.failures == []
    listed = [pick for pick in picks(view) if pick in {one.path for one in TABLES}]
    assert sorted(listed) == sorted(one.path for one in TABLES)
    assert set(catalog.THEMES) == {one.database for one in TABLES}


def test_figures_count_what_the_snapshot_says_of_itself(site, sql):
    meta = pd.concat(
        sql(f"SELECT * FROM {name}._meta")
        for name in ("base", "plan", "rivers", "streets", "toilets", "lighting")
    )
    cards = site.view("catalog").cards
    assert cards["数据集"].number == len(meta)
    assert (
        cards["示例数据"].number
        == ((meta["source_kind"] == "sample") & (meta["row_count"] > 0)).sum()
    )
    assert cards["待填报"].number == (meta["row_count"] == 0).sum()
    assert cards["数据集"].status == f"共 {meta['row_count'].sum():,} 行"


def test_the_sentence_names_the_samples(site):
    (sentence,) = site.view("catalog").texts("findings")
    assert "个是示例数据" in sentence
    assert "没有过期的登记册" in sentence


def test_without_samples_the_registers_await_their_data(bare):
    view = View(bare.open("catalog", dataset="toilets.toilets"))
    assert view.failures == []
    assert "○ 待填报" in row_of(view, "公共厕所")
    assert any("公共厕所待填报" in text for text in view.texts("empty"))
    assert view.cards["示例数据"].number == 0
    assert "没有示例数据" in "".join(view.texts("findings"))


@pytest.mark.parametrize(
    ("as_of", "look"),
    [("2020", "▲ 已过期"), ("2120-01", "● 正常"), ("不详", "— 不适用")],
)
def test_freshness_is_told_by_shape_and_word(described, as_of, look):
    view = described("toilets.toilets", source_kind="register", as_of=as_of, provider="区城管局")
    assert look in row_of(view, "公共厕所")
    assert "登记册" in row_of(view, "公共厕所")
    assert view.cards["已过期"].number == (1 if "过期" in look else 0)


def test_findings_of_the_import_are_counted_and_listed(described):
    view = described(
        "toilets.toilets", source_kind="register",
        findings_json=json.dumps({"街道与位置不符": 3, "<b>规则</b>": 1}),
    )  # fmt: skip
    assert "▲ 4 条" in row_of(view, "公共厕所")
    lines = "".join(view.texts("lines"))
    assert "街道与位置不符" in lines
    assert "<b>规则</b>" in lines
    assert view.cards["导入时有问题"].number == 1


def test_hostile_texts_of_a_register_stay_text(described):
    view = described(
        "toilets.toilets", source_kind="register", provider=ATTACK, source=ATTACK, licence=ATTACK
    )
    assert view.failures == []
    shown = "".join(view.texts("explained"))
    assert "<img src=x onerror=alert(1)>" in shown
    assert "**粗**" not in shown  # the marks for bold type are made harmless, not obeyed
    assert not any(e.tag == "img" for root in view.blocks for e in root.iter())


def test_reckoned_tables_say_from_what(site):
    view = View(site.open("catalog", dataset="rivers.reaches"))
    assert "推算自" in "".join(view.texts("explained"))
    assert "推算" in row_of(view, "河段")


# --- the one chosen ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [one.path for one in TABLES])
def test_every_dataset_shows_its_columns_and_its_first_rows(site, built_tables, path):
    view = View(site.open("catalog", dataset=path))
    assert view.failures == []
    (fields,) = view.texts("fields")
    contract = table(path)
    assert all(column.title in fields and column.name in fields for column in contract.columns)
    if built_tables[path].empty:
        assert view.rows.empty
        assert "待填报" in row_of(view, contract.title)
        return
    titles = {column.title for column in contract.columns if column.name != "source_kind"}
    assert titles <= set(view.rows.columns)
    assert 0 < len(view.rows) <= catalog.PREVIEW_ROWS
    assert view.rows.map(lambda cell: len(str(cell))).max().max() <= catalog.CELL_CHARS + 1


def test_coded_values_are_shown_in_the_words_of_the_office(site):
    rows = View(site.open("catalog", dataset="rivers.rivers")).rows
    assert set(rows["等级"].dropna()) <= {"干流", "主要河道", "支流"}
    assert set(rows["已上图"].dropna()) <= {"是", "否"}


def test_an_unknown_dataset_in_the_address_is_told_and_ignored(site):
    view = View(site.open("catalog", dataset="toilets; DROP TABLE x"))
    assert view.failures == []
    assert any("数据集" in text and "已忽略" in text for text in view.notices)
    assert "公共厕所" in "".join(view.texts("detail"))


def test_the_export_holds_every_row_and_says_that_it_is_a_sample(site, sql):
    site.view("catalog")
    (one,) = [d for d in _listed(sql) if d.path == "toilets.toilets"]
    frame = pd.read_csv(io.BytesIO(catalog.whole_csv(one)))
    assert len(frame) == one.rows
    assert set(frame["数据性质"]) == {"示例"}
    assert frame["范围"].str.contains("示例数据，仅供演示").all()


def _listed(sql):
    meta = pd.concat(
        sql(f"SELECT '{name}' AS database, * FROM {name}._meta")
        for name in ("base", "plan", "rivers", "streets", "toilets", "lighting")
    )
    return datasets(meta, date(2026, 11, 1))


def test_the_template_can_be_taken_along_for_registers_only(site):
    with_template = View(site.open("catalog", dataset="toilets.toilets")).app
    without = View(site.open("catalog", dataset="plan.clauses")).app
    labels = [[b.label for b in app.get("download_button")] for app in (with_template, without)]
    assert "下载填报模板" in labels[0]
    assert "下载填报模板" not in labels[1]


# --- publications --------------------------------------------------------------------------------


def test_the_history_is_told_newest_first_in_the_districts_time(site, past):
    view = View(site.open("catalog"))
    (told,) = view.texts("history")
    assert told.index("v00003") < told.index("v00002") < told.index("v00001")
    assert "2026-07-02 00:30" in told
    assert "452 行：新增 12、变更 40、减少 2，拒绝 3" in told
    assert "导入 公共厕所" in told
    assert "<img src=x" in told
    assert "● 当前" in told
    assert "— 已清理" in told


def test_only_editors_are_offered_the_way_back_and_the_import(site, past, monkeypatch):
    monkeypatch.delenv("COCKPIT_EDITING", raising=False)
    reader = View(site.open("catalog", dataset="toilets.toilets"))
    assert not [pick for pick in picks(reader) if pick.startswith("rollback-")]
    assert ways_to_import(reader) == []
    monkeypatch.setenv("COCKPIT_EDITING", "1")
    editor = View(site.open("catalog", dataset="toilets.toilets"))
    assert [pick for pick in picks(editor) if pick.startswith("rollback-")] == ["rollback-2"]
    assert ways_to_import(editor) == ["导入公共厕所"]


def test_an_unreadable_history_is_no_fault_of_the_page(site, monkeypatch):
    def fail(store):
        raise OSError("no log")

    monkeypatch.setattr(history, "history", fail)
    view = View(site.open("catalog"))
    assert view.failures == []
    assert any("还没有发布记录" in text for text in view.texts("empty"))


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-07-01T16:30:00+00:00", "2026-07-02 00:30"),
        ("2026-07-01T16:30:00", "2026-07-02 00:30"),
        ("gestern", "gestern"),
    ],
)
def test_moments_are_shown_as_the_districts_clocks_do(moment, shown):
    assert history.local_time(moment) == shown


def test_a_kiosk_shows_all_datasets_and_nothing_else(site):
    view = View(site.open("catalog", kiosk="1"))
    assert view.failures == []
    assert sorted(pick for pick in picks(view)) == sorted(one.path for one in TABLES)
    assert not view.texts("fields")
    assert not view.app.get("download_button")
