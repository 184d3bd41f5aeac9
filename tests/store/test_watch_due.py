"""When something falls due on a ticket is, after every command there is, what its history gives when computed anew."""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Connection, select

from supportdesk.clock import FixedClock
from supportdesk.desk import SYSTEM, Desk
from supportdesk.desk_api import Applied
from supportdesk.store import tables
from supportdesk.store.ticket_projection import read_state
from supportdesk.store.watch_projection import load_watch_due
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.command import Command, TicketCommand
from supportdesk.tickets.decide import PROCESS_MODULES
from supportdesk.tickets.documents import Address, Release
from supportdesk.tickets.events.sending import SEND_OUTCOMES
from supportdesk.tickets.process.importing import ImportRequest
from supportdesk.tickets.process.retry import RetryDelivery
from supportdesk.tickets.process.sending import RecordAttempt
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import ChangeDay, InstallPolicy, SavePerson, SaveRelease
from tests.seeds import examples
from tests.store.desks import database_of, furnished
from tests.tickets.scenario import MONDAY_NINE, RECORDS, claritum
from tests.tickets.test_process_machine import SEVERITIES

STAFF = sorted(RECORDS.staff)
TEXT = ("Because of the invoice run.",)
TICKETS = ("of", "other")
"""The fields that name another ticket."""
FIELDS: dict[str, Sequence[Any]] = {
    **dict.fromkeys(("text", "told", "note", "reason", "record"), TEXT),
    "owner": ("", *STAFF),
    "paged": ("",),
    "person": ("dora", "sue"),
    "to": ("", "sam", "priya", "director", "development"),
    "team": ("user-support", "technical-support", "development"),
    "severity": SEVERITIES,
    "release": sorted(RECORDS.releases),
    "article": sorted(RECORDS.articles),
    "contact": ("", *RECORDS.contacts),
    "mail": ("", "7f3a"),
    "version": ("1", "2"),
    "at": (MONDAY_NINE,),
    "attachments": ((),),
    "until": (None, date(2026, 11, 24), date(2026, 12, 8)),
}
"""Values for the fields that are no choice among given ones."""


def list_commands() -> list[type[TicketCommand]]:
    """Return every command on a ticket that the program has, found where their rules are defined."""

    def walk(kind: type) -> Iterator[type]:
        each: type
        for each in kind.__subclasses__():
            yield each
            yield from walk(each)

    names = {(kind.__module__, kind.__name__) for kind in walk(TicketCommand)}
    # A dataclass with slots leaves the class behind from which it was made, so that both are found.
    return [
        getattr(sys.modules[module], name)
        for module, name in sorted(names)
        if module.startswith("supportdesk.")
    ]


COMMANDS = list_commands()


def choose(random: Random, command: type[TicketCommand], refs: Sequence[str]) -> dict[str, Any]:
    """Return a value for each field. Raises KeyError for one that has none in `FIELDS`."""
    choices = {each.name: each.choices for each in command.arguments() if each.choices}
    found = {}
    for each in dataclasses.fields(command):
        values = refs if each.name in ("ref", *TICKETS) else choices.get(each.name) or FIELDS[each.name]
        found[each.name] = random.choice(values)
    return found


