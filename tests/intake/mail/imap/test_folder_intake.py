"""A message that fails is tried again, ever more seldom."""

from __future__ import annotations

from itertools import pairwise

from supportdesk.intake.mail.imap.folder_intake import FolderIntake
from supportdesk.intake.mail.imap.server import ImapMessageError
from supportdesk.intake.mail.imap.session import ImapSession


def test_a_failed_message_is_tried_again_after_twice_the_time() -> None:
    now = [0.0]
    tries: list[float] = []

    class Session:
        validity = 7

        def find_new(self) -> list[int]:
            return [1]

        def fetch(self, uid: int) -> None:

            tries.append(now[0])
            raise ImapMessageError("no")

    folder = FolderIntake(lambda: now[0])
    session: ImapSession = Session()  # type: ignore[assignment]
    while len(tries) < 11:
        list(folder.take_in(None, session))  # type: ignore[arg-type]
        now[0] += max(1.0, folder.find_pause(300))
    waits = [after - before for before, after in pairwise(tries)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
