"""While the demo is open, its customers send emails and voicemails, which its own intake takes in."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.demo.arrivals import ARRIVALS
from supportdesk.demo.business_time import RelativeCalendar
from supportdesk.demo.customer_mail import load_emails
from supportdesk.demo.customer_voicemail import RecordedCall, load_calls
from supportdesk.demo.history import OFFICE
from supportdesk.demo.intake_folders import find_folders, make_folders, remove_folders
from supportdesk.demo.records import build_demo_records
from supportdesk.demo.watcher_settings import DemoSettings
from supportdesk.desk import Desk
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.intake.voicemail.recording import Recording, read_recording
from supportdesk.resources import data_path
from supportdesk.sla.policy_file import load_policy
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.records.commands import SaveContact, SaveOrganisation, SavePerson
from tests import databases
from tests.databases import SQLITE, use
from tests.demo.customers import LAST, OpenDemo
from tests.store.desks import done, furnish
from tests.tickets.scenario import MONDAY_NINE

SECOND = timedelta(seconds=1)
Opener = Callable[[], OpenDemo]


def with_customers(address: str) -> None:
    furnish(address)
    policy = load_policy(data_path("policies/claritum.toml"))
    records = build_demo_records("me", "Me", RelativeCalendar(policy.calendar(OFFICE), MONDAY_NINE))
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        for command in records.save_commands():
            if isinstance(command, SaveOrganisation | SavePerson | SaveContact):
                done(desk, command, by="sue")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a small desk with the demo's customers, and with its folders."""
    # Only a desk in a file has folders beside it.
    with use(SQLITE):
        address = databases.copy_of(with_customers, tmp_path / "demo.db")
        make_folders(address, is_new=True)
        yield address


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_NINE)


@pytest.fixture
def desk(address: str, clock: FixedClock) -> Iterator[Desk]:
    with closing(Desk.open(address, clock)) as desk:
        yield desk


@pytest.fixture
def open_demo(desk: Desk, clock: FixedClock, address: str) -> Opener:
    """Opens the demo."""
    return lambda: OpenDemo(desk, clock, address)


def test_an_email_a_voicemail_a_reply_and_an_email_of_a_stranger_arrive_one_after_the_other(
    open_demo: Opener, desk: Desk
) -> None:
    demo = open_demo()
    demo.tick(after=ARRIVALS[0][0] - SECOND)
    assert demo.take_in() == []
    demo.tick(after=SECOND)
    [request] = demo.take_in()
    demo.tick(after=ARRIVALS[1][0] - ARRIVALS[0][0])
    [voicemail] = demo.take_in()
    demo.tick(after=ARRIVALS[2][0] - ARRIVALS[1][0])
    [later] = demo.take_in()
    demo.tick(after=ARRIVALS[3][0] - ARRIVALS[2][0])
    [stranger] = demo.take_in()
    assert [each.state for each in (request, voicemail, later, stranger)] == [
        MessageState.TICKET,
        MessageState.NOT_HEARD,
        MessageState.MESSAGE,
        MessageState.QUARANTINE,
    ]
    assert voicemail.contact == load_calls()[0].contact
    assert later.ref == request.ref
    assert request.ref is not None
    view, (first, reply, *_) = desk.ticket(request.ref), load_emails()
    assert (view.row.summary, view.row.channel) == (first.subject, "email")
    [written] = [each for each in view.timeline if each.event == "customer wrote"]
    assert written.phrase is not None
    assert written.phrase.text.startswith(reply.text[:40])


