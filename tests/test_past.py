"""The desk as it was: at any moment what was recorded then, forwards and backwards, and never changed."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import UnknownTicketError
from supportdesk.past import PastDesk
from supportdesk.sla.clocks import ClockKind
from supportdesk.store import time_travel
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.read_models import CallerView, QueueRow, TicketView
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.refusal import Refusal
from tests.databases import address_at
from tests.history import BEGINNING, Life, opened
from tests.seeds import seeds

Record = list[tuple[datetime, list[QueueRow]]]


def lived(path: Path, seed: int, commands: int = 120) -> tuple[Desk, Life, Record]:
    """A desk after a random life, with its queue as it was each time after the clock had moved."""
    clock = FixedClock(BEGINNING)
    desk = opened(path, clock)
    life, record = Life(desk, clock, seed), Record()
    for _ in range(commands):
        before, rows = clock.now(), desk.queue().rows
        life.go_on()
        if clock.now() > before:
            record.append((before, rows))
    record.append((clock.now(), desk.queue().rows))
    return desk, life, record


def past(path: Path, clock: FixedClock, start: datetime = BEGINNING) -> PastDesk:
    desk = PastDesk.open(address_at(path), start, present=clock)
    desk.controls.pause()
    desk.controls.seek(start)
    return desk


def shown(rows: list[QueueRow]) -> list[QueueRow]:
    """Rows without the event number of their change: a replay has numbers of its own."""
    return [msgspec.structs.replace(row, changed_seq=0) for row in rows]


def facts(view: TicketView) -> tuple[object, ...]:
    return view.ticket, shown([view.row]), view.organisation, view.contact, view.articles, view.timeline


@pytest.mark.parametrize("seed", seeds(0, 4, long_from=2))
def test_the_queue_as_of_any_moment_is_the_queue_that_was_shown_then(tmp_path: Path, seed: int) -> None:
    desk, life, record = lived(tmp_path / "desk.db", seed)
    assert len(life.refs) > 5
    replay = past(tmp_path / "desk.db", life.clock)
    for at, rows in [*record, *reversed(record)]:
        replay.controls.seek(at)
        assert shown(replay.queue().rows) == shown(rows), f"at {at}"
    desk.close()


def test_going_back_from_a_checkpoint_equals_going_back_from_the_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_travel, "CHECKPOINT", 7)
    desk, life, record = lived(tmp_path / "desk.db", seed=8)
    replay = past(tmp_path / "desk.db", life.clock, life.clock.now())
    for at, rows in reversed(record):
        replay.controls.seek(at)
        assert shown(replay.queue().rows) == shown(rows), f"at {at}"
    desk.close()


def known_of(view: CallerView | None) -> Any:
    """What is shown of a caller, but for the event numbers, which are a replay's own."""
    if view is None:
        return None
    refs = [[row.ref for row in rows] for rows in (view.open_tickets, view.closed_tickets)]
    return view.contact, view.organisation, view.account_manager, refs, view.last_contact


@pytest.mark.parametrize("seed", seeds(4, 7, long_from=5))
def test_a_replay_to_its_end_is_the_present(tmp_path: Path, seed: int) -> None:
    desk, life, _ = lived(tmp_path / "desk.db", seed)
    replay = past(tmp_path / "desk.db", life.clock)
    replay.controls.seek(life.clock.now())
    assert shown(replay.queue().rows) == shown(desk.queue().rows)
    for ref in life.refs:
        assert facts(replay.ticket(ref)) == facts(desk.ticket(ref))
        assert replay.explain(ref, ClockKind.RESPONSE) == desk.explain(ref, ClockKind.RESPONSE)
    assert replay.roster() == desk.roster()
    assert replay.policies == desk.policies
    assert replay.find_organisations("Acme") == desk.find_organisations("Acme")
    assert replay.contacts("acme") == desk.contacts("acme")
    assert replay.find_articles("logo") == desk.find_articles("logo")
    for typed in ("jo", "acme", "jo pakr", "020 7946 0018", "-"):
        assert replay.find_callers(typed) == desk.find_callers(typed)
    for key in ("jo", "kim", "nobody"):
        assert known_of(replay.caller(key)) == known_of(desk.caller(key))
    found = {row.ref for row in replay.find_similar("export stops", "acme", 100)}
    assert found == {row.ref for row in desk.find_similar("export stops", "acme", 100)}
    assert replay.person("sam") == desk.person("sam")
    desk.close()


