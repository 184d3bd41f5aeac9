"""The board on the screen: a page of figures, with a cursor that goes from one to the next."""

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
from supportdesk.console.keys.keymap import Scope, bindings
from supportdesk.console.theme.dim import dimmed

if TYPE_CHECKING:
    from textual.binding import BindingType

    from supportdesk.console.board.context import BoardContext

_ROLES = (
    *("text", "strong", "heading", "quiet", "faint", "accent", "bar", "waits", "track", "mark"),
    *("due-soon", "at-risk", "breached", "cursor"),
)


class BoardView(ScrollView, can_focus=True):
    """Draws one page of a board at a time."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.BOARD)
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"board--{role}" for role in _ROLES}

    class Opened(Message):
        """What is behind the figure under the cursor is to be seen."""

        def __init__(self, spot: Hotspot) -> None:
            super().__init__()
            self.spot = spot

    class Moved(Message):
        """The cursor is on another figure, or another page is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._subject: BoardContext | None = None
        self._pages: tuple[BoardPage, ...] = ()
        self._number = 0
        self._wanted: tuple[str, ...] = ()
        self._stale = False

    @property
    def names(self) -> list[str]:
        """The names of the pages; of a single one that needs no name, an empty text."""
        return [page.name for page in self._pages]

    @property
    def number(self) -> int:
        """Which page is shown, 0 for the first."""
        return self._number

    @property
    def under_cursor(self) -> Hotspot | None:
        """The figure that the cursor is on; None where there is nothing to open on the page."""
        place = self._place
        return place.spot if place is not None else None

    @property
    def stale(self) -> bool:
        """Whether the board is dimmed, because the desk may have moved on."""
        return self._stale

    @stale.setter
    def stale(self, stale: bool) -> None:
        self._stale = stale
        self.refresh()

    def show(self, subject: BoardContext) -> None:
        """Shows a board; the cursor stays on its figure."""
        self._subject = subject
        self._lay_out()

    def figure(self, key: tuple[str, ...]) -> Hotspot | None:
        """A figure as it is now, on whatever page; None where it is nought, or gone."""
        return next((each.spot for page in self._pages for each in page.places if each.spot.key == key), None)

    def on_resize(self) -> None:
        """Lay the board out again for the new size."""
        self._lay_out()

    def _lay_out(self) -> None:
        if self._subject is None or not self.size.area:
            return
        self._pages = build_pages(self._subject, self.size.width, self.size.height)
        holds = (
            number
            for number, page in enumerate(self._pages)
            if any(each.spot.key == self._wanted for each in page.places)
        )
        self._turn_to(next(holds, min(self._number, len(self._pages) - 1)))

    def turn_to(self, number: int) -> None:
        """Shows a page, with the cursor on its first figure."""
        if number != self._number:
            self._wanted = ()
            self._turn_to(number)

    def _turn_to(self, number: int) -> None:
        self._number = number
        self.virtual_size = Size(0, len(self._pages[number].lines))
        self._seen()

    @property
    def _page(self) -> BoardPage | None:
        return self._pages[self._number] if self._pages else None

    @property
    def _places(self) -> Sequence[Placed]:
        return self._page.places if self._page is not None else ()

    @property
    def _place(self) -> Placed | None:
        wanted = (each for each in self._places if each.spot.key == self._wanted)
        return next(wanted, self._places[0] if self._places else None)

    def _put(self, place: Placed) -> None:
        self._wanted = place.spot.key
        self._seen()

    def _seen(self) -> None:
        """Brings the cursor into sight, with the panel's title where that is near."""
        place = self._place
        if place is not None:
            top = 0 if place.y < self.size.height else place.y - 1
            self.scroll_to_region(Region(0, top, 1, place.y - top + 1), animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved())

    def action_go(self, right: int, down: int) -> None:
        """Moves the cursor; beyond the edge of a page to the next one."""
        place = self._place
        there = neighbour(self._places, place, right, down) if place is not None else None
        if there is not None:
            self._put(there)
        elif right or place is None:
            self.action_turn(right or down)

    def action_turn(self, by: int) -> None:
        """The next page, or the one before; on a single page the next panel."""
        if len(self._pages) > 1:
            self.turn_to((self._number + by) % len(self._pages))
            return
        place = self._place
        there = next_panel(self._places, place, by) if place is not None else None
        if there is not None:
            self._put(there)
        elif self._places:
            panel = self._places[0 if by > 0 else -1].spot.key[0]
            self._put(next(each for each in self._places if each.spot.key[0] == panel))

    def action_open(self) -> None:
        """Opens what is behind the figure under the cursor."""
        spot = self.under_cursor
        if spot is not None:
            self._wanted = spot.key
            self.post_message(self.Opened(spot))

    def on_click(self, event: Click) -> None:
        """A click on a figure opens it."""
        x, y = event.x, event.y + self.scroll_offset.y
        for place in self._places:
            if place.y == y and place.x <= x < place.x + place.width:
                self._put(place)
                self.action_open()

    def render_line(self, y: int) -> Strip:
        """One visible line."""
        page, line = self._page, y + self.scroll_offset.y
        text = self._look("text")
        if page is None or line >= len(page.lines):
            return Strip.blank(self.size.width, text)
        on = self._place.spot.key if self._place is not None else None
        drawn = [
            Segment(piece.text, self._style(piece, cursor=piece.spot is not None and piece.spot.key == on))
            for piece in page.lines[line]
        ]
        return Strip(drawn).adjust_cell_length(self.size.width, text)

    def _style(self, piece: TextRun, *, cursor: bool) -> Style:
        style = self._look(piece.role)
        if piece.under:
            style += Style(bgcolor=self._look(piece.under).color)
        if cursor:
            style += self.get_component_rich_style("board--cursor", partial=True)
        return dimmed(style, self._look("text")) if self._stale else style

    def _look(self, role: str) -> Style:
        ground = self.get_component_rich_style("board--text")
        return (
            ground
            if role == "text"
            else ground + self.get_component_rich_style(f"board--{role}", partial=True)
        )
