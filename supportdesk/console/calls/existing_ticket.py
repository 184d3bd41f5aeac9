"""A ticket that exists is what it is about: what was said goes on its timeline, not into another ticket."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.dialogs.dialog import key_for, key_hints
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.keys.keymap import Scope, bindings
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.ticket.context import TicketContext
from supportdesk.console.ticket.pane import TicketPane
from supportdesk.sla.clocks import epoch
from supportdesk.tickets.command import Refusal, TicketCommand
from supportdesk.tickets.decide import unavailable
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.process.conversation import RecordCall
from supportdesk.tickets.process.triage import Note

TICK = 1.0
"""Seconds between two looks at the clocks."""


class ExistingTicketForm(CommandForm):
    """Records what was said about a ticket, with the ticket's brief beside it; in its place where there is no room."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.CALL)

    _left: Widget | None = None

    def compose(self) -> ComposeResult:
        """The ticket, and the form."""
        self.add_class("about-ticket")
        self.brief = TicketPane(id="brief")
        self.brief.can_focus = False
        yield self.brief
        yield from super().compose()

    def on_mount(self) -> None:
        """The clocks of the ticket tick."""
        self._show()
        self.set_interval(TICK, lambda: self.brief.tick(epoch(self.context.door.now())))

    def about(self) -> Content:
        """Whose ticket it is, and what a call does to it and what not."""
        told = super().about()
        names = {each.username: each.name for each in self.context.roster.staff}
        lines = [
            f"The page of {names.get(person, person)} stays open: a call does not acknowledge it."
            for person in self.view.row.paged
        ]
        return Content("\n").join([told, *map(safe, lines)])

    def keys(self) -> Content:
        """The keys of a form, and the one to the ticket."""
        return Content("   ").join(
            [super().keys(), key_hints((key_for(self, "call.brief"), "the whole ticket"))]
        )

    def show_changes(self) -> None:
        """Say what was done meanwhile, and show the ticket as it is."""
        super().show_changes()
        self._show()

    def action_brief(self) -> None:
        """Give the ticket the whole screen, or go back to the form."""
        opened = not self.has_class("-brief")
        self.set_class(opened, "-brief")
        self.brief.can_focus = opened
        if opened:
            self._left = self.focused
            self.brief.focus()
        elif self._left is not None:
            self._left.focus()

    def action_leave(self) -> None:
        """Back to the form first, where the ticket has the screen."""
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
        self.brief.show(known, terminal_symbols(), epoch(context.door.now()))


async def form_for_existing_ticket(
    context: CommandContext, ref: str, *, rang: Contact | None = None, by_call: bool = True, said: str = ""
) -> CommandForm | Refusal:
    """The form for what there is about a ticket, or why nothing can go on that one.

    `rang` is who is on the line, as far as the desk knows them; what did not come `by_call` is noted. `said` has been
    typed already. Raises DeskUnavailableError.
    """
    command: type[TicketCommand] = RecordCall if by_call else Note
    view = await asyncio.to_thread(context.door.ticket, ref)
    refusal = unavailable(command, view.ticket.stage)
    if refusal is not None:
        return replace(refusal, why=f"{ref}: {refusal.why}")
    known: dict[str, Any] = {"text": said} if said else {}
    if by_call and rang is not None and rang.key != view.contact.key:
        known["contact"] = rang
    _add_to_draft(context, command.verb, ref, said)
    return ExistingTicketForm(context, command, view, known)


def _add_to_draft(context: CommandContext, verb: str, ref: str, said: str) -> None:
    """Has an unfinished text on the same ticket come back together with what has been typed since."""
    draft = context.drafts.find(verb, ref)
    earlier = draft.typed.get("text") if draft is not None else None
    if draft is not None and said and isinstance(earlier, str) and said not in earlier:
        context.drafts.save(verb, ref, replace(draft, typed={**draft.typed, "text": f"{earlier}\n{said}"}))
