"""The rules of messages that arrive: each has one state, and only what waits gets another one."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from supportdesk.tickets.actors import INTAKE, Actor, StaffActor
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import ERASED, Contact
from supportdesk.tickets.incoming_message import (
    MAIL_WAITS,
    OF_VOICEMAILS,
    ON_TICKET,
    SETTLED,
    UNSETTLED,
    IncomingMessage,
    MessageState,
)
from supportdesk.tickets.records.events import MessageAccounted, MessageSettled
from supportdesk.tickets.records.incoming_commands import AccountMessage, SettleMessage
from supportdesk.tickets.records.rules import decide_record
from supportdesk.tickets.refusal import Refusal
from tests.tickets.scenario import MONDAY_NINE, RECORDS, claritum, logged

REF = "CD-4C00-W"
OF_MAIL = [each for each in MessageState if each not in OF_VOICEMAILS]
EARLIER = IncomingMessage(
    "11aa22bb",
    "support",
    MessageState.QUARANTINE,
    MONDAY_NINE,
    "the sender is not known",
    identity="7:1",
    message_id="<1@acme.example>",
    content_digest="ab" * 32,
    decided_by="intake",
    decided_at=MONDAY_NINE,
)
ERASED_CONTACT = Contact("erased-1", "acme", ERASED)


def decided(
    command: AccountMessage | SettleMessage, *known: IncomingMessage, by: Actor = INTAKE
) -> IncomingMessage | Refusal:
    """What is recorded by a command on a desk with these messages, or why not."""
    records = replace(
        RECORDS,
        incoming={each.key: each for each in known},
        tickets={REF: logged().ticket},
        contacts={**RECORDS.contacts, ERASED_CONTACT.key: ERASED_CONTACT},
    )
    decision = decide_record(DecisionContext(MONDAY_NINE, by, claritum(), records), command)
    if isinstance(decision, Refusal):
        return decision
    (event,) = decision
    assert isinstance(event, MessageAccounted | MessageSettled)
    return event.message


def settled(message: IncomingMessage, state: MessageState, **fields: Any) -> IncomingMessage | Refusal:
    return decided(
        SettleMessage(message.key, state.value, **fields), message, by=StaffActor(RECORDS.staff["sam"])
    )


@pytest.mark.parametrize("state", OF_MAIL)
def test_what_is_on_a_ticket_needs_a_reference_and_all_else_a_reason(state: MessageState) -> None:
    known = (EARLIER,) if state is MessageState.DUPLICATE else ()
    asked = replace(EARLIER, key="33cc44dd", identity="7:2", state=state, reason="")
    without = decided(AccountMessage(asked, b"mail"), *known)
    assert isinstance(without, Refusal)
    if state in ON_TICKET:
        assert without.reason == "say which ticket it is on"
        complete = replace(asked, ref=REF, contact="jo")
    else:
        assert without.reason == f"say in a sentence why it is {state}"
        complete = replace(asked, reason="because it is")
    recorded = decided(AccountMessage(complete, b"mail"), *known)
    assert isinstance(recorded, IncomingMessage)
    assert (recorded.state, recorded.size, recorded.decided_by) == (state, 4, "intake")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"ref": "CD-4C01-T"}, "there is no ticket CD-4C01-T"),
        ({"contact": "nobody"}, "there is no contact 'nobody'; `supportdesk contact list` shows them"),
        ({"contact": "erased-1"}, "there is no contact 'erased-1'; `supportdesk contact list` shows them"),
        ({"source": ""}, "a message needs the name of the mailbox in which it arrived; give its source"),
    ],
)
def test_what_is_not_there_is_refused(fields: dict[str, Any], reason: str) -> None:
    refused = decided(AccountMessage(replace(EARLIER, **fields), b"mail"))
    assert isinstance(refused, Refusal)
    assert refused.reason == reason


@pytest.mark.parametrize("waits", sorted(MAIL_WAITS))
@pytest.mark.parametrize("state", [each for each in SETTLED if each in OF_MAIL])
def test_what_waits_is_settled_as_a_ticket_a_message_or_refused(
    waits: MessageState, state: MessageState
) -> None:
    message = replace(EARLIER, state=waits)
    without = settled(message, state)
    assert isinstance(without, Refusal)
    if state in ON_TICKET:
        assert without.reason == "say which ticket it is on"
        found = settled(message, state, ref=REF, contact="jo")
        expected = replace(message, state=state, ref=REF, contact="jo", reason="", decided_by="sam")
    else:
        assert without.reason == "say in a sentence why it is refused"
        found = settled(message, state, reason="advertising")
        expected = replace(message, state=state, reason="advertising", decided_by="sam")
    assert found == expected


@pytest.mark.parametrize("state", sorted({*MessageState} - UNSETTLED))
@pytest.mark.parametrize("wanted", SETTLED)
def test_every_other_state_is_final(state: MessageState, wanted: MessageState) -> None:
    refused = settled(replace(EARLIER, state=state), wanted, ref=REF, reason="another")
    assert isinstance(refused, Refusal)
    assert refused.reason == (
        f"it is recorded as {state} (the sender is not known), by intake on Mon 23 Nov 2026 09:00 GMT;"
        " that is final"
    )
