"""A watcher takes in the mail of IMAP servers as it arrives, whatever the server or the connection does."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.heartbeat import WATCHING
from supportdesk.intake.mail import imap_reader, imap_task
from supportdesk.intake.mail.configured import list_imap, make_mailboxes
from supportdesk.intake.mail.imap import idle
from supportdesk.intake.mail.imap_task import ImapTask
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.records.commands import SaveContact
from supportdesk.watcher.loop import Watcher
from supportdesk.watcher.outside import Outside
from supportdesk.watcher.tasks import make_tasks
from tests.intake.mail.imap.dovecot import PASSWORD, USER, Dovecot, needs_dovecot
from tests.intake.mail.imap.scripted_server import Conversation, scripted_server
from tests.intake.mail.messages import write
from tests.patience import wait_for
from tests.store.desks import done, furnished
from tests.tickets.scenario import MONDAY_NINE

pytestmark = [needs_dovecot, pytest.mark.slow]
on_both = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def address(tmp_path: Path) -> str:
    made = furnished(tmp_path)
    with closing(Desk.open(made, FixedClock(MONDAY_NINE))) as desk:
        done(desk, SaveContact(Contact("jo", "acme", "Jo Park", super_user=True, email="jo@acme.example")))
    return made


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def settings(tmp_path: Path, dovecot: Dovecot) -> Path:
    return dovecot.write_settings(tmp_path)


@pytest.fixture
def make_watcher(
    address: str, settings: Path, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Watcher]]:
    """Makes watchers whose readers pause little; all end with the test."""
    monkeypatch.setattr(imap_reader, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(imap_reader, "LAST_PAUSE", 0.2)
    monkeypatch.setattr(idle, "_LOOK", 0.05)
    outside = Outside(
        make_more_tasks=lambda say: [
            ImapTask(say, lambda: list_imap(make_mailboxes(load_watcher_settings(settings))))
        ]
    )
    made = []

    def make() -> Watcher:
        tasks = partial(make_tasks, outside=outside)
        made.append(Watcher(lambda: Desk.open(address, FixedClock(MONDAY_NINE)), None, tasks, say=log.append))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def watcher(make_watcher: Callable[[], Watcher]) -> Watcher:
    return make_watcher()


def tick_until(watcher: Watcher, condition: Callable[[], bool]) -> None:
    def is_so() -> bool:
        watcher.tick()
        return condition()

    wait_for(is_so, lambda: watcher.heartbeat.state)


def taken_in(log: list[str]) -> list[str]:
    """The lines of the watcher's log about messages."""
    return [line for line in log if line.startswith("a message")]


def count(address: str) -> dict[MessageState, int]:
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        return desk.count_incoming().get("support", {})


@on_both
def test_mail_is_in_the_queue_as_soon_as_it_is_delivered_and_is_moved_on_the_server(
    dovecot: Dovecot, address: str, watcher: Watcher, log: list[str]
) -> None:
    dovecot.deliver(write("SECRET", "SECRET"))
    tick_until(watcher, lambda: len(taken_in(log)) == 1)
    # The watcher ticks no more: what follows is what the server says while it is waited for.
    dovecot.deliver(write("SECRET", sender="eve@elsewhere.example"))
    wait_for(lambda: len(taken_in(log)) == 2, lambda: str(log))
    wait_for(lambda: len(dovecot.list_files("Handled")) == 2, dovecot.describe)
    assert count(address) == {MessageState.TICKET: 1, MessageState.QUARANTINE: 1}
    assert dovecot.list_files() == []
    assert not any("SECRET" in line or "eve" in line for line in log)


def test_mail_that_a_deaf_server_does_not_tell_of_is_found_nevertheless(
    dovecot: Dovecot, watcher: Watcher, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_reader, "IDLE", 0.2)
    monkeypatch.setattr(idle, "_watch", lambda box, seconds, must_end: time.sleep(seconds))
    tick_until(watcher, lambda: watcher.heartbeat.state == WATCHING)
    dovecot.deliver(write())
    tick_until(watcher, lambda: len(taken_in(log)) == 1)


def test_after_the_server_was_away_everything_is_found_and_the_fault_is_over(
    dovecot: Dovecot, watcher: Watcher, log: list[str]
) -> None:
    dovecot.deliver(write())
    tick_until(watcher, lambda: len(taken_in(log)) == 1)
    dovecot.stop()
    tick_until(watcher, lambda: "127.0.0.1: connection refused" in watcher.heartbeat.state)
    assert watcher.heartbeat.state.startswith("the mailbox support cannot be read: ")
    dovecot.start()
    dovecot.deliver(write())
    tick_until(watcher, lambda: len(taken_in(log)) == 2 and watcher.heartbeat.state == WATCHING)


def test_a_wrong_password_is_the_watchers_fault_until_it_is_right_and_is_never_quoted(
    dovecot: Dovecot, watcher: Watcher, log: list[str], tmp_path: Path
) -> None:
    dovecot.deliver(write())
    (tmp_path / "imap-password").write_text("hunter2")
    said = f"the mailbox support cannot be read: the server refused the login of {USER}; check user and the password"
    tick_until(watcher, lambda: watcher.heartbeat.state == said)
    (tmp_path / "imap-password").write_text(PASSWORD)
    tick_until(watcher, lambda: len(taken_in(log)) == 1 and watcher.heartbeat.state == WATCHING)
    assert not any("hunter2" in line for line in log)


