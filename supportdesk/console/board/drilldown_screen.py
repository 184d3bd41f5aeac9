"""The tickets behind a figure of the board, from which one can be opened."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from supportdesk.console.board.ticket_list import TicketList, TicketListData
from supportdesk.console.charts.blocks import Hotspot
from supportdesk.console.dialogs.dialog import key_for, key_hints
from supportdesk.console.dialogs.dismissal import DismissOnce
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.too_small import TooSmall
from supportdesk.resources import style_path


class DrilldownScreen(DismissOnce[str]):
    """A list that stays what its figure is: `listed` gives it as it is now, None where nothing is left of it.

    Dismissed with the reference of the ticket to go to.
    """

    CSS_PATH = style_path("board.tcss")
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = "TicketList"

    def __init__(self, spot: Hotspot, listed: Callable[[], TicketListData | None]) -> None:
        super().__init__()
        self._spot = spot
        self._listed = listed
        self._lines, self._title, self._too_small = TicketList(), Static(classes="title"), TooSmall()

    def compose(self) -> ComposeResult:
        """The title with the count, the tickets, the keys."""
        with Horizontal(classes="board-head"):
            yield self._title
        yield self._lines
        keys = key_hints(
            (f"{key_for(self, 'list.up')} {key_for(self, 'list.down')}", "move"),
            (key_for(self, "list.open"), "go to the ticket"),
            (key_for(self, "list.back"), "back"),
        )
        yield Static(keys, classes="board-foot")
        yield self._too_small

    def on_mount(self) -> None:
        """Shows the list."""
        self.renew()

    def renew(self, *, stale: bool = False) -> None:
        """Shows the list as it is now."""
        listed = self._listed()
        count = len(listed.items) if listed is not None else 0
        # A figure counts promises, of which a ticket makes two.
        tickets = len({item.ref for item in listed.items}) if listed is not None else 0
        of = f" of {tickets:,} tickets" if tickets != count else ""
        told = Content.assemble((f"{count:,}{of}", "$quiet"), "  ", safe(self._spot.title, "bold"))
        self._title.update(told)
        self._lines.stale = stale
        if listed is not None:
            self._lines.show(listed)

    def on_resize(self, event: Resize) -> None:
        """Says so where there is too little room."""
        self._too_small.display = TooSmall.applies_to(event.size)

    @on(TicketList.Opened)
    def _go_to(self, event: TicketList.Opened) -> None:
        self.dismiss(event.ref)
