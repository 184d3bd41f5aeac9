"""What waits is settled on the screen: the message and its ticket are written together, or neither of them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy
from textual.widgets import Input, TextArea

from supportdesk.console.calls.read_back import ReadBackScreen
from supportdesk.console.calls.severity_wizard import SeverityWizard
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.intake.addition_form import MessageAdditionForm
from supportdesk.console.intake.enrolment_form import EnrolmentForm
from supportdesk.console.intake.log_form import MessageLogForm
from supportdesk.console.intake.refusal_form import RefusalForm
from supportdesk.console.intake.screen import IntakeScreen
from supportdesk.console.intake.ticket_dialog import TicketDialog
from supportdesk.desk import Desk
from supportdesk.store import tables
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.records.incoming_commands import SettleMessage
from tests.console.harness.console import Running
from tests.console.harness.dialog import words
from tests.console.intake.arrivals import (
    PAT,
    QUOTED,
    WHERE,
    arrived,
    at_rest,
    details,
    foot,
    intake,
    screen,
    select,
    shown,
)
from tests.store.desks import address_of, database_of, done, verified


def of(desk: Desk, subject: str) -> IncomingMessage:
    """The message about a subject that waits, or did."""
    return next(each for each in desk.incoming_messages() if subject in each.subject)


async def press(it: Running, key: str, form: type) -> None:
    """Press a key on the intake, and wait until its form is open."""
    await it.pilot.press(key)
    await it.until(lambda: isinstance(it.app.screen, form))
    await it.pilot.pause()


async def until_keys_count(it: Running) -> None:
    """Wait until keys are not dropped any more that may have been typed for a form."""
    await it.until(lambda: it.app.typed._dropped is None)


async def back(it: Running) -> None:
    """Wait until the intake is in front."""
    await it.until(lambda: isinstance(it.app.screen, IntakeScreen))
    await it.pilot.pause()


async def choose_severity(it: Running) -> None:
    wizard = it.app.screen.query_one(SeverityWizard)
    wizard.questions.choose("high")
    await it.pilot.pause()


@pytest.mark.slow
async def test_a_ticket_is_logged_for_a_contacts_message_with_all_that_is_known(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await select(it, "The printer")
            await press(it, "n", MessageLogForm)
            form = it.app.screen
            assert form.query_one("#organisation", SearchField).value == "acme"
            assert form.query_one("#contact", SearchField).value == "kim"
            assert "The message of Kim Lo <kim@acme.example> is settled with this ticket." in words(it.pilot)
            await choose_severity(it)
            await it.pilot.press("f2")
            await it.until(lambda: isinstance(it.app.screen, ReadBackScreen))
            await it.pilot.press("enter")
            await back(it)
            message = of(desk, "[CD-4C00-W]")
            assert (message.state, message.contact, message.decided_by) == (MessageState.TICKET, "kim", "ann")
            assert foot(it) == f"The message is on {message.ref} now."
            assert message.ref is not None
            view = desk.ticket(message.ref)
            assert (view.ticket.summary, view.ticket.description) == ("[CD-4C00-W] The printer", "Me, too.")
            assert (view.ticket.received_at, view.row.channel) == (message.received_at, "email")
            await it.until(lambda: len(shown(it)) == 3)
        assert verified(desk).findings == ()


@pytest.mark.slow
async def test_a_stranger_becomes_a_contact_with_the_ticket(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await press(it, "n", MessageLogForm)
            await it.pilot.press(*"Acme", "enter", *"Pat Doe", "enter")
            form = it.app.screen
            await it.until(lambda: form.query_one("#contact", SearchField).picked is not None)
            await choose_severity(it)
            await it.pilot.press("f2")
            await it.until(lambda: isinstance(it.app.screen, ReadBackScreen))
            message = of(desk, "Cannot log in")
            assert message.state is MessageState.TICKET
            assert message.ref is not None
            view = desk.ticket(message.ref)
            assert (view.contact.name, view.contact.email) == ("Pat Doe", "pat@globex.example")
            assert view.ticket.description == f"{WHERE}\n\n{QUOTED}"


async def test_a_message_is_added_to_a_ticket_as_its_customers(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        done(desk, Reply("CD-4C00-W", text="Is it on?"), by="ann")
        async with intake(address_of(desk)) as it:
            await select(it, "The printer")
            await press(it, "a", TicketDialog)
            await it.pilot.press(*"4c00w", "enter")
            await it.until(lambda: isinstance(it.app.screen, MessageAdditionForm))
            await it.pilot.pause()
            assert it.app.screen.query_one(TextArea).text == "Me, too."
            await it.pilot.press("f2")
            await back(it)
            await it.until(lambda: foot(it) == "The message is on CD-4C00-W now.")
            message = of(desk, "[CD-4C00-W]")
            assert (message.state, message.ref, message.contact) == (MessageState.MESSAGE, "CD-4C00-W", "kim")
            written = desk.ticket("CD-4C00-W").timeline[-1]
            assert (written.event, written.name) == ("customer wrote", "Ann")
            assert "Kim Lo" in str(written.phrase)
            assert "Me, too." in str(written.phrase)
            payload = database_of(desk).read(
                lambda connection: connection.execute(
                    sqlalchemy.select(tables.ledger.c.payload).where(tables.ledger.c.seq == written.seq)
                ).scalar_one()
            )
            assert f'"mail":"{message.key}"' in payload
        assert verified(desk).findings == ()


async def test_a_strangers_message_on_a_ticket_names_its_sender(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await press(it, "a", TicketDialog)
            await it.pilot.press(*"CD-4C01-T", "enter")
            await it.until(lambda: "CD-4C01-T" in foot(it))
            await until_keys_count(it)
            await press(it, "a", TicketDialog)
            await it.pilot.press(*"4c00w", "enter")
            await it.until(lambda: isinstance(it.app.screen, MessageAdditionForm))
            await it.pilot.pause()
            await it.pilot.press("f2")
            await back(it)
            await it.until(lambda: foot(it) == "The message is on CD-4C00-W now.")
            assert f"[Sent by {PAT}.]" in str(desk.ticket("CD-4C00-W").timeline[-1].phrase)


@pytest.mark.slow
async def test_the_sender_is_enrolled_and_then_known(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await press(it, "e", EnrolmentForm)
            assert it.app.screen.query_one("#email").value == "pat@globex.example"  # type: ignore[attr-defined]
            await it.pilot.press(*"Acme", "enter", "f2")
            await back(it)
            await it.until(lambda: foot(it).startswith(f"{PAT} is enrolled. The message still waits: n logs"))
            [pat] = desk.contacts_with_email("pat@globex.example")
            assert (pat.name, pat.organisation, pat.registered) == ("Pat Doe", "acme", False)
            assert of(desk, "Cannot log in").state is MessageState.QUARANTINE
            await it.until(lambda: "The sender is a contact of Acme Ltd now: Pat Doe." in details(it))
            await it.pilot.press("e")
            await it.until(
                lambda: foot(it).startswith("pat@globex.example is the address of Pat Doe already; n")
            )
            await until_keys_count(it)
            await press(it, "n", MessageLogForm)
            assert it.app.screen.query_one("#contact", SearchField).value == pat.key
            await it.pilot.press("escape")
            await back(it)
            await it.pilot.press("G")
            await at_rest(it)
            await it.pilot.press("e")
            await it.until(lambda: foot(it).startswith("The message does not say who sent it"))


async def test_a_message_is_refused_with_a_reason_after_a_question(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await press(it, "x", RefusalForm)
            await it.pilot.press("f2")
            await it.pilot.pause()
            assert isinstance(it.app.screen, RefusalForm), "a reason is needed"
            await it.pilot.press(*"spam", "enter")
            for keys in (("enter",), ("n",), ("escape",)):
                await it.until(lambda: isinstance(it.app.screen, Confirm))
                await it.pilot.pause()
                assert "Reason: spam" in words(it.pilot)
                await it.pilot.press(*keys)
                await it.until(lambda: isinstance(it.app.screen, RefusalForm))
                assert of(desk, "Cannot log in").state is MessageState.QUARANTINE
                await it.pilot.press("f2")
            await it.until(lambda: isinstance(it.app.screen, Confirm))
            await it.pilot.press("y")
            await back(it)
            await it.until(lambda: foot(it) == "The message is refused.")
            message = of(desk, "Cannot log in")
            assert (message.state, message.reason) == (MessageState.REFUSED, "spam")
            await it.until(lambda: len(shown(it)) == 3)


@pytest.mark.slow
async def test_what_a_colleague_settled_meanwhile_is_not_settled_again(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        before = len(desk.queue().rows), len(desk.ticket("CD-4C00-W").timeline)
        async with intake(address_of(desk)) as it:
            for subject, left in (("The printer", 3), ("Cannot log in", 2), ("at this", 1)):
                await select(it, subject)
                key = screen(it).messages.key
                await begin(it, left)
                form = it.app.screen
                done(desk, SettleMessage(key, "refused", reason="a circular"), by="sam")
                await it.pilot.press("f2")
                if isinstance(form, RefusalForm):
                    await it.until(lambda: isinstance(it.app.screen, Confirm))
                    await it.pilot.press("y")
                await it.until(
                    lambda: "recorded as refused (a circular), by Sam" in words(it.pilot, ".status")
                )
                assert it.app.screen is form, "what was typed stays"
                await it.pilot.press("escape")
                await back(it)
                await it.until(lambda left=left: len(shown(it)) == left)  # type: ignore[misc]
            assert (len(desk.queue().rows), len(desk.ticket("CD-4C00-W").timeline)) == before
        assert verified(desk).findings == ()


async def begin(it: Running, left: int) -> None:
    """Begin one decision of three on the selected message, in a form that is filled in."""
    if left == 3:
        await press(it, "n", MessageLogForm)
        await choose_severity(it)
    elif left == 2:
        await press(it, "a", TicketDialog)
        await it.pilot.press(*"4c00w", "enter")
        await it.until(lambda: isinstance(it.app.screen, MessageAdditionForm))
        await it.pilot.pause()
    else:
        await press(it, "x", RefusalForm)
        await it.pilot.press(*"spam")


@pytest.mark.slow
async def test_a_decision_that_was_left_is_offered_again_until_the_message_is_settled(tmp_path: Path) -> None:
    drafts = tmp_path / "drafts"
    with closing(arrived(tmp_path)) as desk:
        address = address_of(desk)
        async with intake(address, drafts=drafts) as it:
            await press(it, "x", RefusalForm)
            await it.pilot.press(*"a circular", "escape")
            await back(it)
        async with intake(address, drafts=drafts) as it:
            await it.until(lambda: "Unfinished decision on a message, saved" in it.notice)
            await it.pilot.press("escape", "escape")
            await it.until(lambda: it.app.screen is it.screen)
            await press(it, "f7", RefusalForm)
            assert it.app.screen.query_one(Input).value == "a circular"
            await it.pilot.press("escape")
            await back(it)
        done(desk, SettleMessage(of(desk, "Cannot log in").key, "refused", reason="spam"), by="sam")
        async with intake(address, drafts=drafts) as it:
            await it.pilot.press("escape", "f7")
            await it.until(lambda: isinstance(it.app.screen, IntakeScreen))
            await it.until(lambda: foot(it) == "It was refused already.")
            assert it.screen.session is not None
            assert it.screen.session.drafts.is_empty


async def test_who_is_not_on_the_staff_reads_and_settles_nothing(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk), username="stranger") as it:
            assert len(shown(it)) == 4
            for key in "naex":
                await it.pilot.press(key)
                await it.until(lambda: "is not on the staff of this desk" in foot(it))
                await it.pilot.press("escape")
            assert WHERE in details(it)
            await it.pilot.press("escape")
            await it.until(lambda: it.app.screen is it.screen)
            assert "message" not in it.header
