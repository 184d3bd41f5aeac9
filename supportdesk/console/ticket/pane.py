"""The widget that shows one ticket: beside the queue where there is room, otherwise in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.events import Click, MouseDown, MouseMove, MouseUp
from textual.geometry import Offset, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.theme.dim import dimmed
from supportdesk.console.ticket.clock_lines import clock_figures, clock_line
from supportdesk.console.ticket.context import PageCanvas, TicketContext
from supportdesk.console.ticket.page import PageLines, build_page, strip
from supportdesk.console.ticket.tabs import BETWEEN, Tab

if TYPE_CHECKING:
    from textual.binding import BindingType

    from supportdesk.console.terminal.symbols import Symbols
    from supportdesk.store.read_models import TicketView

WIDEST = 100
"""The most cells in a line of text: longer lines are hard to read."""
MARGIN = 2
"""Cells left free at either side of the text."""


class TicketPane(ScrollView, can_focus=True):
    """Draws a ticket line by line; empty until `show` is called with one."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.TICKET_PANE)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"ticket--{style_name}"
        for style_name in (
            *("text", "strong", "quiet", "faint", "tab"),
            *("due-soon", "at-risk", "breached", "met"),
        )
    }

    class TabChanged(Message):
        """The operator opened another tab."""

        def __init__(self, tab: Tab) -> None:
            super().__init__()
            self.tab = tab

    class Dragged(Message):
        """The operator dragged the edge of the pane to a place on the screen."""

        def __init__(self, to: Offset) -> None:
            super().__init__()
            self.to = to

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.context: TicketContext | None = None
        self._wanted_tab = Tab.BRIEF
        self._symbols: Symbols | None = None
        self._now = 0
        self._page: PageLines | None = None
        self._styles: dict[str, Style] = {}
        self._stale = False
        self._unfolded = False
        self._scroll_target = 0.0
        self._figures: tuple[tuple[object, ...], ...] = ()

    def find_view(self, ref: str) -> TicketView | None:
        """Return a ticket as it is shown; None where another is, or it is not read yet."""
        context = self.context
        return context.view if context is not None and context.row.ref == ref else None

    def show(self, context: TicketContext | None, symbols: Symbols, now: int) -> None:
        """Show a ticket, or None; a different ticket is shown from its top. `now` is in UTC epoch seconds."""
        if context is self.context:
            self.tick(now)
            return
        another = context is None or self.context is None or context.row.ref != self.context.row.ref
        self.context, self._symbols, self._now = context, symbols, now
        self._build_page()
        if another:
            self._scroll_target = 0
            self.scroll_to(y=0, animate=False)

    @property
    def tab(self) -> Tab:
        """The tab that is open, or the chosen one while no ticket is shown."""
        return self._page.tab if self._page is not None else self._wanted_tab

    @property
    def stale(self) -> bool:
        """Whether the ticket is dimmed: the desk is disconnected and may have changed."""
        return self._stale

    @stale.setter
    def stale(self, stale: bool) -> None:
        self._stale = stale
        self._styles.clear()
        self._build_page()

    def tick(self, now: int) -> None:
        """Set the present, in UTC epoch seconds, and draw the clocks again whose text changed."""
        self._now = now
        page, canvas = self._page, self._canvas()
        if page is None or canvas is None or self.context is None:
            return
        figures = clock_figures(self.context, now, has_bar=page.has_bar)
        for place, line in enumerate(page.clocks):
            if self._figures[place] != figures[place]:
                text = clock_line(place, self.context, canvas, has_bar=page.has_bar)
                page.lines[line] = strip(text, canvas)
                self.refresh_line(line)
        self._figures = figures

    def render_line(self, y: int) -> Strip:
        base = self.get_component_rich_style("ticket--text")
        page, line = self._page, y + self.scroll_offset.y
        if page is None or line >= len(page.lines):
            return Strip.blank(self.size.width, base)
        blank = Strip.blank(MARGIN, base)
        return Strip.join([blank, page.lines[line]]).adjust_cell_length(self.size.width, base)

    def notify_style_update(self) -> None:
        """Draw again in the new styles."""
        super().notify_style_update()
        self._page = None
        self._styles.clear()
        self.call_later(self._build_page)

    def on_resize(self) -> None:
        """Wrap the lines to the new width, and scroll back to where the operator was."""
        self._build_page()
        self.call_after_refresh(self.scroll_to, y=self._scroll_target, animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Remember where the operator scrolled, so that a larger pane does not lose the place."""
        super().watch_scroll_y(old_value, new_value)
        if new_value < self.max_scroll_y or new_value > self._scroll_target:
            self._scroll_target = new_value

    def on_click(self, event: Click) -> None:
        """Open the tab whose name was clicked."""
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
        """Start dragging the edge of the pane."""
        if event.get_content_offset(self) is None:
            self.capture_mouse()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Post `Dragged` while the edge is dragged."""
        if self.app.mouse_captured is self:
            self.post_message(self.Dragged(event.screen_offset))

    def on_mouse_up(self, event: MouseUp) -> None:
        """Stop dragging the edge."""
        self.release_mouse()

    def action_scroll_by(self, lines: int) -> None:
        """Scroll down by a number of lines; up if it is negative."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def action_page(self, by: int) -> None:
        """Scroll by a page: down for 1, up for -1."""
        self.action_scroll_by(by * max(1, self.size.height - 2))

    def action_top(self) -> None:
        """Scroll to the first line."""
        self.scroll_to(y=0, animate=False)

    def action_bottom(self) -> None:
        """Scroll to the last line."""
        self.scroll_to(y=self.virtual_size.height, animate=False)

    def action_unfold(self) -> None:
        """Show all that is known of attempts to send, and what messages quote, or only a line of each."""
        self._unfolded = not self._unfolded
        self._build_page()

    def action_turn(self, by: int) -> None:
        """Open the tab `by` places further, wrapping round."""
        if self._page is not None:
            tabs = self._page.tabs
            self._open(tabs[(tabs.index(self.tab) + by) % len(tabs)])

    def _open(self, tab: Tab) -> None:
        self._wanted_tab = tab
        self._build_page()
        self.post_message(self.TabChanged(tab))

    def _build_page(self) -> None:
        canvas = self._canvas()
        if self.context is None or canvas is None:
            self._page = None
            self.virtual_size = Size(0, 0)
        else:
            self._page = build_page(self.context, self._wanted_tab, canvas)
            self._figures = clock_figures(self.context, self._now, has_bar=self._page.has_bar)
            self.virtual_size = Size(0, len(self._page.lines))
            self.call_after_refresh(self._build_more, self._page)
        self.refresh()

    def _build_more(self, page: PageLines) -> None:
        """Build more of a long page between two frames, until it is complete or another page is shown."""
        canvas = self._canvas()
        if page is self._page and canvas is not None and page.build_more(canvas):
            self.virtual_size = Size(0, len(page.lines))
            self.refresh()
            self.call_after_refresh(self._build_more, page)

    def _canvas(self) -> PageCanvas | None:
        if self._symbols is None or not self.size.width:
            return None
        width = min(WIDEST, self.size.width - 2 * MARGIN)
        return PageCanvas(
            width, self.size.height, self._style_for(), self._symbols, self._now, self._unfolded
        )

    def _style_for(self) -> Callable[[str], Style]:
        def style(style_name: str) -> Style:
            if style_name not in self._styles:
                # By way of Rich: a partial visual style would lose its background.
                rich = self.get_component_rich_style(f"ticket--{style_name}", partial=style_name != "text")
                if self._stale:
                    rich = dimmed(rich, self.get_component_rich_style("ticket--text"))
                self._styles[style_name] = Style.from_rich_style(rich)
            return self._styles[style_name]

        return style
