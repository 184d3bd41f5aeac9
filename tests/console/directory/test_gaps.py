"""How the directory shows a time in which nobody is on call."""

from datetime import timedelta

from supportdesk.console.directory.record_types import gap_entry
from supportdesk.tickets.rota.duty import Duty
from tests.tickets.scenario import MONDAY_NINE


def test_rule_18_a_gap_that_has_begun_is_from_now_and_a_later_one_from_its_start() -> None:
    gap = Duty(None, MONDAY_NINE, None, left="priya")
    assert gap_entry(gap, "Europe/London", MONDAY_NINE + timedelta(hours=1)).subtitle == "now"
    before = gap_entry(gap, "Europe/London", MONDAY_NINE - timedelta(hours=1))
    assert before.subtitle == "from Mon 23 Nov 09:00 GMT"
