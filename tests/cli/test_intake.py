"""`supportdesk intake`: what arrived, what became of it, and how what waits is settled."""

from __future__ import annotations

from contextlib import closing

import pytest

from supportdesk.desk import Desk
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import MessageState
from tests.cli.prompt import Prompt
from tests.store.desks import done
from tests.store.incoming import SUPPORT, arrival, at

REQUEST = (
    *("--severity", "high", "--channel", "email", "--organisation", "Acme Ltd", "--contact", "Jo Park"),
    *("--summary", "The printer"),
)


@pytest.fixture
def keys(ann: Prompt) -> list[str]:
    """The keys of three messages in quarantine, the newest first; an automatic one arrived elsewhere."""
    with closing(Desk.open(ann.address, ann.clock)) as desk:
        for number in range(3):
            done(desk, arrival(number, received_at=at(9 + number)), by=INTAKE.key)
        elsewhere = arrival(9, MessageState.AUTOMATIC, source="help", reason="somebody is away")
        done(desk, elsewhere, by=INTAKE.key)
        return [each.key for each in desk.incoming_messages(states=[MessageState.QUARANTINE])]


def test_on_an_empty_desk_nothing_has_arrived(ann: Prompt) -> None:
    assert ann.done("intake", "status") == "Nothing has arrived.\n"
    assert ann("intake", "status", "--json").json == []
    assert ann.done("intake", "status", "--state", "quarantine") == "There is no such message.\n"
    assert ann("intake", "status", "--state", "quarantine", "--json").json == []


def test_each_mailbox_adds_up(ann: Prompt, keys: list[str]) -> None:
    assert [line.split() for line in ann.done("intake", "status").splitlines()] == [
        ["MAILBOX", "STATE", "MESSAGES"],
        ["help", "automatic", "1"],
        ["help", "sum", "1"],
        [SUPPORT, "quarantine", "3"],
        [SUPPORT, "sum", "3"],
        [],
        ["3", "messages", "wait", "for", "a", "decision."],
    ]
    found = ann("intake", "status", "--json").json
    assert [(each["mailbox"], each["sum"]) for each in found] == [("help", 1), (SUPPORT, 3)]
    assert found[0]["states"] == {state.value: int(state is MessageState.AUTOMATIC) for state in MessageState}
    assert SUPPORT not in ann.done("intake", "status", "--mailbox", "help")


def test_the_messages_of_a_state_are_listed_the_newest_first(ann: Prompt, keys: list[str]) -> None:
    lines = ann.done("intake", "status", "--state", "quarantine").splitlines()
    assert [line.split()[0] for line in lines] == ["KEY", *keys]
    assert f"{SUPPORT}  Jo Smith <jo@acme.example>  The printer  –" in lines[1]
    assert lines[1].endswith("the sender is not known")
    few = ann.done("intake", "status", "--state", "quarantine", "--limit", "2").splitlines()
    assert few[1].split()[0] == keys[0]
    assert few[-1] == "The newest 2 of 3; --limit shows more."
    assert ann.done("intake", "status", "--state", "set-aside") == "There is no such message.\n"
    assert keys[0] not in ann.done("intake", "status", "--state", "quarantine", "--mailbox", "help")


def test_a_message_is_printed_as_json(ann: Prompt, keys: list[str]) -> None:
    first = ann("intake", "status", "--state", "quarantine", "--json").json[0]
    assert (first["key"], first["state"], first["received_at"]) == (
        keys[0],
        "quarantine",
        "2026-11-23T11:00:00Z",
    )
    assert (first["from"], first["from_name"], first["ref"], first["decided_by"]) == (
        *("jo@acme.example", "Jo Smith", None),
        "intake",
    )


def test_what_waits_is_settled_once(ann: Prompt, keys: list[str]) -> None:
    ref = ann.done("log", *REQUEST).split()[0]
    settled = ann.done("intake", "settle", keys[0], "--state", "message", "--ticket", ref)
    assert settled == f"Message {keys[0]} is settled: message, {ref}.\n"
    refused = ann.refused("intake", "settle", keys[0], "--state", "refused", "--reason", "too late")
    assert f"recorded as message ({ref})" in refused
    assert "why it is refused" in ann.refused("intake", "settle", keys[1], "--state", "refused")
    ann.done("intake", "settle", keys[1], "--state", "refused", "--reason", "advertising")
    assert ann.done("intake", "status").splitlines()[-1] == "1 message waits for a decision."
    assert "is not one of ticket, message, refused" in ann.refused(
        "intake", "settle", keys[2], "--state", "bounce"
    )
