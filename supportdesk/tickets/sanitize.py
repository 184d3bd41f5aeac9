"""Cleans the values of a command and checks their form, before it is decided."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar

import msgspec

from supportdesk.tickets.command import LINE_LIMIT, TEXT_LIMIT, Argument, ArgumentType, Command
from supportdesk.tickets.documents import Article, Person
from supportdesk.tickets.events import TextCut
from supportdesk.tickets.plain_text import clean_line, clean_text
from supportdesk.tickets.refusal import Refusal

S = TypeVar("S", bound=msgspec.Struct)


class Truncation(msgspec.Struct, frozen=True):
    """A text that was too long: the event that records it, and the original."""

    event: TextCut
    original: bytes


class SanitizedCommand(msgspec.Struct, frozen=True):
    """A command with plain texts, and what was cut from them."""

    command: Command
    cuts: tuple[Truncation, ...]


def sanitize(command: Command) -> SanitizedCommand | Refusal:
    """Return the command with every text cleaned and cut to its limit, and every instant in whole UTC seconds.

    Refused if a value has the wrong form.
    """
    changes: dict[str, Any] = {}
    cuts: list[Truncation] = []
    arguments = {argument.name: argument for argument in type(command).arguments()}
    for field in fields(command):
        value, argument = getattr(command, field.name), arguments.get(field.name)
        if argument is not None and argument.choices and value not in argument.choices:
            choices = ", ".join(map(repr, argument.choices))
            return Refusal(f"{field.name} must be one of {choices}, not {value!r}")
        if isinstance(value, datetime):
            if value.tzinfo is None:
                return Refusal(f"{field.name} needs a time zone, such as Z at its end")
            changes[field.name] = value.astimezone(UTC).replace(microsecond=0)
        elif isinstance(value, str) and not isinstance(value, Enum):
            changes[field.name] = _clean_value(value, field.name, argument, cuts)
        elif isinstance(value, msgspec.Struct):
            naive = _find_naive_instant(value)
            if naive is not None:
                return Refusal(f"{naive} needs a time zone, such as Z at its end")
            changes[field.name] = _clean_document(value)
    return SanitizedCommand(replace(command, **changes), tuple(cuts))


def _clean_value(text: str, name: str, argument: Argument | None, cuts: list[Truncation]) -> str:
    limit = argument.limit if argument else LINE_LIMIT
    cleaned = (
        clean_text(text, limit)
        if argument and argument.value_type is ArgumentType.TEXT
        else clean_line(text, limit)
    )
    if cleaned.cut:
        original = text.encode("utf-8", "surrogatepass")
        event = TextCut(name, cleaned.length, len(cleaned.text), hashlib.sha256(original).hexdigest())
        cuts.append(Truncation(event, original))
    return cleaned.text


def _find_naive_instant(document: msgspec.Struct) -> str | None:
    """Return the name of an instant in the document without a time zone; None where all have one."""
    values = ((name, getattr(document, name)) for name in document.__struct_fields__)
    return next(
        (name for name, value in values if isinstance(value, datetime) and value.tzinfo is None), None
    )


def _clean_document(document: S) -> S:
    """Return the document with its texts cleaned and cut, and its instants in whole UTC seconds.

    Documents are written by staff, so what is cut is not stored.
    """
    changes = {
        name: _clean_field(document, name, getattr(document, name)) for name in document.__struct_fields__
    }
    return msgspec.structs.replace(document, **changes)


def _clean_field(document: msgspec.Struct, name: str, value: Any) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0)
    if isinstance(value, str):
        long = isinstance(document, Article) and name == "text"
        return (clean_text(value, TEXT_LIMIT) if long else clean_line(value, LINE_LIMIT)).text
    if isinstance(document, Person) and name == "addresses":
        return tuple(map(_clean_document, value))
    return value
