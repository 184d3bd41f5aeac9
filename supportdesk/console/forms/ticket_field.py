"""The field for the reference of another ticket, with the ticket in its note."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual import on, work
from textual.widgets import Input

from supportdesk.console.forms.text_fields import LineField
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.tickets import reference

_SHORTEST_REFERENCE = len("CD4F7KA")


class TicketField(LineField):
    """A ticket's reference: a typing error is reported at once, and the note shows the ticket once it is found.

    `look_up` returns the note for a reference; it blocks, and raises LookupError for an unknown one.
    """

    def __init__(
        self,
        name: str,
        hint: str,
        *,
        look_up: Callable[[str], str],
        value: str = "",
        label: str = "",
        required: bool = False,
    ) -> None:
        super().__init__(name, hint, value=value, label=label, required=required)
        self._look_up = look_up

    @property
    def value(self) -> str:
        """The reference in its written form; empty for none."""
        return reference.parse(self.text) if self.text else ""

    @property
    def problem(self) -> str | None:
        """Why the reference is missing or invalid; None if it is neither."""
        if not self.text:
            return super().problem
        try:
            reference.parse(self.text)
        except reference.BadReferenceError as error:
            return str(error)
        return None

    @on(Input.Changed)
    def _look_up_ticket(self) -> None:
        if self.text and self.problem is None:
            self._show_ticket(self.value)

    def note(self) -> str:
        """Return what is wrong with the reference, once it is long enough."""
        return (self.problem or "") if len(self.text) >= _SHORTEST_REFERENCE else ""

    @work(group="look up", exclusive=True)
    async def _show_ticket(self, ref: str) -> None:
        try:
            note = await asyncio.to_thread(self._look_up, ref)
        except LookupError:
            self.set_note(f"no ticket has the reference {ref}", wrong=True)
            return
        except DeskUnavailableError as error:
            self.set_note(str(error), wrong=True)
            return
        if self.problem is None and self.value == ref:
            self.set_note(note)
