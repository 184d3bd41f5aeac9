"""The desk on which is walked: a demonstration of its own, a clock that is set, a database that may go."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from supportdesk.attachments.saved_file import save_file
from supportdesk.clock import FixedClock
from supportdesk.console.forms import save_dialog
from supportdesk.demo.fill import fill_demo_desk
from supportdesk.desk import Desk
from supportdesk.files import expand
from supportdesk.intake.mail.mail_intake import MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.intake.voicemail.folder import FoundRecording
from supportdesk.intake.voicemail.voicemail_intake import VoicemailIntake, VoicemailSource
from supportdesk.past import PastDesk
from supportdesk.store.database import open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.sqlite.database import SqliteDatabase
from supportdesk.store.verification.verify import Verification, verify
from tests.databases import copy_of
from tests.intake.voicemail.recordings import recording, silence

OPERATOR = "alex"
MAIL = Path(__file__).parents[1] / "intake" / "mail" / "parsing" / "corpus"
MAILBOX = Mailbox("support", "files", addresses=frozenset({"support@desk.test"}))
CALLERS = (
    *("+442079460018.wav", "020 7946 0101.wav", "anonymous.wav", "12345.wav", "+99 999.wav", "a\u202eb.wav"),
    *("+4989123456.wav", "20261124-080000_+442079460018.wav", "20301124-080000_+442079460018.wav"),
)
"""The names of the recordings that wait: of known and unknown callers, and of none."""
MORNING = datetime(2026, 11, 24, 9, 42, 17, tzinfo=UTC)


@dataclass
class World:
    """One desk in `folder`. While `away` its database cannot be used from the operator's console."""

    folder: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(MORNING))
    away: bool = False

    def __post_init__(self) -> None:
        self.address = copy_of(_fill, self.folder / "desk.db")

    @contextmanager
    def lived_in(self) -> Iterator[None]:
        """Make a folder of the world the operator's home: what came from outside is saved nowhere else."""
        home = self.folder / "home"
        home.mkdir()

        def save(content: bytes, name: str, target: str | Path) -> Path:
            place = home / expand(target)
            if not place.resolve().is_relative_to(home.resolve()):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return save_file(content, name, place)

        with patch.dict(os.environ, HOME=str(home)), patch.object(save_dialog, "save_file", save):
            yield

    def connect(self) -> Desk:
        """Open the operator's desk. Raises DeskUnavailableError while the database is away."""
        self._be_there()
        desk = Desk.open(self.address, self.clock)
        # What each kind of database does before it is used.
        name = "check_present" if isinstance(desk._database, SqliteDatabase) else "_check_open"
        check = getattr(desk._database, name)

        def check_present() -> None:
            self._be_there()
            check()

        setattr(desk._database, name, check_present)
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


def _fill(address: str) -> None:
    fill_demo_desk(address, now=MORNING, username=OPERATOR, full_name="Alex Ray", tickets=40)
    with closing(Desk.open(address, FixedClock(MORNING))) as desk:
        for place in sorted(MAIL.glob("*.eml")):
            MailIntake(desk, MAILBOX).take_in(Delivery(place.read_bytes(), place.name))
        telephone = VoicemailIntake(desk, VoicemailSource("telephone"))
        for number, name in enumerate(CALLERS):
            content = silence() if number % 3 == 2 else recording(number)
            found = FoundRecording(Path(name), content, MORNING - timedelta(hours=number))
            telephone.take_in(found)
        telephone.take_in(FoundRecording(Path("broken.wav"), b"RIFF", MORNING))
