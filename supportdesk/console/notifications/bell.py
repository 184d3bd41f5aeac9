"""Decides when the terminal's bell rings, and what the terminal's title says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.sla.clocks import State

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from supportdesk.console.queue.index import QueueDelta, QueueIndex
    from supportdesk.sla.policy import Policy

NAME = "supportdesk"


def should_ring(delta: QueueDelta, severities: Collection[str]) -> bool:
    """Return whether a ticket of these severities has arrived, become at risk or been breached."""
    urgent = (entry for entry in delta.crossed if entry.state in (State.AT_RISK, State.BREACHED))
    return any(entry.row.severity in severities and entry.is_open for entry in (*delta.arrived, *urgent))


def title(index: QueueIndex, policy: Policy, operator: str, is_stopped: Callable[[str], bool]) -> str:
    """Return the terminal's title: whether the operator is paged, and how many clocks are breached and tickets open.

    Only tickets of paging severities are counted as open. `is_stopped` says of a ticket, by its reference, whether
    somebody's acknowledgement stops the escalation: its pages are not named.

    It holds no text from outside.
    """
    broken = sum(states[State.BREACHED] for states in index.by_severity.values())
    paged = any(operator in index.entries[ref].row.paged and not is_stopped(ref) for ref in index.paging)
    parts = [*(["you are paged"] if paged else []), *([f"{broken} breached"] if broken else [])]
    for severity in policy.severities:
        if severity.pages:
            open_ones = sum(entry.is_open for entry in index.groups.get(severity.key, ()))
            parts += [f"{open_ones} {severity.name}"] if open_ones else []
    return " · ".join([*parts, NAME])


def paging_severities(policy: Policy) -> set[str]:
    """Return the keys of the severities that page somebody."""
    return {severity.key for severity in policy.severities if severity.pages}
