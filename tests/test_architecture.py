"""Imports run one way, and what must work without the app knows nothing of it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "geo": {"geo"},
    "data": {"data", "geo"},
    "queries": {"queries", "geo", "data"},
    "ui": {"ui", "queries", "geo", "data"},
    "views": {"views", "ui", "queries", "geo", "data"},
}
UNKNOWN_TO = {
    "geo": {"duckdb", "streamlit", "pydeck"},
    "data": {"streamlit", "pydeck"},
    "queries": {"streamlit", "pydeck"},
}


def imported(path):
    """Top-level packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_imports_run_one_way(folder):
    own = {*MAY_IMPORT, "app", "bench", "tests"}
    files = list((ROOT / folder).rglob("*.py"))
    assert files
    for path in files:
        forbidden = own - MAY_IMPORT[folder] | UNKNOWN_TO.get(folder, set())
        assert not forbidden & set(imported(path)), path.relative_to(ROOT)


def test_every_folder_of_code_has_its_place():
    shipped = {path.parent.name for path in ROOT.glob("*/*.py")} - {"bench", "tests"}
    assert shipped == set(MAY_IMPORT)
