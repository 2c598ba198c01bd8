"""Two streets side by side: figures against SQL, difference, choice, address, link to the subdistricts."""

import pytest

from data.frames import contract_frame
from data.snapshot import publish, write_snapshot
from tests.reading import View
from ui.street_compare import Row

ATTACK = "<img src=x onerror=alert(1)>"
YANAN = "street:延安路"
BOTH = ["延安路", "解放路"]


@pytest.fixture
def seen(site):
    """The street page under keys of the address."""
    return lambda **query: View(site.open("streets", **query))


@pytest.fixture
def over(servers, built, tmp_path):
    """The street page over the default build with other rows in some tables of «streets»."""

    def open_with(changed, **query):
        tables = dict(built[0])
        tables |= {
            f"streets.{name}": contract_frame(f"streets.{name}", frame)
            for name, frame in changed.items()
        }
        folder = tmp_path / "store"
        publish(folder, write_snapshot(folder, tables, built[1]))
        servers.serve(folder)
        return View(servers.open("streets", **query))

    return open_with


def compared(view):
    """Cells of the comparison by the word of their row."""
    (table,) = [root.find(".//table") for root in view.blocks if root.find(".//table") is not None]
    cells = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
    return {head: values for head, *values in cells}


def heads(rows):
    """The names above the columns, without mark and tag."""
    first = next(iter(rows.values()))
    return [name.split(" ")[-1].removesuffix("示例") for name in first]


def test_two_streets_stand_side_by_side(seen, sql):
    view = seen(compare=BOTH)
    assert not view.failures and not view.notices
    rows = compared(view)
    assert heads(rows) == ["延安路", "解放路", "相差"]
    lengths = sql("""
        SELECT street_name, sum(g.length_m) / 1000 AS km
        FROM streets.segments g JOIN streets.streets USING (street_id) GROUP BY 1
    """).set_index("street_name")["km"]
    assert rows["道路长度"][:2] == [f"{lengths[name]:.2f} km" for name in ("延安路", "解放路")]
    bridges = sql("SELECT street_name, count(*) AS n FROM streets.bridges GROUP BY 1")
    counts = bridges.set_index("street_name")["n"]
    assert rows["桥梁"][:2] == [f"{counts[name]} 座" for name in ("延安路", "解放路")]


def test_the_better_one_is_marked_only_where_one_is_better(over, built_tables):
    pavement = built_tables["streets.pavement"].copy()
    pavement.loc[pavement["street_name"] == "延安路", "grade"] = "差"
    rows = compared(over({"pavement": pavement}, compare=BOTH))
    assert [cell.endswith("较好") for cell in rows["路面优良率"]] == [False, True, False]
    assert rows["路面优良率"][2] == "－100.0 个百分点"
    assert not any(cell.endswith("较好") for cell in rows["道路长度"])


def test_both_are_marked_on_the_map_and_in_view(seen, site):
    view = seen(compare=BOTH)
    assert len(view.layer("compared-1")) >= 1 and len(view.layer("compared-2")) >= 1
    before = site.view("streets").map["initialViewState"]
    assert view.map["initialViewState"]["zoom"] > before["zoom"]
    assert not any(layer["id"].startswith("focus") for layer in view.map["layers"])


def test_the_card_begins_a_comparison_and_the_boxes_go_on(seen):
    app = seen(item=YANAN).app
    app.button(key="street_card_compare").click().run()
    assert "item" not in app.query_params
    assert heads(compared(View(app))) == ["延安路"]
    assert "请再选择一条道路" in View(app).text
    assert "延安路" not in app.selectbox(key="compare_second").options
    app.selectbox(key="compare_second").select("解放路").run()
    assert list(app.query_params["compare"]) == ["延安路", "解放路"]
    assert heads(compared(View(app))) == ["延安路", "解放路", "相差"]
    app.button(key="street_compare_back").click().run()
    assert "compare" not in app.query_params and not View(app).failures


@pytest.mark.parametrize(
    ("asked", "shown"),
    [(["延安路", "延安路"], ["延安路"]), (["南宋御街", "中山中路"], ["中山中路"]),
     (["延安路", "解放路", "庆春路"], ["延安路", "解放路", "相差"]),
     (["没有这条路", "解放路"], ["解放路"])],
    ids=["twice", "alias", "three", "unknown"],
)  # fmt: skip
def test_each_street_stands_there_once_and_two_at_most(seen, asked, shown):
    view = seen(compare=asked)
    assert not view.failures and heads(compared(view)) == shown
    assert bool(view.notices) == ("没有这条路" in asked)


@pytest.mark.parametrize("name", ["", "延安", ATTACK, "长" * 3000], ids=lambda n: n[:6])
def test_what_does_not_exist_is_ignored_with_a_notice(seen, name):
    view = seen(compare=[name])
    assert not view.failures and view.texts("versus") == []
    assert "对比" in view.notices[0] and len(view.notices[0]) < 100


def test_the_subdistricts_of_two_streets_are_compared_on_their_own_page(seen):
    links = [
        e.get("href") for root in seen(compare=["延安路", "秋涛路"]).blocks for e in root.iter("a")
    ]
    (link,) = [link for link in links if link and link.startswith("profile?")]
    assert link.count("sub=3301020") == 2 and "year=2025" in link


@pytest.mark.parametrize(
    ("values", "difference", "best"),
    [((80.0, 70.0), "＋10.0 分", 0), ((70.0, 80.0), "－10.0 分", 1), ((70.0, 70.04), "相同", None),
     ((None, 70.0), "", None), ((float("nan"), 70.0), "", None), ((70.0,), "", None), ((), "", None)],
)  # fmt: skip
def test_a_difference_is_told_where_both_are_known(values, difference, best):
    row = Row("得分", ["甲", "乙"], values, " 分", 1, is_judged=True)
    assert (row.difference, row.best) == (difference, best)


def test_nothing_is_better_where_more_is_not_better():
    assert Row("长度", ["1 km", "2 km"], (1, 2), " km").best is None


def test_a_comparison_without_registers_shows_no_zero(bare):
    rows = compared(View(bare.open("streets", compare=BOTH)))
    for word in ("示范街", "迎亚运修缮", "路面优良率", "无障碍问题点", "桥梁", "灯具"):
        assert rows[word][:2] == ["待填报", "待填报"], word


def test_a_comparison_that_rests_on_samples_says_so_whatever_the_street(seen):
    assert "示例" in seen(compare=["秋涛路", "丁衙巷"]).texts("focus")[0]


def test_a_comparison_that_rests_on_no_sample_wears_no_tag(bare):
    assert "示例" not in View(bare.open("streets", compare=["秋涛路"])).texts("focus")[0]
