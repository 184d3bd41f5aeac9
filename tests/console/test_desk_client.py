"""The client of the desk: the order of its messages, command ids, and lost connections."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from msgspec.structs import replace
from textual.message import Message

from supportdesk.console.desk_client import DeskClient
from supportdesk.console.desk_watch import DeskWatch
from supportdesk.console.messages import (
    DeskDisconnected,
    DeskFailed,
    DeskOpened,
    DeskReconnected,
    ExplanationLoaded,
    IncomingChanged,
    QueueChanged,
    RecordsChanged,
    ReferenceDataChanged,
    TicketLoaded,
)
from supportdesk.desk_api import Applied, DeskApi, DeskUnavailableError, Outcome
from supportdesk.store.read_models import Changes, Roster
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import (
    Article,
    Contact,
    Organisation,
    Person,
    Release,
    Role,
    Rotation,
)
from supportdesk.tickets.incoming_message import INCOMING_MESSAGE
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.records.commands import (
    SaveArticle,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRelease,
    SaveRotation,
)
from supportdesk.tickets.refusal import Refusal
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, morning_desk
from tests.patience import LAST_RESORT

REF = "CD-4C05-H"
ROOT = Person("root", "Root", "user-support", (Role.ADMINISTRATOR,))


class Messages:
    """Records the messages that a client posts, and waits for them."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._news = threading.Condition()

    def __call__(self, message: Message) -> None:
        with self._news:
            self.messages.append(message)
            self._news.notify_all()

    def first(self, kind: type[Message]) -> Message:
        with self._news:
            assert self._news.wait_for(lambda: any(isinstance(each, kind) for each in self.messages), 10)
            return next(each for each in self.messages if isinstance(each, kind))


def opened_client(desk: FakeDesk) -> tuple[DeskClient, Messages]:
    """Return a client that has opened its desk, and its messages."""
    told = Messages()
    client = DeskClient(DeskWatch(lambda: desk, "ann", told))
    threading.Thread(target=client.watch.run, daemon=True).start()
    told.first(DeskOpened)
    return client, told


def test_the_whole_desk_is_posted_once_it_is_open() -> None:
    client, told = opened_client(morning_desk())
    opened = told.first(DeskOpened)
    assert isinstance(opened, DeskOpened)
    assert opened.model.matches == 13
    assert opened.person is not None
    assert opened.person.name == "Ann Lee"
    client.watch.stop()


def test_the_changes_of_a_command_are_posted_at_once() -> None:
    client, told = opened_client(morning_desk())
    assert isinstance(client.do(Note(REF, "looking")), Applied)
    changed = told.first(QueueChanged)
    assert isinstance(changed, QueueChanged)
    assert [row.ref for row in changed.rows] == [REF]
    client.watch.stop()


class LosesTheAnswer(FakeDesk):
    """Executes commands, but loses the first outcome."""

    lost = False

    def do(
        self, command: Command, *, by: str, command_id: str | None = None, begun: int | None = None
    ) -> Outcome:
        outcome = super().do(command, by=by, command_id=command_id, begun=begun)
        if not self.lost:
            self.lost = True
            raise DeskUnavailableError("the answer was lost")
        return outcome


def test_a_command_of_unknown_outcome_keeps_its_id_and_is_executed_once() -> None:
    morning = morning_desk()
    desk = LosesTheAnswer(morning.clock, morning.records)
    desk.__dict__.update(morning.__dict__)
    client, told = opened_client(desk)
    refused = client.do(Note(REF, "once"))
    assert isinstance(refused, Refusal)
    assert "the answer was lost. What you typed is saved: send it again" in refused.reason
    assert isinstance(client.do(Note(REF, "once")), Applied)
    assert [entry.sentence for entry in desk.ticket(REF).timeline].count("note: once") == 1
    assert len({command_id for _, _, command_id in desk.commands}) == 1
    assert isinstance(client.do(Note(REF, "once")), Applied)
    assert len({command_id for _, _, command_id in desk.commands}) == 2
    told.first(DeskDisconnected)
    client.watch.stop()


