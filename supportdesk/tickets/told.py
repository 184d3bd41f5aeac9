"""Who was told of a ticket: every page that went out, and whether a person answered it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import UNSET

from supportdesk.tickets.events import Event, PageAcknowledged, Paged, TakenBack


@dataclass(frozen=True, slots=True)
class Told:
    """A page to a person: `name` and `telephone` as they were then, both empty where nobody held the duty.

    `by` is the name of whoever acknowledged it; `is_last` is False for one after which somebody else was told.
    """

    at: datetime
    name: str
    telephone: str
    why: str
    by: str | None = None
    acknowledged_at: datetime | None = None
    is_last: bool = True


def who_was_told(
    history: Iterable[tuple[Event, datetime, str]], name: Callable[[str], str]
) -> tuple[Told, ...]:
    """The pages in a history of (event, instant, actor), oldest first.

    An answer is to the last one, and no answer once it is taken back.
    """
    pages: list[Told] = []
    for event, at, actor in history:
        if isinstance(event, Paged):
            if pages:
                pages[-1] = replace(pages[-1], is_last=False)
            pages.append(Told(at, event.name, event.telephone, event.why))
        elif isinstance(event, PageAcknowledged) and pages:
            pages[-1] = replace(pages[-1], by=name(actor), acknowledged_at=at)
        elif isinstance(event, TakenBack) and event.was.page is not UNSET and pages:
            pages[-1] = replace(pages[-1], by=None, acknowledged_at=None)
    return tuple(pages)
