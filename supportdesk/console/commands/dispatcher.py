"""Decides which tickets a command key applies to: the current one, all marked ones, or the last one changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supportdesk.console.commands.runner import ACKNOWLEDGE, CommandRunner
from supportdesk.console.keys.keymap import KEYS

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import KeyHold
    from supportdesk.console.queue.widget import QueueList
    from supportdesk.console.session import Session
    from supportdesk.store.read_models import QueueRow

UNDO = ("undo",)


class CommandDispatcher:
    """Dispatches a command key to its tickets. `show_message` shows a message, with True for a refusal."""

    def __init__(
        self,
        client: ScreenClient,
        runner: CommandRunner,
        queue: QueueList,
        show_message: Callable[[str, bool], None],
    ) -> None:
        self._client = client
        self._runner = runner
        self._queue = queue
        self._show_message = show_message
        self._batch: list[str] = []
        """The tickets of the last batch, while it is the operator's last action."""
        self._last_undone: str | None = None
        """The ticket of the last undo, while it is the operator's last action."""

    async def dispatch(
        self, session: Session, verb: str, row: QueueRow | None, typed: KeyHold, *, alone: bool
    ) -> None:
        """Run the command of a key's first verb. `row` is the current ticket; with `alone` the marked tickets are
        ignored, as the ticket pane has the focus.
        """
        verbs = next(key.verbs for key in KEYS if key.verbs and key.verbs[0] == verb)
        if verbs != UNDO:
            self._last_undone = None
        marked = [] if alone else self._queue.marked
        if marked:
            await self._run_batch(session, verbs, marked, typed)
        elif verbs == UNDO:
            await self._undo(session, row, typed)
        elif row is not None:
            await self._runner.run(session, verbs, row.ref, typed)
        else:
            typed.release()
            if verb != ACKNOWLEDGE or not await self._runner.acknowledge_test():
                self._show_message("Select a ticket first.", True)

    async def _run_batch(
        self, session: Session, verbs: tuple[str, ...], rows: list[QueueRow], typed: KeyHold
    ) -> None:
        from supportdesk.console.commands.batch_runner import BatchRunner

        batch = BatchRunner(self._client, session, rows, self._queue.unmark, self._show_message)
        done = await batch.run(verbs, typed)
        self._batch = done if verbs != UNDO else []

    async def _undo(self, session: Session, row: QueueRow | None, typed: KeyHold) -> None:
        """Undo the operator's last action; a batch is undone as a batch.

        It asks first unless that action was on the current ticket. It also asks where an earlier undo was on another
        ticket.
        """
        from supportdesk.console.commands.undo_runner import UndoRunner

        runner = UndoRunner(self._client, self._runner)
        last = await runner.last_changed_ticket(typed)
        batch = self._queue.rows(self._batch) if last in self._batch[-1:] else []
        if len(batch) > 1:
            await self._run_batch(session, UNDO, batch, typed)
        elif last is not None:
            here = row is not None and row.ref == last and self._last_undone in (None, last)
            await runner.undo(session, last, typed, asked=not here)
            self._last_undone = last
