"""Mail to a customer that comes back: what it had counted as is withdrawn, and its ticket shows an alarm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import Accounted, MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.sla.clocks import State, epoch, state_at
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.sending import RecordBounce
from tests.intake.mail.messages import OUR_SERVER, SUPPORT
from tests.store.desks import done, events, logged, refused, verified
from tests.store.mailing import accept_all, claim_mail, mailing_desk, report_mail, sentences
from tests.store.outboxes import at
from tests.tickets.scenario import MONDAY_NINE

MAILBOX = Mailbox("support", "files", addresses=frozenset({SUPPORT}), hosts=(OUR_SERVER,))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_NINE)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with mailing_desk(tmp_path, clock) as opened:
        yield opened


def bounce(message_id: str, *, action: str = "failed", number: int = 1) -> bytes:
    """A report of a mail server that a message was not delivered (RFC 3464)."""
    return f"""\
From: Mail Delivery System <MAILER-DAEMON@mx.acme.example>
To: {SUPPORT}
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-{number}@mx.acme.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acme.example

Final-Recipient: rfc822; jo@acme.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user here

--b
Content-Type: message/rfc822

From: {SUPPORT}
To: jo@acme.example
Message-ID: <{message_id}@desk.example>
Subject: a reply

Hello
--b--
""".replace("\n", "\r\n").encode()


def take_in(desk: Desk, content: bytes) -> Accounted:
    return MailIntake(desk, MAILBOX).take_in(Delivery(content, ""))


def replied(desk: Desk) -> tuple[str, str]:
    """A ticket of Ann's with a reply that the mail server has accepted, and the identity of that."""
    ref = logged(desk)
    accept_all(desk)
    done(desk, Claim(ref))
    done(desk, Reply(ref, "Which file is it?"))
    [mail] = claim_mail(desk)
    report_mail(desk, mail.id, "delivered", "250 queued")
    assert desk.ticket(ref).row.response.verdict is State.MET
    return ref, mail.id


def test_a_reply_that_bounces_was_no_response_and_its_clock_runs_on(desk: Desk, clock: FixedClock) -> None:
    ref, mail = replied(desk)
    clock.set(at(2 * 3_600))
    found = take_in(desk, bounce(mail))
    assert (found.state, found.ref) == (MessageState.BOUNCE, ref)
    view = desk.ticket(ref)
    response = view.row.response
    assert (response.verdict, response.elapsed_before_run, response.run_from) == (None, 0, epoch(MONDAY_NINE))
    assert view.ticket.undelivered == "Jo Park"
    assert sentences(desk, ref)[-1] == (
        "mail to Jo Park could not be delivered: the reply: 550 5.1.1 no such user here;"
        " the response is withdrawn, and its clock runs on"
    )
    [entry] = desk.inbox("ann", MONDAY_NINE)
    assert entry.text.startswith("mail to Jo Park could not be delivered: the reply: 550")
    assert (entry.ref, entry.answer) == (ref, "")
    assert verified(desk).is_intact
    clock.set(at(3 * 3_600 + 1))
    assert state_at(desk.ticket(ref).row.response, epoch(desk.now())) is State.BREACHED
    done(desk, Reply(ref, "I could not reach you by mail.", "telephone"))
    after = desk.ticket(ref)
    assert (after.row.response.verdict, after.ticket.undelivered) == (State.MISSED, "")
    assert desk.inbox("ann", MONDAY_NINE)[-1].answer == "replied"
    assert verified(desk).is_intact


def test_an_answer_by_another_way_stays_the_response_when_a_mail_bounces(desk: Desk) -> None:
    ref = logged(desk)
    accept_all(desk)
    done(desk, Reply(ref, "Hello", "telephone"))
    done(desk, Reply(ref, "As I said"))
    [mail] = claim_mail(desk)
    report_mail(desk, mail.id, "delivered")
    take_in(desk, bounce(mail.id))
    assert desk.ticket(ref).row.response.verdict is State.MET
    assert desk.ticket(ref).ticket.undelivered == "Jo Park"


def test_a_receipt_that_bounces_raises_the_alarm_and_changes_no_clock(desk: Desk) -> None:
    ref = logged(desk)
    [mail] = claim_mail(desk)
    report_mail(desk, mail.id, "delivered")
    done(desk, Reply(ref, "Hello", "telephone"))
    take_in(desk, bounce(mail.id))
    assert desk.ticket(ref).row.response.verdict is State.MET
    assert "could not be delivered: the receipt" in sentences(desk, ref)[-1]


def test_a_second_report_and_one_of_a_delay_change_nothing(desk: Desk) -> None:
    ref, mail = replied(desk)
    assert take_in(desk, bounce(mail, action="delayed", number=1)).state is MessageState.BOUNCE
    assert "mail undelivered" not in events(desk, ref)
    for number in (2, 3, 3):
        take_in(desk, bounce(mail, number=number))
    assert events(desk, ref).count("mail undelivered") == 1


def test_a_bounce_of_what_this_desk_did_not_send_has_no_effect(desk: Desk) -> None:
    ref, _ = replied(desk)
    before = events(desk, ref)
    found = take_in(desk, bounce("somebody-elses"))
    assert (found.state, found.ref) == (MessageState.BOUNCE, None)
    assert events(desk, ref) == before


