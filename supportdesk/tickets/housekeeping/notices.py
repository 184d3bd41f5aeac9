"""What people are told of the desk itself as time passes: releases that are overdue, and holidays that will be unknown.

Each has a key, so that it is sent once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from supportdesk.sla.clock_projection import find_opening_on
from supportdesk.sla.clocks import instant
from supportdesk.sla.formatting import full_day, full_time
from supportdesk.sla.policy import Hours, Policy
from supportdesk.tickets.documents import Person, Release, Role

HORIZON = timedelta(days=60)
"""How long before the end of the known holidays the administrators are told."""
_LATE_AFTER = timedelta(minutes=5)
"""From how long after it was due on a notice says that it is late; watchers look each minute."""
_DAY = timedelta(days=1)
_NAMED = 5
"""The most tickets that a notice names; it counts the others."""


class DueNotice(msgspec.Struct, frozen=True):
    """What `people`, usernames, are to be told; it is sent once for each `key`."""

    key: str
    people: tuple[str, ...]
    text: str


class NoticeContext(msgspec.Struct, frozen=True):
    """The policy in force at `now`, the staff by username, and the usernames of the supervisors."""

    policy: Policy
    staff: Mapping[str, Person]
    supervisors: tuple[str, ...]
    now: datetime

    @property
    def today(self) -> date:
        """The date in the policy's time zone."""
        return self.now.astimezone(ZoneInfo(self.policy.timezone)).date()

    def late_text(self, due: datetime) -> str:
        """Return the sentence that ends a late notice; empty for one that is in time."""
        if self.now - due <= _LATE_AFTER:
            return ""
        return f" This notice is late: it was due on {full_time(due, self.policy.timezone)}."


class PromisedFix(msgspec.Struct, frozen=True):
    """A ticket that promises a fix in a release; `owner` is a username, None without one."""

    ref: str
    owner: str | None


def find_overdue_releases(context: NoticeContext, releases: Iterable[Release]) -> list[Release]:
    """Return the releases whose day passed without their having shipped, of which it is time to tell (rule 5)."""
    return [
        each
        for each in releases
        if each.shipped_at is None
        and each.day < context.today
        and _find_telling(context.policy, each) <= context.now
    ]


def release_key(release: Release) -> str:
    """Return the key of the notice about an overdue release; one that was moved and passes again has another."""
    return f"release {release.key} {release.day.isoformat()}"


def make_release_notice(
    context: NoticeContext, release: Release, promised: Sequence[PromisedFix]
) -> DueNotice | None:
    """Return the notice to the owners of the tickets that promise an overdue release, and to the supervisors.

    None where no ticket promises it, or nobody can be told.
    """
    owners = (context.staff.get(each.owner or "") for each in promised)
    named = (each.username for each in owners if each is not None and each.active)
    people = tuple(dict.fromkeys((*named, *context.supervisors)))
    if not promised or not people:
        return None
    text = (
        f"{release.key} was due on {full_day(release.day)} and has not shipped. {_describe_promised(promised)}. "
        "Record when it shipped, or move it to another day."
    )
    late = context.late_text(_find_telling(context.policy, release))
    return DueNotice(release_key(release), people, f"{text}{late}")


def _describe_promised(promised: Sequence[PromisedFix]) -> str:
    refs = [each.ref for each in promised]
    more = len(refs) - _NAMED
    named = ", ".join(refs[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"{'1 ticket promises' if len(refs) == 1 else f'{len(refs)} tickets promise'} a fix in it: {named}"


def _find_telling(policy: Policy, release: Release) -> datetime:
    """Return when it is told that the day of a release has passed: when the office opens after that day."""
    return instant(find_opening_on(policy, release.day + _DAY))


def find_ending_calendars(policy: Policy, day: date, within: timedelta = HORIZON) -> list[Hours]:
    """Return the calendars of a policy whose holidays are known for no longer than `within` from a day on."""
    last = day + within
    return [
        each for each in policy.calendars if each.holidays_until is not None and each.holidays_until <= last
    ]


def find_horizon_notices(context: NoticeContext) -> Iterator[DueNotice]:
    """Yield a notice to the administrators for each calendar whose holidays are soon unknown.

    Without an administrator it goes to the supervisors.
    """
    administrators = sorted(
        each.username for each in context.staff.values() if each.active and Role.ADMINISTRATOR in each.roles
    )
    people = tuple(administrators) or context.supervisors
    for hours in find_ending_calendars(context.policy, context.today) if people else ():
        assert hours.holidays_until is not None
        key = f"holidays {hours.key} {hours.holidays_until.isoformat()}"
        yield DueNotice(key, people, f"{describe_horizon(hours)}.")


def describe_horizon(hours: Hours) -> str:
    """Return until when the holidays of a calendar are known, and what to do."""
    assert hours.holidays_until is not None
    return (
        f"the holidays of {hours.name} are known until {full_day(hours.holidays_until)}, and what would be due later "
        "is refused; update supportdesk and install the policy again"
    )
