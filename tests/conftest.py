"""What tests share: one default build, written and published once a run."""

import pytest

from data.build import build_tables
from data.snapshot import publish, write_snapshot


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
