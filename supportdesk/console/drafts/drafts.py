"""The drafts of a run: restored when the same form is opened for the same ticket."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from uuid import uuid4

from supportdesk.console.drafts.draft import Draft, StoredDraft


class DraftStorage(Protocol):
    """Saves drafts beyond the end of the console. `fault` is why that fails; None while it works."""

    fault: str | None

    def write(self, stored: StoredDraft) -> None:
        """Write a draft soon, replacing its file."""
        ...

    def remove(self, name: str) -> None:
        """Remove a draft's file soon."""
        ...

    def close(self) -> None:
        """Wait until everything is written."""
        ...


class Drafts:
    """The drafts of one operator at one desk, by command and ticket (an empty reference for a new one).

    With a `folder` they outlive the console; `found` are those that earlier consoles left, the oldest first. Where two
    consoles left a draft for the same command and ticket, the older one is restored once the newer is sent.
    """

    def __init__(self, folder: DraftStorage | None = None, found: Iterable[StoredDraft] = ()) -> None:
        self._folder = folder
        self._stored: dict[tuple[str, str], list[StoredDraft]] = {}
        for stored in found:
            self._stored.setdefault((stored.verb, stored.ref), []).append(stored)

    def save(self, verb: str, ref: str, draft: Draft) -> None:
        """Save a draft, replacing the previous one for the same command and ticket."""
        versions = self._stored.setdefault((verb, ref), [])
        name = versions.pop().name if versions else uuid4().hex
        versions.append(StoredDraft(name, verb, ref, draft))
        if self._folder is not None:
            self._folder.write(versions[-1])

    def find(self, verb: str, ref: str) -> Draft | None:
        """Return the draft for a command and a ticket; None where there is none."""
        versions = self._stored.get((verb, ref))
        return versions[-1].draft if versions else None

    def command_id(self, verb: str, ref: str) -> str | None:
        """Return the id for the command that a draft becomes, the same however often it is sent; None for none."""
        versions = self._stored.get((verb, ref))
        return versions[-1].name if versions else None

    @property
    def unsent(self) -> list[tuple[str, str]]:
        """The command and the ticket of each draft, the oldest first."""
        return list(self._stored)

    @property
    def is_volatile(self) -> bool:
        """Whether quitting would lose the drafts."""
        return self._folder is None or self._folder.fault is not None

    def discard(self, verb: str, ref: str) -> None:
        """Discard a draft that was sent or is not wanted."""
        versions = self._stored.get((verb, ref))
        if not versions:
            return
        dropped = versions.pop()
        if not versions:
            del self._stored[verb, ref]
        if self._folder is not None:
            self._folder.remove(dropped.name)

    def discard_left_before(self, at: datetime) -> int:
        """Discard every draft that was left at an instant or before, and return how many there were."""
        count = 0
        for key, versions in list(self._stored.items()):
            old = [each for each in versions if each.draft.left_at <= at]
            count += len(old)
            self._stored[key] = [each for each in versions if each not in old]
            if not self._stored[key]:
                del self._stored[key]
            for each in old:
                if self._folder is not None:
                    self._folder.remove(each.name)
        return count

    def close(self) -> None:
        """Wait until all drafts are written, and leave them to the next console. Blocks for at most `GRACE` seconds."""
        if self._folder is not None:
            self._folder.close()
