"""The main screen: what it shows, what its keys do, and how it follows colleagues' changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.strip import Strip
from textual.widgets import Static

from supportdesk.console.queue.drawn_timers import FLASH
from supportdesk.console.queue.views import ALL_OPEN, MINE
from supportdesk.console.terminal.host import HostTerminal
from supportdesk.sla.clocks import State
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.triage import Log
from tests.console.fixtures.morning import NOW, empty_desk, morning_desk, night_desk
from tests.console.harness.console import Running, running

CRITICAL, AT_RISK, UNOWNED_HIGH, ANNS, RESOLVED = (
    "CD-4C00-W",
    "CD-4C01-T",
    "CD-4C05-H",
    "CD-4C02-Q",
    "CD-4C0D-1",
)


async def test_the_queue_is_shown_with_the_ticket_beside_it() -> None:
    async with running(morning_desk()) as it:
        assert it.queue[0].split("  ")[0] == " CRITICAL"
        assert it.queue[0].endswith("respond in 1 h, resolve in 8 h, round the clock")
        assert it.line(CRITICAL).startswith("▌✖   -0:13:00 resolve breached   CD-4C00-W   Acme Ltd")
        assert it.line(CRITICAL).endswith("paging Maya 11 min: ↑ Checkout …  Priya N.")
        assert it.line(AT_RISK).startswith(" ▲    0:06:00 respond at risk    CD-4C01-T   Northwind Tra…")
        assert "Checkout hangs for every user" in it.ticket_text
        assert "Jo Park, super user" in it.ticket_text
        assert "to customer: Rolling back last night's change, 20 minutes." in it.ticket_text


async def test_the_header_shows_office_hours_rota_counts_views_and_time() -> None:
    async with running(morning_desk()) as it:
        for told in (
            *("desk@test", "Office open until 18:00 GMT", "on call Priya N. until Mon 08:00", "Ann Lee"),
            *("1 breached", "1 at risk", "1 due soon", "13 open", "Tue 24 Nov 09:42 GMT"),
            *(
                "All open 13",
                "Unassigned 6",
                "Mine 2",
                "My team 10",
                "At risk or breached 2",
                "On hold 1",
                "Resolved 1",
            ),
        ):
            assert told in it.header


async def test_at_night_office_clocks_stop_and_the_next_opening_is_shown() -> None:
    async with running(night_desk()) as it:
        assert "Office closed until Wed 08:00 GMT" in it.header
        assert "out of hours until Wed 08:00 GMT" in next(
            line for line in it.queue if line.startswith(" HIGH")
        )
        before = it.line("CD-4C09-9")
        assert "off hours" in before
        await it.at(it.desk.now() + timedelta(hours=3))
        assert it.line("CD-4C09-9") == before
        assert "-15:42" in it.line(AT_RISK)


async def test_an_empty_desk_shows_its_promises_and_that_no_ticket_is_open() -> None:
    async with running(empty_desk()) as it:
        assert [line.split()[0] for line in it.queue[:5]] == ["▌CRITICAL", "HIGH", "MEDIUM", "LOW", "CHANGE"]
        assert "There are no open tickets." in "\n".join(it.queue)
        await it.press("c")
        assert "Select a ticket first." in it.foot


async def test_timers_count_down_and_a_crossed_threshold_is_shown() -> None:
    async with running(morning_desk()) as it:
        assert "0:06:00" in it.line(AT_RISK)
        await it.at(NOW + timedelta(seconds=61))
        assert "0:04:59" in it.line(AT_RISK)
        await it.at(NOW + timedelta(minutes=6, seconds=1))
        assert "breached" in it.line(AT_RISK)
        assert "-0:00:01" in it.line(AT_RISK)
        assert "2 breached" in it.header


async def test_a_tick_draws_nothing_but_the_timers_that_change(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(morning_desk()) as it:
        await it.at(NOW + timedelta(seconds=1))
        drawn: list[int] = []
        render = it.screen.queue.render_line

        def draw(y: int) -> Strip:
            drawn.append(y)
            return render(y)

        monkeypatch.setattr(it.screen.queue, "render_line", draw)
        await it.at(NOW + timedelta(seconds=2))
        await it.pilot.pause()
        assert sorted(set(drawn)) == [1, 2]


async def test_a_colleagues_change_is_shown_and_the_cursor_stays_on_its_ticket() -> None:
    async with running(morning_desk()) as it:
        await it.press("2", "down")
        assert it.under_cursor == ANNS
        it.desk.do_as("sam", Claim(UNOWNED_HIGH))
        ref = it.desk.do_as("lee", Log("critical", "hotline", "acme", "jo", "The shop is down"))
        await it.until(lambda: any(ref in line for line in it.queue))
        assert "Sam O." in it.line(UNOWNED_HIGH)
        assert it.under_cursor == ANNS
        assert it.line(ANNS).startswith("▌")
        assert "14 open" in it.header


async def test_a_new_ticket_flashes_and_a_critical_one_rings_the_bell() -> None:
    async with running(morning_desk()) as it:
        rung: list[bool] = []
        titles: list[str] = []
        it.app.bell = lambda: rung.append(True)  # type: ignore[method-assign]
        it.screen.updates.announcer._terminal = HostTerminal(titles.append)
        medium = it.desk.do_as("lee", Log("medium", "email", "acme", "jo", "Slow"))
        await it.until(lambda: any(medium in line for line in it.queue))
        assert not rung
        critical = it.desk.do_as("lee", Log("critical", "hotline", "acme", "jo", "Down"))
        await it.until(lambda: any(critical in line for line in it.queue))
        assert rung
        assert "3 Critical · supportdesk" in titles[-1]
        assert ground(it, critical) != ground(it, AT_RISK)
        for second in range(1, FLASH + 1):
            await it.at(NOW + timedelta(seconds=second))
        assert ground(it, critical) == ground(it, AT_RISK)


def ground(it: Running, ref: str) -> object:
    """The colour that a ticket's line stands on."""
    number = next(number for number, line in enumerate(it.queue) if ref in line)
    style = list(it.screen.queue.render_line(number))[-1].style
    assert style is not None
    return style.bgcolor


