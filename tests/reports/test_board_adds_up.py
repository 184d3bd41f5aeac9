"""The board over random working lives: its sums come out, and what is settled stays settled."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Queries
from supportdesk.past import PastDesk
from supportdesk.reports.board import Board, build_board, needed_since
from supportdesk.reports.figure import Figure
from supportdesk.reports.outcomes import TargetOutcome, list_promises
from supportdesk.sla.clocks import ClockKind, epoch
from supportdesk.tickets.process.triage import Log
from tests.databases import address_at
from tests.history import BEGINNING, Life, opened
from tests.seeds import seeds
from tests.store.desks import done

ZONE = "Europe/London"
Settled = dict[tuple[str, ClockKind], tuple[TargetOutcome, int]]


def lived(path: Path, seed: int, commands: int = 150) -> tuple[Desk, Life]:
    clock = FixedClock(BEGINNING)
    desk = opened(path, clock)
    life = Life(desk, clock, seed)
    for _ in range(commands):
        life.go_on()
    return desk, life


def board_of(desk: Queries) -> Board:
    now = desk.now()
    histories = desk.history(needed_since(now, ZONE))
    return build_board(histories, desk.policies, desk.policy_at(now), desk.roster(), now)


def total(figures: list[Figure]) -> int:
    return sum(figure.value for figure in figures)


@pytest.mark.parametrize("seed", seeds(0, 6, long_from=1))
def test_every_part_of_the_board_adds_up_to_its_whole(tmp_path: Path, seed: int) -> None:
    desk, _ = lived(tmp_path / "desk.db", seed)
    board = board_of(desk)
    still_open = {row.ref for row in desk.queue().rows if row.is_open}
    for loads in (board.people, board.teams):
        assert Counter(ref for load in loads for ref in load.all.refs) == Counter(still_open)
    assert Counter(ref for age in board.ages for ref in age.figure.refs) == Counter(still_open)
    overall = board.month.overall
    clocks = [
        each for severity in board.month.severities for each in (severity.response, severity.resolution)
    ]
    for part in ("met", "missed", "running"):
        whole: Figure = getattr(overall, part)
        assert total([getattr(each, part) for each in clocks]) == whole.value
        assert len(set(whole.items)) == whole.value
    assert total([figure for _, figure in board.breaches.causes]) == overall.missed.value > 0
    assert total([figure for _, figure in board.breaches.owners]) == overall.missed.value
    soon, later, latest = (set(each.figure.items) for each in board.ahead)
    assert soon <= later <= latest
    desk.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(0, 6, long_from=1))
def test_a_promise_is_settled_once_and_for_ever(tmp_path: Path, seed: int) -> None:
    clock = FixedClock(BEGINNING)
    desk = opened(tmp_path / "desk.db", clock)
    life = Life(desk, clock, seed)
    settled: Settled = {}
    for _ in range(120):
        life.go_on()
        now = desk.now()
        found: Settled = {
            (each.history.row.ref, each.kind): (each.outcome, each.at)
            for each in list_promises(desk.history(BEGINNING), desk.policies, epoch(now))
            if each.outcome is not TargetOutcome.RUNNING
        }
        moved = {
            ref for ref, _ in settled if "due moved" in {each.event for each in desk.ticket(ref).timeline}
        }
        assert found.items() >= {key: told for key, told in settled.items() if key[0] not in moved}.items()
        assert all(at <= epoch(now) for _, at in found.values())
        settled = found
    assert {outcome for outcome, _ in settled.values()} == {TargetOutcome.MET, TargetOutcome.MISSED}
    desk.close()


@pytest.mark.parametrize("seed", seeds(0, 3, long_from=1))
def test_what_will_breach_does_when_nothing_moves(tmp_path: Path, seed: int) -> None:
    desk, life = lived(tmp_path / "desk.db", seed)
    done(desk, Log("critical", "hotline", "acme", "acme.jo", "Nobody can log in"))
    before = board_of(desk)
    now = desk.now()
    missed = {(item.ref, item.kind) for item in before.month.overall.missed.items}
    assert before.ahead[-1].figure.items
    for each in before.ahead:
        life.clock.set(now + timedelta(hours=each.hours))
        after = {(item.ref, item.kind) for item in board_of(desk).month.overall.missed.items}
        assert after - missed == {(item.ref, item.kind) for item in each.figure.items}
    desk.close()


def test_a_past_desk_has_the_board_of_that_day(tmp_path: Path) -> None:
    clock = FixedClock(BEGINNING)
    desk = opened(tmp_path / "desk.db", clock)
    life, seen = Life(desk, clock, 5), list[tuple[datetime, Board]]()
    for _ in range(60):
        before, board = clock.now(), board_of(desk)
        life.go_on()
        if clock.now() > before:
            seen.append((before, board))
    assert any(board.month.overall.missed.value for _, board in seen)
    replay = PastDesk.open(address_at(tmp_path / "desk.db"), BEGINNING, present=clock)
    replay.controls.pause()
    for at, board in (*seen, *reversed(seen)):
        replay.controls.seek(at)
        assert board_of(replay) == board, f"at {at}"
    replay.close()
    desk.close()
