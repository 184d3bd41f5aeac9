"""A desk on a server that knows its staff: each has a login, and each service of the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store.postgres.roles import SERVICES, group_of
from supportdesk.tickets.actors import SYSTEM
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import Person, Role
from supportdesk.tickets.records.commands import (
    SavePerson,
)
from supportdesk.tickets.refusal import Refusal
from tests.postgres import database_in
from tests.store.desks import database_of, done, furnished_desk, running_server, uri_of
from tests.tickets.scenario import MONDAY_NINE

LOGINS = {
    "ann": (Role.AGENT,),
    "sam": (Role.AGENT,),
    "priya": (Role.ENGINEER,),
    "sue": (Role.SUPERVISOR,),
    "alastair": (Role.ACCOUNT_MANAGER,),
    "adam": (Role.ADMINISTRATOR,),
}
"""A login for each role; `desk_watcher`, `desk_intake` and `desk_portal` belong to the services."""
EVERYBODY = [*LOGINS, *(f"desk_{each}" for each in SERVICES)]


@contextmanager
def desk_with_logins(folder: Path) -> Iterator[Desk]:
    """A desk whose staff have logins; opened by the owner of its tables."""
    with furnished_desk(folder) as desk:
        # The administrator first: a desk is never without one.
        for username, roles in reversed(LOGINS.items()):
            person = desk.person(username) or Person(username, username.title(), "user-support", roles)
            done(desk, SavePerson(msgspec.structs.replace(person, roles=roles)), by=SYSTEM.key)
        database_of(desk).apply_grants(desk.roster().staff)
        with running_server().connect(name_of(desk)) as connection:
            for service in SERVICES:
                connection.execute(f"DROP ROLE IF EXISTS desk_{service}")
                connection.execute(f"CREATE ROLE desk_{service} LOGIN")
                connection.execute(f"GRANT {group_of(service)} TO desk_{service}")
        yield desk


def name_of(desk: Desk) -> str:
    return database_in(uri_of(database_of(desk)))


def opened_by(desk: Desk, login: str) -> Desk:
    uri = uri_of(database_of(desk)).replace("//postgres@", f"//{login}@")
    return Desk.open(uri, FixedClock(MONDAY_NINE))


def attempt(desk: Desk, login: str, command: Command, by: str | None = None) -> str:
    """The reason why a command is refused to a login; empty where it is carried out."""
    with closing(opened_by(desk, login)) as own:
        outcome = own.do(command, by=by or login)
    return outcome.reason if isinstance(outcome, Refusal) else ""
