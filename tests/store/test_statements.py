"""That what runs again and again gives the database the statements that it built the first time.

Building one, and finding it among those that were compiled, takes longer than executing it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from supportdesk.desk import Desk
from supportdesk.store.statements import compile_once
from supportdesk.tickets.process.assignment import Claim, HandBack
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.triage import Log
from tests.store.desks import REQUEST, done, furnished_desk, logged

pytestmark = pytest.mark.usefixtures("database_kind")

Run = Callable[[Desk, str], object]


@contextmanager
def executed() -> Iterator[list[Any]]:
    """Collect the statements, as objects, that any desk executes in the block."""
    seen: list[Any] = []

    def add(_connection: Any, statement: Any, *_: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_execute", add)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_execute", add)


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(lambda desk, ref: done(desk, Note(ref, "it is the usual thing")), id="note"),
        pytest.param(
            lambda desk, ref: (done(desk, Claim(ref)), done(desk, HandBack(ref, "at lunch"))), id="claim"
        ),
        pytest.param(lambda desk, _: done(desk, Log(**REQUEST)), id="log"),
        pytest.param(lambda desk, _: desk.changes(0), id="changes"),
        pytest.param(lambda desk, _: desk.queue(), id="queue"),
        pytest.param(lambda desk, _: desk.overdue_steps(desk.now()), id="overdue steps"),
        pytest.param(lambda desk, _: desk.next_watch_due(), id="next due time"),
    ],
)
def test_a_statement_is_built_once(run: Run, tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        with executed() as first:
            run(desk, ref)
        before = compile_once.cache_info()
        with executed() as second:
            run(desk, ref)
        after = compile_once.cache_info()
    assert second or after.hits > before.hits
    assert after.misses == before.misses
    assert [str(each) for each in second if not any(each is known for known in first)] == []