class Trial:
    """A desk with two versions of the policy, of which the second has fewer ladders, and what is done to it."""

    def __init__(self, folder: str, random: Random) -> None:
        self.random = random
        self.clock = FixedClock(MONDAY_NINE)
        self.desk = Desk.open(furnished(Path(folder)), self.clock)
        self.desk.date_is_confirmed = True
        self.refs: list[str] = []
        self.done: list[str] = []
        policy = claritum()
        severities = tuple(
            each if each.key in ("critical", "high") else replace(each, ladder=())
            for each in policy.severities
        )
        later = MONDAY_NINE + timedelta(days=400)
        self.give(InstallPolicy(replace(policy, version="2", effective=later, severities=severities)), "sue")
        dora = replace(RECORDS.staff["dora"], addresses=(Address("sms", "+44 7700 900123"),))
        self.give(SavePerson(dora), SYSTEM.key)
        at = MONDAY_NINE - timedelta(hours=1)
        self.give(
            ImportRequest("other:1", at, at, "high", "phone", "acme", "jo", "user-support", "Export"), "sue"
        )
        for severity in ("critical", "medium"):
            self.log(severity)

    def give(self, command: Command, by: str) -> bool:
        """Give a command, and compare every ticket; return whether it was carried out."""
        outcome = self.desk.do(command, by=by)
        if not isinstance(outcome, Applied):
            return False
        self.done.append(type(command).__name__)
        if isinstance(command, Log | ImportRequest) and outcome.ref is not None:
            self.refs.append(outcome.ref)
        database_of(self.desk).read(lambda connection: self.compare(connection, command))
        return True

    def compare(self, connection: Connection, command: Command) -> None:
        columns = tables.tickets.c
        for ref, state, due in connection.execute(select(columns.ref, columns.state, columns.watch_due)):
            expected = load_watch_due(connection, read_state(state), self.desk.policies)
            assert due == expected, f"{ref} after {command}; before it: {self.done}"

    def log(self, severity: str) -> None:
        channel = {"critical": "hotline", "low": "portal"}.get(severity, "phone")
        self.give(Log(severity, channel, "acme", "jo", "Export stops half-way"), "ann")

    def act(self) -> None:
        """Give any command on a ticket; several, until one is carried out."""
        any(self.act_once() for _ in range(5))

    def act_once(self) -> bool:
        """Give any command, by somebody who may give it; return whether it was carried out."""
        kind = self.random.choice(COMMANDS)
        values = choose(self.random, kind, self.refs)
        if "at" in values:
            values["at"] = self.clock.now() - timedelta(minutes=self.random.choice((0, 0, 3)))
        command = kind(**values)
        ticket = self.desk.ticket(command.ref).ticket
        paged = [page.person for page in ticket.open_pages if page.person is not None]
        last = self.desk.ticket(command.ref).timeline[-1].actor
        people = [WATCHER.key] if WATCHER.key in kind.open_to_services else [last, *paged, "priya", "sue"]
        if ticket.owner:
            people.insert(0, ticket.owner)
        return any(self.give(command, by) for by in people)

    def change_records(self) -> None:
        days, is_so = self.random.randint(-1, 10), self.random.random() < 0.5
        day: date = (self.clock.now() + timedelta(days=days)).date()
        person = RECORDS.staff[self.random.choice(STAFF)]
        change = self.desk.last_record_change("sue")
        commands: list[Command] = [
            ChangeDay("office", day, () if is_so else (("06:00", "22:00"),), "the weather"),
            SaveRelease(Release("2026.12", day, self.clock.now() if is_so else None)),
            SavePerson(replace(person, active=is_so)),
            *([UndoRecord(change.seq)] if change is not None else []),
        ]
        self.give(self.random.choice(commands), "sue")

    def send(self) -> None:
        for shipment in self.desk.claim_shipments("here", {"sms": (2, 2)}):
            outcome = self.random.choice(sorted(SEND_OUTCOMES))
            self.give(RecordAttempt(shipment.first.id, outcome), WATCHER.key)

    def let_time_pass(self) -> None:
        most = self.random.choice((10, 60, 600, 8_000))
        self.clock.set(self.clock.now() + timedelta(minutes=self.random.randint(-most // 20, most)))


@settings(
    max_examples=(settings.get_current_profile_name() == "long" and 150) or examples(6),
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
)
@given(seed=st.integers(0, 2**32))
def test_what_falls_due_is_what_the_history_gives_whatever_is_done(seed: int) -> None:
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(folder, random)
        with closing(trial.desk):
            for _ in range(50):
                does = random.choices(
                    (trial.act, trial.change_records, trial.send, trial.let_time_pass), (12, 1, 1, 2)
                )
                does[0]()


def test_every_command_on_a_ticket_is_given_with_values_for_all_its_fields() -> None:
    about_deliveries = RetryDelivery.__module__
    assert {module.__name__ for module in PROCESS_MODULES} - {about_deliveries} == {
        each.__module__ for each in COMMANDS
    }
    for command in COMMANDS:
        assert choose(Random(0), command, ["CD-4C00-W"])["ref"] == "CD-4C00-W"
