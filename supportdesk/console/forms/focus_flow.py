"""The movement through the fields of a form: Tab, Enter, and letters that belong to a text below."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import ClassVar

from textual.actions import SkipAction
from textual.events import DescendantFocus, Key
from textual.widgets import TextArea

from supportdesk.console.dialogs.dialog import Dialog
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.letter_keys import LettersOfForm
from supportdesk.console.forms.text_fields import TextField
from supportdesk.desk_api import Applied

_SETTLE_TIMEOUT = 1.0
"""Seconds for which a key waits until the text typed before it has been looked up."""


class FocusFlow(Dialog[Applied]):
    """A dialog with fields. Tab and Enter complete a field and move on; Enter in the last one sends."""

    letters_once_only: ClassVar[bool] = False
    """Whether letters stop choosing in lists for good once a text is written, even after Shift+Tab."""

    def __init__(self) -> None:
        super().__init__()
        self._letters = LettersOfForm(once_only=self.letters_once_only)

    async def action_send(self) -> None:
        """Send the form, or show what is wrong with it."""
        raise NotImplementedError

    def field_completed(self, field: Field) -> None:
        """React to a field that Enter, Tab or sending has completed; called before the next key is handled."""

    @property
    def visible_fields(self) -> list[Field]:
        """The fields that are shown now, in order."""
        return [field for field in self.query(Field) if field.display]

    @property
    def _has_text(self) -> bool:
        return bool(self.query(TextField))

    def start(self) -> None:
        """Focus the first field that has a problem, otherwise the first field."""
        fields = self.visible_fields
        first = next((field for field in fields if field.problem), fields[0] if fields else None)
        if first is not None:
            first.take_focus()

    def scroll_to_focus(self) -> None:
        """Keep the focused field in view, with its note."""
        for field in self.query(".field.active").results(Field):
            field.scroll_into_view()

    def _focused_field(self) -> Field | None:
        return next((field for field in self.visible_fields if field.has_focus_within), None)

    async def settled_field(self) -> Field | None:
        """Return the focused field once it has looked up its text; it waits for a second at most."""
        here = self._focused_field()
        if here is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_SETTLE_TIMEOUT):
                    await here.settle()
        return here

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Let letters choose in a list until the text below it has been reached."""
        here = next((field for field in event.widget.ancestors if isinstance(field, Field)), None)
        if here is not None:
            self._letters.enter(here, self.visible_fields)

    def on_key(self, event: Key) -> None:
        """Type a letter that chooses nothing into the text being written, and move the focus there.

        Where no text is being written, no further letter chooses anything until the focus comes back.
        """
        here = self._focused_field()
        if here is None or not event.is_printable or event.character is None:
            return
        bound_to = self.active_bindings.get(event.key)
        if bound_to is not None and bound_to.node is self.focused:
            # Textual handles bindings after this, such as that of the space bar in a list.
            return
        text = self._letters.text_for(here, self.visible_fields)
        if text is not None:
            event.stop()
            text.take_focus()
            text.insert(event.character)
        elif not here.is_typed_in:
            # The operator is typing words, and the rest of them must not choose anything either.
            here.take_letters(False)

    async def action_move(self, by: int) -> None:
        """Tab: complete the field as Enter would and move to the next one; or move to the previous one."""
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
        """Enter: accept the field's choice, or move on from it."""
        if isinstance(self.focused, TextArea):
            raise SkipAction
        here = await self.settled_field()
        if here is None or not here.accept():
            await self.go_on_from(here)
            return
        self.field_completed(here)
        following = self._after(here)
        # A choice made in the last field is shown before the form is sent.
        if following is not None:
            following.take_focus()

    async def go_on_from(self, here: Field | None) -> None:
        """Move to the next field in a form with a text, otherwise to a field with a problem; without one, send."""
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