async def test_a_closed_ticket_leaves_the_queue_and_the_next_one_is_shown() -> None:
    async with running(morning_desk()) as it:
        await it.press("5")
        ref = it.under_cursor
        assert ref == "CD-4C0C-3"
        it.desk.do_as("ann", Close(ref, "withdrawn", "not needed any more"))
        await it.until(lambda: not any(ref in line for line in it.queue))
        assert it.under_cursor is None
        assert "none" in next(line for line in it.queue if "CHANGE REQUEST" in line)


async def test_keys_move_jump_page_and_fold() -> None:
    async with running(morning_desk()) as it:
        places = []
        for key in ("j", "k", "G", "g", "3", "up", "space", "down", "left"):
            await it.press(key)
            places.append(next(line for line in it.queue if line.startswith("▌"))[1:36].strip())
        assert [place.split("  ")[0].split()[0] for place in places] == [
            *("▲", "✖", "·", "✖", "△", "MEDIUM", "MEDIUM", "LOW", "LOW"),
        ]
        folded = "\n".join(it.queue)
        assert "MEDIUM  4 · 1 due soon" in folded
        assert "CD-4C06-F" not in folded


async def test_keys_go_through_the_views_and_escape_returns_to_the_first() -> None:
    async with running(morning_desk()) as it:
        await it.press("v", "v")
        assert it.view == MINE
        assert [ref for ref in (ANNS, "CD-4C08-B", CRITICAL) if ref in "\n".join(it.queue)] == [
            ANNS,
            "CD-4C08-B",
        ]
        await it.press("escape")
        assert it.view == ALL_OPEN


async def test_a_click_selects_a_view_or_puts_the_cursor_on_a_row() -> None:
    async with running(morning_desk()) as it:
        tabs = it.header.splitlines()[2]
        await it.pilot.click("DeskHeader", offset=(tabs.index("Mine"), 2))
        await it.rest()
        assert it.view == MINE
        await it.pilot.click("QueueList", offset=(40, 4))
        await it.rest()
        assert it.under_cursor == "CD-4C08-B"


async def test_a_claim_is_applied_at_once_and_reported() -> None:
    async with running(morning_desk()) as it:
        await it.press("2", "c")
        await it.until(lambda: "Ann Lee" in it.line(UNOWNED_HIGH))
        assert "CD-4C05-H: you claimed it." in it.foot


async def test_a_refusal_says_why() -> None:
    async with running(morning_desk()) as it:
        await it.press("c")
        assert "Priya Nair claimed it" in it.foot
        await it.press("X")
        assert "it is open already" in it.foot


async def test_a_message_takes_the_lines_that_it_needs_and_releases_them() -> None:
    async with running(morning_desk(), (80, 24)) as it:
        queue = it.screen.queue.size.height
        await it.press("c")
        assert it.foot.endswith("ask them to hand it back, or assign it to yourself (a).")
        assert (it.screen.foot.size.height, it.screen.queue.size.height) == (2, queue - 1)
        it.screen.foot.clear_message()
        await it.pilot.pause()
        assert (it.screen.foot.size.height, it.screen.queue.size.height) == (1, queue)


async def test_a_message_takes_the_lines_of_the_whole_width_whichever_column_asks() -> None:
    async with running(morning_desk(), (160, 50)) as it:
        foot, screen = it.screen.foot, it.app.size
        foot.show_message("It is wider than the ticket beside the queue. " * 3, refused=True)
        assert {foot.get_content_height(screen, screen, width) for width in (160, 104, 56)} == {1}


