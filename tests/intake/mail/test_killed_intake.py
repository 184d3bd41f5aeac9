"""An intake that is killed at any moment loses no message and puts none on the desk twice."""

from __future__ import annotations

import json
import mailbox
from collections import Counter
from contextlib import closing
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
from tests.intake.mail.messages import write
from tests.intake.mail.parsing.samples import CORPUS
from tests.store.desks import done, verified

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.mark.parametrize(("messages", "kills"), [(4, 2), pytest.param(10, 50, marks=pytest.mark.long)])
def test_the_account_of_a_maildir_balances_however_often_its_intake_is_killed(
    tmp_path: Path, messages: int, kills: int
) -> None:
    address = make_desk(tmp_path)
    with closing(Desk.open(address, SystemClock())) as desk:
        done(desk, SaveContact(Contact("jo", "acme", "Jo Park", super_user=True, email="jo@acme.example")))
        tickets = len(desk.queue().rows)
    box = mailbox.Maildir(tmp_path / "box", create=True)
    poisoned = sorted(CORPUS.glob("*.eml"))
    sent: Counter[str] = Counter()

    def deliver() -> None:
        for number in range(messages):
            same = "<same@acme.example>" if number % 3 == 0 else ""
            changes = {"Message_ID": same} if same else {}
            box.add(write(f"Message {sum(sent.values())}", **changes))
            sent["good"] += 1
        box.add(poisoned[sent["poisoned"] % len(poisoned)].read_bytes())
        sent["poisoned"] += 1

    arguments = ["--db", address, "intake", "mail", str(tmp_path / "box")]
    kill_at_any_moment(arguments, kills=kills, prepare=deliver, check=lambda has_ended: None)
    last = run(*arguments)
    assert last.code == 0, last.err
    with closing(Desk.open(address, SystemClock())) as desk:
        [states] = desk.count_incoming().values()
        assert sum(states.values()) == sum(sent.values())
        assert states[MessageState.TICKET] == sent["good"]
        assert len(desk.queue().rows) - tickets == sent["good"]
        summaries = Counter(desk.ticket(row.ref).ticket.description for row in desk.queue().rows)
        assert max(summaries.values()) == 1, json.dumps(summaries.most_common(3))
        assert verified(desk).is_intact
    assert not list((tmp_path / "box" / "new").iterdir())
