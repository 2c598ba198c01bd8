"""Stories as files: what is wrong is told with its line, the rest plays; what is written reads back."""

import base64
import os
import zlib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import story as stories
from data.__main__ import main
from data.check import check_stories
from data.scene_contract import page_rules
from data.story import (
    MOST_BYTES,
    Scene,
    all_stories,
    decoded,
    delete,
    encoded,
    missing_items,
    parse,
    save,
    saved,
    shipped,
    to_toml,
)

HEAD = 'title = "周会"\nsummary = "每周一次"\n\n'
SOUND = '[[scenes]]\ntitle = "水质"\npage = "rivers"\n'
WATER = Scene("水质", "rivers")
ENTRIES = pd.DataFrame(
    [("river", "R07"), ("street", "解放路"), ("toilet", "C001"), ("place", "东站")],
    columns=["entry_kind", "entry_id"],
)


def read(text):
    return parse(text, "weekly.toml", "weekly")


def told(text):
    """Line, number of the scene and message of each problem."""
    return [(one.line, one.scene_no, one.message) for one in read(text).problems]


# --- a sound story -------------------------------------------------------------------------------


def test_a_story_with_all_that_a_scene_may_have():
    story = read(
        HEAD
        + """[[scenes]]
title = "湖滨的水质"   # a remark
page = "rivers"
note = '''
第一句。
第二句。'''
seconds = 45
sub = ["330102003", "330102004", "330102003"]
year = 2023
theme = "light"
item = "river:R07"
keys = { show = "quality", month = 6 }
"""
    )
    assert (story.title, story.summary, story.problems) == ("周会", "每周一次", ())
    assert story.numbers == (1,)
    assert not story.is_shipped
    (scene,) = story.scenes
    assert scene == Scene(
        "湖滨的水质", "rivers", "第一句。\n第二句。", 45, ("330102003", "330102004"), 2023,
        "light", "river:R07", {"show": "quality", "month": "6"},
    )  # fmt: skip
    assert scene.query == {
        "sub": ["330102003", "330102004"], "year": "2023", "theme": "light", "item": "river:R07",
        "show": "quality", "month": "6",
    }  # fmt: skip


def test_a_scene_of_title_and_page_alone():
    story = read(HEAD + SOUND)
    assert story.scenes == (WATER,)
    assert story.total_seconds == 20
    assert WATER.query == {}


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ('keys = { kmh = 4.0, minutes = "15" }', {"kmh": "4", "minutes": "15"}),
        ('keys.kmh = "4.5"', {"kmh": "4.5"}),
        ('[scenes.keys]\nscope = "open_24h"', {"scope": "open_24h"}),
        ('keys = { without = ["C001", "C002"] }', {"without": ("C001", "C002")}),
        ('keys = { without = ["C001"] }', {"without": "C001"}),
        ('keys = { show = "sites", site = "" }', {"show": "sites", "site": ""}),
    ],
)
def test_keys_of_the_page_in_every_form(written, keys):
    story = read(f'{HEAD}[[scenes]]\ntitle = "公厕"\npage = "toilets"\n{written}\n')
    assert story.problems == ()
    assert story.scenes[0].keys == keys


def test_a_key_with_several_values_stands_in_the_address_several_times():
    scene = Scene("对比", "streets", keys={"compare": ("解放路", "庆春路")})
    assert scene.query == {"compare": ["解放路", "庆春路"]}


# --- faults --------------------------------------------------------------------------------------