def test_what_was_not_sent_cannot_bounce(desk: Desk) -> None:
    ref = logged(desk)
    [mail] = claim_mail(desk)
    assert take_in(desk, bounce(mail.id)).ref is None
    assert "mail undelivered" not in events(desk, ref)
    assert "was not sent" in refused(desk, RecordBounce(mail.id), by=INTAKE.key)
    assert "there is no such mail" in refused(desk, RecordBounce("ab" * 16), by=INTAKE.key)


def test_what_the_customer_was_told_by_telephone_since_is_the_response_when_the_mail_bounces(
    desk: Desk, clock: FixedClock
) -> None:
    ref, mail = replied(desk)
    clock.set(at(600))
    done(desk, Reply(ref, "As I wrote.", "telephone"), by="sam")
    clock.set(at(900))
    done(desk, Reply(ref, "Once more.", "telephone"))
    assert desk.ticket(ref).row.response.elapsed_before_run == 0
    clock.set(at(1_200))
    take_in(desk, bounce(mail))
    response = desk.ticket(ref).row.response
    assert (response.verdict, response.elapsed_before_run) == (State.MET, 600)
    assert sentences(desk, ref)[-1].endswith(
        "the response is withdrawn, and what the customer was told since counts"
    )
    assert verified(desk).is_intact


def reply_by_mail(desk: Desk, ref: str, by: str = "ann") -> str:
    """Reply, and return the identity of the mail once the mail server has accepted it."""
    done(desk, Reply(ref, "One more thing."), by=by)
    [mail] = claim_mail(desk)
    report_mail(desk, mail.id, "delivered", "250 queued")
    return mail.id


def response_of(desk: Desk, ref: str) -> tuple[State | None, int]:
    """The verdict of a ticket's response clock, and how many seconds it has counted."""
    response = desk.ticket(ref).row.response
    return response.verdict, response.elapsed_before_run


def test_a_later_mail_that_was_accepted_is_the_response_when_the_first_bounces(
    desk: Desk, clock: FixedClock
) -> None:
    ref, first = replied(desk)
    clock.set(at(600))
    second = reply_by_mail(desk, ref)
    clock.set(at(900))
    third = reply_by_mail(desk, ref)
    assert response_of(desk, ref) == (State.MET, 0)
    for number, (mail, left) in enumerate(((first, 600), (second, 900))):
        take_in(desk, bounce(mail, number=number))
        assert response_of(desk, ref) == (State.MET, left)
        assert "what the customer was told since counts" in sentences(desk, ref)[-1]
    take_in(desk, bounce(third, number=3))
    assert response_of(desk, ref) == (None, 0)
    assert sentences(desk, ref)[-1].endswith("the response is withdrawn, and its clock runs on")
    assert verified(desk).is_intact


def test_a_later_mail_that_bounces_before_the_first_one_does_not_count(desk: Desk, clock: FixedClock) -> None:
    ref, first = replied(desk)
    clock.set(at(600))
    second = reply_by_mail(desk, ref)
    take_in(desk, bounce(second, number=1))
    assert response_of(desk, ref) == (State.MET, 0)
    take_in(desk, bounce(first, number=2))
    assert response_of(desk, ref)[0] is None
    assert verified(desk).is_intact


def test_a_later_mail_that_is_accepted_only_after_the_first_bounced_is_the_response_then(
    desk: Desk, clock: FixedClock
) -> None:
    ref, first = replied(desk)
    clock.set(at(600))
    done(desk, Reply(ref, "One more thing."))
    [second] = claim_mail(desk)
    take_in(desk, bounce(first))
    assert response_of(desk, ref)[0] is None
    clock.set(at(900))
    report_mail(desk, second.id, "delivered", "250 queued")
    assert response_of(desk, ref) == (State.MET, 900)
    assert verified(desk).is_intact


def test_a_later_mail_of_a_team_that_does_not_give_the_response_is_none(
    desk: Desk, clock: FixedClock
) -> None:
    ref = logged(desk, severity="critical", channel="hotline")
    accept_all(desk)
    first = reply_by_mail(desk, ref, by="dora")
    assert response_of(desk, ref)[0] is State.MET
    clock.set(at(600))
    reply_by_mail(desk, ref, by="ann")
    take_in(desk, bounce(first))
    assert response_of(desk, ref)[0] is None
    assert verified(desk).is_intact


def test_what_cannot_come_back_is_the_response_once_all_mail_before_it_did(
    desk: Desk, clock: FixedClock
) -> None:
    ref, first = replied(desk)
    clock.set(at(600))
    second = reply_by_mail(desk, ref)
    clock.set(at(900))
    done(desk, Reply(ref, "As I wrote.", "telephone"))
    third = reply_by_mail(desk, ref)
    for number, mail in enumerate((second, third, first)):
        take_in(desk, bounce(mail, number=number))
    assert response_of(desk, ref) == (State.MET, 900)
    assert verified(desk).is_intact


def test_a_report_about_another_address_names_it_on_the_ticket(desk: Desk) -> None:
    ref, mail = replied(desk)
    take_in(desk, bounce(mail).replace(b"rfc822; jo@acme.example", b"rfc822; other@acme.example"))
    assert sentences(desk, ref)[-1] == (
        "mail to Jo Park could not be delivered: the reply: the report names another address,"
        " other@acme.example: 550 5.1.1 no such user here; the response is withdrawn, and its clock runs on"
    )