def test_a_lost_connection_and_its_return_are_posted_once_each() -> None:
    desk = morning_desk()
    client, told = opened_client(desk)
    desk.outage = "gone."
    lost = told.first(DeskDisconnected)
    assert isinstance(lost, DeskDisconnected)
    assert (lost.reason, lost.since) == ("gone.", desk.clock.now())
    client.post_ticket(REF)
    read = told.first(TicketLoaded)
    assert isinstance(read, TicketLoaded)
    assert (read.view, read.refusal) == (None, "gone.")
    desk.outage = None
    told.first(DeskReconnected)
    assert [type(each) for each in told.messages].count(DeskDisconnected) == 1
    client.watch.stop()


def test_an_unknown_ticket_is_reported() -> None:
    client, _ = opened_client(morning_desk())
    refused = client.ticket("CD-4D00-9")
    assert isinstance(refused, Refusal)
    assert refused.reason == "There is no ticket CD-4D00-9; check the reference."
    client.watch.stop()


class DoesNotTell(FakeDesk):
    """Reports changed tickets, but not which records changed."""

    def changes(self, since: int) -> Changes:
        return replace(super().changes(since), records=None)


def test_the_roster_is_read_again_if_the_changed_records_are_unknown() -> None:
    morning = morning_desk()
    desk = DoesNotTell(morning.clock, morning.records)
    desk.__dict__.update(morning.__dict__)
    client, told = opened_client(desk)
    desk._seq += 1
    desk.announce_change()
    told.first(ReferenceDataChanged)
    client.watch.stop()


SAM = Person("sam", "Sam Okoro-Hill", "user-support", (Role.AGENT,))


@pytest.mark.parametrize(
    ("command", "kind", "roster"),
    [
        (SavePerson(SAM), "person", True),
        (SaveRelease(Release("7.4", date(2026, 12, 16))), "release", True),
        (SaveRotation(Rotation(("sam",), NOW, "Europe/London")), "rotation", True),
        (SaveOrganisation(Organisation("acme", "Acme plc")), "organisation", False),
        (SaveContact(Contact("jo", "acme", "Jo Parker")), "contact", False),
        (SaveArticle(Article("KB-99", "New")), "article", False),
    ],
)
def test_a_record_and_a_ticket_that_change_between_two_polls_are_both_posted(
    command: Command, kind: str, roster: bool
) -> None:
    desk = morning_desk()
    client, told = opened_client(desk)
    told.messages.clear()
    with client.watch._reading:
        # The link looks only once both are there.
        desk.records = replace(desk.records, staff={**desk.records.staff, "root": ROOT})
        assert isinstance(desk.do(command, by="root"), Applied)
        assert isinstance(desk.do(Note(REF, "looking"), by="ann"), Applied)
    desk.announce_change()
    changed = told.first(QueueChanged)
    assert isinstance(changed, QueueChanged)
    assert REF in [row.ref for row in changed.rows]
    records = told.first(RecordsChanged)
    assert isinstance(records, RecordsChanged)
    assert records.kinds == {kind}
    read = [each for each in told.messages if isinstance(each, ReferenceDataChanged)]
    assert bool(read) is roster
    client.watch.stop()


def test_a_changed_ticket_alone_does_not_read_the_roster() -> None:
    client, told = opened_client(morning_desk())
    told.messages.clear()
    client.do(Note(REF, "looking"))
    told.first(QueueChanged)
    assert [type(each) for each in told.messages] == [QueueChanged]
    client.watch.stop()


class GetsMail(FakeDesk):
    """Says that a message has arrived with each change."""

    def changes(self, since: int) -> Changes:
        found = super().changes(since)
        return replace(found, records=(found.records or frozenset()) | {INCOMING_MESSAGE})


