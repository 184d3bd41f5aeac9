"""How the directory shows a time in which nobody is on call."""

from datetime import timedelta

from textual.widgets import Static

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.directory.record_types import gap_entry
from supportdesk.console.forms.choice_fields import FlagField
from supportdesk.tickets.rota.duty import Duty
from tests.console.fixtures.directory_keys import directory, find, form, screen
from tests.console.harness.console import Running
from tests.tickets.scenario import MONDAY_NINE


def test_rule_18_a_gap_that_has_begun_is_from_now_and_a_later_one_from_its_start() -> None:
    gap = Duty(None, MONDAY_NINE, None, left="priya")
    assert gap_entry(gap, "Europe/London", MONDAY_NINE + timedelta(hours=1)).subtitle == "now"
    before = gap_entry(gap, "Europe/London", MONDAY_NINE - timedelta(hours=1))
    assert before.subtitle == "from Mon 23 Nov 09:00 GMT"


def asked(it: Running) -> str:
    """Return the question that is asked now, and what it says."""
    return " ".join(str(each.render()) for each in it.app.screen.query(Static))


async def test_rule_18_who_leaves_a_gap_in_the_rota_is_asked_about_and_leaves_when_confirmed() -> None:
    async with directory(kind="People") as it:
        await find(it, "priya")
        (await form(it, "e")).query_one("#active", FlagField).restore("no")
        await it.pilot.press("f2")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        assert "Priya Nair has left?" in asked(it)
        await it.pilot.press("y")
        await it.until(lambda: isinstance(it.app.screen, Confirm) and "Leave a gap" in asked(it))
        assert "Nobody would be on call from Tue 24 Nov 2026" in asked(it)
        assert it.desk.records.staff["priya"].active
        await it.pilot.press("y")
        await it.until(lambda: it.app.screen is screen(it))
        assert not it.desk.records.staff["priya"].active
