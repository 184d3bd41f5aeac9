"""What a form says about the mail that its command causes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from supportdesk.console.commands.mail_note import describe_mail
from supportdesk.sla.mail_kind import MailKind
from supportdesk.store.read_models import TicketView
from tests.console.harness.dialog import Seat
from tests.store.mailing import JO, mailing_policy
from tests.tickets.scenario import claritum


@pytest.fixture
def view(seat: Seat) -> TicketView:
    return replace(seat.view("Export stops"), contact=JO)


@pytest.mark.parametrize(
    ("verb", "note"),
    [
        ("reply", "By mail, it goes to jo@acme.example"),
        ("wait", "For the customer, Jo Park is mailed what is expected: jo@acme.example"),
        ("resolve", "Jo Park is mailed what you tell them: jo@acme.example"),
        ("fix", "Jo Park is mailed the date of the fix: jo@acme.example"),
        ("close", "Jo Park is mailed that it is closed: jo@acme.example"),
        ("note", ""),
    ],
)
def test_a_form_says_what_the_customer_is_mailed(view: TicketView, verb: str, note: str) -> None:
    assert describe_mail(verb, mailing_policy(), view) == note
    assert describe_mail(verb, claritum(), view) == ""


def test_it_says_where_no_mail_can_go(view: TicketView) -> None:
    nowhere = replace(view, contact=replace(view.contact, email=""))
    assert (
        describe_mail("send-article", mailing_policy(), nowhere)
        == "Jo Park has no email address: tell them by telephone"
    )
    assert describe_mail("close", mailing_policy(), nowhere) == ""
    unwanted = replace(view, organisation=replace(view.organisation, unwanted_mails=(MailKind.REPLY,)))
    assert "wants no mail of the kind reply" in describe_mail("reply", mailing_policy(), unwanted)
    assert describe_mail("reply", mailing_policy(MailKind.RECEIPT), view) == ""
