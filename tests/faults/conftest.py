"""Tests of their own cause the faults of each kind of database: none depends on the database of the run."""

from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave them out of a run on another database, except those that ask for each kind."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and "database_kind" not in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.sqlite)
