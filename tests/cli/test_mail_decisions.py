"""`supportdesk intake log`, `add`, `enrol` and `refuse`: a message that waits and its ticket are written together."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import Any

import pytest

from supportdesk.desk import Desk
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from tests.cli.prompt import Prompt
from tests.store.desks import done
from tests.store.incoming import arrival, at

pytest.importorskip("nh3")

REQUEST = (
    *("--severity", "high", "--channel", "email", "--organisation", "Acme Ltd", "--contact", "Jo Park"),
    *("--summary", "The printer"),
)


@pytest.fixture
def key(ann: Prompt) -> str:
    """The key of a message in quarantine, which Jo Smith sent at 10:00."""
    return arrived(ann, 1)


def arrived(ann: Prompt, number: int, **fields: Any) -> str:
    with closing(Desk.open(ann.address, ann.clock)) as desk:
        known = {each.key for each in desk.incoming_messages()}
        done(desk, arrival(number, received_at=at(10), **fields), by=INTAKE.key)
        return next(each.key for each in desk.incoming_messages() if each.key not in known)


def message(ann: Prompt, key: str) -> IncomingMessage:
    with closing(Desk.open(ann.address, ann.clock)) as desk:
        found = desk.incoming_message(key)
    assert found is not None
    return found


def test_a_stranger_is_enrolled_and_their_message_is_logged_with_its_text_and_time(
    ann: Prompt, key: str
) -> None:
    refused = ann.refused("intake", "log", key, "--severity", "high")
    assert f"supportdesk intake enrol {key}" in refused
    assert "Jo Smith is enrolled" in ann.done("intake", "enrol", key, "--organisation", "Acme Ltd")
    assert "is the address of Jo Smith already" in ann.refused(
        "intake", "enrol", key, "--organisation", "Acme Ltd"
    )
    assert "not registered" in ann.done("contact", "list", "Acme Ltd"), "nobody has checked who it is"
    assert message(ann, key).state is MessageState.QUARANTINE
    ref = ann.done("intake", "log", key, "--severity", "high").strip()
    ticket = ann.ticket(ref)
    assert (ticket["summary"], ticket["channel"]) == ("The printer", "email")
    assert ticket["received_at"] == "2026-11-23T10:00:00Z"
    assert "Message 1" in ann.done("show", ref)
    settled = message(ann, key)
    assert (settled.state, settled.ref) == (MessageState.TICKET, ref)
    assert "that is final" in ann.refused("intake", "log", key, "--severity", "high")
    assert len(ann("queue", "--json").json) == 1, "what is settled logs no second ticket"
    assert "is settled: ticket" in ann.refused("intake", "enrol", key, "--organisation", "Acme Ltd")


def test_a_message_is_added_to_a_ticket_in_its_own_words_with_who_sent_it(ann: Prompt, key: str) -> None:
    ref = ann.done("log", *REQUEST).splitlines()[0]
    assert ann.done("intake", "add", key, "--ticket", ref) == f"Message {key} is on {ref} now.\n"
    shown = ann.done("show", ref)
    assert "Message 1" in shown
    assert "[Sent by Jo Smith <jo@acme.example>.]" in shown, "no contact of the customer has the address"
    settled = message(ann, key)
    assert (settled.state, settled.ref) == (MessageState.MESSAGE, ref)
    assert "that is final" in ann.refused("intake", "add", key, "--ticket", ref)
    assert ann.done("show", ref).count("Message 1") == 1, "neither is written where one is refused"


def test_what_a_contact_of_the_customer_sent_is_in_their_name_and_own_text_may_replace_it(
    ann: Prompt, key: str
) -> None:
    ref = ann.done("log", *REQUEST).splitlines()[0]
    ann.done("contact", "change", "Jo Park", "--organisation", "Acme Ltd", "--email", "jo@acme.example")
    ann.done("intake", "add", key, "--ticket", ref, "--text", "It stopped again.")
    shown = ann.done("show", ref)
    assert "It stopped again." in shown
    assert "Message 1" not in shown
    assert "Sent by" not in shown


def test_a_message_is_refused_with_a_reason_once(ann: Prompt, key: str) -> None:
    assert ann.done("intake", "refuse", key, "--reason", "advertising") == f"Message {key} is refused.\n"
    settled = message(ann, key)
    assert (settled.state, settled.reason) == (MessageState.REFUSED, "advertising")
    assert "that is final" in ann.refused("intake", "refuse", key, "--reason", "again")


def test_what_cannot_be_decided_says_what_to_do_instead(ann: Prompt, key: str) -> None:
    assert "intake status --state quarantine" in ann.refused(
        "intake", "add", "0" * 8, "--ticket", "CD-4C00-W"
    )
    assert "There is no contact" in ann.refused(
        "intake", "log", key, "--severity", "high", "--contact", "nobody"
    )
    nobody = arrived(ann, 2, sender_address="", sender_name="")
    assert "does not say who sent it" in ann.refused("intake", "enrol", nobody, "--organisation", "Acme Ltd")
    nameless = arrived(ann, 3, sender_name="", sender_address="x@y.example")
    assert "add --name" in ann.refused("intake", "enrol", nameless, "--organisation", "Acme Ltd")
    ann.done("intake", "enrol", nameless, "--organisation", "Acme Ltd", "--name", "Kim Lee")


def test_a_message_that_was_erased_is_logged_and_added_in_own_words_only(ann: Prompt, key: str) -> None:
    ref = ann.done("log", *REQUEST).splitlines()[0]
    ann.done("contact", "add", "Kim Lee", "--organisation", "Acme Ltd", "--email", "jo@acme.example")
    ann.by("maya").done("erase", "Kim Lee", "--yes")
    assert message(ann, key).is_erased
    log = ("intake", "log", key, "--severity", "high", "--contact", "acme-ltd.jo-park")
    for given in ((), ("--summary", "The printer"), ("--description", "It jams.")):
        refused = ann.refused(*log, *given)
        assert "was erased with a contact: give --summary and --description" in refused
    assert "give --text, or refuse it" in ann.refused("intake", "add", key, "--ticket", ref)
    assert not message(ann, key).is_settled
    ann.done("intake", "add", key, "--ticket", ref, "--text", "It jams again.")
    assert "It jams again." in ann.done("show", ref)


def test_a_message_is_logged_in_own_words_without_reading_it(
    ann: Prompt, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann.done("intake", "enrol", key, "--organisation", "Acme Ltd")
    log = ("intake", "log", key, "--severity", "high", "--summary", "The printer")
    monkeypatch.setitem(sys.modules, "supportdesk.intake.mail.parsing.parser", None)
    assert "Reading mail needs nh3" in ann(*log).err
    ref = ann.done(*log, "--description", "It jams.").strip()
    assert "It jams." in ann.done("show", ref)
