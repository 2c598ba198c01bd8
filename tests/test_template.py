"""Templates: what an officer opens in Excel, and that a filled one comes back without a finding."""

import io
from datetime import date

import openpyxl
import pandas as pd
import pytest

from data.registers.bearing import BEARING_RULES
from data.registers.excel import GUIDE_SHEET
from data.registers.read import read_file
from data.registers.registry import REGISTERS, register
from data.registers.template import (
    FORM_SHEET,
    MAX_LIST_CHARS,
    choices,
    guide_lines,
    template_bytes,
)
from data.registers.validation import Options, validate
from geo import district
from geo.geojson import from_text
from ui.theme import LIGHT

every_register = pytest.mark.parametrize("wanted", REGISTERS, ids=lambda one: one.name)


def opened(wanted):
    return openpyxl.load_workbook(io.BytesIO(template_bytes(wanted)))


def check(path, wanted, tables):
    """Validation of a workbook by the tables that stand."""
    raw = read_file(path, wanted)
    crs = "wgs84" if wanted.geometry else None
    return validate(raw, wanted, Options(crs=crs, as_of="2025"), tables)


def told(validation):
    """Findings in short."""
    return validation.findings[["row", "heading", "value", "rule", "reason"]].values.tolist()


@every_register
def test_headings_are_the_titles_of_the_contract(wanted):
    heads = [cell.value for cell in opened(wanted)[FORM_SHEET][1]]
    assert heads == [wanted.column(name).title for name in wanted.field_names]


@every_register
def test_required_columns_stand_out_by_colour_alone(wanted):
    grounds = {
        is_required: {
            cell.fill.start_color.rgb
            for cell, name in zip(opened(wanted)[FORM_SHEET][1], wanted.field_names, strict=True)
            if wanted.is_required(name) is is_required
        }
        for is_required in (True, False)
    }
    assert len(grounds[True]) == 1
    assert not grounds[True] & grounds[False]


@every_register
def test_every_column_has_a_rule_or_hint_that_excel_takes(wanted):
    sheet = opened(wanted)[FORM_SHEET]
    rules = {
        str(rule.sqref).split(":")[0].rstrip("2"): rule
        for rule in sheet.data_validations.dataValidation
    }
    assert len(rules) == len(wanted.fields)
    for rule in rules.values():
        assert len(rule.formula1 or "") <= MAX_LIST_CHARS + 2
        assert len(rule.prompt) <= MAX_LIST_CHARS and len(rule.promptTitle) <= 32
        assert len(rule.error or "") <= 225 and len(rule.errorTitle) <= 32


@every_register
def test_a_drop_down_lists_what_the_import_understands(wanted, built_tables):
    for item in wanted.fields:
        for word in choices(wanted, item):
            assert "," not in word
            column = wanted.column(item.name)
            assert word in item.words or word in (column.allowed or ()) or word in "是否" or (
                item.name.startswith("subdistrict")
            )  # fmt: skip


@every_register
def test_codes_stay_text_and_the_heading_stays_in_view(wanted):
    sheet = opened(wanted)[FORM_SHEET]
    assert sheet.freeze_panes == "A2"
    for cell, name in zip(sheet[1], wanted.field_names, strict=True):
        dimension = sheet.column_dimensions[cell.column_letter]
        assert 10 <= dimension.width <= 40
        if wanted.column(name).type == "VARCHAR":
            assert dimension.number_format == "@"
            assert sheet.cell(2, cell.column).number_format == "@"


def test_a_code_of_sixteen_digits_keeps_them():
    assert opened(register("toilets"))[FORM_SHEET]["A2"].value == "3301020301000001"


def test_dates_and_numbers_of_the_examples_are_ones_to_excel():
    sheet = opened(register("dark_spots"))[FORM_SHEET]
    row = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert row["发现日期"].value.date() == date(2021, 3, 15)
    assert row["发现日期"].number_format == "yyyy-mm-dd"
    assert isinstance(row["经度"].value, float)


def test_limits_of_a_number_column_come_from_the_contract():
    sheet = opened(register("water_quality"))[FORM_SHEET]
    rule = next(r for r in sheet.data_validations.dataValidation if str(r.sqref).startswith("C2"))
    assert (rule.type, rule.formula1, rule.formula2) == ("decimal", "0", "25")
    assert "0～25" in rule.error and "mg/L" in rule.error


