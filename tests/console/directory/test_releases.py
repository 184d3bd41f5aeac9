"""Releases in the directory: a day that moves shows whose promises move with it, and stays out of the past."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
from msgspec.structs import replace
from textual.widgets import Static

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.directory.record_form import RecordForm
from tests.console.fixtures.directory_keys import directory, find, form, said, screen, write
from tests.console.fixtures.morning import morning_desk


async def test_rule_05_moving_a_release_first_lists_the_tickets_whose_fix_date_moves() -> None:
    async with directory(kind="Releases") as it:
        write(await form(it, "e"), day="16 Dec")
        await it.pilot.press("f2")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        asked = " ".join(str(each.render()) for each in it.app.screen.query(Static))
        assert "Move 7.4 from 9 Dec to 16 Dec?" in asked
        assert "Acme Ltd: Wrong total in one report" in asked
        assert it.desk.records.releases["7.4"].day == date(2026, 12, 9)
        await it.pilot.press("y")
        await it.until(lambda: it.app.screen is screen(it))
        assert it.desk.records.releases["7.4"].day == date(2026, 12, 16)


async def test_rule_05_a_release_day_in_the_past_is_refused_without_a_question() -> None:
    async with directory(kind="Releases") as it:
        write(await form(it, "e"), day="2025-12-29")
        await it.pilot.press("f2")
        await it.until(lambda: bool(it.app.screen.query(".status.refused")))
        assert isinstance(it.app.screen, RecordForm)
        status = str(it.app.screen.query_one(".status", Static).render())
        assert "29 Dec 2025 is in the past and 7.4 has not shipped" in status
        assert it.desk.records.releases["7.4"].day == date(2026, 12, 9)


async def test_moving_a_release_without_promised_fixes_says_so_and_can_be_cancelled() -> None:
    async with directory(kind="Releases") as it:
        await find(it, "7.5")
        write(await form(it, "e"), day="2027-02-03")
        await it.pilot.press("f2")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        assert any(
            "No ticket has a fix promised" in str(each.render()) for each in it.app.screen.query(Static)
        )
        await it.pilot.press("escape")
        await it.until(lambda: isinstance(it.app.screen, RecordForm))
        assert it.desk.records.releases["7.5"].day == date(2027, 1, 20)


async def test_a_shipped_release_cannot_be_edited() -> None:
    desk = morning_desk()
    out = msgspec.structs.replace(desk.records.releases["7.4"], shipped_at=datetime(2026, 11, 20, tzinfo=UTC))
    desk.records = replace(desk.records, releases={"7.4": out})
    async with directory(desk, kind="Releases") as it:
        await it.pilot.press("e")
        assert "7.4 has shipped" in said(it)
