"""What becomes of messages: each has one state, and nothing that it says of itself is believed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import Accounted, MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.tickets.actors import INTAKE, ContactActor
from supportdesk.tickets.documents import Contact, Organisation
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.records.commands import SaveContact, SaveOrganisation, SavePerson
from supportdesk.tickets.ticket import Stage
from tests.intake.mail.messages import OUR_SERVER, SUPPORT, write
from tests.store.desks import address_of, done, events, furnished, logged
from tests.tickets.scenario import MONDAY_NINE, RECORDS

MAILBOX = Mailbox("support", "files", addresses=frozenset({SUPPORT}), hosts=(OUR_SERVER,))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk.open(furnished(tmp_path), FixedClock(MONDAY_NINE))
    done(desk, SaveOrganisation(Organisation("nord", "Nord")))
    for contact in (
        Contact("jo", "acme", "Jo Park", super_user=True, email="jo@acme.example"),
        Contact("kim", "acme", "Kim Lo", email="kim@acme.example"),
        Contact("lee", "acme", "Lee Fox", email="lee@acme.example"),
        Contact("ola", "nord", "Ola Berg", super_user=True, email="ola@nord.example"),
    ):
        done(desk, SaveContact(contact))
    done(desk, SavePerson(replace(RECORDS.staff["ann"], email="ann@claritum.example")), by="sue")
    yield desk
    desk.close()


def take_in(desk: Desk, content: bytes, identity: str = "", mailbox: Mailbox = MAILBOX) -> Accounted:
    return MailIntake(desk, mailbox).take_in(Delivery(content, identity))


def total(desk: Desk) -> int:
    return sum(sum(states.values()) for states in desk.count_incoming().values())


def test_mail_of_a_contact_is_logged_as_a_ticket_from_when_our_server_had_it(desk: Desk) -> None:
    received = f"from x by {OUR_SERVER} with ESMTP; Mon, 23 Nov 2026 08:59:30 +0000"
    found = take_in(desk, write("It does not print.\nSince Friday.", Received=received))
    assert (found.state, found.reason, found.repeated) == (MessageState.TICKET, "", False)
    assert found.ref is not None
    view = desk.ticket(found.ref)
    assert (view.row.severity, view.row.channel, view.contact.key) == ("high", "email", "jo")
    assert (view.row.summary, view.ticket.received_at) == ("The printer", MONDAY_NINE - timedelta(seconds=30))
    assert view.ticket.description == "It does not print.\nSince Friday."
    [message] = desk.incoming_messages()
    assert (message.ref, message.contact, message.source) == (found.ref, "jo", "support")
    assert desk.incoming_original(message.key) is not None


def test_words_of_the_policy_make_it_a_critical_which_is_out_of_policy_and_pages(desk: Desk) -> None:
    found = take_in(desk, write(subject="Help: the SYSTEM is down"))
    assert found.ref is not None
    view = desk.ticket(found.ref)
    assert view.row.severity == "critical"
    assert view.ticket.out_of_policy
    assert "paged" in events(desk, found.ref)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"sender": "Eve <eve@elsewhere.example>"}, "eve@elsewhere.example is not the address of a contact."),
        ({"sender": ""}, "It does not say who sent it."),
        (
            {"sender": "Jo Park <jo@acme.example>, Eve <eve@elsewhere.example>"},
            "It names several senders, of whom anybody may have written it.",
        ),
        (
            {"sender": "Ann <ann@claritum.example>"},
            "Ann is on the staff, and it is no forwarded message that names its sender.",
        ),
    ],
)
def test_mail_of_nobody_known_waits_in_quarantine_with_the_reason(
    desk: Desk, headers: dict[str, str], reason: str
) -> None:
    before = len(desk.queue().rows)
    found = take_in(desk, write(**headers))
    assert found == Accounted(MessageState.QUARANTINE, reason)
    assert len(desk.queue().rows) == before


def test_a_second_header_of_the_sender_keeps_a_message_off_every_ticket(desk: Desk) -> None:
    ref = logged(desk)
    for first, second in (
        ("jo@acme.example", "eve@elsewhere.example"),
        ("eve@elsewhere.example", "jo@acme.example"),
    ):
        found = take_in(desk, b"From: %s\n" % second.encode() + write("Mine.", f"Re: {ref}", first))
        assert (found.state, found.ref) == (MessageState.QUARANTINE, None)


def test_what_names_a_ticket_is_put_on_it_in_the_name_of_its_contact(desk: Desk) -> None:
    ref = logged(desk, contact="kim")
    found = take_in(desk, write("Still broken.", f"Re: {ref} printer", "Kim Lo <KIM@acme.example>"))
    assert (found.state, found.ref) == (MessageState.MESSAGE, ref)
    [written] = [each for each in desk.ticket(ref).timeline if each.event == "customer wrote"]
    assert written.actor == ContactActor(RECORDS.contacts["kim"]).key
    assert written.phrase is not None
    assert written.phrase.text == "Still broken."


@pytest.mark.parametrize("sender", ["Lee Fox <lee@acme.example>", "Ola Berg <ola@nord.example>"])
def test_a_reference_gets_nobody_on_a_ticket_that_does_not_know_them(desk: Desk, sender: str) -> None:
    ref = logged(desk, contact="kim")
    version = desk.ticket(ref).ticket.version
    for subject, text in ((f"Re: {ref}", "Hello"), ("Hello", f"about {ref}, please")):
        found = take_in(desk, write(text, subject, sender))
        assert found.state is MessageState.QUARANTINE
        assert found.reason.endswith("may not write there.")
    assert desk.ticket(ref).ticket.version == version


def test_a_super_user_may_write_on_a_ticket_of_their_company(desk: Desk) -> None:
    ref = logged(desk, contact="kim")
    assert take_in(desk, write("I know more.", f"Re: {ref}")).ref == ref


def test_a_reference_that_does_not_exist_begins_a_new_ticket(desk: Desk) -> None:
    assert take_in(desk, write(subject="Re: CD-2222-X")).state is MessageState.TICKET


def test_a_message_that_names_several_tickets_waits(desk: Desk) -> None:
    first, second = logged(desk), logged(desk)
    found = take_in(desk, write(f"{first} and {second}"))
    assert found.state is MessageState.QUARANTINE
    assert "several tickets" in found.reason


def test_a_message_on_a_resolved_ticket_reopens_it_and_much_later_is_a_linked_ticket(desk: Desk) -> None:
    ref = logged(desk, contact="kim")
    done(desk, Close(ref, reason="withdrawn", text="not needed"))
    kim = "Kim Lo <kim@acme.example>"
    assert take_in(desk, write("It is back.", f"Re: {ref}", kim)).state is MessageState.MESSAGE
    assert desk.ticket(ref).row.stage is not Stage.CLOSED
    done(desk, Close(ref, reason="withdrawn", text="really not"))
    later = Desk.open(address_of(desk), FixedClock(MONDAY_NINE + timedelta(days=30)))
    with closing(later):
        found = take_in(later, write("It is back again.", f"Re: {ref}", kim))
        assert found.state is MessageState.TICKET
        assert found.ref not in (None, ref)
        assert "linked" in events(later, ref)
        assert later.ticket(found.ref or "").ticket.description == "It is back again."


def test_the_same_message_is_accounted_for_once_and_another_delivery_of_it_is_a_duplicate(desk: Desk) -> None:
    content = write()
    first = take_in(desk, content, "7:1")
    again = take_in(desk, content, "7:1")
    assert (again.ref, again.repeated) == (first.ref, True)
    other = take_in(desk, content, "8:1")
    assert (other.state, other.ref) == (MessageState.DUPLICATE, None)
    assert total(desk) == 2
    assert len(desk.queue().rows) == 1


def test_another_text_under_the_same_message_id_is_another_message(desk: Desk) -> None:
    first, second = (take_in(desk, write(text, Message_ID="<same@acme.example>")) for text in ("One", "Two"))
    assert first.state is second.state is MessageState.TICKET
    assert first.ref != second.ref


@pytest.mark.parametrize(
    ("headers", "state"),
    [
        ({"Auto_Submitted": "auto-replied"}, MessageState.AUTOMATIC),
        ({"Precedence": "bulk"}, MessageState.AUTOMATIC),
        ({"List_Id": "<news.acme.example>"}, MessageState.AUTOMATIC),
        ({"subject": "Out of office: holiday"}, MessageState.AUTOMATIC),
        ({"sender": f"Desk <{SUPPORT}>"}, MessageState.AUTOMATIC),
        ({"sender": f"Desk <{SUPPORT.replace('@', '+CD-4C00-W@')}>"}, MessageState.AUTOMATIC),
        (
            {"sender": "MAILER-DAEMON@mx.acme.example", "subject": "Undelivered Mail Returned to Sender"},
            MessageState.BOUNCE,
        ),
    ],
)
def test_what_a_program_sent_has_no_effect_whatever_ticket_it_names(
    desk: Desk, headers: dict[str, str], state: MessageState
) -> None:
    ref = logged(desk)
    done(desk, Reply(ref, "Which printer?"))
    version, rows = desk.ticket(ref).ticket.version, len(desk.queue().rows)
    found = take_in(desk, write(f"about {ref}", **headers))
    assert found.state is state
    assert found.reason
    assert (desk.ticket(ref).ticket.version, len(desk.queue().rows)) == (version, rows)


def test_the_reason_has_as_many_whole_sentences_as_fit_however_many_marks_a_program_left(desk: Desk) -> None:
    marks = {"Auto_Submitted": "auto-generated", "Precedence": "bulk", "X_Autoreply": "yes"}
    take_in(desk, write(List_Id="<news.acme.example>", X_Auto_Response_Suppress="All", **marks))
    [message] = desk.incoming_messages()
    assert message.reason == (
        "Its header says that a program sent it (Auto-Submitted: auto-generated). Its header says that it is sent in"
        " bulk (Precedence: bulk). Its header says that it is an automatic reply (x-autoreply)."
    )


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00 nothing", b"hello"])
def test_what_cannot_be_read_is_set_aside_whole(desk: Desk, content: bytes) -> None:
    found = take_in(desk, content)
    assert found.state is MessageState.SET_ASIDE
    [message] = desk.incoming_messages(states=[MessageState.SET_ASIDE])
    assert desk.incoming_original(message.key) == content


def test_what_staff_forward_is_the_request_of_the_customer_who_wrote_it(desk: Desk) -> None:
    text = (
        "Please log this.\n\n---------- Forwarded message ---------\nFrom: Kim Lo <kim@acme.example>\n"
        "Date: Mon, 23 Nov 2026 at 08:00\nSubject: No invoices\nTo: Ann <ann@claritum.example>\n\nNone since Friday.\n"
    )
    found = take_in(desk, write(text, "Fwd: No invoices", "Ann <ann@claritum.example>"))
    assert found.ref is not None
    view = desk.ticket(found.ref)
    assert (view.contact.key, view.row.summary) == ("kim", "No invoices")
    assert view.ticket.description == "Please log this.\n\nNone since Friday.\n\n[Forwarded by Ann.]"


def test_the_date_that_a_sender_writes_moves_no_clock(desk: Desk) -> None:
    found = take_in(
        desk, write(Date="Mon, 2 Nov 2026 09:00:00 +0000", Received="by elsewhere; 2 Nov 2026 09:00:00 +0000")
    )
    assert found.ref is not None
    assert desk.ticket(found.ref).ticket.received_at == MONDAY_NINE


def test_what_is_written_is_the_work_of_the_intake(desk: Desk) -> None:
    found = take_in(desk, write())
    assert found.ref is not None
    assert {entry.actor for entry in desk.ticket(found.ref).timeline} == {INTAKE.key}


def test_what_a_message_quotes_makes_it_no_critical(desk: Desk) -> None:
    quoted = "No toner.\n\nOn Mon, 2 Nov 2026 at 09:00, Ann wrote:\n> the system is down\n"
    found = take_in(desk, write(quoted))
    assert found.ref is not None
    assert desk.ticket(found.ref).row.severity == "high"


@pytest.mark.parametrize(
    ("identity", "message_id"),
    [("x" * 255, ""), ("1700.\udcff", ""), ("7:1", f"<{'i' * 900}@acme.example>"), ("\x1b[31m", "<a@b>")],
)
def test_a_message_is_the_same_however_long_or_odd_what_names_it_is(
    desk: Desk, identity: str, message_id: str
) -> None:
    content = write(Message_ID=message_id)
    first, again = take_in(desk, content, identity), take_in(desk, content, identity)
    assert (again.ref, again.repeated) == (first.ref, True)
    assert take_in(desk, content, f"{identity}2").state is MessageState.DUPLICATE
    assert total(desk) == 2


def test_all_of_a_long_subject_is_on_the_ticket(desk: Desk) -> None:
    subject = "word " * 1_000 + "end"
    found = take_in(desk, write(subject=subject))
    assert found.ref is not None
    view = desk.ticket(found.ref)
    assert view.row.summary.endswith("…")
    assert view.ticket.description == f"Subject: {subject}\n\nIt does not print."
    assert "text cut" not in events(desk, found.ref)
    assert len(desk.incoming_messages()[0].subject) <= 1_000


def test_what_a_source_without_names_delivers_again_is_the_same_and_a_copy_a_duplicate(desk: Desk) -> None:
    content = write()
    first, again = take_in(desk, content), take_in(desk, content)
    assert (again.ref, again.repeated) == (first.ref, True)
    copy = f"Received: from x by {OUR_SERVER} with LMTP; Mon, 23 Nov 2026 08:59:30 +0000\n".encode() + content
    found = take_in(desk, copy)
    assert (found.state, found.repeated) == (MessageState.DUPLICATE, False)
    assert take_in(desk, copy).repeated
    assert take_in(desk, content, "7:1").repeated
    assert total(desk) == 2
