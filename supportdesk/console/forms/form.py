"""A form: fields from which a command is made, and the one way in which it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.events import DescendantFocus, Key
from textual.widgets import Static, TextArea

from supportdesk.console.dialogs.dialog import Dialog, DialogBody, key_for, key_hints
from supportdesk.console.dialogs.push import push_and_wait
from supportdesk.console.drafts.draft import Draft
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.letter_keys import LettersOfForm
from supportdesk.console.forms.text_fields import TextField
from supportdesk.console.keys.keymap import Scope, bindings
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.desk_api import Applied, DeskUnavailableError, UnknownTicketError
from supportdesk.sla.formatting import near_time
from supportdesk.tickets.command import Command, Refusal

if TYPE_CHECKING:
    from supportdesk.console.keys.type_ahead import KeyHold

_SAVE_INTERVAL = 0.1
"""Seconds between two looks at what is typed, to keep it."""
_SETTLE_TIMEOUT = 1.0
"""Seconds for which a key waits until what was typed before it is understood."""


class Form(Dialog[Applied]):
    """Base of all forms. What is typed is kept until it is sent; it can be sent once at a time.

    `verb` and `ref` say under what a draft is kept; `ref` is empty for a form that is about no ticket.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.FORM)

    submit_label: ClassVar[str] = "send"
    """What sending is called at the foot."""
    letters_once_only: ClassVar[bool] = False
    """Whether no letter chooses any more once a text is written, even after Shift+Tab."""

    def __init__(self, context: CommandContext, verb: str, ref: str = "") -> None:
        super().__init__()
        self.context = context
        self._verb = verb
        self._ref = ref
        self._untouched: dict[str, Any] = {}
        self._saved: dict[str, Any] = {}
        self._sending = False
        self._outcome: Applied | None = None
        self._letters = LettersOfForm(once_only=self.letters_once_only)

    def fields(self) -> list[Field]:
        """The fields, in order, as they are made."""
        raise NotImplementedError

    def command(self) -> Command:
        """The command that the fields ask for; only asked where no field has a problem."""
        raise NotImplementedError

    async def confirm(self, command: Command) -> bool:
        """Whether the person stands by it, where that is asked first."""
        return True

    def body(self) -> ComposeResult:
        """The fields."""
        yield from self.fields()

    def foot(self) -> ComposeResult:
        """How it stands with the sending."""
        yield Static(classes="status")

    def keys(self) -> Content:
        """The keys of a form."""
        go_on, leave = key_for(self, "form.go_on"), key_for(self, "dialog.leave")
        if not self.query(Field):
            return key_hints((go_on, self.submit_label), (leave, "leave"))
        send = key_for(self, "form.send") if self._has_text else go_on
        following = (key_for(self, "form.next_field"), "next field")
        return key_hints((send, self.submit_label), following, (leave, "leave, keeping what is typed"))

    @property
    def _has_text(self) -> bool:
        return bool(self.query(TextField))

    def on_mount(self) -> None:
        """Offers what was typed here before and not sent."""
        self.query_one(".keys", Static).update(self.keys())
        self._untouched = self._raw_values()
        draft = self.context.drafts.find(self._verb, self._ref)
        if draft is not None:
            self._restore_draft(draft)
        self._saved = self._raw_values()
        self.set_interval(_SAVE_INTERVAL, self.save_draft)
        self.start()

    def _restore_draft(self, draft: Draft) -> None:
        left = near_time(draft.left_at, self.context.zone, self.context.door.now())
        try:
            self.restore(draft.typed)
        except (TypeError, ValueError, AttributeError, LookupError):
            # It comes from a file, and may be that of a program whose form had other fields.
            self.restore(self._untouched)
            self.show_status(f"What you typed at {left} does not fit this form any more", refused=True)
        else:
            self.show_status(
                f"What you typed at {left} is back; {key_for(self, 'form.start_afresh')} starts afresh"
            )

    def start(self) -> None:
        """Puts the cursor where typing begins."""
        fields = self.visible_fields
        first = next((field for field in fields if field.problem), fields[0] if fields else None)
        if first is not None:
            first.take_focus()

    @property
    def visible_fields(self) -> list[Field]:
        """The fields that are asked for now, in order."""
        return [field for field in self.query(Field) if field.display]

    def _raw_values(self) -> dict[str, Any]:
        return {field.stored_as: field.raw_value for field in self.query(Field)}

    def restore(self, typed: dict[str, Any]) -> None:
        """Brings back what stood in the fields."""
        for field in self.query(Field):
            if field.stored_as in typed:
                field.restore(typed[field.stored_as])

    def show_status(self, text: str, *, refused: bool = False) -> None:
        """Says, at the foot, how it stands; an empty text says nothing."""
        line = self.query_one(".status", Static)
        line.set_class(refused, "refused")
        line.update(safe(f"{terminal_symbols().breached} {text}" if refused else text))
        line.display = bool(text)
        self.fit_to_screen()

    def scroll_to_focus(self) -> None:
        """Keeps the field that has the cursor in sight, with its note."""
        for field in self.query(".field.active").results(Field):
            field.scroll_into_view()

    async def settled_field(self) -> Field | None:
        """The field that has the cursor, when it has understood what was typed in it."""
        here = next((field for field in self.visible_fields if field.has_focus_within), None)
        if here is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_SETTLE_TIMEOUT):
                    await here.settle()
        return here

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Letters choose in a list until the text below it was reached."""
        here = next((field for field in event.widget.ancestors if isinstance(field, Field)), None)
        if here is not None:
            self._letters.enter(here, self.visible_fields)

    def on_key(self, event: Key) -> None:
        """A letter that chooses nothing is text, and goes to the text that is written here, as the cursor does.

        Where no text is written, no further letter chooses anything until the cursor comes back.
        """
        here = next((field for field in self.visible_fields if field.has_focus_within), None)
        if here is None or not event.is_printable or event.character is None:
            return
        bound_to = self.active_bindings.get(event.key)
        if bound_to is not None and bound_to.node is self.focused:
            # Bindings are looked at after this, such as that of the space bar in a list.
            return
        text = self._letters.text_for(here, self.visible_fields)
        if text is not None:
            event.stop()
            text.take_focus()
            text.insert(event.character)
        elif not here.is_typed_in:
            # Words have begun, and what is left of them chooses nothing either.
            here.take_letters(False)

    def field_completed(self, field: Field) -> None:
        """Something was taken in a field by Enter or by leaving it; called before the next key is looked at."""

    async def action_move(self, by: int) -> None:
        """Tab: to the next field, having taken what Enter would take here; or to the one before."""
        here = await self.settled_field()
        if here is not None:
            if not (by > 0 and here.accept()):
                here.finish()
            self.field_completed(here)
        self._letters.going_back = by < 0
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    async def action_go_on(self) -> None:
        """Enter: on to the next field where there is a text to write, else to what is missing, else away."""
        if isinstance(self.focused, TextArea):
            raise SkipAction
        here = await self.settled_field()
        if here is None or not here.accept():
            await self.go_on_from(here)
            return
        self.field_completed(here)
        following = self._after(here)
        # What was taken in the last field is seen before it is sent.
        if following is not None:
            following.take_focus()

    async def go_on_from(self, here: Field | None) -> None:
        """Where Enter leads from a field."""
        missing = next((field for field in self.visible_fields if field.problem is not None), here)
        following = self._after(here) if self._has_text and here is not None else None
        if following is not None:
            following.take_focus()
        elif missing is not None and missing is not here:
            missing.take_focus()
        else:
            await self.action_send()

    def _after(self, here: Field) -> Field | None:
        fields = self.visible_fields
        return next(iter(fields[fields.index(here) + 1 :]), None)

    async def action_send(self) -> None:
        """Sends, once; a field that is not right is said and gets the cursor."""
        here = None if self._sending else await self.settled_field()
        if here is not None:
            here.finish()
            self.field_completed(here)
        if self._sending:
            return
        wrong = [field for field in self.visible_fields if field.problem is not None]
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
        self.show_status("On its way …")
        body.disabled = True
        outcome = await self.context.submit(command, self.context.drafts.command_id(self._verb, self._ref))
        if isinstance(outcome, Refusal):
            self._sending = body.disabled = False
            self.show_status(self.context.refusal_text(outcome), refused=True)
            if here is not None:
                here.focus()
            return
        self.context.drafts.discard(self._verb, self._ref)
        await self.after_submit(outcome)

    async def after_submit(self, outcome: Applied) -> None:
        """It was carried out: away."""
        self._outcome = outcome
        self.dismiss(outcome)

    async def continue_with(self, leads_to: Awaitable[Form | Refusal], typed: KeyHold) -> Applied | None:
        """What comes of the form that this one leads to; None where it is left, or, with the reason said, refused."""
        try:
            following = await leads_to
            if isinstance(following, Refusal):
                self.show_status(self.context.refusal_text(following), refused=True)
                return None
            done: Applied | None = await push_and_wait(self.app, following, typed)
            return done
        except (DeskUnavailableError, UnknownTicketError) as error:
            self.show_status(str(error), refused=True)
            return None
        finally:
            typed.release()

    def action_start_afresh(self) -> None:
        """Everything as it was before anything was typed."""
        self.context.drafts.discard(self._verb, self._ref)
        self.restore(self._untouched)
        self._saved = self._raw_values()
        self.show_status("")
        self.start()

    def action_leave(self) -> None:
        """Away; what was typed is kept. Not while it is on its way."""
        if self._sending:
            return
        self.save_draft()
        self.dismiss(None)

    def save_draft(self) -> None:
        """Keeps what is typed so far, so that nothing can take it away; not what is on its way."""
        if self.is_left or self._sending or self._outcome is not None:
            return
        typed = self._raw_values()
        if typed == self._saved:
            return
        self._saved = typed
        if typed == self._untouched:
            self.context.drafts.discard(self._verb, self._ref)
        else:
            self.context.drafts.save(self._verb, self._ref, Draft(typed, self.context.door.now()))
