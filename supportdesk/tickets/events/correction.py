"""What was done to what had been written or done: cut, or taken back."""

from __future__ import annotations

from supportdesk.tickets.events.event import Event
from supportdesk.tickets.former import Former


class TextCut(Event, frozen=True, tag="text cut"):
    """A text was longer than the desk keeps; the whole of it is kept as an attachment with this digest."""

    field: str
    length: int
    kept: int
    digest: str

    def sentence(self) -> str:
        return f"{self.field} cut to {self.kept:,} of {self.length:,} characters; the original is attached"


class TakenBack(Event, frozen=True, tag="taken back"):
    """Somebody took back what they had done last: `deed` says what, without words of a person, `was` puts it back."""

    deed: str
    was: Former

    def sentence(self) -> str:
        return f"took back: {self.deed}"
