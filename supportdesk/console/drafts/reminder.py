"""A notice for each draft left by earlier consoles, shown when the console starts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from supportdesk.console.drafts.draft import SEVERAL_TICKETS, Draft
from supportdesk.console.drafts.drafts import Drafts
from supportdesk.console.widgets.notice import Notice, Rank
from supportdesk.sla.formatting import near_time

_ABOUT_NO_TICKET = {"call": "call", "log": "request", "directory": "record"}
"""The names of the forms that are about no ticket, by the destination that opens them."""


def draft_reminders(drafts: Drafts, zone: str, now: datetime) -> list[Notice]:
    """Return a notice for each draft, the newest first; the notice's key opens the form again."""
    stored = [
        (draft, verb, ref) for verb, ref in drafts.unsent if (draft := drafts.find(verb, ref)) is not None
    ]
    stored.sort(key=lambda each: each[0].left_at, reverse=True)
    return [_notice(draft, verb, ref, near_time(draft.left_at, zone, now)) for draft, verb, ref in stored]


def _notice(draft: Draft, verb: str, ref: str, saved: str) -> Notice:
    form = _ABOUT_NO_TICKET.get(verb, verb.replace("-", " "))
    if ref == SEVERAL_TICKETS:
        text = f"Unfinished {form} form for several tickets, saved {saved}: mark tickets to continue it"
        return Notice(f"draft {verb} {ref}", text, Rank.DRAFT)
    if ref and verb not in _ABOUT_NO_TICKET:
        return Notice(
            f"draft {verb} {ref}",
            f"{ref}: unfinished {form} form, saved {saved}",
            Rank.DRAFT,
            ref,
            verb,
            "continue",
        )
    who = ", ".join(_names(draft))
    text = f"Unfinished {form}, saved {saved}{f' ({who})' if who else ''}"
    place = verb if verb in _ABOUT_NO_TICKET else "call"
    return Notice(f"draft {verb} {ref}", text, Rank.DRAFT, verb=place, action="continue")


def _names(draft: Draft) -> Iterable[str]:
    """Yield the names of the contact and the customer, as far as they were chosen."""
    for field in ("contact", "organisation"):
        taken: Any = draft.typed.get(field)
        if isinstance(taken, tuple) and len(taken) == 2 and hasattr(taken[1], "name"):
            yield str(taken[1].name)
