"""What a kept document means for tickets that nobody touched: moved fix dates, moved due times, refused policies."""

from __future__ import annotations

from datetime import datetime

import msgspec

from supportdesk.sla.clocks import Course, instant
from supportdesk.sla.policy import Hours, Policy
from supportdesk.tickets.command import Refusal
from supportdesk.tickets.events import DueMoved
from supportdesk.tickets.promises import resolution_course, response_course
from supportdesk.tickets.ticket import Ticket


def courses(policy: Policy, ticket: Ticket) -> tuple[Course, Course]:
    """Both clocks of a ticket."""
    return response_course(policy, ticket), resolution_course(policy, ticket)


def due_moves(before: tuple[Course, Course], after: tuple[Course, Course], reason: str) -> list[DueMoved]:
    """What the timeline tells where running clocks became due at another time (rule 12); stopped ones stay."""
    return [
        DueMoved(old.kind, _due(old), _due(new), reason)
        for old, new in zip(before, after, strict=True)
        if new.verdict is None and old.due != new.due
    ]


def _due(course: Course) -> datetime | None:
    return instant(course.due) if course.due is not None else None


def refuse_replacing(installed: Policy | None, policy: Policy) -> Refusal | None:
    """Why a policy cannot be installed in place of one with its version: it is a promise made (rule 13).

    The holidays of further years may be added to it.
    """
    if installed is None or _extends(installed, policy):
        return None
    return Refusal(
        f"version {policy.version} of the policy is installed already and stays as it was promised; "
        "give the changed one another version, with its date of effect"
    )


def _extends(installed: Policy, policy: Policy) -> bool:
    if _without_holidays(installed) != _without_holidays(policy):
        return False
    return all(_goes_on(old, new) for old, new in zip(installed.calendars, policy.calendars, strict=True))


def _without_holidays(policy: Policy) -> Policy:
    bare = tuple(
        msgspec.structs.replace(hours, holidays={}, holidays_until=None) for hours in policy.calendars
    )
    return msgspec.structs.replace(policy, calendars=bare)


def _goes_on(old: Hours, new: Hours) -> bool:
    """Whether the holidays that were known are the same, and others only come after them."""
    if old.holidays_until is None or new.holidays_until is None:
        return old.holidays == new.holidays and old.holidays_until == new.holidays_until
    known = {day: name for day, name in new.holidays.items() if day <= old.holidays_until}
    return new.holidays_until >= old.holidays_until and known == old.holidays
