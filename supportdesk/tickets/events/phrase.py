"""The description of an event in parts, so that every surface can word it for its readers."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

from supportdesk.sla.formatting import utc_time


class Names(Protocol):
    """Returns the names that belong to the keys in an event; an unknown key as it is."""

    def name(self, username: str | None) -> str:
        """Return the name of a member of staff."""
        ...

    def policy_name(self, kind: str, key: str) -> str:
        """Return the name of a `kind` of the policy's parts: `severities`, `channels` or `teams`."""
        ...

    def local_time(self, at: datetime) -> str:
        """Return an instant in the desk's time zone: `24 Nov 2026 09:42 GMT`."""
        ...


class _Keys:
    """Names nothing and knows no zone: every key is returned as it is, and every time in UTC."""

    def name(self, username: str | None) -> str:
        return username or ""

    def policy_name(self, _kind: str, key: str) -> str:
        return key

    def local_time(self, at: datetime) -> str:
        return utc_time(at)


KEYS: Names = _Keys()


class Phrase(msgspec.Struct, frozen=True):
    """A statement about a ticket: an actor did something.

    `verb` is in the past tense; each of the `objects` includes its preposition: `replied`, `to the customer`. `actor`
    is a name, where the actor is not the event's. `text` is what a person wrote, or the reason; it may have several
    lines. `remark` follows the text. `heading` is the short form of the clause for the timeline, if there is one.
    """

    verb: str
    objects: tuple[str, ...] = ()
    text: str = ""
    actor: str = ""
    remark: str = ""
    heading: str = ""

    @property
    def clause(self) -> str:
        """What was done, without the actor and without the text: `replied to the customer`."""
        return " ".join((self.verb, *self.objects))

    @property
    def sentence(self) -> str:
        """The line on the timeline, after the name of the event's actor: `to customer: It works again.`"""
        heading = self.heading or " ".join(filter(None, (self.actor, self.clause)))
        return f"{heading}: {self.text}{self.remark}" if self.text else f"{heading}{self.remark}"
