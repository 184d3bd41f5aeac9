"""A desk on which voicemails and a missed call wait, and a console on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from textual.widgets import Static

from supportdesk.clock import FixedClock
from supportdesk.console.voicemail.screen import VoicemailScreen
from supportdesk.desk import Desk
from supportdesk.settings.files import SettingsFiles
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from supportdesk.tickets.records.incoming_commands import AccountMessage
from supportdesk.tickets.records.voicemail_commands import AddTranscript, RecordMissedCall
from supportdesk.tickets.voicemail import Voicemail
from tests.console.fixtures.morning import empty_desk
from tests.console.harness.console import Running, running
from tests.databases import copy_of
from tests.store.desks import done, furnish, logged
from tests.tickets.scenario import MONDAY_NINE

NOW = MONDAY_NINE + timedelta(minutes=42, seconds=17)
NOISE = "Zoë [/oops]\u202e [@click=app.quit]x \x1b[2J"
HOSTILE = "[red]red[/] [/oops] \x1b[2J\x1b]0;title\x07 \u202eback e\u0301\n"
RECORDING = b"RIFF a recording"


def voicemail(number: int, state: MessageState = MessageState.NOT_HEARD, **fields: Any) -> AccountMessage:
    """The command that records a voicemail, the later the higher its number."""
    known: dict[str, Any] = {
        "key": "",
        "source": "calls",
        "source_kind": "folder",
        "identity": f"{number}.wav",
        "state": state,
        "received_at": MONDAY_NINE + timedelta(minutes=number),
        "sender_address": "+442079460018",
        "reason": "" if state is MessageState.NOT_HEARD else "nobody speaks",
        "voicemail": Voicemail("wav", 48.2, 80),
    }
    return AccountMessage(IncomingMessage(**{**known, **fields}), RECORDING + b"%d" % number)


def missed(number: int) -> RecordMissedCall:
    """The command that records a missed call."""
    call = Voicemail(is_missed_call=True)
    at = MONDAY_NINE + timedelta(minutes=number)
    message = IncomingMessage(
        "", "telephone", MessageState.MISSED_CALL, at, sender_address="+442079460021", voicemail=call
    )
    return RecordMissedCall(message)


def fill(address: str) -> None:
    """Make a desk with a ticket and four calls: one of a contact, one of a stranger, an empty one and a missed one."""
    furnish(address)
    with closing(Desk.open(address, FixedClock(NOW))) as desk:
        logged(desk)
        done(desk, voicemail(5, contact="jo"), by=INTAKE.key)
        done(desk, voicemail(10, sender_name=NOISE), by=INTAKE.key)
        hidden = Voicemail("wav", 48.2, 80, is_withheld=True)
        done(desk, voicemail(20, MessageState.EMPTY, sender_address="", voicemail=hidden), by=INTAKE.key)
        done(desk, missed(30), by="sam")
        done(desk, AddTranscript(waiting(desk)[1].key, HOSTILE * 10), by=INTAKE.key)


def waited(folder: Path) -> Desk:
    """The desk to which people have called, open, a while later."""
    return Desk.open(copy_of(fill, folder / "desk.db"), FixedClock(NOW))


def waiting(desk: Desk) -> tuple[IncomingMessage, ...]:
    """What waits, the oldest first."""
    return desk.waiting_voicemails().messages


@asynccontextmanager
async def console(
    address: str,
    size: tuple[int, int] = (160, 50),
    *,
    files: SettingsFiles | None = None,
    drafts: Path | None = None,
) -> AsyncIterator[Running]:
    """Open a console, and wait until the voicemails are above the queue."""
    clock = FixedClock(NOW)
    connect = lambda: Desk.open(address, clock)  # noqa: E731
    async with running(empty_desk(), size, connect=connect, username="ann", files=files, drafts=drafts) as it:
        await it.until(lambda: it.screen.voicemails.message is not None)
        await it.pilot.pause()
        yield it


def group(it: Running) -> list[str]:
    """The lines of the group, without their blanks and the mark of the cursor."""
    lines = str(it.screen.voicemails.render()).replace("▌", "").split("\n")
    return [" ".join(line.split()) for line in lines if line]


def dialog(it: Running) -> VoicemailScreen:
    """The dialog, whatever screen is over it."""
    return next(each for each in it.app.screen_stack if isinstance(each, VoicemailScreen))


def status(it: Running) -> str:
    """What the dialog says at its foot."""
    return str(dialog(it).query_one(".status", Static).visual)


async def opened(it: Running, row: int = 0) -> None:
    """Open the dialog of a row of the group, and wait until it is read."""
    await it.press("0", "g", *("down" for _ in range(row)))
    await it.pilot.press("enter")
    await it.until(lambda: isinstance(it.app.screen, VoicemailScreen) and it.app.screen.opened is not None)
    await it.pilot.pause()
