"""The base of all events."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import msgspec

from supportdesk.tickets.events.phrase import KEYS, Names, Phrase


def not_counted(reason: str) -> str:
    """Return what is added where a contact with the customer was not the response; empty without a reason (rule 3)."""
    return f", not counted as the response ({reason})" if reason else ""


class Event(msgspec.Struct, frozen=True, tag_field="event", omit_defaults=True):
    """Base of all events. `personal` names the fields that hold a person's words or details."""

    personal: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def phrase(self) -> Phrase:
        """Return the description of the event in parts."""

    def named_phrase(self, _names: Names) -> Phrase:
        """Return the description with names instead of the keys of staff, severities, channels and teams."""
        return self.phrase()

    def sentence(self, names: Names = KEYS) -> str:
        """Return the event's line on the timeline, without the actor, whose name is shown before it."""
        return self.named_phrase(names).sentence
