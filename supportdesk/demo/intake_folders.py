"""The folders beside the file of a demo's desk in which the mail and the voicemails of its customers arrive."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from supportdesk.store.location import find_file


class DemoFolders(msgspec.Struct, frozen=True):
    """The folders of one demo."""

    root: Path

    @property
    def mail(self) -> Path:
        """The maildir."""
        return self.root / "mail"

    @property
    def voicemail(self) -> Path:
        """The folder in which a telephone system would leave recordings."""
        return self.root / "voicemail"

    @property
    def _arrived(self) -> Path:
        """Has a file for each that has arrived, so that nothing arrives twice, however many consoles are open."""
        return self.root / "arrived"

    @property
    def exist(self) -> bool:
        """Whether they are there, and this process may change them."""
        return os.access(self._arrived, os.W_OK | os.X_OK)

    def make(self) -> None:
        """Make those that are missing. Raises OSError."""
        maildir = [self.mail / name for name in ("tmp", "new", "cur")]
        for folder in (*maildir, self.voicemail, self._arrived):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def reserve_next(self, kind: str, count: int) -> Iterator[int | None]:
        """Yield the first number below `count` under which nothing of a kind has arrived; None where all have.

        No other process gets that number. It is free again if anything is raised meanwhile.
        """
        marks = (self._arrived / f"{kind}-{number}" for number in range(count))
        number, mark = next(((at, mark) for at, mark in enumerate(marks) if _create(mark)), (None, None))
        try:
            yield number
        except BaseException:
            if mark is not None:
                mark.unlink(missing_ok=True)
            raise


def find_folders(address: str) -> DemoFolders | None:
    """Return the folders of the demo at an address; None where it has none, as on a server."""
    folders = _locate(address)
    return folders if folders is not None and folders.exist else None


def make_folders(address: str, *, is_new: bool) -> None:
    """Make the folders of a demo, unless its desk is on a server; those of a new one are empty.

    Where they cannot be made, nothing arrives there.
    """
    if is_new:
        remove_folders(address)
    folders = _locate(address)
    if folders is not None:
        with suppress(OSError):
            folders.make()


def remove_folders(address: str) -> None:
    """Remove the folders of a demo with what is in them, as far as that can be done."""
    folders = find_folders(address)
    if folders is not None:
        shutil.rmtree(folders.root, ignore_errors=True)


def _locate(address: str) -> DemoFolders | None:
    file = find_file(address)
    return DemoFolders(Path(f"{file.expanduser().absolute()}.intake")) if file is not None else None


def _create(mark: Path) -> bool:
    """Create a file, and return whether it was not there."""
    try:
        mark.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return False
    return True
