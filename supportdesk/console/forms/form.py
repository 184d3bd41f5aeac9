"""The base of the forms: fields that make up a command, its draft, and how it is sent."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, TypeVar

from textual import work
from textual.content import Content
from textual.screen import Screen

from supportdesk.console.dialogs.dialog import DialogBody
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.dialogs.push import push_and_wait
from supportdesk.console.drafts.draft import Draft
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.draft_keeper import DraftKeeper
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.field_dialog import FieldDialog
from supportdesk.console.keys.focus import focus_at_once
from supportdesk.console.workers import call_after
from supportdesk.desk_api import Applied
from supportdesk.sla.formatting import at_near_time
from supportdesk.tickets.command import Command
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.console.keys.type_ahead import KeyHold, SerializedKeys

_SAVE_INTERVAL = 0.1
"""Seconds between two checks for changes to save in the draft."""
LONGEST_HOLD = 1.0
"""Seconds for which keys wait at most while a form is sent."""

T = TypeVar("T")


class Form(FieldDialog):
    """Base of the forms whose fields make up a command; only one submission runs at a time.

    What is typed is saved as a draft until it is sent. `verb` and `ref` identify the draft; `ref` is empty for a form
    that is about no ticket. Keys pressed while it is sent are meant for what follows, and wait for that.
    """

    app: SerializedKeys
    submit_label: str = "send"
    """What the key that sends the form does, as a verb in the key hints."""

    def __init__(self, context: CommandContext, verb: str, ref: str = "") -> None:
        super().__init__(context)
        self.draft_keeper = DraftKeeper(context.drafts, verb, ref, context.desk.now, context.begun)
        self._sending = self._is_forgotten = False
        self._outcome: Applied | None = None
        self._typed: KeyHold | None = None

    @abstractmethod
    def command(self) -> Command:
        """Return the command with the values of the fields; called only while no field has a problem."""

    async def confirm(self, command: Command) -> bool:
        """Return whether to send the command; forms that ask a question first override this."""
        return True

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
        self.draft_keeper.initial = self.raw_values
        draft = self.draft_keeper.draft
        if draft is not None:
            self._restore_draft(draft)
        self.draft_keeper.mark_saved(self.raw_values)
        self.set_interval(_SAVE_INTERVAL, self.save_draft)

    def _restore_draft(self, draft: Draft) -> None:
        left = at_near_time(draft.left_at, self.context.zone, self.context.desk.now())
        try:
            self.restore(draft.typed)
        except (TypeError, ValueError, AttributeError, LookupError):
            # The draft comes from a file, and perhaps from a version whose form had other fields.
            self.restore(self.draft_keeper.initial)
            self.show_status(f"What you typed {left} no longer fits this form", refused=True)
        else:
            again = key_for(self, "form.start_afresh")
            self.show_status(f"Restored what you typed {left}; {again} to start again")

    # Sending.

    async def action_send(self) -> None:
        """Send the form, once; show the problems of its fields instead, and focus the first one."""
        current = None if self._sending else await self.flow.settle()
        if current is not None:
            current.finish()
            self.field_completed(current)
        if self._sending or self.is_left or not self.is_attached or not self.is_complete:
            return
        wrong = [field for field in self.flow.fields if field.problem is not None]
        for field in wrong:
            field.show_problem()
        if wrong:
            wrong[0].take_focus()
            return
        self._sending = True
        self._send(self.command())

    async def ask(self, screen: Screen[T]) -> T | None:
        """Open a screen over the form and return its result; keys pressed from then on wait for what follows."""
        self._hold_keys()
        assert self._typed is not None
        result: T | None = await push_and_wait(self.app, screen, self._typed, self._hold_keys)
        return result

    def _hold_keys(self) -> None:
        """Hold keys back, but not for so long that the operator cannot leave a desk that does not respond."""
        self._release_keys()
        self._typed = self.app.typed.hold()
        call_after(self, LONGEST_HOLD, self._typed.release)

    def _release_keys(self) -> None:
        if self._typed is not None:
            self._typed.release()

    @work(group="send")
    async def _send(self, command: Command) -> None:
        self._hold_keys()
        try:
            await self._send_confirmed(command)
        finally:
            self._release_keys()

    async def _send_confirmed(self, command: Command) -> None:
        if not await self.confirm(command):
            self._sending = False
            return
        focused, body = self.focused, self.query_one(DialogBody)
        self._shows_refusal = False
        self.show_status("Saving …" if self.submit_label == "save" else "Sending …")
        body.disabled = True
        outcome = await self.context.submit(self.complete(command), self.draft_keeper.command_id)
        if isinstance(outcome, Refusal):
            self._sending = body.disabled = False
            if self._typed is not None and self.app.typed.is_waiting:
                # What was typed meanwhile was meant for what does not follow now.
                self._typed.refuse()
            self.show_refusal(outcome)
            if focused is not None:
                focus_at_once(focused)
            return
        self.draft_keeper.discard()
        await self.after_submit(outcome)

    def complete(self, command: Command) -> Command:
        """Return a confirmed command with what was read for it meanwhile."""
        return command

    async def after_submit(self, outcome: Applied) -> None:
        """Close the form after its command has been applied."""
        self._outcome = outcome
        self.dismiss(outcome)

    def action_start_afresh(self) -> None:
        """Discard the draft and restore the initial values."""
        self.draft_keeper.discard()
        self.restore(self.draft_keeper.initial)
        self.draft_keeper.mark_saved(self.raw_values)
        self.show_status("")
        self.start()

    def action_leave(self) -> None:
        """Save the draft and leave, unless the form is being sent."""
        if self._sending:
            return
        self.save_draft()
        self.dismiss(None)

    def forget_erased(self) -> bool:
        """Leave without a draft, as a contact was erased who may be named in it."""
        self._is_forgotten = True
        self.draft_keeper.discard()
        return super().forget_erased()

    def save_draft(self) -> None:
        """Save what is typed as a draft, unless the form is being sent, is to be forgotten or has been left."""
        if self.is_left or self._is_forgotten or self._sending or self._outcome is not None:
            return
        self.draft_keeper.save(self.raw_values)
