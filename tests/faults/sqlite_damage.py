"""Damage to the content of a desk's file: it is cut short, or has nonsense in pages of each kind."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tests.faults.sqlite_desk import FAULTS, SqliteDesk
from tests.faults.sqlite_file import PAGE, free_page, root_page, spoil_bytes, spoil_page

RESTORED = "`supportdesk restore BACKUP`"


@FAULTS.fault("it is cut to nothing", RESTORED, is_long=True)
def cut_to_nothing(desk: SqliteDesk) -> Iterator[None]:
    os.truncate(desk.path, 0)
    yield
    desk.restore()


@FAULTS.fault("it is cut in half", RESTORED)
def cut_in_half(desk: SqliteDesk) -> Iterator[None]:
    os.truncate(desk.path, desk.path.stat().st_size // 2)
    yield
    desk.restore()


@FAULTS.fault("its last page is cut off", RESTORED, is_long=True)
def cut_page(desk: SqliteDesk) -> Iterator[None]:
    os.truncate(desk.path, desk.path.stat().st_size - PAGE)
    yield
    desk.restore()


@FAULTS.fault("its last byte is cut off", RESTORED, is_long=True)
def cut_byte(desk: SqliteDesk) -> Iterator[None]:
    os.truncate(desk.path, desk.path.stat().st_size - 1)
    yield
    desk.restore()


@FAULTS.fault("nonsense in its header", RESTORED, is_long=True)
def spoil_header(desk: SqliteDesk) -> Iterator[None]:
    spoil_bytes(desk.path, 16, b"\xff\xff")
    yield
    desk.restore()


@FAULTS.fault("nonsense in the page of its schema", RESTORED, is_long=True)
def spoil_schema(desk: SqliteDesk) -> Iterator[None]:
    spoil_bytes(desk.path, 100, b"\xff" * 8)
    yield
    desk.restore()


@FAULTS.fault("nonsense in the page of its head", RESTORED, is_long=True)
def spoil_head(desk: SqliteDesk) -> Iterator[None]:
    spoil_page(desk.path, root_page(desk.path, "head"))
    yield
    desk.restore()


@FAULTS.fault("nonsense in a page of its ledger", RESTORED)
def spoil_ledger(desk: SqliteDesk) -> Iterator[None]:
    spoil_page(desk.path, root_page(desk.path, "ledger"))
    yield
    desk.restore()


@FAULTS.fault("nonsense in a page of its tickets", RESTORED, is_long=True)
def spoil_tickets(desk: SqliteDesk) -> Iterator[None]:
    spoil_page(desk.path, root_page(desk.path, "tickets"))
    yield
    desk.restore()


@FAULTS.fault("nonsense in a page of an index", RESTORED, is_long=True)
def spoil_index(desk: SqliteDesk) -> Iterator[None]:
    spoil_page(desk.path, root_page(desk.path, "ix_tickets_promised_release"))
    yield
    desk.restore()


@FAULTS.fault("nonsense in a page of the words that are searched", RESTORED, is_long=True)
def spoil_words(desk: SqliteDesk) -> Iterator[None]:
    spoil_page(desk.path, root_page(desk.path, "ticket_words_data"))
    yield
    desk.restore()


@FAULTS.fault("another letter in an event", RESTORED, is_long=True)
def change_letter(desk: SqliteDesk) -> Iterator[None]:
    at = desk.path.read_bytes().index(b'"summary":"Export') + len(b'"summary":"')
    spoil_bytes(desk.path, at, b"I")
    yield
    desk.restore()


@FAULTS.fault(
    "nonsense in a page that is not in use", "nothing: no page of the desk is affected", is_long=True
)
def spoil_free_page(desk: SqliteDesk) -> Iterator[None]:
    spoil_page(desk.path, free_page(desk.path))
    yield
