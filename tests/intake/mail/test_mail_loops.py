"""Two desks, or a desk and a responder, that write to each other stop after three messages at most."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import Accounted, MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.sla.mail_kind import MailKind
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.outbox.mail_budget import MOST_AN_HOUR, MOST_RECEIPTS, MailedRequest, find_excess
from supportdesk.tickets.records.commands import SaveContact
from supportdesk.watcher.customer_mail.sending_task import CustomerMail
from supportdesk.watcher.customer_mail.sending_transport import CustomerMailSender
from supportdesk.watcher.sending.sender import SendResult, delivered
from tests.intake.mail.messages import write
from tests.patience import wait_for
from tests.store.desks import done, logged, verified
from tests.store.mailing import JO, accept_all, mailing_desk, mails, sentences
from tests.store.outboxes import at
from tests.tickets.scenario import MONDAY_NINE

OURS, THEIRS = "support@desk.example", "help@other.example"


class Hop:
    """A transport that keeps what it is given, for the test to deliver."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send_mail(self, target: str, mail: bytes) -> SendResult:
        self.sent.append(mail)
        return delivered("250 queued")


class MailingSide:
    """A desk with its address, its intake and its watcher; the other side is one of its contacts."""

    def __init__(self, desk: Desk, own: str, other: str) -> None:
        done(desk, SaveContact(replace(JO, email=other)))
        self.desk, self._hop = desk, Hop()
        self._intake = MailIntake(desk, Mailbox("support", "files", addresses=frozenset({own})))
        sender = CustomerMailSender(own, self._hop)
        self._task = CustomerMail(lambda line: None, lambda: {CUSTOMER_MAIL: sender})

    def take_in(self, mail: bytes) -> Accounted:
        return self._intake.take_in(Delivery(mail, ""))

    def send_all(self) -> list[bytes]:
        """Send what waits, and return it."""

        def is_empty() -> bool:
            self._task.tick(self.desk, self.desk.now(), is_stopped=lambda: False)
            return not mails(self.desk)

        wait_for(is_empty, lambda: f"still waiting: {mails(self.desk)}")
        sent, self._hop.sent = self._hop.sent, []
        return sent

    def close(self) -> None:
        self._task.close()


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[MailingSide, MailingSide]]:
    with ExitStack() as stack:
        made = []
        for name, own, other in (("a", OURS, THEIRS), ("b", THEIRS, OURS)):
            (tmp_path / name).mkdir()
            side = MailingSide(stack.enter_context(mailing_desk(tmp_path / name)), own, other)
            stack.callback(side.close)
            made.append(side)
        yield made[0], made[1]


def as_it_is(mail: bytes) -> bytes:
    return mail


def without_marks(mail: bytes) -> bytes:
    """A mail as a hop leaves it that removes the fields by which programs recognise what a program sent."""
    message = message_from_bytes(mail, policy=policy.default)
    for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence"):
        del message[name]
    # The references of two desks differ.
    return message.as_bytes().replace(b"CD-", b"XD-")


