"""PostGIS read over a real server: PostgreSQL with PostGIS as Debian ships it."""

import tempfile
from pathlib import Path

import psycopg
import pytest
import shapely

from data.registers import postgis, read
from data.registers.raw import ImportProblem
from data.registers.registry import register
from tests import postgres

TOILETS, RIVERS = register("toilets"), register("rivers")

SETUP = """
CREATE EXTENSION postgis;
CREATE ROLE reader LOGIN PASSWORD 'geheim-Zx81';
CREATE SCHEMA "城管";
GRANT USAGE ON SCHEMA "城管" TO reader;
CREATE TABLE "城管"."公厕" ("编号" varchar(20) PRIMARY KEY, "名称" text, "星级" integer, "面积" float8,
    "无障碍" boolean, "启用" date, photo bytea, geom geometry(Point, 4490));
INSERT INTO "城管"."公厕" VALUES
    ('002', '钱江路公厕', 4, 12, false, NULL, NULL, 'SRID=4490;POINT(120.21 30.26)'),
    ('001', '湖滨公厕', 5, 12.5, true, '2008-05-01', '\\x00', 'SRID=4490;POINT(120.2 30.25)'),
    ('003', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE VIEW "城管".v_gk AS
    SELECT "编号", ST_Transform(geom, 4549) AS shape FROM "城管"."公厕" WHERE geom IS NOT NULL;
CREATE VIEW "城管".v_geography AS SELECT "编号", geom::geography AS g FROM "城管"."公厕";
CREATE VIEW "城管".v_mercator AS
    SELECT "编号", ST_Transform(ST_SetSRID(geom, 4326), 3857) AS g FROM "城管"."公厕";
CREATE VIEW "城管".v_undeclared AS SELECT "编号", ST_SetSRID(geom, 0) AS g FROM "城管"."公厕";
CREATE VIEW "城管".v_mixed AS SELECT "编号",
    CASE "编号" WHEN '001' THEN geom ELSE ST_SetSRID(geom, 4326) END AS g FROM "城管"."公厕";
CREATE VIEW "城管".v_two AS SELECT "编号", geom, geom AS "旧位置" FROM "城管"."公厕";
CREATE VIEW "城管".v_columns AS
    SELECT "编号", ST_X(geom) AS "经度", ST_Y(geom) AS "纬度" FROM "城管"."公厕";
CREATE VIEW "城管".v_slow AS SELECT '1' AS "编号", pg_sleep(30)::text AS "名称";
CREATE TABLE "城管".empty ("编号" text, geom geometry);
CREATE TABLE "城管".rivers (id text, geom geometry(CircularStringZ, 4326));
INSERT INTO "城管".rivers VALUES
    ('R1', 'SRID=4326;CIRCULARSTRING Z(120.2 30.2 1, 120.205 30.205 2, 120.21 30.2 3)');
CREATE TABLE "城管".counted (called integer);
CREATE FUNCTION "城管".write() RETURNS text AS
    $$ INSERT INTO "城管".counted VALUES (1) RETURNING 'x' $$ LANGUAGE sql SECURITY DEFINER;
CREATE VIEW "城管".v_writes AS SELECT "城管".write() AS "编号";
GRANT SELECT ON ALL TABLES IN SCHEMA "城管" TO reader;
CREATE TABLE "城管".secret ("编号" text, geom geometry);
"""


@pytest.fixture(scope="module")
def server():
    """Connection string of the role that may only read."""
    if postgres.programs() is None:
        pytest.skip("no PostgreSQL with PostGIS here")
    # Not pytest's folder: the path of a socket may hold 107 characters and others must reach it.
    with (
        tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder,
        postgres.running(Path(folder)) as admin,
    ):
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(SETUP)
        yield admin.replace("user=admin", "user=reader")


def test_rows_come_as_text_in_the_order_of_the_key(server):
    raw = read.read_postgis(server, "城管.公厕", TOILETS)
    assert raw.cells["编号"].tolist() == ["001", "002", "003"]
    assert raw.cells.index.tolist() == [1, 2, 3]
    first = raw.cells.iloc[0].to_dict()
    assert first == {
        "编号": "001", "名称": "湖滨公厕", "星级": "5", "面积": "12.5", "无障碍": "是", "启用": "2008-05-01",
    }  # fmt: skip
    assert raw.cells.iloc[2].isna().tolist() == [False, True, True, True, True, True]
    assert "二进制列" in {note.rule for note in raw.notes}


