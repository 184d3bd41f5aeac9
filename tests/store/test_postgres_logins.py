"""What the program allows somebody, the server allows their login: the two sets of rules agree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, Outcome
from supportdesk.tickets.actors import SYSTEM
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Role
from supportdesk.tickets.records.commands import SavePerson
from supportdesk.tickets.refusal import Refusal
from tests.databases import POSTGRES, use
from tests.store.desks import database_of, done, furnished_desk, logged, uri_of, verified
from tests.tickets.scenario import MONDAY_NINE
from tests.walker.colleague import Colleague

pytestmark = pytest.mark.server

COMMANDS = 60


class DeskOfManyLogins:
    """A desk on which each command is given with the login of the person who gives it."""

    def __init__(self, desk: Desk, clock: FixedClock) -> None:
        self._desk, self._clock = desk, clock
        self._own = ExitStack()
        self._opened: dict[str, Desk] = {}
        self.applied = 0
        self.refused_by_the_server: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)

    def do(self, command: Command, *, by: str) -> Outcome:
        """Give a command with the login of `by`, and note what only the server refuses."""
        if by not in self._opened:
            database_of(self._desk).apply_grants(self._desk.roster().staff)
            uri = uri_of(database_of(self._desk)).replace("//postgres@", f"//{by}@")
            self._opened[by] = Desk.open(uri, self._clock)
            self._own.callback(self._opened[by].close)
        outcome = self._opened[by].do(command, by=by)
        if isinstance(command, SavePerson):
            database_of(self._desk).apply_grants(self._desk.roster().staff)
        self.applied += isinstance(outcome, Applied)
        if isinstance(outcome, Refusal) and isinstance(self._desk.do(command, by=by), Applied):
            self.refused_by_the_server.append(f"{by}: {type(command).__name__}: {outcome.reason}")
        return outcome

    def close(self) -> None:
        """Close what was opened with the logins."""
        self._own.close()


@contextmanager
def desk_of_many_logins(folder: Path, clock: FixedClock) -> Iterator[DeskOfManyLogins]:
    with use(POSTGRES), furnished_desk(folder, clock) as desk:
        sue = desk.person("sue")
        assert sue is not None
        for username, role in (("adam", Role.ADMINISTRATOR), ("mona", Role.ACCOUNT_MANAGER)):
            person = msgspec.structs.replace(sue, username=username, name=username.title(), roles=(role,))
            done(desk, SavePerson(person), by=SYSTEM.key)
        for _ in range(6):
            logged(desk)
        many = DeskOfManyLogins(desk, clock)
        try:
            yield many
            assert verified(desk).is_intact
        finally:
            many.close()


def act_at_random(folder: Path, seed: int, commands: int) -> DeskOfManyLogins:
    """Let everybody give random commands; the desk afterwards."""
    random, clock = Random(seed), FixedClock(MONDAY_NINE)
    with desk_of_many_logins(folder, clock) as many:
        colleague = Colleague(many, random, "sue")  # type: ignore[arg-type]
        for _ in range(commands):
            colleague.act()
            clock.set(clock.now() + timedelta(seconds=random.choice((0, 1, 59, 600, 7_200))))
    return many


def test_what_the_program_allows_somebody_the_server_allows_their_login(tmp_path: Path) -> None:
    many = act_at_random(tmp_path, 1, COMMANDS)
    assert many.refused_by_the_server == []
    assert many.applied > COMMANDS / 10


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("seed", range(2, 12))
def test_the_rules_of_program_and_server_agree_for_long(tmp_path: Path, seed: int) -> None:
    assert act_at_random(tmp_path, seed, 1_000).refused_by_the_server == []
