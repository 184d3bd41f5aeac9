"""Files that go with a reply: what each is stands in the event of the reply, and their contents beside the ledger."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from msgspec import Struct

from supportdesk.tickets.plain_text import clean_line

MOST_BYTES = 10_000_000
"""The most bytes of the files of one reply together: mail servers refuse mail that is much larger."""
MOST_FILES = 20
LONGEST_NAME = 120
"""The most characters of a file's name."""
TOO_MANY = f"a reply has at most {MOST_FILES} attachments"
TOO_LARGE = f"the attachments of a reply have at most {MOST_BYTES // 1_000_000} MB together"
"""Why files cannot go with one reply."""

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")


class FileContent(Struct, frozen=True):
    """A file that is to be attached: its name, the media type that its content shows, and the content."""

    name: str
    media_type: str
    content: bytes


class AttachedFile(Struct, frozen=True, omit_defaults=True):
    """A file that was attached; `size` is in bytes, `digest` the SHA-256 of its content in hexadecimal."""

    name: str
    media_type: str
    size: int
    digest: str


def describe_file(file: FileContent) -> AttachedFile:
    """Return what the ticket knows of a file."""
    digest = hashlib.sha256(file.content).hexdigest()
    return AttachedFile(file.name, file.media_type, len(file.content), digest)


def find_fault(files: Sequence[FileContent]) -> str:
    """Return why files cannot be attached to one reply; empty where they can."""
    if len(files) > MOST_FILES:
        return TOO_MANY
    if sum(len(each.content) for each in files) > MOST_BYTES:
        return TOO_LARGE
    for each in files:
        if not each.content:
            return f"{each.name or 'a file'} is empty"
        if not _is_plain(each.name):
            return "the name of an attachment has a folder, or characters that no file may have"
        if not _MEDIA_TYPE.fullmatch(each.media_type):
            return f"{each.name} has no valid media type"
    names = [each.name.casefold() for each in files]
    twice = next((each.name for each in files if names.count(each.name.casefold()) > 1), "")
    return f"two attachments are called {twice}" if twice else ""


def _is_plain(name: str) -> bool:
    return bool(name) and clean_line(name, LONGEST_NAME).text == name and not re.search(r'[/\\<>:"|?*]', name)
