"""Saves files that came by mail: as new ones that only their owner can read, and nobody can execute."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from supportdesk.attachments.file_name import clean_file_name, number_file_name
from supportdesk.files import create_file, expand

_FALLBACK = "attachment"
_MOST_NUMBERS = 1_000


def save_file(content: bytes, name: str, target: str | Path) -> Path:
    """Save a content at `target`, or in it under its own name where it is a folder, and return where. Blocks.

    The name from outside counts in a folder only. It is cleaned, so that the file stays in there, and gets a number
    where another has it. Nothing is ever overwritten, and no folder is made. Raises OSError, FileExistsError where
    anything is at `target`.
    """
    path = expand(target)
    if not path.is_dir():
        if str(target).endswith(os.sep):
            raise FileNotFoundError(
                errno.ENOENT, "there is no such folder; make it, or choose another", str(path)
            )
        create_file(path, content)
        return path
    clean = clean_file_name(name) or _FALLBACK
    for number in range(1, _MOST_NUMBERS):
        place = path / (number_file_name(clean, number) if number > 1 else clean)
        try:
            create_file(place, content)
        except FileExistsError:
            continue
        return place
    raise OSError(errno.EEXIST, "there are too many files of this name", str(path))
