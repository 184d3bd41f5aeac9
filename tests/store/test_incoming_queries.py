"""The account of a mailbox is listed, counted and searched, at a cost that depends on what is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import IncomingQueries
from supportdesk.past import PastDesk
from supportdesk.store import incoming_queries
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from supportdesk.tickets.records.incoming_commands import SettleMessage
from tests.databases import copy_of
from tests.store.desks import address_of, done, furnish, furnished_desk
from tests.store.incoming import SUPPORT, arrival, mail, stored
from tests.store.query_plan import explain, list_table_scans, noted_statements
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")

HELP = "help@claritum.example"
STATES = (MessageState.QUARANTINE, MessageState.BOUNCE, MessageState.AUTOMATIC)


def _fill(address: str) -> None:
    furnish(address)
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        for number in range(24):
            command = arrival(
                number,
                STATES[number % 3],
                source=(SUPPORT, HELP)[number % 2],
                # Several in the same second.
                received_at=MONDAY_NINE + timedelta(minutes=number // 4),
            )
            done(desk, command, by=INTAKE.key)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on which messages have arrived in two mailboxes."""
    with closing(Desk.open(copy_of(_fill, tmp_path / "desk.db"), FixedClock(MONDAY_NINE))) as desk:
        yield desk


def pages(desk: IncomingQueries, **wanted: Any) -> list[IncomingMessage]:
    """All messages of a list, five at a time."""
    found: list[IncomingMessage] = []
    while page := desk.incoming_messages(**wanted, before=found[-1] if found else None, limit=5):
        assert len(page) <= 5
        found += page
    return found


WANTED: list[dict[str, Any]] = [
    {},
    {"states": [MessageState.BOUNCE]},
    {"source": HELP},
    {"states": [MessageState.QUARANTINE], "source": SUPPORT},
    {"states": [MessageState.AUTOMATIC, MessageState.QUARANTINE]},
    {"states": [MessageState.REFUSED]},
    {"source": "nobody@claritum.example"},
]


@pytest.mark.parametrize("wanted", WANTED, ids=str)
def test_every_message_is_on_one_page_the_newest_first(desk: Desk, wanted: dict[str, Any]) -> None:
    expected = [
        each
        for each in stored(desk)
        if each.state in wanted.get("states", MessageState) and wanted.get("source") in (None, each.source)
    ]
    expected.sort(key=lambda each: (each.received_at, each.key), reverse=True)
    assert pages(desk, **wanted) == expected
    assert len(expected) == sum(
        count
        for source, states in desk.count_incoming().items()
        for state, count in states.items()
        if state in wanted.get("states", MessageState) and wanted.get("source") in (None, source)
    )


def test_the_counts_add_up_to_what_arrived(desk: Desk) -> None:
    counted = Counter((each.source, each.state) for each in stored(desk))
    assert desk.count_incoming() == {
        source: {state: counted[source, state] for state in STATES} for source in (HELP, SUPPORT)
    }
    assert sum(counted.values()) == 24


def test_words_are_found_in_sender_and_subject_on_every_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming_queries, "_SEARCHED", 5)
    ada: dict[str, Any] = {
        "sender_name": "Adá Ünal",
        "sender_address": "ada@globex.example",
        "subject": "100% _broken_",
    }
    for number, state in enumerate((MessageState.QUARANTINE, MessageState.AUTOMATIC), 50):
        early = MONDAY_NINE - timedelta(days=number)
        done(desk, arrival(number, state, received_at=early, **ada), by=INTAKE.key)
    both = pages(desk, text="UNAL broken")
    assert [each.state for each in both] == [MessageState.QUARANTINE, MessageState.AUTOMATIC]
    assert pages(desk, text="ada@glob", states=[MessageState.AUTOMATIC]) == both[1:]
    assert pages(desk, text="0% _b") == both
    assert pages(desk, text="ada printer") == []
    assert len(pages(desk, text="jo smith")) == 24
    with closing(PastDesk.open(address_of(desk), MONDAY_NINE, present=FixedClock(MONDAY_NINE))) as past:
        assert pages(past, text="unal") == both


