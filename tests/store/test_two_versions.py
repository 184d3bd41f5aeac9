"""Programs of two versions at one desk: the older one goes on where the schema lets it, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, text

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.past import PastDesk
from supportdesk.store import schema
from supportdesk.store.database import create_database
from supportdesk.store.errors import DeskUnavailableError, DeskUpgradedError
from supportdesk.store.exchange.desk_move import move_desk
from supportdesk.store.exchange.exporter import export_lines
from supportdesk.store.postgres import lifecycle
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.records.commands import EraseContact, SavePerson
from supportdesk.watcher.escalations import Escalations
from tests.databases import SQLITE
from tests.patience import wait_for
from tests.postgres import database_in
from tests.store import newer_program as newer
from tests.store.desks import (
    address_of,
    database_of,
    done,
    events,
    furnished_desk,
    logged,
    refused,
    running_server,
    verified,
)
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")

AGAIN = "quit and start supportdesk again"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that the older program has open."""
    with furnished_desk(tmp_path) as desk:
        yield desk


def upgrade(desk: Desk, *, contracts: bool = False) -> None:
    """Upgrade a desk that is open, as `init` of a newer program does."""
    with newer.newer_program(contracts=contracts):
        create_database(address_of(desk)).close()


def write(desk: Desk, *works: Callable[[Desk], None]) -> None:
    """Write with the newer program on a desk that is open."""
    with newer.newer_program(), closing(Desk.open(address_of(desk), FixedClock(MONDAY_NINE))) as other:
        for work in works:
            work(other)


def test_an_older_program_goes_on_after_an_upgrade_that_only_expands(desk: Desk) -> None:
    ref = logged(desk)
    assert desk.newer_version == ""
    upgrade(desk)
    done(desk, Note(ref, "after the upgrade"))
    second = logged(desk)
    assert desk.newer_version == "0016"
    assert {row.ref for row in desk.queue().rows} == {ref, second}
    with closing(Desk.open(address_of(desk), FixedClock(MONDAY_NINE))) as again:
        done(again, Claim(ref))
        assert again.newer_version == "0016"
    with newer.newer_program(), closing(Desk.open(address_of(desk), FixedClock(MONDAY_NINE))) as other:
        assert events(other, ref)[-1] == "claimed"
        assert other.newer_version == ""
        found = verified(other)
    # What is in a schema of the newer program is not in a file of this one.
    assert [each for each in found.findings if each not in found.mismatches or each.table != "schema"] == []


def test_an_upgrade_that_contracts_stops_an_older_program(desk: Desk) -> None:
    ref = logged(desk)
    upgrade(desk, contracts=True)
    for _ in range(2):
        with pytest.raises(DeskUpgradedError, match=AGAIN):
            desk.do(Note(ref, "after the upgrade"), by="ann")
    with pytest.raises(DeskUnavailableError, match="its schema is 0017"):
        Desk.open(address_of(desk))


def test_an_older_program_neither_upgrades_nor_alters_a_newer_desk(desk: Desk) -> None:
    upgrade(desk)
    copies: list[str] = []
    with closing(create_database(address_of(desk), copies.append)) as database:
        assert database.read(schema.read_revision) == newer.EXPANDING
    assert copies == []


def test_what_an_older_program_does_not_know_is_shown_and_kept(desk: Desk) -> None:
    ref, other = logged(desk), logged(desk)
    upgrade(desk)
    write(
        desk,
        lambda desk: newer.praise(desk, ref),
        lambda desk: newer.note_with_mood(desk, other, "in good spirits"),
        lambda desk: newer.save_person(desk, "priya"),
        lambda desk: newer.save_skill(desk, undo=True),
    )
    before = desk.changes(0)
    assert "skill" in (before.records or ())
    timeline = desk.ticket(ref).timeline
    assert [entry.sentence for entry in timeline][1:] == ["an event of a newer version (praised)"]
    assert desk.ticket(other).timeline[1].sentence.endswith("in good spirits")
    since = MONDAY_NINE - timedelta(days=1)
    for username in ("ann", "priya", "sue"):
        desk.inbox(username, since)
        desk.last_record_change(username)
        desk.last_undoable_ticket(username)
    for reason in (
        refused(desk, Note(ref, "over it")),
        refused(desk, Claim(ref)),
        refused(desk, Undo(ref)),
    ):
        assert (
            reason == f"this ticket was changed by a newer version of supportdesk: {AGAIN} to change it here"
        )
    (preview,) = desk.preview([Claim(ref)], by="ann")
    assert AGAIN in getattr(preview, "reason", "")
    person = desk.person("priya")
    assert person is not None
    renamed = msgspec.structs.replace(person, name="Priya Rao")
    assert AGAIN in refused(desk, SavePerson(renamed), by="sue")
    assert verified(desk).is_intact
    done(desk, Note(other, "by the older one"))
    done(desk, Claim(other))
    stored = database_of(desk).read(
        lambda connection: connection.execute(
            text("SELECT state, praises FROM tickets WHERE ref = :ref"), {"ref": ref}
        ).one()
    )
    assert '"praises":1' in stored.state
    assert stored.praises == 1
    found = verified(desk)
    assert found.is_intact, found.findings
    assert (found.newer, found.unknown_events, found.unknown_tickets) == ("0016", 3, 1)