FAULTS = {
    "no title": ('page = "rivers"', 4, ["缺少 title"]),
    "blank title": ('title = " "\npage = "rivers"', 5, ["title 是空的"]),
    "no page": ('title = "水质"', 4, ["缺少 page"]),
    "unknown page": ('title = "水质"\npage = "river"', 6, ["“river”", "是不是“rivers”", "toilets"]),
    "page that imports": ('title = "导入"\npage = "imports"', 6, ["没有页面“imports”"]),
    "note no text": (f'{SOUND[11:]}note = ["一", "二"]', 7, ["note 要写文字"]),
    "too short": (f"{SOUND[11:]}seconds = 4", 7, ["seconds", "5 到 600"]),
    "too long": (f"{SOUND[11:]}seconds = 601", 7, ["seconds", "5 到 600"]),
    "seconds as text": (f'{SOUND[11:]}seconds = "20"', 7, ["seconds 要写整数"]),
    "seconds as a fraction": (f"{SOUND[11:]}seconds = 7.5", 7, ["seconds 要写整数"]),
    "seconds beyond all": (f"{SOUND[11:]}seconds = 0x{'f' * 5000}", 7, ["5 到 600"]),
    "sub as text": (f'{SOUND[11:]}sub = "330102003"', 7, ['sub = ["330102003"]']),
    "unknown code": (f'{SOUND[11:]}sub = ["330102099"]', 7, ["“330102099”", "14 个街道"]),
    "name for a code": (f'{SOUND[11:]}sub = ["湖滨街道"]', 7, ["请写 330102003（湖滨街道）"]),
    "old code": (f'{SOUND[11:]}sub = ["330104006"]', 7, ["请写 330102012（采荷街道）"]),
    "left the district": (f'{SOUND[11:]}sub = ["330104009"]', 7, ["没有街道代码“330104009”"]),
    "year before": (f"{SOUND[11:]}year = 2019", 7, ["year", "2020 到 2025"]),
    "year after": (f"{SOUND[11:]}year = 2026", 7, ["year", "2020 到 2025"]),
    "year as text": (f'{SOUND[11:]}year = "2023"', 7, ["year 要写整数"]),
    "year as a flag": (f"{SOUND[11:]}year = true", 7, ["year 要写整数"]),
    "theme": (f'{SOUND[11:]}theme = "blue"', 7, ["“blue”", "dark（深色）或 light（浅色）"]),
    "theme no text": (f"{SOUND[11:]}theme = [1]", 7, ["theme 要写文字"]),
    "item of no kind": (f'{SOUND[11:]}item = "rivers:R07"', 7, ["“rivers”", "是不是“river”"]),
    "item without a kind": (f'{SOUND[11:]}item = "R07"', 7, ["类别:编号"]),
    "item without a number": (f'{SOUND[11:]}item = "river:"', 7, ["没有编号"]),
    "item on no map": (
        f'{SOUND[11:]}item = "indicator:19"', 7, ['keys = { indicator = "19" }', "indicators"]),
    "misspelt field": (f"{SOUND[11:]}secs = 30", 7, ["“secs”", "是不是“seconds”"]),
    "unlike any field": (f"{SOUND[11:]}zzz = 30", 7, ["“zzz”；可用：title"]),
    "key outside keys": (f'{SOUND[11:]}show = "quality"', 7, ["写在 keys 里", "{ show ="]),
    "field inside keys": (f"{SOUND[11:]}keys = {{ year = 2023 }}", 7, ["year 不写在 keys 里"]),
    "keys no table": (f'{SOUND[11:]}keys = "show=quality"', 7, ["keys = { show"]),
    "unknown mode": (f'{SOUND[11:]}keys = {{ show = "qualty" }}', 7, ["是不是“quality”", "warning"]),
    "unknown key": (f"{SOUND[11:]}keys = {{ monht = 3 }}", 7, ["是不是“month”", "month 月份"]),
    "month": (f"{SOUND[11:]}keys = {{ month = 13 }}", 7, ["“13”；可用：1～12"]),
    "flag for a key": (f"{SOUND[11:]}keys = {{ month = true }}", 7, ["文字或数字"]),
    "two modes": (f'{SOUND[11:]}keys = {{ show = ["quality", "warning"] }}', 7, ["最多写 1 个"]),
    "no value": (f"{SOUND[11:]}keys = {{ assume = [] }}", 7, ["是空的"]),
    "key with its own line": (f'{SOUND[11:]}keys.show = "x"', 7, ["“x”"]),
    "key in a table": (f'{SOUND[11:]}[scenes.keys]\nshow = "x"', 8, ["“x”"]),
    "page without keys": (
        'title = "项目"\npage = "profile"\nkeys = { show = "map" }', 7, ["没有自己的键"]),
    "no such form": (
        'title = "灯"\npage = "lighting"\nkeys = { light = "KZ001" }', 7, ["如 cabinet:KZ001"]),
    "no such clause": (
        'title = "条款"\npage = "indicators"\nkeys = { clause = "9.9" }', 7, ["“9.9”", "等 105 种"]),
}  # fmt: skip


