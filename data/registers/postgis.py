"""Rows of a PostGIS table or view, read-only, as one raw table.

The connection string is a secret: it comes from the secrets file or the environment, and neither it
nor what the server says of it is ever part of a message.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import psycopg
import shapely
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from data.registers.raw import MAX_COLUMNS, MAX_ROWS, ImportProblem, Note, RawTable
from data.registers.register import Register
from data.registers.shapes import system_of, text_frame, tidy, without_blank_rows
from data.registers.validation import Progress, no_progress

URL_VARIABLE = "COCKPIT_POSTGIS"

CONNECT_SECONDS = 10
STATEMENT_SECONDS = 300
"""A statement that takes longer is stopped by the server: a view may join half the database."""

_BATCH_ROWS = 20_000
_NAME = r"[^\W\d]\w{0,62}"
_RELATION = re.compile(rf"({_NAME})\.({_NAME})")
_SHAPES = ("geometry", "geography")
_READABLE = ("r", "v", "m", "p", "f")
"""Tables, views, materialised views, partitioned and foreign tables."""


@dataclass(frozen=True)
class _Column:
    name: str
    type: str


@dataclass(frozen=True)
class _Rows:
    """What the server gave: texts by column, geometries as WKB, and their SRIDs."""

    texts: list[tuple[str | None, ...]]
    shapes: list[bytes | None]
    srids: set[int]
    sha256: str


def url(secrets: Mapping | None = None) -> str | None:
    """The connection string: COCKPIT_POSTGIS, else ``[postgis] url`` of the secrets; None if none."""
    section = (secrets or {}).get("postgis", {})
    return os.environ.get(URL_VARIABLE) or section.get("url") or None


def read(url: str, relation: str, register: Register, progress: Progress = no_progress) -> RawTable:
    """Rows and geometries of ``schema.table``, in the order of its primary key or first column.

    The row number is the position in that order, from 1. ImportProblem when the server cannot be
    reached or refuses, when there is no such table or not exactly one geometry column.
    """
    found = _RELATION.fullmatch(relation.strip())
    if not found:
        raise ImportProblem(
            f"PostGIS 数据表“{relation[:80]}”的写法不对，请写成 模式名.表名（例如 public.toilets）"
        )
    schema, table = found.groups()
    progress("连接 PostGIS", None)
    with _connected(url) as connection, _explained(relation):
        columns, keys = _describe(connection, schema, table, relation)
        shape = _shape_column(columns, register, relation)
        texts = [column for column in columns if column.type not in (*_SHAPES, "bytea", "raster")]
        query = _query(connection, schema, table, texts, shape, keys)
        rows = _fetch(connection, query, relation, progress)
        declared = _declared(connection, rows.srids, relation)
    return _raw_table(relation, register, columns, texts, shape, rows, declared)


def _raw_table(
    relation: str,
    register: Register,
    columns: list[_Column],
    texts: list[_Column],
    shape: _Column | None,
    rows: _Rows,
    declared: str | None,
) -> RawTable:
    shown = f"PostGIS 数据表 {relation}"
    notes = [
        Note(0, column.name, "", "noted", "二进制列", "列中是二进制内容，未读取", "无需处理")
        for column in columns
        if column not in texts and column.type not in _SHAPES
    ]
    by_column = list(zip(*rows.texts, strict=True))
    names = [column.name for column in texts]
    cells = text_frame(dict(zip(names, by_column, strict=True)), len(rows.texts))
    geometry, key = None, None
    if shape is not None:
        system = system_of(declared, shown)
        shapes = shapely.from_wkb(np.array(rows.shapes, dtype=object), on_invalid="fix")
        geometry, shape_notes = tidy(system.convert(shapes), register, shown)
        notes += shape_notes
        if geometry is not None:
            key = system.key
            notes += system.notes
    cells, geometry, blank_rows = without_blank_rows(cells, geometry)
    return RawTable(relation, "PostGIS", rows.sha256, cells, "行", geometry, key, blank_rows, notes)


# --- connection and what is said when something is wrong -------------------------------------------


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    """A connection that can read only, in one transaction; what it sees does not change meanwhile."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        parts = None
    if not parts:
        # Without the cause: it quotes the string, and with it the password.
        raise ImportProblem(
            "PostGIS 连接串的格式不对，应为 postgresql://用户:密码@主机:端口/数据库，请管理员检查配置"
        )
    place = f"{parts.get('host', '本机')}:{parts.get('port', 5432)}"
    try:
        connection = psycopg.connect(
            url, connect_timeout=CONNECT_SECONDS, application_name="cockpit-import"
        )
    except psycopg.OperationalError as error:
        raise _refused(str(error), place, parts) from None
    with connection:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'")
        connection.execute("SET LOCAL datestyle = 'ISO, YMD'")
        yield connection


