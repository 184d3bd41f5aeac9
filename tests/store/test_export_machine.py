"""Whatever was done at a desk: its export makes the same desk again, and the same export."""

import tempfile
from pathlib import Path

from hypothesis import settings

from tests.seeds import examples
from tests.store.desks import database_of
from tests.store.exchanged import compare_round_trip
from tests.store.test_desk_machine import DeskMachine
from tests.store.test_outbox_machine import OutboxMachine


class ExportedDesk(DeskMachine):
    """Random commands, then an export."""

    def teardown(self) -> None:
        if hasattr(self, "desks"):
            with tempfile.TemporaryDirectory() as folder:
                compare_round_trip(database_of(self.desks[0]), Path(folder))
        super().teardown()


class ExportedOutbox(OutboxMachine):
    """Random pages, notices and attempts to send them, then an export."""

    def teardown(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            compare_round_trip(database_of(self.desk), Path(folder))
        super().teardown()


ExportedDesk.TestCase.settings = settings(max_examples=examples(3), stateful_step_count=25, deadline=None)
test_a_desk_after_any_commands_makes_the_same_desk_again = ExportedDesk.TestCase

ExportedOutbox.TestCase.settings = settings(max_examples=examples(2), stateful_step_count=20, deadline=None)
test_an_outbox_after_any_attempts_makes_the_same_outbox_again = ExportedOutbox.TestCase
