"""The drafts of a run: restored when the same form is opened for the same ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from msgspec.structs import replace

from supportdesk.console.drafts.draft import Draft, StoredDraft

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from supportdesk.store.read_models import Erasure


class DraftStorage(Protocol):
    """Saves drafts beyond the end of the console. `fault` is why that fails; None while it works."""

    fault: str | None

    def write(self, stored: StoredDraft) -> None:
        """Write a draft soon, replacing its file."""
        ...

    def remove(self, name: str) -> None:
        """Remove a draft's file soon."""
        ...

    def list_unreadable(self) -> list[Path]:
        """Return the files that could not be read and were set aside."""
        ...

    def remove_unreadable(self, before: datetime) -> None:
        """Remove what could not be read and was written at an instant or before."""
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
        """Save a draft, replacing the previous one for the same command and ticket, and as old as that."""
        versions = self._stored.setdefault((verb, ref), [])
        name = uuid4().hex
        if versions:
            previous = versions.pop()
            name = previous.name
            begun = [each.begun for each in (previous.draft, draft) if each.begun is not None]
            draft = replace(draft, begun=min(begun, default=None))
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
    def is_empty(self) -> bool:
        """Whether there is no draft, nor anything that could not be read."""
        return not self._stored and (self._folder is None or not self._folder.list_unreadable())

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

    def discard_begun_before(self, erasure: Erasure) -> int:
        """Discard every draft that was begun before an erasure, and return how many there were.

        A draft of an earlier version, and what could not be read, are judged by when they were left.
        """
        return self._discard_where(
            lambda draft: draft.left_at <= erasure.at if draft.begun is None else draft.begun < erasure.seq,
            erasure.at,
        )

    def discard_all(self, now: datetime) -> int:
        """Discard every draft, and what could not be read, and return how many drafts there were."""
        return self._discard_where(lambda _: True, now)

    def _discard_where(self, is_old: Callable[[Draft], bool], unreadable_before: datetime) -> int:
        count = 0
        for (verb, ref), versions in list(self._stored.items()):
            old = [each for each in versions if is_old(each.draft)]
            count += len(old)
            if len(old) == len(versions):
                del self._stored[verb, ref]
            else:
                self._stored[verb, ref] = [each for each in versions if each not in old]
            if self._folder is not None:
                for each in old:
                    self._folder.remove(each.name)
        if self._folder is not None:
            self._folder.remove_unreadable(unreadable_before)
        return count

    def close(self) -> None:
        """Wait until all drafts are written, and leave them to the next console. Blocks for at most `GRACE` seconds."""
        if self._folder is not None:
            self._folder.close()
