"""A field that searches while the operator types: staff, customers, contacts, releases, articles."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.events import DescendantFocus, Mount
from textual.widgets import Input

from supportdesk.console.dialogs.key_hints import key_for
from supportdesk.console.forms.candidate_search import CandidateSearch, SearchAnswer
from supportdesk.console.forms.field import TypedField
from supportdesk.console.forms.suggestion_list import SearchInput, SuggestionList
from supportdesk.console.search.candidate import Candidate, Find


class SearchField(TypedField):
    """Searches while the operator types; Enter, or leaving the field, picks the marked result, and the note shows it.

    A `blocking` `find` is called in a thread. `if_none` is shown when nothing matches, with the text in place of `{}`.
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
        self._search = CandidateSearch(find, blocking=blocking)
        self._if_none = if_none
        self._picked = value
        self._picks_first = False
        """Whether to pick the first result once the search answers: a key asked for it meanwhile."""
        self._no_match = ""
        """Why nothing matches the present text; empty while something may."""
        self._matches = SuggestionList()
        self._input = SearchInput(self._matches)

    def controls(self) -> ComposeResult:
        """Yield the line, and the results below it."""
        if self._picked is not None:
            self._input.value = self._picked.name
        yield self._input
        yield self._matches

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
    def value(self) -> str:
        """The key of the picked result; empty for none."""
        return self._picked.key if self._picked else ""

    @property
    def in_words(self) -> str:
        """The name of the picked result; empty for none."""
        return self._picked.name if self._picked else ""

    @property
    def problem(self) -> str | None:
        """Why nothing is picked, in a required field or after typing; None if something is."""
        if self._picked is not None:
            return None
        if self._no_match:
            return self._no_match
        if self.text:
            return f"choose one with the arrows and {key_for(self.screen, 'form.go_on')}, or clear it"
        return f"required: {self.hint}" if self.required else None

    @property
    def raw_value(self) -> tuple[str, Candidate | None]:
        """The text and the picked result."""
        return self._input.value, self._picked

    def restore(self, raw_value: tuple[str, Candidate | None]) -> None:
        """Restore the text and the picked result."""
        text, picked = raw_value
        if picked is not None:
            self.pick(picked)
        else:
            self.clear()
            self._input.value = text

    def begin(self, text: str) -> None:
        """Enter a text as if it had been typed."""
        self._input.value = text
        self._input.cursor_position = len(text)

    def set_source(self, find: Find, hint: str) -> None:
        """Search with another `find` and `hint` from now on, and clear what was picked with the previous one."""
        self._search.set_find(find)
        self.hint = hint
        if self._picked is not None:
            self.clear()
        elif self.text or self._input.has_focus:
            self._start_search()
        self._show_note()

    def search_again(self) -> None:
        """Repeat the search, as the records have changed."""
        self._search.answered = None
        self._start_search()

    def clear(self) -> None:
        """Clear the text and the picked result."""
        self._picked = None
        with self.prevent(Input.Changed):
            self._input.value = ""
        self._matches.offer((), mark=False)
        self._show_note()

    def pick(self, candidate: Candidate) -> None:
        """Pick a result: it fills the line, and its details are the note."""
        self._picked, self._picks_first = candidate, False
        with self.prevent(Input.Changed):
            self._input.value = candidate.name
            self._input.cursor_position = len(candidate.name)
        self._matches.offer((), mark=False)
        self._show_note()
        self.post_message(self.Changed(self))

    @on(Mount)
    def _show_note(self) -> None:
        self.set_note(self._picked.details if self._picked else "")

    def _start_search(self) -> None:
        if self._search.blocking:
            self._search_in_thread()
        else:
            self._show_answer(self._search.ask(self.text))

    @work(group="find", exclusive=True)
    async def _search_in_thread(self) -> None:
        self._show_answer(await self._search.answer(self.text))

    def _show_answer(self, answer: SearchAnswer) -> None:
        """Show the results, or why there are none, unless something else has been typed or picked meanwhile."""
        if answer.failure:
            self.set_note(answer.failure, wrong=True)
            return
        if answer.text != self.text or self._picked is not None:
            return
        self._search.answered = answer.text
        self._no_match = ""
        if self._picks_first and answer.found and not answer.found[0].new:
            self.pick(answer.found[0])
            return
        self._picks_first = False
        self._matches.offer(answer.found if self._input.has_focus else (), mark=bool(answer.text))
        if answer.text and not answer.found:
            self._no_match = answer.if_none or self._if_none.replace("{}", answer.text)
            self.set_note(self._no_match, wrong=True)
        else:
            self.set_note("")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        # The line as it is now counts: this message may be older than what was picked since.
        if self._picked is not None and self._input.value == self._picked.name:
            return
        self._picked, self._no_match = None, ""
        self._start_search()
        self.post_message(self.Changed(self))

    @on(SuggestionList.Clicked)
    def _clicked(self, event: SuggestionList.Clicked) -> None:
        event.stop()
        self.pick(event.candidate)

    async def settle(self) -> None:
        """Wait until the text has been searched for."""
        if self._picked is None and self._search.answered != self.text:
            self._show_answer(await self._search.answer(self.text))

    def accept(self) -> bool:
        """Pick the marked result, or the first one once it is found; return whether there was anything to pick."""
        if self._picked is not None:
            return False
        return self._pick_marked(also_new=True)

    def finish(self) -> None:
        """Pick the marked result, unless it would create a new record: that needs Enter."""
        if self._picked is None and not self._pick_marked(also_new=False) and self.text:
            self.show_problem()
        if not self._input.has_focus:
            self._matches.offer((), mark=False)

    def _pick_marked(self, *, also_new: bool) -> bool:
        marked = self._matches.marked
        if self.text and self._search.answered != self.text:
            self._picks_first = True
            return True
        if marked is None or (marked.new and not also_new):
            return False
        self.pick(marked)
        return True

    @on(DescendantFocus)
    def _focused(self) -> None:
        if self._picked is None:
            self._start_search()