async def test_a_reply_is_sent_with_its_form() -> None:
    async with running(morning_desk()) as it:
        await it.press("2", "r")
        await it.until(lambda: it.app.screen is not it.screen)
        for letter in "on it":
            await it.pilot.press("space" if letter == " " else letter)
        await it.press("f2")
        await it.until(lambda: it.app.screen is it.screen)
        await it.until(lambda: "to customer: on it" in it.ticket_text)
        assert "resolve" in it.line(UNOWNED_HIGH)


async def test_nothing_is_drawn_under_a_dialog_and_the_present_is_drawn_after_it() -> None:
    async with running(morning_desk()) as it:
        await it.press("question_mark")
        assert it.screen.queue.covered
        await it.at(NOW + timedelta(minutes=7))
        it.desk.do_as("sam", Note(UNOWNED_HIGH, "looking"))
        model = it.screen.queue.model
        assert model is not None
        assert model.index.states[State.BREACHED] == 2
        await it.press("escape")
        assert "-0:01:00" in it.line(AT_RISK)
        assert "2 breached" in it.header


async def test_a_filter_applies_while_it_is_typed_and_escape_clears_it() -> None:
    async with running(morning_desk()) as it:
        await it.press("slash", *"acme")
        assert "4 of 13" in str(it.screen.filter_bar.query_one(".found", Static).visual)
        assert all("Acme" in line for line in it.queue if "CD-" in line)
        await it.press("enter", "down", "down")
        assert it.under_cursor == ANNS
        await it.press("escape")
        assert sum("CD-" in line for line in it.queue) == 13


@pytest.mark.parametrize(
    "typed",
    [
        "cd-4c05-h",
        "4C05H",
        "CD 4CO5 H",
        "4C05-H",
        "[CD-4C05-H]",
        "urgently #CD-4C05-H.",
        "\u202acd-4c05-h\u202c",
    ],
)
async def test_a_reference_typed_as_a_filter_goes_to_its_ticket(typed: str) -> None:
    async with running(morning_desk()) as it:
        await it.find(typed)
        await it.until(lambda: it.under_cursor == UNOWNED_HIGH)
        assert sum("CD-" in line for line in it.queue) == 13


async def test_a_reference_with_a_wrong_character_is_reported_at_once() -> None:
    async with running(morning_desk()) as it:
        await it.find("cd-4c05-j")
        await it.until(lambda: "the check character is wrong" in it.foot)


async def test_the_reference_of_a_closed_ticket_opens_it_until_escape() -> None:
    desk = morning_desk()
    desk.do_as("ann", Close(UNOWNED_HIGH, "withdrawn", "it was a mistake"))
    async with running(desk) as it:
        await it.find(UNOWNED_HIGH)
        await it.until(lambda: "Stock levels are not updated" in it.ticket_text)
        await it.press("X")
        assert it.app.screen is not it.screen
        await it.press("escape", "escape")
        assert it.focus == "queue"
        assert "Checkout hangs" in it.ticket_text


async def test_a_terminal_that_is_too_small_says_what_it_needs() -> None:
    async with running(morning_desk(), (50, 10)) as it:
        assert it.screen.too_small.display
        told = "\n".join(it.screen.too_small.render_line(y).text for y in range(10))
        assert "60 columns and 16 lines" in told
        assert "has 50 and 10" in told
        await it.pilot.resize_terminal(80, 24)
        await it.until(lambda: not it.screen.too_small.display)


async def test_an_operator_who_is_not_on_the_staff_sees_the_queue_and_why_nothing_can_be_changed() -> None:
    async with running(morning_desk(), username="eve") as it:
        assert "eve is not on the staff of this desk" in it.foot
        await it.press("c")
        assert "ask an administrator to enrol you" in it.foot
        assert it.desk.commands == []


async def test_quitting_asks_only_while_there_is_unsent_text() -> None:
    async with running(morning_desk()) as it:
        await it.press("r")
        await it.until(lambda: it.app.screen is not it.screen)
        await it.press("h", "i", "escape")
        await it.until(lambda: it.app.screen is it.screen)
        await it.press("q")
        await it.until(lambda: it.app.screen is not it.screen)
        await it.press("enter")
        await it.until(lambda: it.app.screen is it.screen)
        assert it.app.is_running


async def test_q_quits_at_once_without_unsent_text() -> None:
    async with running(morning_desk()) as it:
        await it.pilot.press("q")
        await it.pilot.pause()
        assert it.app.return_code == 0


async def test_a_message_too_long_for_the_foot_is_marked_as_cut() -> None:
    async with running(morning_desk(), (80, 24)) as it:
        it.screen.foot.show_message("A long story. " * 30)
        await it.pilot.pause()
        assert it.screen.foot.size.height == 4
        assert it.foot == " " + "A long story. " * 21 + "A long story.…"
