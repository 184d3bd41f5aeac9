"""The movement through the fields of a form: Tab, Enter, and letters that belong to a text below."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from supportdesk.console.forms.field import Field
from supportdesk.console.forms.letter_keys import LettersOfForm
from supportdesk.console.forms.text_fields import TextField

if TYPE_CHECKING:
    from textual.events import Key
    from textual.screen import Screen
    from textual.widget import Widget

_SETTLE_TIMEOUT = 1.0
"""Seconds for which a key waits until the text typed before it has been looked up."""


class FocusFlow:
    """Moves the focus through the fields of a form. Tab and Enter complete a field and move on; Enter may send.

    `on_completed` is called with each field that a key has completed, before the next key is handled. `field_after`
    returns the field that Enter moves to from another one, None for the form's usual way. With `once_only`, letters
    stop choosing in lists for good once a text is written, even after Shift+Tab.
    """

    def __init__(
        self,
        screen: Screen[Any],
        *,
        on_completed: Callable[[Field], None],
        field_after: Callable[[Field], Field | None],
        send: Callable[[], Awaitable[None]],
        once_only: bool = False,
    ) -> None:
        self._screen = screen
        self._on_completed = on_completed
        self._field_after = field_after
        self._send = send
        self._letters = LettersOfForm(once_only=once_only)

    @property
    def fields(self) -> list[Field]:
        """The fields that are shown now, in order."""
        return [field for field in self._screen.query(Field) if field.display]

    @property
    def has_text(self) -> bool:
        """Whether the form has a text of several lines, in which Enter begins a line."""
        return bool(self._screen.query(TextField))

    def focus_first(self) -> None:
        """Focus the first field that has a problem, otherwise the first field."""
        fields = self.fields
        first = next((field for field in fields if field.problem), fields[0] if fields else None)
        if first is not None:
            first.take_focus()

    @property
    def focused(self) -> Field | None:
        """The field that has the focus; None for none."""
        return next((field for field in self.fields if field.has_focus_within), None)

    async def settle(self) -> Field | None:
        """Return the focused field once it has looked up its text; it waits for a second at most."""
        current = self.focused
        if current is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_SETTLE_TIMEOUT):
                    await current.settle()
        return current

    def enter(self, widget: Widget) -> None:
        """Let letters choose in the list that has the focus now, until the text below it has been reached."""
        current = next((field for field in widget.ancestors if isinstance(field, Field)), None)
        if current is not None:
            self._letters.enter(current, self.fields)

    def take_letter(self, event: Key) -> None:
        """Type a letter that chooses nothing into the text being written, and move the focus there.

        Where no text is being written, no further letter chooses anything until the focus comes back.
        """
        current = self.focused
        if current is None or not event.is_printable or event.character is None:
            return
        bound_to = self._screen.active_bindings.get(event.key)
        if bound_to is not None and bound_to.node is self._screen.focused:
            # Textual handles bindings after this, such as that of the space bar in a list.
            return
        text = self._letters.text_for(current, self.fields)
        if text is not None:
            event.stop()
            text.take_focus()
            text.insert(event.character)
        elif not current.is_typed_in:
            # The operator is typing words, and the rest of them must not choose anything either.
            current.take_letters(False)

    async def move(self, by: int) -> None:
        """Tab: complete the field as Enter would and move to the next one; or move to the previous one."""
        current = await self.settle()
        if current is not None:
            if not (by > 0 and current.accept()):
                current.finish()
            self._on_completed(current)
        self._letters.going_back = by < 0
        if by > 0:
            self._screen.focus_next()
        else:
            self._screen.focus_previous()

    async def go_on(self) -> None:
        """Enter: accept the field's choice, or move on from it."""
        current = await self.settle()
        if current is None or not current.accept():
            await self._go_on_from(current)
            return
        self._on_completed(current)
        following = self._next(current)
        # A choice made in the last field is shown before the form is sent.
        if following is not None:
            following.take_focus()

    async def _go_on_from(self, current: Field | None) -> None:
        """Move to the next field in a form with a text, otherwise to a field with a problem; without one, send."""
        following = self._field_after(current) if current is not None else None
        if following is None and current is not None and self.has_text:
            following = self._next(current)
        missing = next((field for field in self.fields if field.problem is not None), current)
        if following is not None:
            following.take_focus()
        elif missing is not None and missing is not current:
            missing.take_focus()
        else:
            await self._send()

    def _next(self, current: Field) -> Field | None:
        fields = self.fields
        return next(iter(fields[fields.index(current) + 1 :]), None)
