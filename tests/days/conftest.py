"""A demonstration desk of a Tuesday morning, a copy for each test."""

import shutil
from pathlib import Path

import pytest

from supportdesk.demo.fill import fill_demo_desk
from tests.days.at_the_desk import ME, MORNING


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk filled once."""
    path = tmp_path_factory.mktemp("demo") / "desk.db"
    fill_demo_desk(str(path), now=MORNING, username=ME, full_name="Ann Lee")
    return path


@pytest.fixture
def address(filled: Path, tmp_path: Path) -> str:
    """A desk of the test's own."""
    return str(shutil.copy(filled, tmp_path / "desk.db"))
