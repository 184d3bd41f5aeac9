"""What calls people to the screen: the terminal's bell, and its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportdesk.console.queue.book import Book, Turn
    from supportdesk.sla.policy import Policy

NAME = "supportdesk"
KEEP_TITLE, TITLE_BACK = "\x1b[22;2t", "\x1b[23;2t"
"""What makes a terminal keep the title that it has, and take it back; those that cannot ignore both."""


def rings(turn: Turn, policy: Policy) -> bool:
    """Whether the bell is due: one of those that wake people arrived, or is about to break its promise, or did."""
    from supportdesk.sla.clocks import State

    waking = _waking(policy)
    pressing = (entry for entry in turn.crossed if entry.state in (State.AT_RISK, State.BREACHED))
    return any(entry.row.severity in waking and entry.is_open for entry in (*turn.arrived, *pressing))


def title(book: Book, policy: Policy) -> str:
    """The terminal's title: how many of those that wake people are open. It holds no text from outside."""
    told = []
    for severity in policy.severities:
        if severity.pages:
            open_ones = sum(entry.is_open for entry in book.groups.get(severity.key, ()))
            told += [f"{open_ones} {severity.name}"] if open_ones else []
    return " · ".join([*told, NAME])


def title_sequence(text: str) -> str:
    """What makes a terminal show a title; anything that could end the sequence early is left out."""
    return f"\x1b]2;{''.join(character for character in text if character.isprintable())}\x07"


def _waking(policy: Policy) -> set[str]:
    return {severity.key for severity in policy.severities if severity.pages}
