"""The brief of a ticket, down to the smallest screen."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style

from supportdesk.console.terminal.symbols import NARROW
from supportdesk.console.ticket.context import PageCanvas
from supportdesk.tickets.events import MailUndelivered, SendAttempted
from supportdesk.tickets.process.assignment import HandOver
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.resolution import PromiseFix, ProposeWorkaround, Resume
from supportdesk.tickets.process.triage import Acknowledge, Log
from supportdesk.tickets.process.undo import Undo
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import at, morning_desk
from tests.console.harness.console import Running, running

SMALL = (80, 24)


def labelled(it: Running, label: str) -> str:
    """Return the text beside a label in the pane."""
    found: list[str] = []
    for line in it.ticket_lines:
        head, told = line[2:13].strip(), line[13:].strip()
        if head == label or (found and not head and told):
            found.append(told)
        elif found:
            break
    return " ".join(found)


def labels(it: Running) -> list[str]:
    return [line[2:13].strip() for line in it.ticket_lines[4:] if line[2:13].strip()]


async def opened(it: Running, summary: str) -> None:
    assert it.screen.queue.find(ref(it.desk, summary))
    it.screen.queue.focus()
    await it.press("enter")
    await it.until(
        lambda: it.screen.ticket_pane.context is not None and it.screen.ticket_pane.context.view is not None
    )
    await it.pilot.pause()


def ref(desk: FakeDesk, summary: str) -> str:
    return next(row.ref for row in desk.queue().rows if row.summary.startswith(summary))


async def test_the_brief_of_a_critical_fits_the_smallest_screen_in_the_order_of_need() -> None:
    async with running(morning_desk(), SMALL) as it:
        await opened(it, "Checkout")
        assert it.screen.ticket_pane.virtual_size.height <= it.screen.ticket_pane.size.height
        assert labels(it) == [
            *(
                "Problem",
                "Received",
                "Customer",
                "Reached on",
                "Owner",
                "Tried",
                "Response",
                "Resolution",
                "Paged",
                "Escalate",
            ),
        ]
        assert labelled(it, "Received") == "01:29 GMT, by Critical telephone"
        assert labelled(it, "Customer") == "Acme Ltd · Jo Park, super user"
        assert labelled(it, "Reached on") == "+44 20 7946 0018 · jo.park@acme.example"
        assert labelled(it, "Tried").startswith("09:12 Priya N. to customer: Rolling back")
        assert labelled(it, "Paged") == (
            "09:31 GMT Maya Brandt · +44 7700 900107 · not acknowledged (p) "
            "01:29 GMT Priya Nair · +44 7700 900104 · acknowledged 01:31"
        )


def bar_below(it: Running) -> str:
    """Return the label of the clock above the bar."""
    lines = it.ticket_lines
    place = next(number for number, line in enumerate(lines) if line.endswith(" %"))
    return lines[place - 1][2:13].strip()


async def test_the_bar_is_below_its_clock() -> None:
    async with running(morning_desk(), SMALL) as it:
        await opened(it, "Stock levels")
        assert labelled(it, "Response").startswith("1:33 left")
        assert labelled(it, "Response").endswith("48 %")
        assert bar_below(it) == "Response"
        await opened(it, "Checkout")
        assert bar_below(it) == "Resolution"


async def test_a_tick_draws_the_bar_below_its_own_clock_again() -> None:
    async with running(morning_desk(), SMALL) as it:
        await opened(it, "Stock levels")
        await it.at(at(24, "10:42"))
        assert "due soon, 0:33:00 left" in labelled(it, "Response")
        assert labelled(it, "Response").endswith("81 %")
        assert labelled(it, "Resolution").startswith("21:33 left")


async def test_attempts_leave_room_for_the_clocks_and_pages() -> None:
    desk = morning_desk()
    for which in ("first", "second", "third"):
        desk.do_as(
            "priya", Note(ref(desk, "Checkout"), f"The {which} try: {'a lock on the stock table ' * 9}")
        )
    async with running(desk, SMALL) as it:
        await opened(it, "Checkout")
        assert labelled(it, "Tried").startswith("09:42 Priya N. note: The third try")
        assert labelled(it, "Escalate")
        assert it.screen.ticket_pane.virtual_size.height <= it.screen.ticket_pane.size.height


async def test_an_undone_action_is_not_listed_as_tried() -> None:
    desk = morning_desk()
    desk.do_as("priya", Note(ref(desk, "Checkout"), "This belongs to another ticket."))
    async with running(desk, SMALL) as it:
        await opened(it, "Checkout")
        assert "another ticket" in labelled(it, "Tried")
        desk.do_as("priya", Undo(ref(desk, "Checkout")))
        await it.until(lambda: "another ticket" not in it.ticket_text)
        assert labelled(it, "Tried").startswith("09:12 Priya N. to customer: Rolling back")


async def test_the_brief_is_above_the_tabs_on_a_high_page_and_a_tab_on_a_low_one() -> None:
    async with running(morning_desk()) as it:
        await opened(it, "Checkout")
        names = next(line for line in it.ticket_lines if "Timeline" in line)
        assert names.split() == ["Timeline", "Clocks", "Customer", "Articles"]
        assert labelled(it, "Reached on").startswith("+44 20 7946 0018")
        await it.pilot.resize_terminal(*SMALL)
        await it.rest()
        assert any(line.split()[:2] == ["Brief", "Timeline"] for line in it.ticket_lines)
        assert labelled(it, "Tried")


async def test_a_chosen_tab_stays_open_when_the_page_becomes_low() -> None:
    async with running(morning_desk()) as it:
        await opened(it, "Checkout")
        await it.press("right", "right")
        assert "Other open tickets of this customer" in it.ticket_text
        await it.pilot.resize_terminal(*SMALL)
        await it.rest()
        assert "Other open tickets of this customer" in it.ticket_text


async def test_an_open_page_is_shown_until_it_is_acknowledged() -> None:
    async with running(morning_desk(), SMALL) as it:
        await opened(it, "Nobody can log in")
        assert labelled(it, "Paged").endswith("not acknowledged (p)")
        assert labelled(it, "Tried") == "nothing yet"
        it.desk.do_as("priya", Acknowledge(ref(it.desk, "Nobody")))
        await it.until(lambda: "acknowledged 09:42" in it.ticket_text)


async def test_rule_17_two_open_pages_are_both_shown_as_not_acknowledged() -> None:
    async with running(morning_desk(), SMALL) as it:
        critical = ref(it.desk, "Nobody can log in")
        it.desk.do_as("ann", Escalate(critical, way="hierarchical", reason="They ask for her."))
        await opened(it, "Nobody can log in")
        await it.until(lambda: "Maya Brandt" in labelled(it, "Paged"))
        assert labelled(it, "Paged").count("not acknowledged (p)") == 2
        it.desk.do_as("maya", Acknowledge(critical))
        await it.until(lambda: "acknowledged 09:42" in it.ticket_text)
        assert labelled(it, "Paged").count("not acknowledged (p)") == 1
        assert "acknowledged 09:42, until 09:57 GMT" in labelled(it, "Paged")
        assert "extend" not in labelled(it, "Paged")


async def test_an_acknowledgement_is_above_the_pages_that_it_followed() -> None:
    async with running(morning_desk(), SMALL) as it:
        critical = ref(it.desk, "Nobody can log in")
        it.desk.do_as("ann", Escalate(critical, way="hierarchical", reason="They ask for her."))
        await opened(it, "Nobody can log in")
        it.desk.do_as("priya", Acknowledge(critical))
        await it.until(lambda: "acknowledged 09:42" in it.ticket_text)
        paged = labelled(it, "Paged")
        told = "Priya Nair · +44 7700 900104 · acknowledged 09:42, until 09:57 GMT"
        assert told in paged
        assert paged.index("Priya Nair") < paged.index("Maya Brandt")


async def test_where_room_is_short_pages_behind_an_acknowledgement_are_counted() -> None:
    async with running(morning_desk(), (80, 18)) as it:
        critical = ref(it.desk, "Nobody can log in")
        it.desk.do_as("ann", Escalate(critical, way="hierarchical", reason="They ask for her."))
        it.desk.do_as("priya", Acknowledge(critical))
        await opened(it, "Nobody can log in")
        paged = "acknowledged 09:42, until 09:57 GMT · 1 more paged Next"
        await it.until(lambda: paged in it.ticket_text)


async def test_a_handover_shows_its_note_and_its_page() -> None:
    desk = morning_desk()
    desk.do_as("priya", HandOver(ref(desk, "Checkout"), "tom", "Step three of the rollback hangs."))
    async with running(desk, SMALL) as it:
        await opened(it, "Checkout")
        told = "09:42 Priya N. handed it over to Tom Ellis: Step three of the rollback hangs."
        assert labelled(it, "Tried").startswith(told)
        assert labelled(it, "Owner") == "offered to Tom Ellis since 09:42 GMT · Development"
        assert labelled(it, "Paged").startswith(
            "09:42 GMT Tom Ellis · +44 20 7946 0105 · not acknowledged (p)"
        )


async def test_the_next_person_on_the_ladder_is_named_with_their_number() -> None:
    desk = morning_desk()
    async with running(desk, SMALL) as it:
        await opened(it, "Nobody can log in")
        assert labelled(it, "Escalate") == "Maya Brandt (Support Manager), +44 7700 900107 (e)"
        desk.do_as("ann", Escalate(ref(desk, "Nobody"), way="hierarchical", reason="no answer"))
        await it.until(lambda: "nobody holds a rung above this one" in it.ticket_text)


async def test_the_next_step_of_the_ladder_is_named_with_its_time_and_person() -> None:
    desk = morning_desk()
    desk.clock.set(at(24, "8:50"))
    async with running(desk, SMALL) as it:
        await opened(it, "Nobody can log in")
        told = "08:53 GMT page Priya Nair · 5 min without acknowledgement"
        assert labelled(it, "Next") == told


async def test_a_page_says_what_became_of_it_by_each_method() -> None:
    desk = morning_desk()
    login = ref(desk, "Nobody can log in")
    attempt = SendAttempted("1", "page", "priya", "sms", "+44 7700 900104", "possibly delivered")
    desk.happen(login, attempt, by="watcher")
    async with running(desk, SMALL) as it:
        await opened(it, "Nobody can log in")
        assert "not acknowledged (p) · sms possibly delivered 09:42" in labelled(it, "Paged")


async def test_a_step_that_is_overdue_says_that_it_was_not_sent() -> None:
    desk = morning_desk()
    desk.is_watched = False
    async with running(desk, SMALL) as it:
        await opened(it, "Nobody can log in")
        assert labelled(it, "Next").startswith("overdue since 08:53 GMT: page Priya Nair")


async def test_an_acknowledgement_says_until_when_it_is_valid_and_how_it_is_extended() -> None:
    desk = morning_desk()
    async with running(desk, SMALL) as it:
        await opened(it, "Nobody can log in")
        desk.do_as("priya", Acknowledge(ref(desk, "Nobody")))
        await it.until(lambda: "acknowledged 09:42, until 09:57 GMT, extend (p)" in it.ticket_text)
        assert labelled(it, "Next").startswith("09:57 GMT page")


async def test_a_medium_shows_what_is_missing_until_nothing_is() -> None:
    desk = morning_desk()
    async with running(desk, SMALL) as it:
        await opened(it, "Two reports")
        assert labelled(it, "Missing") == "a workaround (o) and a fix date (f)"
        desk.do_as("ann", ProposeWorkaround(ref(desk, "Two reports"), "Use the second one."))
        await it.until(lambda: labelled(it, "Missing") == "a fix date (f)")
        assert labelled(it, "Workaround") == "Use the second one."
        desk.do_as("ann", PromiseFix(ref(desk, "Two reports"), "7.4"))
        await it.until(lambda: "in 7.4, 9 Dec" in it.ticket_text)
        assert "Missing" not in labels(it)


async def test_a_ticket_on_hold_shows_for_whom() -> None:
    async with running(morning_desk(), SMALL) as it:
        await opened(it, "Invoice totals")
        assert labelled(it, "On hold") == "for the customer since 23 Nov 11:41 GMT"
        it.desk.do_as("sam", Resume(ref(it.desk, "Invoice totals")))
        await it.until(lambda: "On hold" not in labels(it))


async def test_a_long_note_is_cut_between_words_with_an_ellipsis() -> None:
    desk = morning_desk()
    desk.do_as("ann", Note(ref(desk, "Checkout"), "deadlock " * 400))
    async with running(desk, SMALL) as it:
        await opened(it, "Checkout")
        assert labelled(it, "Tried").split("01:38")[0].split("09:12")[0].strip().endswith("deadlock …")


async def test_the_customers_text_is_shown_literally() -> None:
    desk = morning_desk()
    hostile = "[/oops] \x1b]0;owned\x07 \u202eevil [@click=app.quit]x[/] " * 300
    request = Log("critical", "hotline", "acme", "jo", "All [/red] is \x1b[2Jgone", hostile)
    desk.do_as("ann", request)
    async with running(desk, SMALL) as it:
        await opened(it, "All")
        assert "[/oops]" in labelled(it, "Problem")
        assert not {"\x1b", "\x07", "\u202e"} & set("".join(it.ticket_lines))


def test_no_line_breaks_inside_a_time_with_its_zone_or_a_number() -> None:
    told = Content(
        "for the customer since 23 Nov 11:41 GMT, asked again at 09:12 GMT, on +44 20 7946 0018, by Ann"
    )
    for width in range(18, 80):
        lines = [line.plain for line in PageCanvas(width, 20, lambda role: Style(), NARROW, 0).wrapped(told)]
        assert not [line for line in lines if line.startswith("GMT")]
        assert any("+44 20 7946 0018" in line for line in lines)
        assert " ".join(lines) == told.plain


async def test_mail_that_did_not_reach_the_customer_is_noted_until_they_are_told_something() -> None:
    desk = morning_desk()
    checkout = ref(desk, "Checkout")
    undelivered = MailUndelivered("ab" * 16, "reply", "jo", "Jo Park", "550 no such user")
    desk.happen(checkout, undelivered, by="watcher")
    async with running(desk, SMALL) as it:
        await opened(it, "Checkout")
        assert labelled(it, "Mail") == "to Jo Park could not be delivered: tell them by telephone"
        desk.do_as("priya", Reply(checkout, "Hello", "telephone"))
        await it.until(lambda: "Mail" not in labels(it))
