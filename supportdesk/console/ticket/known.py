"""What the console knows of the ticket that is looked at, which may be no more than its row in the queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from textual.content import Content
from textual.style import Style

from supportdesk.console.signs import Signs
from supportdesk.sla.clocks import Kind
from supportdesk.sla.explain import Explanation
from supportdesk.sla.policy import Policy
from supportdesk.store.views import QueueRow, TicketView

Look = Callable[[str], Style]
"""The style of a role: text, strong, quiet, faint, due-soon, at-risk, breached, met, tab."""


@dataclass(frozen=True, slots=True)
class Known:
    """A ticket as far as it has been read. `policy` is the version that it keeps.

    `view` is None until the timeline has come, `explanations` is empty until they have; `neighbours` are the other
    open tickets of its organisation, worked out when they are asked for; `names` are the staff's, by username.
    """

    row: QueueRow
    policy: Policy
    view: TicketView | None = None
    explanations: Mapping[Kind, Explanation] = field(default_factory=dict)
    neighbours: Callable[[], Sequence[QueueRow]] = tuple
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, username: str | None) -> str:
        """The name of a member of staff."""
        return self.names.get(username, username) if username else "nobody"


@dataclass(frozen=True, slots=True)
class Paper:
    """What a text is written on: its width in cells, the looks, the signs, and the present in epoch seconds."""

    width: int
    look: Look
    signs: Signs
    now: int

    def wrapped(self, text: Content, *, indent: int = 0, first: Content | None = None) -> list[Content]:
        """A text in lines of the width. Every line begins with an indent; `first` stands in that of the first."""
        lines = text.wrap(max(8, self.width - indent)) or [Content()]
        lead = (first or Content()).pad_right(max(0, indent - (first.cell_length if first else 0)))
        return [lead + lines[0], *(line.pad_left(indent) for line in lines[1:])]

    def spread(self, left: Content, right: Content) -> list[Content]:
        """Two texts at both ends of a line; on lines of their own where they do not fit beside each other."""
        gap = self.width - left.cell_length - right.cell_length
        if gap < 2:
            return [*self.wrapped(left), *self.wrapped(right)]
        return [left.pad_right(gap) + right]
