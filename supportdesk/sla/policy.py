"""What the desk promises: severities, targets, channels, teams, thresholds and the ladder, as one value.

A policy is a plain document. It is read from a TOML file by `policy_file.load_policy`, kept in the database as JSON
with its holidays expanded, and never changed: another promise is another version with its own date of effect.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Protocol

import msgspec

from supportdesk.sla.calendar import BusinessCalendar

HOUR = 3600
MINUTE = 60

ANYONE, REGISTERED, SUPER_USERS = OPEN_TO = ("anyone", "registered contacts", "super users")
"""For whom a channel can be."""

RESTORED, FIX, WORKAROUND, FIX_DATE, ARTICLE, ACCOUNT_MANAGER = DEEDS = (
    "restored",
    "fix",
    "workaround",
    "fix date",
    "article",
    "account manager",
)
"""The deeds that can keep a resolution promise (rule 4)."""


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every part of a policy: a value that refuses words it does not know."""


class Amount(Document, frozen=True):
    """A stretch of time on one of the policy's calendars."""

    calendar: str
    hours: int = 0
    minutes: int = 0

    @property
    def seconds(self) -> int:
        """The amount in whole seconds of the calendar's open time."""
        return self.hours * HOUR + self.minutes * MINUTE


class Severity(Document, frozen=True):
    """One severity: what it is, how it reaches us and what is promised for it.

    `resolved_by` lists the ways in which the resolution promise is kept; each way is a set of deeds that must all have
    been done; the deeds are those of `DEEDS`.
    `resolution` is the target of the resolution clock, or None where the promise is a deed without a time.
    `channels` are the ways in that the policy asks for; `advice` is what staff say to who came by another.
    `attainment` is the percent of its promises that are to be kept, or None for what the whole policy asks.
    """

    key: str
    name: str
    description: str
    promise: str
    channels: tuple[str, ...]
    answered_by: tuple[str, ...]
    response: Amount
    resolved_by: tuple[tuple[str, ...], ...]
    resolution: Amount | None = None
    team: str = ""
    pages: bool = False
    signs: tuple[str, ...] = ()
    advice: str = ""
    attainment: int | None = None

    @property
    def deeds(self) -> frozenset[str]:
        """Every deed that has a part in some way of keeping the resolution promise."""
        return frozenset(deed for way in self.resolved_by for deed in way)


class Channel(Document, frozen=True):
    """A way in. `open_to` says who may use it, one of `OPEN_TO`; `advice` is what staff say to anybody else.

    `out_of_hours` is the channel that takes over while the calendar of this one is closed.
    """

    key: str
    name: str
    open_to: str
    calendar: str
    advice: str = ""
    out_of_hours: str | None = None


class Team(Document, frozen=True):
    """A support line. `line` is its number in the process (2, 3, 4), None for a team that is not on the lines."""

    key: str
    name: str
    calendar: str
    line: int | None = None


class Rung(Document, frozen=True):
    """One step of the hierarchical ladder, filled by whoever holds the role."""

    key: str
    name: str


class Thresholds(Document, frozen=True):
    """From which share of the target, in percent, a clock is due soon and at risk."""

    due_soon: int = 75
    at_risk: int = 90


class Hours(Document, frozen=True):
    """The definition of one calendar.

    `hours` maps `mon` .. `sun` to spans; `holidays` holds expanded dates with their names and `holidays_until` the last
    day for which they are known; `country` says from where they were expanded. `exceptions` replaces a day's hours.
    """

    key: str
    name: str
    timezone: str = "UTC"
    always: bool = False
    hours: dict[str, tuple[tuple[str, str], ...]] = {}
    country: tuple[str, str] | None = None
    holidays: dict[date, str] = {}
    holidays_until: date | None = None
    closed: tuple[date, ...] = ()
    exceptions: dict[date, tuple[tuple[str, str], ...]] = {}


