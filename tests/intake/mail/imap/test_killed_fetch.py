"""An intake that is killed at any moment loses no message of a server, and puts none on the desk twice."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from supportdesk.clock import SystemClock
from supportdesk.desk import Desk
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.records.commands import SaveContact
from tests.faults.desk import make_desk
from tests.faults.interruption import kill_at_any_moment
from tests.faults.program import run
from tests.intake.mail.imap.dovecot import Dovecot, needs_dovecot
from tests.intake.mail.messages import write
from tests.intake.mail.parsing.samples import CORPUS
from tests.store.desks import done, verified

pytestmark = [
    needs_dovecot,
    pytest.mark.slow,
    pytest.mark.usefixtures("database_kind"),
    pytest.mark.long_on_server,
]


def make_messages(good: int, odd: int) -> list[bytes]:
    """Return messages of a contact in any order, with so many that are poisoned, and so many with a used Message-ID.

    Every other one of these is an earlier message once more.
    """
    poisoned = sorted(CORPUS.glob("*.eml"))
    messages = [write(f"Message {number}", Message_ID=f"<{number}@acme.example>") for number in range(good)]
    again = [
        messages[number] if number % 2 else write(f"Again {number}", Message_ID=f"<{number}@acme.example>")
        for number in range(odd)
    ]
    messages += again + [poisoned[number].read_bytes() for number in range(odd)]
    random.Random(good).shuffle(messages)
    return messages


@pytest.mark.parametrize(
    ("good", "odd", "kills"), [(6, 4, 3), pytest.param(460, 20, 50, marks=pytest.mark.long)]
)
def test_the_account_of_a_server_balances_however_often_the_intake_is_killed(
    tmp_path: Path, dovecot: Dovecot, good: int, odd: int, kills: int
) -> None:
    address = make_desk(tmp_path)
    with closing(Desk.open(address, SystemClock())) as desk:
        done(desk, SaveContact(Contact("jo", "acme", "Jo Park", super_user=True, email="jo@acme.example")))
        earlier = len(desk.queue().rows)
    messages = make_messages(good, odd)
    waiting = iter(messages)
    share = len(messages) // (kills + 1)
    config = dovecot.write_settings(tmp_path)
    arguments = ["--db", address, "--config", str(config), "intake", "fetch"]
    kill_at_any_moment(
        arguments,
        kills=kills,
        prepare=lambda: dovecot.deliver(*islice(waiting, share)),
        check=lambda has_ended: None,
    )
    dovecot.deliver(*waiting)
    last = run(*arguments)
    assert last.code == 0, last.err
    with closing(Desk.open(address, SystemClock())) as desk:
        [states] = desk.count_incoming().values()
        assert sum(states.values()) == len(messages)
        assert states[MessageState.DUPLICATE] == odd // 2
        tickets = good + odd - odd // 2
        assert states[MessageState.TICKET] == tickets
        assert len(desk.queue().rows) - earlier == tickets
        texts = Counter(desk.ticket(row.ref).ticket.description for row in desk.queue().rows)
        assert max(texts.values()) == 1, texts.most_common(3)
        assert verified(desk).is_intact
    assert dovecot.list_files() == []
    assert len(dovecot.list_files("Handled")) == len(messages)
