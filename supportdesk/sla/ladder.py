"""The ladder of a severity: who is alerted, when and how, as long as nobody acts."""

from __future__ import annotations

import msgspec

ARRIVAL, ACKNOWLEDGEMENT, RESPONSE, RESOLUTION, FIX_DATE = LADDER_CLOCKS = (
    "arrival",
    "acknowledgement",
    "response",
    "resolution",
    "fix date",
)
"""What the time of a rung is measured on: `acknowledgement` is the time in which nobody has acknowledged."""

NOTIFY, PAGE, REASSIGN = ACTIONS = ("notify", "page", "reassign")
"""What a rung does; a page must be acknowledged."""

OWNER, TEAM, ON_CALL, SECOND_ON_CALL, ACCOUNT_MANAGER, SUPERVISORS = RECIPIENTS = (
    "owner",
    "team",
    "on-call",
    "second-on-call",
    "account-manager",
    "supervisors",
)
"""The recipients besides the roles of the policy's `ladder`, which are given by their keys."""

BREACH = 100
"""The percentage of a target at whose end a clock is breached."""

MINUTE = 60


class Repeat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often a rung is repeated: `times` times at most, `minutes` apart on the rung's calendar."""

    minutes: int
    times: int


class EscalationRung(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rung of a severity's ladder.

    It is due at `percent` of the target of the clock `response` or `resolution` (100 is the breach), after `minutes`
    without acknowledgement, `days_before` working days before the fix date, or on arrival. If that is outside the hours
    of `calendar`, it is due at the next opening; an empty key means round the clock. `to` lists recipients: the first
    one who can be reached, or `each` of them.
    """

    key: str
    clock: str
    action: str
    to: tuple[str, ...]
    percent: int | None = None
    minutes: int | None = None
    days_before: int | None = None
    calendar: str = ""
    repeat: Repeat | None = None
    each: bool = False

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of the rung's steps: its key, and one for each repetition."""
        times = self.repeat.times if self.repeat else 0
        return (self.key, *(f"{self.key}/{number}" for number in range(2, times + 2)))

    @property
    def delays(self) -> tuple[int, ...]:
        """How long after the first of its steps each of them is due, in seconds of the rung's calendar."""
        times, minutes = (self.repeat.times, self.repeat.minutes) if self.repeat else (0, 0)
        return tuple(number * minutes * MINUTE for number in range(times + 1))


class EscalationSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long an acknowledgement stops the escalation, and how late a step still helps.

    An acknowledgement is valid for `acknowledged_percent` of the time that is left on the clock, and at least for
    `acknowledged_minutes`. A step that is more than `stale_minutes` late alerts nobody if a later one is due as well.
    """

    acknowledged_percent: int = 50
    acknowledged_minutes: int = 15
    stale_minutes: int = 60
