"""The supervisors' board: attainment of the month, load of people and teams, and upcoming breaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import Static

from supportdesk.console.board.context import BoardContext
from supportdesk.console.board.drilldown_screen import DrilldownScreen
from supportdesk.console.board.reader import BoardData, BoardReader
from supportdesk.console.board.ticket_list import TicketListData
from supportdesk.console.board.widget import BoardView
from supportdesk.console.dialogs.dismissal import DismissOnce
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.keys.key import Scope
from supportdesk.console.messages import DeskDisconnected, DeskReconnected, QueueChanged, ReferenceDataChanged
from supportdesk.console.terminal.lock_mode import desk_screens
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import PLAIN, terminal_symbols
from supportdesk.console.widgets.too_small import TooSmall
from supportdesk.reports.periods import month_name
from supportdesk.resources import style_path
from supportdesk.sla import formatting
from supportdesk.sla.clocks import epoch

if TYPE_CHECKING:
    from supportdesk.console.charts.blocks import Hotspot
    from supportdesk.console.session import Session

SECOND = 1.0
FOOT_MARGIN = 4
"""The cells at both ends of the foot."""


class BoardLoaded(Message):
    """The board has been read; `data` is None if the desk could not be reached."""

    def __init__(self, data: BoardData | None) -> None:
        super().__init__()
        self.data = data


class BoardScreen(DismissOnce[str]):
    """Shows the board over the queue. Dismissed with the reference of a ticket to go to, or with None."""

    CSS_PATH = style_path("board.tcss")
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = "BoardView"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._reader = BoardReader(session.desk)
        self._data: BoardData | None = None
        self._reading = False
        self.view, self._title, self._clock = BoardView(), Static(classes="title"), Static(classes="clock")
        self._foot, self._too_small = Static(classes="board-foot"), TooSmall()

    def compose(self) -> ComposeResult:
        """Yield the title, the time, the figures and the key hints."""
        with Horizontal(classes="board-head"):
            yield self._title
            yield self._clock
        yield self.view
        yield self._foot
        yield self._too_small

    # Reading.

    def on_mount(self) -> None:
        """Read the board now, and again every second unless reading is throttled."""
        self._title.update(Content("Calculating the month …"))
        self.tick()
        self.set_interval(SECOND, self.tick)

    def tick(self) -> None:
        """Update the time, and read the board again unless reading is throttled."""
        self._show_time()
        if not self._reading and not self._reader.is_throttled:
            self._reading = True
            self.run_worker(self._read, thread=True, group="board")

    def _read(self) -> None:
        self.post_message(BoardLoaded(self._reader.read()))

    def on_board_loaded(self, message: BoardLoaded) -> None:
        """Show the board, and refresh the list of tickets that is open over it."""
        self._reading = False
        data = message.data
        if data is not None:
            previous, self._data = self._data, data
            if previous is None or (previous.board, previous.policy, previous.roster) != (
                data.board,
                data.policy,
                data.roster,
            ):
                plain = terminal_symbols() is PLAIN
                self.view.show(BoardContext(data.board, data.policy, data.roster, plain, self.app.no_color))
        self._refresh_list()

    @on(QueueChanged)
    @on(ReferenceDataChanged)
    def _changed(self) -> None:
        self._reader.changed()
        self.tick()

    @on(DeskDisconnected)
    def _disconnected(self) -> None:
        self.view.stale = True
        self._refresh_list()
        self._show_time()

    @on(DeskReconnected)
    def _reconnected(self) -> None:
        self.view.stale = False
        self._changed()

    def _show_time(self) -> None:
        session = self._session
        zone, stale = session.zone, session.disconnection
        text = formatting.date_time(session.now(), zone)
        if session.replay is not None:
            text = f"as it was on {text}"
        if stale:
            text = f" {stale} "
        self._clock.set_class(bool(stale), "stale")
        self._clock.update(Content(text))

    # Moving and opening.

    @on(BoardView.Moved)
    def _show_position(self) -> None:
        """Show the name of the page, and what Enter opens."""
        names = self.view.names
        parts = [Content.styled("Board", "bold")]
        if len(names) > 1:
            parts += [
                Content.styled(f" {name} ", "bold $foreground on $cursor-ground")
                if number == self.view.number
                else Content.styled(f" {name} ", "$quiet")
                for number, name in enumerate(names)
            ]
        else:
            month = self._data.board.month.month if self._data is not None else None
            parts.append(Content.styled(f"{month_name(month)} to date" if month else "", "$quiet"))
        self._title.update(Content("  ").join(parts))
        spot = self.view.under_cursor
        keys = key_hints(
            (key_for(self, "board.open"), "open"),
            (key_for(self, "board.next"), "next part"),
            (key_for(self, "board.help"), "help"),
            (key_for(self, "board.back"), "back"),
        )
        # The keys stay whole: the figure's name is cut instead.
        room = max(1, self.size.width - FOOT_MARGIN - keys.cell_length - 3)
        opens = Content()
        if spot is not None:
            opens = safe(spot.title, "$foreground").truncate(room, ellipsis=True) + Content("   ")
        self._foot.update(Content.assemble(opens, keys))

    @on(BoardView.Opened)
    def _open(self, event: BoardView.Opened) -> None:
        spot = event.spot

        def load() -> TicketListData | None:
            return self._tickets_behind(spot)

        self.app.push_screen(DrilldownScreen(spot, load), self._on_drilldown)

    def _tickets_behind(self, spot: Hotspot) -> TicketListData | None:
        """Return the tickets behind a figure as it is now; None if the board has not been read."""
        now, data = self.view.figure(spot.key), self._data
        if data is None:
            return None
        rows = {history.row.ref: history.row for history in data.histories}
        items = now.figure.items if now is not None else ()
        session = self._session
        return TicketListData(items, rows, data.policy, spot.when, session.zone, epoch(session.now()))

    def _refresh_list(self) -> None:
        for screen in desk_screens(self.app):
            if isinstance(screen, DrilldownScreen):
                screen.refresh_list(stale=self._session.disconnected_reason is not None)

    def _on_drilldown(self, ref: str | None) -> None:
        if ref is not None:
            self.dismiss(ref)

    def action_help(self) -> None:
        """Show the keys of the board and of its lists."""
        from supportdesk.console.dialogs.help_screen import HelpScreen, entries_of

        keys = (key for key in self._session.keys if key.scope in (Scope.BOARD, Scope.LIST) and key.help)
        self.app.push_screen(HelpScreen(entries_of(keys)))

    def on_resize(self, event: Resize) -> None:
        """Cover the screen with a message where it is too small."""
        self._too_small.display = TooSmall.applies_to(event.size)
