"""What was typed into forms and not sent: offered again when the same form is opened for the same ticket."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from uuid import uuid4

from supportdesk.console.drafts.draft import Draft, StoredDraft


class DraftStorage(Protocol):
    """Where drafts outlive the console. `fault` is why they cannot be saved; None while they can."""

    fault: str | None

    def write(self, stored: StoredDraft) -> None:
        """Have a draft written soon, in place of what its file held."""
        ...

    def remove(self, name: str) -> None:
        """Have a draft's file removed soon."""
        ...

    def close(self) -> None:
        """Wait until all is written."""
        ...


class Drafts:
    """The drafts of one operator at one desk, by command and ticket (an empty reference for a new one).

    With a `folder` they outlive the console; `found` are those that an earlier one left, the oldest first. Where two
    consoles left one each for the same command and ticket, the older one comes back when the newer is sent.
    """

    def __init__(self, folder: DraftStorage | None = None, found: Iterable[StoredDraft] = ()) -> None:
        self._folder = folder
        self._stored: dict[tuple[str, str], list[StoredDraft]] = {}
        for stored in found:
            self._stored.setdefault((stored.verb, stored.ref), []).append(stored)

    def save(self, verb: str, ref: str, draft: Draft) -> None:
        """Keeps what was typed, in place of what was kept before."""
        pile = self._stored.setdefault((verb, ref), [])
        name = pile.pop().name if pile else uuid4().hex
        pile.append(StoredDraft(name, verb, ref, draft))
        if self._folder is not None:
            self._folder.write(pile[-1])

    def find(self, verb: str, ref: str) -> Draft | None:
        """What was typed and not sent."""
        pile = self._stored.get((verb, ref))
        return pile[-1].draft if pile else None

    def command_id(self, verb: str, ref: str) -> str | None:
        """The id for the command that a draft becomes, the same however often it is sent; None where none is kept."""
        pile = self._stored.get((verb, ref))
        return pile[-1].name if pile else None

    @property
    def unsent(self) -> list[tuple[str, str]]:
        """What is kept, by command and ticket; the oldest first."""
        return list(self._stored)

    @property
    def is_volatile(self) -> bool:
        """Whether what is kept would be lost by quitting."""
        return self._folder is None or self._folder.fault is not None

    def discard(self, verb: str, ref: str) -> None:
        """Forgets a draft: it was sent, or is not wanted."""
        pile = self._stored.get((verb, ref))
        if not pile:
            return
        dropped = pile.pop()
        if not pile:
            del self._stored[verb, ref]
        if self._folder is not None:
            self._folder.remove(dropped.name)

    def close(self) -> None:
        """Sees what is kept safely written, and leaves it to the next console. Blocks for a moment."""
        if self._folder is not None:
            self._folder.close()
