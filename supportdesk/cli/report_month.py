"""The month that a report is of."""

from __future__ import annotations

from datetime import date

from supportdesk.cli.errors import BadRequestError
from supportdesk.desk_api import PolicyQueries
from supportdesk.reports.periods import Period, month, month_at, month_name


def find_report_month(desk: PolicyQueries, wanted: date | None) -> Period:
    """Return the month of a day, this month without one. Raises BadRequestError for one in the future."""
    now = desk.now()
    zone = desk.policy_at(now).timezone
    present = month_at(now, zone)
    asked = month(wanted, zone) if wanted is not None else present
    if asked.start > present.start:
        raise BadRequestError(f"{month_name(asked)} is in the future; this month is {month_name(present)}.")
    return asked
