"""Mail to customers that a real server accepts, and reports on later: clock and alarm follow its reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.sla.clocks import State, epoch
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Reply
from tests.intake.mail.mailing_site import MailingSite, mailing_site
from tests.intake.mail.postfix import needs_postfix
from tests.patience import wait_for
from tests.store.desks import done, logged, verified
from tests.store.mailing import mailing_desk, sentences
from tests.store.outboxes import at
from tests.tickets.scenario import MONDAY_NINE
from tests.watcher.sending.mail_server import MailServer, mail_server

pytestmark = [needs_postfix, pytest.mark.slow]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_NINE)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with mailing_desk(tmp_path, clock) as opened:
        yield opened


@contextmanager
def customers_server(desk: Desk, warning: str = "0h") -> Iterator[tuple[MailingSite, MailServer]]:
    """The desk with its postfix, and the mail server of its customers. A delay of `warning` is reported; 0 for none."""
    with (
        mail_server() as server,
        mailing_site(
            desk, {"acme.example": f"smtp:[127.0.0.1]:{server.port}"}, delay_warning_time=warning
        ) as site,
    ):
        yield site, server


def test_a_reply_that_postfix_accepts_and_returns_is_no_response_and_raises_the_alarm(
    desk: Desk, clock: FixedClock
) -> None:
    with customers_server(desk) as (site, server):
        ref = logged(desk)
        site.send_all()
        done(desk, Claim(ref))
        server.rcpt = "550 5.1.1 no such user here"
        clock.set(at(600))
        done(desk, Reply(ref, "Which file is it?"))
        site.send_all()
    assert len(server.mails) == 1, "the receipt"
    [report] = desk.incoming_messages(states=[MessageState.BOUNCE])
    assert report.ref == ref
    view = desk.ticket(ref)
    response = view.row.response
    assert (response.verdict, response.elapsed_before_run, response.run_from) == (None, 0, epoch(MONDAY_NINE))
    assert view.ticket.undelivered == "Jo Park"
    attempted, returned = sentences(desk, ref)[-2:]
    assert attempted.startswith("mail to the customer delivered: to jo@acme.example: 250 2.0.0 Ok: queued as")
    assert returned == (
        "mail to Jo Park could not be delivered: the reply: 550 5.1.1 no such user here;"
        " the response is withdrawn, and its clock runs on"
    )
    [entry] = desk.inbox("ann", MONDAY_NINE)
    assert entry.ref == ref
    assert verified(desk).is_intact


@pytest.mark.long
def test_a_reply_that_postfix_says_is_delayed_stays_the_response(desk: Desk, clock: FixedClock) -> None:
    with customers_server(desk, warning="1s") as (site, server):
        ref = logged(desk)
        site.send_all()
        server.rcpt = "451 4.2.1 try again later"
        clock.set(at(600))
        done(desk, Reply(ref, "Which file is it?"))
        site.hand_over()
        wait_for(lambda: desk.incoming_messages(states=[MessageState.BOUNCE]), site.postfix.describe)
        server.rcpt = "250 ok"
        site.postfix.wait_until_delivered()
    assert len(server.mails) == 2
    view = desk.ticket(ref)
    assert (view.row.response.verdict, view.ticket.undelivered) == (State.MET, "")
    assert "mail undelivered" not in [entry.event for entry in view.timeline]
