"""Reads a maildir: each message is a file, which goes to a subfolder once it is accounted for.

So what is in the mailbox is what nobody has accounted for, although others read it too and set flags.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from supportdesk.intake.mail.mailbox import Delivery

HANDLED = ".Handled"
"""The subfolder of what is accounted for, as mail programs name a folder `Handled`."""

_FOLDERS = ("new", "cur")
_SEEN = ":2,S"


class UnreadableFile(Struct, frozen=True):
    """A file of a maildir that cannot be read, and why. It stays where it is."""

    path: Path
    reason: str


def is_maildir(folder: Path) -> bool:
    """Return whether a folder is a maildir."""
    return all((folder / name).is_dir() for name in _FOLDERS)


def list_deliveries(folder: Path) -> Iterator[tuple[Path, Delivery] | UnreadableFile]:
    """Yield the files of a maildir with what they hold, those that were delivered first first.

    What another process takes away meanwhile is left out. Raises OSError where the folder cannot be listed.
    """
    for path in sorted(_list_files(folder), key=lambda path: (path.name.split(":")[0], path)):
        try:
            delivered_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            yield UnreadableFile(path, error.strerror or str(error))
        else:
            yield path, Delivery(content, path.name.partition(":")[0], delivered_at)


def move_handled(folder: Path, path: Path) -> None:
    """Move a file that is accounted for to the subfolder. Raises OSError; one that is gone was moved by another."""
    handled = folder / HANDLED
    for name in ("tmp", "new", "cur"):
        (handled / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    name = path.name if ":2," in path.name else f"{path.name}{_SEEN}"
    try:
        path.rename(handled / "cur" / name)
    except FileNotFoundError:
        if path.exists():
            raise


def _list_files(folder: Path) -> Iterator[Path]:
    for name in _FOLDERS:
        for entry in os.scandir(folder / name):
            if not entry.name.startswith(".") and entry.is_file():
                yield Path(entry.path)
