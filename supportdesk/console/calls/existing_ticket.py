"""A call about an existing ticket: what was said goes on that ticket's timeline, not into a new ticket."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.commands.ticket_heading import policy_of
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.keys.focus import focus_at_once
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.ticket.context import TicketContext
from supportdesk.console.ticket.pane import TicketPane
from supportdesk.sla.clocks import epoch
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.decide import refuse_at_stage
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.process.closure import may_be_reopened
from supportdesk.tickets.process.conversation import Note, RecordCall
from supportdesk.tickets.refusal import Refusal

TICK = 1.0
"""Seconds between two updates of the clocks."""


class ExistingTicketForm(CommandForm):
    """Records what the caller said, with the ticket's brief beside it, or in its place on a narrow screen."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.CALL)

    _left: Widget | None = None

    def compose(self) -> ComposeResult:
        """Yield the ticket and the form."""
        self.add_class("about-ticket")
        self.brief = TicketPane(id="brief")
        self.brief.can_focus = False
        yield self.brief
        yield from super().compose()

    def on_mount(self) -> None:
        """Show the ticket and start its clocks."""
        self._show()
        self.set_interval(TICK, lambda: self.brief.tick(epoch(self.context.desk.now())))

    def about(self) -> Content:
        """Return the ticket and customer, and for each open page that a call does not acknowledge it."""
        text = super().about()
        names = {each.username: each.name for each in self.context.roster.staff}
        lines = [
            f"The page to {names.get(person, person)} stays open: recording a call does not acknowledge it."
            for person in self.view.row.paged
        ]
        return Content("\n").join([text, *map(safe, lines)])

    def keys(self) -> Content:
        """Return the key hints of a form, and that of the key that shows the whole ticket."""
        return Content("   ").join(
            [super().keys(), key_hints((key_for(self, "call.brief"), "show the whole ticket"))]
        )

    def show_changes(self) -> None:
        """Describe what others did meanwhile, and show the ticket as it is now."""
        super().show_changes()
        self._show()

    def action_brief(self) -> None:
        """Give the ticket the whole screen, or go back to the form."""
        opened = not self.has_class("-brief")
        self.set_class(opened, "-brief")
        self.brief.can_focus = opened
        if opened:
            self._left = self.focused
            focus_at_once(self.brief)
        elif self._left is not None:
            focus_at_once(self._left)

    def action_leave(self) -> None:
        """Return to the form if the ticket fills the screen; otherwise leave."""
        if self.has_class("-brief"):
            self.action_brief()
        else:
            super().action_leave()

    def _show(self) -> None:
        context, view = self.context, self.view
        known = TicketContext(
            row=view.row,
            policy=self.policy,
            view=view,
            staff={person.username: person for person in context.roster.staff},
            settings=context.settings,
            keys=context.keys,
        )
        self.brief.show(known, terminal_symbols(), epoch(context.desk.now()))


async def form_for_existing_ticket(
    context: CommandContext, ref: str, *, caller: Contact | None = None, by_call: bool = True, text: str = ""
) -> CommandForm | Refusal:
    """Return the form that records a call about a ticket, or the refusal if its stage does not allow one.

    `caller` is the contact on the line, None if unknown. Without `by_call` the form writes a note. `text` is what has
    been typed already. It blocks in a thread. Raises DeskUnavailableError and UnknownTicketError.
    """
    command: type[TicketCommand] = RecordCall if by_call else Note
    view = await asyncio.to_thread(context.desk.ticket, ref)
    may_reopen = may_be_reopened(policy_of(context, view), view.ticket, context.desk.now())
    refusal = refuse_at_stage(command, view.ticket.stage, may_reopen=may_reopen)
    if refusal is not None:
        return replace(refusal, why=f"{ref}: {refusal.why}")
    preset: dict[str, Any] = {"text": text} if text else {}
    if by_call and caller is not None and caller.key != view.contact.key:
        preset["contact"] = caller
    _add_to_draft(context, command.verb, ref, text)
    return ExistingTicketForm(context, command, view, preset)


def _add_to_draft(context: CommandContext, verb: str, ref: str, text: str) -> None:
    """Append what has been typed since to the unfinished text about the same ticket, so that neither is lost."""
    draft = context.drafts.find(verb, ref)
    earlier = draft.typed.get("text") if draft is not None else None
    if draft is not None and text and isinstance(earlier, str) and text not in earlier:
        context.drafts.save(verb, ref, replace(draft, typed={**draft.typed, "text": f"{earlier}\n{text}"}))
