"""A watcher takes in the mail of the mailboxes, and pages whatever the mail is."""

from __future__ import annotations

import mailbox
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.heartbeat import WATCHING
from supportdesk.intake.mail import maildir_intake
from supportdesk.intake.mail.configured import MaildirMailbox, list_maildirs, make_mailboxes
from supportdesk.intake.mail.maildir_task import MaildirTask
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.records.commands import SaveContact
from supportdesk.watcher.loop import Watcher
from supportdesk.watcher.outside import Outside
from supportdesk.watcher.tasks import make_tasks
from tests.intake.mail.messages import write
from tests.patience import wait_for
from tests.store.desks import done, furnished
from tests.tickets.scenario import MONDAY_NINE


@pytest.fixture
def address(tmp_path: Path) -> str:
    made = furnished(tmp_path)
    with closing(Desk.open(made, FixedClock(MONDAY_NINE))) as desk:
        done(desk, SaveContact(Contact("jo", "acme", "Jo Park", super_user=True, email="jo@acme.example")))
    return made


@pytest.fixture
def mailboxes(tmp_path: Path) -> list[MaildirMailbox]:
    settings = tmp_path / "config.toml"
    settings.write_text(
        '[watcher.mailboxes.one]\nmaildir = "one"\n[watcher.mailboxes.two]\nmaildir = "two"\n',
        encoding="utf-8",
    )
    return list_maildirs(make_mailboxes(load_watcher_settings(settings)))


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def watcher(address: str, mailboxes: list[MaildirMailbox], log: list[str]) -> Iterator[Watcher]:
    outside = Outside(make_more_tasks=lambda say: [MaildirTask(say, lambda: mailboxes)])
    made = Watcher(
        lambda: Desk.open(address, FixedClock(MONDAY_NINE)),
        None,
        partial(make_tasks, outside=outside),
        say=log.append,
    )
    yield made
    made.close()


def deliver(folder: Path, *messages: bytes) -> None:
    with closing(mailbox.Maildir(folder, create=True)) as box:
        for each in messages:
            box.add(each)


def tick_until(watcher: Watcher, condition: Callable[[], bool]) -> None:
    def is_so() -> bool:
        watcher.tick()
        return condition()

    wait_for(is_so, lambda: watcher.heartbeat.state)


def taken_in(log: list[str]) -> list[str]:
    """The lines of the watcher's log about messages."""
    return [line for line in log if line.startswith("a message")]


def count(address: str) -> dict[str, dict[MessageState, int]]:
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        return desk.count_incoming()


def test_the_mail_of_every_mailbox_is_taken_in_and_the_log_has_nothing_that_a_customer_wrote(
    tmp_path: Path, address: str, watcher: Watcher, log: list[str]
) -> None:
    deliver(tmp_path / "one", write("SECRET", "SECRET"), write("SECRET", sender="eve@elsewhere.example"))
    deliver(tmp_path / "two", write())
    tick_until(watcher, lambda: len(taken_in(log)) == 3)
    assert count(address) == {
        "one": {MessageState.QUARANTINE: 1, MessageState.TICKET: 1},
        "two": {MessageState.TICKET: 1},
    }
    assert "a message in the mailbox one: quarantine" in log
    assert not any("SECRET" in line or "eve" in line for line in log)


def test_a_mailbox_that_cannot_be_read_is_a_fault_until_it_can_and_keeps_no_other_from_being_read(
    tmp_path: Path, watcher: Watcher, log: list[str]
) -> None:
    deliver(tmp_path / "two", write())
    said = f"the mailbox one cannot be read: {tmp_path / 'one'}: No such file or directory"
    tick_until(watcher, lambda: watcher.heartbeat.state == said)
    assert len(taken_in(log)) == 1
    deliver(tmp_path / "one", write())
    tick_until(watcher, lambda: len(taken_in(log)) == 2 and watcher.heartbeat.state == WATCHING)


def test_a_mailbox_with_a_channel_that_is_not_for_mail_is_a_fault_and_keeps_its_mail_and_no_other(
    tmp_path: Path, mailboxes: list[MaildirMailbox], watcher: Watcher, log: list[str]
) -> None:
    named = replace(mailboxes[0].mailbox, channel="portal")
    mailboxes[0] = replace(mailboxes[0], mailbox=named)
    deliver(tmp_path / "one", write(), write("Another."))
    deliver(tmp_path / "two", write())
    said = "the mailbox one takes in nothing: no mail comes by the channel 'portal'; give another one, such as email"
    tick_until(watcher, lambda: watcher.heartbeat.state == said)
    assert len(list((tmp_path / "one" / "new").iterdir())) == 2
    assert len(taken_in(log)) == 1


def test_a_message_that_takes_for_ever_keeps_nobody_from_being_watched(
    tmp_path: Path, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(tmp_path / "one", write())
    begun, ended = threading.Event(), threading.Event()

    def hang(*_: object) -> Iterator[tuple[Path, str]]:
        begun.set()
        ended.wait()
        yield tmp_path, "it took for ever"

    monkeypatch.setattr(maildir_intake, "take_in_maildir", hang)
    tick_until(watcher, begun.is_set)
    beats = {watcher.heartbeat.beat}
    for _ in range(3):
        watcher.tick()
        beats.add(watcher.heartbeat.beat)
    assert len(beats) == 4
    ended.set()
    tick_until(watcher, lambda: "it took for ever" in watcher.heartbeat.state)


def test_without_its_library_the_watcher_says_what_to_install(
    tmp_path: Path, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(tmp_path / "one", write())
    monkeypatch.setitem(sys.modules, "supportdesk.intake.mail.mail_intake", None)
    tick_until(watcher, lambda: "pip install 'supportdesk[mail]'" in watcher.heartbeat.state)
    assert list((tmp_path / "one" / "new").iterdir())
