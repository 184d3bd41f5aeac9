"""What people are told of the rota as time passes: gaps, the summary of the week, and the test page of the month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from supportdesk.desk_api import DeskApi
from supportdesk.sla.policy import Policy
from supportdesk.tickets.records.commands import SendNotice, WithdrawNotice
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.notices import gap_alarms, monthly_test
from supportdesk.tickets.rota.notices.gap_alarms import find_closed_gaps, find_gap_alarms
from supportdesk.tickets.rota.notices.monthly_test import find_test_pages, find_unanswered_notices
from supportdesk.tickets.rota.notices.notice import RotaNotice
from supportdesk.tickets.rota.notices.weekly_summary import find_weekly_summaries


class RotaNotices:
    """Finds the notices about the rota that are due, and the pages for gaps that were closed meanwhile."""

    def __init__(self) -> None:
        self._looked_at: tuple[RotaData, str] | None = None
        self._scheduled: tuple[RotaNotice, ...] = ()
        """What is due at this hour by the rota as it is: looking for it takes long, and it changes by the hour."""

    def __call__(
        self, desk: DeskApi, now: datetime, sent: frozenset[str]
    ) -> Iterator[SendNotice | WithdrawNotice]:
        """Yield the notices that are due and were not `sent`, and what is to be withdrawn."""
        data, policy = desk.roster().reference_data, desk.policy_at(now)
        zone = policy.timezone
        due = [*find_gap_alarms(data, now, zone), *self._find_scheduled(data, policy, now)]
        tests = desk.notices(f"{monthly_test.PREFIX} ")
        due += find_unanswered_notices(data, tests, now)
        for notice in due:
            if notice.key not in sent:
                yield SendNotice(notice.people, notice.kind, notice.text, notice.key, notice.urgent)
        pages = desk.notices(f"{gap_alarms.PREFIX} ")
        for key in find_closed_gaps(data, now, [each.key for each in pages if each.is_open]):
            yield WithdrawNotice(key)

    def _find_scheduled(self, data: RotaData, policy: Policy, now: datetime) -> tuple[RotaNotice, ...]:
        hour = f"{now.astimezone(ZoneInfo(policy.timezone)):%Y-%m-%d %H}"
        if self._looked_at is None or self._looked_at[0] is not data or self._looked_at[1] != hour:
            weekly = find_weekly_summaries(data, now, policy.timezone)
            self._scheduled = (*weekly, *find_test_pages(data, policy, now))
            self._looked_at = data, hour
        return self._scheduled
