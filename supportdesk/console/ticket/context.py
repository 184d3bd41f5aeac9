"""The data of the ticket that is shown, which may be no more than its row in the queue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
from textual.content import Content
from textual.style import Style

from supportdesk.console.keys.key import Key
from supportdesk.console.keys.keymap import KEYS
from supportdesk.console.keys.names import display
from supportdesk.console.terminal.symbols import Symbols
from supportdesk.settings.settings import DEFAULTS, Settings
from supportdesk.sla.clocks import ClockKind
from supportdesk.sla.explain import Explanation
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import QueueRow, TicketView
from supportdesk.tickets.documents import Person

if TYPE_CHECKING:
    from supportdesk.tickets.escalation.explanation import EscalationExplanation

StyleFor = Callable[[str], Style]
"""The style of a name: text, strong, quiet, faint, due-soon, at-risk, breached, met, tab."""
LABEL = 11
"""The width in cells of the labels at the left of a page."""
_UNBROKEN = re.compile(r"\d:\d\d [A-Z]{2,5}\b|\+\d[\d ]{,20}\d")
"""Matches a time with its zone, and a telephone number: no line is broken inside them."""
_JOINT = "\ue000"
"""Replaces a blank at which no line is broken."""


class TicketContext(msgspec.Struct, frozen=True):
    """A ticket as far as it has been read. `policy` is the version that applies to it.

    `view` is None until the timeline is loaded, `explanations` empty until they are. `escalation` is that of a
    ticket that is not closed, as of when it was loaded. `neighbours` returns the other
    open tickets of the customer. `staff` are the members of staff by username, `keys` those of the
    operator, none where nothing can be changed.
    """

    row: QueueRow
    policy: Policy
    view: TicketView | None = None
    explanations: Mapping[ClockKind, Explanation] = msgspec.field(default_factory=dict)
    escalation: EscalationExplanation | None = None
    neighbours: Callable[[], Sequence[QueueRow]] = tuple
    staff: Mapping[str, Person] = msgspec.field(default_factory=dict)
    settings: Settings = DEFAULTS
    keys: Sequence[Key] = KEYS

    @property
    def zone(self) -> str:
        """The time zone in which times are shown."""
        return self.settings.zone(self.policy.timezone)

    def key(self, verb: str) -> str:
        """Return the key of a ticket command as it is displayed; empty where nothing can be changed."""
        return next((display(key.keys) for key in self.keys if verb in key.verbs), "")

    def key_hint(self, verb: str) -> str:
        """Return the key of a ticket command after its name: ` (o)`; empty where nothing can be changed."""
        key = self.key(verb)
        return f" ({key})" if key else ""

    def name(self, username: str | None) -> str:
        """Return the name of a member of staff; the username if unknown, `nobody` for None."""
        person = self.staff.get(username or "")
        return person.name if person else username or "nobody"


class PageCanvas(msgspec.Struct, frozen=True):
    """What lines are drawn on: its size in cells, the styles, the symbols, and the present in epoch seconds.

    `unfolded` says whether attempts to send are shown with all that is known of them, and messages with what they
    quote.
    """

    width: int
    height: int
    style: StyleFor
    symbols: Symbols
    now: int
    unfolded: bool = False

    def wrapped(self, text: Content, *, indent: int = 0, first: Content | None = None) -> list[Content]:
        """Return a text wrapped to the width, with `indent` cells before each line; `first` is in the first indent.

        A time and its zone stay on one line, as does a telephone number.
        """
        lines = _unbroken(text, max(8, self.width - indent)) or [Content()]
        lead = (first or Content()).pad_right(max(0, indent - (first.cell_length if first else 0)))
        return [lead + lines[0], *(line.pad_left(indent) for line in lines[1:])]

    def labelled(self, label: str, text: Content, *, most: int = 0) -> list[Content]:
        """Return a text with its label, in at most `most` lines: a longer one ends with an ellipsis. 0 is no limit."""
        lines = self.wrapped(text, indent=LABEL, first=Content.styled(label, self.style("quiet")))
        if not most or len(lines) <= most:
            return lines
        last = lines[most - 1]
        room = last.plain.rfind(" ", 0, self.width - 1)
        more = Content.styled(f" {self.symbols.ellipsis}", self.style("faint"))
        return [
            *lines[: most - 1],
            (last[:room] if last.cell_length > self.width - 2 else last.rstrip()) + more,
        ]

    def justify(self, left: Content, right: Content) -> list[Content]:
        """Return two texts at both ends of a line, or on separate lines if they do not fit."""
        gap = self.width - left.cell_length - right.cell_length
        if gap < 2:
            return [*self.wrapped(left), *self.wrapped(right)]
        return [left.pad_right(gap) + right]


def _unbroken(text: Content, width: int) -> list[Content]:
    """Return the text wrapped to `width`, without breaks inside a match of `_UNBROKEN`."""
    if len(text) <= width or not _UNBROKEN.search(text.plain):
        return text.wrap(width)
    joined = Content(_UNBROKEN.sub(_joined, text.plain), list(text.spans))
    return [Content(line.plain.replace(_JOINT, " "), list(line.spans)) for line in joined.wrap(width)]


def _joined(match: re.Match[str]) -> str:
    return match.group().replace(" ", _JOINT)
