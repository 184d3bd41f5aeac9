"""The summary of a request, with similar tickets and articles below it while it is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.events import DescendantFocus
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from supportdesk.console.dialogs.key_hints import key_for
from supportdesk.console.forms.suggestion_list import SearchInput, SuggestionList
from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.search.candidate import Candidate, Find
from supportdesk.console.workers import call_after
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.tickets.command import LINE_LIMIT

PAUSE = 0.15
"""Seconds without a key after which the search starts."""
_FEWEST_LETTERS = 3


class SummaryField(LineField):
    """A line that searches while it is typed: the arrows mark a result, Enter picks it.

    `find` blocks; it is called in a thread. Where no result is marked, Enter moves to the next field.
    """

    @dataclass
    class Picked(Message):
        """A result was picked."""

        candidate: Candidate

    def __init__(
        self, name: str, hint: str, find: Find, *, required: bool = False, limit: int = LINE_LIMIT
    ) -> None:
        super().__init__(name, hint, required=required, limit=limit)
        self._find = find
        self._pause: Timer | None = None
        self._matches = SuggestionList()
        self._input = SearchInput(self._matches)

    def controls(self) -> ComposeResult:
        """Yield the line and the list of results."""
        yield from super().controls()
        yield self._matches

    @property
    def found(self) -> Sequence[Candidate]:
        """The similar tickets and articles."""
        return self._matches.found

    def set_source(self, find: Find) -> None:
        """Search with `find` from now on."""
        self._find = find
        self._search_soon()

    @on(Input.Changed)
    def _search_soon(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = call_after(self, PAUSE, self._look)

    @work(group="find", exclusive=True)
    async def _look(self) -> None:
        text = self.text
        found: Sequence[Candidate] = ()
        if len(text) >= _FEWEST_LETTERS:
            try:
                found = await asyncio.to_thread(self._find, text)
            except DeskUnavailableError:
                # Typing can continue; the form reports the lost connection when it is sent.
                found = ()
        # While the form is being saved, the request itself could be among what is found.
        if text == self.text and not self.is_disabled and tuple(found) != self._matches.found:
            self._matches.offer(found, mark=False)
            if self.has_focus_within:
                self.set_note(self.note())

    def note(self) -> str:
        """Return that the summary is too long; otherwise how to use the results."""
        hint = f"↓ then {key_for(self.screen, 'form.go_on')} to send the article or open the ticket"
        return super().note() or (hint if self._matches.found else "")

    @on(SuggestionList.Clicked)
    def _result_clicked(self, event: SuggestionList.Clicked) -> None:
        event.stop()
        self.post_message(self.Picked(event.candidate))

    def accept(self) -> bool:
        """Pick the marked result; return whether there is one."""
        marked = self._matches.marked
        if marked is None:
            return False
        self.post_message(self.Picked(marked))
        self.finish()
        return True

    def finish(self) -> None:
        """Unmark the results, which stay in view."""
        self.set_note("")
        super().finish()
        self._matches.unmark()

    @on(DescendantFocus)
    def _show_hint(self) -> None:
        self.set_note(self.note())