@pytest.mark.parametrize(("written", "line", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_with_its_line_and_the_other_scenes_stay(written, line, words):
    story = read(f"{HEAD}[[scenes]]\n{written}\n\n{SOUND}")
    (problem,) = story.problems
    assert (problem.file, problem.line, problem.scene_no) == ("weekly.toml", line, 1)
    for word in words:
        assert word in problem.message
    assert story.scenes == (WATER,)
    assert story.numbers == (2,)


def test_every_fault_of_a_scene_is_told():
    written = (
        '[[scenes]]\ntitle = "水质"\npage = "rivers"\nseconds = 1\nkeys = { show = "x", y = 1 }\n'
    )
    assert [(line, number) for line, number, _ in told(HEAD + SOUND + written)] == [
        (10, 2), (11, 2), (11, 2),
    ]  # fmt: skip


def test_lines_are_right_beside_texts_over_lines_and_remarks():
    text = '''title = "周会" # """ [[scenes]]
summary = """
[[scenes]]
title = "no scene"
"""
[[scenes]] # "
title = 'a "quote'
page = "rivers"
note = """one \\""" two
seconds = 3
"""""
sub = [
  "330102003", # seconds = 4
]
seconds = 4
[[ scenes ]]
"title" = "b"
page = "x"
'''
    assert [(line, number) for line, number, _ in told(text)] == [(15, 1), (18, 2)]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (SOUND, 1, "缺少 title"),
        (f'title = ""\n{SOUND}', 1, "缺少 title"),
        (f'titel = "x"\ntitle = "周会"\n{SOUND}', 1, "是不是“title”"),
        (f'title = "周会"\nsummary = 3\n{SOUND}', 2, "summary 要写文字"),
        (HEAD, 1, "没有场景"),
        (f"{HEAD}scenes = []\n", 4, "没有场景"),
        (f'{HEAD}[scenes]\ntitle = "一"\n', 4, "[[scenes]]"),
        (f'{HEAD}scenes = "rivers"\n', 4, "[[scenes]]"),
        (f"{HEAD}[meta]\nauthor = 1\n{SOUND}", 4, "不认识“meta”"),
        (f"{HEAD}[meta.office]\nauthor = 1\n{SOUND}", 4, "不认识“meta”"),
    ],
)
def test_a_fault_of_the_story_itself(text, line, words):
    (problem,) = read(text).problems
    assert (problem.line, problem.scene_no) == (line, None)
    assert words in problem.message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{HEAD}[[scenes]]\ntitle = 水质\n", 5),
        (f'{HEAD}[[scenes]\ntitle = "水质"\n', 4),
        (f'{HEAD}[[scenes]]\ntitle = "水质"\ntitle = "又"\n', 6),
        ('title = "周会', 1),
        ('title = "周会"\nsummary = """\n没有完\n', 3),
        (f"title = {'[' * 5000}", 1),
        (f"title = {'9' * 5000}", 1),
        ("<html>", 1),
    ],
    ids=[
        "bare text",
        "one bracket",
        "twice",
        "open quote",
        "open text",
        "deep",
        "long number",
        "html",
    ],
)
def test_a_file_that_is_no_toml_is_a_story_with_one_problem(text, line):
    story = read(text)
    assert (story.story_id, story.title, story.scenes) == ("weekly", "weekly", ())
    (problem,) = story.problems
    assert (problem.line, problem.scene_no) == (line, None)
    assert "TOML" in problem.message


def test_scenes_in_brackets_are_read_and_their_faults_told_by_the_line_of_the_array():
    text = f"""{HEAD}scenes = [
  {{ title = "一", page = "rivers" }},
  {{ title = "二", page = "lakes" }},
  3,
]
"""
    story = read(text)
    assert story.scenes == (Scene("一", "rivers"),)
    assert {(one.line, one.scene_no) for one in story.problems} == {(4, 2), (4, 3)}


