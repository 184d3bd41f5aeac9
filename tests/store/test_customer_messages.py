"""What customers write, as a desk takes it in, shows it and verifies it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, Executor
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.closure import takes_new_ticket
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.customer_message import AddCustomerMessage
from supportdesk.tickets.process.linking import LinkTicket
from supportdesk.tickets.process.resolution import Resolve
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.commands import EraseContact
from supportdesk.tickets.refusal import Refusal
from tests.store.desks import done, furnished_desk, logged, refused, verified
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")

HOUR = timedelta(hours=1)
KIM = "contact kim"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_NINE + HOUR)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with furnished_desk(tmp_path, clock) as desk:
        yield desk


def lines(desk: Desk, ref: str, since: int = 0) -> list[str]:
    """The timeline as people read it."""
    return [f"{each.name} {each.sentence}" for each in desk.ticket(ref).timeline if each.seq > since]


def test_a_message_reads_the_same_whether_its_writer_or_the_intake_added_it(desk: Desk) -> None:
    ref = logged(desk)
    since = desk.queue().seq
    done(desk, AddCustomerMessage(ref, "Any news?"), by=KIM)
    done(desk, AddCustomerMessage(ref, "Any news?", contact="kim"), by=INTAKE.key)
    done(desk, AddCustomerMessage(ref, "Any news?", contact="kim"), by="ann")
    assert lines(desk, ref, since) == [
        "Kim Lo wrote by email: Any news?",
        "Kim Lo wrote by email: Any news?",
        "Ann Kim Lo wrote by email: Any news?",
    ]
    assert [each.actor for each in desk.ticket(ref).timeline][-3:] == [KIM, "intake", "ann"]


def test_a_ticket_that_a_contact_reopens_names_them_until_they_are_erased(desk: Desk) -> None:
    ref = logged(desk)
    done(desk, Claim(ref), by="sam")
    done(desk, Resolve(ref, "Restarted."), by="sam")
    since = desk.queue().seq
    done(desk, AddCustomerMessage(ref, "It stopped again."), by=KIM)
    assert lines(desk, ref, since) == [
        "Kim Lo wrote by email: It stopped again.",
        "Kim Lo reopened: the customer wrote",
    ]
    assert desk.ticket(ref).row.stage == "resolution"
    done(desk, EraseContact("kim"), by="sue")
    assert lines(desk, ref, since) == [
        "[erased] wrote by email: It stopped again.",
        "[erased] reopened: the customer wrote",
    ]
    assert verified(desk).is_intact


def test_a_message_is_added_once_under_the_id_of_its_mail(desk: Desk) -> None:
    ref = logged(desk)
    command = AddCustomerMessage(ref, "Any news?", mail="7f3a")
    first = desk.do(command, by=INTAKE.key, command_id="mail 7f3a")
    again = desk.do(command, by=INTAKE.key, command_id="mail 7f3a")
    assert not getattr(first, "repeated", True)
    assert getattr(again, "repeated", False)
    assert len(desk.ticket(ref).timeline) == 2


def test_what_cannot_be_reopened_any_more_is_told_apart_so_that_a_linked_ticket_is_logged(
    desk: Desk, clock: FixedClock
) -> None:
    ref = logged(desk)
    done(desk, Resolve(ref, "Restarted."), by="sam")
    message = AddCustomerMessage(ref, "It stopped again.")
    clock.set(MONDAY_NINE + timedelta(days=30))
    late, unknown = (desk.do(message, by=by) for by in (INTAKE.key, "contact nobody"))
    assert isinstance(late, Refusal)
    assert takes_new_ticket(late)
    assert isinstance(unknown, Refusal)
    assert not takes_new_ticket(unknown)


@pytest.mark.parametrize(
    ("contact", "severity", "marks", "is_paging"),
    [
        ("jo", "high", (), False),
        ("new", "high", ("the contact is not registered",), False),
        ("jo", "critical", ("Critical must come by critical telephone",), True),
    ],
)
def test_the_intake_logs_what_arrived_before_with_the_marks_and_pages_of_the_policy(
    desk: Desk, contact: str, severity: str, marks: tuple[str, ...], is_paging: bool
) -> None:
    request = Log(severity, "email", "acme", contact, "Export stops", received_at=MONDAY_NINE)
    view = desk.ticket(done(desk, request, by=INTAKE.key).ref or "")
    assert view.ticket.received_at == MONDAY_NINE
    assert view.ticket.out_of_policy == marks
    assert view.row.page_open is is_paging
    assert view.timeline[0].name == "intake"
    assert verified(desk).is_intact


def test_the_intake_logs_a_request_of_somebody_new(desk: Desk) -> None:
    request = Log(
        "high", "email", "acme", "Pat Doe", "Export stops", new_contact=True, contact_email="pat@acme.example"
    )
    view = desk.ticket(done(desk, request, by=INTAKE.key).ref or "")
    assert (view.contact.name, view.contact.registered) == ("Pat Doe", False)
    assert "the contact is not registered" in view.ticket.out_of_policy


def test_a_message_that_comes_too_late_begins_a_linked_ticket_in_one_transaction(
    desk: Desk, clock: FixedClock
) -> None:
    old = logged(desk)
    done(desk, Resolve(old, "Restarted."), by="sam")
    clock.set(MONDAY_NINE + timedelta(days=30))

    def take_in(doing: Executor) -> str:
        outcome = doing(AddCustomerMessage(old, "It is back."), by=INTAKE.key, command_id="message")
        assert isinstance(outcome, Refusal)
        assert takes_new_ticket(outcome)
        request = Log("high", "email", "acme", "jo", "Export stops", "It is back.")
        new = doing(request, by=INTAKE.key, command_id="ticket")
        assert isinstance(new, Applied)
        assert isinstance(doing(LinkTicket(new.ref or "", old), by=INTAKE.key, command_id="link"), Applied)
        return new.ref or ""

    new = desk.transaction(take_in)
    assert isinstance(new, str)
    assert desk.transaction(take_in) == new, "a repeated intake does nothing again"
    assert [link.ref for link in desk.ticket(new).ticket.links] == [old]
    assert [link.ref for link in desk.ticket(old).ticket.links] == [new]
    assert desk.ticket(old).row.stage == "resolved"
    assert verified(desk).is_intact


def test_the_intake_links_no_tickets_of_different_customers(desk: Desk) -> None:
    ours = logged(desk)
    theirs = logged(desk, organisation="Globex", contact="Elsa Where", new_organisation=True)
    assert "is of another customer" in refused(desk, LinkTicket(ours, theirs), by=INTAKE.key)
    done(desk, LinkTicket(ours, theirs), by="ann")


def test_the_intake_does_nothing_else_on_a_ticket(desk: Desk) -> None:
    ref = logged(desk)
    for command in (Claim(ref), Resolve(ref, "Done."), Note(ref, "They wrote.")):
        assert refused(desk, command, by=INTAKE.key).startswith("only a member of staff may do this")
