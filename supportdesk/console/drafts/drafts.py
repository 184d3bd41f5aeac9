"""What was typed into forms and not sent: offered again when the same form is opened for the same ticket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from supportdesk.console.drafts.folder import DraftFolder


@dataclass(frozen=True, slots=True)
class Draft:
    """What stood in a form, by field, and when it was left."""

    typed: dict[str, Any]
    left_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft with the command and the ticket that it is for.

    `name` is that of its file, and the id under which it is sent: one that was sent just before everything ended, and
    is offered again, cannot be carried out twice.
    """

    name: str
    verb: str
    ref: str
    draft: Draft


class UnreadableDraftError(ValueError):
    """It is no draft of ours, or not the whole of one."""


class Drafts:
    """The drafts of one operator at one desk, by command and ticket (an empty reference for a new one).

    With a `folder` they outlive the console; `found` are those that an earlier one left, the oldest first. Where two
    consoles left one each for the same command and ticket, the older one comes back when the newer is sent.
    """

    def __init__(self, folder: DraftFolder | None = None, found: Iterable[Kept] = ()) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, str], list[Kept]] = {}
        for kept in found:
            self._kept.setdefault((kept.verb, kept.ref), []).append(kept)

    def keep(self, verb: str, ref: str, draft: Draft) -> None:
        """Keeps what was typed, in place of what was kept before."""
        pile = self._kept.setdefault((verb, ref), [])
        name = pile.pop().name if pile else uuid4().hex
        pile.append(Kept(name, verb, ref, draft))
        if self._folder is not None:
            self._folder.write(pile[-1])

    def find(self, verb: str, ref: str) -> Draft | None:
        """What was typed and not sent."""
        pile = self._kept.get((verb, ref))
        return pile[-1].draft if pile else None

    def sent_as(self, verb: str, ref: str) -> str | None:
        """The id for the command that a draft becomes, the same however often it is sent; None where none is kept."""
        pile = self._kept.get((verb, ref))
        return pile[-1].name if pile else None

    @property
    def unsent(self) -> list[tuple[str, str]]:
        """What is kept, by command and ticket; the oldest first."""
        return list(self._kept)

    @property
    def end_with_the_console(self) -> bool:
        """Whether what is kept would be lost by quitting."""
        return self._folder is None or self._folder.fault is not None

    def drop(self, verb: str, ref: str) -> None:
        """Forgets a draft: it was sent, or is not wanted."""
        pile = self._kept.get((verb, ref))
        if not pile:
            return
        dropped = pile.pop()
        if not pile:
            del self._kept[verb, ref]
        if self._folder is not None:
            self._folder.remove(dropped.name)

    def close(self) -> None:
        """Sees what is kept safely written, and leaves it to the next console. Blocks for a moment."""
        if self._folder is not None:
            self._folder.close()