def test_positions_may_be_metres_so_excel_does_not_hold_them_to_degrees():
    sheet = opened(register("toilets"))[FORM_SHEET]
    rule = next(r for r in sheet.data_validations.dataValidation if str(r.sqref).startswith("C2"))
    assert (rule.type, rule.operator) == ("decimal", "greaterThanOrEqual")


@every_register
def test_the_guide_explains_every_column_cycle_and_licence(wanted):
    sheet = opened(wanted)[GUIDE_SHEET]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    for name in wanted.field_names:
        assert wanted.column(name).title in texts
    everything = "\n".join(texts)
    assert f"每 {wanted.update_days} 天" in everything
    assert "许可" in everything
    assert ("GCJ-02" in everything) == bool(wanted.geometry)
    assert ("ODbL 1.0" in everything) == wanted.from_osm
    assert all("\n" not in line for line in guide_lines(wanted))


@every_register
def test_an_untouched_template_is_refused_for_its_examples_alone(wanted, tmp_path, built_tables):
    path = tmp_path / "模板.xlsx"
    path.write_bytes(template_bytes(wanted))
    found = check(path, wanted, built_tables)
    assert found.accepted_count == 0 and found.read_count == 2
    examples = found.findings[found.findings["rule"] == "示例行"]
    assert examples["row"].tolist() == [2, 3]


def test_the_same_row_further_down_is_a_row_like_others(tmp_path, built_tables):
    wanted = register("projects")
    book = opened(wanted)
    sheet = book[FORM_SHEET]
    sheet.insert_rows(2, 2)
    for number in range(1, 5):
        sheet.cell(2, number).value = {1: "A02", 2: "未开工"}.get(number)
        sheet.cell(3, number).value = {1: "A03", 2: "未开工"}.get(number)
    path = tmp_path / "进展.xlsx"
    book.save(path)
    assert not (check(path, wanted, built_tables).findings["rule"] == "示例行").any()


def office_rows(wanted, frame):
    """Rows of a table as an officer would type them into the template."""
    written = {}
    for item in wanted.fields:
        column = wanted.column(item.name)
        words = {value: word for word, value in reversed(item.words.items())}
        by_value = {value: word for value, word in words.items() if word in choices(wanted, item)}
        values = frame[item.name].astype(object)
        if column.type == "BOOLEAN":
            by_value = {True: "是", False: "否"}
        elif column.type == "DATE":
            values = values.map(lambda day: day.date() if pd.notna(day) else None)
        written[column.title] = [
            None if pd.isna(value) else by_value.get(value, value) for value in values
        ]
    return pd.DataFrame(written, dtype=object)


def is_well_inside(text):
    """Whether a shape stays clear of the border, where it would be clipped; short enough a cell."""
    inner = district.outline().buffer(-1e-4)
    return pd.notna(text) and len(text) < 20_000 and inner.contains(from_text(text))


FILLED = [one for one in REGISTERS if one.name not in ("indicator_values", "population")]


@pytest.mark.parametrize("wanted", FILLED, ids=lambda one: one.name)
def test_a_filled_template_comes_back_without_a_finding(wanted, tmp_path, built_tables):
    standing = built_tables[wanted.dataset]
    if "geometry_json" in wanted.field_names:
        standing = standing[standing["geometry_json"].map(is_well_inside).astype(bool)]
    if wanted.name == "projects":
        standing = standing[standing["state"].notna()]
    if "name_match" in standing:
        standing = standing[standing["road_name"].isna() | standing["street_name"].notna()]
    standing = standing.head(12)
    book = opened(wanted)
    sheet = book[FORM_SHEET]
    sheet.delete_rows(2, 2)
    for row, values in enumerate(office_rows(wanted, standing).itertuples(index=False), start=2):
        for number, value in enumerate(values, start=1):
            sheet.cell(row, number).value = value
    path = tmp_path / "填好的模板.xlsx"
    book.save(path)
    found = check(path, wanted, built_tables)
    # What a few rows of a network reach of the district is told, and is no fault of theirs.
    assert [one for one in told(found) if one[3] not in BEARING_RULES] == []
    assert found.accepted_count == len(standing)


def test_colours_are_those_of_the_light_palette():
    sheet = opened(register("toilets"))[FORM_SHEET]
    assert sheet["A1"].fill.start_color.rgb[-6:] == LIGHT.accent.removeprefix("#")
    assert sheet["A2"].font.color.rgb[-6:] == LIGHT.muted.removeprefix("#")