def _refused(message: str, place: str, parts: Mapping) -> ImportProblem:
    if "authentication failed" in message or "no password supplied" in message:
        return ImportProblem(
            f"PostGIS（{place}）拒绝登录：用户名或密码不对，请管理员检查连接串的用户和密码"
        )
    if "does not exist" in message and "database" in message:
        return ImportProblem(
            f"PostGIS（{place}）上没有数据库“{parts.get('dbname')}”，请管理员检查连接串"
        )
    return ImportProblem(
        f"连接不上 PostGIS 服务器（{place}），请检查网络、服务器是否运行、连接串是否正确"
    )


@contextmanager
def _explained(relation: str) -> Iterator[None]:
    """What the server refuses, in Chinese."""
    try:
        yield
    except errors.InsufficientPrivilege as error:
        raise ImportProblem(
            f"没有读取 {relation} 的权限，请数据库管理员授予 SELECT 权限"
        ) from error
    except errors.QueryCanceled as error:
        raise ImportProblem(
            f"{relation} 的查询超过 {STATEMENT_SECONDS} 秒，已停止，请改用数据量较小的表或物化视图"
        ) from error
    except errors.ReadOnlySqlTransaction as error:
        raise ImportProblem(
            f"{relation} 在读取时要改写数据库，已拒绝，请改用普通的表或视图"
        ) from error
    except psycopg.Error as error:
        raise ImportProblem(
            f"读取 {relation} 时数据库报错（{error.sqlstate or '连接中断'}），请稍后重试或联系数据库管理员"
        ) from error


# --- the table -----------------------------------------------------------------------------------


def _describe(
    connection: psycopg.Connection, schema: str, table: str, relation: str
) -> tuple[list[_Column], list[str]]:
    """Columns in their order, and the names of the primary key's."""
    found = connection.execute(
        "SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND c.relname = %s AND c.relkind = ANY(%s)",
        (schema, table, list(_READABLE)),
    ).fetchone()
    if found is None:
        raise ImportProblem(
            f"PostGIS 中没有数据表或视图 {relation}，请核对模式名和表名（区分大小写）"
        )
    columns = connection.execute(
        "SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid "
        "WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        found,
    ).fetchall()
    if len(columns) > MAX_COLUMNS:
        raise ImportProblem(f"{relation} 有 {len(columns)} 列，超过 {MAX_COLUMNS} 列的上限")
    keys = connection.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid "
        "AND a.attnum = ANY(i.indkey) WHERE i.indrelid = %s AND i.indisprimary ORDER BY a.attnum",
        found,
    ).fetchall()
    return [_Column(*column) for column in columns], [key for (key,) in keys]


def _shape_column(columns: list[_Column], register: Register, relation: str) -> _Column | None:
    """The one geometry column; None when the register needs none."""
    shapes = [column for column in columns if column.type in _SHAPES]
    if register.geometry is None:
        return None
    if len(shapes) > 1:
        listed = "、".join(f"“{column.name}”" for column in shapes)
        raise ImportProblem(
            f"{relation} 有 {len(shapes)} 个几何列（{listed}），无法确定用哪一个，"
            "请建一个只含其中一列的视图后导入"
        )
    if not shapes and "lon" not in register.field_names:
        raise ImportProblem(
            f"{relation} 没有几何列（geometry），“{register.title}”需要几何，请核对表名"
        )
    return shapes[0] if shapes else None


