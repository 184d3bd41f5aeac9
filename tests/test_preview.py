"""The preview of a command: it writes nothing and waits for no writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from textual.widgets import Static

from supportdesk.clock import FixedClock
from supportdesk.console.forms.form import Form
from supportdesk.desk import Desk
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.command import LINE_LIMIT
from supportdesk.tickets.process.assignment import Assign, Claim
from supportdesk.tickets.process.closure import Reopen
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.linking import LinkTicket
from supportdesk.tickets.refusal import Refusal
from tests.console.fixtures.morning import empty_desk
from tests.console.harness.console import running
from tests.store.database_tool import database_tool
from tests.store.desks import database_of, done, furnished, furnished_desk, logged
from tests.tickets.scenario import MONDAY_NINE


@contextmanager
def somebody_writes(address: str) -> Iterator[None]:
    """Another program is in the middle of a write transaction."""
    with database_tool(address) as run:
        run("BEGIN")
        run("UPDATE head SET seq = seq")
        yield
        run("ROLLBACK")


def read_tables(connection: Connection) -> dict[str, list[str]]:
    """The rows of every table."""
    return {
        name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"'))))
        for name in inspect(connection).get_table_names()
    }


@contextmanager
def opened(address: str) -> Iterator[Desk]:
    """A desk that is there."""
    desk = Desk.open(address, FixedClock(MONDAY_NINE))
    try:
        yield desk
    finally:
        desk.close()


def test_a_preview_is_the_row_that_the_command_then_gives(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref, other = logged(desk), logged(desk)
        for command in (Claim(ref), Note(ref, "x" * 100), LinkTicket(ref, other), Assign(ref, owner="sam")):
            (foreseen,) = desk.preview([command], by="ann")
            done(desk, command)
            assert foreseen == desk.ticket(ref).row


def test_each_command_of_a_preview_is_decided_alone(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        first, again = desk.preview([Claim(ref), Claim(ref)], by="ann")
        assert first == again
        assert isinstance(first, QueueRow)


def test_a_preview_writes_nothing_not_even_the_original_of_a_truncated_text(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        database = database_of(desk)

        def everything() -> dict[str, list[str]]:
            return database.read(read_tables)

        before = everything()
        looks = desk.preview([Note(ref, "long " * 100 * LINE_LIMIT), Claim(ref), Reopen(ref, "x")], by="ann")
        assert [isinstance(each, Refusal) for each in looks] == [False, False, True]
        assert everything() == before


def test_a_preview_answers_while_somebody_writes(tmp_path: Path) -> None:
    address = furnished(tmp_path)
    with opened(address) as desk:
        ref = logged(desk)
        with somebody_writes(address):
            taken, refused = desk.preview([Claim(ref), Reopen(ref, "x")], by="ann")
        assert isinstance(taken, QueueRow)
        assert taken.owner == "ann"
        assert isinstance(refused, Refusal)


async def test_a_form_opens_and_says_what_would_be_refused_while_somebody_writes(
    tmp_path: Path,
) -> None:
    address = furnished(tmp_path)
    with opened(address) as desk:
        logged(desk)

    def status() -> str:
        return "".join(str(each.visual) for each in it.app.screen.query(".status").results(Static))

    async with running(
        empty_desk(), connect=lambda: Desk.open(address, FixedClock(MONDAY_NINE)), username="ann"
    ) as it:
        with somebody_writes(address):
            await it.press("2", "w")
            await it.until(lambda: isinstance(it.app.screen, Form))
            await it.until(lambda: "Cannot put on hold: " in status())
