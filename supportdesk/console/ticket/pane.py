"""One ticket: beside the queue where there is room, else in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.events import Click, MouseDown, MouseMove, MouseUp
from textual.geometry import Offset, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from supportdesk.console.keys.keymap import Scope, bindings
from supportdesk.console.theme.dim import dimmed
from supportdesk.console.ticket.clock_lines import clock_figures, clock_line
from supportdesk.console.ticket.context import PageCanvas, TicketContext
from supportdesk.console.ticket.page import TicketPage, build_page, strip
from supportdesk.console.ticket.tabs import BETWEEN, Tab

if TYPE_CHECKING:
    from textual.binding import BindingType

    from supportdesk.console.terminal.symbols import Symbols

WIDEST = 100
"""How many cells a line of text has at most: longer ones are hard to read."""
MARGIN = 2
"""Cells left free at either side of the text."""


class TicketPane(ScrollView, can_focus=True):
    """Draws what is known of a ticket, line by line. Empty until `show` gives it one."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.DETAIL)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"detail--{role}"
        for role in (
            *("text", "strong", "quiet", "faint", "tab"),
            *("due-soon", "at-risk", "breached", "met"),
        )
    }

    class TabTurned(Message):
        """Another tab of the ticket is open."""

        def __init__(self, tab: Tab) -> None:
            super().__init__()
            self.tab = tab

    class Dragged(Message):
        """The edge of the pane is drawn to a place on the screen."""

        def __init__(self, to: Offset) -> None:
            super().__init__()
            self.to = to

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.known: TicketContext | None = None
        self._wanted = Tab.BRIEF
        self._signs: Symbols | None = None
        self._now = 0
        self._page: TicketPage | None = None
        self._looks: dict[str, Style] = {}
        self._stale = False
        self._scroll_target = 0.0
        self._figures: tuple[tuple[object, ...], ...] = ()

    def show(self, known: TicketContext | None, signs: Symbols, now: int) -> None:
        """Shows a ticket, or none; another ticket is shown from its top. `now` is in UTC epoch seconds."""
        if known is self.known:
            self.tick(now)
            return
        another = known is None or self.known is None or known.row.ref != self.known.row.ref
        self.known, self._signs, self._now = known, signs, now
        self._lay_out()
        if another:
            self._scroll_target = 0
            self.scroll_to(y=0, animate=False)

    @property
    def tab(self) -> Tab:
        """The tab that is open."""
        return self._page.tab if self._page is not None else self._wanted

    @property
    def stale(self) -> bool:
        """Whether the ticket is dimmed, because it may not be what the desk has."""
        return self._stale

    @stale.setter
    def stale(self, stale: bool) -> None:
        self._stale = stale
        self._looks.clear()
        self._lay_out()

    def tick(self, now: int) -> None:
        """Moves the present on: the clocks are drawn again where their text changed."""
        self._now = now
        page, paper = self._page, self._paper()
        if page is None or paper is None or self.known is None:
            return
        figures = clock_figures(self.known, now)
        for place, line in enumerate(page.clocks):
            if self._figures[place] != figures[place]:
                page.lines[line] = strip(clock_line(place, self.known, paper), paper)
                self.refresh_line(line)
        self._figures = figures

    def render_line(self, y: int) -> Strip:
        """One visible line."""
        ground = self.get_component_rich_style("detail--text")
        page, line = self._page, y + self.scroll_offset.y
        if page is None or line >= len(page.lines):
            return Strip.blank(self.size.width, ground)
        blank = Strip.blank(MARGIN, ground)
        return Strip.join([blank, page.lines[line]]).adjust_cell_length(self.size.width, ground)

    def notify_style_update(self) -> None:
        """Draws in the new looks."""
        super().notify_style_update()
        self._page = None
        self._looks.clear()
        self.call_later(self._lay_out)

    def on_resize(self) -> None:
        """Breaks the lines for the new width, and goes back to where the operator scrolled."""
        self._lay_out()
        self.call_after_refresh(self.scroll_to, y=self._scroll_target, animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Remember where the operator scrolled, so that a larger pane does not lose the place."""
        super().watch_scroll_y(old_value, new_value)
        if new_value < self.max_scroll_y or new_value > self._scroll_target:
            self._scroll_target = new_value

    def on_click(self, event: Click) -> None:
        """A click on a tab's name opens it."""
        clicked = event.get_content_offset(self)
        if self._page is None or clicked is None or clicked.y + self.scroll_offset.y != self._page.names:
            return
        at = MARGIN
        for tab in self._page.tabs:
            width = len(tab) + 2
            if at <= clicked.x < at + width:
                self._open(tab)
            at += width + BETWEEN

    def on_mouse_down(self, event: MouseDown) -> None:
        """Takes hold of the edge."""
        if event.get_content_offset(self) is None:
            self.capture_mouse()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Draws the edge, while it is held."""
        if self.app.mouse_captured is self:
            self.post_message(self.Dragged(event.screen_offset))

    def on_mouse_up(self, event: MouseUp) -> None:
        """Lets go of the edge."""
        self.release_mouse()

    def action_scroll_by(self, lines: int) -> None:
        """Scrolls by lines."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def action_page(self, way: int) -> None:
        """Scrolls by pages."""
        self.action_scroll_by(way * max(1, self.size.height - 2))

    def action_top(self) -> None:
        """Scrolls to the top."""
        self.scroll_to(y=0, animate=False)

    def action_bottom(self) -> None:
        """Scrolls to the end."""
        self.scroll_to(y=self.virtual_size.height, animate=False)

    def action_turn(self, by: int) -> None:
        """Opens the next tab, or the one before."""
        if self._page is not None:
            tabs = self._page.tabs
            self._open(tabs[(tabs.index(self.tab) + by) % len(tabs)])

    def _open(self, tab: Tab) -> None:
        self._wanted = tab
        self._lay_out()
        self.post_message(self.TabTurned(tab))

    def _lay_out(self) -> None:
        paper = self._paper()
        if self.known is None or paper is None:
            self._page = None
            self.virtual_size = Size(0, 0)
        else:
            self._page = build_page(self.known, self._wanted, paper)
            self._figures = clock_figures(self.known, self._now)
            self.virtual_size = Size(0, len(self._page.lines))
            self.call_after_refresh(self._go_on, self._page)
        self.refresh()

    def _go_on(self, page: TicketPage) -> None:
        """Makes more of a long page, between two frames, until all of it is there or another is shown."""
        paper = self._paper()
        if page is self._page and paper is not None and page.go_on(paper):
            self.virtual_size = Size(0, len(page.lines))
            self.refresh()
            self.call_after_refresh(self._go_on, page)

    def _paper(self) -> PageCanvas | None:
        if self._signs is None or not self.size.width:
            return None
        width = min(WIDEST, self.size.width - 2 * MARGIN)
        return PageCanvas(width, self.size.height, self._look(), self._signs, self._now)

    def _look(self) -> Callable[[str], Style]:
        def look(role: str) -> Style:
            if role not in self._looks:
                # By way of Rich: a partial visual style would lose its background.
                rich = self.get_component_rich_style(f"detail--{role}", partial=role != "text")
                if self._stale:
                    rich = dimmed(rich, self.get_component_rich_style("detail--text"))
                self._looks[role] = Style.from_rich_style(rich)
            return self._looks[role]

        return look
