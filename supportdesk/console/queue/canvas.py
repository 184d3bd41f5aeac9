"""The queue on the screen: only the visible lines are drawn, and a tick draws only the timers that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from supportdesk.console.queue.columns import LEFT
from supportdesk.console.queue.drawn_timers import DrawnTimers, Flashes
from supportdesk.console.queue.line_cache import LineCache
from supportdesk.console.queue.lines import Heading
from supportdesk.console.terminal.safe_text import SanitizingFilter
from supportdesk.console.theme.dim import dimmed

if TYPE_CHECKING:
    from supportdesk.console.queue.filter.filter import Filter
    from supportdesk.console.queue.find_next import Match
    from supportdesk.console.queue.index import QueueDelta
    from supportdesk.console.queue.model import QueueModel
    from supportdesk.console.queue.painter import PagingText, QueuePainter
    from supportdesk.store.read_models import QueueRow

SEARCH_BEFORE_DRAWING, SEARCH_BETWEEN_FRAMES = 0.002, 0.012
"""Seconds for which a long queue is searched before the effect of a key is drawn, and then between two frames."""
SPACED_FROM = 30
"""The height, in lines, from which an empty line separates two groups."""

PainterFactory = Callable[[int, Callable[[str], Style]], "QueuePainter"]


class QueueCanvas(ScrollView, can_focus=True):
    """Draws a `QueueModel` and its changes. Empty until `show` is called.

    `on_cursor` is called in the same frame whenever the ticket under the cursor, or its row, may have changed.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"queue--{style_name}"
        for style_name in (
            *("text", "quiet", "faint", "heading", "mark", "cursor", "cursor-blurred", "flash"),
            *("due-soon", "at-risk", "breached", "alarm", "alarm-cursor"),
        )
    }

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._styles_cache = LineCache()
        self.model: QueueModel | None = None
        self.on_cursor: Callable[[], None] = lambda: None
        self.covered = False
        """Whether a screen covers the queue, so that nothing is drawn."""
        self._now = 0
        self._top = 0
        """The first visible line of the queue, counted from 0."""
        self._stale = False
        self._painter: QueuePainter | None = None
        self._make_painter: PainterFactory | None = None
        self._drawn_timers, self._drawn_pages = DrawnTimers(), DrawnTimers()
        self._flashes = Flashes()
        self._calendars: tuple[frozenset[str], int] = (frozenset(), 0)
        """What the painter knew of opening hours and ages when everything was drawn last."""

    def show(self, model: QueueModel, make_painter: PainterFactory, now: int) -> None:
        """Show a queue. `now` is in UTC epoch seconds."""
        self.model, self._make_painter, self._now = model, make_painter, now
        self.on_resize()

    @property
    def stale(self) -> bool:
        """Whether the queue is dimmed, because it may be out of date."""
        return self._stale

    @stale.setter
    def stale(self, stale: bool) -> None:
        if stale is not self._stale:
            self._stale, self._painter = stale, None
            self.refresh()

    def repaint(self) -> None:
        """Draw everything again, because the theme or the settings have changed."""
        self._painter = None
        self.redraw()

    def tick(self, now: int) -> QueueDelta | None:
        """Set the present, in UTC epoch seconds, and draw what changes; return None before there is a queue."""
        if self.model is None:
            return None
        cursor_before = self.model.cursor.position
        self._now = now
        delta = self.model.advance(now)
        self._end_flashes()
        if delta:
            self._draw_delta(delta, cursor_before)
        elif not self.covered:
            if self._calendars_changed():
                self.refresh()
            else:
                self._draw_timers()
        return delta

    def show_changes(self, rows: Iterable[QueueRow], now: int) -> QueueDelta | None:
        """Apply the rows that changed on the desk and draw them; return None before there is a queue."""
        if self.model is None:
            return None
        cursor_before = self.model.cursor.position
        self._now = now
        delta = self.model.apply_changes(rows, now)
        self._draw_delta(delta, cursor_before)
        return delta

    def select_view(self, view: str) -> None:
        """Show another view, by its name."""
        if self.model is not None:
            self.model.select_view(view)
            self._search()

    def apply_filter(self, wanted: Filter) -> None:
        """Show the tickets of the view that match another filter."""
        if self.model is not None:
            self.model.apply_filter(wanted)
            self._search()

    def load_closed(self, rows: Iterable[QueueRow]) -> None:
        """Load the tickets that were closed last, and show those that match."""
        if self.model is not None:
            self.model.load_closed(rows)
            self._search()

    def seek(self, wanted: Filter, by: int, *, include_start: bool = False) -> Match | None:
        """Put the cursor on the next ticket that matches a filter; see `QueueModel.seek`."""
        found = self.model.seek(wanted, by, include_start=include_start) if self.model is not None else None
        self.redraw()
        return found

    def go_back_to(self, ref: str) -> None:
        """Put the cursor on a ticket, if that is visible."""
        if self.model is not None:
            self.model.go_back_to(ref)
            self.redraw()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Note the first visible line: asking `scroll_offset` for each line takes a tenth of a tick."""
        self._top = round(new_value)
        super().watch_scroll_y(old_value, new_value)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a region, without the cells that the scrollbar covers."""
        painter = self._ready_painter()
        if painter is not None:
            painter.covered = self.scrollbar_size_vertical
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Return the line at `y`, counted from the top of the widget: a heading, a ticket, or an empty line."""
        painter = self._ready_painter()
        if painter is None or self.model is None:
            return Strip.blank(self.size.width, self.rich_style)
        self._drawn_timers.forget(y)
        self._drawn_pages.forget(y)
        number = y + self._top
        line = self.model.lines[number]
        if line is None:
            if not self.model.matches and number == self.model.lines.height + 1:
                return painter.message(_empty_text(self.model))
            return painter.empty()
        cursor = line == self.model.cursor.line
        if isinstance(line, Heading):
            key = line.severity
            return painter.heading(
                key,
                len(self.model.visible.group(key)),
                self.model.index.by_severity[key],
                self._now,
                folded=self.model.folding.is_folded(key),
                cursor=cursor,
            )
        self._drawn_timers.set(y, painter.timer(line, self._now))
        paging = painter.paging(line, self._now)
        if paging.who:
            self._drawn_pages.set(y, paging)
        ref = line.row.ref
        ground = painter.ground(
            line, cursor=cursor, flash=ref in self._flashes, marked=ref in self.model.marks
        )
        return painter.row(line, self._now, ground)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters without the one against control characters: a row passes it when it is first drawn.

        That saves a tenth of a tick. On a terminal that lacks characters the filter replaces them, and stays.
        """
        others = super().get_line_filters()
        return [each for each in others if not (isinstance(each, SanitizingFilter) and each.letters is None)]

    def notify_style_update(self) -> None:
        """Draw with the new styles."""
        super().notify_style_update()
        self._painter = None

    def on_resize(self) -> None:
        """Separate the groups where there is room, and keep the cursor in view."""
        self._painter = None
        if self.model is not None:
            self.model.folding.space_out(spaced=self.size.height >= SPACED_FROM)
            self.redraw()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Draw the cursor as one that has the focus, or has not.

        No style depends on the focus. Textual would look through all styles for each of the component classes.
        """
        self._painter = None
        self.refresh()

    def _draw_delta(self, delta: QueueDelta, cursor_before: int) -> None:
        """Draw a delta. The visible lines stay in place, unless the queue is scrolled to the top.

        `cursor_before` is the line that the cursor was on.
        """
        assert self.model is not None
        self._flashes.start(entry.row.ref for entry in (*delta.arrived, *delta.crossed))
        if self.covered:
            return
        top = self.scroll_offset.y
        shift = self.model.cursor.position - cursor_before
        self.virtual_size = Size(0, self.model.lines.height)
        if top and shift:
            self.scroll_to(y=top + shift, animate=False)
        self.redraw()

    def redraw(self) -> None:
        """Draw all lines, unless the queue is covered."""
        if self.model is None or self.covered:
            return
        self._calendars_changed()
        self.virtual_size = Size(0, self.model.lines.height)
        self.scroll_to_cursor()
        self.refresh()
        self.on_cursor()

    def _search(self, seconds: float = SEARCH_BEFORE_DRAWING) -> None:
        """Search a long queue for some seconds, draw what was found, and go on after the next frame."""
        if self.model is None:
            return
        until = perf_counter() + seconds
        while self.model.is_searching and perf_counter() < until:
            self.model.continue_search()
        self.redraw()
        if self.model.is_searching:
            self.call_after_refresh(self._search, SEARCH_BETWEEN_FRAMES)

    def scroll_to_cursor(self) -> None:
        """Scroll the cursor into view, by as little as possible."""
        assert self.model is not None
        line, top, height = self.model.cursor.position, self.scroll_offset.y, self.size.height
        # The heading above the first ticket of a group comes into view with it.
        above = line - 1 if isinstance(self.model.lines[line - 1], Heading) else line
        if above < top:
            self.scroll_to(y=above, animate=False)
        elif height and line >= top + height:
            self.scroll_to(y=line - height + 1, animate=False)

    def _end_flashes(self) -> None:
        """Draw the rows that no longer stand out."""
        assert self.model is not None
        for ref in self._flashes.tick():
            entry = self.model.index.entries.get(ref)
            line = self.model.folding.line_of(entry) if entry is not None else None
            if line is not None:
                self.refresh_line(line)

    def _draw_timers(self) -> None:
        """Draw the visible timers whose text has changed; they are at the left, so that little is sent.

        Of a ticket for which somebody is paged, the whole line is drawn when another minute has passed.
        """
        painter, model = self._ready_painter(), self.model
        if painter is None or model is None:
            return
        top, now = self._top, self._now

        def text_of(y: int) -> str | None:
            line = model.lines[y + top]
            return None if line is None or isinstance(line, Heading) else painter.timer(line, now)

        def paging_of(y: int) -> PagingText | None:
            line = model.lines[y + top]
            return None if line is None or isinstance(line, Heading) else painter.paging(line, now)

        for run in self._drawn_timers.changed(text_of):
            self.refresh(Region(0, run.start, LEFT, len(run)))
        for run in self._drawn_pages.changed(paging_of):
            self.refresh(Region(0, run.start, self.size.width, len(run)))

    def _calendars_changed(self) -> bool:
        """Return whether an office has opened or closed, or an age that is shown has changed, since the last call."""
        painter = self._ready_painter()
        if painter is None:
            return False
        calendars = painter.time_key(self._now)
        changed, self._calendars = calendars != self._calendars, calendars
        return changed

    def _ready_painter(self) -> QueuePainter | None:
        if self._painter is None and self._make_painter is not None and self.size.width:
            self._painter = self._make_painter(self.size.width, self._named_style)
        return self._painter

    def _named_style(self, style_name: str) -> Style:
        if style_name == "cursor" and not self.has_focus:
            style_name = "cursor-blurred"
        style = self.get_component_rich_style(f"queue--{style_name}", partial=style_name != "text")
        return dimmed(style, self.get_component_rich_style("queue--text")) if self._stale else style


def _empty_text(model: QueueModel) -> str:
    # Imported when first needed: most queues are not empty.
    from supportdesk.console.queue.empty_text import empty_text

    return empty_text(model)
