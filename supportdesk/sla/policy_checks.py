"""Checks a policy beyond the shape of its document (rule 14): each fault has its position and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from supportdesk.sla.calendar import CalendarError
from supportdesk.sla.ladder_checks import find_ladder_faults
from supportdesk.sla.policy import OPEN_TO, STEPS, Amount, Channel, Hours, Policy, build_calendar
from supportdesk.sla.wall_clock import load_zone
from supportdesk.toml_file.document import Fault


def find_faults(policy: Policy) -> list[Fault]:
    """Return everything that is wrong with a policy; an empty list if it can be installed."""
    return [
        *_frame(policy),
        *_calendars(policy),
        *_severities(policy),
        *_channels(policy),
        *_teams(policy),
        *_keys("ladder", (rung.key for rung in policy.ladder)),
        *find_ladder_faults(policy),
    ]


def _frame(policy: Policy) -> Iterator[Fault]:
    if not policy.version.strip():
        yield Fault("$.version", "is empty; give the version a name")
    if policy.effective.tzinfo is None:
        yield Fault("$.effective", "has no time zone; write one, as in 2026-01-01T00:00:00Z")
    yield from _timezone("$.timezone", policy.timezone)
    for name in ("severities", "channels", "teams", "calendars", "ladder"):
        if not getattr(policy, name):
            yield Fault(f"$.{name}", "is empty; give at least one")
    for name in ("pause_cap", "reopen_within", "close_after"):
        yield from _amount(policy, f"$.{name}", getattr(policy, name))
    due_soon, at_risk = policy.thresholds.due_soon, policy.thresholds.at_risk
    if not 0 < due_soon < at_risk <= 100:
        yield Fault(
            "$.thresholds",
            f"due_soon = {due_soon}, at_risk = {at_risk} are not in order; write percentages with "
            "0 < due_soon < at_risk <= 100",
        )
    yield from _percent("$.attainment", policy.attainment)


def _calendars(policy: Policy) -> Iterator[Fault]:
    yield from _keys("calendars", (hours.key for hours in policy.calendars))
    for number, hours in enumerate(policy.calendars):
        place = f"$.calendars[{number}]"
        if hours.always:
            yield from _always(place, hours)
            continue
        if not any(hours.hours.values()):
            yield Fault(
                f"{place}.hours", "is never open; give at least one day a span, or write always = true"
            )
            continue
        if hours.holidays and hours.holidays_until is None:
            yield Fault(
                f"{place}.holidays",
                "has no end; give the last day for which it is complete in holidays_until",
            )
        try:
            build_calendar(hours)
        except CalendarError as error:
            yield Fault(place, str(error))


def _always(place: str, hours: Hours) -> Iterator[Fault]:
    for name in ("hours", "country", "holidays", "closed", "exceptions"):
        if getattr(hours, name):
            yield Fault(f"{place}.{name}", "has no effect where always = true; remove one of the two")


def _severities(policy: Policy) -> Iterator[Fault]:
    yield from _keys("severities", (severity.key for severity in policy.severities))
    channels = [channel.key for channel in policy.channels]
    teams = [team.key for team in policy.teams]
    for number, severity in enumerate(policy.severities):
        place = f"$.severities[{number}]"
        yield from _some(f"{place}.channels", severity.channels, channels, "channel")
        yield from _some(f"{place}.answered_by", severity.answered_by, teams, "team")
        yield from _known(f"{place}.team", severity.team, teams, "team")
        yield from _amount(policy, f"{place}.response", severity.response)
        if severity.resolution is not None:
            yield from _amount(policy, f"{place}.resolution", severity.resolution)
        if severity.attainment is not None:
            yield from _percent(f"{place}.attainment", severity.attainment)
        if not severity.resolved_by:
            yield Fault(
                f"{place}.resolved_by", "is empty, so the target could never be met; give at least one way"
            )
        for way, steps in enumerate(severity.resolved_by):
            yield from _some(f"{place}.resolved_by[{way}]", steps, STEPS, "step")


def _channels(policy: Policy) -> Iterator[Fault]:
    keys = [channel.key for channel in policy.channels]
    yield from _keys("channels", keys)
    calendars = [hours.key for hours in policy.calendars]
    for number, channel in enumerate(policy.channels):
        place = f"$.channels[{number}]"
        yield from _known(f"{place}.calendar", channel.calendar, calendars, "calendar")
        yield from _known(f"{place}.open_to", channel.open_to, OPEN_TO, "kind of caller")
        if channel.out_of_hours is not None:
            yield from _known(f"{place}.out_of_hours", channel.out_of_hours, keys, "channel")
            if channel.out_of_hours == channel.key:
                yield Fault(f"{place}.out_of_hours", "is the channel itself; name another, or remove it")
        yield from _severity_words(policy, channel, place)


def _severity_words(policy: Policy, channel: Channel, place: str) -> Iterator[Fault]:
    severities = [severity.key for severity in policy.severities]
    if channel.severity is not None:
        yield from _known(f"{place}.severity", channel.severity, severities, "severity")
    for severity, words in (channel.severity_words or {}).items():
        yield from _known(f"{place}.severity_words.{severity}", severity, severities, "severity")
        if not words or not all(any(map(str.isalnum, each)) for each in words):
            yield Fault(
                f"{place}.severity_words.{severity}",
                'needs words that a request contains, such as ["system is down"]',
            )


def _teams(policy: Policy) -> Iterator[Fault]:
    yield from _keys("teams", (team.key for team in policy.teams))
    calendars = [hours.key for hours in policy.calendars]
    lines: set[int] = set()
    for number, team in enumerate(policy.teams):
        place = f"$.teams[{number}]"
        yield from _known(f"{place}.calendar", team.calendar, calendars, "calendar")
        if team.line is not None:
            if team.line < 1:
                yield Fault(f"{place}.line", f"{team.line} is not a line; lines are numbered from 1")
            if team.line in lines:
                yield Fault(f"{place}.line", f"line {team.line} already has a team; give each line one team")
            lines.add(team.line)


def _keys(name: str, keys: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, key in enumerate(keys):
        place = f"$.{name}[{number}].key"
        if not key or key != key.strip():
            yield Fault(place, f"{key!r} is not a key; write a word without spaces around it")
        if key in seen:
            yield Fault(place, f"{key!r} is used by an earlier one of the {name}; rename or remove one")
        seen.add(key)


def _amount(policy: Policy, place: str, amount: Amount) -> Iterator[Fault]:
    yield from _known(
        f"{place}.calendar", amount.calendar, [hours.key for hours in policy.calendars], "calendar"
    )
    if amount.hours < 0 or amount.minutes < 0 or amount.seconds == 0:
        yield Fault(place, "is not a positive time; give hours, minutes or both, above zero")


def _percent(place: str, percent: int) -> Iterator[Fault]:
    if not 0 < percent <= 100:
        yield Fault(place, f"{percent} is not a percentage; write a number above 0, up to 100")


def _known(place: str, key: str, known: Iterable[str], noun: str) -> Iterator[Fault]:
    if key not in known:
        yield Fault(place, f"there is no {noun} {key!r}; write one of: {', '.join(known)}")


def _some(place: str, keys: tuple[str, ...], known: Iterable[str], noun: str) -> Iterator[Fault]:
    if not keys:
        yield Fault(place, f"is empty; name at least one {noun}")
    for number, key in enumerate(keys):
        yield from _known(f"{place}[{number}]", key, known, noun)


def _timezone(place: str, name: str) -> Iterator[Fault]:
    try:
        load_zone(name)
    except CalendarError as error:
        yield Fault(place, str(error))
