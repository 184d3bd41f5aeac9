"""A field that searches while the operator types: staff, customers, contacts, releases, articles."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.events import DescendantFocus
from textual.widgets import Input

from supportdesk.console.dialogs.dialog import key_for
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.suggestion_list import SearchInput, SuggestionList
from supportdesk.console.search.candidate import Candidate, Find, NoMatchError
from supportdesk.desk_api import DeskUnavailableError


class SearchField(Field):
    """Searches while the operator types; Enter, or leaving the field, picks the marked result, and the note shows it.

    A `blocking` `find` is called in a thread. `if_none` is shown when nothing matches.
    """

    def __init__(
        self,
        name: str,
        hint: str,
        find: Find,
        *,
        blocking: bool = False,
        value: Candidate | None = None,
        label: str = "",
        required: bool = False,
        if_none: str = "no match",
    ) -> None:
        super().__init__(name, hint, label=label, required=required)
        self._find = find
        self._blocking = blocking
        self._if_none = if_none
        self._picked = value
        self._answered: str | None = None
        self._take_first = False
        self._input = SearchInput(compact=True, select_on_focus=False)
        self._input.cursor_blink = False
        self._matches = SuggestionList()

    def controls(self) -> ComposeResult:
        """The line, and the results below it."""
        if self._picked is not None:
            self._input.value = self._picked.name
        yield self._input
        yield self._matches

    def on_mount(self) -> None:
        """Show the note of the initial value."""
        self._show_note()

    @property
    def picked(self) -> Candidate | None:
        """The picked result; None for none."""
        return self._picked

    @property
    def marked(self) -> Candidate | None:
        """The result that Enter would pick."""
        return self._matches.marked

    @property
    def text(self) -> str:
        """The text, without surrounding blanks."""
        return self._input.value.strip()

    @property
    def is_typed_in(self) -> bool:
        """Always true: letters are the query."""
        return True

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed."""
        return not self.text

    @property
    def value(self) -> str:
        """The key of the picked result; empty for none."""
        return self._picked.key if self._picked else ""

    @property
    def in_words(self) -> str:
        """The name of the picked result; empty for none."""
        return self._picked.name if self._picked else ""

    @property
    def problem(self) -> str | None:
        """That nothing is picked, in a required field or after typing."""
        if self._picked is not None:
            return None
        if self.text:
            return f"choose one with the arrows and {key_for(self.screen, 'form.go_on')}, or clear it"
        return f"needed: {self.hint}" if self.required else None

    @property
    def raw_value(self) -> tuple[str, Candidate | None]:
        """The text and the picked result."""
        return self._input.value, self._picked

    def restore(self, raw_value: tuple[str, Candidate | None]) -> None:
        """Restore both."""
        text, picked = raw_value
        if picked is not None:
            self.take(picked)
        else:
            self.clear()
            self._input.value = text

    def begin(self, text: str) -> None:
        """Enter a text as if it had been typed."""
        self._input.value = text
        self._input.cursor_position = len(text)

    def set_source(self, find: Find, hint: str) -> None:
        """Search with another `find` and `hint` from now on, and clear what was picked with the previous one."""
        self._find, self.hint, self._answered = find, hint, None
        if self._picked is not None:
            self.clear()
        elif self.text or self._input.has_focus:
            self._search()
        self._show_note()

    def look_again(self) -> None:
        """Repeat the search, as the records have changed."""
        self._answered = None
        self._search()

    def clear(self) -> None:
        """Clear the text and the picked result."""
        self._picked = None
        with self.prevent(Input.Changed):
            self._input.value = ""
        self._matches.offer((), mark=False)
        self._show_note()

    def take(self, candidate: Candidate) -> None:
        """Pick a result."""
        self._picked, self._take_first = candidate, False
        with self.prevent(Input.Changed):
            self._input.value = candidate.name
            self._input.cursor_position = len(candidate.name)
        self._matches.offer((), mark=False)
        self._show_note()
        self.post_message(self.Changed(self))

    def _show_note(self) -> None:
        self.set_note(self._picked.told if self._picked else "")

    def _search(self) -> None:
        if self._blocking:
            self._search_in_thread()
        else:
            self._answer(self.text, self._find(self.text))

    @work(group="find", exclusive=True)
    async def _search_in_thread(self) -> None:
        await self._ask()

    async def _ask(self) -> None:
        text = self.text
        try:
            found = await asyncio.to_thread(self._find, text)
        except DeskUnavailableError as error:
            self.set_note(str(error), wrong=True)
            return
        except NoMatchError as error:
            self._answer(text, (), str(error))
            return
        self._answer(text, found)

    def _answer(self, text: str, found: Sequence[Candidate], if_none: str = "") -> None:
        if text != self.text or self._picked is not None:
            return
        self._answered = text
        if self._take_first and found and not found[0].new:
            self.take(found[0])
            return
        self._take_first = False
        self._matches.offer(found if self._input.has_focus else (), mark=bool(text))
        if text and not found:
            self.set_note(if_none or self._if_none, wrong=True)
        else:
            self.set_note("")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        # What the line holds now counts: this message may be older than what was taken since.
        if self._picked is not None and self._input.value == self._picked.name:
            return
        self._picked = None
        self._search()
        self.post_message(self.Changed(self))

    @on(SuggestionList.Clicked)
    def _pointed_at(self, event: SuggestionList.Clicked) -> None:
        event.stop()
        self.take(event.candidate)

    @on(SearchInput.Step)
    def _stepped(self, event: SearchInput.Step) -> None:
        event.stop()
        self._matches.step(event.by)

    async def settle(self) -> None:
        """Wait until the text has been searched for."""
        if self._picked is not None or self._answered == self.text:
            return
        if self._blocking:
            await self._ask()
        else:
            self._search()

    def accept(self) -> bool:
        """Pick the marked result, or the first one once it is found; return whether there was anything to pick."""
        if self._picked is not None:
            return False
        return self._take_marked(also_new=True)

    def finish(self) -> None:
        """Pick the marked result, unless it would create a new record: that needs Enter."""
        if self._picked is None and not self._take_marked(also_new=False) and self.text:
            self.show_problem()
        if not self._input.has_focus:
            self._matches.offer((), mark=False)

    def _take_marked(self, *, also_new: bool) -> bool:
        marked = self._matches.marked
        if self.text and self._answered != self.text:
            self._take_first = True
            return True
        if marked is None or (marked.new and not also_new):
            return False
        self.take(marked)
        return True

    @on(DescendantFocus)
    def _entered(self) -> None:
        if self._picked is None:
            self._search()