def test_an_array_that_looks_like_a_heading_is_none():
    story = read(f'other = [\n[["scenes"]],\n]\n{HEAD}{SOUND}')
    assert story.scenes == (WATER,)
    assert len(story.problems) == 1


def test_a_story_too_large_is_not_read():
    (problem,) = read(f'{HEAD}{SOUND}note = "{"水" * 70_000}"').problems
    assert "200 kB" in problem.message


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec="utf-8") | st.sampled_from('[]{}="\n#.'), max_size=80))
def test_no_text_makes_an_error(text):
    for story in (read(text), read(f"{HEAD}{SOUND}{text}"), decoded(text)):
        assert all(problem.line >= 1 for problem in story.problems)


# --- writing and reading back --------------------------------------------------------------------


TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\"\\\n\r\t'#="))
TITLES = TEXTS.filter(str.strip)
RULES = page_rules()
CODES = ["330102001", "330102003", "330102018"]


@st.composite
def scenes(draw):
    page = draw(st.sampled_from(list(RULES)))
    keys = {
        key: draw(st.sampled_from(rule.values))
        for key, rule in RULES[page].keys.items()
        if rule.values and draw(st.booleans())
    }
    if "compare" in RULES[page].keys:
        keys["compare"] = draw(TEXTS | st.tuples(TEXTS, TEXTS))
    return Scene(
        draw(TITLES), page, draw(TEXTS), draw(st.integers(5, 600)),
        tuple(draw(st.lists(st.sampled_from(CODES), unique=True))),
        draw(st.none() | st.integers(2020, 2025)),
        draw(st.sampled_from([None, "dark", "light"])),
        draw(st.none() | st.builds("street:{}".format, TEXTS.filter(bool))),
        keys,
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(TITLES, TEXTS, st.lists(scenes(), min_size=1, max_size=3))
def test_what_is_written_reads_back_the_same(title, summary, made):
    for story in (
        read(to_toml(title, summary, made)),
        decoded(encoded(title, summary, made)),
    ):
        assert story.problems == ()
        assert (story.title, story.summary) == (title, summary)
        assert story.scenes == tuple(made)


def test_notes_are_written_over_lines_as_people_do():
    text = to_toml("周会", "", [Scene("水质", "rivers", "一句。\n两句“Ⅳ类”。\n")])
    assert 'note = """\n一句。\n两句“Ⅳ类”。\n"""' in text


def test_half_a_character_is_replaced():
    assert read(to_toml("周会", "", [Scene("a\ud83d", "rivers")])).scenes[0].title == "a\ufffd"


# --- a story in its address ----------------------------------------------------------------------


def packed(data):
    return base64.urlsafe_b64encode(zlib.compress(data)).decode().rstrip("=")


SHARED = encoded("周会", "", [WATER])


def test_an_address_needs_no_escaping_and_is_shorter_than_the_file():
    story = shipped()["plan-in-five-minutes"]
    text = encoded(story.title, story.summary, story.scenes)
    assert text.isascii()
    assert text.replace("-", "").replace("_", "").isalnum()
    assert len(text) < 0.7 * len(to_toml(story.title, story.summary, story.scenes).encode())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "完整"),
        ("%%%", "完整"),
        ("水墨淡彩", "完整"),
        ("QUJD", "完整"),
        (SHARED[:-4], "完整"),
        (SHARED[: len(SHARED) // 2], "完整"),
        (packed(b"\xff\xfe"), "完整"),
        (packed(b"title ="), "TOML"),
        (packed(b'title = "a"'), "没有场景"),
        (packed(b" " * 50_000_000), "200 kB"),
        (packed(b"#" * (MOST_BYTES + 1)), "200 kB"),
    ],
)
def test_an_address_that_carries_no_story(text, words):
    story = decoded(text)
    assert story.scenes == ()
    (problem,) = story.problems
    assert words in problem.message


def test_an_address_may_have_kept_its_padding():
    padded = SHARED + "=" * (-len(SHARED) % 4)
    assert decoded(padded).scenes == (WATER,)


