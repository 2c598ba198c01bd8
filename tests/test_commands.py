"""``python -m data``: from a file to the map and back, with exit codes, JSON lines and progress."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from data.__main__ import main
from data.commands.output import Bar, JsonProgress, table_text
from data.commands.registers import mapping_of
from data.history import Change, history, settle
from data.publishing import publish_register
from data.registers.registry import REGISTERS, register
from data.snapshot import PROJECT_ROOT, SnapshotError, current_version, snapshot_folder
from data.standing import StandingTables

HEAD = "公厕编号,公厕,经度,纬度,星级"
GOOD = ("A1,湖滨一公园公厕,120.158,30.2535,5", "A2,湖滨二公园公厕,120.159,30.2545,4")
ORIGIN = ("--provider", "区城管局", "--as-of", "2025-03")
BAD = "A3,另一公厕,120.159,30.2545,9"

SAMPLE_COUNT = 454 + 40
"""Toilets of the sample: public ones, and those of businesses along the street."""


@pytest.fixture
def store(built_store, tmp_path, monkeypatch):
    """A store of one's own with the default build published."""
    folder = tmp_path / "store"
    shutil.copytree(built_store, folder)
    settle(folder)
    monkeypatch.setenv("COCKPIT_STORE", str(folder))
    return folder


