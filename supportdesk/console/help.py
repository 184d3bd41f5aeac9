"""What the help says of each key that works here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supportdesk.console.key_names import written_all
from supportdesk.console.keymap import KEYS, Key, Place
from supportdesk.console.screens.help import HelpEntry
from supportdesk.tickets.decide import COMMANDS, unavailable
from supportdesk.tickets.permissions import not_permitted
from supportdesk.tickets.ticket import Stage

if TYPE_CHECKING:
    from supportdesk.console.session import Session
    from supportdesk.store.views import QueueRow
    from supportdesk.tickets.command import Command, Refusal


def entries(session: Session | None, place: Place, row: QueueRow | None) -> Iterator[HelpEntry]:
    """The keys that work while the focus is at `place`; `row` is the ticket that is looked at."""
    replaying = session is not None and session.replay is not None
    places = [place, Place.REPLAY, Place.DESK] if replaying else [place, Place.TICKET, Place.DESK]
    for wanted in places:
        for key in session.keys if session is not None else KEYS:
            if key.place is wanted and (key.verbs or key.help):
                yield _entry(key, session, row)


def title_of(key: Key) -> str:
    """What a key is called: by its command where it has one."""
    return " / ".join(COMMANDS[verb].title for verb in key.verbs) if key.verbs else ""


def text_of(key: Key) -> str:
    """What a key does, in a sentence."""
    return key.help or COMMANDS[key.verbs[0]].help_text()


def refusal_of(key: Key, session: Session | None, row: QueueRow | None) -> str:
    """Why a key does nothing now; empty where it does something."""
    if not key.verbs:
        return ""
    if session is None:
        return "the desk is not open yet"
    if session.refusal is not None:
        return session.refusal
    refusals = [_refusal(COMMANDS[verb], session, row) for verb in key.verbs]
    return next((refusal.reason for refusal in refusals if refusal), "") if all(refusals) else ""


def _refusal(command: type[Command], session: Session, row: QueueRow | None) -> Refusal | None:
    assert session.person is not None, "who is not on the staff is refused everything"
    return not_permitted(command, session.person, session.roster.staff) or unavailable(
        command, Stage(row.stage) if row else None
    )


def _entry(key: Key, session: Session | None, row: QueueRow | None) -> HelpEntry:
    return HelpEntry(
        place=key.place.value,
        key=written_all(key.keys),
        title=title_of(key),
        text=text_of(key),
        refused=refusal_of(key, session, row),
    )
