"""What every event is: a fact with a name in the ledger and a line on the timeline."""

from __future__ import annotations

from typing import ClassVar

import msgspec


def uncounted(reason: str) -> str:
    """What a sentence adds where the customer was contacted without a response; nothing without a reason."""
    return f", not counted as the response ({reason})" if reason else ""


class Event(msgspec.Struct, frozen=True, tag_field="event", omit_defaults=True):
    """Base of all events. `personal` names the fields that hold a person's words or details."""

    personal: ClassVar[tuple[str, ...]] = ()

    def sentence(self) -> str:
        """What happened, as the timeline tells it after the actor's name."""
        raise NotImplementedError
