"""The base of all forms: fields that make up a command, and how it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import on, work
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.events import DescendantFocus, Key
from textual.widgets import Static, TextArea

from supportdesk.console.dialogs.dialog import Dialog, DialogBody
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.drafts.draft import Draft
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.draft_keeper import DraftKeeper
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.focus_flow import FocusFlow
from supportdesk.console.keys.keymap import Scope, bindings
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.desk_api import Applied
from supportdesk.sla.formatting import near_time
from supportdesk.tickets.command import Command
from supportdesk.tickets.refusal import Refusal

_SAVE_INTERVAL = 0.1
"""Seconds between two checks for changes to save in the draft."""


class Form(Dialog[Applied]):
    """Base of all forms. What is typed is saved as a draft until it is sent; only one submission runs at a time.

    `verb` and `ref` identify the draft; `ref` is empty for a form that is about no ticket.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.FORM)

    submit_label: str = "send"
    """What the key that sends the form does, as a verb in the key hints."""

    letters_once_only: ClassVar[bool] = False
    """Whether letters stop choosing in lists for good once a text is written, even after Shift+Tab."""

    def __init__(self, context: CommandContext, verb: str, ref: str = "") -> None:
        super().__init__()
        self.context = context
        self.draft_keeper = DraftKeeper(context.drafts, verb, ref, context.desk.now)
        self.flow = FocusFlow(
            self,
            on_completed=self.field_completed,
            field_after=self.field_after,
            send=self.action_send,
            once_only=self.letters_once_only,
        )
        self._sending = False
        self._outcome: Applied | None = None
        self._shows_refusal = False
        """Whether the status is a refusal of what was sent, which the next change of a field clears."""

    def fields(self) -> list[Field]:
        """Return the fields, in order."""
        raise NotImplementedError

    def command(self) -> Command:
        """Return the command with the values of the fields; called only while no field has a problem."""
        raise NotImplementedError

    async def confirm(self, command: Command) -> bool:
        """Return whether to send the command; forms that ask a question first override this."""
        return True

    def body(self) -> ComposeResult:
        """Yield the fields."""
        yield from self.fields()

    def foot(self) -> ComposeResult:
        """Yield the status, which `show_status` sets."""
        yield Static(classes="status")

    def keys(self) -> Content:
        """Return the hints for the keys of a form."""
        go_on, leave = key_for(self, "form.go_on"), key_for(self, "dialog.leave")
        if not self.query(Field):
            return key_hints((go_on, self.submit_label), (leave, "leave"))
        send = key_for(self, "form.send") if self.flow.has_text else go_on
        following = (key_for(self, "form.next_field"), "next field")
        return key_hints((send, self.submit_label), following, (leave, "leave, saving a draft"))

    def on_mount(self) -> None:
        """Restore the draft, and start saving changes."""
        self.query_one(".keys", Static).update(self.keys())
        self.draft_keeper.initial = self._raw_values()
        draft = self.draft_keeper.draft
        if draft is not None:
            self._restore_draft(draft)
        self.draft_keeper.mark_saved(self._raw_values())
        self.set_interval(_SAVE_INTERVAL, self.save_draft)
        self.start()

    def _restore_draft(self, draft: Draft) -> None:
        left = near_time(draft.left_at, self.context.zone, self.context.desk.now())
        try:
            self.restore(draft.typed)
        except (TypeError, ValueError, AttributeError, LookupError):
            # The draft comes from a file, and perhaps from a version whose form had other fields.
            self.restore(self.draft_keeper.initial)
            self.show_status(f"What you typed at {left} no longer fits this form", refused=True)
        else:
            again = key_for(self, "form.start_afresh")
            self.show_status(f"Restored what you typed at {left}; {again} to start again")

    def _raw_values(self) -> dict[str, Any]:
        return {field.stored_as: field.raw_value for field in self.query(Field)}

    def restore(self, values: Mapping[str, Any]) -> None:
        """Restore the raw values of the fields, by stored name."""
        for field in self.query(Field):
            if field.stored_as in values:
                field.restore(values[field.stored_as])

    # Movement through the fields.

    def start(self) -> None:
        """Focus the first field that has a problem, otherwise the first field."""
        self.flow.focus_first()

    def field_completed(self, field: Field) -> None:
        """React to a field that Enter, Tab or sending has completed; called before the next key is handled."""

    def field_after(self, here: Field) -> Field | None:
        """Return the field that Enter moves to from a field; None for the usual way of `FocusFlow`."""
        return None

    def scroll_to_focus(self) -> None:
        """Keep the focused field in view, with its note."""
        for field in self.query(".field.active").results(Field):
            field.scroll_into_view()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Decide what letters do in the field that has the focus now."""
        self.flow.enter(event.widget)

    def on_key(self, event: Key) -> None:
        """Type a letter that chooses nothing into the text being written."""
        self.flow.take_letter(event)

    async def action_move(self, by: int) -> None:
        """Complete the field and move to the next one (1), or move to the previous one (-1)."""
        await self.flow.move(by)

    async def action_go_on(self) -> None:
        """Accept the field's choice, or move on from it; in a text of several lines, Enter begins a line."""
        if isinstance(self.focused, TextArea):
            raise SkipAction
        await self.flow.go_on()

    # Sending.

    def show_status(self, text: str, *, refused: bool = False) -> None:
        """Show a message at the foot; an empty text hides it."""
        line = self.query_one(".status", Static)
        line.set_class(refused, "refused")
        line.update(safe(f"{terminal_symbols().breached} {text}" if refused else text))
        line.display = bool(text)
        self.fit_to_screen()

    def show_refusal(self, refusal: Refusal) -> None:
        """Show why the form was refused, until a field changes."""
        self.show_status(self.context.refusal_text(refusal), refused=True)
        self._shows_refusal = True

    @on(Field.Changed)
    def _clear_refusal(self) -> None:
        if self._shows_refusal and not self._sending:
            self._shows_refusal = False
            self.show_status("")

    async def action_send(self) -> None:
        """Send the form, once; show the problems of its fields instead, and focus the first one."""
        here = None if self._sending else await self.flow.settle()
        if here is not None:
            here.finish()
            self.field_completed(here)
        if self._sending:
            return
        wrong = [field for field in self.flow.fields if field.problem is not None]
        for field in wrong:
            field.show_problem()
        if wrong:
            wrong[0].take_focus()
            return
        self._sending = True
        self._send(self.command())

    @work(group="send")
    async def _send(self, command: Command) -> None:
        if not await self.confirm(command):
            self._sending = False
            return
        here, body = self.focused, self.query_one(DialogBody)
        self.show_status("Sending …")
        body.disabled = True
        outcome = await self.context.submit(command, self.draft_keeper.command_id)
        if isinstance(outcome, Refusal):
            self._sending = body.disabled = False
            self.show_refusal(outcome)
            if here is not None:
                here.focus()
            return
        self.draft_keeper.discard()
        await self.after_submit(outcome)

    async def after_submit(self, outcome: Applied) -> None:
        """Close the form after its command has been applied."""
        self._outcome = outcome
        self.dismiss(outcome)

    def action_start_afresh(self) -> None:
        """Discard the draft and restore the initial values."""
        self.draft_keeper.discard()
        self.restore(self.draft_keeper.initial)
        self.draft_keeper.mark_saved(self._raw_values())
        self.show_status("")
        self.start()

    def action_leave(self) -> None:
        """Save the draft and leave, unless the form is being sent."""
        if self._sending:
            return
        self.save_draft()
        self.dismiss(None)

    def save_draft(self) -> None:
        """Save what is typed as a draft, unless the form is being sent or has been left."""
        if self.is_left or self._sending or self._outcome is not None:
            return
        self.draft_keeper.save(self._raw_values())
