"""Random commands at a desk: its tables always follow from the ledger, and every subscriber gets every change."""

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.command import Command, TicketCommand
from supportdesk.tickets.documents import Contact, Organisation, Person, Release
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.linking import LinkTicket, MarkDuplicate
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import (
    ChangeDay,
    EraseContact,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRelease,
)
from supportdesk.tickets.refusal import Refusal
from tests import databases
from tests.seeds import examples
from tests.store.desks import furnished, verified
from tests.tickets.scenario import MONDAY_NINE, RECORDS
from tests.tickets.test_process_machine import SEVERITIES, TICKET_COMMANDS, values

STAFF = st.sampled_from(sorted(RECORDS.staff))
NAMES = st.sampled_from(["Acme", "Acme plc", "Ünïcode & Co", "[/oops]", "\x1b]0;x\x07bell"])
PLAIN_COMMANDS = [each for each in TICKET_COMMANDS if each not in {LinkTicket, MarkDuplicate}]
PLAIN_COMMAND = st.sampled_from(PLAIN_COMMANDS).flatmap(
    lambda command: values(command).map(lambda fields: (command, fields))
)


class DeskMachine(RuleBasedStateMachine):
    """Two desks on one database; `shown` is what a console has that reads the queue once and then only changes."""

    refs = Bundle("refs")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FixedClock(MONDAY_NINE)
        address = furnished(Path(self.folder.name))
        self.desks = [Desk.open(address, self.clock) for _ in range(2)]
        self.numbers = count()
        snapshot = self.desks[1].queue()
        self.shown: dict[str, QueueRow] = {row.ref: row for row in snapshot.rows}
        self.since = snapshot.seq

    def do(self, command: Command, by: str) -> Applied | Refusal:
        before = self.desks[0].queue().seq
        outcome = self.desks[0].do(command, by=by)
        assert (self.desks[0].queue().seq > before) == isinstance(outcome, Applied)
        return outcome

    @rule(
        target=refs,
        severity=st.sampled_from(SEVERITIES),
        channel=st.sampled_from(["phone", "hotline", "portal"]),
        name=NAMES,
        contact=st.sampled_from(["jo", "kim", "Zoë", " "]),
        by=STAFF,
    )
    def log(self, severity: str, channel: str, name: str, contact: str, by: str) -> object:
        known = name == "Acme"
        command = Log(
            severity,
            channel,
            "acme" if known else name,
            contact,
            f"{name} cannot print",
            new_organisation=not known,
        )
        outcome = self.do(command, by)
        return outcome.ref if isinstance(outcome, Applied) else multiple()

    @rule(ref=refs, command=PLAIN_COMMAND, by=STAFF)
    def work(self, ref: str, command: tuple[type[TicketCommand], dict[str, object]], by: str) -> None:
        kind, fields = command
        self.do(kind(ref=ref, **fields), by)

    @rule(
        ref=refs,
        contact=st.sampled_from(["", "jo", "kim"]),
        by=st.sampled_from(["intake", "contact jo", "contact kim"]),
    )
    def write(self, ref: str, contact: str, by: str) -> None:
        self.do(AddCustomerMessage(ref, "It is back.", contact), by)

    @rule(by=STAFF)
    def undo_record(self, by: str) -> None:
        change = self.desks[0].last_record_change(by)
        if change is not None:
            self.do(UndoRecord(change.seq), by)

    @rule(ref=refs)
    def take_back(self, ref: str) -> None:
        self.do(Undo(ref), self.desks[0].ticket(ref).timeline[-1].actor)

    @rule(ref=refs, command=PLAIN_COMMAND, by=STAFF)
    def work_twice_under_one_id(
        self, ref: str, command: tuple[type[TicketCommand], dict[str, Any]], by: str
    ) -> None:
        kind, fields = command
        number = str(next(self.numbers))
        first = self.desks[0].do(kind(ref=ref, **fields), by=by, command_id=number)
        again = self.desks[1].do(kind(ref=ref, **fields), by=by, command_id=number)
        assert again == (replace(first, repeated=True) if isinstance(first, Applied) else first)

    @rule(ref=refs, other=refs, duplicate=st.booleans(), by=STAFF)
    def link(self, ref: str, other: str, duplicate: bool, by: str) -> None:
        self.do(MarkDuplicate(ref, other) if duplicate else LinkTicket(ref, other), by)

    @rule(day=st.dates(date(2026, 11, 20), date(2026, 12, 20)), shipped=st.booleans())
    def move_release(self, day: date, shipped: bool) -> None:
        self.do(SaveRelease(Release("2026.12", day, shipped_at=self.clock.now() if shipped else None)), "sue")

    @rule(
        day=st.dates(date(2026, 11, 20), date(2026, 12, 1)),
        spans=st.sampled_from(
            [(), (("06:00", "22:00"),), (("08:00", "12:00"), ("13:00", "24:00")), (("x", "y"),)]
        ),
    )
    def change_day(self, day: date, spans: tuple[tuple[str, str], ...]) -> None:
        self.do(ChangeDay("office", day, spans, "as it happens"), "sue")

    @rule(name=NAMES)
    def rename(self, name: str) -> None:
        self.do(SaveOrganisation(Organisation("acme", name)), "ann")
        self.do(SaveContact(Contact("jo", "acme", name)), "ann")
        self.do(SavePerson(Person("ann", name, "user-support", RECORDS.staff["ann"].roles)), "sue")

    @rule(contact=st.sampled_from(["jo", "kim"]), by=STAFF)
    def erase(self, contact: str, by: str) -> None:
        self.do(EraseContact(contact), by)

    @rule(hours=st.integers(-5, 60))
    def time_goes_on(self, hours: int) -> None:
        self.clock.set(self.clock.now() + timedelta(hours=hours))

    @rule()
    def the_other_console_looks(self) -> None:
        changes = self.desks[1].changes(self.since)
        assert {row.ref for row in changes.rows} == {
            ref for ref in self.all_refs() if self.desks[0].ticket(ref).row.changed_seq > self.since
        }
        self.shown |= {row.ref: row for row in changes.rows}
        self.since = changes.seq

    def all_refs(self) -> set[str]:
        return {row.ref for row in self.desks[0].changes(0).rows}

    def teardown(self) -> None:
        if not hasattr(self, "desks"):
            return
        self.the_other_console_looks()
        snapshot = self.desks[0].queue()
        assert snapshot.seq == self.since
        listed = [row for row in self.shown.values() if row.stage != "closed"]
        rank = {key: place for place, key in enumerate(SEVERITIES)}
        assert snapshot.rows == sorted(listed, key=lambda row: (rank[row.severity], row.urgency))
        for told in self.desks[0].history(MONDAY_NINE):
            if told.ownerships:
                last = told.ownerships[-1]
                assert (last.team, last.owner) == (told.ticket.team, told.ticket.owner)
        found = verified(self.desks[1])
        assert found.is_intact, found
        for desk in self.desks:
            desk.close()
        self.folder.cleanup()


@pytest.mark.straggler
def test_a_desk_is_what_its_ledger_tells_whatever_is_done(database_kind: str) -> None:
    # A command takes some times as long on a server.
    few = max(3, settings().max_examples // 25)
    tries = examples(12 if database_kind == databases.SQLITE else few)
    run_state_machine_as_test(
        DeskMachine, settings=settings(max_examples=tries, stateful_step_count=30, deadline=None)
    )
