"""What a key acts on: the ticket that is looked at, all that are marked, or what one did last."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supportdesk.console.keymap import KEYS

if TYPE_CHECKING:
    from supportdesk.console.commanding import Commanding
    from supportdesk.console.session import Session
    from supportdesk.console.type_ahead import Hold
    from supportdesk.console.widgets.queue_list import QueueList
    from supportdesk.store.views import QueueRow

UNDO = ("undo",)


class Acting:
    """Leads each command's key to its tickets. `say` tells the operator, with True for a refusal."""

    def __init__(self, commanding: Commanding, queue: QueueList, say: Callable[[str, bool], None]) -> None:
        self._commanding = commanding
        self._queue = queue
        self._say = say

    async def act(
        self, session: Session, verb: str, row: QueueRow | None, typed: Hold, *, alone: bool
    ) -> None:
        """Does what a key's first verb names. `row` is the ticket that is looked at; it is meant `alone` while it has
        the keys itself, whatever is marked.
        """
        verbs = next(key.verbs for key in KEYS if key.verbs and key.verbs[0] == verb)
        marked = [] if alone else self._queue.marked
        if marked:
            from supportdesk.console.several import Several

            several = Several(self._commanding, session, marked, self._queue.unmark, self._say)
            await several.command(verbs, typed)
        elif verbs == UNDO:
            await self._commanding.undo(session, row.ref if row is not None else None, typed)
        elif row is not None:
            await self._commanding.command(session, verbs, row.ref, typed)
        else:
            typed.release()
            self._say("Put the cursor on a ticket first.", True)
