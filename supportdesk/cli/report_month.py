"""The month that a report is of."""

from __future__ import annotations

from datetime import date

from supportdesk.cli.errors import BadRequestError
from supportdesk.desk_api import PolicyQueries
from supportdesk.reports.periods import Period, month, month_at, month_name


def find_report_month(desk: PolicyQueries, wanted: date | None, months_ahead: int = 0) -> Period:
    """Return the month of a day, this month without one.

    Raises BadRequestError for one in the future, or by more than `months_ahead`.
    """
    now = desk.now()
    zone = desk.policy_at(now).timezone
    present = month_at(now, zone)
    asked = month(wanted, zone) if wanted is not None else present
    ahead = 12 * (asked.first.year - present.first.year) + asked.first.month - present.first.month
    if ahead <= months_ahead:
        return asked
    advice = f"; ask for one of the next {months_ahead} months" if months_ahead else ""
    raise BadRequestError(
        f"{month_name(asked)} is {'too far ' if months_ahead else ''}in the future; this month is"
        f" {month_name(present)}{advice}."
    )
