"""The escalation of a ticket in its brief: until when it is stopped, and which step of the ladder is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.sla import formatting
from supportdesk.sla.clocks import instant
from supportdesk.tickets.escalation.stop import find_stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supportdesk.console.queue.cells import StyledText
    from supportdesk.console.ticket.context import PageCanvas, TicketContext
    from supportdesk.tickets.escalation.steps import StepRecord

SEPARATOR = " · "
SHOWN = 2
"""The most people whom a step names; it counts the others."""
TICK = 20
"""Seconds after which a step that is due should have been recorded, even where another watcher takes over."""
_ACTIONS = {"page": "page", "notify": "notify", "reassign": "reassign to"}


def describe_next_step(context: TicketContext, canvas: PageCanvas) -> StyledText | None:
    """Return when the next step of the ladder is due, what it does and whom it reaches; None where none is to come.

    One that is overdue says so, as no watcher has fired it.
    """
    if context.escalation is None:
        return None
    from supportdesk.tickets.escalation.steps import StepOutcome
    from supportdesk.tickets.housekeeping.acts import CLOSE

    expected = [each for each in context.escalation.expected if each.action != CLOSE]
    if not expected:
        return None
    step = next((each for each in expected if each.outcome is StepOutcome.FIRED), None)
    if step is None:
        return f"nobody is left to alert: {expected[0].reason}", "at-risk"
    at = formatting.near_time(instant(step.due), context.zone, instant(canvas.now))
    what = f"{_ACTIONS[step.action]} {_list_people(context, step)}{SEPARATOR}{context.escalation.describe_step(step)}"
    if step.due + TICK < canvas.now:
        return f"overdue since {at}: {what.partition(SEPARATOR)[0]}", "at-risk"
    return f"{at} {what}", "quiet"


def describe_closing(context: TicketContext, canvas: PageCanvas) -> str:
    """Return whether a resolved ticket closes by itself, and when; empty for any other ticket."""
    if context.escalation is None:
        return ""
    from supportdesk.tickets.housekeeping import closing

    return closing.describe_closing(context.escalation.case, instant(canvas.now))


def is_stopped(context: TicketContext, canvas: PageCanvas) -> bool:
    """Return whether the escalation is stopped, so that the open pages need no emphasis."""
    stop = find_stop(context.escalation) if context.escalation is not None else None
    return stop is not None and stop.holds_at(canvas.now)


def describe_stop(context: TicketContext, canvas: PageCanvas) -> str:
    """Return until when an acknowledgement stops the escalation: `until 09:57 GMT, extend (p)`; empty without one.

    While a page to somebody else is open, the key acknowledges that for them first.
    """
    valid = context.escalation.valid if context.escalation is not None else None
    if not context.row.is_open or valid is None or not valid.is_valid_at(instant(canvas.now)):
        return ""
    until = formatting.near_time(valid.end, context.zone, instant(canvas.now))
    extend = (
        f", extend{context.key_hint('acknowledge')}"
        if context.key("acknowledge") and not context.row.page_open
        else ""
    )
    return f"until {until}{extend}"


def _list_people(context: TicketContext, step: StepRecord) -> str:
    names: Sequence[str] = [context.name(username) for username in step.people]
    more = len(names) - SHOWN
    if more > 0:
        return f"{', '.join(names[:SHOWN])} and {more} more"
    return " and ".join(names)
