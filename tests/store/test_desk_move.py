"""A desk moves to another place: what was acknowledged is there, and nobody goes on at the old one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store import closure, ledger
from supportdesk.store.backend import Database
from supportdesk.store.database import open_database
from supportdesk.store.errors import (
    DeskMovedError,
    DeskUnavailableError,
    DeskUnfinishedError,
    UnknownTicketError,
)
from supportdesk.store.exchange import desk_move
from supportdesk.store.exchange.desk_move import MoveResult, move_desk
from supportdesk.store.postgres.database import PostgresDatabase
from supportdesk.store.verification.verify import CLOSED_FOR_NO_REASON, verify
from supportdesk.tickets.process.conversation import Note
from tests import databases
from tests.forked import die, run_until_killed
from tests.postgres import USER
from tests.store.conftest import Tamper
from tests.store.desks import database_of, done, furnished, logged, running_server, sqlite_of, verified
from tests.store.exchanged import all_rows
from tests.store.paged_desk import copy_paged_desk, paged_database
from tests.store.writers import acknowledged, go, hear, writers
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.slow

REF = "CD-4C00-W"
"""The first ticket of every desk here."""


def move_and_die(source: str, target: str, step: str) -> None:
    """Move a desk until a step: one that is reported, or a function."""

    def report(said: str) -> None:
        if said.startswith(step):
            die()

    if hasattr(desk_move, step):
        setattr(desk_move, step, die)
    move_desk(open_database(source), target, now=MONDAY_NINE, report=report)


class Places(NamedTuple):
    """The address of a desk with an outbox, and one where there is none."""

    source: str
    target: str

    @property
    def shown_target(self) -> str:
        """The target as others are told: without a user."""
        return self.target.replace(f"//{USER}@", "//")


TO_FILE = databases.SQLITE, databases.SQLITE
TO_SERVER = databases.SQLITE, databases.POSTGRES
FROM_SERVER = databases.POSTGRES, databases.SQLITE
PAIRS = (TO_FILE, TO_SERVER, FROM_SERVER, (databases.POSTGRES, databases.POSTGRES))


def on_pairs(*often: tuple[str, str]) -> pytest.MarkDecorator:
    """Run a test on every pair of databases: on these in every run."""
    cases = [pytest.param(pair, marks=[] if pair in often else [pytest.mark.long]) for pair in PAIRS]
    return pytest.mark.parametrize("places", cases, indirect=True, ids="-".join)


@pytest.fixture
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Places]:
    """Places of each kind of database."""
    of_source, of_target = request.param
    with databases.use(of_source), databases.use(of_target), ExitStack() as stack:
        yield Places(
            stack.enter_context(_paged_desk(of_source, tmp_path)),
            stack.enter_context(_new_place(of_target, tmp_path)),
        )


@contextmanager
def _paged_desk(kind: str, folder: Path) -> Iterator[str]:
    if kind == databases.SQLITE:
        yield str(copy_paged_desk(folder))
        return
    with databases.use(kind), paged_database() as database:
        assert isinstance(database, PostgresDatabase)
        yield database.uri


@contextmanager
def _new_place(kind: str, folder: Path) -> Iterator[str]:
    if kind == databases.SQLITE:
        yield str(folder / "moved.db")
        return
    server = running_server()
    name = server.make_database()
    yield server.address(name)
    server.drop_database(name)


def moved(
    source: str | Path, target: str | Path, report: Callable[[str], None] = lambda step: None
) -> MoveResult:
    """Move a desk."""
    with closing(open_database(str(source))) as database:
        return move_desk(database, str(target), now=MONDAY_NINE, report=report)


def note(path: str | Path, text: str) -> int:
    """Write a note to the first ticket, which must succeed; return its event's number."""
    with closing(Desk.open(str(path), FixedClock(MONDAY_NINE))) as desk:
        return done(desk, Note(REF, text), command_id=text).seq


def commands_of(database: Database) -> dict[str, int]:
    """The number of the last event of each command, by id."""
    return database.read(
        lambda connection: {each.command_id: each.seq for each in ledger.read_events(connection)}
    )


