"""The dialog after a request is logged: the reference and due times to read back, and what else to tell the caller."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.dialogs.dialog import ReadOnlyDialog
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.paging.on_call import page_instruction, ring_instruction
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.text.clock_text import promise_speech
from supportdesk.console.widgets.big_letters import BigText
from supportdesk.console.widgets.labelled_line import LabelledLine
from supportdesk.store.read_models import TicketView
from supportdesk.tickets import reference
from supportdesk.tickets.process.out_of_policy import find_advice
from supportdesk.tickets.refusal import Refusal


class ReadBackScreen(ReadOnlyDialog[None]):
    """Shows the reference, large and spelled out, until Enter, and copies it together with the promise.

    Everything about the ticket comes from `view`, the ticket as it was logged; a Refusal is why it cannot be read.
    `article` is what was sent as a reply with the request, `unsent` the one that was not, and why.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f2", "leave", "Done", show=False),
        *bindings(Scope.READ_BACK),
    ]

    def __init__(
        self,
        context: CommandContext,
        ref: str,
        view: TicketView | Refusal,
        *,
        article: str = "",
        unsent: str = "",
    ) -> None:
        super().__init__()
        self.add_class("logged")
        self._command_context = context
        self.reference = ref
        self._view = view
        self._article = article
        self._unsent = unsent

    def heading(self) -> Content:
        return Content("Ticket logged")

    def subject(self) -> Content:
        """Return the name of the severity; empty if the ticket cannot be read."""
        if isinstance(self._view, Refusal):
            return Content()
        row = self._view.row
        return safe(self._command_context.desk.policies[row.policy].severity(row.severity).name)

    @property
    def promise(self) -> str:
        """The due times to read out to the caller, as the ledger has them."""
        if isinstance(self._view, Refusal):
            return f"The due times cannot be read: {self._view.reason}"
        row, desk = self._view.row, self._command_context.desk
        return promise_speech(row, desk.policies[row.policy], desk.now())

    def body(self) -> ComposeResult:
        """Yield the reference, large and spelled out, and what to read out to the caller."""
        yield BigText(self.reference)
        yield Static(Content(reference.spell(self.reference)), classes="spelled")
        yield Static(safe(self.promise), classes="promised")
        if not isinstance(self._view, Refusal):
            yield from self._details(self._view)
        if self._article:
            yield LabelledLine("Sent", safe(self._article))
        if self._unsent:
            yield LabelledLine("Not sent", safe(self._unsent))

    def _details(self, view: TicketView) -> ComposeResult:
        ticket, policy = view.ticket, self._command_context.desk.policies[view.ticket.policy]
        if policy.severity(ticket.severity).pages:
            yield LabelledLine("Now", safe(self._page_instruction(view), "bold $at-risk"))
        if ticket.out_of_policy:
            yield LabelledLine(
                "Tell the caller", safe(find_advice(policy, ticket.severity, ticket.channel), "$due-soon")
            )
            yield LabelledLine("Out of policy", safe("; ".join(ticket.out_of_policy)))

    def _page_instruction(self, view: TicketView) -> str:
        """Return the instruction to phone the person who was paged: the shift may have ended since then."""
        roster, paged = self._command_context.roster, view.row.paged[-1] if view.row.paged else None
        methods = self._command_context.methods
        on_duty = roster.duty.person.username if roster.duty.person else None
        if paged == on_duty:
            return page_instruction(roster.duty, methods)
        person = next((each for each in roster.staff if each.username == paged), None)
        return ring_instruction(person, methods)

    def foot(self) -> ComposeResult:
        """Yield the line that says that the text was copied."""
        yield Static(classes="copied")

    def on_mount(self) -> None:
        """Copy the text at once: it is needed in a chat, an email or a diary."""
        self.action_copy()

    def action_copy(self) -> None:
        """Copy the reference and the due times to the clipboard of the operator's terminal."""
        self.app.copy_to_clipboard(f"{self.reference}\n{self.promise}")
        # No terminal answers whether it took it.
        text = "Copied: reference and due times. If your terminal does not allow this, select them with the mouse."
        self.query_one(".copied", Static).update(text)

    def keys(self) -> Content:
        """Return the key hints."""
        return key_hints(("enter", "done"), (key_for(self, "logged.copy"), "copy again"))
