"""An incoming call is shown on every screen, takes no keys, and is answered by one key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.screen import Screen
from textual.widgets import TextArea

from supportdesk.console.calls import incoming
from supportdesk.console.calls.incoming import CallReceived, IncomingCall, identify
from supportdesk.console.calls.incoming_bar import IncomingCallBar
from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.calls.screen import CallScreen
from supportdesk.console.calls.softphone import Listener, notify_consoles
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.messages import ContactErased
from supportdesk.console.navigation import DESTINATIONS, Destination
from supportdesk.tickets.documents import Contact
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_desk, morning_records
from tests.console.harness.console import Running, lines, running

JO = "+44 20 7946 0018  Jo Park, Acme Ltd"


async def rings(it: Running, number: str = "020 7946 0018") -> None:
    it.app.post_message(CallReceived(number))
    await it.pilot.pause()
    await it.rest()
    await it.pilot.pause()


def offered(screen: Screen[Any]) -> str:
    """Return the text of the call bar on a screen; empty if there is none."""
    found = screen.query(IncomingCallBar)
    return lines(found.first(IncomingCallBar))[0].strip() if found else ""


@asynccontextmanager
async def answered_by(it: Running, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """Return the queries with which the call screen is opened."""
    begun: list[str] = []
    really = DESTINATIONS[incoming.DESTINATION]

    def opened(session: Any, client: Any, text: str) -> Screen[Any]:
        begun.append(text)
        return really.open(session, client, text)

    monkeypatch.setitem(DESTINATIONS, incoming.DESTINATION, Destination(opened, acts=True))
    yield begun


async def test_the_bar_shows_the_possible_caller_and_the_key_that_answers() -> None:
    async with running(morning_desk()) as it:
        cursor, focus = it.under_cursor, it.focus
        await rings(it)
        assert offered(it.app.screen).startswith(f"☏ {JO}  ")
        assert offered(it.app.screen).endswith("F4 answer")
        assert (it.under_cursor, it.focus) == (cursor, focus)


async def test_on_a_small_screen_the_present_caller_stays_visible_when_another_call_comes_in() -> None:
    async with running(morning_desk(), (80, 24)) as it:
        await it.press("n")
        await rings(it)
        assert it.app.screen.query_one(IncomingCallBar).region.y == 0
        await it.until(lambda: it.app.screen.query_one(".title").region.y == 1)
        await it.press("escape")
        assert it.screen.query_one(IncomingCallBar).region.y == 0


async def test_f4_in_the_queue_opens_the_call_with_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(morning_desk()) as it, answered_by(it, monkeypatch) as begun:
        await rings(it)
        await it.press("f4")
        assert begun == ["+44 20 7946 0018"]
        assert isinstance(it.app.screen, CallScreen)
        assert offered(it.app.screen) == ""


async def test_a_call_with_a_withheld_number_starts_with_an_empty_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running(morning_desk()) as it, answered_by(it, monkeypatch) as begun:
        await rings(it, "anonymous")
        assert "Number withheld  unknown caller" in offered(it.screen)
        await it.press("f4")
        assert begun == [""]


async def test_an_incoming_call_takes_no_keys_from_an_open_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running(morning_desk()) as it, answered_by(it, monkeypatch) as begun:
        await it.press("i", *"half ")
        await rings(it)
        form = it.app.screen
        assert offered(form).startswith("☏")
        await it.press(*"done")
        assert form.query_one(TextArea).text == "half done"
        await it.press("f4")
        assert len(begun) == 1
        await it.press("escape")
        assert it.app.screen is form
        assert form.query_one(TextArea).text == "half done"
        assert form.query_one(TextArea).has_focus


async def test_a_screen_opened_during_a_call_shows_it() -> None:
    async with running(morning_desk()) as it:
        await rings(it)
        await it.press("question_mark")
        assert it.app.screen is not it.screen
        await it.until(lambda: offered(it.app.screen).startswith("☏"))


async def test_escape_in_the_queue_only_dismisses_the_call() -> None:
    async with running(morning_desk()) as it:
        await it.press("enter")
        await rings(it)
        await it.press("escape")
        assert offered(it.screen) == ""
        assert it.focus == "ticket"
        await it.press("escape")
        assert it.focus == "queue"


async def test_an_unanswered_call_disappears_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "RING_SECONDS", 0.01)
    async with running(morning_desk()) as it:
        it.app.post_message(CallReceived("020 7946 0018"))
        await it.until(lambda: "find_callers" in it.desk.calls)
        await it.until(lambda: offered(it.screen) == "")
        await it.press("f4")
        assert it.foot.strip() == "There is no incoming call."


async def test_two_calls_are_counted_and_answered_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running(morning_desk()) as it, answered_by(it, monkeypatch) as begun:
        await rings(it, "020 7946 0018")
        await rings(it, "020 7946 0033")
        await rings(it, "0044 20 7946 0033")
        assert "Nils Berg, Northwind Traders  (1 more)" in offered(it.screen)
        await it.press("f4", "escape")
        assert offered(it.screen).startswith(f"☏ {JO}")
        await it.press("f4")
        assert begun == ["+44 20 7946 0033", "+44 20 7946 0018"]


async def test_while_the_desk_is_disconnected_a_call_shows_its_number() -> None:
    async with running(morning_desk()) as it:
        it.desk.outage = "the disk is gone"
        await rings(it)
        assert "+44 20 7946 0018  unknown caller" in offered(it.screen)


async def test_a_click_on_the_bar_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(morning_desk()) as it, answered_by(it, monkeypatch) as begun:
        await rings(it)
        await it.pilot.click(IncomingCallBar)
        await it.rest()
        assert len(begun) == 1


async def test_a_softphone_reaches_the_console(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("c")
    place.chmod(0o700)
    async with running(morning_desk(), calls=[place]) as it:
        assert notify_consoles("020 7946 0018", [place]) == 1
        await it.until(lambda: offered(it.screen).startswith("☏"))
    assert notify_consoles("020 7946 0018", [place]) == 0


async def test_a_call_that_is_answered_here_is_silenced_in_the_other_consoles_of_the_user(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, told = tmp_path_factory.mktemp("c"), list[str]()
    place.chmod(0o700)
    with closing(Listener([place], told.append)):
        async with running(morning_desk(), calls=[place]) as it, answered_by(it, monkeypatch) as begun:
            assert notify_consoles('"Jo" <020 7946 0018>', [place]) == 2
            await it.until(lambda: offered(it.screen).startswith("☏"))
            await it.press("f4")
            await it.until(lambda: len(told) == 2)
            assert told[1] == "answered 020 7946 0018"
            assert len(begun) == 1


async def test_a_call_that_another_console_has_answered_stops_ringing_and_opens_no_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running(morning_desk()) as it, answered_by(it, monkeypatch) as begun:
        await rings(it, "020 7946 0999")
        await rings(it, '"Jo" <020 7946 0018>')
        it.app.post_message(CallReceived("answered 020 7946 0018"))
        await it.until(lambda: offered(it.screen).startswith("☏ +44 20 7946 0999"))
        assert "more" not in offered(it.screen)
        it.app.post_message(CallReceived("answered 020 7946 0999"))
        await it.until(lambda: not offered(it.screen))
        await it.press("f4")
        assert begun == []


async def test_a_console_that_cannot_listen_for_calls_says_so_and_works(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with running(morning_desk(), calls=[tmp_path / "file"]) as it:
        (told,) = [each.message for each in it.app._notifications]
        assert "`supportdesk call` cannot reach this console" in told
        assert it.queue


async def test_the_name_that_a_softphone_gives_is_shown_and_goes_into_the_form_of_an_unknown_caller() -> None:
    async with running(morning_desk()) as it:
        await rings(it, '"Pat Jones" <+44 20 7946 0999>')
        assert offered(it.app.screen).startswith("☏ +44 20 7946 0999  Pat Jones, not in the directory  ")
        await it.press("f4")
        await it.until(lambda: isinstance(it.app.screen, CallScreen))
        await it.press("enter")
        await it.until(lambda: isinstance(it.app.screen, LogRequestForm))
        contact = it.app.screen.query_one("#contact", SearchField).picked
        assert contact is not None
        assert (contact.name, contact.new) == ("Pat Jones", True)
        assert it.app.screen.query_one("#contact_telephone", LineField).value == "+44 20 7946 0999"


async def test_a_call_that_arrives_while_another_is_dismissed_is_shown() -> None:
    async with running(morning_desk()) as it:
        await rings(it)
        calls = it.app._incoming_calls
        assert calls is not None
        calls.dismiss_all()
        calls.add(IncomingCall("+44 20 7946 0999", "unknown caller"))
        await it.until(lambda: offered(it.app.screen).startswith("☏ +44 20 7946 0999"))


async def test_a_known_number_shows_the_name_in_the_directory() -> None:
    async with running(morning_desk()) as it:
        await rings(it, '"PJ" <020 7946 0018>')
        assert offered(it.app.screen).startswith(f"☏ {JO}  ")


def with_contacts(*contacts: Contact) -> FakeDesk:
    desk = morning_desk()
    known = {**morning_records().contacts, **{each.key: each for each in contacts}}
    desk.records = type(desk.records)(
        **{
            **{name: getattr(desk.records, name) for name in desk.records.__struct_fields__},
            "contacts": known,
        }
    )
    return desk


def test_a_number_shared_by_several_contacts_shows_their_company() -> None:
    number = "+44 20 7946 0500"
    two = [Contact(f"c{n}", "acme", f"Person {n}", telephone=number) for n in range(2)]
    three = [*two, Contact("c2", "acme", "Person 2", telephone=number)]
    mixed = [*two, Contact("c2", "umbra", "Person 2", telephone=number)]
    assert identify(with_contacts(*two), number).who == "Person 0, Acme Ltd or Person 1, Acme Ltd"
    shared = IncomingCall(number, "a contact at Acme Ltd", reported=number)
    assert identify(with_contacts(*three), number) == shared
    assert identify(with_contacts(*mixed), number).who == "several possible callers"


async def test_a_hostile_name_is_shown_as_plain_text() -> None:
    contact = Contact(
        "x", "acme", "[/oops] \x1b]0;x\x07[@click=app.quit]Evil\u202e", telephone="0161 496 0000"
    )
    async with running(with_contacts(contact)) as it:
        await rings(it, "0161 496 0000")
        said = offered(it.screen)
        assert "[/oops]" in said
        assert not {"\x1b", "\x07", "\u202e"} & set(said)


async def test_a_small_terminal_keeps_the_key_and_cuts_the_name() -> None:
    long = Contact("x", "acme", "Wilhelmina " * 12, telephone="0161 496 0000")
    async with running(with_contacts(long), (80, 24)) as it:
        await rings(it, "0161 496 0000")
        assert offered(it.screen).endswith("…   F4 answer")


@pytest.mark.parametrize("said", ["", "somebody", "\x1b]0;x\x07 1234", "12", "1" * 200, "0161 [/oops] 0000"])
async def test_text_that_cannot_be_a_number_is_ignored(said: str) -> None:
    async with running(morning_desk()) as it:
        await rings(it, said)
        assert offered(it.screen) == ""


async def test_a_caller_who_is_erased_while_it_rings_is_named_no_more() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        await rings(it)
        assert offered(it.app.screen).startswith(f"☏ {JO}  ")
        desk.records = replace(desk.records, contacts={})
        it.screen.post_message(ContactErased())
        await it.until(lambda: "unknown caller" in offered(it.app.screen))
