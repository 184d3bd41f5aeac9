"""What an operator has done with the entries of their inbox: a file of their own, which every console shares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from supportdesk.files import read_bytes, replace_file

KEPT_FOR = timedelta(days=60)
"""How long a mark is kept; entries that old are no longer shown."""


class _Marks(msgspec.Struct, frozen=True):
    done: dict[str, datetime] = msgspec.field(default_factory=dict)
    later: dict[str, datetime] = msgspec.field(default_factory=dict)


class InboxMarks:
    """Which entries are done, and which are put off until a time, by their ids.

    Each change is applied to the file as it is now, so that two consoles do not overwrite each other. Without a `path`
    nothing is saved. Reading blocks no one; the methods that change something block, and raise OSError where the file
    cannot be written: the change then lasts until the console is closed.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._marks = _read(path)

    @property
    def done(self) -> Mapping[str, datetime]:
        """When each entry was marked as done, by its id."""
        return self._marks.done

    @property
    def later(self) -> Mapping[str, datetime]:
        """Until when each entry is put off, by its id; the time may have passed."""
        return self._marks.later

    def mark_done(self, entry: str, now: datetime) -> None:
        """Mark an entry as done."""
        self._change(entry, now, done=now)

    def put_off(self, entry: str, until: datetime, now: datetime) -> None:
        """Put an entry off until a time."""
        self._change(entry, now, later=until)

    def clear(self, entry: str, now: datetime) -> None:
        """Remove the mark of an entry, so that it is new again."""
        self._change(entry, now)

    def _change(
        self, entry: str, now: datetime, *, done: datetime | None = None, later: datetime | None = None
    ) -> None:
        marks = _read(self._path) if self._path is not None else self._marks
        oldest = now - KEPT_FOR
        all_done = {id_: at for id_, at in marks.done.items() if id_ != entry and at >= oldest}
        all_later = {id_: at for id_, at in marks.later.items() if id_ != entry and at >= oldest}
        if done is not None:
            all_done[entry] = done
        if later is not None:
            all_later[entry] = later
        self._marks = _Marks(all_done, all_later)
        if self._path is not None:
            replace_file(self._path, msgspec.json.encode(self._marks))


def _read(path: Path | None) -> _Marks:
    """Return the marks in a file; none where it is missing or damaged."""
    if path is None:
        return _Marks()
    try:
        marks = msgspec.json.decode(read_bytes(path), type=_Marks)
    except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
        return _Marks()
    aware = all(at.tzinfo is not None for at in (*marks.done.values(), *marks.later.values()))
    return marks if aware else _Marks()