# --- saved stories -------------------------------------------------------------------------------


def test_saved_and_deleted(tmp_path):
    store = tmp_path / "store"
    assert saved(store) == {}
    made = save(store, "weekly", "周会", "每周一次", [WATER])
    assert made.scenes == (WATER,)
    assert made.file == "store/stories/weekly.toml"
    assert saved(store) == {"weekly": made}
    assert list(all_stories(store)) == [*shipped(), "weekly"]
    delete(store, "weekly")
    delete(store, "weekly")
    assert saved(store) == {}


def test_a_changed_file_is_read_again(tmp_path):
    save(tmp_path, "weekly", "周会", "", [WATER])
    first = saved(tmp_path)["weekly"]
    assert saved(tmp_path)["weekly"] is first
    save(tmp_path, "weekly", "月会", "", [WATER])
    assert saved(tmp_path)["weekly"].title == "月会"


@pytest.mark.parametrize(
    "story_id",
    ["", "A", "周会", "a b", "../weekly", "a/b", ".hidden", "a" * 41, "a\n", "beautiful-rivers"],
)
def test_ids_that_no_story_can_be_saved_under(tmp_path, story_id):
    with pytest.raises(ValueError, match="编号"):
        save(tmp_path, story_id, "周会", "", [WATER])
    with pytest.raises(ValueError, match="编号"):
        delete(tmp_path, story_id)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("title", "made", "words"),
    [
        ("周会", [], "没有场景"),
        (" ", [WATER], "缺少 title"),
        ("周会", [WATER, Scene("", "rivers")], "第 2 个场景：title 是空的"),
        ("周会", [Scene("湖", "lakes")], "没有页面"),
        ("周会", [Scene("水", "rivers", note="水" * 70_000)], "200 kB"),
    ],
)
def test_a_story_that_the_check_refuses_is_not_saved(tmp_path, title, made, words):
    save(tmp_path, "weekly", "周会", "", [WATER])
    with pytest.raises(ValueError, match=words):
        save(tmp_path, "weekly", title, "", made)
    assert saved(tmp_path)["weekly"].scenes == (WATER,)


def test_a_save_that_fails_leaves_the_old_story_whole(tmp_path, monkeypatch):
    save(tmp_path, "weekly", "周会", "", [WATER])

    def full(source, target):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match=os.strerror(28)):
        save(tmp_path, "weekly", "月会", "", [WATER])
    assert saved(tmp_path)["weekly"].title == "周会"
    assert [path.name for path in (tmp_path / "stories").iterdir()] == ["weekly.toml"]


def put(store, name, content):
    folder = Path(store) / "stories"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("title = ", 1, "TOML"),
        (b'title = "a"\nsummary = "\xd6\xdc"', 2, "UTF-8"),
        ("", 1, "缺少 title"),
    ],
)
def test_a_damaged_file_is_a_story_with_problems(tmp_path, content, line, words):
    put(tmp_path, "weekly.toml", content)
    story = saved(tmp_path)["weekly"]
    assert story.scenes == ()
    assert story.problems[0].line == line
    assert words in story.problems[0].message


def test_a_folder_in_the_place_of_a_file(tmp_path):
    (tmp_path / "stories" / "weekly.toml").mkdir(parents=True)
    assert "读不出来" in saved(tmp_path)["weekly"].problems[0].message


def test_a_file_from_an_editor_of_windows(tmp_path):
    put(tmp_path, "weekly.toml", (HEAD + SOUND).replace("\n", "\r\n").encode("utf-8-sig"))
    assert saved(tmp_path)["weekly"].scenes == (WATER,)


@pytest.mark.parametrize("name", ["周会", "Weekly", "beautiful-rivers"])
def test_a_file_whose_name_is_no_id_says_so_and_hides_no_shipped_story(tmp_path, name):
    put(tmp_path, f"{name}.toml", HEAD + SOUND)
    story = saved(tmp_path)[name]
    assert story.scenes == (WATER,)
    assert "请改文件名" in story.problems[0].message
    assert all_stories(tmp_path)["beautiful-rivers"].is_shipped