def test_a_message_that_arrived_changes_the_intake_and_nothing_else() -> None:
    morning = morning_desk()
    desk = GetsMail(morning.clock, morning.records)
    desk.__dict__.update(morning.__dict__)
    client, told = opened_client(desk)
    told.messages.clear()
    client.do(Note(REF, "looking"))
    told.first(QueueChanged)
    assert [type(each) for each in told.messages] == [IncomingChanged, QueueChanged]
    client.watch.stop()


class LosesTheRoster(FakeDesk):
    """Cannot read its roster while `broken`."""

    broken = False

    def roster(self) -> Roster:
        if self.broken:
            raise DeskUnavailableError("gone")
        return super().roster()


def test_changes_that_could_not_all_be_read_are_read_again() -> None:
    morning = morning_desk()
    desk = LosesTheRoster(morning.clock, morning.records)
    desk.__dict__.update(morning.__dict__)
    client, told = opened_client(desk)
    told.messages.clear()
    desk.records = replace(desk.records, staff={**desk.records.staff, "root": ROOT})
    desk.broken = True
    with client.watch._reading:
        assert isinstance(desk.do(SavePerson(SAM), by="root"), Applied)
        assert isinstance(desk.do(Note(REF, "looking"), by="ann"), Applied)
    desk.announce_change()
    told.first(DeskDisconnected)
    assert not [each for each in told.messages if isinstance(each, QueueChanged)]
    desk.broken = False
    told.first(DeskReconnected)
    kinds = [type(each) for each in told.messages]
    assert kinds == [DeskDisconnected, ReferenceDataChanged, RecordsChanged, QueueChanged, DeskReconnected]
    client.watch.stop()


def test_a_message_replaces_only_an_earlier_one_about_the_same_subject() -> None:
    opened = opened_client(morning_desk())[1].first(DeskOpened)
    assert isinstance(opened, DeskOpened)
    facts: list[Message] = [
        ReferenceDataChanged(opened.policy, opened.roster),
        RecordsChanged(frozenset({"person"})),
        QueueChanged([]),
        IncomingChanged(),
        TicketLoaded("CD-1", None),
        TicketLoaded("CD-2", None),
        ExplanationLoaded("CD-1", {}),
        DeskDisconnected("gone", None),
        DeskReconnected(),
    ]
    replaced = {
        (place, other)
        for place, fact in enumerate(facts)
        for other, later in enumerate(facts)
        if fact.can_replace(later)
    }
    assert replaced == {(0, 0), (1, 1), (3, 3), (4, 4), (5, 5), (6, 6)}
    assert RecordsChanged(frozenset({"person"})).can_replace(RecordsChanged(frozenset({"person", "day"})))
    assert not RecordsChanged(frozenset({"person", "day"})).can_replace(RecordsChanged(frozenset({"day"})))


def test_an_unexpected_error_is_posted() -> None:
    def connect() -> DeskApi:
        raise ZeroDivisionError("a fault of ours")

    told = Messages()
    threading.Thread(target=DeskWatch(connect, "ann", told).run, daemon=True).start()
    failed = told.first(DeskFailed)
    assert isinstance(failed, DeskFailed)
    assert isinstance(failed.error, ZeroDivisionError)


def test_stop_ends_the_watch_and_closes_the_desk() -> None:
    desk = morning_desk()
    told = Messages()
    client = DeskClient(DeskWatch(lambda: desk, "ann", told))
    thread = threading.Thread(target=client.watch.run)
    thread.start()
    told.first(DeskOpened)
    client.watch.stop()
    thread.join(LAST_RESORT)
    assert not thread.is_alive()
    assert "close" in desk.calls


def test_each_failed_attempt_to_open_the_desk_closes_its_connection() -> None:
    failing, working = [morning_desk(), morning_desk()], morning_desk()
    for desk in failing:
        desk.outage = "not yet."
    attempts = iter([*failing, working])
    told = Messages()
    watch = DeskWatch(lambda: next(attempts), "ann", told)
    threading.Thread(target=watch.run, daemon=True).start()
    told.first(DeskOpened)
    assert [desk.calls.count("close") for desk in (*failing, working)] == [1, 1, 0]
    watch.stop()