def test_a_mailbox_with_a_team_that_the_policy_does_not_have_is_a_fault_until_that_is_mended(
    dovecot: Dovecot, tmp_path: Path, settings: Path, watcher: Watcher, log: list[str]
) -> None:
    dovecot.deliver(write())
    dovecot.write_settings(tmp_path, team="nobody")
    said = "the mailbox support takes in nothing: there is no team 'nobody'; the policy has "
    tick_until(watcher, lambda: watcher.heartbeat.state.startswith(said))
    assert len(dovecot.list_files("Handled")) == 0
    dovecot.write_settings(tmp_path, team="development")
    tick_until(watcher, lambda: len(taken_in(log)) == 1 and watcher.heartbeat.state == WATCHING)


def test_a_server_that_hangs_keeps_no_other_mailbox_from_being_read(
    dovecot: Dovecot,
    watcher: Watcher,
    log: list[str],
    settings: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(imap_task, "CLOSING", 0.1)

    def hang(talk: Conversation) -> None:
        talk.listen()

    with scripted_server() as other:
        other.instead["SELECT"] = hang
        settings.write_text(
            f'[watcher.mailboxes.hangs]\nimap = "127.0.0.1:{other.port}"\nsecurity = "none"\nuser = "x"\n'
            f'password_file = "imap-password"\n{settings.read_text()}'
        )
        dovecot.deliver(write())
        tick_until(watcher, lambda: len(taken_in(log)) == 1 and other.list_commands("SELECT") != [])
        assert watcher.heartbeat.state == WATCHING


def test_a_mailbox_that_is_no_longer_in_the_settings_is_read_no_longer(
    dovecot: Dovecot, watcher: Watcher, log: list[str], settings: Path
) -> None:
    dovecot.deliver(write())
    tick_until(watcher, lambda: len(taken_in(log)) == 1)
    before = settings.read_text()
    settings.write_text("")
    watcher.tick()
    dovecot.deliver(write())
    settings.write_text(before.replace(".support]", ".other]"))
    tick_until(watcher, lambda: len(taken_in(log)) == 2)
    assert "mailbox other" in taken_in(log)[1]


@on_both
def test_another_uidvalidity_makes_nothing_twice(
    dovecot: Dovecot, address: str, make_watcher: Callable[[], Watcher], log: list[str], settings: Path
) -> None:
    watcher = make_watcher()
    settings.write_text(settings.read_text() + 'handled = "flag"\n')
    dovecot.deliver(write(), write(Message_ID=""), write(sender="eve@elsewhere.example"))
    tick_until(watcher, lambda: len(taken_in(log)) == 3)
    watcher.close()
    dovecot.renumber()
    dovecot.flag_all("")
    other = make_watcher()
    tick_until(other, lambda: len(taken_in(log)) == 6)
    assert count(address) == {
        MessageState.TICKET: 2,
        MessageState.QUARANTINE: 1,
        MessageState.DUPLICATE: 3,
    }


def test_a_message_that_ends_every_connection_keeps_no_other_from_being_read(
    watcher: Watcher, log: list[str], settings: Path
) -> None:
    def answer(talk: Conversation) -> None:
        if talk.arguments.startswith("1 "):
            talk.end()
        talk.fetch()

    with scripted_server(write(), write(), write()) as server:
        server.instead["UID FETCH"] = answer
        settings.write_text(
            f'[watcher.mailboxes.support]\nimap = "127.0.0.1:{server.port}"\nsecurity = "none"\nuser = "x"\n'
            'password_file = "imap-password"\n'
        )
        said = (
            "the folder INBOX of the mailbox support: message 1: 127.0.0.1: it ended the connection, or what it said"
            " was not IMAP"
        )
        tick_until(watcher, lambda: len(taken_in(log)) == 2 and watcher.heartbeat.state == said)
        assert list(server.messages) == [1]


def test_what_cannot_be_put_away_is_said_and_accounted_for_once(
    address: str, watcher: Watcher, log: list[str], settings: Path
) -> None:
    def refuse(talk: Conversation) -> None:
        talk.say(f"{talk.tag} NO over quota")

    with scripted_server(*(write() for _ in range(5))) as server:
        server.instead["UID MOVE"] = refuse
        settings.write_text(
            f'[watcher.mailboxes.support]\nimap = "127.0.0.1:{server.port}"\nsecurity = "none"\nuser = "x"\n'
            'password_file = "imap-password"\n'
        )
        reason = "it was accounted for, and cannot be put away: NO over quota"
        said = (
            f"the folder INBOX of the mailbox support: message 1: {reason}, message 2: {reason}, message 3: {reason},"
            " 2 more"
        )
        tick_until(watcher, lambda: watcher.heartbeat.state == said)
        assert count(address) == {MessageState.TICKET: 5}


def test_a_watcher_that_ends_waits_for_its_readers(
    dovecot: Dovecot, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick_until(watcher, lambda: watcher.heartbeat.state == WATCHING)
    [task] = [each for each in watcher._tasks if isinstance(each, ImapTask)]
    [reader] = task._readers.values()
    watcher.close()
    assert imap_task.CLOSING > 1
    assert reader._thread is not None
    assert not reader._thread.is_alive()


def test_without_its_library_the_watcher_says_what_to_install(
    dovecot: Dovecot, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(write())
    monkeypatch.setitem(sys.modules, "supportdesk.intake.mail.imap.session", None)
    tick_until(watcher, lambda: "pip install 'supportdesk[mail]'" in watcher.heartbeat.state)
    assert len(dovecot.list_files()) == 1
