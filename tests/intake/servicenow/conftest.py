"""The real log is no part of the tree: what is proved with it is collected only where it lies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store.database import open_database
from supportdesk.store.verification.verify import verify
from tests.databases import address_at
from tests.history import opened
from tests.intake.servicenow.a_log import REAL_LOG

collect_ignore = [] if REAL_LOG.exists() else ["test_real_log.py"]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = opened(tmp_path / "desk.db", FixedClock(NOW))
    yield made
    with closing(open_database(address_at(tmp_path / "desk.db"))) as database:
        found = verify(database)
    assert found.is_intact, found
    made.close()
