"""What tests share: one default build, written and published once a run."""

import os
import shutil

import duckdb
import pytest
import streamlit as st

from data.build import build_tables
from data.contracts import DATABASES
from data.snapshot import current_version, publish, snapshot_folder, write_snapshot
from tests.publisher import small_store
from tests.reading import Server


@pytest.fixture(scope="session")
def built():
    """Tables and descriptions of the default build; copy a frame before changing it."""
    return build_tables(with_sample=True)


@pytest.fixture(scope="session")
def built_tables(built):
    """Tables of the default build by ``database.table``."""
    return built[0]


@pytest.fixture(scope="session")
def built_store(built, tmp_path_factory):
    """Folder of a store whose published snapshot is the default build."""
    store = tmp_path_factory.mktemp("store")
    publish(store, write_snapshot(store, *built))
    return store


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A small store with a published version 1, to be copied."""
    return small_store(tmp_path_factory.mktemp("small") / "store")


@pytest.fixture
def store(template, tmp_path):
    """The template as a copy of its own, to be changed or damaged."""
    return shutil.copytree(template, tmp_path / "store")


@pytest.fixture(scope="module")
def servers():
    """The one server; in the end its caches are emptied and the environment is as it was."""
    before = os.environ.get("COCKPIT_STORE")
    yield Server()
    st.cache_resource.clear()
    if before is None:
        os.environ.pop("COCKPIT_STORE", None)
    else:
        os.environ["COCKPIT_STORE"] = before


@pytest.fixture
def site(servers, built_store):
    """The app over the default build."""
    servers.serve(built_store)
    return servers


@pytest.fixture(scope="session")
def bare_store(tmp_path_factory):
    """A store with the plan and the geography alone, as ``build --no-sample`` makes it."""
    folder = tmp_path_factory.mktemp("bare")
    publish(folder, write_snapshot(folder, *build_tables(with_sample=False)))
    return folder


@pytest.fixture
def bare(servers, bare_store):
    """The app over the plan and the geography alone."""
    servers.serve(bare_store)
    return servers


@pytest.fixture(scope="module")
def sql(built_store):
    """Ask the files of the default build directly, past queries and store."""
    connection = duckdb.connect()
    folder = snapshot_folder(built_store, current_version(built_store))
    for database in DATABASES:
        connection.execute(f"ATTACH '{folder / database}.duckdb' AS {database} (READ_ONLY)")
    yield lambda text: connection.execute(text).df()
    connection.close()
