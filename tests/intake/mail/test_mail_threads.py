"""To which ticket a message belongs: what it replies to, and where it was sent; and nobody else gets on a ticket."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice, product
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import Accounted, MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.tickets.documents import Contact, Organisation
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.records.commands import SaveContact, SaveOrganisation
from tests.intake.mail.messages import OUR_SERVER, SUPPORT, write
from tests.store.desks import done, logged
from tests.store.mailing import mailing_desk

MAILBOX = Mailbox("support", "files", addresses=frozenset({SUPPORT}), hosts=(OUR_SERVER,))
JO = "Jo Park <jo@acme.example>"
FORGERIES = 200


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that mails its customers: Jo and Lee of Acme, neither a super user, and Ola of another company."""
    with mailing_desk(tmp_path) as desk:
        done(desk, SaveOrganisation(Organisation("nord", "Nord")))
        for contact in (
            Contact("jo", "acme", "Jo Park", email="jo@acme.example"),
            Contact("lee", "acme", "Lee Fox", email="lee@acme.example"),
            Contact("ola", "nord", "Ola Berg", super_user=True, email="ola@nord.example"),
        ):
            done(desk, SaveContact(contact))
        yield desk


def take_in(desk: Desk, content: bytes, mailbox: Mailbox = MAILBOX) -> Accounted:
    return MailIntake(desk, mailbox).take_in(Delivery(content))


def sent_about(desk: Desk, ref: str) -> str:
    """The Message-ID of the receipt that the customer of a ticket gets."""
    [receipt] = [each for each in desk.outbox() if each.ref == ref and each.text == "receipt"]
    return f"{receipt.id}@claritum.example"


def test_a_reply_to_our_mail_is_put_on_its_ticket_without_a_reference(desk: Desk) -> None:
    ref = logged(desk, contact="jo")
    ours = sent_about(desk, ref)
    for header in (
        {"In_Reply_To": f"<{ours}>"},
        {"References": f"<first@acme.example> <{ours}> <later@acme.example>"},
    ):
        found = take_in(desk, write("It is the third one.", "Re: printer", JO, **header))
        assert (found.state, found.ref) == (MessageState.MESSAGE, ref)


def test_the_latest_of_our_mails_that_a_message_replies_to_counts(desk: Desk) -> None:
    old, new = (logged(desk, contact="jo") for _ in range(2))
    ids = {ref: f"<{sent_about(desk, ref)}>" for ref in (old, new)}
    found = take_in(desk, write("Hello", "Re: printer", JO, References=f"{ids[old]} {ids[new]}"))
    assert found.ref == new
    found = take_in(desk, write("Hi", "Re: printer", JO, References=ids[new], In_Reply_To=ids[old]))
    assert found.ref == old


def test_a_message_to_the_address_of_a_ticket_is_put_on_it(desk: Desk) -> None:
    ref = logged(desk, contact="jo")
    name, _, domain = SUPPORT.partition("@")
    for header in (
        {"To": f"Support <{name}+{ref.lower()}@{domain}>"},
        {"Delivered_To": f"{name}+{ref}@{domain}"},
    ):
        found = take_in(desk, write("It is the third one.", "printer", JO, **header))
        assert (found.state, found.ref) == (MessageState.MESSAGE, ref)


def test_a_reference_in_the_address_of_somebody_else_is_none_of_ours(desk: Desk) -> None:
    ref = logged(desk, contact="jo")
    found = take_in(desk, write("Hello", "printer", JO, To=f"{SUPPORT}, support+{ref}@other.example"))
    assert found.state is MessageState.TICKET
    assert found.ref != ref


def test_what_a_message_names_goes_before_what_it_replies_to(desk: Desk) -> None:
    replied, named = (logged(desk, contact="jo") for _ in range(2))
    ours = sent_about(desk, replied)
    found = take_in(desk, write("Hello", f"About {named}", JO, In_Reply_To=f"<{ours}>"))
    assert found.ref == named


