"""The progress of a batch: the result of each command, and the tickets not changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.commands.batch import Batch, tickets
from supportdesk.console.commands.batch_lines import accepted_line, refused_line
from supportdesk.console.dialogs.dialog import ReadOnlyDialog
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.workers import start_worker
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.refusal import Refusal

NOT_STARTED = "not started"


class BatchProgressScreen(ReadOnlyDialog[list[str]]):
    """Applies a batch, one command after the other; the result is the references of the changed tickets.

    Escape stops after the current command. The batch also stops when the desk cannot be reached:
    `disconnected_reason` returns why, None while it can be. The screen closes by itself when every ticket is changed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,f2", "done", "Done", show=False)]

    def __init__(
        self,
        context: CommandContext,
        batch: Batch,
        rows: Sequence[QueueRow],
        disconnected_reason: Callable[[], str | None],
    ) -> None:
        super().__init__()
        self._command_context = context
        self._batch = batch
        self._rows = rows
        self._disconnected_reason = disconnected_reason
        self._signs = terminal_symbols()
        self._done: list[str] = []
        self._refused = dict(batch.refused)
        self._stopping = False
        self._finished = False
        self._is_forgotten = False

    def heading(self) -> Content:
        """Return the title of the command and the number of tickets."""
        return Content(self._batch.title)

    def body(self) -> ComposeResult:
        """Yield the results of the tickets."""
        yield Static(classes="batch")

    def foot(self) -> ComposeResult:
        """Yield the line that shows the progress."""
        yield Static(classes="status")

    def keys(self) -> Content:
        """Return the key hints: stop while the batch runs, return when it has finished."""
        if self._finished:
            return key_hints(("enter", "back to the queue"))
        return key_hints((key_for(self, "dialog.leave"), "stop after the current one"))

    def on_mount(self) -> None:
        """Start applying the commands, one after the other."""
        start_worker(self, self._carry_out, group="batch")

    async def _carry_out(self) -> None:
        for command in self._batch.accepted:
            if self._stopping or self._disconnected_reason() is not None:
                break
            self._update()
            outcome = await self._command_context.submit(command)
            if isinstance(outcome, Refusal):
                self._refused[command.ref] = self._command_context.refusal_text(outcome)
            else:
                self._done.append(command.ref)
        self._finished = True
        if self._is_forgotten or len(self._done) == len(self._batch.commands):
            self.dismiss(self._done)
            return
        self._update()
        self.query_one(".keys", Static).update(self.keys())

    def _update(self) -> None:
        """Show the progress and the refused tickets with their reasons; at the end all tickets."""
        refused = [row for row in self._rows if row.ref in self._refused]
        done = [row for row in self._rows if row.ref in self._done]
        left = [row for row in self._rows if row not in refused and row not in done]
        rows = [*refused, *left, *done] if self._finished else refused
        self.query_one(".batch", Static).update(Content("\n").join(map(self._line, rows)))
        parts = [f"{len(done)} of {tickets(len(self._rows))} done"]
        if refused:
            parts.append(f"{len(refused)} refused")
        if left and self._finished:
            parts.append(f"{len(left)} {NOT_STARTED}")
        parts.append(self._disconnected_reason() or "")
        self._status(" · ".join(filter(None, parts)))

    def _status(self, text: str) -> None:
        status = self.query_one(".status", Static)
        status.update(safe(text))
        status.display = True
        self.fit_to_screen()

    def _line(self, row: QueueRow) -> Content:
        if row.ref in self._refused:
            return refused_line(self._signs.refused, row, self._refused[row.ref])
        if row.ref in self._done:
            return accepted_line(self._signs.met, row)
        return accepted_line(self._signs.ok, row, NOT_STARTED)

    def action_leave(self) -> None:
        """Stop after the current command; close the screen if the batch has finished."""
        self._stopping = True
        self.action_done()

    def forget_erased(self) -> bool:
        """Stop after the current command, and close the screen then: a contact was erased who may be named here."""
        self._is_forgotten = True
        self.action_leave()
        return True

    def action_done(self) -> None:
        """Close the screen if the batch has finished."""
        if self._finished:
            self.dismiss(self._done)