# --- against the data ----------------------------------------------------------------------------


def test_things_that_the_data_do_not_have_are_told_with_their_lines():
    text = f"""{HEAD}[[scenes]]
title = "桥"
page = "lakes"

[[scenes]]
title = "有的"
page = "rivers"
item = "river:R07"
keys = {{ assume = "R07" }}

[[scenes]]
title = "没有的"
page = "toilets"
item = "place:西站"
keys = {{ without = ["C001", "C999"] }}
"""
    story = read(text)
    assert [one.line for one in story.problems] == [6]
    missing = missing_items(story, ENTRIES)
    assert [(one.file, one.line, one.scene_no) for one in missing] == [
        ("weekly.toml", 17, 3), ("weekly.toml", 18, 3),
    ]  # fmt: skip
    assert "没有地名“西站”" in missing[0].message
    assert "没有公厕“C999”" in missing[1].message


@pytest.mark.parametrize(("name", "count"), [("解放路", 0), ("延安路", 1)])
def test_a_street_is_found_by_its_name(name, count):
    story = read(to_toml("街", "", [Scene("街", "streets", item=f"street:{name}")]))
    assert len(missing_items(story, ENTRIES)) == count


def test_a_street_is_found_by_an_alias(monkeypatch):
    monkeypatch.setattr(stories, "aliases", lambda: {"解放街": "解放路"})
    story = read(to_toml("街", "", [Scene("街", "streets", keys={"compare": "解放街"})]))
    assert missing_items(story, ENTRIES) == []


# --- the check -----------------------------------------------------------------------------------


def test_the_check_names_file_line_and_scene(tmp_path):
    put(tmp_path, "weekly.toml", f'{HEAD}{SOUND}item = "river:R99"\n{SOUND}year = 1999\n')
    name = tmp_path.name
    without_tables = check_stories(tmp_path, {})
    assert [(one.table, one.rule) for one in without_tables] == [
        (f"{name}/stories/weekly.toml:11", "演示")
    ]
    assert without_tables[0].message.startswith("第 2 个场景：year")
    shown = pd.concat([ENTRIES, needed_by_shipped()])
    findings = check_stories(tmp_path, {"base.search_entries": shown})
    assert [one.table.rpartition(":")[2] for one in findings] == ["7", "11"]


def needed_by_shipped():
    """What the shipped stories point at."""
    named = {
        tuple(scene.item.split(":")) for s in shipped().values() for scene in s.scenes if scene.item
    }
    return pd.DataFrame(sorted(named), columns=["entry_kind", "entry_id"])


def test_the_command_fails_with_a_faulty_story_and_passes_without(
    bare_store, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("COCKPIT_STORE", str(tmp_path))
    for path in bare_store.iterdir():
        (tmp_path / path.name).symlink_to(path)
    assert main(["check"]) == 0
    put(tmp_path, "weekly.toml", f'{HEAD}{SOUND}keys = {{ show = "qualty" }}\n')
    capsys.readouterr()
    assert main(["check"]) == 1
    out = capsys.readouterr().out
    assert "stories/weekly.toml:7 [演示] 第 1 个场景：show（图层）不能是“qualty”" in out


# --- shipped stories -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story_id", "title", "least_s", "most_s"),
    [
        ("plan-in-five-minutes", "五分钟看懂上城城管", 280, 320),
        ("beautiful-rivers", "美丽河湖", 120, 300),
        ("lights-and-streets", "亚运亮灯与示范街", 120, 300),
    ],
)
def test_shipped_stories(story_id, title, least_s, most_s):
    story = shipped()[story_id]
    assert story.title == title
    assert story.summary
    assert story.problems == ()
    assert story.is_shipped
    assert least_s <= story.total_seconds <= most_s
    assert story.numbers == tuple(range(1, len(story.scenes) + 1))
    assert all(scene.note for scene in story.scenes)
    assert len({scene.title for scene in story.scenes}) == len(story.scenes)


def test_the_whole_plan_comes_first():
    assert next(iter(shipped())) == "plan-in-five-minutes"
    assert len(shipped()) == 3
