"""Adding a view of one's own to the file that a person writes, without touching what else stands in it."""

from __future__ import annotations

import json
from pathlib import Path

from supportdesk.files import is_there, read_bytes, replace_file
from supportdesk.toml_file.document import UnreadableError, parse_toml


class NotAddedError(ValueError):
    """The view cannot be added to the file; the message says why and what to do."""


def add_view(path: Path, name: str, filter_text: str) -> None:
    """Writes a view at the end of a config file, which is made where it is missing; whole or not at all.

    Raises OSError, and NotAddedError for a file that would be no TOML then, or is none now.
    """
    before = read_bytes(path).decode("utf-8") if is_there(path) else ""
    gap = "\n" if before.endswith("\n") or not before else "\n\n"
    after = (
        f"{before}{gap if before else ''}[[views]]\nname = {_quoted(name)}\nfilter = {_quoted(filter_text)}\n"
    )
    try:
        parse_toml(after)
    except UnreadableError as error:
        raise NotAddedError(
            f"{path} cannot be added to ({error}); correct it, and save the view again"
        ) from error
    replace_file(path, after.encode())


def _quoted(text: str) -> str:
    """A text as TOML has it: as JSON has it, but for the one control character that JSON lets stand."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