def test_an_older_watcher_says_why_it_cannot_escalate_a_ticket(tmp_path: Path) -> None:
    clock, log = FixedClock(MONDAY_NINE), list[str]()
    with furnished_desk(tmp_path, clock) as desk:
        ref = logged(desk, severity="critical", channel="hotline")
        upgrade(desk)
        write(desk, lambda desk: newer.praise(desk, ref))
        clock.set(MONDAY_NINE + timedelta(hours=1))
        watch = Escalations(log.append)
        watch.tick(desk, clock.now(), is_stopped=lambda: False)
    why = f"this ticket was changed by a newer version of supportdesk: {AGAIN} to change it here"
    assert watch.fault == f"{ref} cannot be escalated ({why})"
    assert log == [f"{ref}: {why}"]


def test_the_past_of_a_desk_with_events_of_a_newer_program_can_be_looked_at(desk: Desk) -> None:
    ref = logged(desk)
    upgrade(desk)
    write(desk, lambda desk: newer.praise(desk, ref), lambda desk: newer.save_skill(desk, undo=True))
    done(desk, Claim(logged(desk)))
    with closing(PastDesk.open(address_of(desk), MONDAY_NINE + timedelta(hours=1))) as past:
        assert len(past.queue().rows) == 2


def test_what_would_not_be_complete_is_refused(desk: Desk, tmp_path: Path, database_kind: str) -> None:
    ref = logged(desk)
    upgrade(desk)
    write(desk, lambda desk: newer.praise(desk, ref))
    database = database_of(desk)
    refusals: list[Callable[[], object]] = [
        lambda: export_lines(database, lambda: lambda line: None),
        lambda: move_desk(database, str(tmp_path / "moved.db"), now=MONDAY_NINE, report=lambda step: None),
        lambda: desk.preview_erasure("jo", by="sue"),
        lambda: desk.do(EraseContact("jo"), by="sue"),
    ]
    if database_kind == SQLITE:
        # A copy of the file has everything.
        copy = database.back_up(tmp_path / "backup.db").path
        with newer.newer_program(), closing(Desk.open(str(copy), FixedClock(MONDAY_NINE))) as other:
            assert other.ticket(ref).ticket.praises == 1  # type: ignore[attr-defined]
    else:
        refusals += [lambda: database.back_up(tmp_path / "backup.db"), lambda: database.list_grants([])]
    for refuse in refusals:
        with pytest.raises(DeskUnavailableError, match="would not be complete: install the newest version"):
            refuse()
    assert not (tmp_path / "moved.db").exists()


def test_what_an_older_program_cannot_read_at_all_stops_it(desk: Desk) -> None:
    """As a newer version may only write once no older one goes on: a value that a known field cannot have."""
    ref = logged(desk)
    upgrade(desk)
    database_of(desk).write(
        lambda connection: connection.execute(
            text("UPDATE tickets SET state = replace(state, '\"triage\"', '\"waiting room\"')")
        )
    )
    with pytest.raises(DeskUpgradedError, match=AGAIN):
        desk.ticket(ref)


@pytest.mark.postgres
def test_an_upgrade_lets_others_read_while_somebody_reads_for_long(desk: Desk) -> None:
    server, name = running_server(), database_in(address_of(desk))
    with closing(server.connect(name)) as reader, closing(server.connect(name)) as other:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM tickets")
        other.execute("SET statement_timeout = '5s'")
        with newer.newer_program(), ThreadPoolExecutor(1) as threads:
            upgrade = threads.submit(create_database, address_of(desk))
            waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'tickets'::regclass"
            for _ in range(3):
                wait_for(lambda: other.execute(waits).fetchone(), lambda: "the upgrade never waits")
                other.execute("SELECT count(*) FROM tickets")
            assert not upgrade.done()
            reader.execute("COMMIT")
            upgrade.result().close()


@pytest.mark.postgres
def test_an_upgrade_that_is_always_kept_from_a_table_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "UPGRADE_PATIENCE", 2)
    copy, copies = lifecycle._copy_before_upgrade, []

    def count_copies(connection: Connection) -> str:
        copies.append(copy(connection))
        return copies[-1]

    monkeypatch.setattr(lifecycle, "_copy_before_upgrade", count_copies)
    with closing(running_server().connect(database_in(address_of(desk)))) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM tickets")
        with newer.newer_program(), pytest.raises(DeskUnavailableError, match="reads or writes it for long"):
            create_database(address_of(desk))
    assert len(copies) == 1, "it is copied again only where nothing is in its way"
    logged(desk)
    assert desk.newer_version == ""
    reported: list[str] = []
    with newer.newer_program():
        create_database(address_of(desk), reported.append).close()
    assert len(copies) == 2
    assert [copies[-1] in each for each in reported] == [True]


def test_verify_still_finds_what_was_changed_on_a_newer_desk(desk: Desk) -> None:
    ref = logged(desk)
    upgrade(desk)
    assert verified(desk).is_intact
    database_of(desk).write(lambda connection: connection.execute(text("UPDATE tickets SET team = 'nobody'")))
    assert [str(each.key) for each in verified(desk).mismatches] == [ref]
