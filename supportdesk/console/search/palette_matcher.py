"""Matching in the command palette, which ignores case and accents and never interprets markup."""

from __future__ import annotations

from textual.command import Provider
from textual.content import Content
from textual.fuzzy import Matcher

from supportdesk.tickets.folding import fold


class FoldingMatcher(Matcher):
    """Matches folded texts, and highlights the characters of the text as it was written."""

    def match(self, candidate: str) -> float:
        """Return the strength of the match, from 0 to 1; 0 where only accents or invisible characters are typed."""
        typed = fold(self.query)
        return self.fuzzy_search.match(typed, _folded(candidate)[0])[0] if typed else 0.0

    def highlight(self, candidate: str) -> Content:
        """Return the candidate, plain, with the matching characters highlighted."""
        folded, places = _folded(candidate)
        _, offsets = self.fuzzy_search.match(fold(self.query), folded)
        content = Content(candidate)
        for place in dict.fromkeys(places[offset] for offset in offsets):
            if not candidate[place].isspace():
                content = content.stylize(self.match_style, place, place + 1)
        return content


class FoldingProvider(Provider):
    """A provider of commands that are found whatever their case and accents."""

    def matcher(self, user_input: str, case_sensitive: bool = False) -> FoldingMatcher:
        """Return the matcher for what is typed; case never counts."""
        return FoldingMatcher(user_input, match_style=self.match_style)


def _folded(text: str) -> tuple[str, list[int]]:
    """Fold a text character by character, with the place in the text of each that is left."""
    parts = [(fold(character), place) for place, character in enumerate(text)]
    return "".join(part for part, _ in parts), [place for part, place in parts for _ in part]
