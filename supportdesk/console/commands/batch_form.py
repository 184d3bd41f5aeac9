"""The form of a command for several tickets: filled in once and previewed before it is applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.commands.absence_question import absence_warning
from supportdesk.console.commands.batch import DOES, Batch, preview_batch, tickets
from supportdesk.console.commands.batch_lines import accepted_line, refused_line
from supportdesk.console.commands.duplicate_warnings import duplicate_warnings
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.drafts.draft import SEVERAL_TICKETS
from supportdesk.console.forms.argument_fields import FieldContext, field_for, summary_of
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.workers import start_worker
from supportdesk.desk_api import Applied, Outcome
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.command import Command, TicketCommand
from supportdesk.tickets.refusal import Refusal


class BatchForm(Form):
    """Asks for a command's arguments. Sending applies nothing: the caller then runs the batch in `preview`."""

    named: ClassVar[int | None] = 4
    """How many of the accepted tickets are listed; None for all."""

    def __init__(
        self, context: CommandContext, command_type: type[TicketCommand], rows: Sequence[QueueRow]
    ) -> None:
        super().__init__(replace(context, submit=self._accept), command_type.verb, SEVERAL_TICKETS)
        self._type = command_type
        self.preview: Batch | None = None
        self._rows = rows

    def heading(self) -> Content:
        """Return the title of the command and the number of tickets."""
        return Content(f"{self._type.title}: {tickets(len(self._rows))}")

    def about(self) -> Content:
        """Return the command's help text."""
        return Content(self._type.help_text())

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        """What Enter or the key that sends does: `claim 4 tickets`, without those that are known to be refused."""
        count = len(self._rows) if self.preview is None else len(self.preview.accepted)
        return f"{DOES.get(self._type.verb, 'change')} {tickets(count or len(self._rows))}"

    def keys(self) -> Content:
        """Return the key hints; only the one that leaves where all tickets are refused and no field can change it."""
        if self.preview is not None and not self.preview.accepted and not self.query(Field):
            return key_hints((key_for(self, "dialog.leave"), "leave"))
        return super().keys()

    def body(self) -> ComposeResult:
        """Yield the tickets and the fields."""
        yield Static(self._tickets({}), classes="batch")
        yield from self.fields()

    def fields(self) -> list[Field]:
        """Return a field for each argument."""
        field_context = FieldContext(self.context, self.context.policy, None, self._rows)
        return [field_for(each, field_context) for each in self._type.asked()]

    def _tickets(self, refused: Mapping[str, str]) -> Content:
        """Return the refused tickets, each with its reason, and the first of the others."""
        signs = terminal_symbols()
        lines = [
            refused_line(signs.refused, row, refused[row.ref]) for row in self._rows if row.ref in refused
        ]
        others = [row for row in self._rows if row.ref not in refused]
        named = others[: self.named]
        lines += [self.ticket_line(signs.ok, row) for row in named]
        if len(others) > len(named):
            lines.append(Content(f"  and {len(others) - len(named)} more"))
        return Content("\n").join(lines)

    def ticket_line(self, sign: str, row: QueueRow) -> Content:
        """Return the line of an accepted ticket."""
        return accepted_line(sign, row)

    def preview_commands(self, command: TicketCommand) -> Batch | Refusal:
        """Return the dry run of the command for each ticket; a Refusal where the desk is unavailable. Blocks."""
        return preview_batch(self.context, command, [row.ref for row in self._rows])

    def start(self) -> None:
        """Show the refused tickets at once where there are no fields."""
        super().start()
        if not self.query(Field):
            start_worker(self, self._show_preview, self.command(), group="look up")

    def command(self) -> TicketCommand:
        """Return the command with the values of the fields, for the first of the tickets."""
        values = {field.id or "": field.value for field in self.query(Field)}
        return self._type(self.first, **values)

    @property
    def first(self) -> str:
        """The reference of the first of the tickets."""
        return self._rows[0].ref

    async def confirm(self, command: Command) -> bool:
        """Show newly refused tickets first; ask before a command that ends tickets, pages people or has to wait.

        It has to wait where the person to whom it gives the tickets is away.
        """
        shown = self.preview.refused if self.preview is not None else {}
        batch = self.preview = await self._show_preview(command)
        if batch is None or not batch.accepted or batch.refused.keys() - shown.keys():
            return False
        absence = absence_warning(self.context, command)
        if not self._type.asks_first and not absence:
            return True
        assert isinstance(command, TicketCommand)
        accepted = [row for row in self._rows if row.ref not in batch.refused]
        warn = partial(duplicate_warnings, self.context.desk, command, accepted)
        warnings = await self.run_worker(warn, thread=True, group="look up", name="customers").wait()
        consequences = absence or "\n".join([summary_of(self._type, self.query(Field)), *warnings])
        question = Confirm(f"{batch.title}?", consequences, f"{self._type.title} all")
        answer: bool | None = await self.ask(question)
        return bool(answer)

    async def _show_preview(self, command: Command) -> Batch | None:
        """Show and return the dry run for each ticket; None where the desk is unavailable."""
        assert isinstance(command, TicketCommand)
        preview = partial(self.preview_commands, command)
        batch = await self.run_worker(preview, thread=True, group="look up", name="dry run").wait()
        if isinstance(batch, Refusal):
            self.show_status(self.context.refusal_text(batch), refused=True)
            return None
        self.query_one(".batch", Static).update(self._tickets(batch.refused))
        self.show_status(batch.warning, refused=True) if batch.refused else self.show_status("")
        self.preview = batch
        self.query_one(".keys", Static).update(self.keys())
        return batch

    async def _accept(self, command: Command, command_id: str | None = None) -> Outcome:
        return Applied(None, 0)
