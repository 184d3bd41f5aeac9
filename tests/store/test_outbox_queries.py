"""What a watcher asks of the outbox at each tick costs the same however much was sent before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from tests.store.desks import address_of
from tests.store.outboxes import ROOM, notify, outbox_desk
from tests.store.query_plan import list_table_scans
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
    seen: list[tuple[str, Any]] = []
    with outbox_desk(tmp_path, FixedClock(MONDAY_NINE)) as desk:
        notify(desk, "one")

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            seen.append((statement, parameters))

        event.listen(Engine, "before_cursor_execute", note)
        try:
            query(desk)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        seen = [each for each in seen if "messages" in each[0] or "deliveries" in each[0]]
        assert seen
        assert [list_table_scans(address_of(desk), *each) for each in seen] == [[]] * len(seen)
