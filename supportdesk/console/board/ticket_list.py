"""A list of open and closed tickets, each with the event or clock that put it on the list."""

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
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.queue.clock_cells import CLOCK_NAMES, STATE_WORDS
from supportdesk.console.queue.painter import STATE_STYLES
from supportdesk.console.terminal.symbols import Symbols, terminal_symbols
from supportdesk.console.text.names import short_name
from supportdesk.console.theme.dim import dimmed
from supportdesk.reports.figure import Item
from supportdesk.sla.clocks import (
    BREACHED_EARLIER,
    ClockKind,
    ClockProjection,
    State,
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
"""The width in cells from which a line has all columns; the title and the ticket itself show the others."""


class TicketListData(msgspec.Struct, frozen=True):
    """The items of a list with their tickets by reference.

    `policy` names the severities, `when` says what happened at the instant of an item, `zone` is the time zone shown,
    `now` the present in epoch seconds.
    """

    items: Sequence[Item]
    rows: Mapping[str, QueueRow]
    policy: Policy
    when: str
    zone: str
    now: int


class TicketList(ScrollView, can_focus=True):
    """Draws the visible lines of a list; the cursor stays on its item when the list changes."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.LIST)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"lines--{style_name}"
        for style_name in ("text", "quiet", "faint", "mark", "cursor", "due-soon", "at-risk", "breached")
    }

    class Opened(Message):
        """The operator opened the ticket under the cursor."""

        def __init__(self, ref: str) -> None:
            super().__init__()
            self.ref = ref

    def __init__(self) -> None:
        super().__init__()
        self._data: TicketListData | None = None
        self._cursor = 0
        self._symbols = terminal_symbols()
        self.stale = False

    def show(self, data: TicketListData) -> None:
        """Show a list; the cursor stays on its item, or on the same line if the item is gone."""
        previous = self._item
        self._data = data
        if previous in data.items:
            self._cursor = data.items.index(previous)
        self._cursor = max(0, min(self._cursor, len(data.items) - 1))
        self.virtual_size = Size(0, len(data.items))
        self._scroll_to_cursor()

    @property
    def _item(self) -> Item | None:
        items = self._data.items if self._data is not None else ()
        return items[self._cursor] if self._cursor < len(items) else None

    def action_move(self, by: int) -> None:
        """Move the cursor by `by` lines."""
        if self._data is not None:
            self._cursor = max(0, min(self._cursor + by, len(self._data.items) - 1))
            self._scroll_to_cursor()

    def action_page(self, by: int) -> None:
        """Move the cursor by a page: down for 1, up for -1."""
        self.action_move(by * max(1, self.size.height - 1))

    def action_top(self) -> None:
        """Move the cursor to the first line."""
        self.action_move(-self._cursor)

    def action_bottom(self) -> None:
        """Move the cursor to the last line."""
        if self._data is not None:
            self.action_move(len(self._data.items))

    def action_open(self) -> None:
        """Post `Opened` for the ticket under the cursor."""
        if self._item is not None:
            self.post_message(self.Opened(self._item.ref))

    def on_click(self, event: Click) -> None:
        """Move the cursor to the clicked line; a double click opens the ticket."""
        if self._data is not None and event.y + self.scroll_offset.y < len(self._data.items):
            self._cursor = event.y + self.scroll_offset.y
            self._scroll_to_cursor()
            if event.chain > 1:
                self.action_open()

    def _scroll_to_cursor(self) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False, force=True)
        elif height and self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False, force=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        data, place, width = self._data, y + self.scroll_offset.y, self.size.width
        if data is None or place >= len(data.items):
            return Strip.blank(width, self._named_style("text"))
        item = data.items[place]
        cursor = place == self._cursor
        background = self._named_style("cursor") if cursor else Style()
        parts = [("mark", self._symbols.cursor if cursor else " "), *_cells(item, data, width, self._symbols)]
        drawn = [
            Segment(text, self._style(style_name) + Style(bgcolor=background.bgcolor))
            for style_name, text in parts
        ]
        return Strip(drawn).adjust_cell_length(
            width, self._named_style("text") + Style(bgcolor=background.bgcolor)
        )

    def _style(self, style_name: str) -> Style:
        style = self._named_style(style_name)
        return dimmed(style, self._named_style("text")) if self.stale else style

    def _named_style(self, style_name: str) -> Style:
        background = self.get_component_rich_style("lines--text")
        return (
            background
            if style_name == "text"
            else background + self.get_component_rich_style(f"lines--{style_name}", partial=True)
        )


def _cells(item: Item, data: TicketListData, width: int, symbols: Symbols) -> list[tuple[str, str]]:
    """Return the cells of a line as pairs of a style's name and a text."""
    row = data.rows[item.ref]
    style_name, state = _describe_state(row, item.kind, data.now, symbols)
    at = near_time(instant(item.at), data.zone, instant(data.now)).rsplit(" ", 1)[0]
    cells = [("quiet", at, _AT), ("text", row.ref, _REF), (style_name, state, _STATE)]
    if width >= _ROOMY:
        named = (each.name for each in data.policy.severities if each.key == row.severity)
        cells.insert(0, ("faint", data.when, _WORD))
        cells.append(("quiet", next(named, row.severity), _SEVERITY))
        cells.append(("quiet", row.organisation, _ORGANISATION))
    used = sum(room + _GAP for *_, room in cells) + _OWNER + _GAP
    cells += [("text", row.summary, max(0, width - 2 - used)), ("quiet", _owner(row), _OWNER)]
    return [(style_name, fit(text, room) + " " * _GAP) for style_name, text, room in cells]


def _owner(row: QueueRow) -> str:
    return short_name(row.owner_name) if row.owner_name else "no owner"


_OUTCOMES = {State.MET: "in time", State.MISSED: "late"}


def _describe_state(row: QueueRow, kind: ClockKind | None, now: int, symbols: Symbols) -> tuple[str, str]:
    """Return the name of the style and the label of the state of a ticket, or of its clock of `kind`."""
    clock = _clock_of(row, kind)
    state = state_at(clock, now)
    label = f"{CLOCK_NAMES[clock.kind]} {STATE_WORDS.get(state, 'running')}"
    if breached_earlier(clock, now):
        label = BREACHED_EARLIER
    if kind is None and not row.is_open:
        outcome = _OUTCOMES.get(state)
        label = f"{row.stage} {outcome}" if outcome else row.stage
    return STATE_STYLES[state] if STATE_STYLES[state] != "text" else "quiet", f"{symbols.of(state)} {label}"


def _clock_of(row: QueueRow, kind: ClockKind | None) -> ClockProjection:
    if kind is None:
        return row.lead
    return row.response if kind is ClockKind.RESPONSE else row.resolution
