"""What a watcher asks of the outbox at each tick costs the same however much was sent before."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from tests.store.desks import sqlite_of
from tests.store.outboxes import ROOM, notify, outbox_desk
from tests.tickets.scenario import MONDAY_NINE

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

        event.listen(sqlite_of(desk)._engine, "before_cursor_execute", note)
        query(desk)
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection:
        plans = [
            step[3]
            for statement, parameters in seen
            if "messages" in statement or "deliveries" in statement
            for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
