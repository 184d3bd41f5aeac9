"""Encodes a draft as JSON and back. Decoding accepts only known types of values, and plain text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from supportdesk.console.drafts.draft import Draft, StoredDraft, UnreadableDraftError
from supportdesk.console.search.candidate import Candidate
from supportdesk.tickets.documents import Article, Contact, Organisation
from supportdesk.tickets.plain_text import UNWANTED

_TYPES: dict[str, type] = {
    "contact": Contact,
    "organisation": Organisation,
    "article": Article,
    "at": datetime,
    "day": date,
}
_NAMES = {stored_type: name for name, stored_type in _TYPES.items()}
_DEEPEST = 6


class _File(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    verb: str
    ref: str
    left_at: datetime
    typed: dict[str, Any]
    begun: int | None = None


def encode(stored: StoredDraft) -> bytes:
    """Return the draft as JSON. Raises TypeError for a value that could not be decoded again."""
    draft = stored.draft
    typed = {name: _plain(value) for name, value in draft.typed.items()}
    return msgspec.json.encode(_File(stored.verb, stored.ref, draft.left_at, typed, draft.begun))


def decode(name: str, content: bytes) -> StoredDraft:
    """Return the draft saved under a name. Raises UnreadableDraftError."""
    try:
        file = msgspec.json.decode(content, type=_File)
        typed = {key: _value(value, _DEEPEST) for key, value in file.typed.items()}
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise UnreadableDraftError(str(error)) from error
    if file.left_at.tzinfo is None:
        raise UnreadableDraftError("its time has no time zone")
    return StoredDraft(name, _clean(file.verb), _clean(file.ref), Draft(typed, file.left_at, file.begun))


def _plain(value: Any) -> Any:
    """Return a value as JSON: for types unknown to JSON an object with one member, named after the type."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return _clean(value)
        case tuple() | list():
            return [_plain(each) for each in value]
        case Candidate(key, name, note, new, record):
            return {"candidate": [_clean(key), _clean(name), _clean(note), new, _plain(record)]}
    type_name = _NAMES.get(type(value))
    if type_name is None:
        raise TypeError(f"{type(value).__name__} is no value that a draft can hold")
    return {type_name: msgspec.to_builtins(value)}


def _value(plain: Any, depth: int) -> Any:
    match plain:
        case None | bool() | int():
            return plain
        case str():
            return _clean(plain)
        case list() if depth:
            return tuple(_value(each, depth - 1) for each in plain)
        case {"candidate": [str(key), str(name), str(note), bool(new), record]} if depth and len(plain) == 1:
            return Candidate(_clean(key), _clean(name), _clean(note), new, _value(record, depth - 1))
        case dict() if len(plain) == 1:
            ((type_name, document),) = plain.items()
            if type_name in _TYPES:
                return msgspec.convert(_cleaned(document), _TYPES[type_name])
    raise UnreadableDraftError("it contains a value that no form has")


def _cleaned(document: Any) -> Any:
    if isinstance(document, dict):
        return {key: _cleaned(value) for key, value in document.items()}
    return _clean(document) if isinstance(document, str) else document


def _clean(text: str) -> str:
    return UNWANTED.sub("", text)