@pytest.fixture
def put(tmp_path):
    """Write lines as a CSV file; returns its path."""

    def write(*lines, head=HEAD, name="公厕.csv"):
        path = tmp_path / name
        path.write_text("\n".join([head, *lines]), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def run(capsys):
    """Run a command: exit code, standard output, standard error."""

    def call(*arguments):
        code = main([str(one) for one in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def records(text):
    return [json.loads(line) for line in text.splitlines()]


def toilets(store):
    with StandingTables(snapshot_folder(store, current_version(store))) as standing:
        return standing["toilets.toilets"]


def contents(store):
    """Every file of a store but the lock."""
    return {
        path.relative_to(store): path.stat().st_mtime_ns
        for path in store.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


# --- the whole way -------------------------------------------------------------------------------


def test_a_file_goes_to_the_map_and_back(store, put, run):
    before = current_version(store)
    code, out, _ = run("import", "toilets", put(*GOOD), "--crs", "wgs84", "--provider", "区城管局",
                       "--as-of", "2025年3月", "--actor", "值班员甲")  # fmt: skip
    assert code == 0 and "已发布版本" in out
    assert toilets(store)["toilet_id"].tolist() == ["A1", "A2"]
    change = history(store)[-1].change
    assert (change.actor, change.provider, change.as_of) == ("值班员甲", "区城管局", "2025-03")
    assert (change.source, change.crs, change.accepted_count) == ("公厕.csv", "wgs84", 2)
    assert (change.gone_count, change.sample_count) == (0, SAMPLE_COUNT)
    assert not list((store / ".staging").iterdir())

    code, out, _ = run("history")
    assert code == 0
    assert out.splitlines()[1].startswith(f"v{current_version(store):05d}")
    assert "值班员甲" in out and "当前" in out and "可回退" in out
    assert "公共厕所" in out and f"替换示例 {SAMPLE_COUNT} 行" in out

    code, out, _ = run("rollback")
    assert code == 0 and "已回退" in out
    assert current_version(store) == before
    assert len(toilets(store)) == SAMPLE_COUNT


def test_a_staged_import_is_published_by_its_id(store, put, run):
    code, out, _ = run(
        "import", "toilets", put(*GOOD, BAD), "--crs", "wgs84", *ORIGIN, "--stage", "--json"
    )
    *steps, last = records(out)
    assert code == 1
    assert all(set(step) == {"step", "share"} for step in steps)
    shares = [step["share"] for step in steps if step["share"] is not None]
    assert shares == sorted(shares)
    counts = [
        last[f"{name}_count"] for name in ("read", "accepted", "rejected", "new", "gone", "sample")
    ]
    assert counts == [3, 2, 1, 2, 0, SAMPLE_COUNT]
    assert len(toilets(store)) == SAMPLE_COUNT

    code, out, _ = run("publish", last["staging_id"], "--json")
    assert code == 1 and "--allow-rejected" in records(out)[-1]["problem"]
    code, out, _ = run("publish", last["staging_id"], "--allow-rejected", "--json")
    done = records(out)[-1]
    assert code == 0 and done["version"] == current_version(store)
    assert len(toilets(store)) == 2
    code, _, err = run("publish", last["staging_id"])
    assert code == 2 and "没有待发布的导入" in err


def test_an_import_checked_against_what_stands_no_more_is_not_published(store, put, run):
    _, out, _ = run("import", "toilets", put(*GOOD), "--crs", "wgs84", *ORIGIN, "--stage", "--json")
    staging_id = records(out)[-1]["staging_id"]
    assert run("import", "toilets", put(GOOD[0], name="b.csv"), "--crs", "wgs84", *ORIGIN)[0] == 0
    code, _, err = run("publish", staging_id)
    assert code == 1 and "重新导入" in err
    assert len(toilets(store)) == 1


@pytest.fixture
def orphans(store, put):
    """A register of rivers that names none of those whose water quality is registered."""
    with StandingTables(snapshot_folder(store, current_version(store))) as standing:
        quality = standing["rivers.water_quality"].head(3).assign(source_kind="register")
    publish_register(store, register("water_quality"), quality, Change("import", "值班员甲"))
    line = "LINESTRING (120.160 30.250, 120.165 30.255)"
    return put(f'Z1,别处的河,"{line}"', head="河道编号,河道名称,wkt", name="河道.csv")


def test_rivers_that_registered_water_quality_needs_are_missed_before_publishing(
    store, orphans, run
):
    before = current_version(store)
    code, out, _ = run("import", "rivers", orphans, "--crs", "wgs84", "--dry-run")
    assert code == 1 and "“月度水质”有 3 行" in out and "保留这些编号或名称" in out
    code, out, _ = run("import", "rivers", orphans, "--crs", "wgs84", *ORIGIN, "--stage", "--json")
    staged = records(out)[-1]
    assert code == 1 and "月度水质" in staged["blockers"][0]
    code, out, err = run("publish", staged["staging_id"])
    assert code == 1 and "不能发布" in err and "月度水质" in err
    assert current_version(store) == before


def test_another_register_published_meanwhile_does_not_matter(store, put, run):
    _, out, _ = run("import", "toilets", put(*GOOD), "--crs", "wgs84", *ORIGIN, "--stage", "--json")
    spots = put("D1,东河绿地,120.158,30.2535,绿地,2021-03-15",
                head="编号,位置,经度,纬度,类别,发现日期", name="暗点.csv")  # fmt: skip
    code, _, err = run("import", "dark_spots", spots, "--crs", "wgs84", *ORIGIN)
    assert code == 0, err
    assert run("publish", records(out)[-1]["staging_id"])[0] == 0
    assert len(toilets(store)) == 2


def test_a_mapped_column_is_remembered_once_it_was_published(store, put, run):
    lines = [line.rsplit(",", 1)[0] for line in GOOD]
    path = put(*lines, head="公厕编号,叫什么,经度,纬度")
    assert run("import", "toilets", path, "--crs", "wgs84", "--dry-run")[0] == 1
    done = run("import", "toilets", path, "--crs", "wgs84", *ORIGIN, "--map", "叫什么=toilet_name")
    assert done[0] == 0
    assert run("import", "toilets", path, "--crs", "wgs84", "--dry-run")[0] == 0
    assert toilets(store)["toilet_name"].tolist() == ["湖滨一公园公厕", "湖滨二公园公厕"]


# --- nothing changed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "more", "code", "words"),
    [
        (GOOD, ["--dry-run"], 0, "与现有数据相比"),
        ((*GOOD, BAD), ["--dry-run"], 1, "大于 5"),
        ((*GOOD, BAD), [], 1, "--allow-rejected"),
        (GOOD, ["--as-of", "去年"], 2, "数据日期“去年”"),
        (GOOD, ["--as-of", "9999-01"], 2, "数据日期“9999-01”晚于今天"),
        (GOOD, ["--map", "厕所=公厕"], 1, "没有表头 “厕所”"),
        (GOOD, ["--map", "公厕"], 2, "表头=字段"),
        ((), [], 1, "公厕.csv"),
    ],
)  # fmt: skip
def test_what_is_not_published_changes_nothing(store, put, run, lines, more, code, words):
    before = contents(store)
    found = run("import", "toilets", put(*lines), "--crs", "wgs84", *ORIGIN, *more)
    assert found[0] == code
    assert words in found[1] + found[2]
    assert contents(store) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "towers", "x.csv"), "没有登记册“towers”"),
        (("import", "toilets", "missing.csv", *ORIGIN), "找不到文件"),
        (("import", "toilets", "postgis:public.t", *ORIGIN), "没有配置数据库连接"),
        (("publish", "toilets-20260101-0123456789abcdef"), "没有待发布的导入"),
        (("publish", "../../etc"), "既不是暂存编号也不是版本号"),
        (("publish", "999"), "没有版本"),
        (("publish", "v00001"), "无需更改"),
        (("rollback", "999"), "没有版本"),
        (("rollback",), "没有可以回退的版本"),
        (("check", "--version", "999"), "没有版本"),
        (("template", "towers"), "没有登记册"),
    ],
)
def test_what_cannot_be_done_says_why_and_leaves_with_2(store, run, monkeypatch, arguments, words):
    monkeypatch.delenv("COCKPIT_POSTGIS", raising=False)
    before = contents(store)
    code, _, err = run(*arguments)
    assert code == 2 and words in err
    assert contents(store) == before


