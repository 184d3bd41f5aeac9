"""Events that correct others: a text cut, a command undone, a time corrected."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from supportdesk.sla.clocks import Basis, Verdict
from supportdesk.tickets.events.event import Event
from supportdesk.tickets.events.phrase import KEYS, Names, Phrase
from supportdesk.tickets.ticket import LaterResponse, Page, ResolvedPeriod, WaitPeriod
from supportdesk.tickets.undo_state import PreviousValues


class TextCut(Event, frozen=True, tag="text cut"):
    """A text was over its limit of characters; the original is kept under this digest, and exported."""

    field: str
    length: int
    kept: int
    digest: str

    def phrase(self) -> Phrase:
        objects = (
            self.field,
            f"to {self.kept:,} of {self.length:,} characters; the rest is in exports of the desk only",
        )
        return Phrase("cut", objects, heading=f"{objects[0]} cut {objects[1]}")


class Undone(Event, frozen=True, tag="taken back"):
    """The actor undid their last command: `deed` describes it without personal words, `was` restores the ticket."""

    deed: str
    was: PreviousValues

    def phrase(self) -> Phrase:
        return Phrase("undid", (f"the last action: {self.deed}",))


class CorrectedTimes(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ticket's fields, as in `Ticket`, that a wrong clock had dated, with their right times; the others are unset."""

    received_at: datetime | UnsetType = UNSET
    logged_at: datetime | UnsetType = UNSET
    owned_since: datetime | UnsetType | None = UNSET
    response: Basis | UnsetType = UNSET
    resolution: Basis | UnsetType = UNSET
    response_verdict: Verdict | UnsetType | None = UNSET
    resolution_verdict: Verdict | UnsetType | None = UNSET
    first_resolution: Verdict | UnsetType | None = UNSET
    first_basis: Basis | UnsetType | None = UNSET
    last_reply_at: datetime | UnsetType | None = UNSET
    waits: tuple[WaitPeriod, ...] | UnsetType = UNSET
    stood: tuple[ResolvedPeriod, ...] | UnsetType = UNSET
    page: Page | UnsetType | None = UNSET
    earlier_pages: tuple[Page, ...] | UnsetType = UNSET
    account_manager_at: datetime | UnsetType | None = UNSET
    resolved_at: datetime | UnsetType | None = UNSET
    later_responses: tuple[LaterResponse, ...] | UnsetType = UNSET


class TimeCorrected(Event, frozen=True, tag="time corrected"):
    """What a wrong clock had dated `was`, in the future, happened at `right`.

    `times` are the ticket's fields as they are with it; the earlier events stay as they were written.
    """

    was: datetime
    right: datetime
    reason: str
    times: CorrectedTimes

    def phrase(self) -> Phrase:
        return self.named_phrase(KEYS)

    def named_phrase(self, names: Names) -> Phrase:
        was, right = names.local_time(self.was), names.local_time(self.right)
        return Phrase("corrected", (f"the time {was}", f"to {right}"), self.reason)
