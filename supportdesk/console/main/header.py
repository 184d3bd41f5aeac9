"""The header: desk and operator, office hours and on call, counts of urgent tickets, views, and the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.text.watcher_text import WatcherText
from supportdesk.console.widgets.view_tabs import MARK, tabs_that_fit

if TYPE_CHECKING:
    from supportdesk.console.main.header_data import HeaderData

TITLE = "supportdesk"
GAP = 2
FIGURE_STYLES = {"breached": "alarm", "at risk": "at-risk", "due soon": "due-soon", "open": "text"}


class HeaderPart(msgspec.Struct, frozen=True):
    """A text and the name of its style; a click on one with a `view` chooses that view.

    `is_watcher` marks the part that says whether somebody watches, which is drawn again without the others.
    """

    text: str
    style_name: str
    view: str = ""
    is_watcher: bool = False


class DeskHeader(Widget):
    """Draws a `HeaderData` on three lines."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"header--{style_name}"
        for style_name in (
            *("title", "text", "quiet", "faint", "due-soon", "at-risk"),
            *("alarm", "view", "replay", "stale"),
        )
    }

    class ViewChosen(Message):
        """A view was clicked, or is chosen because it was just saved."""

        def __init__(self, view: str) -> None:
            super().__init__()
            self.view = view

    def __init__(self) -> None:
        super().__init__()
        self._data: HeaderData | None = None
        self._watcher = WatcherText()
        self._watcher_at = range(0)
        """The cells of the first line in which the watcher was drawn; empty where it was not."""

    @property
    def data(self) -> HeaderData | None:
        """The data that is drawn; None draws only the name of the program."""
        return self._data

    @data.setter
    def data(self, data: HeaderData) -> None:
        if data != self._data:
            self._data = data
            self.refresh()

    @property
    def watcher(self) -> WatcherText:
        """Whether somebody watches the desk."""
        return self._watcher

    @watcher.setter
    def watcher(self, watcher: WatcherText) -> None:
        before, self._watcher = self._watcher, watcher
        if watcher == before:
            return
        cells = self._watcher_at
        if cells and len(watcher.text) == len(before.text) and watcher.style_name == before.style_name:
            self.refresh(Region(cells.start, 0, len(cells), 1))
        else:
            self.refresh(Region(0, 0, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the header; lines after the third are blank."""
        data = self._data
        if data is None:
            return self._spread([HeaderPart(TITLE, "title")] if y == 0 else [], [], [])
        if y == 0:
            return self._first(data)
        if y == 1:
            return self._second(data)
        return self._third(data) if y == 2 else self._spread([], [], [])

    def on_click(self, event: Click) -> None:
        """Choose the view whose name is clicked."""
        view = event.style.meta.get("view")
        if isinstance(view, str):
            self.post_message(self.ViewChosen(view))

    def _has_room_for_pace(self, data: HeaderData) -> bool:
        """Return whether the speed of a replay fits beside its time; otherwise it is on the first line."""
        return _length(_counts(data)) + GAP + _length([_time(data, with_pace=True)]) + 2 <= self.size.width

    def _second(self, data: HeaderData) -> Strip:
        """Return the second line: the counts and the time; the inbox's count where there is room for it."""
        counts, time = _counts(data), _time(data, with_pace=self._has_room_for_pace(data))
        inbox = [HeaderPart(f" {data.inbox} in the inbox ", "text")] if data.inbox else []
        if _length(counts) + _length(inbox) + GAP + _length([time]) + 2 > self.size.width:
            inbox = []
        return self._spread([*counts, *inbox], [], [time])

    def _third(self, data: HeaderData) -> Strip:
        """Return the third line: the views, and how many messages wait, more briefly where room is short."""
        room = self.size.width - 1
        if not data.intake:
            return self._spread(_views(data, room), [], [])
        in_full, short = _waiting(data.intake)
        waiting = in_full if _length(_views(data, room)) + GAP + _length([in_full]) <= room - 1 else short
        return self._spread(_views(data, room - GAP - _length([waiting]) - 1), [], [waiting])

    def _first(self, data: HeaderData) -> Strip:
        """Return the first line; on a narrow screen the least important parts are left out."""
        title, desk, operator = (
            HeaderPart(TITLE, "title"),
            HeaderPart(f"   {data.desk}", "quiet"),
            HeaderPart(data.operator, "text"),
        )
        long, short = _office(data, short=False), _office(data, short=True)
        if data.replay and not self._has_room_for_pace(data):
            long = short = [HeaderPart(f" REPLAY {data.pace} ", "replay")]
        watcher, with_host = _watcher(self._watcher, with_host=False), _watcher(self._watcher, with_host=True)
        least = watcher[1:] if self._watcher.is_urgent else short[:1]
        lines: tuple[tuple[list[HeaderPart], list[HeaderPart]], ...] = (
            ([title, desk], long + with_host),
            ([title, desk], long + watcher),
            ([title], long + watcher),
            ([title], short + watcher),
            ([], short + watcher),
            ([title], least),
            ([], least),
        )
        for left, middle in lines:
            if _length(left) + _length(middle) + _length([operator]) + 2 * (GAP + 1) <= self.size.width:
                return self._spread(left, middle, [operator])
        return self._spread([], least, [])

    def _spread(self, left: list[HeaderPart], middle: list[HeaderPart], right: list[HeaderPart]) -> Strip:
        """Return a line with parts at the left, in the middle and at the right."""
        width, begin = self.size.width, _length(left) + 1
        end = width - _length(right) - 1
        at = max(begin + GAP, min((width - _length(middle)) // 2, end - GAP - _length(middle)))
        parts = [HeaderPart(" ", "text"), *left]
        if middle:
            parts += [HeaderPart(" " * (at - begin), "text"), *middle]
            begin = at + _length(middle)
        parts += [HeaderPart(" " * max(GAP if right else 0, end - begin), "text"), *right]
        if middle:
            self._watcher_at = _cells_of_watcher(parts)
        ground = self._named_style("text")
        strip = Strip([Segment(part.text, self._style(part)) for part in parts if part.text])
        return strip.adjust_cell_length(width, ground)

    def _style(self, part: HeaderPart) -> Style:
        style = self._named_style(part.style_name)
        return style + Style.from_meta({"view": part.view}) if part.view else style

    def _named_style(self, style_name: str) -> Style:
        ground = self.get_component_rich_style("header--text")
        return (
            ground
            if style_name == "text"
            else ground + self.get_component_rich_style(f"header--{style_name}", partial=True)
        )


def _office(data: HeaderData, *, short: bool) -> list[HeaderPart]:
    """Return the office hours and who is on call, or that this is a replay or out of date."""
    nobody = data.on_call.startswith("nobody")
    on_call = HeaderPart(
        data.on_call.split(" until ")[0] if short else data.on_call, "at-risk" if nobody else "quiet"
    )
    if data.replay:
        return [HeaderPart(" REPLAY ", "replay")]
    if data.stale:
        return [HeaderPart(f" {data.stale} ", "stale"), HeaderPart("  ", "text"), on_call]
    office = (
        data.office.replace("Office open", "Open").replace("Office closed", "Closed")
        if short
        else data.office
    )
    return [HeaderPart(office, "quiet"), HeaderPart(" · ", "faint"), on_call] if office else [on_call]


def _watcher(watcher: WatcherText, *, with_host: bool) -> list[HeaderPart]:
    """Return whether somebody watches, after a separator; nothing where that is not known."""
    text = watcher.with_host if with_host else watcher.text
    return [HeaderPart(" · ", "faint"), HeaderPart(text, watcher.style_name, is_watcher=True)] if text else []


def _cells_of_watcher(parts: list[HeaderPart]) -> range:
    at = 0
    for part in parts:
        width = cell_len(part.text)
        if part.is_watcher:
            return range(at, at + width)
        at += width
    return range(0)


def _counts(data: HeaderData) -> list[HeaderPart]:
    parts: list[HeaderPart] = []
    for name, figure in data.counts:
        style_name = FIGURE_STYLES[name] if figure else "faint"
        # The block round the first one takes a cell at each side; the others keep theirs, so that nothing moves.
        parts += [HeaderPart(f" {figure} {name} ", style_name), HeaderPart(" ", "text")]
    return parts


def _views(data: HeaderData, room: int) -> list[HeaderPart]:
    """Return the views' tabs; if they do not all fit, a symbol at an end stands for the next one there."""
    names = [name for name, _ in data.views]
    tabs = [
        HeaderPart(f" {name} {figure} ", "view" if name == data.view else "quiet", name)
        for name, figure in data.views
    ]
    if data.view not in names:
        return tabs
    shown = tabs_that_fit([_length([tab]) + 1 for tab in tabs], names.index(data.view), room)
    signs = terminal_symbols()
    parts: list[HeaderPart] = []
    if shown.start > 0:
        parts.append(HeaderPart(signs.before.ljust(MARK), "quiet", names[shown.start - 1]))
    for place in shown:
        parts += [tabs[place], HeaderPart(" ", "text")]
    if shown.stop < len(tabs):
        parts.append(HeaderPart(signs.after.ljust(MARK), "quiet", names[shown.stop]))
    return parts


def _waiting(count: int) -> tuple[HeaderPart, HeaderPart]:
    """Return how many messages that arrived wait for a decision, in full and in short."""
    in_full = f"{count} message{' waits' if count == 1 else 's wait'}"
    return HeaderPart(in_full, "text"), HeaderPart(f"mail {count}", "text")


def _time(data: HeaderData, *, with_pace: bool) -> HeaderPart:
    if not data.replay:
        return HeaderPart(data.clock, "quiet")
    return HeaderPart(f"{data.replay}  {data.pace}" if with_pace else data.replay, "text")


def _length(parts: list[HeaderPart]) -> int:
    return sum(cell_len(part.text) for part in parts)
