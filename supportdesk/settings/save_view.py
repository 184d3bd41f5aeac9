"""Adds a view to the operator's settings file without changing anything else in it."""

from __future__ import annotations

import json
from pathlib import Path

from supportdesk.files import is_there, read_bytes, replace_file
from supportdesk.toml_file.document import MAX_BYTES, UnreadableError, parse_toml


class ViewNotSavedError(ValueError):
    """The view cannot be added to the file; the message says why and what to do."""


def save_view(path: Path, name: str, filter_text: str) -> None:
    """Append a view to a settings file, atomically; a missing file is created.

    Raises OSError, and ViewNotSavedError for a file that is not TOML, or would not be afterwards, or too large to read.
    """
    before = read_bytes(path).decode("utf-8") if is_there(path) else ""
    gap = "\n" if before.endswith("\n") or not before else "\n\n"
    after = (
        f"{before}{gap if before else ''}[[views]]\nname = {_quoted(name)}\nfilter = {_quoted(filter_text)}\n"
    )
    try:
        parse_toml(after)
    except UnreadableError as error:
        raise ViewNotSavedError(
            f"{path} cannot be changed ({error}); correct it and save the view again"
        ) from error
    written = after.encode()
    if len(written) > MAX_BYTES:
        raise ViewNotSavedError(
            f"{path} would be too large to be read; shorten the filter, or remove views from it"
        )
    replace_file(path, written)


def _quoted(text: str) -> str:
    """Return a text as a TOML string: like JSON, except for the one control character that JSON leaves unescaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
