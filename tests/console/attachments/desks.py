"""A desk with messages that have attachments, on a ticket and in quarantine, and a console on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

from textual.widgets import Static

from supportdesk.clock import FixedClock
from supportdesk.console.attachments.screen import AttachmentsDialog
from supportdesk.console.intake.screen import IntakeScreen
from supportdesk.desk import Desk
from supportdesk.settings.files import SettingsFiles
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.records.commands import SaveContact
from tests.console.fixtures.morning import empty_desk
from tests.console.harness.console import Running, running
from tests.console.intake.arrivals import PAT, deliver
from tests.databases import copy_of
from tests.intake.mail.attached import PDF, PNG, PROGRAM, write_with
from tests.store.desks import done, furnish
from tests.tickets.scenario import MONDAY_NINE

NOW = MONDAY_NINE + timedelta(minutes=42, seconds=17)
HOSTILE = "[@click=app.quit]\u202e../../[bold]x\x1b]0;title\x07.pdf"
CLEAN = "[bold]x]0;title.pdf"


def fill(address: str) -> None:
    """Make a desk with a ticket on which are two messages with files, and with messages in quarantine."""
    furnish(address)
    clock = FixedClock(MONDAY_NINE)
    with closing(Desk.open(address, clock)) as desk:
        done(desk, SaveContact(Contact("jo", "acme", "Jo Park", super_user=True, email="jo@acme.example")))
        first = write_with(("invoice.pdf", PDF), ("screen.png", PNG), Message_ID="<1@acme.example>")
        known = deliver(desk, first, "1")
        clock.set(MONDAY_NINE + timedelta(minutes=10))
        more = write_with(
            (HOSTILE, PROGRAM), subject=f"Re: [{known.ref}] The printer", Message_ID="<2@acme.example>"
        )
        assert deliver(desk, more, "2").ref == known.ref
        clock.set(MONDAY_NINE + timedelta(minutes=20))
        bare = write_with(subject="No file", sender=PAT, Message_ID="<3@globex.example>")
        deliver(desk, bare, "3")
        clock.set(MONDAY_NINE + timedelta(minutes=30))
        waits = write_with(
            ("log.txt", b"Some words.\n"), subject="A log", sender=PAT, Message_ID="<4@globex.example>"
        )
        deliver(desk, waits, "4")


def attached(folder: Path) -> Desk:
    """The desk, open, a while later."""
    return Desk.open(copy_of(fill, folder / "desk.db"), FixedClock(NOW))


@asynccontextmanager
async def console(
    address: str, size: tuple[int, int] = (160, 50), username: str = "ann", files: SettingsFiles | None = None
) -> AsyncIterator[Running]:
    """Open a console on the ticket with the messages."""
    clock = FixedClock(NOW)
    connect = lambda: Desk.open(address, clock)  # noqa: E731
    async with running(empty_desk(), size, connect=connect, username=username, files=files) as it:
        await it.rest()
        yield it


async def listed(it: Running) -> AttachmentsDialog:
    """List the attachments, and wait until they are read."""
    await it.pilot.press("A")
    await it.until(lambda: isinstance(it.app.screen, AttachmentsDialog) and it.app.screen.is_read)
    await it.pilot.pause()
    return dialog(it)


async def on_message(it: Running, subject: str) -> None:
    """Go to a message on the screen of the intake."""
    await it.pilot.press("Q")
    await it.until(lambda: isinstance(it.app.screen, IntakeScreen) and it.app.screen.is_read)
    screen = it.app.screen
    assert isinstance(screen, IntakeScreen)
    for _ in range(9):
        if screen.selected is not None and screen.selected.subject == subject:
            break
        await it.pilot.press("down")
    else:
        raise AssertionError(f"no message is about {subject}")
    await it.until(lambda: "reading the message" not in str(screen.query_one(".page", Static).visual))


def dialog(it: Running) -> AttachmentsDialog:
    return next(each for each in it.app.screen_stack if isinstance(each, AttachmentsDialog))


def lines(it: Running) -> list[str]:
    """The lines of the list, without their blanks."""
    found = str(dialog(it)._list.render()).split("\n")
    return [" ".join(line.split()) for line in found if line.strip()]


def said(it: Running) -> str:
    """What the foot says, and whether that is a refusal."""
    return str(dialog(it).query_one(".status", Static).visual)
