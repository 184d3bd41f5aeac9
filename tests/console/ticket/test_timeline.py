"""The timeline of a ticket in its pane."""

from __future__ import annotations

from supportdesk.tickets.events import CustomerWrote, SendAttempted
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running
from tests.console.ticket.test_brief import opened, ref

TALL = (160, 50)


async def test_an_attempt_to_send_has_one_line_that_is_unfolded_and_folded_again() -> None:
    desk = morning_desk()
    login = ref(desk, "Nobody can log in")
    attempt = SendAttempted(
        "1", "page", "priya", "sms", "+44 7700 900104", "not delivered", "the gateway is down", 2
    )
    desk.happen(login, attempt, by="watcher")
    async with running(desk, TALL) as it:
        await opened(it, "Nobody can log in")

        def lines() -> list[str]:
            return [line for line in it.ticket_lines if "sms to Priya Nair" in line or "gateway" in line]

        assert len(lines()) == 1
        assert "+44 7700 900104" not in lines()[0]
        await it.press("U")
        assert any("the gateway is down" in line for line in lines())
        await it.press("U")
        assert len(lines()) == 1


async def test_what_a_customer_quotes_has_one_line_until_it_is_unfolded() -> None:
    desk = morning_desk()
    login = ref(desk, "Nobody can log in")
    quoted = "On Mon, 23 Nov 2026, Support wrote:\n> Is it plugged in?\n> Is it on?"
    said = f"It works now.\nThanks.\n\n{quoted}\n\n[Attached: a.txt.]"
    desk.happen(login, CustomerWrote("jo", "Jo Park", said), by="intake")
    async with running(desk, TALL) as it:
        await opened(it, "Nobody can log in")
        assert "It works now. Thanks. ▸ 3 lines of quoted text [Attached: a.txt.]" in it.ticket_text
        assert "plugged in" not in it.ticket_text
        await it.press("U")
        assert "> Is it plugged in? > Is it on? [Attached: a.txt.]" in it.ticket_text
        assert "quoted text" not in it.ticket_text
        await it.press("U")
        assert "plugged in" not in it.ticket_text
