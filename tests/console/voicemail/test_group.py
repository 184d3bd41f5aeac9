"""Voicemails and missed calls wait above the queue until they are settled, and are no tickets."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.console.dialogs.help_screen import HelpScreen
from supportdesk.console.messages import DeskDisconnected, DeskReconnected
from supportdesk.console.theme.dim import dimmed
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.records.incoming_commands import SettleMessage
from supportdesk.tickets.records.voicemail_commands import MarkHeard
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running, shown_keys
from tests.console.voicemail.voicemails import NOW, console, group, voicemail, waited, waiting
from tests.store.desks import address_of, done

NOT_A_TICKET = "This is a voicemail, not a ticket: enter listens to it."


async def test_what_waits_is_above_the_queue_with_age_state_caller_and_length(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            heading, first, stranger, empty, call = group(it)
            assert heading == "VOICEMAIL, NOT HEARD YET 3 · 1 more to decide"
            assert first == "● 37 min not heard Jo Park, Acme Ltd 0:48"
            assert stranger.startswith("● 32 min not heard Zoë [/oops]")
            assert stranger.endswith("x, +44 20 7946 0018 0:48")
            assert empty == "○ 22 min no speech number withheld 0:48"
            assert call == "☏ 12 min missed call +44 20 7946 0021"
            assert it.screen.voicemails.region.bottom == it.screen.queue.region.y


async def test_nothing_that_waits_takes_no_line() -> None:
    async with running(morning_desk()) as it:
        assert it.screen.voicemails.size.height == 0
        assert it.screen.header.region.bottom == it.screen.queue.region.y
        await it.press("0")
        assert it.focus == "queue"
        assert "No voicemail waits." in it.foot


async def test_the_cursor_goes_up_into_the_group_and_down_again(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            voicemails, keys = it.screen.voicemails, [each.key for each in waiting(desk)]
            # From the ticket over the headings above it.
            for _ in range(4):
                await it.press("k")
                if voicemails.has_focus:
                    break
            assert voicemails.has_focus
            assert voicemails.message is not None
            assert voicemails.message.key == keys[-1]
            await it.press("k", "up", "up", "up")
            assert voicemails.message.key == keys[0]
            await it.press("G", "j")
            assert it.focus == "queue"
            await it.press("0", "escape")
            assert it.focus == "queue"


async def test_neither_a_command_nor_a_mark_works_on_a_voicemail(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            for key in ("c", "space", "x", "M"):
                await it.press("0", key)
                assert NOT_A_TICKET in it.foot
                assert it.app.screen is it.screen
                await it.press("escape")
                assert NOT_A_TICKET not in it.foot
            assert it.screen.queue.marked == []
            await it.press("0", "question_mark")
            assert isinstance(it.app.screen, HelpScreen)
            assert "Listen to it" in shown_keys(it)
            assert "Claim" not in shown_keys(it)


async def test_the_cursor_stays_on_its_voicemail_while_others_come_and_go(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            await it.press("0", "g", "down")
            key = waiting(desk)[1].key
            done(desk, SettleMessage(waiting(desk)[0].key, "dismissed", reason="called back"), by="sam")
            done(desk, voicemail(1), by=INTAKE.key)
            await it.until(lambda: len(group(it)) == 5 and "Jo Park" not in group(it)[1])
            assert it.screen.voicemails.message is not None
            assert it.screen.voicemails.message.key == key


@pytest.mark.parametrize("theme", ["supportdesk-dark", "ansi-dark"])
async def test_what_waits_is_dimmed_as_the_queue_is_while_the_desk_is_unavailable(
    tmp_path: Path, theme: str
) -> None:
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            it.app.theme = theme
            await it.press("0")
            voicemails = it.screen.voicemails
            lines = [voicemails.render_line(y) for y in range(5)]
            reason = "The database does not answer; it is tried again."
            it.screen.post_message(DeskDisconnected(reason, NOW))
            await it.until(lambda: it.screen.queue.stale)
            for y, line in enumerate(lines):
                styles = [each.style for each in line if each.style is not None]
                assert [each.style for each in voicemails.render_line(y)] == [
                    dimmed(each, each) for each in styles
                ]
                assert str(voicemails.render_line(y).text) == line.text
            assert voicemails.render_line(1) != lines[1]
            it.screen.post_message(DeskReconnected())
            await it.until(lambda: not it.screen.queue.stale)
            assert voicemails.render_line(1) == lines[1]


async def test_one_that_was_heard_is_shown_until_it_is_settled_and_then_the_queue_has_the_focus(
    tmp_path: Path,
) -> None:
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            await it.press("0")
            first, *others = waiting(desk)
            for each in others:
                done(desk, SettleMessage(each.key, "dismissed", reason="a wrong number"), by="sam")
            done(desk, MarkHeard(first.key), by="sam")
            await it.until(lambda: len(group(it)) == 2 and "heard" in group(it)[1])
            assert group(it) == ["VOICEMAIL, TO DECIDE 1", "✓ 37 min heard Jo Park, Acme Ltd 0:48"]
            done(desk, SettleMessage(first.key, "dismissed", reason="a wrong number"), by="sam")
            await it.until(lambda: it.screen.voicemails.message is None)
            await it.until(lambda: it.focus == "queue")
            await it.until(lambda: it.screen.voicemails.size.height == 0)


async def test_a_small_screen_shows_a_few_and_how_many_more_there_are(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk), (80, 24)) as it:
            assert len(group(it)) == 4
            assert group(it)[-1] == "and 2 more"
            await it.press("0", "G")
            assert "missed call" in group(it)[2]
            assert group(it)[-1] == "2 more above"
            await it.press("k", "k")
            assert group(it)[-1] == "1 more above, 1 more below"
            await it.press("escape", "enter")
            await it.until(lambda: it.panes == {"ticket"})
            assert it.screen.voicemails.size.height == 0