def _query(
    connection: psycopg.Connection,
    schema: str,
    table: str,
    texts: list[_Column],
    shape: _Column | None,
    keys: list[str],
) -> sql.Composed:
    """SELECT of the shape as WKB, its SRID and every other column as text."""
    selected = [_shape_sql(connection, shape)]
    selected += [_text_sql(column) for column in texts]
    # Views have no key; in the order of their first column, a row keeps its number all the same.
    order = [sql.Identifier(key) for key in keys] or [_text_sql(column) for column in texts[:1]]
    return sql.SQL("SELECT {} FROM {} ORDER BY {} LIMIT {}").format(
        sql.SQL(", ").join(selected),
        sql.Identifier(schema, table),
        sql.SQL(", ").join(order or [sql.SQL("NULL")]),
        sql.Literal(MAX_ROWS + 1),
    )


def _shape_sql(connection: psycopg.Connection, shape: _Column | None) -> sql.Composable:
    if shape is None:
        return sql.SQL("NULL::bytea, NULL::integer")
    (schema,) = connection.execute(
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
        "WHERE e.extname = 'postgis'"
    ).fetchone()
    names = {name: sql.Identifier(schema, name) for name in (
        "st_asbinary", "st_curvetoline", "st_force2d", "st_srid", "geometry")}  # fmt: skip
    return sql.SQL(
        "{st_asbinary}({st_curvetoline}({st_force2d}({column}::{geometry}))), "
        "{st_srid}({column}::{geometry})"
    ).format(column=sql.Identifier(shape.name), **names)


def _text_sql(column: _Column) -> sql.Composed:
    name = sql.Identifier(column.name)
    if column.type == "bool":
        return sql.SQL("CASE WHEN {0} THEN '是' WHEN NOT {0} THEN '否' END").format(name)
    return sql.SQL("{}::text").format(name)


def _fetch(
    connection: psycopg.Connection, query: sql.Composed, relation: str, progress: Progress
) -> _Rows:
    texts, shapes, srids = [], [], set()
    digest = hashlib.sha256()
    with connection.cursor(name="cockpit_import") as cursor:
        cursor.execute(query)
        while batch := cursor.fetchmany(_BATCH_ROWS):
            for shape, srid, *cells in batch:
                texts.append(tuple(cells))
                shapes.append(shape)
                if srid is not None:
                    srids.add(srid)
            digest.update(repr(batch).encode())
            if len(texts) > MAX_ROWS:
                raise ImportProblem(
                    f"{relation} 超过 {MAX_ROWS} 行的上限，请建一个行数较少的视图后导入"
                )
            progress(f"读取 {relation}（{len(texts)} 行）", None)
    if not texts:
        raise ImportProblem(f"{relation} 中没有数据，请核对表名")
    return _Rows(texts, shapes, srids, digest.hexdigest())


def _declared(connection: psycopg.Connection, srids: set[int], relation: str) -> str | None:
    """The coordinate system of the geometries; None when they declare none (SRID 0)."""
    if len(srids) > 1:
        listed = "、".join(str(srid) for srid in sorted(srids))
        raise ImportProblem(
            f"{relation} 的几何混用了多个坐标系（SRID {listed}），请用 ST_Transform 统一后导入"
        )
    srid = next(iter(srids), 0)
    if not srid:
        return None
    (schema,) = connection.execute(
        "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relname = 'spatial_ref_sys'"
    ).fetchone()
    found = connection.execute(
        sql.SQL("SELECT auth_name, auth_srid, srtext FROM {} WHERE srid = %s").format(
            sql.Identifier(schema, "spatial_ref_sys")
        ),
        (srid,),
    ).fetchone()
    if found is None:
        return f"EPSG:{srid}"
    authority, code, text = found
    return f"EPSG:{code}" if authority == "EPSG" else text
