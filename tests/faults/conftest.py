"""Tests of their own cause the faults of each kind of database: slow ones, none of which depends on that of the run."""

from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave them out of the quick run, and of one on another database, except those that ask for each kind."""
    here = Path(__file__).parent
    for item in items:
        if not item.path.is_relative_to(here):
            continue
        item.add_marker(pytest.mark.slow)
        if "database_kind" not in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.sqlite)