def test_each_opening_brings_the_next_until_all_have_arrived_once(open_demo: Opener, desk: Desk) -> None:
    emails, calls = load_emails(), load_calls()
    for _ in range(len(emails) // 2):
        open_demo().let_everything_arrive()
    [counts] = desk.count_incoming().values()
    replies = sum(not each.subject for each in emails)
    assert counts.pop(MessageState.NOT_HEARD) == len(calls)
    assert counts[MessageState.MESSAGE] == replies
    assert counts[MessageState.TICKET] == replies, "each is on the ticket of the email before it"
    assert counts[MessageState.QUARANTINE] == len(emails) - 2 * replies
    assert sum(counts.values()) == len(emails)


def test_two_consoles_at_the_same_moment_bring_nothing_twice(open_demo: Opener, desk: Desk) -> None:
    consoles = [open_demo(), open_demo()]
    for _ in ARRIVALS:
        for console in consoles:
            console.tick(after=LAST)
        consoles[0].take_in()
    [counts] = desk.count_incoming().values()
    assert MessageState.DUPLICATE not in counts
    arrived = desk.incoming_messages()
    assert len({each.content_digest for each in arrived}) == len(arrived) > len(ARRIVALS)


def test_nothing_follows_an_email_that_has_not_been_taken_in(open_demo: Opener) -> None:
    demo = open_demo()
    demo.tick(after=LAST)
    again = open_demo()
    again.tick(after=LAST)
    again.tick(after=LAST)
    assert len(demo.take_in()) == 1


def test_without_what_reads_mail_there_are_voicemails_only(
    open_demo: Opener, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert DemoSettings(address).load().mailboxes == {}
    demo = open_demo()
    assert [each.state for each in demo.let_everything_arrive()] == [MessageState.NOT_HEARD]
    assert demo.arrivals.fault == ""


def test_a_folder_that_cannot_be_written_is_a_fault_until_it_can(open_demo: Opener, address: str) -> None:
    folders = find_folders(address)
    assert folders is not None
    (folders.mail / "tmp").rename(folders.mail / "away")
    demo = open_demo()
    demo.tick(after=LAST)
    assert "nothing can arrive at the demo" in demo.arrivals.fault
    (folders.mail / "away").rename(folders.mail / "tmp")
    demo.tick()
    assert demo.arrivals.fault == ""
    [message] = demo.take_in()
    assert message.subject == load_emails()[0].subject


def test_nothing_arrives_and_nothing_is_taken_in_without_the_folders(open_demo: Opener, address: str) -> None:
    demo = open_demo()
    remove_folders(address)
    assert demo.let_everything_arrive() == []
    assert not Path(f"{address}.intake").exists()
    settings = DemoSettings(address).load()
    assert (settings.mailboxes, settings.voicemail) == ({}, {})


def test_a_new_demo_begins_with_empty_folders_and_an_old_one_keeps_its_own(
    open_demo: Opener, address: str
) -> None:
    open_demo().tick(after=LAST)
    make_folders(address, is_new=False)
    assert len(open_demo().take_in()) == 1
    open_demo().tick(after=LAST)
    make_folders(address, is_new=True)
    assert open_demo().take_in() == []


def test_a_demo_on_a_server_has_no_folders() -> None:
    address = "postgresql://desk@db.example/desk"
    make_folders(address, is_new=True)
    remove_folders(address)
    assert find_folders(address) is None


@pytest.mark.parametrize("call", load_calls(), ids=lambda call: call.recording)
def test_a_recording_that_ships_is_a_few_seconds_as_a_telephone_line_carries_them(call: RecordedCall) -> None:
    content = data_path(f"demo/voicemail/{call.recording}").read_bytes()
    recording = read_recording(content)
    assert isinstance(recording, Recording)
    assert recording.sound is not None
    assert (recording.media, recording.sound.rate) == ("wav", 8_000)
    assert recording.seconds is not None
    assert 4 < recording.seconds < 7
    assert len(content) < 100_000


def test_what_cannot_be_left_now_arrives_later(tmp_path: Path) -> None:
    with use(SQLITE):
        address = str(tmp_path / "demo.db")
        make_folders(address, is_new=True)
    folders = find_folders(address)
    assert folders is not None
    with pytest.raises(DeskUnavailableError), folders.reserve_next("mail", 1):
        raise DeskUnavailableError("it is busy")
    with folders.reserve_next("mail", 1) as number:
        assert number == 0
