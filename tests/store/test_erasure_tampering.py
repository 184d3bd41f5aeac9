"""Whatever is changed with a database tool of what an erasure left is found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.tickets.records.commands import EraseContact
from tests.databases import copy_of
from tests.store.conftest import Tamper
from tests.store.desks import database_of, done, verified
from tests.store.erased import ZOE, name_everywhere
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.sqlite

ERASED_NOTE = "SELECT min(seq) FROM erased_events JOIN ledger USING (seq) WHERE payload LIKE '%spoke with%'"


def erase(address: str) -> None:
    name_everywhere(address)
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        done(desk, EraseContact(ZOE.key), by="sue")
        desk.remove_traces()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on which a contact was named everywhere, and erased."""
    with closing(Desk.open(copy_of(erase, tmp_path / "desk.db"), FixedClock(MONDAY_NINE))) as desk:
        yield desk


TAMPERED = [
    ("UPDATE ledger SET payload = replace(payload, 'spoke', 'sang') WHERE seq = {seq}", "payload was changed"),
    ("UPDATE ledger SET salt = salt || '0' WHERE seq = {seq}", "payload was changed"),
    ("UPDATE ledger SET actor = 'eve' WHERE seq = {seq}", "is not what the erasure by event"),
    ("UPDATE ledger SET at = at + 60 WHERE seq = {seq}", "is not what the erasure by event"),
    ("DELETE FROM erased_events WHERE seq = {seq}", "it was changed after it was written"),
    ("DELETE FROM erased_events", "it was changed after it was written"),
    ("UPDATE erased_events SET digest = hash WHERE seq = {seq}", "is not what the erasure by event"),
    ("UPDATE erased_events SET hash = digest WHERE seq = {seq}", "is not what the erasure by event"),
    ("UPDATE erased_events SET erasure = 1 WHERE seq = {seq}", "is not what the erasure by event"),
    ("INSERT INTO erased_events VALUES (99999, 3, 'a', 'b')", "is not what the erasure by event 99999"),
    ("INSERT INTO erased_events SELECT erasure, 3, hash, digest FROM erased_events LIMIT 1", "is not what the erasure"),
    ("INSERT INTO erased_events VALUES (99999, 99998, 'a', 'b')", "erased_events 99999: no event in the ledger"),
    ("UPDATE contacts SET document = replace(document, '[erased]', 'Zo') WHERE name = '[erased]'", "contacts erased-1"),
    ("UPDATE contact_words SET name = 'zoe' WHERE key = 'erased-1'", "contact_words"),
    ("UPDATE commands SET digest = replace(digest, '0', '1') WHERE digest LIKE '000000%'", "digest of its command"),
    ("UPDATE tickets SET changed_seq = changed_seq - 1 WHERE contact = 'erased-1'", "changed_seq"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "said"), TAMPERED, ids=[each[:60] for each, _ in TAMPERED])
def test_whatever_is_changed_of_an_erasure_is_said(
    desk: Desk, tamper: Tamper, statement: str, said: str
) -> None:
    note = database_of(desk).reader().row(ERASED_NOTE)
    assert note is not None
    tamper(statement.format(seq=note[0]))
    found = verified(desk)
    assert any(said in str(each) for each in found.findings), list(map(str, found.findings))
