"""What the console knows of the ticket that is looked at, which may be no more than its row in the queue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import msgspec
from textual.content import Content
from textual.style import Style

from supportdesk.console.keys.keymap import KEYS, Key
from supportdesk.console.keys.names import display
from supportdesk.console.terminal.symbols import Symbols
from supportdesk.settings.settings import DEFAULTS, Settings
from supportdesk.sla.clocks import Kind
from supportdesk.sla.explain import Explanation
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import QueueRow, TicketView
from supportdesk.tickets.documents import Person

StyleFor = Callable[[str], Style]
"""The style of a role: text, strong, quiet, faint, due-soon, at-risk, breached, met, tab."""
LABEL = 11
"""How wide the labels at the left of a page are."""
_UNBROKEN = re.compile(r"\d:\d\d [A-Z]{2,5}\b|\+\d[\d ]{,20}\d")
"""A time with its zone, a telephone number."""
_JOINT = "\ue000"
"""Stands for a blank at which no line is broken."""


class TicketContext(msgspec.Struct, frozen=True):
    """A ticket as far as it has been read. `policy` is the version that it keeps.

    `view` is None until the timeline has come, `explanations` is empty until they have; `neighbours` are the other
    open tickets of its organisation, worked out when they are asked for; `staff` are the desk's people, by username;
    `keys` are the operator's.
    """

    row: QueueRow
    policy: Policy
    view: TicketView | None = None
    explanations: Mapping[Kind, Explanation] = msgspec.field(default_factory=dict)
    neighbours: Callable[[], Sequence[QueueRow]] = tuple
    staff: Mapping[str, Person] = msgspec.field(default_factory=dict)
    settings: Settings = DEFAULTS
    keys: Sequence[Key] = KEYS

    @property
    def zone(self) -> str:
        """The zone in which times are shown."""
        return self.settings.zone(self.policy.timezone)

    def key(self, verb: str) -> str:
        """The key of a ticket command, as it is written."""
        return next(display(key.keys) for key in self.keys if verb in key.verbs)

    def name(self, username: str | None) -> str:
        """The name of a member of staff."""
        person = self.staff.get(username or "")
        return person.name if person else username or "nobody"


class PageCanvas(msgspec.Struct, frozen=True):
    """What a text is written on: its size in cells, the looks, the signs, and the present in epoch seconds."""

    width: int
    height: int
    look: StyleFor
    signs: Symbols
    now: int

    def wrapped(self, text: Content, *, indent: int = 0, first: Content | None = None) -> list[Content]:
        """A text in lines of the width. Every line begins with an indent; `first` stands in that of the first.

        A time and its zone stay on one line, as does a telephone number.
        """
        lines = _unbroken(text, max(8, self.width - indent)) or [Content()]
        lead = (first or Content()).pad_right(max(0, indent - (first.cell_length if first else 0)))
        return [lead + lines[0], *(line.pad_left(indent) for line in lines[1:])]

    def labelled(self, label: str, text: Content, *, most: int = 0) -> list[Content]:
        """A text behind its label. Of more than `most` lines, unless that is 0, the rest is left out, visibly."""
        lines = self.wrapped(text, indent=LABEL, first=Content.styled(label, self.look("quiet")))
        if not most or len(lines) <= most:
            return lines
        last = lines[most - 1]
        room = last.plain.rfind(" ", 0, self.width - 1)
        more = Content.styled(f" {self.signs.ellipsis}", self.look("faint"))
        return [
            *lines[: most - 1],
            (last[:room] if last.cell_length > self.width - 2 else last.rstrip()) + more,
        ]

    def justify(self, left: Content, right: Content) -> list[Content]:
        """Two texts at both ends of a line; on lines of their own where they do not fit beside each other."""
        gap = self.width - left.cell_length - right.cell_length
        if gap < 2:
            return [*self.wrapped(left), *self.wrapped(right)]
        return [left.pad_right(gap) + right]


def _unbroken(text: Content, width: int) -> list[Content]:
    """The text in lines, none of which ends within what belongs together."""
    if len(text) <= width or not _UNBROKEN.search(text.plain):
        return text.wrap(width)
    joined = Content(_UNBROKEN.sub(_joined, text.plain), list(text.spans))
    return [Content(line.plain.replace(_JOINT, " "), list(line.spans)) for line in joined.wrap(width)]


def _joined(match: re.Match[str]) -> str:
    return match.group().replace(" ", _JOINT)
