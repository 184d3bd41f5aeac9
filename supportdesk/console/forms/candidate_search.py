"""The search of a field: which text it was asked for, and what it found."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from supportdesk.console.search.candidate import Candidate, Find, NoMatchError
from supportdesk.desk_api import DeskUnavailableError


class SearchAnswer(msgspec.Struct, frozen=True):
    """The answer to a search for `text`: the best match first. `failure` is why the desk cannot be asked, or empty.

    `if_none` is why nothing matches, in the search's own words; empty where it has none.
    """

    text: str
    found: Sequence[Candidate] = ()
    if_none: str = ""
    failure: str = ""


class CandidateSearch:
    """Searches for the text of a field; a `blocking` `find` is called in a thread.

    `answered` is the text of the last answer that was accepted, None before the first one.
    """

    def __init__(self, find: Find, *, blocking: bool = False) -> None:
        self.blocking = blocking
        self.answered: str | None = None
        self._find = find

    def set_find(self, find: Find) -> None:
        """Search with another `find` from now on."""
        self._find, self.answered = find, None

    def ask(self, text: str) -> SearchAnswer:
        """Return the answer to a text. Blocks where `blocking`."""
        try:
            return SearchAnswer(text, self._find(text))
        except NoMatchError as error:
            return SearchAnswer(text, if_none=str(error))
        except DeskUnavailableError as error:
            return SearchAnswer(text, failure=str(error))

    async def answer(self, text: str) -> SearchAnswer:
        """Return the answer to a text, without blocking the event loop."""
        return await asyncio.to_thread(self.ask, text) if self.blocking else self.ask(text)
