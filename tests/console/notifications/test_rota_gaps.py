"""A supervisor is shown a gap in the rota until it is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from supportdesk.console.rota.screen import RotaScreen
from supportdesk.tickets.documents import Absence, Line
from supportdesk.tickets.records.rota_commands import OverrideShifts, RecordAbsence
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import Running, running

MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
DAY = timedelta(days=1)
GAP = "Nobody is on call from Mon 30 Nov 2026 08:00 GMT to Tue 1 Dec 2026 08:00 GMT, as Tom Ellis is away"


def desk_with_gap() -> FakeDesk:
    desk = morning_desk()
    desk.records = replace(desk.records, absences=(Absence(1, "tom", MONDAY, MONDAY + DAY),))
    return desk


async def without_page(it: Running) -> None:
    """Wait for the gap's notice, and dismiss the page of Maya that stands before it."""
    notices = it.screen.controllers.notices
    await it.until(lambda: len(notices.notices) == 2)
    notices.respond("dismiss")
    await it.until(lambda: GAP in it.notice)


async def test_a_gap_is_shown_to_a_supervisor_until_it_is_closed() -> None:
    async with running(desk_with_gap(), username="maya") as it:
        await without_page(it)
        it.desk.do(OverrideShifts(Line.FIRST, MONDAY, MONDAY + DAY, "sam"), by="maya")
        await it.until(lambda: not it.notice)


async def test_its_key_opens_the_rota_and_once_dismissed_only_another_gap_comes_again() -> None:
    async with running(desk_with_gap(), username="maya") as it:
        await without_page(it)
        await it.pilot.press("f7")
        await it.until(lambda: isinstance(it.app.screen, RotaScreen))
        await it.pilot.press("escape")
        await it.until(lambda: not isinstance(it.app.screen, RotaScreen))
        await it.pilot.press("f12")
        await it.until(lambda: not it.notice)
        later = RecordAbsence("tom", MONDAY + 2 * DAY, MONDAY + 3 * DAY, despite_gap=True)
        it.desk.do(later, by="maya")
        await it.until(lambda: it.screen.session is not None and len(it.desk.records.absences) == 2)
        await it.rest()
        assert not it.notice
        earlier = RecordAbsence("priya", MONDAY - 2 * DAY, MONDAY - DAY, despite_gap=True)
        it.desk.do(earlier, by="maya")
        await it.until(lambda: "Priya Nair is away without a deputy (2 more)" in it.notice)


async def test_nobody_but_supervisors_is_shown_a_gap() -> None:
    async with running(desk_with_gap(), username="sam") as it:
        it.desk.do(RecordAbsence("tom", MONDAY + 2 * DAY, MONDAY + 3 * DAY, despite_gap=True), by="maya")
        await it.rest()
        assert not it.notice
