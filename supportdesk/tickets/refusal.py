"""Why a command is refused, and what the operator can do instead.

A refusal names no key: a surface renders its remedies with the keys or commands that it has for them.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Remedy(msgspec.Struct, frozen=True):
    """What the operator can do after a refusal, and the `verb` of the command that does it.

    The verb is that of the command line, such as `reopen`, `release move` or `close --reason withdrawn`; empty where no
    command does it.
    """

    words: str
    verb: str = ""

    def render(self, name: Callable[[str], str]) -> str:
        """Return the words, with what `name` returns for the verb in brackets: `reopen it (X)`."""
        named = name(self.verb) if self.verb else ""
        return f"{self.words} ({named})" if named else self.words


Remedies = tuple[tuple[Remedy, ...], ...]
"""Alternatives, each of one or more remedies that are needed together."""


def either(*remedies: Remedy) -> Remedies:
    """Return remedies of which one is enough."""
    return tuple((remedy,) for remedy in remedies)


class Refusal(msgspec.Struct, frozen=True):
    """Why a command is refused, and what the operator can do instead; `separator` joins the two.

    A surface renders the remedies with `render` and names its own keys or commands.
    """

    why: str
    remedies: Remedies = ()
    separator: str = "; "

    @property
    def reason(self) -> str:
        """The whole text without keys or commands."""
        return self.render(lambda verb: "")

    def render(self, name: Callable[[str], str]) -> str:
        """Return the whole text, with what `name` returns for the verb of each remedy; an empty text names nothing."""
        ways = [" and ".join(remedy.render(name) for remedy in way) for way in self.remedies]
        if not ways:
            return self.why
        return f"{self.why}{self.separator}{', or '.join(filter(None, [', '.join(ways[:-1]), ways[-1]]))}"