def in_force(policies: Iterable[Policy], at: datetime) -> Policy | None:
    """The version in force at an instant; before the first one's date of effect, the first. None without any."""
    versions = sorted(policies, key=lambda policy: policy.effective)
    return next(
        (policy for policy in reversed(versions) if policy.effective <= at), next(iter(versions), None)
    )


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A whole policy version. Look-ups raise KeyError for a key that the policy does not have.

    `attainment` is the percent of the promises that are to be kept in a month, where a severity asks for no other.
    """

    version: str
    name: str
    effective: datetime
    timezone: str
    calendars: tuple[Hours, ...]
    severities: tuple[Severity, ...]
    channels: tuple[Channel, ...]
    teams: tuple[Team, ...]
    ladder: tuple[Rung, ...]
    pause_cap: Amount
    reopen_within: Amount
    close_after: Amount
    thresholds: Thresholds = Thresholds()
    attainment: int = 95

    @cached_property
    def _severities(self) -> dict[str, Severity]:
        return {severity.key: severity for severity in self.severities}

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {severity.key: rank for rank, severity in enumerate(self.severities)}

    @cached_property
    def _channels(self) -> dict[str, Channel]:
        return {channel.key: channel for channel in self.channels}

    @cached_property
    def _teams(self) -> dict[str, Team]:
        return {team.key: team for team in self.teams}

    @cached_property
    def _hours(self) -> dict[str, Hours]:
        return {hours.key: hours for hours in self.calendars}

    @cached_property
    def _calendars(self) -> dict[str, BusinessCalendar]:
        return {hours.key: build_calendar(hours) for hours in self.calendars}

    def severity(self, key: str) -> Severity:
        """The severity with this key."""
        return self._severities[key]

    def rank(self, key: str) -> int:
        """The severity's place, 0 for the gravest."""
        return self._ranks[key]

    def attainment_of(self, key: str) -> int:
        """The percent of a severity's promises that are to be kept in a month."""
        own = self._severities[key].attainment
        return self.attainment if own is None else own

    def channel(self, key: str) -> Channel:
        """The channel with this key."""
        return self._channels[key]

    def team(self, key: str) -> Team:
        """The team with this key."""
        return self._teams[key]

    def hours(self, key: str) -> Hours:
        """The definition of the calendar with this key."""
        return self._hours[key]

    def calendar(self, key: str) -> BusinessCalendar:
        """The calendar with this key."""
        return self._calendars[key]


def build_calendar(hours: Hours) -> BusinessCalendar:
    """The calendar that a definition describes; raises CalendarError for one that cannot be."""
    if hours.always:
        return BusinessCalendar.always()
    return BusinessCalendar(
        hours.timezone,
        {day: list(spans) for day, spans in hours.hours.items()},
        holidays=tuple(hours.holidays),
        holidays_until=hours.holidays_until,
        closed=hours.closed,
        exceptions={day: list(spans) for day, spans in hours.exceptions.items()},
    )


class DayChange(Protocol):
    """A closure (no spans) or other opening hours of one day of one calendar (rule 12)."""

    @property
    def calendar(self) -> str:
        """The calendar's key."""
        ...

    @property
    def day(self) -> date:
        """The day, in the calendar's time zone."""
        ...

    @property
    def spans(self) -> tuple[tuple[str, str], ...]:
        """The hours that replace that day's."""
        ...


def with_days(policy: Policy, changes: Iterable[DayChange]) -> Policy:
    """The policy with these days changed; of two changes of one day the later one holds.

    A calendar that this version does not have, or that never closes, is left as it is: changes are kept for all
    versions alike. Changed hours that cannot be raise CalendarError when the calendar is asked for.
    """
    days: dict[str, dict[date, tuple[tuple[str, str], ...]]] = {}
    for change in changes:
        days.setdefault(change.calendar, {})[change.day] = change.spans
    calendars = tuple(
        hours
        if hours.always or hours.key not in days
        else msgspec.structs.replace(hours, exceptions={**hours.exceptions, **days[hours.key]})
        for hours in policy.calendars
    )
    return msgspec.structs.replace(policy, calendars=calendars)
