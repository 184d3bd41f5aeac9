"""The supervisors' board as a value: all its figures at one instant, from one read of the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from supportdesk.reports.ages import Age, group_by_age
from supportdesk.reports.attainment import MonthAttainment, compute_attainment
from supportdesk.reports.breaches import Breaches, list_breaches
from supportdesk.reports.flow import Week, count_by_week
from supportdesk.reports.load import Load, loads_of_people, loads_of_teams
from supportdesk.reports.outcomes import list_promises
from supportdesk.reports.periods import month_at, weeks_up_to
from supportdesk.reports.upcoming import Upcoming, find_upcoming_breaches
from supportdesk.sla.clocks import epoch, instant
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import Roster, TicketHistory


class Board(msgspec.Struct, frozen=True):
    """All figures of the board. `ahead` are the upcoming breaches."""

    month: MonthAttainment
    breaches: Breaches
    people: tuple[Load, ...]
    teams: tuple[Load, ...]
    ahead: tuple[Upcoming, ...]
    weeks: tuple[Week, ...]
    ages: tuple[Age, ...]
    unpaged: tuple[str, ...] = ()
    """The references of the open tickets whose page reached nobody, the oldest first."""
    undelivered: tuple[str, ...] = ()
    """The references of the open tickets whose contact a mail did not reach, the oldest first."""


def needed_since(now: datetime, zone: str) -> datetime:
    """Return the instant since which closed tickets are needed for the board at `now`."""
    return instant(min(month_at(now, zone).start, weeks_up_to(now, zone)[0].start))


def build_board(
    histories: Sequence[TicketHistory],
    policies: Mapping[str, Policy],
    policy: Policy,
    roster: Roster,
    now: datetime,
) -> Board:
    """Return the board at `now`, from tickets that were read `needed_since` then. `policy` is the version in force."""
    at, zone = epoch(now), policy.timezone
    rows = [history.row for history in histories]
    oldest_first = sorted((row for row in rows if row.is_open), key=lambda row: row.received_at)
    promises = list(list_promises(histories, policies, at))
    month = month_at(now, zone)
    return Board(
        month=compute_attainment(promises, policy, month),
        breaches=list_breaches(promises, policies, month),
        people=loads_of_people(rows, roster, at),
        teams=loads_of_teams(rows, (team.key for team in policy.teams), at),
        ahead=find_upcoming_breaches(rows, at),
        weeks=count_by_week(histories, weeks_up_to(now, zone)),
        ages=group_by_age(rows, at),
        unpaged=tuple(row.ref for row in oldest_first if row.nobody_paged),
        undelivered=tuple(row.ref for row in oldest_first if row.is_undelivered),
    )
