"""Asks where a file that came from outside is saved, and saves it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from supportdesk.attachments.saved_file import save_file
from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.forms.value_dialog import ValueDialog


class Saved(msgspec.Struct, frozen=True):
    """Whether a file is saved, and the sentence that says where, or why not."""

    is_saved: bool
    text: str


def save_dialog(title: str, name: str) -> ValueDialog[str]:
    """Return the dialog that asks for a new file, or a folder, and proposes this name in the home folder."""
    field = LineField("file", "a new file, or a folder", value=f"~/{name}", label="File", required=True)
    return ValueDialog(field, title, "", "save")


def try_save(content: bytes, name: str, target: str) -> Saved:
    """Save a content as a new file that only the operator can read; in a folder, under its own name. Blocks."""
    try:
        path: str | Path = save_file(content, name, target)
    except OSError as error:
        return Saved(False, f"{target} cannot be written: {error.strerror or error}. Choose another file.")
    return Saved(True, f"Saved as {path}.")
