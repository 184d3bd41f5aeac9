"""Writing to a desk as fast as it can be, and saying what was acknowledged."""

from __future__ import annotations

import time
from typing import TextIO

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, DeskUnavailableError
from supportdesk.tickets.process.conversation import Note
from tests.tickets.scenario import MONDAY_NINE


def write(
    address: str, name: str, count: int, pause: float, *, again: bool, told: TextIO, said: TextIO
) -> None:
    """Open a desk, say `ready`, wait for a line, and write so many notes; say the id and event number of each.

    They go to one ticket after another, with a pause of so many seconds after each, as people make. With `again`, what
    could not be saved is sent again, as a person would. What commands need is imported first, as a console does.
    """
    desk = Desk.open(address, FixedClock(MONDAY_NINE))
    refs = sorted(row.ref for row in desk.queue().rows)
    desk.preview([Note(refs[0], name)], by="ann")
    print("ready", file=said, flush=True)
    told.readline()
    for number in range(count):
        command_id = f"{name}-{number}"
        outcome = None
        while outcome is None:
            try:
                note = Note(refs[number % len(refs)], command_id)
                outcome = desk.do(note, by="ann", command_id=command_id)
            except DeskUnavailableError:
                if not again:
                    raise
        assert isinstance(outcome, Applied), outcome
        print(command_id, outcome.seq, file=said, flush=True)
        time.sleep(pause)
