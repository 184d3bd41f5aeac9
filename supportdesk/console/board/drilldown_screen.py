"""The screen with the tickets behind a figure of the board, from which a ticket can be opened."""

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
from supportdesk.console.dialogs.dismissal import DismissOnce
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.too_small import TooSmall
from supportdesk.resources import style_path


class DrilldownScreen(DismissOnce[str]):
    """Lists the tickets of one figure, as they are now. Dismissed with the reference of the ticket to go to.

    `load` returns the current list; None if the board has not been read.
    """

    CSS_PATH = style_path("board.tcss")
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = "TicketList"

    def __init__(self, spot: Hotspot, load: Callable[[], TicketListData | None]) -> None:
        super().__init__()
        self._spot = spot
        self._load = load
        self._lines, self._title, self._too_small = TicketList(), Static(classes="title"), TooSmall()

    def compose(self) -> ComposeResult:
        """Yield the title with the counts, the list and the key hints."""
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
        """Show the list as soon as the widgets exist."""
        self.refresh_list()

    def refresh_list(self, *, stale: bool = False) -> None:
        """Show the list as it is now; dimmed if `stale`, while the desk is disconnected."""
        data = self._load()
        count = len(data.items) if data is not None else 0
        # A figure counts targets, and a ticket has two: a response and a resolution.
        tickets = len({item.ref for item in data.items}) if data is not None else 0
        among = f" in {tickets:,} {'ticket' if tickets == 1 else 'tickets'}" if tickets != count else ""
        title = Content.assemble(safe(self._spot.title, "bold"), "  ", (f"{count:,}{among}", "$quiet"))
        self._title.update(title)
        self._lines.stale = stale
        if data is not None:
            self._lines.show(data)

    def on_resize(self, event: Resize) -> None:
        """Cover the screen with a message where it is too small."""
        self._too_small.display = TooSmall.applies_to(event.size)

    @on(TicketList.Opened)
    def _go_to(self, event: TicketList.Opened) -> None:
        self.dismiss(event.ref)