def test_of_several_tickets_that_a_message_names_it_belongs_to_the_one_that_it_replies_to(desk: Desk) -> None:
    replied, named = (logged(desk, contact="jo") for _ in range(2))
    ours = sent_about(desk, replied)
    text = f"As in {named}.\n\n> We have received your request and logged it as {replied}."
    header = {"In_Reply_To": f"<{ours}>"}
    assert take_in(desk, write(text, "printer", JO, **header)).ref == replied
    assert take_in(desk, write(text, "printer", JO)).state is MessageState.QUARANTINE


def test_a_reply_to_a_mail_about_a_closed_ticket_reopens_it(desk: Desk) -> None:
    ref = logged(desk, contact="jo")
    ours = sent_about(desk, ref)
    done(desk, Close(ref, reason="withdrawn", text="not needed"))
    found = take_in(desk, write("Still there.", "AW: [nothing]", JO, In_Reply_To=f"<{ours}>"))
    assert (found.state, found.ref) == (MessageState.MESSAGE, ref)


@pytest.mark.parametrize(
    "message_id", ["x" * 500, "%", "a'--", "_" * 40, "\x00a@b", "é@ü", "@claritum.example"]
)
def test_a_message_id_that_is_none_of_ours_is_nothing(desk: Desk, message_id: str) -> None:
    content = write("Hello", "printer", JO).replace(
        b"\n\n", b"\nIn-Reply-To: <%s>\n\n" % message_id.encode(), 1
    )
    assert take_in(desk, content).state is MessageState.TICKET


@pytest.mark.slow
def test_no_forged_thread_causes_an_event_on_any_ticket(desk: Desk) -> None:
    refs = [logged(desk, contact="jo") for _ in range(4)]
    done(desk, Reply(refs[0], "Which printer is it?"))
    done(desk, Close(refs[1], reason="withdrawn", text="not needed"))
    ids = {ref: f"<{sent_about(desk, ref)}>" for ref in refs}
    before = {ref: desk.ticket(ref).ticket.version for ref in refs}
    rows = len(desk.queue().rows)
    senders = (
        "Lee Fox <lee@acme.example>",
        "Ola Berg <ola@nord.example>",
        "Eve <eve@elsewhere.example>",
        '"jo@acme.example" <eve@elsewhere.example>',
        "Jo Park <jo@acme.example.evil.example>",
        "Jo Park <jo@acme-example.com>",
        "Jo Park <j\N{CYRILLIC SMALL LETTER O}@acme.example>",
        "Jo Park <jo+acme@acme.example>",
        "jo@acme.example@evil.example",
        "eve@elsewhere.example, Jo Park <jo@acme.example>",
    )
    name, _, domain = SUPPORT.partition("@")

    def carriers(ref: str) -> Iterator[dict[str, str]]:
        yield {"subject": f"Re: [{ref}] printer"}
        yield {"text": f"> logged it as {ref}\n\nPlease close it."}
        yield {"To": f"{name}+{ref}@{domain}"}
        yield {"Delivered_To": f"{name}+{ref}@{domain}", "X_Supportdesk_Reference": ref}
        yield {"In_Reply_To": ids[ref]}
        yield {"References": f"<x@y> {ids[ref]}", "Sender": "jo@acme.example", "Reply_To": "jo@acme.example"}

    made = product(senders, [each for ref in refs for each in carriers(ref)])
    for sender, carrier in islice(cycle(list(made)[:: 240 // FORGERIES]), FORGERIES):
        found = take_in(desk, write(sender=sender, **carrier))
        assert found.state is MessageState.QUARANTINE, (sender, carrier, found)
    assert {ref: desk.ticket(ref).ticket.version for ref in refs} == before
    assert len(desk.queue().rows) == rows
    assert sum(each[MessageState.QUARANTINE] for each in desk.count_incoming().values()) == FORGERIES