def test_positions_bring_their_system(server):
    raw = postgis.read(server, "城管.公厕", TOILETS)
    assert raw.declared_crs == "cgcs2000"
    assert [shapely.get_coordinates(shape).tolist() for shape in raw.geometry[:2]] == [
        [[120.2, 30.25]],
        [[120.21, 30.26]],
    ]
    assert raw.geometry[2] is None
    assert len(raw.sha256) == 64
    assert raw.sha256 == postgis.read(server, "城管.公厕", TOILETS).sha256


@pytest.mark.parametrize(
    ("relation", "key"),
    [
        ("城管.v_gk", "gk120"),
        ("城管.v_geography", "cgcs2000"),
        ("城管.v_mercator", "wgs84"),
        ("城管.v_undeclared", None),
    ],
)
def test_views_and_other_systems(server, relation, key):
    raw = postgis.read(server, relation, TOILETS)
    assert raw.declared_crs == key
    if key != "gk120":
        assert raw.geometry[0].distance(shapely.Point(120.2, 30.25)) < 1e-6


def test_arcs_and_heights_become_plain_lines(server):
    line = postgis.read(server, "城管.rivers", RIVERS).geometry[0]
    assert line.geom_type == "LineString" and not line.has_z


def test_a_table_with_columns_of_positions_needs_no_geometry(server):
    raw = postgis.read(server, "城管.v_columns", TOILETS)
    assert raw.geometry is None
    assert raw.cells["经度"].iloc[0] == "120.2"


@pytest.mark.parametrize(
    ("relation", "item", "words"),
    [
        ("城管.没有", TOILETS, "没有数据表或视图 城管.没有"),
        ("public.公厕", TOILETS, "没有数据表或视图"),
        ("公厕", TOILETS, "模式名.表名"),
        ("a.b.c", TOILETS, "模式名.表名"),
        ('城管."公厕"', TOILETS, "模式名.表名"),
        ("城管.公厕; DROP TABLE x", TOILETS, "模式名.表名"),
        ("城管.公厕 --", TOILETS, "模式名.表名"),
        ("城管.v_two", TOILETS, "2 个几何列（“geom”、“旧位置”）"),
        ("城管.v_columns", RIVERS, "没有几何列"),
        ("城管.v_mixed", TOILETS, "混用了多个坐标系（SRID 4326、4490）"),
        ("城管.empty", TOILETS, "没有数据"),
        ("城管.secret", TOILETS, "没有读取 城管.secret 的权限"),
        ("城管.v_writes", TOILETS, "要改写数据库"),
        ("城管.公厕", RIVERS, "几何是点"),
    ],
)
def test_what_cannot_be_read_is_said(server, relation, item, words):
    with pytest.raises(ImportProblem) as problem:
        postgis.read(server, relation, item)
    assert words in str(problem.value)


def test_a_slow_view_is_stopped(server, monkeypatch):
    monkeypatch.setattr(postgis, "STATEMENT_SECONDS", 1)
    with pytest.raises(ImportProblem, match="超过 1 秒"):
        postgis.read(server, "城管.v_slow", TOILETS)


def test_more_rows_than_the_limit_are_refused(server, monkeypatch):
    monkeypatch.setattr(postgis, "MAX_ROWS", 2)
    with pytest.raises(ImportProblem, match="超过 2 行"):
        postgis.read(server, "城管.公厕", TOILETS)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("password=", "password=x"), "用户名或密码不对"),
        (("user=reader", "user=nobody_here"), "用户名或密码不对"),
        (("dbname=postgres", "dbname=gis2"), "没有数据库“gis2”"),
        (("host=", "host=/nowhere"), "连接不上 PostGIS 服务器"),
    ],
)
def test_a_failed_connection_is_told_without_the_password(server, change, words):
    with pytest.raises(ImportProblem) as problem:
        postgis.read(server.replace(*change), "城管.公厕", TOILETS)
    assert words in str(problem.value)
    assert postgres.PASSWORD not in str(problem.value)


@pytest.mark.parametrize("url", ["", "geheim-Zx81", "postgresql://u:geheim-Zx81@h:port:x/db?a"])
def test_a_malformed_connection_string_is_not_repeated(url):
    with pytest.raises(ImportProblem) as problem:
        postgis.read(url, "a.b", TOILETS)
    assert "连接串的格式不对" in str(problem.value)
    assert postgres.PASSWORD not in str(problem.value)
    assert problem.value.__cause__ is None


def test_the_connection_string_comes_from_environment_or_secrets(monkeypatch):
    monkeypatch.delenv("COCKPIT_POSTGIS", raising=False)
    assert read.postgis_url() is None
    assert read.postgis_url({}) is None
    assert read.postgis_url({"postgis": {"url": "a"}}) == "a"
    monkeypatch.setenv("COCKPIT_POSTGIS", "c")
    assert read.postgis_url({"postgis": {"url": "a"}}) == "c"
