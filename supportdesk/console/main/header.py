"""The header: desk and operator, office hours and on call, counts of urgent tickets, views, and the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from supportdesk.console.main.view_tabs import MARK, tabs_that_fit
from supportdesk.console.terminal.symbols import terminal_symbols

if TYPE_CHECKING:
    from supportdesk.console.main.header_data import HeaderData

TITLE = "supportdesk"
GAP = 2
ROLES = {"breached": "alarm", "at risk": "at-risk", "due soon": "due-soon", "open": "text"}


@dataclass(frozen=True, slots=True)
class Part:
    """A text with the role that styles it; a click on one with a `view` chooses that view."""

    text: str
    role: str
    view: str = ""


class DeskHeader(Widget):
    """Draws a `HeaderData` on three lines."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"header--{role}"
        for role in (
            *("title", "text", "quiet", "faint", "due-soon", "at-risk"),
            *("alarm", "view", "replay", "stale"),
        )
    }

    class ViewChosen(Message):
        """A view was clicked."""

        def __init__(self, view: str) -> None:
            super().__init__()
            self.view = view

    def __init__(self) -> None:
        super().__init__()
        self._standing: HeaderData | None = None

    @property
    def standing(self) -> HeaderData | None:
        """The data that is drawn; None draws only the name of the program."""
        return self._standing

    @standing.setter
    def standing(self, standing: HeaderData) -> None:
        if standing != self._standing:
            self._standing = standing
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the header; lines after the third are blank."""
        told = self._standing
        if told is None:
            return self._spread([Part(TITLE, "title")] if y == 0 else [], [], [])
        if y == 0:
            return self._first(told)
        if y == 1:
            return self._spread(_counts(told), [], [_time(told)])
        return self._spread(_views(told, self.size.width - 1) if y == 2 else [], [], [])

    def on_click(self, event: Click) -> None:
        """Choose the view whose name is clicked."""
        view = event.style.meta.get("view")
        if isinstance(view, str):
            self.post_message(self.ViewChosen(view))

    def _first(self, told: HeaderData) -> Strip:
        """Return the first line; on a narrow screen the least important parts are left out."""
        title, desk, operator = (
            Part(TITLE, "title"),
            Part(f"   {told.desk}", "quiet"),
            Part(told.operator, "text"),
        )
        long, short = _office(told, short=False), _office(told, short=True)
        lines: tuple[tuple[list[Part], list[Part]], ...] = (
            ([title, desk], long),
            ([title], long),
            ([title], short),
            ([title], short[:1]),
            ([], short[:1]),
        )
        for left, middle in lines:
            if _length(left) + _length(middle) + _length([operator]) + 2 * (GAP + 1) <= self.size.width:
                return self._spread(left, middle, [operator])
        return self._spread([], short[:1], [])

    def _spread(self, left: list[Part], middle: list[Part], right: list[Part]) -> Strip:
        """Return a line with parts at the left, in the middle and at the right."""
        width, begin = self.size.width, _length(left) + 1
        end = width - _length(right) - 1
        at = max(begin + GAP, min((width - _length(middle)) // 2, end - GAP - _length(middle)))
        parts = [Part(" ", "text"), *left]
        if middle:
            parts += [Part(" " * (at - begin), "text"), *middle]
            begin = at + _length(middle)
        parts += [Part(" " * max(GAP if right else 0, end - begin), "text"), *right]
        ground = self._look("text")
        strip = Strip([Segment(part.text, self._style(part)) for part in parts if part.text])
        return strip.adjust_cell_length(width, ground)

    def _style(self, part: Part) -> Style:
        style = self._look(part.role)
        return style + Style.from_meta({"view": part.view}) if part.view else style

    def _look(self, role: str) -> Style:
        ground = self.get_component_rich_style("header--text")
        return (
            ground
            if role == "text"
            else ground + self.get_component_rich_style(f"header--{role}", partial=True)
        )


def _office(told: HeaderData, *, short: bool) -> list[Part]:
    """Return the office hours and who is on call, or that this is a replay or out of date."""
    nobody = told.on_call.startswith("nobody")
    on_call = Part(told.on_call.split(" to ")[0] if short else told.on_call, "at-risk" if nobody else "quiet")
    if told.replay:
        return [Part(" REPLAY ", "replay")]
    if told.stale_since:
        return [Part(f" stale since {told.stale_since} ", "stale"), Part("  ", "text"), on_call]
    office = (
        told.office.replace("Office open", "Open").replace("Office closed", "Closed")
        if short
        else told.office
    )
    return [Part(office, "quiet"), Part(" · ", "faint"), on_call] if office else [on_call]


def _counts(told: HeaderData) -> list[Part]:
    parts: list[Part] = []
    for name, figure in told.counts:
        role = ROLES[name] if figure else "faint"
        # The block round the first one takes a cell at each side; the others keep theirs, so that nothing moves.
        parts += [Part(f" {figure} {name} ", role), Part(" ", "text")]
    return parts


def _views(told: HeaderData, room: int) -> list[Part]:
    """Return the views' tabs; if they do not all fit, a symbol at an end stands for the next one there."""
    names = [name for name, _ in told.views]
    tabs = [
        Part(f" {name} {figure} ", "view" if name == told.view else "quiet", name)
        for name, figure in told.views
    ]
    if told.view not in names:
        return tabs
    shown = tabs_that_fit([_length([tab]) + 1 for tab in tabs], names.index(told.view), room)
    signs = terminal_symbols()
    parts: list[Part] = []
    if shown.start > 0:
        parts.append(Part(signs.before.ljust(MARK), "quiet", names[shown.start - 1]))
    for place in shown:
        parts += [tabs[place], Part(" ", "text")]
    if shown.stop < len(tabs):
        parts.append(Part(signs.after.ljust(MARK), "quiet", names[shown.stop]))
    return parts


def _time(told: HeaderData) -> Part:
    return Part(told.replay, "text") if told.replay else Part(told.clock, "quiet")


def _length(parts: list[Part]) -> int:
    return sum(cell_len(part.text) for part in parts)
