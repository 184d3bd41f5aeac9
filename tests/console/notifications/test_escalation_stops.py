"""An acknowledgement quiets the queue, the brief, the title and the inbox, while other people's pages stay open."""

from __future__ import annotations

from unittest.mock import patch

from textual.widgets import Static

from supportdesk.console.inbox.screen import InboxScreen
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.triage import Acknowledge
from tests.console.fixtures.morning import at, morning_desk, ref_of
from tests.console.harness.console import running


async def test_rule_17_an_acknowledgement_quiets_the_page_to_somebody_else_until_it_expires() -> None:
    desk = morning_desk()
    login = ref_of(desk, "Nobody can log in")
    desk.do_as("maya", Acknowledge(ref_of(desk, "Checkout")))
    desk.do_as("ann", Escalate(login, way="hierarchical", reason="They ask for her."))
    async with running(desk, (160, 50), username="maya") as it:
        titles: list[str] = []
        with patch.object(it.screen.updates.announcer._terminal, "show_title", titles.append):
            await it.until(lambda: "paging Maya:" in it.line(login))
            desk.do_as("priya", Acknowledge(login))
            await it.until(lambda: "acknowledged by Priya:" in it.line(login))
            await it.until(lambda: titles[-1:] != [] and "you are paged" not in titles[-1])
            assert "you were paged at 09:42 GMT; Priya Nair acknowledged" in it.notice
            assert desk.ticket(login).row.paged == ("maya",)
            desk.clock.set(at(24, "9:58"))
            it.screen.updates.ticker.tick()
            await it.until(lambda: "paging Maya 16 min:" in it.line(login))


async def test_the_inbox_of_the_other_person_says_who_acknowledged() -> None:
    desk = morning_desk()
    login = ref_of(desk, "Nobody can log in")
    desk.do_as("ann", Escalate(login, way="hierarchical", reason="They ask for her."))
    desk.do_as("priya", Acknowledge(login))
    async with running(desk, (160, 50), username="maya") as it:
        await it.until(lambda: "acknowledged by Priya:" in it.line(login))
        await it.press("I")
        told = "You have not acknowledged. Priya Nair has, until 09:57 GMT: nobody else is paged."
        await it.until(lambda: isinstance(it.app.screen, InboxScreen))
        await it.until(lambda: told in str(it.app.screen.query_one(".entry", Static).visual))


async def test_a_page_stays_quiet_while_somebody_who_has_claimed_the_ticket_works_on_it() -> None:
    desk = morning_desk()
    login = ref_of(desk, "Nobody can log in")
    desk.do_as("ann", Escalate(login, way="hierarchical", reason="They ask for her."))
    async with running(desk, (160, 50), username="maya") as it:
        await it.until(lambda: "paging Maya:" in it.line(login))
        desk.do_as("priya", Claim(login))
        await it.until(lambda: "acknowledged by Priya:" in it.line(login))
        desk.clock.set(at(24, "9:58"))
        it.screen.updates.ticker.tick()
        await it.until(lambda: "acknowledged" not in it.line(login))
        assert "paging" not in it.line(login)
        assert desk.ticket(login).row.paged == ("maya",)
