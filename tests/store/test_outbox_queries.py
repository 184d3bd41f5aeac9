"""What is asked of the outbox, at each tick or of each part of a copy, costs the same however much was sent before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store.exchange.facts import read_facts
from tests.store.desks import address_of, database_of
from tests.store.outboxes import ROOM, notify, outbox_desk
from tests.store.query_plan import list_table_scans, noted_statements
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")

QUERIES: dict[str, Callable[[Desk], object]] = {
    "when is the next due": lambda desk: desk.next_delivery_due(ROOM),
    "claim": lambda desk: desk.claim_shipments("here", ROOM),
    "claim beside what is under way": lambda desk: desk.claim_shipments("here", ROOM, frozenset({"other"})),
    "pages that were not sent": lambda desk: desk.unsent_pages(),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_no_query_of_a_tick_reads_what_waits_no_longer(
    tmp_path: Path, query: Callable[[Desk], object]
) -> None:
    with outbox_desk(tmp_path, FixedClock(MONDAY_NINE)) as desk:
        notify(desk, "one")
        with noted_statements("messages", "deliveries") as seen:
            query(desk)
        assert seen
        assert [list_table_scans(address_of(desk), *each) for each in seen] == [[]] * len(seen)


def test_no_part_of_a_copy_reads_all_messages_for_its_deliveries(tmp_path: Path) -> None:
    with outbox_desk(tmp_path, FixedClock(MONDAY_NINE)) as desk:
        notify(desk, "one")
        with noted_statements("messages", "deliveries") as seen:
            list(read_facts(database_of(desk), desk.queue().seq))
        about_deliveries = [each for each in seen if "FROM deliveries" in each[0]]
        assert about_deliveries
        scans = [step for each in about_deliveries for step in list_table_scans(address_of(desk), *each)]
        assert not [step for step in scans if "messages" in step]
