"""A demonstration desk of a Tuesday morning, a copy for each test.

Filling it takes seconds: one process runs all tests of a day.
"""

from pathlib import Path

import pytest

from supportdesk.demo.fill import fill_demo_desk
from tests.databases import copy_of
from tests.days.at_the_desk import ME, MORNING


def fill(address: str) -> None:
    """Fill the desk of which each test gets a copy."""
    fill_demo_desk(address, now=MORNING, username=ME, full_name="Ann Lee")


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A desk of the test's own."""
    return copy_of(fill, tmp_path / "desk.db")
