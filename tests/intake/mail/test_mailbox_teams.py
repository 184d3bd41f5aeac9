"""Each mailbox has its own channel and team: requests go there, except those that page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import Accounted, IntakeRefusedError, MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox, find_mailbox_fault
from supportdesk.sla.policy import Channel, Policy
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.records.commands import InstallPolicy, SaveContact
from tests.intake.mail.messages import OUR_SERVER, write
from tests.store.desks import done, furnished, logged
from tests.tickets.scenario import MONDAY_NINE, claritum

SALES = Mailbox("sales", "files", "sales-mail", "account-management", hosts=(OUR_SERVER,))
CHANNEL = Channel("sales-mail", "Mail to sales", "anyone", "always", severity="medium")
TODAY = MONDAY_NINE + timedelta(days=2)


def with_channel(policy: Policy) -> Policy:
    """A version with a channel for sales, in force from the second day."""
    return replace(
        policy,
        version="2",
        effective=MONDAY_NINE + timedelta(days=1),
        channels=(*policy.channels, CHANNEL),
    )


@contextmanager
def sales_desk(folder: Path) -> Iterator[Desk]:
    """A desk on its third day, with a channel for sales since the second."""
    clock = FixedClock(MONDAY_NINE)
    desk = Desk.open(furnished(folder), clock)
    try:
        done(desk, SaveContact(Contact("jo", "acme", "Jo Park", super_user=True, email="jo@acme.example")))
        done(desk, InstallPolicy(with_channel(claritum())), by="sue")
        clock.set(TODAY)
        yield desk
    finally:
        desk.close()


def take_in(desk: Desk, content: bytes, mailbox: Mailbox = SALES) -> Accounted:
    return MailIntake(desk, mailbox).take_in(Delivery(content))


@pytest.mark.usefixtures("database_kind")
def test_requests_go_by_the_channel_of_their_mailbox_to_its_team_except_those_that_page(
    tmp_path: Path,
) -> None:
    with sales_desk(tmp_path) as desk:
        usual = take_in(desk, write("A quote, please."))
        assert usual.ref is not None
        row = desk.ticket(usual.ref).row
        assert (row.channel, row.severity, row.team) == ("sales-mail", "medium", "account-management")
        grave = take_in(
            desk, write(subject="The system is down"), replace(SALES, channel="email", team="development")
        )
        assert grave.ref is not None
        row = desk.ticket(grave.ref).row
        assert (row.severity, row.team) == ("critical", "technical-support")


@pytest.mark.usefixtures("database_kind")
def test_what_a_mailbox_brings_for_a_ticket_of_another_team_leaves_it_there(tmp_path: Path) -> None:
    with sales_desk(tmp_path) as desk:
        ref = logged(desk)
        found = take_in(desk, write("Still broken.", f"Re: {ref}"))
        assert (found.state, found.ref) == (MessageState.MESSAGE, ref)
        assert desk.ticket(ref).row.team == "user-support"


def test_mail_of_a_mailbox_whose_team_there_is_not_is_left_where_it_is(tmp_path: Path) -> None:
    with sales_desk(tmp_path) as desk:
        with pytest.raises(
            IntakeRefusedError, match="the mailbox sales takes in nothing: there is no team 'x'"
        ):
            take_in(desk, write(), replace(SALES, team="x"))
        assert desk.count_incoming() == {}


def test_what_arrived_before_the_policy_had_the_channel_waits_for_a_decision(tmp_path: Path) -> None:
    received = f"from x by {OUR_SERVER} with ESMTP; Mon, 23 Nov 2026 08:59:30 +0000"
    with sales_desk(tmp_path) as desk:
        found = take_in(desk, write(Received=received))
        assert found.state is MessageState.QUARANTINE
        assert found.reason.startswith(
            "No ticket could be logged: there is no channel 'sales-mail'; the policy"
        )


@pytest.mark.parametrize(
    ("channel", "may"),
    [("email", True), ("sales-mail", True), ("portal", False), ("voicemail", False), ("phone", False)],
)
def test_mail_comes_by_any_channel_but_the_portal_and_lines_for_calls(channel: str, *, may: bool) -> None:
    fault = find_mailbox_fault(replace(SALES, channel=channel), with_channel(claritum()))
    assert (fault is None) is may


@pytest.mark.parametrize("changes", [{"number": "+442079460018"}, {"out_of_hours": "voicemail"}])
def test_a_channel_that_customers_dial_is_not_for_mail(changes: dict[str, str]) -> None:
    policy = with_channel(claritum())
    channels = (*policy.channels[:-1], replace(CHANNEL, **changes))
    assert "no mail comes by" in (find_mailbox_fault(SALES, replace(policy, channels=channels)) or "")
