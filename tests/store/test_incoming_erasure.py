"""With a contact, everything is erased that arrived from them, or names them; every message stays accounted for."""

from __future__ import annotations

import quopri
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from supportdesk.desk import Desk
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.documents import ERASED
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from supportdesk.tickets.records.commands import EraseContact
from supportdesk.tickets.records.incoming_commands import SettleMessage
from tests.store.desks import database_of, done, logged, refused, verified
from tests.store.erased import NAME, ZOE, named_desk, traces_of
from tests.store.exchanged import compare_round_trip
from tests.store.incoming import account, arrival, mail, originals, stored

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on which she is named everywhere, which is intact in the end."""
    with named_desk(tmp_path) as desk:
        yield desk
        assert verified(desk).is_intact, verified(desk)
        compare_round_trip(database_of(desk), tmp_path)


def erase(desk: Desk) -> None:
    done(desk, EraseContact(ZOE.key), by="sue")
    desk.remove_traces()
    assert traces_of(desk) == []


def test_what_she_sent_is_erased_with_its_original(desk: Desk) -> None:
    ref = logged(desk, contact=ZOE.key)
    hers: dict[str, Any] = {
        "sender_address": ZOE.email,
        "sender_name": NAME,
        "subject": f"{NAME} cannot print",
    }
    known = account(desk, arrival(1, MessageState.MESSAGE, ref=ref, contact=ZOE.key, **hers))
    unknown = account(
        desk, arrival(2, original=mail(sender=ZOE.email, name=NAME), message_id=f"<{ZOE.email}>", **hers)
    )
    erase(desk)
    found = {each.key: each for each in stored(desk)}
    assert set(found) == {known.key, unknown.key}
    for each in found.values():
        assert (each.sender_address, each.sender_name, each.subject, each.original) == (
            *(ERASED, ERASED, ERASED),
            "",
        )
    assert found[known.key].contact == "erased-1"
    assert (found[known.key].ref, found[known.key].state) == (ref, MessageState.MESSAGE)
    assert set(originals(desk)).isdisjoint({known.original, unknown.original})


def test_a_message_that_was_settled_since_is_erased_in_all_its_events(desk: Desk) -> None:
    message = account(desk, arrival(sender_address="z@home.example", sender_name="Z", subject="Zoë again"))
    done(desk, SettleMessage(message.key, "refused", reason=f"{NAME} rang", contact=ZOE.key))
    erase(desk)
    (found,) = stored(desk)
    assert (found.state, found.sender_address, found.original) == (MessageState.REFUSED, ERASED, "")
    assert found.reason == f"{ERASED} rang"
    assert message.original not in originals(desk)


def quoting(text: str, **parts: str) -> bytes:
    """A mail of somebody else whose text is encoded."""
    message = EmailMessage()
    message["From"] = "Kim Lo <kim@acme.example>"
    message["Cc"] = parts.get("cc", "")
    message.set_content(text, cte="base64")
    return message.as_bytes()


@pytest.mark.slow
@pytest.mark.long_on_server
@pytest.mark.parametrize(
    "original",
    [
        quoting(f"On Monday {NAME} wrote:\n> It does not print."),
        quoting("Please see below.", cc=f"{NAME} <zoe@home.example>"),
        b"Content-Type: text/plain; charset=nonsense\n\n" + NAME.encode(),
        b"Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: quoted-printable\n\n"
        + quopri.encodestring(NAME.encode("utf-16")),
        b"Content-Type: text/html\n\n<p>Dear Zo&euml; <b>M&uuml;ll</b>er-Brandt,</p>",
        b"Content-Type: text/html\n\n<td>Zo&euml;</td><td>M&uuml;ller-Brandt</td>",
        b"Content-Type: multipart/mixed\n\n" + NAME.encode(),
        b"Subject: =?utf-8?q?=5A=6F=C3=AB_M=C3=BCller-Brandt?=\n\nIt does not print.",
        b"\0\xff\n" + NAME.encode(),
    ],
)
def test_the_original_of_a_message_that_names_her_is_deleted(desk: Desk, original: bytes) -> None:
    kim: dict[str, Any] = {"sender_address": "kim@acme.example", "sender_name": "Kim Lo"}
    message = account(desk, arrival(original=original, subject=f"{NAME}'s printer", **kim))
    other = account(desk, arrival(2, original=quoting("It does not print here, either."), **kim))
    erase(desk)
    found = {each.key: each for each in stored(desk)}
    assert (found[message.key].sender_name, found[message.key].subject) == ("Kim Lo", f"{ERASED}'s printer")
    assert found[message.key].original == ""
    assert found[other.key] == other
    assert message.original not in originals(desk)
    assert other.original in originals(desk)


def test_a_message_on_her_ticket_keeps_its_sender_and_loses_its_original(desk: Desk) -> None:
    ref = logged(desk, contact=ZOE.key)
    kim: dict[str, Any] = {
        "sender_address": "kim@acme.example",
        "sender_name": "Kim Lo",
        "subject": "Zoë cannot print",
    }
    message = account(
        desk, arrival(1, MessageState.MESSAGE, original=quoting("Zoë is away."), ref=ref, **kim)
    )
    erase(desk)
    (found,) = stored(desk)
    assert (found.sender_name, found.subject, found.original) == ("Kim Lo", f"{ERASED} cannot print", "")
    assert message.original not in originals(desk)


def test_what_was_recorded_before_is_not_recorded_again_after_an_erasure(desk: Desk) -> None:
    command = arrival(sender_address=ZOE.email, sender_name=NAME)
    done(desk, command, by=INTAKE.key, command_id="mail 1")
    erase(desk)
    before: list[IncomingMessage] = stored(desk)
    assert "a contact in it was erased since" in refused(desk, command, by=INTAKE.key, command_id="mail 1")
    assert done(desk, command, by=INTAKE.key).repeated
    assert stored(desk) == before
