"""Many commands in one transaction: all of them or nothing, each once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, Executor
from supportdesk.tickets.documents import Person, Role
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.commands import SavePerson
from supportdesk.tickets.refusal import Refusal
from tests.databases import address_at
from tests.history import opened

pytestmark = pytest.mark.usefixtures("database_kind")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REQUEST = Log("high", "portal", "acme", "acme.jo", "It is broken")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = opened(tmp_path / "desk.db", FixedClock(NOW))
    yield made
    made.close()


def log_and_claim(doing: Executor) -> str:
    logged = doing(REQUEST, by="sam", command_id="log")
    assert isinstance(logged, Applied)
    assert logged.ref is not None
    assert isinstance(doing(Claim(logged.ref), by="sam", command_id="claim"), Applied)
    return logged.ref


def test_a_later_command_sees_what_an_earlier_one_did(desk: Desk) -> None:
    def enrol_and_work(doing: Executor) -> None:
        newcomer = Person("eve", "Eve Hart", "user-support", (Role.AGENT,))
        assert isinstance(doing(SavePerson(newcomer), by="ann", command_id="enrol"), Applied)
        assert isinstance(doing(REQUEST, by="eve", command_id="log"), Applied)

    assert desk.transaction(enrol_and_work) is None
    assert desk.queue().rows[0].summary == "It is broken"
    assert desk.person("eve") is not None


def test_nobody_sees_half_of_it(desk: Desk, tmp_path: Path) -> None:
    other = Desk.open(address_at(tmp_path / "desk.db"), FixedClock(NOW))

    def work(doing: Executor) -> str:
        ref = log_and_claim(doing)
        assert other.queue().rows == []
        return ref

    ref = desk.transaction(work)
    assert [(row.ref, row.owner) for row in other.queue().rows] == [(ref, "sam")]
    other.close()


def test_what_fails_half_way_leaves_nothing_behind(desk: Desk) -> None:
    seq = desk.queue().seq

    def fail(doing: Executor) -> None:
        newcomer = Person("eve", "Eve Hart", "user-support", (Role.AGENT,))
        doing(SavePerson(newcomer), by="ann", command_id="enrol")
        log_and_claim(doing)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        desk.transaction(fail)
    assert (desk.queue().rows, desk.queue().seq) == ([], seq)
    assert desk.person("eve") is None
    refused = desk.do(REQUEST, by="eve")
    assert isinstance(refused, Refusal)
    assert "not on the staff" in refused.reason


def test_a_refused_command_leaves_the_others_standing(desk: Desk) -> None:
    def work(doing: Executor) -> tuple[str, object]:
        ref = log_and_claim(doing)
        return ref, doing(Claim(ref), by="dev", command_id="too late")

    done = desk.transaction(work)
    assert isinstance(done, tuple)
    assert isinstance(done[1], Refusal)
    assert desk.queue().rows[0].owner == "sam"


def test_the_same_commands_again_add_nothing(desk: Desk) -> None:
    ref = desk.transaction(log_and_claim)
    seq = desk.queue().seq
    assert desk.transaction(log_and_claim) == ref
    assert desk.queue().seq == seq
