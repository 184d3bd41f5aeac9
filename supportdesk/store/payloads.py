"""The payloads of events: their JSON in the ledger."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, get_args

import msgspec

from supportdesk.store.errors import UncleanTextError
from supportdesk.tickets.desk_moved import DeskMoved
from supportdesk.tickets.desk_reopened import DeskReopened
from supportdesk.tickets.events import Event, TicketEvent
from supportdesk.tickets.record_undone import RecordUndone
from supportdesk.tickets.records.events import AnyRecordEvent, RecordEvent
from supportdesk.tickets.references_skipped import ReferencesSkipped

_CONTROL_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u00[01]")

AnyEvent = Event | RecordEvent | ReferencesSkipped | DeskMoved | DeskReopened


ATTACHED = '"attachments":'
"""What is in the payload of an event with attachments, so that no other needs to be decoded to find them."""


def encode(event: AnyEvent) -> str:
    """Return an event as JSON. Raises UncleanTextError."""
    try:
        payload = msgspec.json.encode(event)
    except UnicodeEncodeError as error:
        raise UncleanTextError(f"half a character in {type(event).__name__}") from error
    if _CONTROL_ESCAPE.search(payload):
        raise UncleanTextError(f"a control character in {type(event).__name__}")
    return payload.decode()


def decode(payload: str) -> AnyEvent:
    """Return the event that `encode` wrote. Raises msgspec.ValidationError or DecodeError for anything else."""
    event: AnyEvent = _decoder().decode(payload)
    return event


def decode_known(payload: str) -> AnyEvent | None:
    """Return the event that `encode` wrote; None for one of a type that only a newer program knows.

    Raises as `decode` does for anything else.
    """
    try:
        return decode(payload)
    except msgspec.ValidationError:
        tagged = msgspec.json.decode(payload, type=_Tagged)
        if tagged.event in _known_tags() and (tagged.was is None or tagged.was.event in _known_tags()):
            raise
        return None


class _Tagged(msgspec.Struct):
    """What tells the type of an event; `was` is the event that an undo restored."""

    event: str
    was: _Tagged | None = None


@cache
def _known_tags() -> frozenset[str]:
    return frozenset(str(each.__struct_config__.tag) for each in get_args(_known_events()))


def prepare() -> None:
    """Make what decodes events, unless it is there, so that no transaction in which it is needed takes that long."""
    _decoder()


@cache
def _decoder() -> msgspec.json.Decoder[Any]:
    # Not made on import: it looks into every class of events.
    return msgspec.json.Decoder(_known_events())


def _known_events() -> Any:
    return TicketEvent | AnyRecordEvent | RecordUndone | ReferencesSkipped | DeskMoved | DeskReopened
