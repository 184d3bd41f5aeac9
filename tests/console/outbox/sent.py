"""A desk from which mail goes out, of which something became of each kind, and a console on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace
from textual.widgets import Static

from supportdesk.clock import FixedClock
from supportdesk.console.outbox.screen import OutboxScreen
from supportdesk.desk import Desk
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.process.sending import RecordBounce
from supportdesk.tickets.records.commands import InstallPolicy, SaveContact
from tests.console.fixtures.morning import empty_desk
from tests.console.harness.console import Running, running
from tests.databases import copy_of
from tests.store.desks import done, furnish, logged
from tests.store.mailing import JO, claim_mail, mailing_policy, report_mail
from tests.tickets.scenario import MONDAY_NINE

NOW = MONDAY_NINE + timedelta(minutes=42, seconds=17)
NOISE = "550 [red]no[/] [@click=app.quit]x[/] \u202eback"


def fill(address: str) -> None:
    """Make a desk that sent mail, and has some to send."""
    furnish(address)
    clock = FixedClock(MONDAY_NINE)
    with closing(Desk.open(address, clock)) as desk:
        done(desk, InstallPolicy(mailing_policy()), by="sue")
        done(desk, SaveContact(replace(JO, name="Jo [/oops]")))
        for minutes, outcome in enumerate(("delivered", "delivered", "possibly delivered", "refused")):
            clock.set(MONDAY_NINE + timedelta(minutes=5 * minutes))
            mail = log(desk)
            if outcome == "refused":
                report_mail(desk, mail, "not delivered", NOISE, permanent=True)
            else:
                report_mail(desk, mail, outcome, "250 queued" if outcome == "delivered" else "")
            if minutes == 1:
                done(desk, RecordBounce(mail, "550 no such mailbox"), by=INTAKE.key)
        clock.set(NOW - timedelta(seconds=30))
        report_mail(desk, log(desk), "not delivered", "421 busy")


def log(desk: Desk) -> str:
    """Log a ticket, and return the receipt that is claimed then."""
    logged(desk)
    [mail] = claim_mail(desk)
    return mail.id


def sent(folder: Path) -> Desk:
    """The desk that sent mail, open, a while later."""
    return Desk.open(copy_of(fill, folder / "desk.db"), FixedClock(NOW))


@asynccontextmanager
async def outbox(address: str, size: tuple[int, int] = (160, 50)) -> AsyncIterator[Running]:
    """Open a console with the outbox, and wait until the deliveries are read, and the attempts at the first one."""
    clock = FixedClock(NOW)
    async with running(empty_desk(), size, connect=lambda: Desk.open(address, clock), username="ann") as it:
        await it.pilot.press("O")
        await it.until(lambda: isinstance(it.app.screen, OutboxScreen) and it.app.screen.is_read)
        await at_rest(it)
        yield it


async def at_rest(it: Running) -> None:
    """Wait until the attempts at the selected delivery are read."""
    await it.until(lambda: "reading" not in details(it))
    await it.pilot.pause()


def screen(it: Running) -> OutboxScreen:
    return next(each for each in it.app.screen_stack if isinstance(each, OutboxScreen))


def shown(it: Running) -> list[str]:
    """The lines of the list that are not empty, without their blanks."""
    lines = str(screen(it).messages.render()).split("\n")
    return [" ".join(line.replace("▌", "").split()) for line in lines if line.strip()]


def details(it: Running) -> str:
    return " ".join(str(screen(it).query_one(".page", Static).visual).split())
