"""Whatever is done at a desk while it is copied: the copy becomes the same desk."""

import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import settings
from hypothesis.stateful import rule

from supportdesk.desk_api import DeskUnavailableError
from supportdesk.store import ledger
from supportdesk.store.backend import Database
from supportdesk.store.closure import open_head
from supportdesk.store.database import create_database
from supportdesk.store.exchange.changes import CopiedRows, apply_changes
from supportdesk.store.exchange.facts import ERASED_MEANWHILE, fill_desk, read_facts, verify_closed
from tests.seeds import examples
from tests.store.desks import database_of
from tests.store.exchanged import all_rows
from tests.store.test_desk_machine import DeskMachine
from tests.store.test_outbox_machine import OutboxMachine


class Copy:
    """A copy of a desk, begun at one moment and brought up to date at others; begun again where somebody was erased."""

    def __init__(self, source: Database) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._source = source
        self._copy = self._begin()

    def _begin(self) -> Database:
        path = Path(self._folder.name) / "copy.db"
        path.unlink(missing_ok=True)
        copy = create_database(str(path))
        until = self._source.read(ledger.read_head).seq
        assert fill_desk(copy, read_facts(self._source, until)) is None
        return copy

    def catch_up(self) -> None:
        """Bring the copy up to date."""
        try:
            changes = self._source.read(self._copy.read(CopiedRows).find_changes)
        except DeskUnavailableError as error:
            if str(error) != ERASED_MEANWHILE:
                raise
            self._copy.close()
            self._copy = self._begin()
            return
        self._copy.write(lambda connection: apply_changes(connection, changes))

    def finish(self) -> None:
        """Check that the copy is the desk."""
        self.catch_up()
        with closing(self._copy):
            assert verify_closed(self._copy).is_intact
            self._copy.write(open_head)
            assert all_rows(self._copy) == all_rows(self._source)
        self._folder.cleanup()


class CopiedDesk(DeskMachine):
    """Random commands, before, during and after the parts of a copy."""

    copy: Copy | None = None

    @rule()
    def copy_or_catch_up(self) -> None:
        if self.copy is None:
            self.copy = Copy(database_of(self.desks[0]))
        else:
            self.copy.catch_up()

    def teardown(self) -> None:
        if self.copy is not None:
            self.copy.finish()
        super().teardown()


class CopiedOutbox(OutboxMachine):
    """Random pages, notices and attempts to send them, before, during and after the parts of a copy."""

    copy: Copy | None = None

    @rule()
    def copy_or_catch_up(self) -> None:
        if self.copy is None:
            self.copy = Copy(database_of(self.desk))
        else:
            self.copy.catch_up()

    def teardown(self) -> None:
        if self.copy is not None:
            self.copy.finish()
        super().teardown()


CopiedDesk.TestCase.settings = settings(max_examples=examples(4), stateful_step_count=25, deadline=None)
test_a_copy_of_a_desk_in_use_becomes_the_same_desk = CopiedDesk.TestCase

CopiedOutbox.TestCase.settings = settings(max_examples=examples(3), stateful_step_count=20, deadline=None)
test_a_copy_of_an_outbox_in_use_becomes_the_same_outbox = CopiedOutbox.TestCase