def test_without_a_snapshot_a_file_can_be_checked_but_not_imported(tmp_path, put, run, monkeypatch):
    monkeypatch.setenv("COCKPIT_STORE", str(tmp_path / "none"))
    path = put(*GOOD)
    assert run("check", "--file", path, "--dataset", "公共厕所", "--crs", "wgs84")[0] == 0
    code, _, err = run("import", "toilets", path, "--crs", "wgs84", *ORIGIN)
    assert code == 2 and "data build" in err
    assert run("history")[1] == "还没有发布过数据\n"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("how", [(), ("--stage",)])
@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((), "--provider 报送单位、--as-of 数据日期"),
        (ORIGIN[:2], "请补上 --as-of 数据日期"),
        ((*ORIGIN[2:], "--provider", " "), "请补上 --provider 报送单位；"),
    ],
)
def test_what_is_to_be_published_says_whose_it_is_and_of_when(store, put, run, how, given, missing):
    before = contents(store)
    code, _, err = run("import", "toilets", put(*GOOD), "--crs", "wgs84", *given, *how)
    assert code == 2 and missing in err and "--dry-run" in err
    assert contents(store) == before


def test_problems_are_one_json_line_too(store, put, run):
    code, out, err = run("import", "toilets", put("x,y"), "--crs", "wgs84", *ORIGIN, "--json")
    assert code == 1 and err == ""
    assert set(records(out)[-1]) == {"problem"}