def require_same(source: str | Path, target: str | Path) -> dict[str, int]:
    """Check that two desks are the same, of which the second one is open; return its commands."""
    with closing(open_database(str(source))) as old, closing(open_database(str(target))) as new:
        before, after = all_rows(old), all_rows(new)
        [head], [closed] = after.pop("head"), before.pop("head")
        assert head[:-1] == closed[:-1]
        assert head[-1] == ~closed[-1] >= 0
        assert before == after
        assert verify(old).is_intact
        assert verify(new).is_intact
        return commands_of(new)


@on_pairs(TO_FILE, TO_SERVER, FROM_SERVER)
def test_a_desk_that_moved_is_the_same_desk_elsewhere(places: Places) -> None:
    result = moved(*places)
    assert (result.source.is_intact, result.source.point) == (True, result.target.point)
    assert (result.place, result.locked is not None) == (places.shown_target, True)
    require_same(*places)
    note(places.target, "it goes on here")
    with pytest.raises(DeskMovedError, match=f"has moved to {re.escape(places.shown_target)}: open it there"):
        note(places.source, "too late")


@pytest.mark.sqlite
def test_all_who_have_the_old_desk_open_are_told_where_it_went(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "moved.db"
    source = sqlite_of(desk).path
    moved(source, target)
    told = f"this desk has moved to {target}: open it there, by --db or SUPPORTDESK_DB"
    asked: dict[str, Callable[[], object]] = {
        "queue": desk.queue,
        "do": lambda: desk.do(Note(REF, "too late"), by="ann"),
        "outbox": desk.outbox,
        "another": lambda: Desk.open(str(source)).queue(),
    }
    for ask in asked.values():
        with pytest.raises(DeskMovedError, match=told):
            ask()
    for place in (target, tmp_path / "another.db"):
        with pytest.raises(DeskUnavailableError, match=f"has moved to {target} already"):
            moved(source, place)
    assert not (tmp_path / "another.db").exists()


def test_who_waited_for_the_lock_of_a_desk_that_moved_is_told(desk: Desk) -> None:
    def wait_for_the_lock(connection: Connection) -> None:
        closure.move_away(connection, ledger.lock_head(connection), "elsewhere", MONDAY_NINE)
        ledger.lock_head(connection)

    with pytest.raises(DeskMovedError, match="moved to elsewhere"):
        database_of(desk).write(wait_for_the_lock)
    done(desk, Note(REF, "the move was rolled back"))


@on_pairs(TO_SERVER)
def test_nothing_that_was_acknowledged_during_a_move_is_lost(places: Places) -> None:
    source, target = places
    with writers(source, 3, 100_000, pause=0.05) as busy:
        heard: dict[str, int] = {}
        for writer in busy:
            go(writer)
            command, seq = hear(writer)
            heard[command] = int(seq)
        moved(source, target)
        for writer in busy:
            heard |= acknowledged(writer)
    survived = require_same(source, target)
    assert heard.items() <= survived.items()
    assert sum(each.startswith("writer-") for each in survived) <= len(heard) + len(busy)


STEPS = {
    "Copying": False,
    "fill_desk": False,
    "Verifying the copy": False,
    "Moving": False,
    "move_away": False,
    "Opening the copy": True,
    "open_head": True,
    "Verifying both": True,
}
"""Where a move is killed, and whether the desk has moved by then."""

OFTEN = {
    (TO_FILE, "Moving"),
    (TO_FILE, "move_away"),
    (TO_FILE, "Opening the copy"),
    (TO_SERVER, "Copying"),
    (TO_SERVER, "move_away"),
    (FROM_SERVER, "Opening the copy"),
}
"""What is tried in every run of the tests; the rest takes minutes."""


@pytest.mark.parametrize(
    ("places", "step"),
    [
        pytest.param(
            pair, step, marks=[] if (pair, step) in OFTEN else [pytest.mark.long], id="-".join([*pair, step])
        )
        for pair in PAIRS
        for step in STEPS
    ],
    indirect=["places"],
)
def test_a_move_that_was_killed_leaves_the_desk_at_one_place_and_can_be_repeated(
    places: Places, step: str
) -> None:
    source, target = places
    has_moved = STEPS[step]
    before, meanwhile = note(source, "before"), 0
    run_until_killed(move_and_die, source, target, step)
    if has_moved:
        with pytest.raises(DeskMovedError):
            note(source, "meanwhile")
    else:
        meanwhile = note(source, "meanwhile")
        with pytest.raises((DeskUnavailableError, UnknownTicketError), match=r"no desk|unfinished|no ticket"):
            note(target, "not yet")
    if step != "Verifying both":
        moved(source, target)
    survived = require_same(source, target)
    assert survived["before"] == before
    if not has_moved:
        assert survived["meanwhile"] == meanwhile
    note(target, "it goes on here")


@on_pairs(TO_FILE)
def test_what_changes_between_the_parts_of_a_copy_is_in_it(places: Places) -> None:
    source, target = places
    notes: list[str] = []

    def work_on(step: str) -> None:
        if not step.startswith(("Opening", "Verifying both")):
            notes.append(step)
            note(source, step)

    moved(source, target, work_on)
    assert len(notes) >= 3
    survived = require_same(source, target)
    assert set(notes) <= set(survived)


@pytest.mark.sqlite
def test_a_move_that_fails_leaves_the_desk_in_use(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = sqlite_of(desk).path, tmp_path / "moved.db"

    def fail(*arguments: object) -> None:
        raise DeskUnavailableError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("supportdesk.store.exchange.desk_move.move_away", fail)
        with pytest.raises(DeskUnavailableError, match="the disk is full"):
            moved(source, target)
    done(desk, Note(REF, "as if nothing had happened"), command_id="after")
    with pytest.raises(
        DeskUnfinishedError, match=r"unfinished copy of a desk: run `supportdesk db copy` again"
    ):
        Desk.open(str(target)).queue()
    with pytest.raises(DeskUnfinishedError):
        moved(target, tmp_path / "another.db")
    moved(source, target)
    assert "after" in require_same(source, target)


@pytest.mark.sqlite
def test_a_desk_is_never_moved_over_another(desk: Desk, tmp_path: Path) -> None:
    source, other = sqlite_of(desk).path, tmp_path / "other"
    other.mkdir()
    target = Path(furnished(other))
    with closing(Desk.open(str(target), FixedClock(MONDAY_NINE))) as another:
        logged(another)
    for place in (target, source):
        with pytest.raises(DeskUnavailableError, match=f"there is another desk at {place}: choose another"):
            moved(source, place)
    with closing(open_database(str(target))) as database:
        database.write(closure.close_head)
    with pytest.raises(DeskUnavailableError, match=f"there is another desk at {target}"):
        moved(source, target)
    done(desk, Note(REF, "still here"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET actor = 'sue' WHERE seq = 3",
        "DELETE FROM ledger WHERE seq = 3",
        "UPDATE ledger SET payload = '{}' WHERE seq = 3",
        "DELETE FROM commands WHERE seq = 3",
        "UPDATE tickets SET summary = 'forged', changed_seq = changed_seq - 1",
        "UPDATE messages SET text = 'forged'",
    ],
)
def test_a_desk_that_is_not_intact_is_not_moved(tmp_path: Path, statement: str) -> None:
    source, target = copy_paged_desk(tmp_path), tmp_path / "moved.db"
    with closing(open_database(str(source))) as database:
        database.write(lambda connection: connection.exec_driver_sql(statement))
    with pytest.raises(DeskUnavailableError, match="not moved"):
        moved(source, target)
    note(source, "still here")


def test_a_desk_that_is_closed_for_no_reason_is_a_finding(desk: Desk, tamper: Tamper) -> None:
    tamper("UPDATE head SET records_seq = -1 - records_seq")
    assert [each.reason for each in verified(desk).mismatches] == [CLOSED_FOR_NO_REASON]
    with pytest.raises(DeskUnfinishedError):
        desk.queue()
