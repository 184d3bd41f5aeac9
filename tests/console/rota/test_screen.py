"""The rota on the screen: shifts are seen, overridden and swapped by keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace
from textual.events import Key
from textual.widgets import Input, Static

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.help_screen import HelpScreen
from supportdesk.console.forms.field import Field
from supportdesk.console.rota.forms import RotaForm
from supportdesk.console.rota.screen import RotaScreen
from supportdesk.tickets.documents import Absence, Line, Override, Swap, SwapState
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, morning_desk
from tests.console.harness.console import Running, lines, running
from tests.console.rota.test_pictures import busy_desk

DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
"""Tom takes over from Priya, who is on call on the morning of the 24th."""


@asynccontextmanager
async def rota(desk: FakeDesk | None = None, username: str = "maya") -> AsyncIterator[Running]:
    """Open a console with its rota; Maya is a supervisor."""
    async with running(desk or morning_desk(), username=username) as it:
        await it.pilot.press("R")
        await it.until(lambda: isinstance(it.app.screen, RotaScreen) and it.app.screen.calendar is not None)
        await it.pilot.pause()
        yield it


def screen(it: Running) -> RotaScreen:
    return next(each for each in it.app.screen_stack if isinstance(each, RotaScreen))


def shown(it: Running, name: str = "shifts") -> str:
    return " ".join("\n".join(lines(screen(it).query_one(f".{name}", Static))).split())


def said(it: Running) -> str:
    return screen(it).foot.message


async def form(it: Running, key: str, **texts: str) -> RotaForm:
    """Press a key, and fill in the form that it opens."""
    await it.pilot.press(key)
    await it.until(lambda: isinstance(it.app.screen, RotaForm))
    await it.pilot.pause()
    found = it.app.screen
    assert isinstance(found, RotaForm)
    for name, text in texts.items():
        found.query_one(f"#{name} Input", Input).value = text
    await it.pilot.pause()
    return found


async def sent(it: Running) -> None:
    await it.pilot.press("f2")
    await it.until(lambda: it.app.screen is screen(it) and bool(said(it)))
    await it.pilot.pause()


async def answered(it: Running, key: str, answer: str = "y") -> None:
    """Press a key and answer the question that it asks."""
    await it.pilot.press(key)
    await it.until(lambda: isinstance(it.app.screen, Confirm))
    await it.pilot.press(answer)
    await it.until(lambda: it.app.screen is screen(it))
    await it.pilot.pause()


async def test_it_shows_who_is_on_call_on_each_day_and_today_first() -> None:
    async with rota() as it:
        assert "Mon 23 Nov 2026 to" in shown(it, "period")
        weeks = shown(it, "weeks")
        assert weeks.startswith("Nov 23 24 25 26 27 28 29 Priya")
        assert "1 Dec" in weeks
        assert shown(it).startswith("Tue 24 Nov 2026 > Priya Nair Mon 23 Nov 08:00 to Mon 30 Nov 08:00 GMT")
        assert "On call now on +44 7700 900104" in shown(it)


async def test_the_keys_move_by_days_and_weeks_and_back_to_today() -> None:
    async with rota() as it:
        for key, day in (
            ("right", "Wed 25 Nov"),
            ("down", "Wed 2 Dec"),
            ("left", "Tue 1 Dec"),
            ("up", "Tue 24 Nov"),
            ("pagedown", "Tue 22 Dec"),
            ("t", "Tue 24 Nov"),
            ("pageup", "Tue 27 Oct"),
        ):
            await it.pilot.press(key)
            await it.pilot.pause()
            assert shown(it).startswith(day)
        calendar = screen(it).calendar
        assert calendar is not None
        assert calendar.first == date(2026, 10, 26)
        assert "nobody" in shown(it, "weeks")
        assert "No rotation covers it" in shown(it)
        await it.pilot.press("escape")
        await it.until(lambda: not isinstance(it.app.screen, RotaScreen))


async def test_a_week_names_both_its_months_and_each_month_where_it_begins() -> None:
    async with rota() as it:
        screen(it).action_move((date(2026, 12, 28) - date(2026, 11, 24)).days)
        await it.pilot.pause()
        weeks = shown(it, "weeks")
        # 2 December 2026 is a Wednesday, and 1 February 2027 a Monday, which its row names.
        assert "Nov/Dec 30 1 Dec 2 3" in weeks
        assert "Dec/Jan 28 hol" in weeks
        assert "30 31 1 Jan hol 2 3" in weeks
        screen(it).action_move(35)
        await it.pilot.pause()
        assert "Feb 1 2 3" in shown(it, "weeks")
        assert "1 Feb" not in shown(it, "weeks")


async def test_a_bank_holiday_is_marked_and_named() -> None:
    async with rota() as it:
        screen(it).action_move((date(2026, 12, 25) - date(2026, 11, 24)).days)
        await it.pilot.pause()
        assert "25 holiday 26" in shown(it, "weeks")
        assert shown(it).startswith("Fri 25 Dec 2026 · Christmas Day")


async def test_the_calendar_ends_ten_years_from_today() -> None:
    async with rota() as it:
        for days in (100_000, -100_000):
            screen(it).action_move(days)
            await it.pilot.pause()
        assert shown(it).startswith("Sat 26 Nov 2016")


async def test_a_shift_is_overridden_by_keys_from_now_on() -> None:
    async with rota() as it:
        await form(it, "o", person="sam", end="24 Nov 2026 18:00", reason="dentist")
        await sent(it)
        assert it.desk.records.overrides == (
            Override(1, Line.FIRST, NOW, NOW.replace(hour=18, minute=0), "sam", NOW, "dentist"),
        )
        await it.until(lambda: "Sam Okoro" in shown(it))
        await it.pilot.press("t")
        await it.pilot.pause()
        assert "> Sam Okoro" in shown(it)
        assert "Override, instead of Priya Nair" in shown(it)
        duty = screen(it).session.roster.duty.on_call
        assert duty is not None
        assert duty.username == "sam"
        await answered(it, "x")
        assert it.desk.records.overrides[0].end == NOW


async def test_a_form_that_has_no_fields_yet_or_any_more_sends_nothing() -> None:
    async with rota() as it:
        for key in ("o", "s"):
            opened = await form(it, key)
            await opened.query(Field).remove()
            await opened.action_send()
            await it.pilot.press("f2", "escape")
            await it.until(lambda: it.app.screen is screen(it))
        assert not it.desk.records.overrides
        assert not it.desk.records.swaps


async def test_a_key_in_one_burst_with_the_answer_about_a_gap_goes_to_the_rota(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send = RotaForm.action_send

    async def send_late(self: RotaForm) -> None:
        if self._despite_gap:
            # The answer has been handled before this, and the next key is held back.
            await it.until(lambda: it.app.typed.is_waiting and it.app.typed._in_delivery is None)
        await send(self)

    monkeypatch.setattr(RotaForm, "action_send", send_late)
    desk = morning_desk()
    desk.records = replace(desk.records, absences=(Absence(1, "sam", MONDAY, MONDAY + DAY),))
    async with rota(desk) as it:
        await it.pilot.press("down")
        await form(it, "o", person="sam")
        await it.pilot.press("f2")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        for key, character in (("y", "y"), ("question_mark", "?")):
            it.app.post_message(Key(key, character))
        await it.until(lambda: isinstance(it.app.screen, HelpScreen))
        assert [each.person for each in desk.records.overrides] == ["sam"]


async def test_an_override_that_nobody_would_cover_asks_first() -> None:
    desk = morning_desk()
    desk.records = replace(desk.records, absences=(Absence(1, "sam", MONDAY, MONDAY + DAY),))
    async with rota(desk) as it:
        await it.pilot.press("down")
        await form(it, "o", person="sam")
        await it.pilot.press("f2")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        text = " ".join(str(each.render()) for each in it.app.screen.query(Static))
        assert "Nobody would be on call from Mon 30 Nov 2026 08:00 GMT to Tue 1 Dec 2026 08:00 GMT." in text
        assert not desk.records.overrides
        await it.pilot.press("y")
        await it.until(lambda: it.app.screen is screen(it) and bool(said(it)))
        assert [each.person for each in desk.records.overrides] == ["sam"]


async def test_a_swap_is_offered_accepted_and_approved_by_keys() -> None:
    desk = morning_desk()
    async with rota(desk, "tom") as it:
        await it.pilot.press("down")
        await form(it, "s", colleague="priya")
        await sent(it)
        assert "Offered to Priya Nair (swap 1)" in shown(it)
        await answered(it, "v")
        assert "Only an administrator or a supervisor" in said(it)
    async with rota(desk, "priya") as it:
        await it.pilot.press("down")
        await form(it, "c", in_return="7 Dec 2026 09:00")
        await sent(it)
        assert "Swap 1, accepted by Priya Nair for Mon 7 Dec 08:00 GMT; to be approved" in shown(it)
    async with rota(desk) as it:
        await it.pilot.press("down")
        await answered(it, "v")
        assert "Approve a swap: approved." in said(it)
        await it.until(lambda: "Swap, instead of Tom Ellis" in shown(it))
    assert desk.records.swaps[0].state is SwapState.APPROVED


async def test_a_swap_is_closed_and_what_is_not_offered_says_so() -> None:
    desk = morning_desk()
    desk.records = replace(desk.records, swaps=(Swap(1, Line.FIRST, "tom", MONDAY, MONDAY + 7 * DAY),))
    async with rota(desk) as it:
        await it.pilot.press("v")
        assert said(it) == "This shift is not offered in a swap."
        await it.pilot.press("x")
        assert said(it) == "There is no override, absence or open swap to end here."
        await it.pilot.press("down")
        await answered(it, "x", "n")
        assert [each.state for each in desk.records.swaps] == [SwapState.OFFERED]
        await answered(it, "x")
        assert [each.state for each in desk.records.swaps] == [SwapState.DECLINED]


async def test_an_absence_is_recorded_with_a_deputy_and_ended() -> None:
    async with rota() as it:
        await it.pilot.press("down")
        shown_form = await form(it, "a", end="1 Dec 2026 08:00")
        shown_form.query_one("#deputy Input", Input).focus()
        await it.pilot.press("l", "e", "e")
        await sent(it)
        assert it.desk.records.absences == (Absence(1, "tom", MONDAY, MONDAY + DAY, "lee"),)
        await it.pilot.press("t", "down", "left")
        await it.until(lambda: "Deputy, instead of Tom Ellis" in shown(it))
        await it.pilot.press("tab")
        await answered(it, "x")
        assert it.desk.records.absences[0].end == MONDAY


async def test_a_busy_rota_shows_lines_gaps_and_all_shifts_of_a_day() -> None:
    async with rota(busy_desk()) as it:
        await it.pilot.press("down")
        for _ in range(4):
            await it.pilot.press("right")
        await it.pilot.pause()
        text = shown(it)
        assert "Nobody first line, Sat 5 Dec 08:00 to Sun 6 Dec 08:00 GMT" in text
        assert "Tom Ellis is away without a deputy" in text
        assert text.count("second line") == 3
        await form(it, "o", person="ann")
        await sent(it)


async def test_what_is_over_cannot_be_overridden() -> None:
    async with rota() as it:
        await it.pilot.press("up")
        await it.pilot.press("o")
        assert said(it) == "This shift is over, and who was on call then stays."
        await it.pilot.press("escape")
        assert said(it) == ""
        await it.pilot.press("s")
        assert said(it).startswith("Nobody is on call then")
        await it.pilot.press("question_mark")
        await it.until(lambda: isinstance(it.app.screen, HelpScreen))


async def test_somebody_without_an_address_is_marked() -> None:
    desk = morning_desk()
    silent = replace(desk.records.staff["priya"], telephone="", email="")
    desk.records = replace(desk.records, staff={**desk.records.staff, "priya": silent})
    async with rota(desk) as it:
        assert "Has neither a telephone number nor an email address" in shown(it)
