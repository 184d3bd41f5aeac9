"""The intake on the screen: every message is listed with what became of it, and read as far as anybody needs."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.containers import VerticalScroll
from textual.widgets import Input

from supportdesk.console.dialogs.help_screen import HelpScreen
from supportdesk.console.intake.text import IntakeLook, MessageLines
from supportdesk.console.main.screen import MainScreen
from supportdesk.console.widgets.tab_bar import ViewTab
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.records.commands import EraseContact
from tests.console.harness.console import Running, shown_keys
from tests.console.intake.arrivals import (
    HOSTILE,
    PAT,
    WHERE,
    arrived,
    at_rest,
    deliver,
    details,
    foot,
    intake,
    screen,
    select,
    shown,
)
from tests.intake.mail.messages import write
from tests.store.desks import address_of, done
from tests.store.incoming import arrival
from tests.store.test_voicemails import voicemail
from tests.svg import lines_of
from tests.tickets.scenario import MONDAY_NINE


def tabs(it: Running) -> list[str]:
    """The tabs that are shown, the chosen one in brackets."""
    found = [each for each in screen(it).query(ViewTab) if each.display]
    return [f"[{each.visual}]" if each.has_class("-chosen") else str(each.visual) for each in found]


async def turn_to(it: Running, name: str) -> None:
    """Turn to the next view until it is this one."""
    while not any(each.startswith(f"[{name} ") for each in tabs(it)):
        await it.pilot.press("tab")
        await it.until(lambda: screen(it).is_read)
    await at_rest(it)


async def test_what_is_read_while_the_screen_is_left_is_not_drawn_any_more(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            left = screen(it)
            await left.query("*").remove()
            left.redraw()
            left.show_selected()


async def test_what_waits_is_shown_first_the_newest_on_top(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            assert shown(it) == [
                "09:35 △ quarantine Pat Doe Cannot log in",
                "09:30 △ quarantine Zoë [/oops] [@click=app.quit]Look[/] at this",
                "09:25 △ quarantine Kim Lo Re: [CD-4C00-W] The printer",
                "09:20 ▲ set aside – (no subject)",
            ]
            assert tabs(it)[:4] == ["[Waiting 4]", "All 7", "Ticket 1", "Message 0"]
            assert tabs(it)[-2:] == ["Set aside 1", "Voicemail 0"]


async def test_each_view_has_its_messages_and_the_counts_add_up(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await turn_to(it, "All")
            assert len(shown(it)) == 7
            assert shown(it)[-1] == "09:00 ✓ ticket Jo Park The printer CD-4C00-W"
            await turn_to(it, "Duplicate")
            assert [line.split()[2] for line in shown(it)] == ["duplicate"]
            assert "has the same Message-ID and content" in details(it)
            await turn_to(it, "Bounce")
            assert shown(it) == []
            assert details(it) == "No message has the state bounce."
            counts = [int(each.strip("[]").rsplit(" ", 1)[1]) for each in tabs(it)]
            assert counts[1] == sum(counts[2:])
            await it.pilot.press("shift+tab")
            await it.until(lambda: screen(it).is_read)
            assert tabs(it)[4].startswith("[Duplicate")


async def test_a_voicemail_has_a_view_so_that_the_counts_add_up(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        done(desk, voicemail(number=60), by=INTAKE.key)
        async with intake(address_of(desk)) as it:
            await turn_to(it, "Voicemail")
            counts = [int(each.strip("[]").rsplit(" ", 1)[1]) for each in tabs(it)]
            assert counts[1] == sum(counts[2:]) == 8
            assert " ".join(shown(it)[0].split()[1:4]) == "△ not heard"
            assert "enter plays and settles it" in details(it)


async def test_in_an_empty_list_the_keys_say_that_there_is_nothing(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await turn_to(it, "Message")
            for key in ("n", "a", "e", "x", "enter", "space", "U", "A"):
                await it.pilot.press(key)
                await it.until(lambda: foot(it) == "There is no message in this list.")
                await it.pilot.press("escape")


async def test_the_details_say_who_why_and_what_with_quoted_text_one_key_away(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            text = details(it)
            assert text.startswith(
                f"Cannot log in from {PAT} received Mon 23 Nov 09:35 GMT in the mailbox support △ quarantine"
                " · waits for a decision"
                " pat@globex.example is not the address of a contact."
            )
            assert text.endswith(f"{WHERE} ▸ 3 lines of quoted text (U shows it)")
            await it.pilot.press("U")
            assert details(it).endswith("> The update is installed tonight. > It takes an hour.")
            await it.pilot.press("U")
            assert "installed tonight" not in details(it)
            await select(it, "The printer")
            await it.pilot.press("U")
            assert foot(it) == "This message quotes nothing: all of its text is shown."


async def test_one_that_cannot_be_read_is_shown_as_it_was_sent(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await it.pilot.press("G")
            await at_rest(it)
            assert "It cannot be read: It has no header of a message." in details(it)
            assert "what is this?" in details(it)


async def test_the_sender_and_the_subject_are_searched_while_typing(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await it.pilot.press("slash", *"kim")
            await it.until(lambda: screen(it).is_read and len(shown(it)) == 1)
            assert "Kim Lo" in shown(it)[0]
            await it.pilot.press(*"x", "enter")
            await it.until(lambda: screen(it).is_read and not shown(it))
            assert details(it) == "No message matches; esc clears the search."
            await it.pilot.press("escape")
            await it.until(lambda: screen(it).is_read and len(shown(it)) == 4)
            assert screen(it).query_one(Input).value == ""
            await it.pilot.press("escape")
            await it.until(lambda: isinstance(it.app.screen, MainScreen))


async def test_older_messages_are_read_as_the_cursor_comes_near_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supportdesk.console.commands.messages_screen.PAGE", 3)
    monkeypatch.setattr("supportdesk.console.commands.messages_screen._AHEAD", 1)
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await turn_to(it, "All")
            assert len(shown(it)) == 3
            await it.pilot.press("G")
            await it.until(lambda: len(shown(it)) == 6)
            assert screen(it).selected is not None
            assert screen(it).selected.subject == "Re: [CD-4C00-W] The printer"  # type: ignore[union-attr]
            await it.pilot.press("G")
            await it.until(lambda: len(shown(it)) == 7)
            deliver(desk, write("Help.", "New", PAT), "new")
            await it.until(lambda: "New" in shown(it)[0])
            await it.until(lambda: len(shown(it)) == 8)
            assert screen(it).selected.subject == "The printer"  # type: ignore[union-attr]


def test_each_line_is_made_once_however_often_a_long_list_is_drawn() -> None:
    look = IntakeLook("Europe/London", MONDAY_NINE, 90, lambda username: username, "U", "enter", "A")
    messages = [arrival(number).message for number in range(3)]
    drawn, lines = MessageLines(), [each.text.plain for each in MessageLines().draw(messages, look)]
    first = drawn.draw(messages, look)
    assert [each.text.plain for each in first] == lines
    again = drawn.draw([*messages, arrival(4).message], look)
    assert all(one is other for one, other in zip(first, again, strict=False))
    for other in (
        replace(look, width=70),
        replace(look, now=MONDAY_NINE + timedelta(days=1)),
    ):
        changed = [each.text.plain for each in drawn.draw(messages, other)]
        assert changed == [each.text.plain for each in MessageLines().draw(messages, other)]
        assert changed != lines
    settled = [replace(messages[0], state=MessageState.MESSAGE, ref="CD-4C00-W"), *messages[1:]]
    assert "CD-4C00-W" in drawn.draw(settled, look)[0].text.plain


async def test_a_message_that_arrives_is_shown_and_the_cursor_stays(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await select(it, "The printer")
            deliver(desk, write("Help.", "Help me", PAT), "new")
            await it.until(lambda: len(shown(it)) == 5)
            assert "Help me" in shown(it)[0]
            assert screen(it).selected is not None
            assert "The printer" in screen(it).selected.subject  # type: ignore[union-attr]


@pytest.mark.slow
async def test_enter_opens_the_ticket_and_reads_a_message_that_has_none(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk), (80, 24)) as it:
            await select(it, "at this")
            await it.pilot.press("enter")
            await it.until(lambda: not screen(it).messages.display)
            pane = screen(it).query_one(".message", VerticalScroll)
            await it.pilot.press("G")
            await it.until(lambda: pane.scroll_y > 100)
            await it.pilot.press("g", "down", "pagedown", "pageup")
            await it.until(lambda: pane.scroll_y == 1)
            await it.pilot.press("space")
            await it.until(lambda: screen(it).messages.display)
            await turn_to(it, "Ticket")
            await it.pilot.press("enter")
            await it.until(lambda: isinstance(it.app.screen, MainScreen) and it.under_cursor == "CD-4C00-W")


async def test_hostile_text_does_nothing_and_ends_where_it_says_so(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await select(it, "at this")
            picture = it.app.export_screenshot()
            drawn = " ".join(lines_of(picture))
            assert "[red]red[/] [/oops]" in drawn
            assert "\u202e" not in picture
            assert it.app.is_running
            original = screen(it).originals.text_of(screen(it).messages.key)
            assert original is not None
            assert len(HOSTILE) * 2_000 > 80_000
            assert len(original.description) <= 20_000
            assert (
                "The text goes on. The whole message is kept: supportdesk intake original"
                in original.description
            )


async def test_without_the_extra_the_pane_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(arrived(tmp_path)) as desk:
        monkeypatch.setitem(sys.modules, "supportdesk.intake.mail.parsing.parser", None)
        async with intake(address_of(desk)) as it:
            assert "pip install 'supportdesk[mail]'" in details(it)
            assert "pat@globex.example is not the address of a contact." in details(it)


async def test_the_help_says_which_keys_do_nothing_now_and_why(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await turn_to(it, "Ticket")
            await it.pilot.press("question_mark")
            await it.until(lambda: isinstance(it.app.screen, HelpScreen))
            assert "Log a ticket for the message not now: It is on CD-4C00-W already." in shown_keys(it)
            await it.pilot.press("escape", "n")
            await it.until(lambda: foot(it) == "It is on CD-4C00-W already.")
            await it.pilot.press("escape")
            await turn_to(it, "Automatic")
            await it.pilot.press("x")
            await it.until(lambda: foot(it).startswith("Its state is automatic: only messages in quarantine"))


async def test_a_desk_that_goes_away_leaves_what_is_shown_and_is_read_again(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            watch = it.app._client.watch  # type: ignore[union-attr]
            watch.report_disconnected(DeskUnavailableError("the database does not answer"))
            await it.until(lambda: "the database does not answer" in foot(it))
            assert len(shown(it)) == 4
            await it.until(lambda: foot(it) == "The desk is back.")
            await it.pilot.press("down")
            await it.until(lambda: "not the address" not in details(it))


async def test_nothing_of_a_contact_who_is_erased_stays_on_the_screen(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await it.pilot.press("slash", *"kim", "enter")
            await it.until(lambda: screen(it).is_read and len(shown(it)) == 1)
            await at_rest(it)
            assert "Kim Lo" in " ".join(lines_of(it.app.export_screenshot()))
            done(desk, EraseContact("kim"), by="sue")
            await it.until(lambda: screen(it).is_read and len(shown(it)) == 4)
            await it.pilot.press("g", "down", "down")
            await it.until(lambda: "erased" in details(it))
            assert "kim" not in " ".join(lines_of(it.app.export_screenshot())).lower()


async def test_the_header_counts_what_waits_until_nothing_does(tmp_path: Path) -> None:
    with closing(arrived(tmp_path)) as desk:
        async with intake(address_of(desk)) as it:
            await it.pilot.press("escape")
            await it.until(lambda: it.header.split("\n")[2].endswith("4 messages wait"))
            await it.pilot.resize_terminal(80, 24)
            await it.until(lambda: it.header.split("\n")[2].endswith("mail 4"))
