"""A desk on which messages have arrived, in every state that the intake gives them, and a console on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

from textual.widgets import Static

from supportdesk.clock import FixedClock
from supportdesk.console.intake.screen import IntakeScreen
from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.incoming_message import IncomingMessage
from supportdesk.tickets.records.commands import SaveContact
from tests.console.fixtures.morning import empty_desk
from tests.console.harness.console import Running, running
from tests.databases import copy_of
from tests.intake.mail.messages import SUPPORT, write
from tests.store.desks import done, furnish
from tests.tickets.scenario import MONDAY_NINE

NOW = MONDAY_NINE + timedelta(minutes=42, seconds=17)
PAT, NOISE = "Pat Doe <pat@globex.example>", "Zoë [/oops]\u202e <[@click=app.quit]x@evil.example>"
WHERE = "I cannot log in since the update."
QUOTED = "On Fri, 20 Nov 2026, Support wrote:\n> The update is installed tonight.\n> It takes an hour."
HOSTILE = "[red]red[/] [/oops] \x1b[2J\x1b]0;title\x07 \u202eback e\u0301\n"
MAILBOX = Mailbox("support", "files", addresses=frozenset({SUPPORT}))


def fill(address: str) -> None:
    """Make a desk to which messages have come."""
    furnish(address)
    clock = FixedClock(MONDAY_NINE)
    with closing(Desk.open(address, clock)) as desk:
        done(desk, SaveContact(Contact("jo", "acme", "Jo Park", super_user=True, email="jo@acme.example")))
        done(desk, SaveContact(Contact("kim", "acme", "Kim Lo", email="kim@acme.example")))
        printer = write(Message_ID="<1@acme.example>")
        known = deliver(desk, printer, "1")
        messages = [
            printer,
            write("Away.", "Re: The printer", Auto_Submitted="auto-replied", Message_ID="<2@acme.example>"),
            b"\x00\x01 what is this?",
            write(
                "Me, too.",
                f"Re: [{known.ref}] The printer",
                "Kim Lo <kim@acme.example>",
                Message_ID="<3@acme.example>",
            ),
            write(
                HOSTILE * 2_000,
                "[@click=app.quit]Look[/] \u202eat this",
                NOISE,
                Message_ID="<4@evil.example>",
            ),
            write(f"{WHERE}\n\n{QUOTED}", "Cannot log in", PAT, Message_ID="<5@globex.example>"),
        ]
        for number, content in enumerate(messages, 2):
            clock.set(MONDAY_NINE + timedelta(minutes=5 * number))
            deliver(desk, content, str(number))


def deliver(desk: Desk, content: bytes, identity: str) -> IncomingMessage:
    """Let the intake account for a message, and return its record."""
    MailIntake(desk, MAILBOX).take_in(Delivery(content, identity))
    return next(each for each in desk.incoming_messages() if each.identity == identity)


def arrived(folder: Path) -> Desk:
    """The desk to which messages have come, open, a while later."""
    return Desk.open(copy_of(fill, folder / "desk.db"), FixedClock(NOW))


@asynccontextmanager
async def intake(
    address: str, size: tuple[int, int] = (160, 50), username: str = "ann", drafts: Path | None = None
) -> AsyncIterator[Running]:
    """Open a console with the intake, and wait until the messages are read, and what the first one says."""
    clock = FixedClock(NOW)
    async with running(
        empty_desk(), size, connect=lambda: Desk.open(address, clock), username=username, drafts=drafts
    ) as it:
        await it.pilot.press("Q")
        await it.until(lambda: isinstance(it.app.screen, IntakeScreen) and it.app.screen.is_read)
        await at_rest(it)
        yield it


async def at_rest(it: Running) -> None:
    """Wait until the selected message is read."""
    await it.until(lambda: "reading the message" not in details(it))
    await it.pilot.pause()


def screen(it: Running) -> IntakeScreen:
    return next(each for each in it.app.screen_stack if isinstance(each, IntakeScreen))


def shown(it: Running) -> list[str]:
    """The lines of the list that are not empty, without their blanks."""
    lines = str(screen(it).messages.render()).split("\n")
    return [" ".join(line.replace("▌", "").split()) for line in lines if line.strip()]


def details(it: Running) -> str:
    return " ".join(str(screen(it).query_one(".page", Static).visual).split())


def foot(it: Running) -> str:
    return screen(it).foot.message


async def select(it: Running, subject: str) -> None:
    """Move the cursor to the message whose line has a text."""
    await it.pilot.press("g")
    for _ in range(20):
        message = screen(it).selected
        if message is not None and subject in message.subject:
            break
        await it.pilot.press("down")
    else:
        raise AssertionError(f"no message is about {subject}")
    await at_rest(it)
