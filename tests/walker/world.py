"""The desk on which is walked: a demonstration in its own file, a clock that is set, a database that may go."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from supportdesk.clock import FixedClock
from supportdesk.demo.fill import fill_demo_desk
from supportdesk.desk import Desk
from supportdesk.past import PastDesk
from supportdesk.store.database import open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.sqlite.database import SqliteDatabase
from supportdesk.store.verification.verify import Verification, verify

OPERATOR = "alex"
MORNING = datetime(2026, 11, 24, 9, 42, 17, tzinfo=UTC)


@dataclass
class World:
    """One desk in `folder`. While `away` its database cannot be used from the operator's console."""

    folder: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(MORNING))
    away: bool = False

    def __post_init__(self) -> None:
        shutil.copy(Path(_template().name) / "desk.db", self.folder / "desk.db")

    @property
    def address(self) -> str:
        """The path of the database."""
        return str(self.folder / "desk.db")

    def connect(self) -> Desk:
        """Open the operator's desk. Raises DeskUnavailableError while the database is away."""
        self._be_there()
        desk = Desk.open(self.address, self.clock)
        assert isinstance(desk._database, SqliteDatabase)
        there = desk._database.check_present

        def check_present() -> None:
            self._be_there()
            there()

        desk._database.check_present = check_present  # type: ignore[method-assign]
        return desk

    def connect_to_the_past(self) -> PastDesk:
        """Open a replay of the last two days."""
        start = self.clock.now() - timedelta(days=2)
        return PastDesk.open(self.address, start, 600.0, present=self.clock)

    def verify(self) -> Verification:
        """Check the ledger and the tables against each other."""
        database = open_database(self.address)
        try:
            return verify(database)
        finally:
            database.close()

    def _be_there(self) -> None:
        if self.away:
            raise DeskUnavailableError("the database does not answer; it is tried again")


@cache
def _template() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="walker-")
    address = str(Path(folder.name) / "desk.db")
    fill_demo_desk(address, now=MORNING, username=OPERATOR, full_name="Alex Ray", tickets=40)
    return folder
