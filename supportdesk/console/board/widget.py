"""The widget that draws the board: a page of figures, with a cursor that moves from figure to figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from supportdesk.console.board.cursor import neighbour, next_panel
from supportdesk.console.board.layout import BoardPage, Placed, build_pages
from supportdesk.console.charts.blocks import Hotspot, TextRun
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.theme.dim import dimmed

if TYPE_CHECKING:
    from textual.binding import BindingType

    from supportdesk.console.board.context import BoardContext

_STYLE_NAMES = (
    *("text", "strong", "heading", "quiet", "faint", "accent", "bar", "waits", "track", "mark"),
    *("due-soon", "at-risk", "breached", "cursor"),
)


class BoardView(ScrollView, can_focus=True):
    """Draws one page of a board, and keeps the cursor on its figure when the board changes."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.BOARD)
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"board--{style_name}" for style_name in _STYLE_NAMES}

    class Opened(Message):
        """The operator opened the figure under the cursor."""

        def __init__(self, spot: Hotspot) -> None:
            super().__init__()
            self.spot = spot

    class Moved(Message):
        """The cursor is on another figure, or another page is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._board_context: BoardContext | None = None
        self._pages: tuple[BoardPage, ...] = ()
        self._number = 0
        self._cursor_key: tuple[str, ...] = ()
        self._stale = False

    @property
    def names(self) -> list[str]:
        """The names of the pages; an empty name for a single page."""
        return [page.name for page in self._pages]

    @property
    def number(self) -> int:
        """The index of the page shown, from 0."""
        return self._number

    @property
    def under_cursor(self) -> Hotspot | None:
        """The figure under the cursor; None if the page has none to open."""
        place = self._cursor_place
        return place.spot if place is not None else None

    @property
    def stale(self) -> bool:
        """Whether the board is dimmed: the desk is disconnected and may have changed."""
        return self._stale

    @stale.setter
    def stale(self, stale: bool) -> None:
        self._stale = stale
        self.refresh()

    def show(self, context: BoardContext) -> None:
        """Show a board; the cursor stays on its figure."""
        self._board_context = context
        self._build_pages()

    def figure(self, key: tuple[str, ...]) -> Hotspot | None:
        """Return a figure by its key, from any page; None if it is zero or no longer there."""
        return next((each.spot for page in self._pages for each in page.places if each.spot.key == key), None)

    def on_resize(self) -> None:
        """Lay the board out again for the new size."""
        self._build_pages()

    def _build_pages(self) -> None:
        if self._board_context is None or not self.size.area:
            return
        self._pages = build_pages(self._board_context, self.size.width, self.size.height)
        pages = (
            number
            for number, page in enumerate(self._pages)
            if any(each.spot.key == self._cursor_key for each in page.places)
        )
        self._show_page(next(pages, min(self._number, len(self._pages) - 1)))

    def show_page(self, number: int) -> None:
        """Show a page by its index, with the cursor on its first figure."""
        if number != self._number:
            self._cursor_key = ()
            self._show_page(number)

    def _show_page(self, number: int) -> None:
        self._number = number
        self.virtual_size = Size(0, len(self._pages[number].lines))
        self._scroll_to_cursor()

    @property
    def _page(self) -> BoardPage | None:
        return self._pages[self._number] if self._pages else None

    @property
    def _places(self) -> Sequence[Placed]:
        return self._page.places if self._page is not None else ()

    @property
    def _cursor_place(self) -> Placed | None:
        matching = (each for each in self._places if each.spot.key == self._cursor_key)
        return next(matching, self._places[0] if self._places else None)

    def _move_to(self, place: Placed) -> None:
        self._cursor_key = place.spot.key
        self._scroll_to_cursor()

    def _scroll_to_cursor(self) -> None:
        """Scroll to the cursor; to the top where the first screenful holds it, so that the title is in view."""
        place = self._cursor_place
        if place is not None:
            top = 0 if place.y < self.size.height else place.y - 1
            self.scroll_to_region(Region(0, top, 1, place.y - top + 1), animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved())

    def action_go(self, right: int, down: int) -> None:
        """Move the cursor to the nearest figure in a direction; beyond the left or right edge, change the page."""
        place = self._cursor_place
        target = neighbour(self._places, place, right, down) if place is not None else None
        if target is not None:
            self._move_to(target)
        elif right or place is None:
            self.action_turn(right or down)

    def action_turn(self, by: int) -> None:
        """Show the page `by` pages further, wrapping round; on a single page move to another panel."""
        if len(self._pages) > 1:
            self.show_page((self._number + by) % len(self._pages))
            return
        place = self._cursor_place
        target = next_panel(self._places, place, by) if place is not None else None
        if target is not None:
            self._move_to(target)
        elif self._places:
            panel = self._places[0 if by > 0 else -1].spot.key[0]
            self._move_to(next(each for each in self._places if each.spot.key[0] == panel))

    def action_open(self) -> None:
        """Post `Opened` for the figure under the cursor."""
        spot = self.under_cursor
        if spot is not None:
            self._cursor_key = spot.key
            self.post_message(self.Opened(spot))

    def on_click(self, event: Click) -> None:
        """Open the figure that was clicked."""
        x, y = event.x, event.y + self.scroll_offset.y
        for place in self._places:
            if place.y == y and place.x <= x < place.x + place.width:
                self._move_to(place)
                self.action_open()

    def render_line(self, y: int) -> Strip:
        page, line = self._page, y + self.scroll_offset.y
        text = self._named_style("text")
        if page is None or line >= len(page.lines):
            return Strip.blank(self.size.width, text)
        cursor_key = self._cursor_place.spot.key if self._cursor_place is not None else None
        drawn = [
            Segment(
                piece.text, self._style(piece, cursor=piece.spot is not None and piece.spot.key == cursor_key)
            )
            for piece in page.lines[line]
        ]
        return Strip(drawn).adjust_cell_length(self.size.width, text)

    def _style(self, piece: TextRun, *, cursor: bool) -> Style:
        style = self._named_style(piece.style_name)
        if piece.under:
            style += Style(bgcolor=self._named_style(piece.under).color)
        if cursor:
            style += self.get_component_rich_style("board--cursor", partial=True)
        return dimmed(style, self._named_style("text")) if self._stale else style

    def _named_style(self, style_name: str) -> Style:
        base = self.get_component_rich_style("board--text")
        return (
            base
            if style_name == "text"
            else base + self.get_component_rich_style(f"board--{style_name}", partial=True)
        )
