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
from supportdesk.console.queue.lines import Heading
from supportdesk.console.terminal.safe_text import SanitizingFilter
from supportdesk.console.theme.dim import dimmed

if TYPE_CHECKING:
    from supportdesk.console.queue.filter.filter import Filter
    from supportdesk.console.queue.find_next import Match
    from supportdesk.console.queue.index import QueueDelta
    from supportdesk.console.queue.model import QueueModel
    from supportdesk.console.queue.painter import QueuePainter
    from supportdesk.store.read_models import QueueRow

FLASH = 2
"""For how many ticks a row that arrived or crossed a threshold stands out."""
AT_ONCE, AFTERWARDS = 0.002, 0.012
"""Seconds for which a long queue is looked through before a key press is drawn, and then between two frames."""
SPACED_FROM = 30
"""The height, in lines, from which groups are set apart by an empty line."""

PainterFactory = Callable[[int, Callable[[str], Style]], "QueuePainter"]


class QueueCanvas(ScrollView, can_focus=True):
    """Draws a `QueueModel` and what happens in it. Empty until `show` gives it one.

    `on_cursor` is called in the same frame whenever the cursor's ticket, or what is known of it, may be another.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"queue--{role}"
        for role in (
            *("text", "quiet", "faint", "heading", "mark", "cursor", "cursor-blurred", "flash"),
            *("due-soon", "at-risk", "breached", "burning", "burning-cursor"),
        )
    }

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.model: QueueModel | None = None
        self.on_cursor: Callable[[], None] = lambda: None
        self.covered = False
        """Whether a screen covers the queue, so that nothing is drawn."""
        self._now = 0
        self._stale = False
        self._painter: QueuePainter | None = None
        self._paint_with: PainterFactory | None = None
        self._figures: dict[int, str] = {}
        self._flashes: dict[str, int] = {}
        self._turning: tuple[frozenset[str], int] = (frozenset(), 0)

    def show(self, model: QueueModel, paint_with: PainterFactory, now: int) -> None:
        """Shows a queue. `now` is in UTC epoch seconds."""
        self.model, self._paint_with, self._now = model, paint_with, now
        self.on_resize()

    @property
    def stale(self) -> bool:
        """Whether the queue is dimmed, because it may not be what the desk has."""
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
        """Moves the present on and draws what that changes; None before there is a queue."""
        if self.model is None:
            return None
        line = self.model.cursor.position
        self._now = now
        turn = self.model.advance(now)
        self._fade()
        if turn:
            self._apply_delta(turn, line)
        elif not self.covered:
            if self._calendars_changed():
                self.refresh()
            else:
                self._draw_timers()
        return turn

    def apply_changes(self, rows: Iterable[QueueRow], now: int) -> QueueDelta | None:
        """Takes in what changed on the desk and draws it; None before there is a queue."""
        if self.model is None:
            return None
        line = self.model.cursor.position
        self._now = now
        turn = self.model.apply_changes(rows, now)
        self._apply_delta(turn, line)
        return turn

    def select_view(self, view: str) -> None:
        """Shows another view, by its name."""
        if self.model is not None:
            self.model.select_view(view)
            self._search()

    def narrow(self, to: Filter) -> None:
        """Shows what another filter leaves."""
        if self.model is not None:
            self.model.narrow(to)
            self._search()

    def load_closed(self, rows: Iterable[QueueRow]) -> None:
        """Takes in the tickets that were closed last, and shows those that are asked for."""
        if self.model is not None:
            self.model.load_closed(rows)
            self._search()

    def seek(self, to: Filter, by: int, *, here: bool = False) -> Match | None:
        """Puts the cursor on the next ticket for which a filter holds; see `QueueModel.seek`."""
        found = self.model.seek(to, by, here=here) if self.model is not None else None
        self.redraw()
        return found

    def go_back_to(self, ref: str) -> None:
        """Puts the cursor on a ticket, if that is still shown."""
        if self.model is not None:
            self.model.go_back_to(ref)
            self.redraw()

    def _empty_text(self, model: QueueModel) -> str:
        from supportdesk.console.dialogs.dialog import key_for

        return model.empty_text(key_for(self.screen, "line.keep"))

    def render_line(self, y: int) -> Strip:
        """One visible line."""
        painter = self._ready_painter()
        if painter is None or self.model is None:
            return Strip.blank(self.size.width, self.rich_style)
        self._figures.pop(y, None)
        place = y + self.scroll_offset.y
        line = self.model.lines[place]
        if line is None:
            nothing = not self.model.matches and place == self.model.lines.height + 1
            return painter.message(self._empty_text(self.model)) if nothing else painter.empty()
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
        self._figures[y] = painter.figure(line, self._now)
        ref = line.row.ref
        ground = painter.ground(
            line, cursor=cursor, flash=ref in self._flashes, marked=ref in self.model.marks
        )
        return painter.row(line, self._now, ground)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Without the filter against hostile text: each row has been through it when it was first drawn.

        That a tick need not send every line through it again saves a tenth of what a tick costs. On a terminal that
        lacks characters it puts others in their place, and stays.
        """
        others = super().get_line_filters()
        return [each for each in others if not (isinstance(each, SanitizingFilter) and each.letters is None)]

    def notify_style_update(self) -> None:
        """Draws in the new looks."""
        super().notify_style_update()
        self._painter = None

    def on_resize(self) -> None:
        """Sets groups apart where there is room, and keeps the cursor in sight."""
        self._painter = None
        if self.model is not None:
            self.model.folding.space_out(spaced=self.size.height >= SPACED_FROM)
            self.redraw()

    def on_focus(self) -> None:
        """The cursor stands out."""
        self._painter = None
        self.refresh()

    def on_blur(self) -> None:
        """The cursor stands back."""
        self.on_focus()

    def _apply_delta(self, turn: QueueDelta, line: int) -> None:
        """Draw a delta. The lines in sight stay in place, unless the queue is scrolled to the top."""
        assert self.model is not None
        for entry in (*turn.arrived, *turn.crossed):
            self._flashes[entry.row.ref] = FLASH
        if self.covered:
            return
        top = self.scroll_offset.y
        shift = self.model.cursor.position - line
        self.virtual_size = Size(0, self.model.lines.height)
        if top and shift:
            self.scroll_to(y=top + shift, animate=False)
        self.redraw()

    def redraw(self) -> None:
        """Draws all lines, as many as there are now."""
        if self.model is None or self.covered:
            return
        self._calendars_changed()
        self.virtual_size = Size(0, self.model.lines.height)
        self.keep_in_sight()
        self.refresh()
        self.on_cursor()

    def _search(self, seconds: float = AT_ONCE) -> None:
        """Draws as much of a long search as fits in a frame, and goes on after it."""
        if self.model is None:
            return
        until = perf_counter() + seconds
        while self.model.unfinished and perf_counter() < until:
            self.model.go_on()
        self.redraw()
        if self.model.unfinished:
            self.call_after_refresh(self._search, AFTERWARDS)

    def keep_in_sight(self) -> None:
        """Scrolls as little as brings the cursor into sight."""
        assert self.model is not None
        line, top, height = self.model.cursor.position, self.scroll_offset.y, self.size.height
        # The heading over the first ticket of a group comes into sight with it.
        above = line - 1 if isinstance(self.model.lines[line - 1], Heading) else line
        if above < top:
            self.scroll_to(y=above, animate=False)
        elif height and line >= top + height:
            self.scroll_to(y=line - height + 1, animate=False)

    def _fade(self) -> None:
        """Ends the flashes whose time is over."""
        assert self.model is not None
        for ref, left in list(self._flashes.items()):
            if left > 1:
                self._flashes[ref] = left - 1
                continue
            del self._flashes[ref]
            entry = self.model.index.entries.get(ref)
            line = self.model.folding.line_of(entry) if entry is not None else None
            if line is not None:
                self.refresh_line(line)

    def _draw_timers(self) -> None:
        """Draws the timers on the screen whose text is another now; they stand at the left, so that little is sent."""
        painter = self._ready_painter()
        if painter is None or self.model is None:
            return
        top, run = self.scroll_offset.y, range(0)
        for y, drawn in sorted(self._figures.items()):
            line = self.model.lines[y + top]
            if line is None or isinstance(line, Heading):
                continue
            if painter.figure(line, self._now) == drawn:
                continue
            # Lines below each other are one region: each region has its price, too.
            if y != run.stop:
                self._draw_run(run)
                run = range(y, y)
            run = range(run.start, y + 1)
        self._draw_run(run)

    def _draw_run(self, run: range) -> None:
        if run:
            self.refresh(Region(0, run.start, LEFT, len(run)))

    def _calendars_changed(self) -> bool:
        """Whether an office opened or closed since the last look, or an age that is shown is another."""
        painter = self._ready_painter()
        if painter is None:
            return False
        turning = painter.turning(self._now)
        turned, self._turning = turning != self._turning, turning
        return turned

    def _ready_painter(self) -> QueuePainter | None:
        if self._painter is None and self._paint_with is not None and self.size.width:
            self._painter = self._paint_with(self.size.width, self._look)
        return self._painter

    def _look(self, role: str) -> Style:
        if role == "cursor" and not self.has_focus:
            role = "cursor-blurred"
        style = self.get_component_rich_style(f"queue--{role}", partial=role != "text")
        return dimmed(style, self.get_component_rich_style("queue--text")) if self._stale else style
