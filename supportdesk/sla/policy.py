"""The support policy as one value: severities, targets, channels, teams, thresholds and the ladder.

A policy is read from a TOML file by `policy_file.load_policy` and stored in the database as JSON with its holidays
expanded. A version never changes: a changed policy is another version with its own effective date.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar, Protocol

import msgspec

from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.ladder import EscalationRung, EscalationSettings
from supportdesk.sla.mail_kind import MailKind

HOUR = 3600
MINUTE = 60

ANYONE, REGISTERED, SUPER_USERS = OPEN_TO = ("anyone", "registered contacts", "super users")
"""Who may use a channel."""

RESTORED, FIX, WORKAROUND, FIX_DATE, ARTICLE, ACCOUNT_MANAGER = STEPS = (
    "restored",
    "fix",
    "workaround",
    "fix date",
    "article",
    "account manager",
)
"""The steps that can meet a resolution target (rule 4)."""


class PolicyPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the parts of a policy: a value that refuses unknown fields."""


class Amount(PolicyPart, frozen=True):
    """An amount of open time on one of the policy's calendars."""

    calendar: str
    hours: int = 0
    minutes: int = 0

    @property
    def seconds(self) -> int:
        """The amount in whole seconds of the calendar's open time."""
        return self.hours * HOUR + self.minutes * MINUTE


class Severity(PolicyPart, frozen=True):
    """One severity: its description, its channels and its targets.

    `resolved_by` lists the ways to meet the resolution target: all `STEPS` of one way. `resolution` is the target of
    the resolution clock, None where the target has no time limit. `channels` are those that the policy asks for;
    `advice` is what staff say to a caller who used another one. `attainment` is the percentage of its targets to be
    met, None for that of the whole policy. `ladder` says who is alerted as its clocks run down.
    """

    LATER: ClassVar = ("ladder",)

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
    ladder: tuple[EscalationRung, ...] = ()

    @property
    def steps(self) -> frozenset[str]:
        """Every step that belongs to a way of meeting the resolution target."""
        return frozenset(step for way in self.resolved_by for step in way)


class Channel(PolicyPart, frozen=True):
    """A channel by which requests arrive. `open_to` is one of `OPEN_TO`; `advice` is what staff say to other callers.

    `out_of_hours` is the channel that takes over while the calendar of this one is closed. `number` is what customers
    dial. A request that arrives without anybody to ask has the severity one of whose `severity_words` it contains, or
    else `severity`.
    """

    LATER: ClassVar = ("number", "severity", "severity_words")

    key: str
    name: str
    open_to: str
    calendar: str
    advice: str = ""
    out_of_hours: str | None = None
    number: str = ""
    severity: str | None = None
    severity_words: dict[str, tuple[str, ...]] | None = None


class Team(PolicyPart, frozen=True):
    """A support line. `line` is its number in the process (2, 3, 4), None for a team that is not a support line."""

    key: str
    name: str
    calendar: str
    line: int | None = None


class Rung(PolicyPart, frozen=True):
    """One rung of the hierarchical ladder: a role that members of staff hold."""

    key: str
    name: str


class Thresholds(PolicyPart, frozen=True):
    """The shares of the target, in percent, from which a clock is due soon and at risk."""

    due_soon: int = 75
    at_risk: int = 90


class Hours(PolicyPart, frozen=True):
    """The definition of one calendar.

    `hours` maps `mon` .. `sun` to spans such as `("08:00", "18:00")`; `holidays` maps dates to names, `holidays_until`
    is the last day for which they are complete and `country` where they come from. `exceptions` replace the hours of a
    date.
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
    """Return the version in force at an instant, None without any version.

    Before the first effective date it is the first version.
    """
    versions = sorted(policies, key=lambda policy: policy.effective)
    return next(
        (policy for policy in reversed(versions) if policy.effective <= at), next(iter(versions), None)
    )


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A whole policy version. Look-ups raise KeyError for a key that the policy does not have.

    `attainment` is the percentage of targets to be met in a month, for severities without their own. `ladder` lists the
    roles up which a ticket is escalated by hand; each severity's own says what happens as its clocks run down. `mails`
    are the kinds of mail that customers get about their tickets.
    """

    LATER: ClassVar = ("escalation", "mails")

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
    escalation: EscalationSettings = EscalationSettings()
    mails: tuple[MailKind, ...] = ()

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
        return {hours.key: build_calendar(hours, refuse_unclear=False) for hours in self.calendars}

    def severity(self, key: str) -> Severity:
        """Return the severity with this key."""
        return self._severities[key]

    def rank(self, key: str) -> int:
        """Return the severity's position, 0 for the most severe."""
        return self._ranks[key]

    def attainment_of(self, key: str) -> int:
        """Return the percentage of a severity's targets to be met in a month."""
        own = self._severities[key].attainment
        return self.attainment if own is None else own

    def channel(self, key: str) -> Channel:
        """Return the channel with this key."""
        return self._channels[key]

    def team(self, key: str) -> Team:
        """Return the team with this key."""
        return self._teams[key]

    def hours(self, key: str) -> Hours:
        """Return the definition of the calendar with this key."""
        return self._hours[key]

    def calendar(self, key: str) -> BusinessCalendar:
        """Return the calendar with this key. Raises CalendarError for impossible hours, but not for unclear ones.

        Those were refused when the policy was installed or the day was changed.
        """
        return self._calendars[key]


NO_CRITICAL_NUMBER = "the policy gives no `number` to the channel by which customers report one"
"""Why no mail says what to call for a Critical."""


def lacks_promised_number(policy: Policy) -> bool:
    """Return whether customers are mailed a receipt that cannot say which number to call for a Critical."""
    return MailKind.RECEIPT in policy.mails and not find_critical_number(policy)


def find_unnumbered(policy: Policy) -> list[Channel]:
    """Return the channels without a number by which the severities that page somebody are to be reported."""
    urgent = {key for severity in policy.severities if severity.pages for key in severity.channels}
    return [channel for channel in policy.channels if channel.key in urgent and not channel.number]


def find_critical_number(policy: Policy) -> str:
    """Return the number to dial for what pages somebody, such as a Critical; empty where the policy has none."""
    channels = [policy.channel(key) for each in policy.severities if each.pages for key in each.channels]
    return next((channel.number for channel in channels if channel.number), "")


def build_calendar(hours: Hours, *, refuse_unclear: bool = True) -> BusinessCalendar:
    """Return the calendar of a definition. Raises CalendarError for an impossible one; see `BusinessCalendar`."""
    if hours.always:
        return BusinessCalendar.always()
    return BusinessCalendar(
        hours.timezone,
        {day: list(spans) for day, spans in hours.hours.items()},
        holidays=tuple(hours.holidays),
        holidays_until=hours.holidays_until,
        closed=hours.closed,
        exceptions={day: list(spans) for day, spans in hours.exceptions.items()},
        refuse_unclear=refuse_unclear,
    )


class DayChange(Protocol):
    """A closure (no spans) or other opening hours for one day of one calendar (rule 12)."""

    @property
    def calendar(self) -> str:
        """The key of the calendar."""
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
    """Return the policy with these days changed; of two changes to one day, the later one applies.

    A calendar that this version lacks, or that never closes, stays as it is, as the changes apply to all versions.
    Impossible hours raise CalendarError when the calendar is first used.
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
