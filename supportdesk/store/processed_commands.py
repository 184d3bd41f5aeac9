"""The commands that were carried out: sending one again is safe, also after a commit with an unknown outcome."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, insert, select

from supportdesk.store import tables
from supportdesk.store.statements import Write, execute_writes, fetch
from supportdesk.tickets.command import LATER, STORED_AS, Command

ERASED = "0" * 64
"""Takes the place of the digest of a command of which texts were erased: nobody can try out names against it."""

_commands = tables.commands.c
_FIND = select(_commands.id, _commands.digest, _commands.ref, _commands.seq).where(
    _commands.id == bindparam("wanted")
)
_REMEMBER = insert(tables.commands)


class ProcessedCommand(msgspec.Struct, frozen=True):
    """A command that was carried out, on the ticket `ref` if any, up to event number `seq`.

    `repeated` says that it had been carried out before, under the same id.
    """

    id: str
    digest: str
    ref: str | None = None
    seq: int = 0
    repeated: bool = False


def digest(command: Command) -> str:
    """Return the identity of a command in 64 hex digits: of its tag and all values that are not defaults.

    Classes and fields may be renamed and fields added, as long as `tag`, `stored_as` and the defaults stay.
    """
    return _hash([command.tag, _values(command, complete=False)])


def is_same(stored: str, command: Command) -> bool:
    """Return whether a command has a stored digest, by this version of the program or an earlier one."""
    return stored == digest(command) or stored == _hash([command.tag, _values(command, complete=True)])


def _hash(value: object) -> str:
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()


def _values(value: Any, *, complete: bool) -> Any:
    """Return the values of a command or a record by stored name; `complete` includes the defaults."""
    if isinstance(value, list | tuple):
        return [_values(each, complete=complete) for each in value]
    fields = _fields(value.__class__)
    if fields is None:
        return msgspec.to_builtins(value)
    values = {}
    for field in fields:
        held = getattr(value, field.name)
        if held != field.default or (complete and not field.later):
            values[field.stored_as] = _values(held, complete=complete)
    return values


class _Field(NamedTuple):
    name: str
    stored_as: str
    default: Any
    later: bool


@functools.cache
def _fields(value_type: type) -> tuple[_Field, ...] | None:
    """Return the fields of a command or a record; None for any other type."""
    if dataclasses.is_dataclass(value_type):
        return tuple(
            _Field(
                each.name,
                each.metadata.get(STORED_AS, each.name),
                each.default_factory() if callable(each.default_factory) else each.default,
                each.metadata.get(LATER, False),
            )
            for each in dataclasses.fields(value_type)
        )
    if issubclass(value_type, msgspec.Struct):
        return tuple(
            _Field(each.name, each.encode_name, each.default, each.name in getattr(value_type, "LATER", ()))
            for each in msgspec.structs.fields(value_type)
        )
    return None


def find_processed(connection: Connection, command_id: str) -> ProcessedCommand | None:
    """Return the command that was carried out under this id; None without one."""
    found = fetch(connection, _FIND, {"wanted": command_id})
    if not found:
        return None
    key, digest_then, ref, seq = found[0]
    return ProcessedCommand(key, digest_then, ref, seq, repeated=True)


def save_processed(connection: Connection, command: ProcessedCommand) -> None:
    """Save that a command was carried out, in its own transaction."""
    execute_writes(connection, [remember(command)])


def remember(command: ProcessedCommand) -> Write:
    """Return what saves that a command was carried out."""
    return Write(
        _REMEMBER, [{"id": command.id, "digest": command.digest, "ref": command.ref, "seq": command.seq}]
    )