def without_thread(mail: bytes) -> bytes:
    """A mail as a hop leaves it that removes all by which programs recognise each other, the thread and the ticket."""
    message = message_from_bytes(mail, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    text = re.sub(r"CD-[0-9A-Z-]+", "", body.get_content())
    return write(text, subject="Your message", sender=message["From"], To=message["To"])


def in_other_words(mail: bytes) -> bytes:
    """A mail as a program answers it whose words nobody knows."""
    message = message_from_bytes(mail, policy=policy.default)
    return write("Dydd da.", subject="Eich neges", sender=message["From"], To=message["To"])


@pytest.mark.parametrize(
    ("hop", "beginners", "number", "state"),
    [
        (as_it_is, 1, 1, MessageState.AUTOMATIC),
        (as_it_is, 2, 2, MessageState.AUTOMATIC),
        # The receipt of the other desk replies to the mail of this one.
        (without_marks, 1, 2, MessageState.MESSAGE),
        (without_marks, 2, 2, MessageState.TICKET),
        (without_thread, 1, 2, MessageState.TICKET),
        (without_thread, 2, 2, MessageState.TICKET),
        (in_other_words, 1, 3, MessageState.TICKET),
    ],
)
def test_two_desks_that_write_to_each_other_stop_after_three_messages_and_say_why(
    sides: tuple[MailingSide, MailingSide],
    hop: Callable[[bytes], bytes],
    beginners: int,
    number: int,
    state: MessageState,
) -> None:
    here, there = sides
    for side, other in ((here, THEIRS), (there, OURS))[:beginners]:
        taken = side.take_in(write("It does not print.", sender=f"Help <{other}>"))
        assert taken.state is MessageState.TICKET
    exchanged: list[Accounted] = []
    for _ in range(5):
        for sending, receiving in ((here, there), (there, here)):
            exchanged += [receiving.take_in(hop(mail)) for mail in sending.send_all()]
    assert len(exchanged) == number
    assert exchanged[-1].state is state
    for side in sides:
        assert verified(side.desk).is_intact
        for message in side.desk.incoming_messages():
            assert_explained(side.desk, message)


def assert_explained(desk: Desk, message: IncomingMessage) -> None:
    """A message got a receipt, or it is said why it got none."""
    if message.state is MessageState.AUTOMATIC:
        assert message.reason.startswith("Its header says that a program sent it")
    elif message.state is MessageState.TICKET:
        assert message.ref is not None
        said = sentences(desk, message.ref)[-1]
        assert said.startswith(
            (
                "mail to the customer delivered",
                "the receipt was not mailed to Jo Park: they were mailed a receipt within the last hour",
            )
        )
    else:
        # What is on a ticket gets no receipt.
        assert (message.state, message.ref is not None) == (MessageState.MESSAGE, True)


def test_a_vacation_responder_is_told_nothing(sides: tuple[MailingSide, MailingSide]) -> None:
    here, _ = sides
    here.take_in(write("It does not print.", sender=f"Help <{THEIRS}>"))
    [receipt] = here.send_all()
    original = message_from_bytes(receipt, policy=policy.default)
    answer = write(
        "I am away.",
        subject=f"Automatic reply: {original['Subject']}",
        sender=f"Help <{THEIRS}>",
        Auto_Submitted="auto-replied",
        In_Reply_To=original["Message-ID"],
    )
    assert here.take_in(answer).state is MessageState.AUTOMATIC
    assert here.send_all() == []


@pytest.mark.parametrize(
    ("headers", "state"),
    [
        ({"Auto_Submitted": "auto-generated"}, MessageState.AUTOMATIC),
        ({"List_Id": "<news.acme.example>"}, MessageState.AUTOMATIC),
        ({"sender": f"Desk <{OURS}>"}, MessageState.AUTOMATIC),
        ({"sender": "MAILER-DAEMON@acme.example", "subject": "Undelivered Mail"}, MessageState.BOUNCE),
    ],
)
def test_what_a_program_sent_gets_no_mail_in_return(
    sides: tuple[MailingSide, MailingSide], headers: dict[str, str], state: MessageState
) -> None:
    here, _ = sides
    written = write("Hello", **{"sender": f"Help <{THEIRS}>", **headers})
    assert here.take_in(written).state is state
    assert here.send_all() == []


@pytest.mark.usefixtures("database_kind")
def test_a_contact_gets_a_receipt_for_mail_again_after_an_hour(tmp_path: Path) -> None:
    clock = FixedClock(MONDAY_NINE)
    with mailing_desk(tmp_path, clock) as desk:
        intake = MailIntake(desk, Mailbox("support", "files", addresses=frozenset({OURS})))
        for seconds, number in ((0, 1), (3_599, 0), (3_600, 1)):
            clock.set(at(seconds))
            intake.take_in(
                Delivery(write(f"Request at {seconds}.", subject=f"Request #{1_000 + seconds}"), "")
            )
            assert len(mails(desk)) == number
            accept_all(desk)


DIFFERENT = (
    ("The printer", "It does not print."),
    ("Invoices", "Invoice 4711 has the wrong total."),
    ("New laptop for Kim", "Thank you for your help last week. We need another one."),
    ("Problem 2", "I was away on Friday, and now my login fails."),
    ("Problem 3", "The report is empty."),
    ("Problem 4", "It says: request timed out."),
)


@pytest.mark.usefixtures("database_kind")
def test_a_person_gets_a_receipt_for_each_of_several_requests_and_then_no_more(tmp_path: Path) -> None:
    with mailing_desk(tmp_path) as desk:
        intake = MailIntake(desk, Mailbox("support", "files", addresses=frozenset({OURS})))
        for number, (subject, text) in enumerate(DIFFERENT, 1):
            intake.take_in(Delivery(write(text, subject=subject), ""))
            assert len(mails(desk)) == min(number, MOST_RECEIPTS)
        last = intake.take_in(Delivery(write("And another thing.", subject="The coffee"), ""))
        assert len(mails(desk)) == MOST_RECEIPTS == len(DIFFERENT)
        assert last.ref is not None
        assert sentences(desk, last.ref)[-1] == (
            "the receipt was not mailed to Jo Park: they were mailed a receipt within the last hour 6 times, and a"
            " program that answers each would get another one for ever; reply yourself if a person wrote this"
        )


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: the PRINTER", "It prints."),
        ("[CASE 4711] Welcome", "Hello"),
        ("Ticket 4711", "Hello"),
        ("I am away", "Back on Monday."),
        ("Confirmation of your e-mail", "Hello"),
        ("Hello", "Thank you for contacting Acme. This is an automated message."),
        ("Hello", "Hello,\n\nwe have\nreceived your e-mail."),
    ],
)
def test_what_reads_like_an_answer_to_a_receipt_gets_none_after_one(
    tmp_path: Path, subject: str, text: str
) -> None:
    with mailing_desk(tmp_path) as desk:
        intake = MailIntake(desk, Mailbox("support", "files", addresses=frozenset({OURS})))
        # The first of all has its receipt, whatever it says.
        intake.take_in(Delivery(write("We have received your parcel.", subject="The printer"), ""))
        assert len(mails(desk)) == 1
        answer = intake.take_in(Delivery(write(text, subject=subject), ""))
        assert (answer.state, len(mails(desk))) == (MessageState.TICKET, 1)
        assert answer.ref is not None
        said = sentences(desk, answer.ref)[-1]
        assert said.startswith("the receipt was not mailed to Jo Park: they were mailed a receipt within")