@pytest.mark.parametrize(
    "arguments",
    [["bogus"], ["import"], ["import", "toilets", "x", "--crs", "utm"], ["check", "--version", "x"],
     ["import", "toilets", "x", "--dry-run", "--stage"], ["history", "--nothing"]],
)  # fmt: skip
def test_a_wrong_command_is_explained_in_chinese(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert "用法" in told
    assert not any(word in told for word in ("usage", "required", "invalid", "unrecognized"))


def test_help_names_every_register_in_chinese(capsys):
    with pytest.raises(SystemExit) as left:
        main(["import", "--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert all(one.name in told and one.title in told for one in REGISTERS)
    assert "show this help" not in told and "options:" not in told


# --- files that commands write -------------------------------------------------------------------


def test_a_template_is_written_and_never_over_a_filled_one(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("template", "toilets")[0] == 0
    path = tmp_path / "公共厕所填报模板.xlsx"
    assert openpyxl.load_workbook(path).sheetnames == ["填报", "填写说明"]
    code, _, err = run("template", "toilets", "--out", path)
    assert code == 2 and "已存在" in err
    code, _, err = run("template", "toilets", "--out", tmp_path / "no" / "t.xlsx")
    assert code == 2


def test_the_report_is_written_but_not_over_the_source(store, put, run, tmp_path):
    path, target = put(*GOOD, BAD), tmp_path / "报告.xlsx"
    code, *_ = run("import", "toilets", path, "--crs", "wgs84", "--dry-run", "--report", target)
    assert code == 1
    assert openpyxl.load_workbook(target).sheetnames == ["摘要", "问题", "原表"]
    code, _, err = run("import", "toilets", path, "--crs", "wgs84", *ORIGIN, "--report", path)
    assert code == 2 and "来源文件" in err
    assert Path(path).read_text(encoding="utf-8").startswith(HEAD)
    assert not list(tmp_path.glob(".报告*"))


# --- pieces --------------------------------------------------------------------------------------


def test_a_heading_may_hold_an_equals_sign():
    assert mapping_of(["a=b=toilet_name", "备注="]) == {"a=b": "toilet_name", "备注": ""}


@pytest.mark.parametrize("pair", ["toilet_name", "=toilet_name", " =x"])
def test_half_a_mapping_is_refused(pair):
    with pytest.raises(SnapshotError, match="表头=字段"):
        mapping_of([pair])


def test_a_table_lines_up_chinese_and_drops_control_characters():
    lines = table_text(["名", "数"], [["公厕", "1"], ["a\x1b[1m", "22"]]).splitlines()
    assert lines == ["名     数", "公厕   1", "a [1m  22"]


def test_the_bar_stays_in_one_line_and_is_gone_in_the_end(tmp_path):
    with (tmp_path / "screen").open("w+", encoding="utf-8", newline="") as screen:
        times = iter(range(10))
        bar = Bar(screen, clock=lambda: next(times))
        bar("读取文件", 0.5)
        bar("校验", None)
        bar.clear()
        screen.seek(0)
        drawn = screen.read()
    assert "\n" not in drawn and "50%" in drawn and "校验……" in drawn
    assert drawn.endswith("\r\x1b[K")


def test_json_steps_are_not_repeated_for_every_thousandth(capsys):
    progress = JsonProgress()
    for number in range(1001):
        progress("校验", number / 1000)
    assert len(capsys.readouterr().out.splitlines()) <= 101


# --- ends of the process -------------------------------------------------------------------------


def started(store, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "data", *arguments], cwd=PROJECT_ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env={**os.environ, "COCKPIT_STORE": str(store), "PYTHONUTF8": "1"},
        # What runs in the background of a shell is deaf to an interrupt, and so are its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_import_leaves_nothing_behind(store, put, tmp_path, sign):
    before = contents(store)
    process = started(
        store, "import", "toilets", put(*GOOD * 2000), "--crs", "wgs84", *ORIGIN, "--json"
    )
    process.stdout.readline()
    process.send_signal(sign)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err.decode()
    assert "没有改动任何数据" in records(out.decode())[-1]["problem"]
    assert contents(store) == before


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_when_nobody_reads_the_work_ends_and_leaves_nothing_behind(store, put):
    before = contents(store)
    process = started(store, "import", "toilets", put(*GOOD), "--crs", "wgs84", *ORIGIN, "--json")
    process.stdout.close()
    err = process.stderr.read().decode()
    process.stderr.close()
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process.returncode == 130
    assert err == ""
    assert contents(store) == before


def test_a_template_that_cannot_be_written_says_why_in_chinese(run, tmp_path):
    code, _, told = run("template", "toilets", "--out", tmp_path / "nowhere" / "x.xlsx")
    assert code == 2
    assert "没有这个文件或文件夹" in told and "No such" not in told


def test_a_report_that_cannot_be_written_says_why_in_chinese(store, put, run, tmp_path):
    report = tmp_path / "nowhere" / "r.xlsx"
    done = run("import", "toilets", put(*GOOD), "--crs", "wgs84", "--dry-run", "--report", report)
    assert done[0] == 2
    assert "没有这个文件或文件夹" in done[2] and "No such" not in done[2]
