"""What calls people to the screen: the terminal's bell, and its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.sla.clocks import State

if TYPE_CHECKING:
    from collections.abc import Collection

    from supportdesk.console.queue.index import QueueDelta, QueueIndex
    from supportdesk.sla.policy import Policy

NAME = "supportdesk"


def should_ring(turn: QueueDelta, severities: Collection[str]) -> bool:
    """Whether the bell is due: one of these severities arrived, or is about to break its promise, or did."""
    pressing = (entry for entry in turn.crossed if entry.state in (State.AT_RISK, State.BREACHED))
    return any(entry.row.severity in severities and entry.is_open for entry in (*turn.arrived, *pressing))


def title(book: QueueIndex, policy: Policy) -> str:
    """The terminal's title: how many promises are broken, and how many of those that wake people are open.

    It holds no text from outside.
    """
    broken = sum(states[State.BREACHED] for states in book.by_severity.values())
    told = [f"{broken} breached"] if broken else []
    for severity in policy.severities:
        if severity.pages:
            open_ones = sum(entry.is_open for entry in book.groups.get(severity.key, ()))
            told += [f"{open_ones} {severity.name}"] if open_ones else []
    return " · ".join([*told, NAME])


def paging_severities(policy: Policy) -> set[str]:
    """The severities that wake people, by key."""
    return {severity.key for severity in policy.severities if severity.pages}
