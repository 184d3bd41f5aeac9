"""The lock screen hides every text of customers and tickets, and lets no key and no click through."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual import events
from textual.widgets import TextArea

from supportdesk.console.calls.incoming import CallReceived
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.lock.idle import IdleTime
from supportdesk.console.lock.screen import LockScreen
from supportdesk.console.messages import StepsOverdue
from supportdesk.console.terminal.lock_mode import desk_screens
from supportdesk.settings.files import SettingsFiles
from supportdesk.store.read_models import DueTicket
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.page_shown import MarkPageShown
from supportdesk.tickets.process.triage import Acknowledge
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, morning_desk, ref_of
from tests.console.harness.console import Running, running
from tests.console.harness.pictures import SIZES
from tests.console.main.test_replay import Seconds, a_past

AT_RISK, UNOWNED_HIGH = "CD-4C01-T", "CD-4C05-H"


def drawn(it: Running) -> str:
    """Return all that is on the screen, whatever screen that is."""
    strips = it.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def lock_of(it: Running) -> LockScreen:
    """Return the lock screen, which must be shown."""
    assert isinstance(it.app.screen, LockScreen)
    return it.app.screen


def texts_of_customers(desk: FakeDesk) -> set[str]:
    """Return the summaries, customers and contacts of all tickets."""
    rows = desk.queue().rows
    return {text for row in rows for text in (row.summary[:20], row.organisation, row.contact) if text}


async def locked(it: Running, key: str = "L") -> LockScreen:
    """Lock the console by a key, and wait until it is."""
    await it.pilot.press(key)
    await it.until(lambda: isinstance(it.app.screen, LockScreen) and it.app.screen.is_mounted)
    await it.pilot.pause()
    return lock_of(it)


async def typed_after_a_pause(it: Running, key: str) -> None:
    """Press a key that does not come so soon after the one that unlocked that it is dropped."""
    await it.until(lambda: it.app.typed._dropped is None)
    await it.press(key)


def with_settings(tmp_path: Path, text: str) -> SettingsFiles:
    files = SettingsFiles(tmp_path / "config.toml", tmp_path / "console.toml")
    files.config.write_text(text)
    return files


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_no_text_of_a_ticket_is_on_the_lock_screen_but_the_figures_are(size: tuple[int, int]) -> None:
    desk = morning_desk()
    async with running(desk, size) as it:
        await it.until(lambda: any(text in drawn(it) for text in texts_of_customers(desk)))
        await locked(it)
        shown = drawn(it)
        assert not [text for text in texts_of_customers(desk) if text in shown]
        assert "breached" in shown
        assert "Press any key to unlock." in shown
        await it.press("j")
        assert not it.app.is_locked


@pytest.mark.parametrize(
    "key", ["n", "q", "f10", "f2", "f4", "f7", "f12", "ctrl+p", "ctrl+q", "enter", "escape"]
)
async def test_the_key_that_unlocks_does_nothing_else(key: str) -> None:
    desk = morning_desk()
    async with running(desk) as it:
        cursor = it.under_cursor
        await locked(it)
        await it.press(key)
        assert it.app.screen is it.screen
        assert it.app.is_running
        assert it.under_cursor == cursor
        assert not [command for command, _, _ in desk.commands if not isinstance(command, MarkPageShown)]


async def test_letters_typed_after_the_key_that_unlocks_do_not_reach_the_queue() -> None:
    async with running(morning_desk()) as it:
        await locked(it)
        for key in "lq":
            it.app.post_message(events.Key(key, key))
        await it.rest()
        assert it.app.screen is it.screen
        assert it.app.is_running


async def test_a_form_keeps_what_was_typed_and_its_focus() -> None:
    async with running(morning_desk()) as it:
        await it.press("2", "i")
        await it.until(lambda: isinstance(it.app.screen, CommandForm))
        await it.press("h", "i")
        form, focused = it.app.screen, it.app.focused
        await locked(it, "shift+f11")
        await it.press("x")
        assert it.app.screen is form
        assert it.app.focused is focused
        assert form.query_one(TextArea).text == "hi"
        await typed_after_a_pause(it, "!")
        assert form.query_one(TextArea).text == "hi!"


async def test_a_form_that_opens_while_the_console_is_locked_opens_behind_it() -> None:
    async with running(morning_desk()) as it:
        it.screen.action_command("note")
        await locked(it, "shift+f11")
        await it.until(lambda: isinstance(desk_screens(it.app)[-1], CommandForm))
        assert isinstance(it.app.screen, LockScreen)
        await it.press("x")
        await it.until(lambda: isinstance(it.app.screen, CommandForm))
        await typed_after_a_pause(it, "h")
        assert it.app.screen.query_one(TextArea).text == "h"


async def test_a_click_unlocks_and_clicks_nothing_behind() -> None:
    async with running(morning_desk()) as it:
        cursor = it.under_cursor
        await locked(it)
        for kind in (events.MouseMove, events.MouseDown, events.MouseUp):
            it.app.post_message(kind(None, 20, 20, 0, 0, 1, False, False, False, 20, 20))
        await it.rest()
        assert it.app.screen is it.screen
        assert it.under_cursor == cursor


async def test_a_page_says_so_without_its_text_and_is_shown_as_a_notice_after_unlocking() -> None:
    desk = morning_desk()
    async with running(desk, username="maya") as it:
        await it.until(lambda: bool(it.notice))
        await it.press("f12")
        lock = await locked(it)
        high = ref_of(desk, "Purchase order")
        shown_before = sum(isinstance(command, MarkPageShown) for command, _, _ in desk.commands)
        desk.do_as("ann", Escalate(high, way="hierarchical", reason="stuck"))
        await it.until(lambda: high in it.screen.queue.model.index.paging)  # type: ignore[union-attr]
        lock.update_status()
        await it.pilot.pause()
        await it.until(lambda: f"You are paged for {high}, High: paged" in drawn(it))
        assert "Purchase order" not in drawn(it)
        await it.press("f7")
        # The page is on the operator's screen only now, and the key that unlocked did not acknowledge it.
        await it.until(lambda: high in it.notice)
        await it.until(
            lambda: sum(isinstance(command, MarkPageShown) for command, _, _ in desk.commands) > shown_before
        )
        await it.press("f7")
        assert "read it first" in it.notice
        assert not [command for command, _, _ in desk.commands if isinstance(command, Acknowledge)]


async def test_a_call_rings_without_the_caller_and_cannot_be_answered() -> None:
    async with running(morning_desk()) as it:
        lock = await locked(it)
        it.app.post_message(CallReceived("020 7946 0018"))
        await it.until(lambda: it.app._incoming_calls is not None and it.app._incoming_calls.rings)
        lock.update_status()
        await it.pilot.pause()
        await it.until(lambda: "An incoming call: unlock, then F4 answers it." in drawn(it))
        assert "Jo Park" not in drawn(it)
        assert "7946" not in drawn(it)
        await it.press("f4")
        assert it.app.screen is it.screen
        assert it.app._incoming_calls is not None
        assert it.app._incoming_calls.rings
        await it.until(lambda: "Jo Park" in drawn(it))


async def test_what_no_watcher_has_done_is_on_the_lock_screen_without_a_telephone_number() -> None:
    async with running(morning_desk()) as it:
        lock = await locked(it)
        it.screen.post_message(StepsOverdue((DueTicket(AT_RISK, NOW - timedelta(minutes=12)),)))
        await it.until(lambda: bool(it.screen.updates.overdue.tickets))
        lock.update_status()
        due = f"{AT_RISK}: due at 09:30 GMT, and no watcher has acted on it."
        await it.until(lambda: due in drawn(it))
        assert "Ring" not in drawn(it)


async def test_the_title_and_the_desktop_notices_go_on_without_a_text(tmp_path: Path) -> None:
    desk = morning_desk()
    files = with_settings(tmp_path, '[notices]\nby = "osc9"\n')
    async with running(desk, username="maya", files=files) as it:
        written: list[str] = []
        assert it.app._terminal is not None
        it.app._terminal._write = written.append
        await locked(it)
        high = ref_of(desk, "Purchase order")
        desk.do_as("ann", Escalate(high, way="hierarchical", reason="stuck"))
        await it.until(lambda: any(f"{high} is paging you" in text for text in written))
        assert not [text for text in written if "Purchase order" in text]


async def test_a_lost_desk_is_shown_as_stale_and_comes_back_behind_the_lock() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        lock = await locked(it)
        desk.outage = "The database does not answer; it is tried again."
        await it.until(lambda: it.screen.queue.stale)
        lock.update_status()
        await it.pilot.pause()
        await it.until(lambda: "stale since 09:42 GMT" in drawn(it))
        desk.outage = None
        await it.until(lambda: not it.screen.queue.stale)


async def test_the_console_stays_locked_when_the_terminal_is_resized_and_fits_it_afterwards() -> None:
    async with running(morning_desk()) as it:
        await it.press("2", "i")
        await it.until(lambda: isinstance(it.app.screen, CommandForm))
        await locked(it, "shift+f11")
        await it.pilot.resize_terminal(80, 24)
        assert isinstance(it.app.screen, LockScreen)
        await it.press("x")
        await it.until(lambda: it.screen.size.width == 80)
        assert it.app.screen.size.width == 80


async def test_the_console_can_begin_locked() -> None:
    desk = morning_desk()
    async with running(desk, locked=True) as it:
        await it.until(lambda: isinstance(it.app.screen, LockScreen) and "breached" in drawn(it))
        assert not [text for text in texts_of_customers(desk) if text in drawn(it)]
        await it.press("x")
        assert it.app.screen is it.screen
        await it.until(lambda: AT_RISK in drawn(it))


async def test_idle_time_locks_the_console_and_the_key_that_comes_too_late_reaches_nothing(
    tmp_path: Path,
) -> None:
    files = with_settings(tmp_path, "[lock]\nafter_minutes = 10\n")
    async with running(morning_desk(), files=files) as it:
        lock = it.app._lock
        assert lock is not None
        now = 0.0
        lock.idle = IdleTime(600.0, lambda: now)
        now = 599.0
        await it.press("down")
        now = 1198.0
        lock.check_idle()
        assert not it.app.is_locked
        cursor = it.under_cursor
        now = 1199.0
        await it.pilot.press("n")
        await it.pilot.pause()
        lock_of(it)
        now = 9999.0
        lock.check_idle()
        await it.press("n")
        assert it.app.screen is it.screen
        assert it.under_cursor == cursor
        now = 10599.0
        lock.check_idle()
        assert it.app.is_locked


async def test_without_the_setting_no_time_locks_the_console() -> None:
    async with running(morning_desk()) as it:
        assert it.app._lock is not None
        assert it.app._lock.idle.limit is None


async def test_a_replay_is_locked_as_the_desk_is_and_its_keys_do_nothing() -> None:
    past = a_past(Seconds())
    async with running(past) as it:
        lock = await locked(it)
        await it.until(lambda: "REPLAY" in drawn(it))
        assert not [text for text in texts_of_customers(past) if text in drawn(it)]
        assert past.controls is not None
        await it.press("space")
        assert not past.controls.running
        assert it.app.screen is not lock


async def test_a_signal_on_a_locked_console_saves_the_forms_behind(tmp_path: Path) -> None:
    async with running(morning_desk(), drafts=tmp_path) as it:
        await it.press("2", "i")
        await it.until(lambda: isinstance(it.app.screen, CommandForm))
        await it.press("h", "i")
        await locked(it, "shift+f11")
        it.app._leave(143)
    async with running(morning_desk(), drafts=tmp_path) as it:
        await it.until(lambda: "unfinished note" in it.notice)