def test_nothing_has_arrived_at_a_new_desk(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        assert desk.count_incoming() == {}
        assert desk.incoming_messages() == []


def test_a_message_is_found_by_what_identifies_it(desk: Desk) -> None:
    (message,) = [each for each in stored(desk) if each.message_id == "<7@acme.example>"]
    assert desk.incoming_message(message.key) == message
    assert desk.find_incoming(message_id="<7@acme.example>") == [message]
    assert desk.find_incoming(content_digest=message.content_digest) == [message]
    assert desk.find_incoming(message_id="<7@acme.example>", content_digest="ab" * 32) == []
    assert desk.find_incoming() == []
    assert desk.incoming_message("x") is None
    assert desk.incoming_original(message.key) == mail("Message 7")
    assert desk.incoming_original("x") is None


def test_a_message_with_a_long_id_is_found_by_all_of_it(desk: Desk) -> None:
    long = f"<{'x' * 900}@acme.example>"
    done(desk, arrival(99, message_id=long), by=INTAKE.key)
    (found,) = desk.find_incoming(message_id=long)
    assert long.startswith(found.message_id)


def test_the_past_shows_what_had_arrived_and_how_it_was(desk: Desk) -> None:
    message = desk.incoming_messages(states=[MessageState.QUARANTINE])[0]
    later = MONDAY_NINE + timedelta(hours=1)
    with closing(Desk.open(address_of(desk), FixedClock(later))) as other:
        done(other, SettleMessage(message.key, "refused", reason="advertising"))
    with closing(PastDesk.open(address_of(desk), MONDAY_NINE, present=FixedClock(later))) as past:
        assert past.count_incoming() == {source: dict.fromkeys(STATES, 4) for source in (HELP, SUPPORT)}
        assert past.incoming_message(message.key) == message
        assert [each.key for each in pages(past)] == [each.key for each in pages(desk)]
        assert message in pages(past, states=[MessageState.QUARANTINE], source=message.source)
        assert past.find_incoming(message_id=message.message_id) == [message]
        assert past.incoming_original(message.key) is None
        past.controls.seek(later)
        found = past.incoming_message(message.key)
        assert found is not None
        assert found.state is MessageState.REFUSED


QUERIES: dict[str, Callable[[Desk], object]] = {
    "all": lambda desk: desk.incoming_messages(),
    "of a state": lambda desk: desk.incoming_messages(states=[MessageState.QUARANTINE]),
    "of a mailbox": lambda desk: desk.incoming_messages(source=SUPPORT),
    "of a state and a mailbox": lambda desk: desk.incoming_messages(
        states=[MessageState.QUARANTINE], source=SUPPORT
    ),
    "of two states": lambda desk: desk.incoming_messages(states=STATES[:2]),
    "the next page": lambda desk: desk.incoming_messages(
        states=[MessageState.QUARANTINE], before=desk.incoming_messages()[3]
    ),
    "by key": lambda desk: desk.incoming_message("x"),
    "by Message-ID": lambda desk: desk.find_incoming(message_id="<7@acme.example>"),
    "by content": lambda desk: desk.find_incoming(content_digest="ab" * 32),
    "of a ticket": lambda desk: desk.find_incoming(ref="CD-4C00-W"),
    "an original": lambda desk: desk.incoming_original(stored(desk)[0].key),
    "record one": lambda desk: done(desk, arrival(100), by=INTAKE.key),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_no_query_reads_or_sorts_all_messages(desk: Desk, query: Callable[[Desk], object]) -> None:
    with noted_statements("incoming_messages") as seen:
        query(desk)
    asked = [each for each in seen if each[0].startswith("SELECT") and "changed_seq" not in each[0]]
    assert asked
    for each in asked:
        plan = explain(address_of(desk), *each)
        if "LIMIT" in each[0]:
            assert not [step for step in plan if "SORT" in step.upper() or "TEMP B-TREE" in step], plan
            # In the order of an index, up to the limit.
            assert [step for step in plan if "ix_incoming_messages" in step], plan
        else:
            assert list_table_scans(address_of(desk), *each) == [], plan


def test_messages_are_counted_from_an_index(desk: Desk) -> None:
    with noted_statements("incoming_messages") as seen:
        desk.count_incoming()
    [statement] = seen
    plan = " ".join(explain(address_of(desk), *statement))
    assert "ix_incoming_messages_source_state" in plan
    assert "COVERING INDEX" in plan or "Index Only Scan" in plan or "Bitmap" in plan, plan
