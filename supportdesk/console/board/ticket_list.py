"""Tickets one below the other, open and closed ones alike, each with what put it on the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import msgspec
from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from supportdesk.console.charts.blocks import fit
from supportdesk.console.keys.keymap import Scope, bindings
from supportdesk.console.queue.clock_cells import CLOCK_NAMES, STATE_WORDS
from supportdesk.console.queue.painter import ROLES
from supportdesk.console.terminal.symbols import Symbols, terminal_symbols
from supportdesk.console.text.names import short_name
from supportdesk.console.theme.dim import dimmed
from supportdesk.reports.figure import Item
from supportdesk.sla.clocks import (
    BREACHED_EARLIER,
    ClockProjection,
    Kind,
    breached_earlier,
    instant,
    state_at,
)
from supportdesk.sla.formatting import near_time
from supportdesk.sla.policy import Policy

if TYPE_CHECKING:
    from textual.binding import BindingType

    from supportdesk.store.read_models import QueueRow

_AT, _WORD, _REF, _STATE, _SEVERITY, _ORGANISATION, _OWNER = 13, 9, 10, 18, 14, 18, 8
_GAP = 2
_ROOMY = 120
"""From which width on a line has all columns; on a narrower one the title and the ticket itself tell the rest."""


class TicketListData(msgspec.Struct, frozen=True):
    """The items of a list with their tickets, and what their severities and times are told by."""

    items: Sequence[Item]
    rows: Mapping[str, QueueRow]
    policy: Policy
    when: str
    zone: str
    now: int


class TicketList(ScrollView, can_focus=True):
    """Draws the visible lines; the cursor stays on its item."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.LIST)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"lines--{role}"
        for role in ("text", "quiet", "faint", "mark", "cursor", "due-soon", "at-risk", "breached")
    }

    class Opened(Message):
        """The ticket under the cursor is to be opened."""

        def __init__(self, ref: str) -> None:
            super().__init__()
            self.ref = ref

    def __init__(self) -> None:
        super().__init__()
        self._listed: TicketListData | None = None
        self._cursor = 0
        self._signs = terminal_symbols()
        self.stale = False

    def show(self, listed: TicketListData) -> None:
        """Shows a list; the cursor stays on its item, or where that was."""
        before = self._item
        self._listed = listed
        if before in listed.items:
            self._cursor = listed.items.index(before)
        self._cursor = max(0, min(self._cursor, len(listed.items) - 1))
        self.virtual_size = Size(0, len(listed.items))
        self._seen()

    @property
    def _item(self) -> Item | None:
        items = self._listed.items if self._listed is not None else ()
        return items[self._cursor] if self._cursor < len(items) else None

    def action_move(self, by: int) -> None:
        """Moves the cursor by lines."""
        if self._listed is not None:
            self._cursor = max(0, min(self._cursor + by, len(self._listed.items) - 1))
            self._seen()

    def action_page(self, way: int) -> None:
        """Moves the cursor by pages."""
        self.action_move(way * max(1, self.size.height - 1))

    def action_top(self) -> None:
        """Puts the cursor on the first line."""
        self.action_move(-self._cursor)

    def action_bottom(self) -> None:
        """Puts the cursor on the last line."""
        if self._listed is not None:
            self.action_move(len(self._listed.items))

    def action_open(self) -> None:
        """Opens the ticket."""
        if self._item is not None:
            self.post_message(self.Opened(self._item.ref))

    def on_click(self, event: Click) -> None:
        """A click puts the cursor there; a second one opens the ticket."""
        if self._listed is not None and event.y + self.scroll_offset.y < len(self._listed.items):
            self._cursor = event.y + self.scroll_offset.y
            self._seen()
            if event.chain > 1:
                self.action_open()

    def _seen(self) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False, force=True)
        elif height and self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False, force=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One visible line."""
        listed, place, width = self._listed, y + self.scroll_offset.y, self.size.width
        if listed is None or place >= len(listed.items):
            return Strip.blank(width, self._look("text"))
        item = listed.items[place]
        cursor = place == self._cursor
        ground = self._look("cursor") if cursor else Style()
        parts = [("mark", self._signs.cursor if cursor else " "), *_cells(item, listed, width, self._signs)]
        drawn = [Segment(text, self._style(role) + Style(bgcolor=ground.bgcolor)) for role, text in parts]
        return Strip(drawn).adjust_cell_length(width, self._look("text") + Style(bgcolor=ground.bgcolor))

    def _style(self, role: str) -> Style:
        style = self._look(role)
        return dimmed(style, self._look("text")) if self.stale else style

    def _look(self, role: str) -> Style:
        ground = self.get_component_rich_style("lines--text")
        return (
            ground
            if role == "text"
            else ground + self.get_component_rich_style(f"lines--{role}", partial=True)
        )


def _cells(item: Item, listed: TicketListData, width: int, signs: Symbols) -> list[tuple[str, str]]:
    """The cells of a line with their roles."""
    row = listed.rows[item.ref]
    role, state = _state_of(row, item.kind, listed.now, signs)
    at = near_time(instant(item.at), listed.zone, instant(listed.now)).rsplit(" ", 1)[0]
    cells = [("quiet", at, _AT), ("text", row.ref, _REF), (role, state, _STATE)]
    if width >= _ROOMY:
        named = (each.name for each in listed.policy.severities if each.key == row.severity)
        cells.insert(0, ("faint", listed.when, _WORD))
        cells.append(("quiet", next(named, row.severity), _SEVERITY))
        cells.append(("quiet", row.organisation, _ORGANISATION))
    taken = sum(room + _GAP for *_, room in cells) + _OWNER + _GAP
    cells += [("text", row.summary, max(0, width - 2 - taken)), ("quiet", _owner(row), _OWNER)]
    return [(role, fit(text, room) + " " * _GAP) for role, text, room in cells]


def _owner(row: QueueRow) -> str:
    return short_name(row.owner_name) if row.owner_name else "no owner"


def _state_of(row: QueueRow, kind: Kind | None, now: int, signs: Symbols) -> tuple[str, str]:
    """The role and the words for where a ticket, or one of its clocks, stands."""
    course = _course(row, kind)
    state = state_at(course, now)
    told = f"{CLOCK_NAMES[course.kind]} {STATE_WORDS.get(state, 'running')}"
    if breached_earlier(course, now):
        told = BREACHED_EARLIER
    if kind is None and not row.is_open:
        told = row.stage
    return ROLES[state] if ROLES[state] != "text" else "quiet", f"{signs.of(state)} {told}"


def _course(row: QueueRow, kind: Kind | None) -> ClockProjection:
    if kind is None:
        return row.lead
    return row.response if kind is Kind.RESPONSE else row.resolution
