"""A notice for each draft left by earlier consoles, shown when the console starts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from supportdesk.console.drafts.draft import SEVERAL_TICKETS, Draft
from supportdesk.console.drafts.drafts import Drafts
from supportdesk.console.widgets.notice import Notice, Rank
from supportdesk.sla.formatting import near_time
from supportdesk.tickets.command_places import COMMAND_PLACES

INTAKE = "intake"
"""The verb of the drafts of decisions on messages that arrived, and the destination that opens their forms."""

VOICEMAIL = "voicemail"
"""The verb of the drafts of decisions on voicemails, and the destination that opens their dialog."""

_ABOUT_NO_TICKET = {
    "call": "call",
    "log": "request",
    "directory": "record",
    INTAKE: "decision on a message",
    VOICEMAIL: "decision on a voicemail",
}
"""The names of the forms that are about no ticket, by the destination that opens them."""

UNFINISHED_CALL = "unfinished call"
"""The destination that opens the form of an unfinished call by the key of its draft."""

UNFINISHED_RECORD = "unfinished record"
"""The destination that opens the form of an unfinished record by the reference of its draft."""

_FORMS = {
    "article": "link to an article",
    "assign": "assignment",
    "called": "call record",
    "contacted": "account manager's contact",
    "correct-time": "correction of the time",
    "customer-message": "customer's message",
    "duplicate": "closing as duplicate",
    "escalate": "escalation",
    "fix": "fix date",
    "handback": "hand-back",
    "handover": "handover",
    "move-policy": "move to another policy",
    "resolve": "resolution",
    "send-article": "article to send",
    "severity": "change of severity",
    "wait": "hold",
}
"""What a form about a ticket is for, by the command's verb, where the verb is not a noun."""

_RECORDS = {"Organisation": "customer", "Member of staff": "member of staff", "Rota": "rotation"}
"""The names of records, by the title of the command that saves them, where they differ in more than the capital."""


def draft_reminders(drafts: Drafts, zone: str, now: datetime) -> list[Notice]:
    """Return a notice for each draft, the newest first; the notice's key opens the form again."""
    stored = [
        (draft, verb, ref) for verb, ref in drafts.unsent if (draft := drafts.find(verb, ref)) is not None
    ]
    stored.sort(key=lambda each: each[0].left_at, reverse=True)
    return [_notice(draft, verb, ref, near_time(draft.left_at, zone, now)) for draft, verb, ref in stored]


def _notice(draft: Draft, verb: str, ref: str, saved: str) -> Notice:
    form = _ABOUT_NO_TICKET.get(verb) or _FORMS.get(verb, verb)
    if ref == SEVERAL_TICKETS:
        text = f"Unfinished {form} for several tickets, saved {saved}: mark tickets to continue it"
        return Notice(f"draft {verb} {ref}", text, Rank.DRAFT)
    if ref and verb not in _ABOUT_NO_TICKET:
        if verb not in COMMAND_PLACES:
            text = f"{ref}: unfinished {form}, saved {saved}: continue it in a newer version of supportdesk"
            return Notice(f"draft {verb} {ref}", text, Rank.DRAFT, ref)
        return Notice(
            f"draft {verb} {ref}",
            f"{ref}: unfinished {form}, saved {saved}",
            Rank.DRAFT,
            ref,
            verb,
            "continue",
        )
    who = ", ".join(_names(draft))
    if verb == "directory":
        return Notice(
            f"draft {verb} {ref}",
            f"Unfinished {_record(draft, ref)}, saved {saved}",
            Rank.DRAFT,
            verb=UNFINISHED_RECORD,
            action="continue",
            target=ref,
        )
    text = f"Unfinished {form}, saved {saved}{f' ({who})' if who else ''}"
    place = verb if verb in _ABOUT_NO_TICKET else "call"
    if verb == "call":
        place = UNFINISHED_CALL
    return Notice(f"draft {verb} {ref}", text, Rank.DRAFT, verb=place, action="continue", target=ref)


def _record(draft: Draft, ref: str) -> str:
    """Return the type of a record, with the name typed so far, or else its key: `member of staff: Anna Lee`."""
    title = next((each for each in _RECORDS if ref.startswith(each)), ref.partition(" ")[0])
    name = draft.typed.get("name") or draft.typed.get("title") or ref.removeprefix(title).strip()
    noun = _RECORDS.get(title, title.lower())
    return f"{noun}: {name}" if isinstance(name, str) and name.strip() else noun


def _names(draft: Draft) -> Iterable[str]:
    """Yield the names of the contact and the customer, as far as they were chosen."""
    for field in ("contact", "organisation"):
        taken: Any = draft.typed.get(field)
        if isinstance(taken, tuple) and len(taken) == 2 and hasattr(taken[1], "name"):
            yield str(taken[1].name)