@pytest.mark.parametrize(
    ("earlier", "subject", "text"),
    [
        ("Server srv-01 down", "Server srv-02 down", ""),
        ("Order 48213 is missing", "Order 77777 is missing", ""),
        ("PC-17 is broken", "PC-18 is broken", ""),
        ("Report 2025", "Report 2026", ""),
        ("4711", "4712", ""),
        ("[4711]", "?", "Hello"),
        ("The parcel", "Pieces", "The parcel was received in pieces, please replace it."),
        ("The printer", "The other one", "Thank you for your email. My printer is still broken."),
    ],
)
def test_a_person_who_writes_of_another_thing_gets_a_receipt(earlier: str, subject: str, text: str) -> None:
    request = MailedRequest(subject, text, (earlier,))
    assert find_excess(MailKind.RECEIPT, {MailKind.RECEIPT: 1}, request) == ""


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Problem [No. 2]", ""),
        ("problem #2!", ""),
        ("Hello", "Your request of today has been received."),
    ],
)
def test_what_a_program_answers_differs_in_its_references_only_or_says_so(subject: str, text: str) -> None:
    request = MailedRequest(subject, text, ("Problem [No. 1]",))
    assert "within the last hour" in find_excess(MailKind.RECEIPT, {MailKind.RECEIPT: 1}, request)


@pytest.mark.usefixtures("database_kind")
def test_a_contact_is_mailed_some_times_an_hour_whatever_happens(tmp_path: Path) -> None:
    with mailing_desk(tmp_path) as desk:
        refs = [logged(desk) for _ in range(MOST_AN_HOUR + 1)]
        assert len(mails(desk)) == MOST_AN_HOUR
        assert sentences(desk, refs[-1]) == [
            (
                "the receipt was not mailed to Jo Park: they were mailed 20 times within the last hour;"
                " reply yourself if they need to know"
            )
        ]
        assert verified(desk).is_intact
