"""Which commands were carried out: what makes them safe to send again, and answers for a commit of unknown outcome."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, bindparam, insert, select

from supportdesk.store import tables
from supportdesk.tickets.command import Command

_commands = tables.commands.c
_FIND = select(_commands.id, _commands.digest, _commands.ref, _commands.seq).where(
    _commands.id == bindparam("wanted")
)
_REMEMBER = insert(tables.commands)


@dataclass(frozen=True, slots=True)
class Carried:
    """A command that was carried out, about the ticket `ref` if about one, up to event number `seq`.

    `repeated` says that it had been carried out before, under the same id.
    """

    id: str
    digest: str
    ref: str | None = None
    seq: int = 0
    repeated: bool = False


_SINCE_ADDED = ("another", "new_contact")
"""Fields that commands had not from the first: while they say nothing, a command is the same as it was without them."""


def digest(command: Command) -> str:
    """Tells one command from another: what it is and all that it says; whoever sends it again."""
    said = msgspec.to_builtins(command)
    for name in _SINCE_ADDED:
        if said.get(name) is False:
            del said[name]
    return hashlib.sha256(msgspec.json.encode([type(command).__name__, said])).hexdigest()


def find(connection: Connection, command_id: str) -> Carried | None:
    """The command that was carried out under this id."""
    found = connection.execute(_FIND, {"wanted": command_id}).one_or_none()
    return Carried(*found, repeated=True) if found is not None else None


def remember(connection: Connection, command: Carried) -> None:
    """Keeps that a command was carried out, in the transaction that did."""
    row = {"id": command.id, "digest": command.digest, "ref": command.ref, "seq": command.seq}
    connection.execute(_REMEMBER, row)
