"""Every line that a customer writes is on the timeline or one key away: from a message's bytes to what is drawn."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from textual.style import Style

from supportdesk.clock import FixedClock
from supportdesk.console.terminal.symbols import NARROW
from supportdesk.console.ticket.context import PageCanvas, TicketContext
from supportdesk.console.ticket.tabs import Tab, tab_lines
from supportdesk.desk import Desk
from supportdesk.intake.mail.mail_intake import Accounted, MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.store.read_models import TicketView
from supportdesk.tickets.incoming_message import MessageState
from supportdesk.tickets.records.commands import SaveContact, SavePerson
from tests.intake.mail.generated_mail import MESSAGE_ID, SUBJECT, GeneratedMail, generated_mails
from tests.intake.mail.messages import SUPPORT, write
from tests.seeds import examples
from tests.store.desks import done, furnished
from tests.tickets.scenario import MONDAY_NINE, RECORDS

NARROW_PANE, UNWRAPPED = 60, 100_000
"""Widths in cells: one at which lines are wrapped, and one at which none is."""
FOLD = re.compile(r"▸ (\d+) lines? of quoted text")
ELSEWHERE = re.compile(r"in\s+the\s+original\s+only|The\s+whole\s+message\s+is\s+kept")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with closing(Desk.open(furnished(tmp_path_factory.mktemp("words")), FixedClock(MONDAY_NINE))) as opened:
        done(opened, SaveContact(replace(RECORDS.contacts["jo"], email="jo@acme.example")))
        done(opened, SavePerson(replace(RECORDS.staff["ann"], email="ann@claritum.example")), by="sue")
        yield opened


@pytest.fixture(scope="module")
def ticket(desk: Desk) -> str:
    """A ticket of the customer's, to which some messages reply."""
    ref = take_in(desk, write()).ref
    assert ref is not None
    return ref


def take_in(desk: Desk, content: bytes) -> Accounted:
    return MailIntake(desk, Mailbox("support", "files", addresses=frozenset({SUPPORT}))).take_in(
        Delivery(content)
    )


def draw_timeline(desk: Desk, view: TicketView, width: int, *, unfolded: bool) -> list[str]:
    """What the timeline of a ticket shows, row by row."""
    context = TicketContext(view.row, desk.policies[view.row.policy], view)
    canvas = PageCanvas(width, 50, lambda name: Style(), NARROW, 0, unfolded)
    return [line.plain for line in tab_lines(Tab.TIMELINE, context, canvas)]


def letters(text: str) -> str:
    """The letters and digits of a text, which no layout changes."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", text)))


_numbers = count(1)


@given(generated_mails(), st.booleans())
@settings(max_examples=(settings.get_current_profile_name() == "long" and 150) or examples(12))
def test_every_line_of_a_message_is_drawn_or_one_key_away_or_said_to_be_in_the_original(
    desk: Desk, ticket: str, mail: GeneratedMail, is_reply: bool
) -> None:
    number = next(_numbers)
    content = mail.content.replace(MESSAGE_ID.encode(), b"<%d@generated.example>" % number)
    if is_reply:
        content = content.replace(SUBJECT.encode(), f"Re: {ticket}".encode())
    before = desk.ticket(ticket).timeline[-1].seq
    taken = take_in(desk, content)
    assert (taken.state, taken.repeated) == (MessageState.MESSAGE if is_reply else MessageState.TICKET, False)
    assert taken.ref is not None
    view = desk.ticket(taken.ref)
    if is_reply:
        view = replace(
            view,
            ticket=replace(view.ticket, description=""),
            timeline=tuple(entry for entry in view.timeline if entry.seq > before),
        )
    assert_shown(mail, "\n".join(draw_timeline(desk, view, NARROW_PANE, unfolded=True)))
    folded, unfolded = (draw_timeline(desk, view, UNWRAPPED, unfolded=each) for each in (False, True))
    assert_folded(folded, unfolded)
    [message] = desk.find_incoming(message_id=f"{number}@generated.example")
    assert desk.incoming_original(message.key) == content


def assert_shown(mail: GeneratedMail, unfolded: str) -> None:
    """Every line and the name of every file is shown in order; where a line is not, the text says so."""
    missing, shown, place = [], letters(unfolded), 0
    for line in mail.lines:
        found = shown.find(letters(line), place)
        if found < 0:
            missing.append(line)
        else:
            place = found + len(letters(line))
    assert all(letters(name) in shown for name in mail.files), unfolded
    if missing:
        assert mail.has_more, (missing, unfolded)
        assert ELSEWHERE.search(unfolded), (missing, unfolded)


def assert_folded(folded: list[str], unfolded: list[str]) -> None:
    """The folded timeline is the other one, with one row in the place of as many as it says."""
    found = [(place, fold) for place, row in enumerate(folded) if (fold := FOLD.fullmatch(row.strip()))]
    if not found:
        assert folded == unfolded
        return
    [(place, fold)] = found
    hidden = unfolded[place : place + int(fold[1])]
    assert [*folded[:place], *hidden, *folded[place + 1 :]] == unfolded
