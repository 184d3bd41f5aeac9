"""The outbox on the screen: all that goes out is listed with what became of it, and why."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from supportdesk.console.commands import messages_screen
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.help_screen import HelpScreen
from supportdesk.console.main.screen import MainScreen
from supportdesk.console.widgets.tab_bar import ViewTab
from supportdesk.desk import Desk
from supportdesk.desk_api import DeskUnavailableError
from tests.console.harness.console import Running, shown_keys
from tests.console.outbox.sent import at_rest, details, log, outbox, screen, sent, shown
from tests.store.desks import address_of
from tests.store.mailing import claim_mail, report_mail
from tests.svg import lines_of


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
    with closing(sent(tmp_path)) as desk:
        async with outbox(address_of(desk)) as it:
            left = screen(it)
            await left.query("*").remove()
            left.redraw()
            left.show_selected()


async def test_what_waits_is_shown_first_with_its_attempts_and_when_it_is_tried_again(tmp_path: Path) -> None:
    with closing(sent(tmp_path)) as desk:
        async with outbox(address_of(desk)) as it:
            assert tabs(it) == [
                "[Waiting 1]",
                "All 5",
                "Sent 1",
                "Unconfirmed 1",
                "Not delivered 1",
                "Bounced 1",
                "Cancelled 0",
            ]
            [line] = shown(it)
            assert line.startswith("09:41 △ waiting Jo [/oops] the receipt CD-")
            text = details(it)
            assert text.startswith(
                "The receipt to Jo [/oops] by customer mail, jo@acme.example made Mon 23 Nov"
            )
            assert "To be sent again at 09:42 GMT (last attempt: 421 busy)." in text
            assert "1 attempt 09:41 not delivered 421 busy tried again at 09:4" in text


async def test_each_view_says_why_in_words_and_hostile_text_stays_text(tmp_path: Path) -> None:
    with closing(sent(tmp_path)) as desk:
        async with outbox(address_of(desk)) as it:
            await turn_to(it, "All")
            assert [line.split()[0] for line in shown(it)] == ["09:41", "09:15", "09:10", "09:05", "09:00"]
            await turn_to(it, "Sent")
            assert details(it).endswith("✓ sent 250 queued. 1 attempt 09:00 sent 250 queued")
            await turn_to(it, "Unconfirmed")
            assert "It may have arrived: nothing confirms it." in details(it)
            await turn_to(it, "Not delivered")
            picture = it.app.export_screenshot()
            assert "550 [red]no[/] [@click=app.quit]x[/]" in " ".join(lines_of(picture))
            assert "\u202e" not in picture
            await turn_to(it, "Bounced")
            assert "A server accepted it and sent it back: 550 no such mailbox." in details(it)
            assert details(it).endswith("09:05 sent 250 queued 09:05 bounced 550 no such mailbox")
            await turn_to(it, "Cancelled")
            assert details(it) == "No message of the last 30 days was cancelled."


async def test_enter_opens_the_ticket_of_the_message(tmp_path: Path) -> None:
    with closing(sent(tmp_path)) as desk:
        async with outbox(address_of(desk)) as it:
            delivery = screen(it).selected
            assert delivery is not None
            await it.pilot.press("enter")
            await it.until(lambda: isinstance(it.app.screen, MainScreen) and it.under_cursor == delivery.ref)


async def test_more_is_read_while_the_cursor_nears_the_end(tmp_path: Path) -> None:
    with closing(sent(tmp_path)) as desk, patch.object(messages_screen, "PAGE", 2):
        async with outbox(address_of(desk)) as it:
            await turn_to(it, "All")
            await it.until(lambda: len(shown(it)) >= 2)
            for _ in range(6):
                await it.pilot.press("G")
                await it.pilot.pause()
            await it.until(lambda: len(shown(it)) == 5)


async def test_what_goes_out_meanwhile_is_shown_at_once(tmp_path: Path) -> None:
    with closing(sent(tmp_path)) as desk:
        async with outbox(address_of(desk)) as it:
            report_mail(desk, log(desk), "delivered", "250 queued")
            await it.until(lambda: "Sent 2" in tabs(it))


async def test_a_desk_that_cannot_be_read_leaves_the_list_as_it_is(tmp_path: Path) -> None:
    with closing(sent(tmp_path)) as desk:
        async with outbox(address_of(desk)) as it:
            with patch.object(Desk, "deliveries", side_effect=DeskUnavailableError("the disk is full")):
                screen(it).read_again()
                await it.until(lambda: "the disk is full" in screen(it).foot.message)
            assert len(shown(it)) == 1


async def test_the_keys_are_shown_and_escape_leads_back(tmp_path: Path) -> None:
    with closing(sent(tmp_path)) as desk:
        async with outbox(address_of(desk), (80, 24)) as it:
            await it.pilot.press("question_mark")
            await it.until(lambda: isinstance(it.app.screen, HelpScreen))
            assert "Open the ticket that the message is about" in shown_keys(it)
            await it.pilot.press("escape")
            await it.pilot.press("space")
            assert screen(it).has_class("-reading")
            await it.pilot.press("escape", "escape")
            await it.until(lambda: isinstance(it.app.screen, MainScreen))


async def test_what_failed_is_sent_again_at_a_key(tmp_path: Path) -> None:
    with closing(sent(tmp_path)) as desk:
        async with outbox(address_of(desk)) as it:
            await turn_to(it, "Not delivered")
            delivery = screen(it).selected
            assert delivery is not None
            await it.pilot.press("r")
            await it.until(lambda: "Waiting 2" in tabs(it))
            assert "It is sent again as soon as a watcher finds it" in screen(it).foot.message
            assert delivery.id in [each.id for each in claim_mail(desk)]
            await turn_to(it, "Waiting")
            await it.pilot.press("G")
            await it.until(lambda: "asked for again" in details(it))


async def test_mail_that_bounced_and_is_sent_again_is_not_called_undelivered(tmp_path: Path) -> None:
    with closing(sent(tmp_path)) as desk:
        async with outbox(address_of(desk)) as it:
            await turn_to(it, "Bounced")
            bounced = screen(it).selected
            assert bounced is not None
            await it.pilot.press("r")
            await it.until(lambda: "Bounced 0" in " ".join(tabs(it)))
            await turn_to(it, "Waiting")
            await it.pilot.press("G")
            await it.until(lambda: screen(it).selected is not None and screen(it).messages.key == bounced.id)
            assert "To be sent again at 09:42 GMT (last attempt: 250 queued)." in details(it)


async def test_another_view_begins_at_its_top_or_at_the_same_message(tmp_path: Path) -> None:
    with closing(sent(tmp_path)) as desk:
        async with outbox(address_of(desk)) as it:
            await turn_to(it, "All")
            await it.pilot.press("G")
            await turn_to(it, "Sent")
            same = screen(it).selected
            assert same is not None
            await it.pilot.press("shift+tab")
            await it.until(lambda: screen(it).is_read)
            assert screen(it).selected == same
            log(desk)
            await turn_to(it, "Waiting")
            await it.until(lambda: len(shown(it)) == 2)
            assert screen(it).selected == screen(it).listed[0]


async def test_what_may_have_arrived_is_sent_again_after_a_question_only(tmp_path: Path) -> None:
    with closing(sent(tmp_path)) as desk:
        async with outbox(address_of(desk)) as it:
            await turn_to(it, "Unconfirmed")
            await it.pilot.press("r")
            await it.until(lambda: isinstance(it.app.screen, Confirm))
            await it.pilot.press("escape")
            await it.until(lambda: screen(it).is_active)
            assert "Unconfirmed 1" in " ".join(tabs(it))
            await it.pilot.press("r")
            await it.until(lambda: isinstance(it.app.screen, Confirm))
            await it.pilot.press("y")
            await it.until(lambda: "[Unconfirmed 0]" in tabs(it))


async def test_why_something_is_not_sent_again_is_said_at_the_foot(tmp_path: Path) -> None:
    with closing(sent(tmp_path)) as desk:
        async with outbox(address_of(desk)) as it:
            await turn_to(it, "Sent")
            await it.pilot.press("r")
            await it.until(lambda: "It was delivered" in screen(it).foot.message)
            await turn_to(it, "Cancelled")
            await it.pilot.press("escape", "r")
            await it.until(lambda: "There is no message in this list." in screen(it).foot.message)
