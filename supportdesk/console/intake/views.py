"""The views of the intake: what waits, everything, and each state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from supportdesk.console.keys.refusal_text import bound_key
from supportdesk.tickets.incoming_message import MAIL_WAITS, OF_VOICEMAILS, IncomingMessage, MessageState

if TYPE_CHECKING:
    from supportdesk.console.keys.key import Key

Counts = Mapping[MessageState, int]
"""How many messages are in each state, in all mailboxes; without the states in which there are none."""


class IntakeView(msgspec.Struct, frozen=True):
    """A view by its name; `states` are those of its messages, empty for all of them."""

    name: str
    states: tuple[MessageState, ...] = ()

    def count(self, counts: Counts) -> int:
        """Return how many messages the view has."""
        return sum(counts.get(each, 0) for each in self.states or MessageState)


WAITING = IntakeView("Waiting", tuple(each for each in MessageState if each in MAIL_WAITS))
VOICEMAIL = IntakeView("Voicemail", tuple(each for each in MessageState if each in OF_VOICEMAILS))
"""The voicemails and missed calls that are above the queue, and those that were dismissed."""
VIEWS = (
    WAITING,
    IntakeView("All"),
    *(IntakeView(each.capitalize(), (each,)) for each in MessageState if each not in OF_VOICEMAILS),
    VOICEMAIL,
)
"""Every view, in the order of the tabs. All but the first have what the second has, each message once."""

NOTHING = "Nothing has arrived."
_EMPTY = {
    WAITING: "No message waits for a decision.",
    VOICEMAIL: "No voicemail waits, and none was dismissed.",
}


def sum_counts(by_mailbox: Mapping[str, Counts]) -> Counts:
    """Return how many messages are in each state, whichever mailbox they arrived in."""
    sums: dict[MessageState, int] = {}
    for counts in by_mailbox.values():
        for state, count in counts.items():
            sums[state] = sums.get(state, 0) + count
    return sums


def describe_empty(view: IntakeView, counts: Counts) -> str:
    """Return why a view has no messages, where nothing is looked for."""
    if not any(counts.values()):
        return NOTHING
    return _EMPTY.get(view, f"No message has the state {view.name.lower()}.")


def is_voicemail_to_settle(message: IncomingMessage) -> bool:
    """Return whether a message is a voicemail or a missed call that waits, which has a dialog of its own."""
    return message.voicemail is not None and not message.is_settled


def why_settled(message: IncomingMessage, keys: Sequence[Key]) -> str:
    """Return why nothing is left to decide about a message here; empty for one that waits."""
    if is_voicemail_to_settle(message):
        return f"This is a voicemail: {bound_key('intake.open', keys)} opens it, to play and to settle it."
    if message.is_settled:
        if message.ref is not None:
            return f"It is on {message.ref} already."
        if message.state is MessageState.REFUSED:
            return "It was refused already."
        return f"Its state is {message.state}: only messages in quarantine or set aside wait for a decision."
    return ""
