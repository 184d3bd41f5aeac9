"""The form that undoes the operator's last action on each of several tickets, and lists these actions."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from supportdesk.console.commands.batch import Batch
from supportdesk.console.commands.batch_form import BatchForm
from supportdesk.console.commands.batch_lines import accepted_line
from supportdesk.console.commands.undo_question import describe_last_action
from supportdesk.console.forms.context import CommandContext
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.command import Command, TicketCommand
from supportdesk.tickets.refusal import Refusal


class UndoBatchForm(BatchForm):
    """Lists the action to undo with each ticket; an action that was not shown is not undone."""

    named = None

    def __init__(
        self, context: CommandContext, command_type: type[TicketCommand], rows: Sequence[QueueRow]
    ) -> None:
        super().__init__(context, command_type, rows)
        self._actions: dict[str, tuple[int, str]] = {}
        """By reference: the number of the ticket's last event, and the operator's last action in words."""

    def ticket_line(self, sign: str, row: QueueRow) -> Content:
        """Return the line of an accepted ticket, with the action to undo."""
        _, did = self._actions.get(row.ref, (0, ""))
        return accepted_line(sign, row, f"you {did}" if did else "")

    def preview_commands(self, command: TicketCommand) -> Batch | Refusal:
        """Return the dry run, and read the actions to undo on the accepted tickets. Blocks."""
        batch = super().preview_commands(command)
        if isinstance(batch, Refusal):
            return batch
        by, actions = self.context.person.username, {}
        try:
            for each in batch.accepted:
                view = self.context.desk.ticket(each.ref)
                actions[each.ref] = view.timeline[-1].seq, describe_last_action(view, by)
        except DeskUnavailableError as error:
            return Refusal(str(error))
        self._actions = actions
        return batch

    async def confirm(self, command: Command) -> bool:
        """Confirm only the actions that were shown: after a change the operator has to check them."""
        shown = self._actions
        confirm = await super().confirm(command)
        if confirm and shown != self._actions:
            self.show_status("The actions to undo have changed; check them and apply again", refused=True)
            return False
        return confirm
