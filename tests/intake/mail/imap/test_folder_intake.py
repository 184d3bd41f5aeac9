"""A message that fails keeps no other from being taken in, and is tried again, ever more seldom."""

from __future__ import annotations

from itertools import pairwise

import pytest

from supportdesk.desk_api import DeskUnavailableError
from supportdesk.intake.mail.imap.folder_intake import FolderIntake
from supportdesk.intake.mail.imap.server import ImapError, ImapMessageError
from supportdesk.intake.mail.imap.session import ImapSession
from supportdesk.intake.mail.mail_intake import Accounted, MailIntake
from supportdesk.intake.mail.mailbox import Delivery
from supportdesk.tickets.incoming_message import MessageState

TICKET = Accounted(MessageState.TICKET, ref="CD-4C00-W")


class Folder(ImapSession):
    """A folder with the messages 1 to 3, the first of which fails as a test says; and an intake of what it reads."""

    validity = 7

    def __init__(self, failure: Exception) -> None:
        self.failure = failure
        self.left = [1, 2, 3]
        self.fetched: list[int] = []

    def find_new(self) -> list[int]:
        return list(self.left)

    def fetch(self, uid: int) -> Delivery | None:
        self.fetched.append(uid)
        if uid == 1:
            raise self.failure
        return Delivery(b"", str(uid))

    def put_away(self, uid: int) -> None:
        self.left.remove(uid)


class Intake(MailIntake):
    def __init__(self) -> None:
        pass

    def take_in(self, delivery: Delivery) -> Accounted:
        return TICKET


def test_what_fails_is_said_and_the_others_are_taken_in() -> None:
    folder = Folder(ImapMessageError("no"))
    intake = FolderIntake()
    assert list(intake.take_in(Intake(), folder)) == [(1, "no"), (2, TICKET), (3, TICKET)]
    assert intake.failures == [(1, "no")]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [(ImapError("it ended the connection"), "it ended the connection"), (KeyError("x"), "KeyError")],
)
def test_what_ends_the_session_comes_after_all_others_in_the_next(failure: Exception, reason: str) -> None:
    folder = Folder(failure)
    now = [0.0]
    intake = FolderIntake(lambda: now[0])
    with pytest.raises(type(failure)):
        list(intake.take_in(Intake(), folder))
    assert folder.fetched == [1]
    assert list(intake.take_in(Intake(), folder)) == [(2, TICKET), (3, TICKET)]
    assert intake.failures == [(1, reason)]
    assert intake.find_pause(300) == 30
    now[0] = 30
    folder.left.append(4)
    with pytest.raises(type(failure)):
        list(intake.take_in(Intake(), folder))
    assert folder.fetched == [1, 2, 3, 4, 1]


def test_a_desk_that_is_away_is_no_failure_of_a_message() -> None:
    intake = FolderIntake()
    with pytest.raises(DeskUnavailableError):
        list(intake.take_in(Intake(), Folder(DeskUnavailableError("away"))))
    assert intake.failures == []


def test_a_message_that_failed_and_is_gone_is_forgotten() -> None:
    folder = Folder(ImapMessageError("no"))
    intake = FolderIntake()
    list(intake.take_in(Intake(), folder))
    folder.left.remove(1)
    assert list(intake.take_in(Intake(), folder)) == []
    assert intake.failures == []


def test_a_failed_message_is_tried_again_after_twice_the_time() -> None:
    now = [0.0]
    tries: list[float] = []
    intake = FolderIntake(lambda: now[0])
    folder = Folder(ImapMessageError("no"))
    while len(tries) < 11:
        before = folder.fetched.count(1)
        list(intake.take_in(Intake(), folder))
        if folder.fetched.count(1) > before:
            tries.append(now[0])
        now[0] += max(1.0, intake.find_pause(300))
    waits = [after - before for before, after in pairwise(tries)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
