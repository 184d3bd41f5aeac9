"""Consequences of saved records for tickets: moved due times, and refused release dates and policies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from supportdesk.sla.clocks import ClockProjection, epoch, instant_or_none
from supportdesk.sla.formatting import dated
from supportdesk.sla.policy import Hours, Policy
from supportdesk.tickets import remedies
from supportdesk.tickets.documents import Release
from supportdesk.tickets.events import DueMoved
from supportdesk.tickets.promises import find_overdue_since, project_resolution, project_response
from supportdesk.tickets.refusal import Refusal, either
from supportdesk.tickets.ticket import Ticket


def project_clocks(policy: Policy, ticket: Ticket) -> tuple[ClockProjection, ClockProjection]:
    """Return the projections of both clocks of a ticket, the response first."""
    return project_response(policy, ticket), project_resolution(policy, ticket)


def find_due_moves(
    before: tuple[ClockProjection, ClockProjection],
    after: tuple[ClockProjection, ClockProjection],
    reason: str,
    now: datetime | None = None,
) -> list[DueMoved]:
    """Return an event for each running clock whose due time moved (rule 12); stopped clocks do not change.

    With `now`, a clock that is breached by the move is breached from then on: nobody could have met the target earlier
    (rule 5).
    """
    return [
        DueMoved(
            old.kind,
            instant_or_none(old.due),
            instant_or_none(new.due),
            reason,
            now if now and _breaches(old, new, epoch(now)) else None,
        )
        for old, new in zip(before, after, strict=True)
        if new.verdict is None and old.due != new.due
    ]


def _breaches(old: ClockProjection, new: ClockProjection, now: int) -> bool:
    """Return whether a clock that was in time at `now` would have been breached earlier."""
    in_time = old.breached_at is None or old.breached_at > now
    return in_time and new.breached_at is not None and new.breached_at < now


def refuse_past_day(
    policies: Iterable[Policy], known: Release | None, release: Release, now: datetime
) -> Refusal | None:
    """Return why a release cannot be planned for its day: the day is over and the release has not shipped (rule 5).

    The day is over at `now` as soon as it is in the time zone of one of the `policies`. A release whose day has passed
    since it was planned may keep that day.
    """
    if release.shipped_at is not None or (known is not None and known.day == release.day):
        return None
    if all(find_overdue_since(policy, release.day, now) is None for policy in policies):
        return None
    return Refusal(
        f"{dated(release.day)} is in the past and {release.key} has not shipped: give today or a later day",
        either(remedies.SHIP_RELEASE if known is not None else remedies.SHIP_NEW_RELEASE),
        separator=", or ",
    )


def refuse_policy_conflict(installed: Policy | None, policy: Policy) -> Refusal | None:
    """Return why a policy cannot replace the installed one of its version (rule 13); None where it can.

    Holidays of further years may be added to it; the names of its calendars and the sentences of its promises may be
    reworded.
    """
    if installed is None or _extends(installed, policy):
        return None
    return Refusal(
        f"version {policy.version} of the policy is already installed and cannot change; "
        "give the changed policy another version and its own effective date"
    )


def _extends(installed: Policy, policy: Policy) -> bool:
    if _what_counts(installed) != _what_counts(policy):
        return False
    return all(
        _adds_later_holidays(old, new) for old, new in zip(installed.calendars, policy.calendars, strict=True)
    )


def _what_counts(policy: Policy) -> Policy:
    """Return the policy without its holidays, and without the wording that decides nothing."""
    calendars = tuple(
        msgspec.structs.replace(hours, name="", holidays={}, holidays_until=None)
        for hours in policy.calendars
    )
    severities = tuple(msgspec.structs.replace(severity, promise="") for severity in policy.severities)
    return msgspec.structs.replace(policy, calendars=calendars, severities=severities)


def _adds_later_holidays(old: Hours, new: Hours) -> bool:
    """Return whether the known holidays are the same, and new ones only come after them."""
    if old.holidays_until is None or new.holidays_until is None:
        return old.holidays == new.holidays and old.holidays_until == new.holidays_until
    known = {day: name for day, name in new.holidays.items() if day <= old.holidays_until}
    return new.holidays_until >= old.holidays_until and known == old.holidays