def test_changes_update_a_queue_to_the_moment_shown_forwards_and_backwards(tmp_path: Path) -> None:
    desk, life, record = lived(tmp_path / "desk.db", seed=21)
    replay = past(tmp_path / "desk.db", life.clock)
    snapshot = replay.queue()
    held, seq = {row.ref: row for row in snapshot.rows}, snapshot.seq
    moments = [at for at, _ in record]
    for at in [*moments, *moments[::-3], *moments[::5]]:
        replay.controls.seek(at)
        changes = replay.changes(seq)
        seq = changes.seq
        for row in changes.rows:
            held[row.ref] = row
        wanted = {row.ref: row for row in replay.queue().rows}
        assert {ref: row for ref, row in held.items() if row.stage != "closed"} == wanted, f"at {at}"
    assert replay.changes(seq).rows == []
    desk.close()


def test_the_timeline_ends_at_the_moment_that_is_shown(tmp_path: Path) -> None:
    desk, life, record = lived(tmp_path / "desk.db", seed=3)
    replay = past(tmp_path / "desk.db", life.clock)
    middle = record[len(record) // 2][0]
    ref = life.refs[0]
    replay.controls.seek(middle)
    told = replay.ticket(ref).timeline
    assert told == tuple(line for line in desk.ticket(ref).timeline if line.at <= middle)
    assert 0 < len(told) < len(desk.ticket(ref).timeline)
    desk.close()


def test_a_ticket_is_unknown_before_it_was_logged(tmp_path: Path) -> None:
    desk, life, _ = lived(tmp_path / "desk.db", seed=3, commands=20)
    replay = past(tmp_path / "desk.db", life.clock, BEGINNING - timedelta(days=1))
    assert replay.queue().rows == []
    with pytest.raises(UnknownTicketError, match=r"on 22 Mar 2026 ..:.. (GMT|BST)$"):
        replay.ticket(life.refs[0])
    with pytest.raises(UnknownTicketError):
        replay.ticket("nonsense")
    desk.close()


def test_nothing_can_be_changed_in_the_past(tmp_path: Path) -> None:
    desk, life, _ = lived(tmp_path / "desk.db", seed=3, commands=20)
    before = desk.queue().seq
    replay = past(tmp_path / "desk.db", life.clock)
    outcome = replay.do(Note(life.refs[0], "I was here"), by="ann")
    together = replay.transaction(lambda doing: doing(Note(life.refs[0], "I too"), by="ann", command_id="1"))
    assert isinstance(outcome, Refusal)
    assert outcome == together
    assert "replay" in outcome.reason
    assert desk.queue().seq == before
    desk.close()


def test_without_a_start_the_replay_begins_with_the_first_request(tmp_path: Path) -> None:
    desk, life, _ = lived(tmp_path / "desk.db", seed=3, commands=20)
    replay = PastDesk.open(address_at(tmp_path / "desk.db"), present=life.clock, monotonic=lambda: 0.0)
    assert replay.now() == desk.ticket(life.refs[0]).timeline[0].at
    assert [row.ref for row in replay.queue().rows] == [life.refs[0]]
    desk.close()


def test_a_wait_ends_when_something_happens_in_the_past_or_somebody_steps(tmp_path: Path) -> None:
    desk, life, _ = lived(tmp_path / "desk.db", seed=3, commands=20)
    replay = PastDesk.open(address_at(tmp_path / "desk.db"), speed=1e6, present=life.clock)
    seq = replay.queue().seq
    assert replay.wait_for_change(60)
    assert replay.changes(seq).rows
    replay.controls.pause()
    replay.queue()
    assert not replay.wait_for_change(0.01)
    stepping = threading.Timer(0.05, replay.controls.step, [timedelta(days=-30)])
    stepping.start()
    assert replay.wait_for_change(60)
    stepping.join()
    desk.close()


def test_closing_ends_a_wait(tmp_path: Path) -> None:
    desk, life, _ = lived(tmp_path / "desk.db", seed=3, commands=20)
    replay = past(tmp_path / "desk.db", life.clock)
    closing = threading.Timer(0.05, replay.close)
    closing.start()
    assert not replay.wait_for_change(60)
    closing.join()
    desk.close()


def test_there_is_no_past_where_there_is_no_desk(tmp_path: Path) -> None:
    with pytest.raises(DeskUnavailableError):
        PastDesk.open(address_at(tmp_path / "none.db"))
