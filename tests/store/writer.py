"""A process that writes to a desk as fast as it can and says what was acknowledged.

`python -m tests.store.writer ADDRESS NAME COUNT PAUSE [again]` opens the desk, prints `ready`, waits for a line, and
then prints the id and the event number of each command once it is carried out. Its commands go to one ticket after
another, with a pause of PAUSE seconds after each, as people make. With `again` it sends again what could not be saved,
as a person would. What commands need is imported before it is ready, as a console does.
"""

from __future__ import annotations

import sys
import time

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, DeskUnavailableError
from supportdesk.tickets.process.conversation import Note
from tests.tickets.scenario import MONDAY_NINE


def main(address: str, name: str, count: int, pause: float, *, again: bool = False) -> None:
    """Write `count` notes."""
    desk = Desk.open(address, FixedClock(MONDAY_NINE))
    refs = sorted(row.ref for row in desk.queue().rows)
    desk.preview([Note(refs[0], name)], by="ann")
    print("ready", flush=True)
    sys.stdin.readline()
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
        print(command_id, outcome.seq, flush=True)
        time.sleep(pause)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), again="again" in sys.argv[5:])
