"""What was typed and cut off, or left, before it was sent: said when the console starts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from supportdesk.console.drafts.drafts import Draft, Drafts
from supportdesk.console.key_names import written
from supportdesk.console.keymap import Key
from supportdesk.sla.words import near_time

_ABOUT_NO_TICKET = {"call": "call", "log": "request", "directory": "record"}
"""What the forms that are about no ticket are called."""


def unfinished(drafts: Drafts, keys: Sequence[Key], zone: str, now: datetime) -> str:
    """The draft that was left last, in a sentence with the key that brings it back; empty where there is none."""
    kept = [
        (draft, verb, ref) for verb, ref in drafts.unsent if (draft := drafts.find(verb, ref)) is not None
    ]
    if not kept:
        return ""
    draft, verb, ref = max(kept, key=lambda each: each[0].left_at)
    key, left = _key(verb, keys), near_time(draft.left_at, zone, now)
    called = _ABOUT_NO_TICKET.get(verb)
    who = ", ".join(_names(draft))
    # The key first: where there is little room, the end is cut.
    told = (
        f"{key} brings back the unfinished {called} from {left}{f' ({who})' if who else ''}"
        if called
        else f"{key} on {ref} brings back the unfinished {verb.replace('-', ' ')} from {left}"
    )
    return f"{told}; {len(kept) - 1} more" if len(kept) > 1 else told


def _names(draft: Draft) -> Iterable[str]:
    """Who it is about, as far as somebody was taken."""
    for field in ("contact", "organisation"):
        taken: Any = draft.typed.get(field)
        if isinstance(taken, tuple) and len(taken) == 2 and hasattr(taken[1], "name"):
            yield str(taken[1].name)


def _key(verb: str, keys: Sequence[Key]) -> str:
    """The key that opens the form; without one of its own, the one that opens a call."""
    for key in keys:
        if verb in key.verbs or f"visit('{verb}')" in key.action:
            return written(key.keys)
    return "n"
