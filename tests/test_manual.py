"""The manual says what the program does: its commands, names, rules, messages and pictures hold."""

import ast
import re
import shlex
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from data import row_rules
from data.commands.parser import parser
from data.registers.raw import MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS
from data.registers.registry import REGISTERS
from data.registers.staging import KEPT_DAYS
from data.retention import MONTHS_KEPT, NEWEST_KEPT
from geo.crs import SYSTEMS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "manual"
CHAPTERS = sorted(FOLDER.glob("*.md"))
TEXT = (FOLDER / "data-officer.md").read_text(encoding="utf-8")
GAP = "…"
"""What stands in the manual for a part of a message that differs from case to case."""


def section(number):
    """Text of a numbered section."""
    return re.search(rf"^## {number} .*?(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)[0]


def first_cells(text):
    """First cells of the rows of every table, heads left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rows = [line for line, after in pairwise([*lines, ""]) if not re.match(r"\|-+\|", after)]
    return [row.split("|")[1].strip() for row in rows if not re.match(r"\|-+\|", row)]


def commands():
    """Arguments of every ``python -m data`` in a block of code, lines that go on put together."""
    blocks = re.findall(r"^```bash\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [
        shlex.split(re.split(r" >> ", found[1])[0])
        for line in lines
        if (found := re.search(r"python -m data (.*)", line)) and not line.startswith("#")
    ]


@pytest.mark.parametrize("arguments", commands(), ids=" ".join)
def test_every_command_can_be_given(arguments):
    assert parser().parse_args(arguments).run


def test_every_command_there_is_has_its_example():
    usage = parser().format_help()
    names = re.findall(r"^    (\w+) ", usage, re.MULTILINE)
    assert set(names) == {arguments[0] for arguments in commands()}


@pytest.mark.parametrize("each", REGISTERS, ids=lambda each: each.name)
def test_every_register_has_its_row_with_the_update_cycle(each):
    row = next(line for line in section(2).splitlines() if f"`{each.name}`" in line)
    assert f"| {each.title} |" in row
    assert f"| {each.update_days} 天 |" in row
    assert ("必须有" in row) == each.needs_position


@pytest.mark.parametrize(("key", "title"), SYSTEMS.items())
def test_every_coordinate_system_has_its_row(key, title):
    assert f"| {title} | `{key}` |" in section(5)


def test_limits_are_those_of_the_program():
    limits = f"{MAX_FILE_BYTES // 1024**2} MB、{MAX_ROWS:,} 行、{MAX_COLUMNS} 列"
    assert limits in section(4)
    assert f"{KEPT_DAYS} 天没发布" in section(18)
    assert f"最近 {NEWEST_KEPT} 个" in section(18)
    assert f"过去 {MONTHS_KEPT} 个月" in section(18)


# --- rules ---------------------------------------------------------------------------------------


def rules():
    """Names of all rules that a finding of an import may bear, as the code writes them."""
    modules = ("row_rules.py", "lighting_rules.py", "rule_parts.py")
    files = [
        *(ROOT / "data" / "registers").glob("*.py"),
        *(ROOT / "data" / name for name in modules),
    ]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    everywhere = {name: place for tree in trees for name, place in _takes_rule(tree).items()}
    named = {rule for _, rule, *_ in row_rules._RULES}
    for tree in trees:
        places = everywhere | _takes_rule(tree)
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and (rule := _rule_of(call, places)):
                named.add(rule)
    return named


def _takes_rule(tree):
    """Place of the parameter «rule» in each function and class that has one."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg != "self"]
        elif isinstance(node, ast.ClassDef):
            names = [part.target.id for part in node.body if isinstance(part, ast.AnnAssign)]
        else:
            continue
        if "rule" in names:
            found[node.name] = names.index("rule")
    return found


def _rule_of(call, places):
    name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
    if name not in places:
        return None
    given = [part.value for part in call.keywords if part.arg == "rule"]
    given += call.args[places[name] : places[name] + 1]
    value = getattr(given[0], "value", None) if given else None
    return value if isinstance(value, str) and re.match(r"[\u4e00-\u9fff]", value) else None


def test_every_rule_is_explained_and_no_other():
    tables = section(9).partition("### 拒绝")[2]
    explained = set(first_cells(tables))
    assert explained == rules()


# --- messages ------------------------------------------------------------------------------------


@cache
def said():
    """Every text of the program, with a gap for each part that is filled in."""
    files = [path for folder in ("data", "geo", "ui") for path in (ROOT / folder).rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    return [
        _flat(node)
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.Constant)
    ]


def _flat(node):
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(_flat(part) if isinstance(part, ast.Constant) else GAP for part in node.values)


def plain(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("message", first_cells(section(17)))
def test_every_message_is_one_that_the_program_says(message):
    pattern = re.compile(".*".join(re.escape(plain(part)) for part in message.split(GAP)))
    assert any(pattern.search(plain(text)) for text in said())


# --- pictures and links --------------------------------------------------------------------------


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(chapter):
    text = chapter.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)]+)\)", text)
    for target in targets:
        path, _, anchor = target.partition("#")
        assert not path or (chapter.parent / path).is_file(), target
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        known = {heading.lower().replace(" ", "-") for heading in headings}
        assert not anchor or anchor.lower() in known, target


def test_every_picture_is_shown_and_light():
    pictures = list((FOLDER / "images").iterdir())
    chapters = "".join(chapter.read_text(encoding="utf-8") for chapter in FOLDER.glob("*.md"))
    shown = set(re.findall(r"!\[[^]]+\]\((images/[^)]+)\)", chapters))
    assert {f"images/{path.name}" for path in pictures} == shown
    for path in pictures:
        assert path.suffix == ".jpg"
        assert path.stat().st_size <= 250 * 1024, path.name


def test_readme_leads_to_the_manual():
    assert "(docs/manual/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
