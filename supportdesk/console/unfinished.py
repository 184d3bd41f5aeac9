"""What was typed and cut off, or left, before it was sent: said when the console starts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from supportdesk.console.drafts import Draft, Drafts
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
    called = _ABOUT_NO_TICKET.get(verb)
    who = ", ".join(_names(draft))
    what = f"{called}{f' ({who})' if who else ''}" if called else f"{verb.replace('-', ' ')} to {ref}"
    key = _key(verb, keys) + ("" if called else " on it")
    more = f" ({len(kept) - 1} more)" if len(kept) > 1 else ""
    return f"An unfinished {what} from {near_time(draft.left_at, zone, now)}: {key} brings it back{more}"


def _names(draft: Draft) -> Iterable[str]:
    """Who it is about, as far as somebody was taken."""
    for field in ("contact", "organisation"):
        taken: Any = draft.typed.get(field)
        if isinstance(taken, tuple) and len(taken) == 2 and taken[1] is not None:
            yield taken[1].name


def _key(verb: str, keys: Sequence[Key]) -> str:
    """The key that opens the form; without one of its own, the one that opens a call."""
    for key in keys:
        if verb in key.verbs or f"visit('{verb}')" in key.action:
            return written(key.keys)
    return "n"
