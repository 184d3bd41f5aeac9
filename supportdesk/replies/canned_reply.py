"""Canned replies: what staff write to customers often, with fields that are filled from a ticket."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter

import msgspec

from supportdesk.toml_file.document import Fault
from supportdesk.toml_file.text_fields import fill_fields, find_field_fault
from supportdesk.toml_file.typed_document import UnusableFileError, read_document

FIELDS = (
    *("contact_name", "organisation", "ref", "summary", "severity", "received", "response_due", "resolution_due"),
    *("fix", "release", "team", "critical_number", "your_name"),
)  # fmt: skip
"""What a reply may contain in braces."""
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class CannedReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reply: its key, the title by which it is found, and its text with fields in braces."""

    key: str
    title: str
    text: str


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    replies: tuple[CannedReply, ...] = ()


class CannedReplyError(ValueError):
    """A file of replies cannot be used, or a reply not be filled; the message says what to do."""


def load_canned_replies(files: Iterable[Path]) -> tuple[CannedReply, ...]:
    """Return the replies of some files, in order; one of a later file replaces that with the same key.

    Raises CannedReplyError, with file and line.
    """
    found: dict[str, CannedReply] = {}
    for file in files:
        found |= {each.key: each for each in _read(file)}
    return tuple(found.values())


def fill_canned_reply(reply: CannedReply, values: Mapping[str, str]) -> str:
    """Return the text of a reply; `values` has one for each of FIELDS, empty where the ticket has none.

    Raises CannedReplyError where the reply needs a value that is empty.
    """
    names = dict.fromkeys(name for _, name, _, _ in Formatter().parse(reply.text) if name)
    missing = [name for name in names if not values[name]]
    if missing:
        listed = ", ".join(f"{{{name}}}" for name in missing)
        raise CannedReplyError(
            f"The ticket has nothing for {listed}; choose another reply, or write your own"
        )
    return fill_fields(reply.text, values).strip("\n")


def _read(file: Path) -> tuple[CannedReply, ...]:
    try:
        return read_document(file, _Document, "files of replies", _find_fault).replies
    except UnusableFileError as error:
        raise CannedReplyError(str(error)) from error


def _find_fault(document: _Document) -> Fault | None:
    keys: set[str] = set()
    for number, reply in enumerate(document.replies):
        place = f"$.replies[{number}]"
        if _KEY.fullmatch(reply.key) is None:
            return Fault(f"{place}.key", "give a key of small letters, digits and dashes, such as try-again")
        if reply.key in keys:
            return Fault(f"{place}.key", f"{reply.key} is there twice; give another key")
        if not reply.title.strip() or not reply.text.strip():
            return Fault(place, "give a title and a text")
        reason = find_field_fault(reply.text, FIELDS)
        if reason is not None:
            return Fault(f"{place}.text", reason)
        keys.add(reply.key)
    return None
